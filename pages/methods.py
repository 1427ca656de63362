"""Methods: what every number means, and what an employer can and cannot see."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from access import Viewer
from release import MeasureText, Release
from ui.frame import answer, page, standing
from ui.words import safe

QUESTION = "What does every number mean, and what can be seen about me?"
ANSWER = (
    "Every number is about groups, stands beside what chance would give, and says how sure it is."
)
PEERS_ONLY = (
    "Who meets whom leaves out what this organisation does not count as a conversation between "
    "peers: before somebody in it joined the cohort, after somebody left, and of two people of "
    "whom one is the other's manager."
)
BETTER = {"higher": "Higher is better.", "lower": "Lower is better.", "neither": ""}


def render(release: Release, viewer: Viewer) -> None:
    """Show the page."""
    with page(QUESTION, release):
        answer(ANSWER, standing(release))
        with st.container(key="prose_methods"):
            st.markdown(_everything(release))


@lru_cache(maxsize=4)
def _everything(release: Release) -> str:
    """Return the whole page as one text: as elements of their own its parts took most of a run."""
    entries = [_entry(measure) for measure in release.measures.values()]
    parts = ["## What my employer can see about me", _promises(release), *entries]
    # definitions are written with plain spaces; on screen a number keeps its sign
    return "\n\n".join(parts).replace(" %", "\u202f%")


def _promises(release: Release) -> str:
    about = release.about
    purpose = about["special_purpose"]
    special = (
        f"Special categories such as ethnicity are evaluated for this purpose: {safe(purpose)}"
        if purpose
        else "Special categories such as ethnicity or disability are switched off."
    )
    peers = f"\n- {PEERS_ONLY}" if about.get("peers_only") else ""
    return (
        "- Pages show a frozen release and nothing else. They cannot reach a person's row, and no "
        "list of persons exists.\n"
        f"- A value that touches a personal attribute or an answer rests on at least "
        f"{about['minimum_people']} people. All published values together leave everybody hidden "
        f"among at least {about['minimum_effective']}: no sum or difference isolates fewer.\n"
        "- Shares are rounded in steps of five people, and everything beside them (interval, "
        "lottery, verdict) is worked out from the rounded value.\n"
        "- A cell between two groups needs at least five people on each side, ten different pairs, "
        "and nobody in more than half of them.\n"
        "- Small groups are joined, once and everywhere, into a group that names its members.\n"
        f"- {special}{peers}"
    )


def _entry(measure: MeasureText) -> str:
    return "\n\n".join(
        (
            f"## {measure.title}",
            f"*{measure.question}* {BETTER[measure.better]}",
            measure.definition,
            f"**What it does not say.** {measure.caveat}",
            f":small[:gray[Source: {measure.source.removesuffix('.')} · key {safe(measure.key)}]]",
        )
    )
