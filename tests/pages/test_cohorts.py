"""The cohorts page on releases with one cohort, with hidden cohorts, with none."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from release import Contents
from tests.pages.conftest import charts_on, words_on
from tests.small_release import hidden
from tests.ui.test_cohorts import LOW, NOTHING, compared, contents_of, scopes

RunPage = Callable[..., AppTest]


def all_hidden() -> Contents:
    cells = [
        hidden(measure=one.measure, slice=one.slice, breakdown=one.breakdown, group=one.group)
        for one in compared(NOTHING)
        if one.measure in ("cohort_rate", "cohort_change")
    ]
    return contents_of(cells)


STATES = {
    "an outlier": (contents_of(compared(LOW)), 3, "Spring, :orange"),
    "no difference": (contents_of(compared(NOTHING)), 3, "None of 5 cohorts"),
    "one cohort": (contents_of([], scopes()[:3]), 0, "There is only one cohort"),
    "all hidden": (all_hidden(), 0, "Too few people take part"),
    "no cohorts": (contents_of([], scopes()[:2]), 0, "nothing on which cohorts"),
}


@pytest.mark.parametrize("state", STATES)
def test_the_page_answers_in_every_state(state: str, run_page: RunPage) -> None:
    given, pictures, words = STATES[state]
    app = run_page("cohorts", given)
    assert list(app.exception) == []
    assert words in str(app.markdown[0].value)
    assert len(charts_on(app)) == pictures
    if not app.header:
        assert "Nothing can be compared here" in words_on(app)


def test_hidden_cohorts_are_said_to_be_hidden(run_page: RunPage) -> None:
    shown = words_on(run_page("cohorts", all_hidden()))
    assert "hidden (fewer than 10 people)" in shown
    assert "No cohort can be compared here" in shown


def test_a_link_restores_what_is_compared(run_page: RunPage) -> None:
    app = run_page("cohorts", contents_of(compared(LOW)), compared="empathy", slice="cohort=late")
    assert {box.key: box.value for box in app.selectbox} == {
        "slice": "cohort=late", "level": "cohort", "compared": "empathy"
    }  # fmt: skip
    assert "Growth of empathy" in words_on(app)


@pytest.mark.parametrize("view", ["Compare cohorts", "Equity gaps", "Beside non-participants"])
def test_every_view_opens(view: str, run_page: RunPage) -> None:
    app = run_page("cohorts", contents_of(compared(LOW)), view=view)
    assert list(app.exception) == []
    assert len(app.title) == 1


def test_programmes_can_be_compared(run_page: RunPage) -> None:
    app = run_page("cohorts", contents_of(compared(LOW)), level="programme")
    assert list(app.exception) == []
    assert "nothing on which" in str(app.markdown[0].value)
