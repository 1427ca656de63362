"""Profiles: what kinds of participation there are, how common each is, and what helps whom."""

from __future__ import annotations

import streamlit as st

from access import Viewer
from release import Release
from ui.controls import choose_attribute, choose_kind
from ui.frame import answer, made, page, show, standing
from ui.pictures.profiles import ORGANISATION, kind_group_pictures, profile_pictures, shares
from ui.profiles_answer import (
    profiles_badges,
    profiles_findings,
    profiles_sentence,
    standing_reason,
)
from ui.taking_on import PROFILES, show_plans
from ui.words import capital

QUESTION = "What kinds of participation are there?"
NO_KINDS = (
    "Kinds are shown only if they come back in other samples of the same people. Without them, see "
    "Engagement for cycles and steps, and Cohorts for where people differ."
)


def render(release: Release, viewer: Viewer) -> None:
    """Show the page."""
    with page(QUESTION, release):
        answer(profiles_sentence(release), [*profiles_badges(release), *standing(release)])
        found = shares(release)
        if not found:
            st.caption(" ".join(filter(None, (standing_reason(release), NO_KINDS))))
            show_plans(release, viewer, [], ORGANISATION, PROFILES)
            return
        for picture in made(profile_pictures, release):
            show(picture, release)
        with st.container(key="controls"), st.grid(3, min_column_width=200):
            attribute = choose_attribute(release, "By")
            kind = choose_kind({key: capital(cell.phrase) for key, cell in found.items()})
        for picture in made(kind_group_pictures, release, attribute, kind):
            show(picture, release)
        show_plans(release, viewer, profiles_findings(release), ORGANISATION, PROFILES)
