"""Cohorts: which one differs beyond what its size explains, and who is left behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from access import Viewer
from release import Release
from ui.cohorts_answer import (
    cohorts_badges,
    cohorts_findings,
    cohorts_sentence,
    findings_sentence,
)
from ui.compared import (
    compared_at,
    first_compared,
    levels_in,
    name_of,
    place_compared,
)
from ui.controls import (
    choose_attribute,
    choose_compared,
    choose_level,
    choose_skill,
    choose_slice,
)
from ui.frame import Picture, answer, made, page, show, standing
from ui.not_shown import show_not_shown
from ui.pictures.beside import beside_pictures
from ui.pictures.cohort_words import COHORT
from ui.pictures.cohorts import cohort_pictures
from ui.pictures.equity import equity_pictures
from ui.pictures.growth_gaps import growth_gap_pictures, most_rated, skills_with_gaps
from ui.taking_on import COHORTS, show_plans

QUESTION = "Which cohorts and groups differ beyond chance?"
NOTHING_HERE = (
    "Nothing can be compared here: it takes two cohorts of one programme, or two groups, with a "
    "value each."
)
COMPARE, GAPS, BESIDE = "Compare cohorts", "Equity gaps", "Beside non-participants"


def render(release: Release, viewer: Viewer) -> None:
    """Show the page."""
    with page(QUESTION, release):
        said = st.container()
        view = _choose_view()
        with st.container(key="controls"), st.grid(3, min_column_width=200):
            slice_ = choose_slice(release)
            level = choose_level(levels_in(release)) if view == COMPARE else COHORT
            slice_ = place_compared(release, slice_, level)
            pictures = VIEWS[view](release, slice_, level)
        with said:
            if view == COMPARE:
                words = cohorts_sentence(release, slice_, level)
                answer(words, [*cohorts_badges(release, slice_, level), *standing(release)])
            else:
                words = findings_sentence([picture.finding for picture in pictures])
                answer(words, standing(release))
        for picture in pictures:
            show(picture, release)
        if not pictures:
            st.caption(NOTHING_HERE)
            if view == GAPS:
                show_not_shown(release)
        findings = cohorts_findings(release, slice_, level) if view == COMPARE else []
        show_plans(release, viewer, findings, slice_, COHORTS)


def _compare(release: Release, slice_: str, level: str) -> Sequence[Picture]:
    """Ask on what, and show cohorts or programmes beside each other."""
    names = {key: name_of(release, one) for key, one in compared_at(release, slice_, level).items()}
    compared = choose_compared(names, first_compared(release, slice_, level))
    return made(cohort_pictures, release, slice_, level, compared)


def _gaps(release: Release, slice_: str, _: str) -> Sequence[Picture]:
    """Ask across which attribute and in which skill, and show the gaps between its groups."""
    attribute = choose_attribute(release, "Between groups of")
    skills = skills_with_gaps(release, slice_, attribute)
    skill = choose_skill(skills, most_rated(release), "Growth in")
    shares = made(equity_pictures, release, slice_, attribute)
    return [*shares, *made(growth_gap_pictures, release, slice_, attribute, skill)]


def _beside(release: Release, slice_: str, _: str) -> Sequence[Picture]:
    """Show people who take part beside those who do not."""
    return made(beside_pictures, release, slice_)


VIEWS: dict[str, Callable[[Release, str, str], Sequence[Picture]]] = {
    COMPARE: _compare,
    GAPS: _gaps,
    BESIDE: _beside,
}
"""What there is to look at, a few pictures each."""


def _choose_view() -> str:
    """Ask what to look at; the link keeps it."""
    names = list(VIEWS)
    chosen = st.segmented_control(
        "Look at", names, default=names[0], required=True, key="view", bind="query-params"
    )
    return chosen if chosen in VIEWS else names[0]
