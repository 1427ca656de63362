"""Rows and specs of the charts of cohorts."""

from __future__ import annotations

from dataclasses import replace

import altair as alt
import pytest

from charts.cohort_rows import drawn_in_rows, funnel_rows, overview_rows, size_of
from charts.cohorts import caterpillar, funnel, overview, ticks_of
from release import Cell
from tests.charts.test_rows import ALLOWED
from tests.small_release import cell, hidden

NAMES = {f"cohort={key}": f"Cohort {key}" for key in "abcdefgh"}
NO_GAPS, GAPS = frozenset(), frozenset({"hidden", "undefined"})


def rate(key: str, value: float, pairs: int | None, verdict: str = "noise") -> Cell:
    one = cell(value, verdict, measure="cohort_rate", slice=f"cohort={key}", breakdown="rate")
    return replace(one, pairs=pairs, expected=0.8, lottery_low=0.7, lottery_high=0.9)


def limits(half: float) -> list[Cell]:
    return [
        replace(
            cell(0.8, "", measure="cohort_limits", slice="programme=p", period=str(size)),
            low=0.8 - half / size**0.5, high=0.8 + half / size**0.5,
        )
        for size in (50, 100, 200)
    ]  # fmt: skip


LIMITS = {"inner": limits(0.8), "outer": limits(1.2)}
CELLS = [rate("a", 0.82, 60), rate("b", 0.6, 190, "below"), hidden(slice="cohort=c")]


def test_a_funnel_has_a_row_per_size_and_one_per_cohort() -> None:
    rows = funnel_rows(LIMITS, CELLS, NAMES)
    assert [row["tone"] for row in rows] == ["limit"] * 3 + ["cohort"] * 3
    assert [row["order"] for row in rows] == [50, 100, 200, 60, 190, None]
    assert {name for row in rows for name in row} <= ALLOWED


def test_a_hidden_cohort_has_no_number_in_a_funnel() -> None:
    row = funnel_rows(LIMITS, CELLS, NAMES)[-1]
    assert row["verdict"] == "hidden"
    assert [value for value in row.values() if isinstance(value, float | int) and value] == []


def test_names_stand_on_the_side_that_has_room() -> None:
    by_size = {row["order"]: row for row in funnel_rows(LIMITS, CELLS, NAMES)[3:5]}
    # the axis reaches from 50 to 200, so its middle is 125
    assert (by_size[60]["last"], by_size[190]["last"]) == (False, True)
    assert by_size[190]["words"].startswith("▼ Cohort b")


def test_of_many_cohorts_only_those_beyond_noise_are_named() -> None:
    many = [rate(key, 0.8, 60 + number) for number, key in enumerate("acdefgh")]
    rows = funnel_rows(LIMITS, [*many, rate("b", 0.6, 190, "below")], NAMES)
    assert [row["words"] for row in rows if row["words"]] == [rows[-1]["words"]]


def test_cohorts_that_lie_close_together_are_named_on_different_sides() -> None:
    # the axis is 150 wide and some 0.4 high: all names of one side would run together
    close = [rate("a", 0.81, 100), rate("b", 0.82, 110), rate("c", 0.9, 110)]
    rows = funnel_rows(LIMITS, close, NAMES)[3:]
    assert [row["words"] for row in rows] == ["Cohort a", "Cohort b", "Cohort c"]
    sides = [(row["last"], row["first"]) for row in rows[:2]]
    assert len(set(sides)) == 2


def test_of_cohorts_in_one_place_the_last_have_no_name() -> None:
    same = [rate(key, 0.8, 120) for key in "abcdef"]
    rows = funnel_rows(LIMITS, same, NAMES)[3:]
    named = [row for row in rows if row["words"]]
    # four sides, and every point lies in the same place, which no name covers
    assert len(named) == len({(row["last"], row["first"]) for row in named}) == 4


def test_size_is_pairings_where_they_are_counted() -> None:
    assert size_of(rate("a", 0.8, 60)) == 60
    assert size_of(replace(rate("a", 0.8, None), people=45)) == 45


def test_the_overview_keeps_an_empty_place_for_what_is_not_there() -> None:
    rows = overview_rows([("A", "Completion", CELLS[1]), ("A", "Feedback", None)])
    assert [row["tone"] for row in rows] == ["less_2", "none"]
    assert rows[0]["words"].startswith("▼")
    assert rows[1]["words"] == "" and rows[1]["verdict"] == "undefined"


def test_a_cohort_drawn_in_carries_its_own_value_as_a_tick() -> None:
    drawn = {
        "cohort=a": replace(CELLS[0], estimate=0.81),
        "cohort=b": replace(CELLS[1], estimate=0.7),
    }
    rows = drawn_in_rows(CELLS, drawn, NAMES)
    assert [row["estimate"] for row in rows] == [0.81, 0.7, None]
    assert [row["expected"] for row in rows] == [0.82, 0.6, None]
    assert [row["verdict"] for row in rows] == ["noise", "less", "hidden"]
    assert "By itself" in rows[0]["sentence"]
    assert {name for row in rows for name in row} <= ALLOWED


def test_without_enough_cohorts_their_own_values_are_drawn() -> None:
    rows = drawn_in_rows(CELLS[:2], {}, NAMES)
    assert [row["estimate"] for row in rows] == [0.82, 0.6]
    assert [row["expected"] for row in rows] == [None, None]


@pytest.mark.parametrize(
    ("kind", "values", "ticks"),
    [
        ("share", [0.61, 0.84], (0.6, 0.65, 0.7, 0.75, 0.8, 0.85)),
        ("ratio", [0.92, 1.31], (0.9, 1.0, 1.1, 1.2, 1.3, 1.4)),
        ("points", [-0.1, 0.32], (-0.1, 0.0, 0.1, 0.2, 0.3, 0.4)),
        ("share", [], (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)),
    ],
)
def test_ticks_hold_all_numbers(kind: str, values: list[float], ticks: tuple) -> None:
    found = ticks_of([{"estimate": value} for value in values], kind)
    assert found == pytest.approx(ticks)


CHARTS = {
    "overview": lambda mode: overview(("A", "B"), ("Completion", "Feedback"), True, mode),
    "funnel": lambda mode: funnel((0.6, 0.8, 1.0), (50, 200), "Pairings", "share", False, mode),
    "funnel, hidden": lambda mode: funnel((0.8, 1.0), (50, 200), "People", "ratio", True, mode),
    "caterpillar": lambda mode: caterpillar((0.6, 0.8), ("A", "B"), GAPS, "share", mode),
    "caterpillar of points": lambda mode: caterpillar((-0.1, 0.1), ("A",), NO_GAPS, "points", mode),
}


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_specs_are_valid_and_built_once(name: str, mode: str) -> None:
    spec = CHARTS[name](mode)
    assert alt.LayerChart.from_dict(spec | {"data": {"name": "rows"}}, validate=True)
    assert CHARTS[name](mode) is spec


def test_long_names_that_end_alike_keep_rows_of_their_own() -> None:
    # both are cut in the middle to "Peer learning in …" and the same last words
    names = [
        "Peer learning in the northern region spring",
        "Peer learning in the southern region spring",
    ]
    rows = overview_rows([(name, "Completion", CELLS[0]) for name in names])
    assert len({row["row"] for row in rows}) == 2
