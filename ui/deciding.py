"""What the first page asks to decide: at most three things, what to try, and what was taken on."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from access import Viewer
from plans import Plan, State
from release import Release
from ui.controls import in_link
from ui.taking_on import offer_plan, read_plans, show_taken_on
from ui.words import capital, safe
from ui.worries import MOST, Worry

HEADING = "What to decide"
TAKE = "Take this on, or see what else may help"
TAKEN = "Something is being done about it: see “Taken on” below."
NOTHING = (
    "Of what can be judged, nothing falls short beyond noise: cohorts, programmes, rates, skills, "
    "scales and groups."
)


def show_decisions(release: Release, viewer: Viewer, worries: Sequence[Worry]) -> None:
    """Show what falls short, side by side, and below it what has been taken on anywhere."""
    plans, book = read_plans(viewer)
    with st.container(key="frame_decide"):
        st.header(HEADING)
        if not worries:
            st.caption(NOTHING)
        else:
            with st.grid(MOST, min_column_width=260, gap="large"):
                for worry in worries:
                    with st.container(key=f"worry_{worry.page}_{worry.key}"):
                        st.markdown(f"**{worry.heading}**{_to_try(worry)}")
                        if any(_is_for(plan, worry) for plan in plans):
                            st.caption(TAKEN)
                        offer_plan(release, worry.finding, worry.kept_on, book, TAKE)
                        if viewer.may_open(worry.page):
                            _closer(release, worry)
    show_taken_on(release, plans, book)


def _is_for(plan: Plan, worry: Worry) -> bool:
    """Tell whether somebody is at work on what a worry is about."""
    return plan.state is State.OPEN and (plan.slice, plan.finding) == (worry.slice, worry.key)


def _to_try(worry: Worry) -> str:
    return f"\n\nTo try first: {safe(worry.actions[0])}" if worry.actions else ""


def _closer(release: Release, worry: Worry) -> None:
    """Link to the page that tells more, as it is chosen there."""
    target = st.Page(_elsewhere, title=capital(worry.page), url_path=worry.page)
    words = f"More on {capital(worry.page)}"
    chosen = [(name, in_link(release, name, key)) for name, key in worry.link]
    st.page_link(target, label=words, query_params=chosen or None)


def _elsewhere() -> None:
    """Stand for a page in a link, which names it by its address alone."""
