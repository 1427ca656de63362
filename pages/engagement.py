"""Engagement: which cohort is going quiet, since when, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from access import Viewer
from release import Release
from ui.controls import choose_slice
from ui.engagement_answer import engagement_badges, engagement_findings, engagement_sentence
from ui.frame import Picture, answer, made, page, show, standing
from ui.pictures.dropouts import dropout_pictures
from ui.pictures.engagement import engagement_pictures
from ui.pictures.taking_part import step_pictures, survival_pictures
from ui.taking_on import show_plans
from ui.words import unbroken

QUESTION = "Which cohort is going quiet, and since when?"
NOTHING_HERE = (
    "This release has no cycles of cohorts here. Rounds of matches, or conversations of people who "
    "are enrolled, make them."
)
VIEWS: dict[str, tuple[Callable[[Release, str], Sequence[Picture]], ...]] = {
    "Going quiet": (engagement_pictures, dropout_pictures),
    "Steps and staying": (step_pictures, survival_pictures),
}
"""What there is to look at, a few pictures each."""


def render(release: Release, viewer: Viewer) -> None:
    """Show the page."""
    with page(QUESTION, release):
        said = st.container()
        view = _choose_view()
        with st.container(key="controls"), st.grid(3, min_column_width=200):
            slice_ = choose_slice(release)
        with said:
            answer(
                unbroken(engagement_sentence(release, slice_)),
                [*engagement_badges(release, slice_), *standing(release)],
            )
        pictures = [picture for make in VIEWS[view] for picture in made(make, release, slice_)]
        for picture in pictures:
            show(picture, release)
        if not pictures:
            st.caption(NOTHING_HERE)
        show_plans(release, viewer, engagement_findings(release, slice_), slice_)


def _choose_view() -> str:
    """Ask what to look at; the link keeps it."""
    names = list(VIEWS)
    chosen = st.segmented_control(
        "Look at", names, default=names[0], required=True, key="view", bind="query-params"
    )
    return chosen if chosen in VIEWS else names[0]
