"""Direct standardisation of a gap: a published table, a hand calculation, and what it is not."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.definition import Status
from metrics.equity.gap import _standard_weights, equity_gap_adjusted, equity_gap_standardised
from metrics.equity.sums import GROUP, GroupSums
from tests.metrics.equity.tables import BERKELEY, berkeley, single

BIRTHS = np.array(
    [
        [230061, 329449, 114920, 39487, 14208, 3052],
        [72202, 326701, 208667, 83228, 28466, 5375],
        [15050, 175702, 207081, 117300, 45026, 8660],
        [2293, 68800, 132424, 98301, 46075, 9834],
        [327, 30666, 123419, 149919, 104088, 34392],
    ]
)
CASES = np.array([107, 141, 60, 40, 39, 25])
"""Births in Michigan 1950-1964 by order of birth (rows) and age of the mother, and cases of Down
syndrome among the first born (Fleiss 1981, page 249)."""


def first_born() -> GroupSums:
    """Return first births beside all others, of whom no case is counted.

    Everybody's spread is then five times the average population that the example standardises to,
    and the gap is the standardised rate itself.
    """
    people = np.stack([BIRTHS[1:].sum(axis=0), BIRTHS[0]], axis=1)
    return single(people, np.stack([CASES * 0, CASES], axis=1))


def test_a_rate_is_standardised_as_in_epitools():
    """Expected: 92.3 per 100,000, as `epitools::ageadjust.direct` and Fay & Feuer 1997, table 1."""
    assert round(1e5 * equity_gap_standardised(first_born()).estimate, 1) == 92.3


def test_its_variance_is_that_of_a_weighted_sum_of_rates():
    """Expected: 3.919e-9, the sum of w² x / n² of the same table (Fay & Feuer 1997, formula 1)."""
    sums = first_born()
    weights, _ = _standard_weights(sums)
    variance = (weights[:, GROUP] ** 2 * sums.successes[:, GROUP]).sum()
    assert variance == pytest.approx(3.919e-9, rel=2e-4)


def test_at_berkeley_both_ways_turn_the_gap_round():
    """Expected: each department's gap, weighted with its applicants, written out."""
    tables = np.array(list(BERKELEY.values()), dtype=float)
    men, women = tables[:, :2].sum(axis=1), tables[:, 2:].sum(axis=1)
    gaps, weights = tables[:, 0] / men - tables[:, 2] / women, (men + women) / tables.sum()
    result = equity_gap_standardised(berkeley())
    assert result.estimate == pytest.approx(gaps @ weights)
    assert result.estimate < 0 and equity_gap_adjusted(berkeley()).estimate < 0
    apart = sum(
        side[:, 0] * side[:, 1] / size**3
        for side, size in ((tables[:, :2], men), (tables[:, 2:], women))
    )
    # the variance is never below that of independent trials of the common share
    assert 1 <= result.expected_error / np.sqrt(weights**2 @ apart) < 1.1


def test_a_large_stratum_with_few_of_one_side_counts_as_much_as_it_is_large():
    """Expected by hand: gaps 0.5 and 0 of 110 and 1,000 people; 55 / 1,110 against 0.35."""
    sums = single([[50, 60], [990, 10]], [[0, 30], [495, 5]])
    assert equity_gap_standardised(sums).estimate == pytest.approx(0.5 * 110 / 1110)
    alike = equity_gap_adjusted(sums).estimate
    assert alike == pytest.approx(0.5 * (50 * 60 / 110) / (50 * 60 / 110 + 990 * 10 / 1000))


def test_strata_with_few_people_on_a_side_count_in_neither():
    """Expected by hand: the second stratum has four people on one side, so 0.5 - 0.2 remains."""
    sums = single([[50, 60], [4, 100]], [[10, 30], [4, 0]])
    assert equity_gap_standardised(sums).estimate == pytest.approx(0.3)


def test_nobody_alike_is_no_gap():
    result = equity_gap_standardised(single([[50, 0], [0, 50]], [[10, 0], [0, 20]]))
    assert result.status is Status.UNDEFINED
