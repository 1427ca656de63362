"""Ranked dots on a linear axis: ticks hold what is drawn, specs carry no data."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from charts.leftout import LIMITS, dots_by_group, linear_ticks
from charts.rows import MOST_TICKS, gaps_in, group_rows
from tests.small_release import cell, hidden, undefined

NAMES = {f"g{number}": f"Group {number}" for number in range(3)}


def rows(*estimates: float, **facts: object) -> list:
    drawn = [cell(each, group=f"g{n}", **facts) for n, each in enumerate(estimates)]
    return group_rows(drawn, NAMES)


@pytest.mark.parametrize("scale", LIMITS)
def test_ticks_are_few_and_even_and_hold_every_number(scale):
    lowest, highest = LIMITS[scale]
    for estimate in (0.03, 0.4, 0.97):
        around = {"low": estimate - 0.02, "high": estimate + 0.02, "expected": estimate,
                  "lottery_low": estimate - 0.01, "lottery_high": estimate + 0.3}  # fmt: skip
        ticks = linear_ticks(rows(estimate, **around), scale)
        assert 2 <= len(ticks) <= MOST_TICKS
        steps = {round(later - earlier, 6) for earlier, later in pairwise(ticks)}
        assert len(steps) == 1
        assert ticks[0] <= max(estimate - 0.02, lowest)
        assert ticks[-1] >= min(estimate + 0.3, highest)


def test_a_multiple_of_seven_is_not_cut_off():
    assert linear_ticks(rows(7.4, 0.5), "times")[-1] >= 7.4


@pytest.mark.parametrize(
    ("scale", "ends"), [("share", (0, 1)), ("times", (0, 2)), ("index", (-1, 1))]
)
def test_an_axis_without_numbers_spans_what_is_possible(scale, ends):
    ticks = linear_ticks(group_rows([hidden(group="g0")], NAMES), scale)
    assert (ticks[0], ticks[-1]) == ends


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("scale", LIMITS)
def test_a_spec_carries_layers_for_the_gaps_that_occur_and_no_data(scale, mode):
    drawn = [cell(0.5, group="g0"), hidden(group="g1"), undefined(group="g2")]
    own = group_rows(drawn, NAMES)
    ticks = linear_ticks(own, scale)
    whole = json.dumps(dots_by_group(ticks, 3, gaps_in(own), scale, mode))
    bare = json.dumps(dots_by_group(ticks, 3, frozenset(), scale, mode))
    assert len(whole) > len(bare)
    assert "datasets" not in whole
    assert "Group 0" not in whole
