"""The trend of crossing against the lottery."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.connection.measures import cross_group_trend
from metrics.connection.trend import PeriodCounts, period_counts, trend_test
from metrics.definition import Status
from tests.metrics.connection.pairing_tables import count_pairings


def periods(observed: list[float], expected: list[float], variance: list[float]) -> PeriodCounts:
    return PeriodCounts(
        labels=tuple(f"period {t}" for t in range(len(observed))),
        observed=np.array(observed),
        expected=np.array(expected),
        variance=np.array(variance),
        people=40,
        pairs=300,
    )


def test_z_is_the_formula_worked_by_hand() -> None:
    # O - E = 0, 1, 2 and V = 4 each: U = 0 + 1 + 4 - 1 x 3 = 2, I = 4 (0 + 1 + 4) - 12 = 8
    trend = trend_test(np.array([10.0, 11, 12]), np.full(3, 10.0), np.full(3, 4.0))
    assert trend.z == pytest.approx(2 / 8**0.5)
    assert trend.slope == pytest.approx(0.1)  # the ratio goes 1.0, 1.1, 1.2
    assert trend.slope / trend.error == pytest.approx(trend.z)


def test_a_straight_line_of_ratios_is_found_exactly_while_the_programme_grows() -> None:
    expected = np.array([20.0, 35, 40, 90, 120])
    ratio = 0.8 + 0.03 * np.arange(5)
    trend = trend_test(ratio * expected, expected, 0.4 * expected)
    assert trend.slope == pytest.approx(0.03)


def test_a_steady_gap_is_no_trend() -> None:
    expected = np.array([20.0, 35, 40, 90])
    assert trend_test(0.7 * expected, expected, 0.4 * expected).z == pytest.approx(0)


def test_periods_without_choice_do_not_move_the_test() -> None:
    observed, expected, variance = [10.0, 0, 11, 14], [10.0, 0, 10, 11], [4.0, 0, 5, 6]
    trend = trend_test(*(np.array(each) for each in (observed, expected, variance)))
    assert np.isfinite(trend.z)
    assert cross_group_trend(periods(observed, expected, variance)).status is Status.OK


def test_result_carries_the_test() -> None:
    result = cross_group_trend(periods([10, 11, 12], [10, 10, 10], [4, 4, 4]))
    assert result.estimate == pytest.approx(0.1)
    assert result.expected == 0
    assert result.estimate / result.expected_error == pytest.approx(2 / 8**0.5)
    assert (result.people, result.pairs) == (40, 300)


def test_two_periods_are_too_few_and_one_is_undefined() -> None:
    assert cross_group_trend(periods([9, 12], [10, 10], [4, 4])).status is Status.TOO_FEW
    one = cross_group_trend(periods([9, 12, 3], [10, 12, 3], [4, 0, 0]))
    assert one.status is Status.UNDEFINED


def test_periods_are_collected_from_their_counts() -> None:
    first = count_pairings([(0, 2), (1, 3)], [0, 0, 1, 1])
    second = count_pairings([(0, 1), (2, 3)], [0, 0, 1, 1])
    found = period_counts(["Q1", "Q2"], [first, second], (), people=4)
    assert found.observed == pytest.approx([2, 0])
    assert found.expected == pytest.approx([4 / 3, 4 / 3])  # 2 pairings x 2 x 2 x 2 / (4 x 3)
    assert found.variance == pytest.approx([8 / 9, 8 / 9])  # by hand, see the lottery's tests
    assert (found.people, found.pairs) == (4, 4)


def test_arrays_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="variance: expected 2 periods"):
        periods([1, 2], [1, 2], [1])
