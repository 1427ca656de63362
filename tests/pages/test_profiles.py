"""The profiles page: kinds in plain words, and what it says where there are none."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from release import Cell, Contents, Group
from tests.charts.test_rows import ALLOWED
from tests.pages.conftest import charts_on, tables_of, words_on
from tests.small_release import ABOUT, attribute, cell, hidden, measure, slice_, undefined
from ui.words import plain

RunPage = Callable[..., AppTest]
HABITS = {"feedback": "Feedback", "silence": "Met lately"}
NAMES = {"kind-1": "gives much feedback", "kind-2": "gives little feedback, has not met lately"}
KEYS = ("profile_share", "profile_habit", "profile_share_by_group", "profile_association")


def share(group: str, verdict: str = "noise", **facts: object) -> Cell:
    around = {
        "measure": "profile_share", "breakdown": "profile", "group": group, "printed": "60 %",
        "phrase": NAMES.get(group, "60 %"), "pairs": None, "behind": "100 people",
        "low": 0.55, "high": 0.65, "expected": 0.5, "lottery_low": 0.45, "lottery_high": 0.55,
    }  # fmt: skip
    return cell(0.6, verdict, **(around | facts))


def habit(kind: str, name: str, level: str, verdict: str) -> Cell:
    around = {
        "measure": "profile_habit", "breakdown": "profile.habit", "group": f"{kind}.{name}",
        "printed": "40 %", "phrase": level, "pairs": None,
    }  # fmt: skip
    return cell(0.4, verdict, **around)


def by_group(code: str, make: Callable[..., Cell] = cell) -> Cell:
    place = {"measure": "profile_share_by_group", "breakdown": "profile.function"}
    return make(group=f"kind-1.{code}", **place)


def every_cell(verdict: str = "above") -> list[Cell]:
    return [
        share("kind-1"),
        share("kind-2", verdict, printed="40 %"),
        share("new", "", printed="5 %"),
        *(habit("kind-1", name, "high", "above") for name in HABITS),
        habit("kind-2", "feedback", "low", "below"),
        habit("kind-2", "silence", "low", "below"),
        undefined(measure="profile_habit", breakdown="profile.habit", group="trend",
                  reason="people differ in this by little more than chance"),
        by_group("g0"),
        by_group("g1", hidden),
        cell(0.4, "", measure="profile_association", breakdown="profile.function",
             sentence="The kinds of participation track function (Cramér's V 0.40)."),
    ]  # fmt: skip


def none(reason: str) -> list[Cell]:
    return [
        undefined(measure="profile_share", breakdown="profile", reason=reason),
        share("new", "", printed="over 95 %"),
    ]


def release(cells: list[Cell]) -> Contents:
    named = {"trend": "Meets later on", **HABITS}
    return Contents(
        cells=tuple(cells),
        measures=tuple(map(measure, KEYS)),
        scopes=(slice_("organisation", "Whole organisation"), attribute("function", "function")),
        groups=(
            *(Group(breakdown="profile.habit", key=key, label=label, short=label, sort=number)
              for number, (key, label) in enumerate(named.items())),
            *(Group(breakdown="function", key=f"g{number}", label=label, short=label, sort=number)
              for number, label in enumerate(("Design", "Sales"))),
        ),
        about=ABOUT,
    )  # fmt: skip


def test_the_answer_names_the_kinds_and_what_moved(run_page: RunPage) -> None:
    app = run_page("profiles", release(every_cell()))
    assert list(app.exception) == []
    answer = str(app.markdown[0].value)
    assert plain(answer) == (
        "Two kinds of participation stand out: “gives much feedback” (60 %) and “gives little "
        "feedback, has not met lately” (40 %, up since last quarter)."
    )
    assert answer.count(":blue[") == 1
    assert len(plain(answer).split()) <= 35


def test_there_are_pictures_of_habits_sizes_and_groups(run_page: RunPage) -> None:
    app = run_page("profiles", release(every_cell()))
    headings = [str(part.value) for part in app.header]
    assert headings[0] == "Two kinds of participation come back in other samples of people"
    assert "common than one quarter ago" in headings[1]
    assert len(charts_on(app)) == 3
    for chart in charts_on(app):
        for table in tables_of(chart):
            assert set(table.column_names) <= ALLOWED
    words = plain(words_on(app))
    assert "“Meets later on”, since people differ in this by little more than chance" in words
    assert "track function" in words
    assert "not counted: 5 % of people, too new for a kind" in words


def test_each_kind_has_actions(run_page: RunPage) -> None:
    words = plain(words_on(run_page("profiles", release(every_cell()))))
    assert "What may help each kind" in words
    assert "Ask two questions instead of many" in words
    assert "Tell these people what their feedback changed" in words


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("no stable segments: participation varies gradually", "no stable segments"),
        ("everybody is new, with fewer than three cycles so far", "everybody is new"),
        ("it takes 60 people with at least three cycles", "60 people"),
        ("nobody has cycles of a cohort to look at", "nobody has cycles"),
    ],
)
def test_without_kinds_the_page_says_why(reason: str, said: str, run_page: RunPage) -> None:
    app = run_page("profiles", release(none(reason)))
    assert list(app.exception) == []
    assert said in plain(str(app.markdown[0].value))
    assert charts_on(app) == []
    assert "come back in other samples" in words_on(app)
    # said once, in the answer, and not again below
    assert plain(words_on(app)).count(said) == 1


def test_hidden_kinds_say_that_too_few_take_part(run_page: RunPage) -> None:
    app = run_page("profiles", release([hidden(measure="profile_share", breakdown="profile")]))
    assert "Too few people" in plain(str(app.markdown[0].value))


@pytest.mark.parametrize("verdict", ["above", "below", "noise", ""])
def test_each_verdict_on_sizes_is_a_finding(verdict: str, run_page: RunPage) -> None:
    app = run_page("profiles", release(every_cell(verdict)))
    for heading in app.header:
        assert 2 < len(plain(str(heading.value)).split()) <= 16


def test_a_link_restores_the_kind(run_page: RunPage) -> None:
    app = run_page("profiles", release(every_cell()), kind="kind-2")
    assert {box.key: box.value for box in app.selectbox}["kind"] == "kind-2"
    assert list(app.exception) == []


def test_seven_kinds_of_long_names_keep_the_answer_short(run_page: RunPage) -> None:
    long = "meets less than others, gives little feedback"
    cells = [share(f"kind-{number}", phrase=f"{long} {number}") for number in range(1, 8)]
    app = run_page("profiles", release([*cells, *none("")[1:]]))
    answer = plain(str(app.markdown[0].value))
    assert list(app.exception) == []
    assert answer.startswith("Seven kinds")
    assert "further kinds" in answer
    assert len(answer.split()) <= 35
