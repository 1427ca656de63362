"""Rows and axis of gaps, from published cells alone."""

from __future__ import annotations

import pytest

from charts.equity import FURTHEST, GapRow, gap_rows, gap_ticks, paired_gaps
from tests.small_release import cell, hidden


def gap(estimate: float):
    return cell(estimate, "above", expected=0.0, low=estimate - 0.02, high=estimate + 0.02)


def test_a_row_without_a_gap_between_people_alike_stands_in_the_middle():
    (row,) = gap_rows([GapRow(name="Design", crude=gap(0.05))])
    assert (row["crude"], row["estimate"], row["paired"]) == (0.05, None, False)


def test_a_hidden_gap_carries_no_number():
    (row,) = gap_rows([GapRow(name="Design", crude=hidden(), alike=hidden())])
    assert row["verdict"] == "hidden"
    numbers = ("estimate", "low", "high", "crude", "crude_low", "crude_high")
    assert not any(row[name] for name in numbers)


def test_rows_of_one_name_are_told_apart():
    rows = gap_rows([GapRow(name="Completion"), *[GapRow(name="Design", crude=gap(0.1))] * 2])
    assert len({row["group"] for row in rows}) == 3
    assert [row["heading"] for row in rows] == [True, False, False]


def test_the_axis_holds_no_gap_and_every_interval():
    ticks = gap_ticks(gap_rows([GapRow(name="Design", crude=gap(0.05), alike=gap(0.11))]))
    assert ticks[0] <= 0 <= ticks[-1]
    assert ticks[-1] >= 0.13
    assert 0.0 in ticks


def test_the_axis_ends_where_a_gap_is_as_large_as_any():
    ticks = gap_ticks(gap_rows([GapRow(name="Design", crude=gap(0.99))]))
    assert ticks[-1] <= FURTHEST + 0.1


def test_an_axis_of_nothing_still_spans_something():
    assert gap_ticks([])[0] < 0 < gap_ticks([])[-1]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_chart_carries_only_what_occurs(mode):
    plain = str(paired_gaps((-0.1, 0.0, 0.1), 2, frozenset(), False, mode))
    full = str(paired_gaps((-0.1, 0.0, 0.1), 2, frozenset({"hidden"}), True, mode))
    assert "gradient" not in plain
    assert "gradient" in full
    assert "datum.heading" not in plain
    assert "datum.heading" in full


def test_points_go_as_far_as_their_intervals_do() -> None:
    wide = [GapRow(name="Design", crude=gap(0.7))]
    assert gap_ticks(gap_rows(wide), "points")[-1] >= 0.7 > gap_ticks(gap_rows(wide))[-1]
    far = gap_ticks(gap_rows([GapRow(name="Design", crude=gap(30.0))]), "points")
    assert far[0] == 0.0 and far[-1] >= 30.0 and len(far) <= 8
