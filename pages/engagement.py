"""Engagement: which cohort is going quiet, since when, and what to do about it."""

from __future__ import annotations

import streamlit as st

from access import Viewer
from release import Release
from ui.controls import choose_slice
from ui.engagement_answer import engagement_badges, engagement_findings, engagement_sentence
from ui.frame import answer, made, page, show, standing
from ui.pictures.dropouts import dropout_pictures
from ui.pictures.engagement import engagement_pictures
from ui.pictures.taking_part import step_pictures, survival_pictures
from ui.taking_on import show_plans

QUESTION = "Which cohort is going quiet, and since when?"
NOTHING_HERE = (
    "This release has no cycles of cohorts here. Rounds of matches, or conversations of people who "
    "are enrolled, make them."
)
MAKERS = (engagement_pictures, step_pictures, survival_pictures, dropout_pictures)


def render(release: Release, viewer: Viewer) -> None:
    """Show the page."""
    with page(QUESTION, release):
        said = st.container()
        with st.container(key="controls"), st.grid(3, min_column_width=200):
            slice_ = choose_slice(release)
        with said:
            answer(
                engagement_sentence(release, slice_),
                [*engagement_badges(release, slice_), *standing(release)],
            )
        pictures = [picture for make in MAKERS for picture in made(make, release, slice_)]
        for picture in pictures:
            show(picture, release)
        if not pictures:
            st.caption(NOTHING_HERE)
        show_plans(release, viewer, engagement_findings(release, slice_), slice_)
