"""Ratios to the best group: a known case, small groups, and the luck of the highest."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.definition import Status
from metrics.equity.four_fifths import (
    GroupRates,
    equity_ratio,
    is_below_four_fifths,
    reference,
)


def rates(successes, people) -> GroupRates:
    people = np.array(people, dtype=float)
    return GroupRates(shares=np.array(successes) / people, sizes=people, people=people)


def test_twelve_of_forty_beside_48_of_80_is_half():
    """Expected: ratio 0.50 (a published example: χ² 9.6, Fisher p 0.0034), steadied a little."""
    result = equity_ratio(rates([48, 12], [80, 40]), (1,))
    assert 0.5 <= result.estimate < 0.56
    assert result.high < 1
    assert is_below_four_fifths(result.estimate, result.high, gap_beyond_noise=True)
    assert not is_below_four_fifths(result.estimate, result.high, gap_beyond_noise=False)


def test_the_best_group_is_compared_with_nobody():
    result = equity_ratio(rates([48, 12], [80, 40]), (0,))
    assert result.status is Status.UNDEFINED
    assert "highest rate" in result.reason


def test_groups_of_less_than_two_in_a_hundred_are_neither_reference_nor_compared():
    small = rates([500, 400, 18], [1000, 900, 18])
    assert reference(small)[0] == 0
    assert "2 %" in equity_ratio(small, (2,)).reason


def test_a_rate_that_is_hidden_is_no_reference():
    hidden = GroupRates(
        shares=np.array([np.nan, 0.5, 0.4]), sizes=np.full(3, 200.0), people=np.full(3, 200.0)
    )
    assert reference(hidden)[0] == 1


@pytest.mark.simulation
def test_the_highest_of_many_small_groups_is_drawn_down_to_the_common_rate():
    """Expected: all groups have 0.5; the raw best of ten groups of 40 lies near 0.62."""
    rng = np.random.default_rng(11)
    raw, drawn = [], []
    for _ in range(300):
        found = rates(rng.binomial(40, 0.5, 10), np.full(10, 40))
        raw.append(found.shares.max())
        drawn.append(reference(found)[1])
    assert np.mean(raw) > 0.6
    assert np.mean(drawn) == pytest.approx(0.5, abs=0.03)
