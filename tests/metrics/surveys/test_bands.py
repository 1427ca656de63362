"""Shares of scores in three bands."""

from __future__ import annotations

import pytest
from statsmodels.stats.proportion import proportion_confint

from metrics.definition import Status
from metrics.surveys.bands import BANDS, BandSums, band_cuts, scale_band_share


def test_shares_are_those_of_the_counts_and_their_intervals_those_of_statsmodels():
    sums = BandSums(people=200, low=20, high=110)
    for number, count in enumerate((20, 70, 110)):
        result = scale_band_share(sums, (number,))
        assert result.estimate == count / 200
        wilson = proportion_confint(count, 200, method="wilson")
        assert (result.low, result.high) == pytest.approx(wilson)


def test_nobody_has_no_share():
    nobody = BandSums(people=0, low=0, high=0)
    for number in range(len(BANDS)):
        assert scale_band_share(nobody, (number,)).status is Status.UNDEFINED


@pytest.mark.parametrize(
    ("scale", "cuts"), [((1.0, 5.0), (2.5, 3.5)), ((1.0, 7.0), (3.25, 4.75)), ((0.0, 8.0), (3, 5))]
)
def test_cuts_lie_three_eighths_from_either_end(scale, cuts):
    assert band_cuts(scale) == cuts
