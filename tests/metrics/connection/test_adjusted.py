"""Crossing on one attribute with others taken into account."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm

from metrics.connection.adjusted import (
    INSEPARABLE,
    UNSETTLED,
    adjusted_cross_group_ratio,
    preference,
)
from metrics.connection.cross_group import cross_group_ratio
from metrics.connection.judging import NO_CHOICE
from metrics.definition import Status
from tests.metrics.connection.pairing_tables import count_pairings, random_pairings
from tests.metrics.connection.pattern_tables import count_patterns, draw_rounds


def correlated(rng, people, share=0.6, groups=3):
    """Return two attributes of which the second often repeats the first."""
    first = rng.integers(0, groups, people)
    second = np.where(rng.random(people) < share, first, rng.integers(0, groups, people))
    return np.column_stack([first, second])


def drawn(seed, slopes, people=150, rounds=4):
    rng = np.random.default_rng(seed)
    held = correlated(rng, people)
    pairs, strata = draw_rounds(rng, held, slopes, rounds)
    return pairs, held, strata


@pytest.mark.parametrize("seed", range(4))
def test_a_single_attribute_gives_exactly_observed_over_expected(seed):
    rng = np.random.default_rng(seed)
    pairs, group, strata = random_pairings(rng, 40, 3, 120, 5)
    weights = rng.choice([1.0, 0.5], len(pairs)).tolist()
    alone = cross_group_ratio(count_pairings(pairs, group, strata=strata, weights=weights))
    people = np.array(group)[:, None]
    found = adjusted_cross_group_ratio(
        count_patterns(pairs, people, strata=strata, weights=weights), (0,)
    )
    assert found.estimate == pytest.approx(alone.estimate, rel=1e-9)
    assert found.base == pytest.approx(alone.base, rel=1e-9)
    assert found.expected_error == pytest.approx(alone.expected_error, rel=1e-9)
    assert (found.pairs, found.people) == (alone.pairs, alone.people)


@pytest.mark.parametrize("slopes", [(0.0, 0.0), (-0.5, 0.3)])
def test_slopes_are_those_of_a_poisson_regression_in_statsmodels(slopes):
    """One row per stratum and pattern, offset log E, one constant per stratum."""
    pairs, people, strata = drawn(3, slopes)
    patterns = count_patterns(pairs, people, strata=strata)
    found = preference(patterns)
    expected = (patterns.lottery * patterns.stratum_weights[:, None]).ravel()
    constants = np.kron(np.eye(len(patterns.pairings)), np.ones((4, 1)))
    design = np.hstack([np.tile(patterns.bits, (len(patterns.pairings), 1)), constants])
    fitted = sm.GLM(
        patterns.weights.ravel(), design, family=sm.families.Poisson(), offset=np.log(expected)
    ).fit(tol=1e-12)
    assert found.slope == pytest.approx(fitted.params[:2], abs=1e-7)
    errors = np.sqrt(np.diag(np.linalg.inv(found.information)))
    assert errors == pytest.approx(fitted.bse[:2], rel=1e-6)


def test_the_variance_of_a_slope_is_the_double_sum_over_pairings_that_share_a_person():
    """Written out in one stratum, where the fitted share is observed over total exactly."""
    pairs, people, _ = drawn(5, (0.0, 0.0), people=40, rounds=3)
    people = people[:, :1]
    patterns = count_patterns(pairs, people)
    found = adjusted_cross_group_ratio(patterns, (0,))
    differs = np.array([people[i, 0] != people[j, 0] for i, j in pairs], dtype=float)
    residual = differs - differs.mean()
    shared = np.array([[bool({*one} & {*other}) for other in pairs] for one in pairs])
    variance = residual @ shared @ residual / len(pairs) ** 2
    share = differs.mean()
    assert found.effective_size == pytest.approx(share * (1 - share) / variance, rel=1e-6)


def test_an_effect_on_one_of_two_attributes_that_go_together_is_found_on_that_one():
    """Planted: who differs on the first attribute is exp(-0.7) times as likely to be picked."""
    pairs, people, strata = drawn(8, (-0.7, 0.0), people=600, rounds=6)
    patterns = count_patterns(pairs, people, strata=strata)
    total = patterns.observed / patterns.expected
    first, second = (adjusted_cross_group_ratio(patterns, (a,)) for a in (0, 1))
    # by itself, the second attribute seems to keep people apart as well
    assert total[1] < 0.95
    assert second.low < 1 < second.high
    assert abs(second.estimate - 1) < 0.03
    assert first.high < 0.9
    assert preference(patterns).slope == pytest.approx([-0.7, 0.0], abs=0.12)


def test_an_attribute_on_which_nobody_can_differ_is_not_defined_and_spoils_no_other():
    pairs, people, strata = drawn(2, (-0.5, 0.0))
    same = np.column_stack([people, np.zeros(len(people), dtype=int)])
    patterns = count_patterns(pairs, same, strata=strata)
    third = adjusted_cross_group_ratio(patterns, (2,))
    assert (third.status, third.reason) == (Status.UNDEFINED, NO_CHOICE)
    without = adjusted_cross_group_ratio(count_patterns(pairs, people, strata=strata), (0,))
    assert adjusted_cross_group_ratio(patterns, (0,)).estimate == pytest.approx(without.estimate)


def test_attributes_that_always_go_together_cannot_be_told_apart():
    pairs, people, strata = drawn(2, (0.0, 0.0))
    twice = np.repeat(people[:, :1], 2, axis=1)
    found = adjusted_cross_group_ratio(count_patterns(pairs, twice, strata=strata), (0,))
    assert (found.status, found.reason) == (Status.UNDEFINED, INSEPARABLE)


def test_without_any_crossing_several_attributes_are_too_much_to_ask():
    people = np.array([[0, 0], [0, 1], [1, 0], [1, 1]] * 6)
    same = [(i, j) for i in range(24) for j in range(i) if people[i, 0] == people[j, 0]]
    pairs = [same[k] for k in np.random.default_rng(0).choice(len(same), 40, replace=False)]
    found = adjusted_cross_group_ratio(count_patterns(pairs, people), (0,))
    assert (found.status, found.reason) == (Status.UNDEFINED, UNSETTLED)


def test_few_expected_crossings_are_too_few_to_say():
    """Four pairings of eight people: half of each kind, so 16/7 crossings are expected."""
    people = np.array([[0, 0], [1, 0], [0, 1], [1, 1], [0, 0], [1, 1], [0, 1], [1, 0]])
    found = adjusted_cross_group_ratio(
        count_patterns([(0, 1), (2, 4), (3, 6), (5, 7)], people), (0,)
    )
    assert found.status is Status.TOO_FEW
    assert found.base == pytest.approx(4 / 7)


def test_numbers_of_people_do_not_change_the_estimate():
    patterns = count_patterns(*drawn(1, (0.0, 0.0))[:2])
    more = replace(patterns, people=999)
    one, other = (adjusted_cross_group_ratio(each, (0,)) for each in (patterns, more))
    assert one == replace(other, people=one.people)


@pytest.mark.simulation
@pytest.mark.parametrize("slopes", [(0.0, 0.0), (-0.5, 0.0)])
def test_an_attribute_that_does_nothing_is_rarely_found_guilty(slopes):
    """80 organisations of 150 people; 5 % expected, at most 10 % allowed for chance."""
    rejected = covered = 0
    for seed in range(80):
        pairs, people, strata = drawn(1000 + seed, slopes)
        found = adjusted_cross_group_ratio(count_patterns(pairs, people, strata=strata), (1,))
        rejected += abs(found.estimate - 1) > 1.96 * found.expected_error
        covered += found.low <= 1 <= found.high
    assert rejected <= 8
    assert covered >= 72
