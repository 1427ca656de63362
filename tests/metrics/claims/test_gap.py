"""Outcomes beside taking part and between cohorts."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from metrics.claims.gap import (
    FEW,
    NOBODY_ALIKE,
    CohortMeans,
    GapSums,
    outcome_between_cohorts,
    outcome_gap,
    outcome_gap_alike,
)
from metrics.claims.rates import activity_completion, against_everybody
from metrics.definition import Status
from metrics.participation import RateMoments


def sums_of(value, side, stratum):
    shape = (stratum.max() + 1, 2)
    found = {}
    for name, amount in (("people", np.ones_like(value)), ("total", value), ("squares", value**2)):
        found[name] = np.zeros(shape)
        np.add.at(found[name], (stratum, side), amount)
    return GapSums(**found)


def people(rng, count=400, effect=0.0):
    """Return value, side and stratum; those of stratum 1 take part more and fare better."""
    stratum = rng.integers(0, 3, count)
    side = (rng.random(count) < 0.3 + 0.25 * (stratum == 1)).astype(int)
    value = 60 + 10.0 * (stratum == 1) + effect * side + rng.normal(0, 8, count)
    return value, side, stratum


def test_the_gap_as_it_is_is_that_of_welch():
    """Expected: scipy's unequal-variance t statistic."""
    value, side, stratum = people(np.random.default_rng(1))
    result = outcome_gap(sums_of(value, side, stratum))
    welch = stats.ttest_ind(value[side == 1], value[side == 0], equal_var=False)
    assert result.estimate == pytest.approx(value[side == 1].mean() - value[side == 0].mean())
    assert result.estimate / result.expected_error == pytest.approx(welch.statistic)


def test_people_alike_take_out_what_the_case_mix_brings():
    """Expected: the coefficient of a regression with a dummy per stratum (statsmodels OLS)."""
    value, side, stratum = people(np.random.default_rng(2), effect=2.0)
    result = outcome_gap_alike(sums_of(value, side, stratum))
    design = np.column_stack([side, np.eye(3)[stratum]]).astype(float)
    fitted = sm.OLS(value, design).fit()
    assert result.estimate == pytest.approx(fitted.params[0])
    assert result.expected_error == pytest.approx(fitted.bse[0], rel=0.05)
    assert outcome_gap(sums_of(value, side, stratum)).estimate > result.estimate


def test_few_people_or_nobody_alike_is_said():
    value, side, stratum = people(np.random.default_rng(3), count=60)
    assert outcome_gap(sums_of(value, side, stratum)).reason == FEW
    apart = np.repeat([0, 1], 100)
    alike = outcome_gap_alike(sums_of(np.arange(200.0), apart, apart))
    assert alike.reason == NOBODY_ALIKE


def cohorts(rng, units):
    share = rng.uniform(0.2, 0.8, units)
    size = rng.integers(20, 60, units).astype(float)
    mean = 50 + 20 * share + rng.normal(0, 2, units)
    return CohortMeans(share=share, people=size, total=mean * size, squares=(mean**2 + 64) * size)


def test_a_slope_between_cohorts_is_that_of_weighted_least_squares():
    """Expected: statsmodels WLS; 10 points of share are a tenth of its slope."""
    means = cohorts(np.random.default_rng(4), 30)
    result = outcome_between_cohorts(means)
    fitted = sm.WLS(
        means.total / means.people, sm.add_constant(means.share), weights=means.people
    ).fit()
    assert result.estimate == pytest.approx(fitted.params[1] / 10)
    assert (result.low, result.high) == pytest.approx(tuple(fitted.conf_int()[1] / 10))


def test_twelve_cohorts_are_too_few_to_say():
    result = outcome_between_cohorts(cohorts(np.random.default_rng(5), 12))
    assert result.status is Status.UNDEFINED
    assert result.reason.startswith("only 12 cohorts")


@pytest.mark.simulation
def test_intervals_of_people_alike_cover():
    rng = np.random.default_rng(6)
    inside = 0
    for _ in range(1000):
        result = outcome_gap_alike(sums_of(*people(rng, effect=1.0)))
        inside += result.low <= 1.0 <= result.high
    assert 0.93 <= inside / 1000 <= 0.97


def rate(completed, ended):
    return RateMoments(
        numerator=completed,
        denominator=ended,
        people=ended,
        denominator_squared=ended,
        product=completed,
        numerator_squared=completed,
    )


def test_completion_stands_beside_all_ways_together():
    """Expected: 30 + 80 of 40 + 160; a way that is all there is has nothing beside it."""
    first, second = against_everybody([rate(30, 40), rate(80, 160)])
    assert (first.estimate, second.estimate) == (0.75, 0.5)
    assert first.expected == pytest.approx(110 / 200)
    assert first.expected_error == pytest.approx((0.55 * 0.45 * 0.8 / 40) ** 0.5, rel=0.05)
    assert against_everybody([rate(30, 40)])[0].expected is None
    assert activity_completion(rate(0, 0)).status is Status.UNDEFINED
