"""Differences and ratios of two shares against published values and another library."""

from __future__ import annotations

from math import isinf

import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from metrics.equity.intervals import katz, newcombe

PUBLISHED = (
    # Newcombe 1998, Statistics in Medicine 17:873-890, table II, method 10
    ((56, 70, 48, 80), (0.0524, 0.3339)),
    ((9, 10, 3, 10), (0.1705, 0.8090)),
    ((10, 10, 0, 20), (0.6791, 1.0)),
    ((6, 7, 2, 7), (0.0582, 0.8062)),
    ((5, 56, 0, 29), (-0.0381, 0.1926)),
)
COUNTS = ((56, 70, 48, 80), (9, 10, 3, 10), (48, 80, 12, 40), (117, 200, 130, 260))


@pytest.mark.parametrize(("counts", "expected"), PUBLISHED)
def test_differences_are_those_that_newcombe_published(counts, expected):
    x, n, other_x, other_n = counts
    assert newcombe(x / n, n, other_x / other_n, other_n) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize("counts", COUNTS)
def test_differences_are_those_of_statsmodels(counts):
    x, n, other_x, other_n = counts
    expected = confint_proportions_2indep(x, n, other_x, other_n, method="newcomb")
    assert newcombe(x / n, n, other_x / other_n, other_n) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("counts", COUNTS)
def test_ratios_are_those_of_statsmodels(counts):
    x, n, other_x, other_n = counts
    found = katz(x / n, n, other_x / other_n, other_n)
    expected = confint_proportions_2indep(x, n, other_x, other_n, compare="ratio", method="log")
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-9)


def test_a_share_of_nought_has_a_ratio_with_half_a_success_added_to_both():
    """Expected by hand: (0.5 / 21) / (6.5 / 31) = 0.1136."""
    found = katz(0.0, 20, 6 / 30, 30)
    assert found.ratio == pytest.approx(0.5 / 21 / (6.5 / 31))
    assert 0 < found.low < found.ratio < found.high
    assert not isinf(found.high)
