"""The growth page: an answer first, a view per question, and a readable word in every state."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from release import Cell
from tests.pages.conftest import charts_on, words_on
from tests.skill_release import skill_cells, skill_contents
from tests.small_release import hidden, too_few, undefined
from ui.words import plain

VIEWS = ("Skills", "For whom")
KEYS = ("measure", "slice", "breakdown", "group", "period")


def in_state(make):
    """Return the release of skills with every cell in one state."""
    cells = [make(**{name: getattr(one, name) for name in KEYS}) for one in skill_cells()]
    return skill_contents(cells)


STATES = {
    "all shown": skill_contents(),
    "all hidden": in_state(hidden),
    "nothing defined": in_state(undefined),
    "too few everywhere": in_state(too_few),
    "no cell": skill_contents([]),
    "nothing rated": skill_contents([], rated=()),
    "one wave": skill_contents([one for one in skill_cells() if one.period != "wave-2"]),
}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("place", ["organisation", "programme=p", "cohort=c1"])
def test_every_view_answers_in_every_state(run_page, state, view, place):
    app = run_page("growth", STATES[state], view=view, slice=place)
    assert list(app.exception) == []
    assert len(app.title) == 1


def test_the_answer_comes_first_and_every_picture_says_a_finding(run_page):
    app = run_page("growth", skill_contents())
    assert "two of three skills growing" in plain(words_on(app))
    assert [plain(element.value) for element in app.header] == [
        "Peers see two of three skills grow",
        "Empathy moves most: +0.35 points",
        "Allowing for who is missing hardly alters any change",
    ]
    assert len(charts_on(app)) == 3


def test_a_skill_in_the_link_is_the_one_looked_at(run_page):
    app = run_page("growth", skill_contents(), view="For whom", skill="agility")
    assert [plain(element.value) for element in app.header] == [
        "Agility moves in no group beyond noise",
        "Agility: no cohort differs beyond what its size explains",
    ]


@pytest.mark.parametrize(
    ("view", "asked"),
    [
        ("Skills", ["Where"]),
        ("For whom", ["Where", "By", "Skill"]),
        ("Learning source", ["Where", "By"]),
    ],
)
def test_a_view_asks_only_what_changes_it(run_page, view, asked):
    app = run_page("growth", skill_contents(), view=view)
    assert [one.label for one in app.selectbox] == asked


def test_no_value_of_a_hidden_cell_reaches_the_page(run_page):
    numbers = [field.name for field in fields(Cell) if "float" in str(field.type)]
    cells = [
        replace(one, status="small", printed="hidden", **dict.fromkeys(numbers))
        for one in skill_cells()
    ]
    app = run_page("growth", skill_contents(cells))
    assert "Too few people were rated first and last" in plain(words_on(app))
    assert "+0.35" not in words_on(app)


def test_skills_that_nobody_rated_are_named(run_page):
    assert "Not rated by anybody: Silence" in plain(words_on(run_page("growth", skill_contents())))
