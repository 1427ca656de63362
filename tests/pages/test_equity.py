"""The views of fairness on the page of cohorts: a readable word in every state."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.pages.conftest import words_on
from tests.small_release import attribute, hidden, too_few, undefined
from tests.ui.test_equity import everything, gap, outcome, release_of
from tests.ui.test_growth_gaps import gap as growth_gap
from tests.ui.test_growth_gaps import held
from ui.words import plain

VIEWS = ("Equity gaps", "Beside non-participants")
KEYS = ("measure", "slice", "breakdown", "group", "period")


def in_state(make):
    """Return every gap in one state."""
    cells = [*everything(), outcome(8.0, "above")]
    return release_of(
        *(make(**{name: getattr(one, name) for name in KEYS}) for one in cells)
    ).contents


STATES = {
    "all shown": release_of(*everything(), outcome(8.0, "above")).contents,
    "all hidden": in_state(hidden),
    "nothing defined": in_state(undefined),
    "too few everywhere": in_state(too_few),
    "no cell": release_of().contents,
}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("state", STATES)
def test_every_view_answers_in_every_state(run_page, state, view):
    app = run_page("cohorts", STATES[state], view=view)
    assert list(app.exception) == []
    assert len(app.title) == 1


def test_a_gap_that_turns_round_is_the_first_finding(run_page):
    cells = [
        gap(-0.04, "below"),
        gap(0.03, "above", alike=True, phrase="reverses"),
        gap(0.03, "above", place="programme=p"),
    ]
    app = run_page("cohorts", release_of(*cells).contents, view="Equity gaps")
    assert plain(app.header[0].value) == (
        "Participation for Design is lower overall, yet higher among people alike"
    )
    # the page answers what is looked at, not what its first view would say
    assert plain(app.markdown[0].value).startswith(f"{plain(app.header[0].value)}.")


def test_a_workforce_that_is_not_loaded_says_what_to_load(run_page):
    app = run_page("cohorts", release_of().contents, view="Beside non-participants")
    assert "never enrolled" in plain(words_on(app))


def test_a_link_restores_the_skill_whose_gaps_are_looked_at(run_page):
    both = held(growth_gap(0.1), growth_gap(0.3, "above", skill="focus")).contents
    asked = {"view": "Equity gaps", "attribute": "Function"}
    app = run_page("cohorts", both, **asked)
    (chosen,) = (box for box in app.selectbox if box.label == "Growth in")
    assert (chosen.value, list(chosen.options)) == ("empathy", ["Empathy", "Focus"])
    assert "in empathy" in plain(app.header[-1].value)
    app = run_page("cohorts", both, skill="Focus", **asked)
    assert plain(app.header[-1].value) == "Design gains 0.3 points more in focus than others"


def test_without_gaps_the_page_says_which_attributes_are_not_shown_and_why(run_page):
    known = release_of().contents
    unshown = attribute("gender", "gender", note="Too few people in all but one group.")
    bare = replace(known, scopes=(*known.scopes, unshown))
    app = run_page("cohorts", bare, view="Equity gaps")
    assert "**Gender** is not shown. Too few people" in plain(words_on(app))
