"""The change of a ratio, its error, and how many more pairings would tell."""

from __future__ import annotations

from math import inf, log, sqrt

import pytest

from metrics.connection.cross_group import cross_group_ratio
from metrics.connection.ratio_change import (
    NO_CROSSINGS,
    REACH,
    TwoPeriods,
    change_error,
    pairings_needed,
    ratio_change,
)
from metrics.definition import PeriodShare, Status
from tests.metrics.connection.pairing_tables import count_pairings

GROUPS = [0] * 10 + [1] * 10
ACROSS = [(number, number + 10) for number in range(10)]
INSIDE = [(0, 1), (2, 3), (4, 5), (10, 11), (12, 13), (14, 15)]
MIXED = [*INSIDE, (6, 16), (7, 17), (8, 18), (9, 19)]


def periods(earlier, later):
    both = (count_pairings(earlier, GROUPS), count_pairings(later, GROUPS))
    return TwoPeriods(earlier=both[0], later=both[1], people=(20, 20))


def test_the_change_is_one_ratio_over_the_other() -> None:
    # the same 20 people meet once each, so the lottery is the same: 10 of 10 against 4 of 10
    result = ratio_change(periods(MIXED, ACROSS))
    assert result.estimate == pytest.approx(10 / 4)
    assert (result.people, result.pairs) == (20, 20)


def test_the_error_is_that_of_both_logarithms() -> None:
    # sqrt((1 - p) / (p n)): 0.5 / (0.5 x 100) = 0.01 and 0.75 / (0.25 x 300) = 0.01
    one = PeriodShare(share=0.5, people=50, base=0.5, size=100)
    other = PeriodShare(share=0.25, people=50, base=0.5, size=300)
    assert change_error(one, other) == pytest.approx(sqrt(0.02))


def test_the_error_rests_on_the_effective_sizes_of_both_ratios() -> None:
    result = ratio_change(periods(MIXED, MIXED))
    size = cross_group_ratio(count_pairings(MIXED, GROUPS)).effective_size
    assert result.estimate == 1
    assert result.log_error == pytest.approx(sqrt(2 * 0.6 / (0.4 * size)))
    assert log(result.high) == pytest.approx(-log(result.low))


def test_weak_ratios_make_a_weak_change() -> None:
    few = MIXED[:3] + MIXED[6:8]
    assert ratio_change(periods(few, MIXED)).status is Status.TOO_FEW


def test_nobody_across_is_no_factor() -> None:
    result = ratio_change(periods(INSIDE, MIXED))
    assert (result.status, result.reason) == (Status.UNDEFINED, NO_CROSSINGS)


def test_a_change_of_twice_the_size_needs_about_a_quarter_of_the_pairings() -> None:
    needed = [1000 + pairings_needed(1000, 0.2, 0, 0, size) for size in (0.05, 0.1)]
    assert needed[0] / needed[1] == pytest.approx((log(1.1) / log(1.05)) ** 2)


def test_with_so_many_the_change_measures_280_hundredths_of_its_error() -> None:
    # a two-sided test at 5 % with a power of 80 % needs 1.95996 + 0.84162 standard errors
    assert pytest.approx(2.80158, abs=1e-5) == REACH
    more = pairings_needed(500, 0.1, 0, 0, 0.05)
    assert log(1.05) / (0.1 * sqrt(500 / (500 + more))) == pytest.approx(REACH)


def test_enough_pairings_need_none_and_coarse_rounding_cannot_be_bought_off() -> None:
    assert pairings_needed(500, 0.001, 0, 0, 0.05) == 0
    assert pairings_needed(500, 0.1, 0.05, 0.05, 0.05) == inf


@pytest.mark.parametrize(("half_step", "finest"), [(0.04, 0.01), (0.2, 0.02), (0.02, 0.02)])
def test_rounding_is_counted_in(half_step: float, finest: float) -> None:
    growth = 1 + pairings_needed(500, 0.1, half_step, finest, 0.05) / 500
    seen = REACH * 0.1 / sqrt(growth) + max(half_step / growth, finest)
    assert seen == pytest.approx(log(1.05))
