"""Cohorts beside their programme: values, errors on the side on which they lie, and drawn in."""

from __future__ import annotations

from dataclasses import replace
from math import asin, exp, log, sqrt

import numpy as np
import pytest
from scipy.stats import binom

from metrics import measure
from metrics.cohorts.compared import (
    ComparedMeans,
    ComparedRates,
    DrawnIn,
    arcsine_errors,
    from_arcsine,
    to_arcsine,
)
from metrics.cohorts.measures import FunnelPoint
from metrics.definition import Status
from metrics.growth.shrinkage import shrink
from metrics.intervals import Z95, wilson


def rates_of(**changes: object) -> ComparedRates:
    given = ComparedRates(
        events=np.array([30.0, 60.0, 0.0]),
        trials=np.array([50.0, 80.0, 0.0]),
        people=np.array([50, 80, 0]),
        sizes=np.array([50.0, 80.0, 0.0]),
        target=0.7,
        trials_each=1.0,
        effective=np.array([50.0, 80.0, 0.0]),
    )
    return replace(given, **changes)


def means_of(**changes: object) -> ComparedMeans:
    given = ComparedMeans(
        values=np.array([0.3, 0.1, np.nan]),
        errors=np.array([0.1, 0.05, np.nan]),
        people=np.array([100, 400, 0]),
        sizes=np.array([100.0, 400.0, 0.0]),
        target=0.2,
        scale=(1.0, 5.0),
    )
    return replace(given, **changes)


def test_a_rate_stands_with_wilsons_interval_beside_the_target() -> None:
    result = measure("cohort_rate").compute(rates_of(), (0,))
    assert (result.estimate, result.expected, result.people) == (0.6, 0.7, 50)
    assert (result.low, result.high) == pytest.approx(wilson(0.6, 50))


@pytest.mark.parametrize("number", [0, 1])
def test_196_errors_lie_at_the_exact_limit_on_the_side_of_the_cohort(number: int) -> None:
    given = rates_of()
    result = measure("cohort_rate").compute(given, (number,))
    size, probability = given.trials[number], (0.025, 0.975)[number]
    # by hand from scipy's binomial distribution: the first cohort lies below 0.7, the other above
    events = binom.ppf(probability, size, 0.7)
    above, below = binom.cdf(events, size, 0.7), binom.cdf(events - 1, size, 0.7)
    limit = (events - (above - probability) / (above - below)) / size
    assert result.expected_error * Z95 == pytest.approx(abs(limit - 0.7))


def test_trials_that_count_as_fewer_widen_the_funnel() -> None:
    narrow = measure("cohort_rate").compute(rates_of(), (0,))
    wide = measure("cohort_rate").compute(rates_of(trials_each=0.25), (0,))
    assert wide.effective_size == 50  # the interval of the rate itself stays
    assert wide.expected_error > 1.7 * narrow.expected_error


def test_a_cohort_without_trials_is_not_defined() -> None:
    result = measure("cohort_rate").compute(rates_of(), (2,))
    assert result.status is Status.UNDEFINED
    assert np.isnan(rates_of().scores[2])


def test_pairings_are_counted_where_they_are_what_was_tried() -> None:
    assert measure("cohort_rate").compute(rates_of(are_pairings=True), (1,)).pairs == 80
    assert measure("cohort_rate").compute(rates_of(), (1,)).pairs is None


def test_the_spread_of_means_is_pooled() -> None:
    # by hand: sqrt((0.1^2 x 100 + 0.05^2 x 400) / 2) = 1
    assert means_of().spread == pytest.approx(1.0)
    assert means_of().scores[:2] == pytest.approx([0.1 / 0.1, -0.1 / 0.05])
    assert np.isnan(means_of().scores[2])


def test_a_change_stands_beside_the_target_with_the_error_of_its_size() -> None:
    result = measure("cohort_change").compute(means_of(), (1,))
    assert (result.estimate, result.expected, result.scale) == (0.1, 0.2, (1.0, 5.0))
    assert result.expected_error == pytest.approx(1 / sqrt(400))
    assert result.spread == pytest.approx(0.05 * sqrt(400))


def test_a_ratio_is_as_many_errors_off_as_its_logarithm() -> None:
    given = means_of(
        values=np.log([1.3, 0.9, np.nan]), target=log(1.1), scale=None, are_pairings=True
    )
    for number in (0, 1):
        result = measure("cohort_ratio").compute(given, (number,))
        score = (result.estimate - result.expected) / result.expected_error
        assert score == pytest.approx(given.scores[number])
    assert result.expected == pytest.approx(1.1)


@pytest.mark.parametrize("key", ["cohort_ratio", "cohort_change"])
def test_what_is_not_published_is_not_compared(key: str) -> None:
    assert measure(key).compute(means_of(), (2,)).status is Status.UNDEFINED


def test_angles_of_rates_by_hand() -> None:
    assert to_arcsine(np.array([0.25]))[0] == pytest.approx(asin(0.5))
    assert from_arcsine(asin(0.5)) == pytest.approx(0.25)
    assert from_arcsine(-0.1) == 0.0
    # 1 / (2 sqrt(100)), wider by sqrt(4)
    assert arcsine_errors(np.array([100.0]), 4.0)[0] == pytest.approx(0.1)


def test_the_angle_has_the_variance_that_is_claimed() -> None:
    # 20,000 draws of 60 trials at 0.3; the standard deviation of the angle is 1 / (2 sqrt(60))
    draws = np.random.default_rng(5).binomial(60, 0.3, 20_000) / 60
    assert to_arcsine(draws).std() == pytest.approx(1 / (2 * sqrt(60)), rel=0.03)


def test_a_rate_drawn_in_has_the_interval_of_its_error() -> None:
    drawn = DrawnIn(
        values=np.array([asin(sqrt(0.8))]),
        errors=np.array([0.05]),
        people=np.array([90]),
        spread=0.1,
    )
    result = measure("cohort_rate_shrunk").compute(drawn, (0,))
    # by hand: 1 / (4 x 0.05^2) = 100 trials
    assert result.estimate == pytest.approx(0.8)
    assert result.effective_size == pytest.approx(100)
    assert (result.low, result.high) == pytest.approx(wilson(0.8, 100))


def test_ratios_and_changes_drawn_in_keep_their_scale() -> None:
    drawn = DrawnIn(
        values=np.array([0.1]), errors=np.array([0.02]), people=np.array([64]), spread=0.0,
        scale=(1.0, 5.0),
    )  # fmt: skip
    ratio = measure("cohort_ratio_shrunk").compute(drawn, (0,))
    assert ratio.estimate == pytest.approx(exp(0.1))
    assert ratio.high == pytest.approx(exp(0.1 + Z95 * 0.02))
    change = measure("cohort_change_shrunk").compute(drawn, (0,))
    assert change.spread == pytest.approx(0.02 * 8)


def test_batting_averages_are_drawn_in_by_what_their_spread_leaves() -> None:
    """Efron & Morris 1975: 18 batters of 45 at bats; on the scale of angles Q is 19.0 there.

    For equal errors the method of Paule and Mandel keeps ``1 - 17 / Q`` of each distance; Stein's
    rule, in the paper, keeps ``1 - 15 / Q``, which is 0.212.
    """
    hits = np.array([18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7])
    angles, error = to_arcsine(hits / 45), arcsine_errors(np.full(18, 45.0))
    squares = float(((angles - angles.mean()) ** 2).sum() / error[0] ** 2)
    assert 1 - 15 / squares == pytest.approx(0.212, abs=0.005)
    together = shrink(angles, error**2)
    kept = (together.values - angles.mean()) / (angles - angles.mean())
    assert kept == pytest.approx(np.full(18, 1 - 17 / squares))


def test_a_funnel_point_without_a_target_is_not_defined() -> None:
    nothing = FunnelPoint(target=float("nan"), low=0.0, high=1.0, people=40)
    assert measure("cohort_limits").compute(nothing, ()).status is Status.UNDEFINED
    point = FunnelPoint(target=0.5, low=0.4, high=0.6, people=40)
    assert measure("cohort_limits").compute(point, ()).high == 0.6
