"""Taking an action on, and what has been taken on: the one thing that is written from a page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from access import Viewer
from plans import LONGEST_OWNER, Book, BookDamaged, Plan, PlanError, State, new_plan
from release import Release
from settings import load
from ui.actions import Finding
from ui.compared import compared_in, inside, name_of
from ui.moved import moved, two_cycles
from ui.moved_values import KIND
from ui.pictures.engagement import ORGANISATION, cohorts_in
from ui.words import counted, safe, written_date

ENGAGEMENT, COHORTS, PROFILES = "engagement", "cohorts", "profiles"
HEADINGS = {
    ENGAGEMENT: "What to do on Monday",
    COHORTS: "What to do about it",
    PROFILES: "What may help each kind",
}
"""By the page on which findings stand."""
A_QUARTER = timedelta(days=92)
"""After so long a kind of participation is compared again."""
WHO = (
    "A role or a team, such as the hosts of a cohort: not a person whose performance would be "
    "judged by it. Plans stay on this computer, apart from the data."
)
DATES = "YYYY-MM-DD"
SAID, TAKEN = "plans_said", "plans_taken"


def show_plans(
    release: Release,
    viewer: Viewer,
    findings: Sequence[Finding],
    slice_: str,
    on: str = ENGAGEMENT,
) -> None:
    """List what can be done and what has been taken on; those who bring data may write.

    ``on`` is the page: a plan is shown where it was made.
    """
    kept, book = read_plans(viewer)
    plans = [plan for plan in kept if plan.page == on and _is_here(release, plan, slice_)]
    if findings:
        with st.container(key="prose_actions"):
            st.header(HEADINGS[on])
            for finding in findings:
                actions = (f"- {safe(one)}" for one in finding.actions)
                st.markdown("\n".join([f"**{finding.heading}**", "", *actions]))
                offer_plan(release, finding, on, book)
    show_taken_on(release, plans, book)


def read_plans(viewer: Viewer) -> tuple[list[Plan], Book | None]:
    """Return what is written down, and where this reader may write; says where it is damaged."""
    book = Book(load().home)
    try:
        return list(book.plans()), book if viewer.may_open("data") else None
    except BookDamaged as error:
        st.caption(safe(str(error)))
        return [], None


def _is_here(release: Release, plan: Plan, slice_: str) -> bool:
    """Tell whether a plan belongs to a slice; all do to the organisation, whatever became of it."""
    return slice_ == ORGANISATION or plan.slice in (slice_, *cohorts_in(release, slice_))


def offer_plan(
    release: Release,
    finding: Finding,
    on: str,
    book: Book | None,
    words: str = "Take one of these on",
) -> None:
    """Offer to take one of the actions of a finding on, to those who may."""
    if book is None:
        return
    # a new name after each plan gives a closed, empty form
    key = f"take_{st.session_state.get(TAKEN, 0)}_{finding.slice}_{finding.key}"
    panel = st.expander(words, key=key, on_change="rerun")
    if panel.open:
        with panel, st.form(f"form_{key}", border=False):
            _ask(release, finding, on, book)


def _ask(release: Release, finding: Finding, on: str, book: Book) -> None:
    """Ask who does what by when, and keep it."""
    today = date.today()
    action = st.radio("What", finding.actions)
    owner = st.text_input("Who takes care of it", max_chars=LONGEST_OWNER)
    st.caption(WHO)
    with st.container(horizontal=True):
        since = st.date_input("It begins on", today, format=DATES)
        after = A_QUARTER if on == PROFILES else two_cycles(release, finding.slice)
        look_again = st.date_input("Look again on", today + after, format=DATES)
    if not st.form_submit_button("Take this on"):
        return
    try:
        if since is None or look_again is None:
            raise PlanError("A plan needs the day it begins and the day to look again.")
        plan = new_plan(
            page=on,
            slice=finding.slice,
            finding=finding.key,
            action=action,
            owner=owner,
            since=since,
            look_again=look_again,
            release=release.contents.identity(),
        )
        book.keep(plan)
    except (PlanError, OSError) as error:
        st.error(_words(error))
        return
    st.session_state[TAKEN] = st.session_state.get(TAKEN, 0) + 1
    st.rerun()


def _words(error: PlanError | OSError) -> str:
    if isinstance(error, PlanError):
        return safe(str(error))
    return safe(f"The plan could not be written down: {error.strerror or 'the disk says no'}.")


def show_taken_on(release: Release, plans: Sequence[Plan], book: Book | None) -> None:
    """List open plans, then those that are done, and count the dropped ones."""
    if not plans:
        return
    with st.container(key="prose_plans"):
        _list_taken_on(release, plans, book)


def _list_taken_on(release: Release, plans: Sequence[Plan], book: Book | None) -> None:
    st.header("Taken on")
    if SAID in st.session_state:
        st.error(st.session_state.pop(SAID))
    for state in (State.OPEN, State.DONE):
        for plan in plans:
            if plan.state is state:
                _show_plan(release, plan, book)
    dropped = sum(plan.state is State.DROPPED for plan in plans)
    if dropped:
        st.caption(f"{counted(dropped, 'plan was', 'plans were')} dropped.")


def _show_plan(release: Release, plan: Plan, book: Book | None) -> None:
    done = "Done: " if plan.state is State.DONE else ""
    st.markdown(
        f"**{done}{safe(plan.action)}**  \n{_place(release, plan)} · {safe(plan.owner)} · "
        f"since {written_date(plan.since.isoformat())} · look again on "
        f"{written_date(plan.look_again.isoformat())}  \n{moved(release, plan, date.today())}"
    )
    if book is None or plan.state is not State.OPEN:
        return
    with st.container(horizontal=True, key=f"settle_{plan.id}"):
        for label, state in (("Done", State.DONE), ("Drop", State.DROPPED)):
            key = f"{state}_{plan.id}"
            st.button(label, key=key, on_click=_settle, args=(book, plan.id, state))


def _settle(book: Book, plan_id: str, state: State) -> None:
    try:
        book.settle(plan_id, state)
    except (PlanError, BookDamaged, OSError) as error:
        st.session_state[SAID] = safe(str(error))


def _place(release: Release, plan: Plan) -> str:
    """Return where a plan belongs, and what it is for."""
    scope = release.slices.get(plan.slice)
    place = safe(scope.label) if scope else "A cohort that this release does not hold"
    if plan.finding.startswith(KIND):
        return f"People who: {safe(plan.finding.removeprefix(KIND))}"
    compared = compared_in(release).get(plan.finding)
    if compared is not None:
        return f"{place}, {inside(name_of(release, compared))}"
    _, _, step = plan.finding.partition("=")
    group = release.groups("step").get(step)
    return f"{place}, step “{safe(group.label)}”" if group else place
