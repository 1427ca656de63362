"""Partial pooling of crossed groups: hand values, edges, and what it is worth by simulation."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.connection.pooling import (
    CrossedRatios,
    crossed_group_ratio,
    main_effects,
    pool,
)
from metrics.definition import Status
from metrics.intervals import Z95

OWN, BESIDE = (axis.ravel() for axis in np.meshgrid(range(3), range(4), indexing="ij"))


def test_five_values_with_one_mean_are_pulled_as_worked_out_by_hand():
    # by hand: Q = 0.1 / 0.01 = 10, tr(MV) = 4, tr(M) = 400, so tau^2 = 6 / 400 = 0.015,
    # B = 0.01 / 0.025 = 0.4; error^2 = 0.6 * 0.01 + 0.16 * 0.025 / 5 = 0.0068;
    # weights 0.6 I + 0.08 J, so null error^2 = (0.36 + 2 * 0.6 * 0.08 + 5 * 0.08^2) * 0.01
    values, covariance = np.array([0.0, 0.1, 0.2, 0.3, 0.4]), 0.01 * np.eye(5)
    found = pool(values, covariance, covariance, np.ones((5, 1)))
    assert found.spread == pytest.approx(0.015**0.5)
    assert found.estimates == pytest.approx([0.08, 0.14, 0.2, 0.26, 0.32])
    assert found.errors == pytest.approx([0.0068**0.5] * 5)
    assert found.null_errors == pytest.approx([0.00488**0.5] * 5)


def test_values_that_differ_less_than_chance_become_what_they_are_expected_to_be():
    values = np.array([0.01, -0.01, 0.0, 0.01, -0.01])
    found = pool(values, 0.01 * np.eye(5), 0.01 * np.eye(5), np.ones((5, 1)))
    assert found.spread == 0
    assert found.estimates == pytest.approx([0.0] * 5)


def test_additive_values_stay_and_the_more_precise_ones_lead():
    own, beside = np.array([0.0, 0.1, -0.1]), np.array([0.0, 0.2, 0.1, -0.2])
    values = own[OWN] + beside[BESIDE]
    covariance = np.diag(np.linspace(0.001, 0.02, 12))
    found = pool(values, covariance, covariance, main_effects(OWN, BESIDE))
    assert found.estimates == pytest.approx(values)
    # a precise cell pulls the fit, an imprecise one is pulled
    odd = values + np.eye(12)[0] * 0.1
    pulled = pool(odd, covariance, covariance, main_effects(OWN, BESIDE)).estimates - odd
    assert abs(pulled[0]) < np.abs(pulled[1:]).max()


def test_fewer_than_five_groups_and_saturated_designs_stand_as_counted():
    values, covariance = np.array([0.1, -0.3, 0.2, 0.4]), 0.01 * np.eye(4)
    for size, design in ((4, np.ones((4, 1))), (4, np.eye(4))):
        found = pool(values[:size], covariance, covariance, design)
        assert np.isnan(found.spread)
        assert found.estimates == pytest.approx(values)
        assert found.errors == pytest.approx([0.1] * 4)
    six = np.arange(6) / 10
    assert np.isnan(pool(six, 0.01 * np.eye(6), 0.01 * np.eye(6), np.eye(6)).spread)


def crossed_ratios(values, **changes):
    size = len(values)
    facts = {
        "ratios": np.array(values), "errors": np.full(size, 0.1), "lottery_errors":
        np.full(size, 0.1), "correlation": np.eye(size), "own": OWN[:size], "beside":
        BESIDE[:size], "people": np.full(size, 50),
    }  # fmt: skip
    return CrossedRatios(**facts | changes)


def test_a_group_without_a_number_takes_no_part():
    values = np.exp(np.linspace(-0.2, 0.2, 12))
    without = values.copy()
    without[3] = np.nan
    result = crossed_group_ratio(crossed_ratios(without), (3,))
    assert result.status is Status.UNDEFINED
    assert result.reason
    rest = [number for number in range(12) if number != 3]
    alone = crossed_ratios(
        values[rest], own=OWN[rest], beside=BESIDE[rest], correlation=np.eye(11)
    )  # fmt: skip
    for place, number in enumerate(rest):
        mine = crossed_group_ratio(crossed_ratios(without), (number,))
        assert mine.estimate == pytest.approx(crossed_group_ratio(alone, (place,)).estimate)


def test_ratios_without_logarithm_or_error_are_refused():
    with pytest.raises(ValueError, match="more than 0"):
        crossed_ratios([0.0, 1.0])
    with pytest.raises(ValueError, match="missing"):
        crossed_ratios([1.0, 1.0], errors=np.array([0.1, np.nan]))


def drawn(rng, spread, repeats):
    """Return true values with additive effects, and values counted with errors that correlate."""
    errors = np.linspace(0.03, 0.2, 12)
    correlation = 0.7 * np.eye(12) + 0.3
    covariance = np.outer(errors, errors) * correlation
    own, beside = rng.normal(0, 0.1, (repeats, 3)), rng.normal(0, 0.1, (repeats, 4))
    truth = own[:, OWN] + beside[:, BESIDE] + rng.normal(0, spread, (repeats, 12))
    noise = rng.multivariate_normal(np.zeros(12), covariance, repeats)
    return truth, truth + noise, covariance


@pytest.mark.simulation
@pytest.mark.parametrize(("spread", "gain"), [(0.0, 0.75), (0.05, 0.8), (0.2, 1.0)])
def test_steadied_values_are_nearer_the_truth_than_those_counted(spread, gain):
    rng = np.random.default_rng(20)
    truth, counted, covariance = drawn(rng, spread, 1500)
    design = main_effects(OWN, BESIDE)
    found = [pool(each, covariance, covariance, design) for each in counted]
    steadied = np.array([each.estimates for each in found])
    ratio = ((steadied - truth) ** 2).mean() / ((counted - truth) ** 2).mean()
    assert ratio < gain
    # intervals hold the truth about as often as they say
    errors = np.array([each.errors for each in found])
    inside = np.abs(steadied - truth) < Z95 * errors
    assert 0.90 < inside.mean() < 0.98


@pytest.mark.simulation
def test_the_spread_is_found_on_average():
    _, counted, covariance = drawn(np.random.default_rng(21), 0.15, 1500)
    design = main_effects(OWN, BESIDE)
    spreads = [pool(each, covariance, covariance, design).spread ** 2 for each in counted]
    # the moment estimator is without bias but for its floor at 0
    assert np.mean(spreads) == pytest.approx(0.15**2, rel=0.1)
