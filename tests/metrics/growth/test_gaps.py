"""Gaps in growth against scipy and statsmodels, by hand, and in simulated organisations."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from numpy.typing import ArrayLike
from scipy import stats

from metrics.definition import Status
from metrics.growth.gain import MANY_LEFT
from metrics.growth.gaps import GainSums, growth_gap, growth_gap_adjusted

SCALE = (1.0, 5.0)
GAINS = np.array([0.2, 0.5, -0.1, 0.4, 0.0, 0.3, 0.9, 0.7, 1.1, 0.6, 0.8, 0.1])
SIDES = np.array([0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0])
STRATA = np.array([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1])


def gain_sums(
    gains: ArrayLike, sides: ArrayLike, strata: ArrayLike, left: tuple[int, int] = (0, 0)
) -> GainSums:
    """Return the sums of people: one entry each; ``left`` of each side have no last rating."""
    gains, sides = np.asarray(gains, dtype=float), np.asarray(sides, dtype=int)
    strata = np.asarray(strata, dtype=int)
    people, gain, squares = (np.zeros((strata.max(initial=-1) + 1, 2)) for _ in range(3))
    for table, values in ((people, np.ones_like(gains)), (gain, gains), (squares, gains**2)):
        np.add.at(table, (strata, sides), values)
    started = people.sum(axis=0) + np.array(left)
    return GainSums(people=people, gain=gain, squares=squares, started=started, scale=SCALE)


def test_the_gap_as_it_is_is_welch_s() -> None:
    """Expected: scipy.stats.ttest_ind with unequal variances."""
    result = growth_gap(gain_sums(GAINS, SIDES, STRATA))
    other = stats.ttest_ind(GAINS[SIDES == 1], GAINS[SIDES == 0], equal_var=False)
    interval = other.confidence_interval(0.95)
    assert result.estimate == pytest.approx(GAINS[SIDES == 1].mean() - GAINS[SIDES == 0].mean())
    assert (result.low, result.high) == pytest.approx((interval.low, interval.high))
    assert (result.people, result.expected) == (6, 0.0)
    assert result.expected_error == pytest.approx(result.spread / np.sqrt(6))


def test_the_gap_between_people_alike_is_the_coefficient_beside_strata() -> None:
    """Expected: statsmodels OLS of gains on the group and one dummy a stratum."""
    design = np.column_stack([SIDES, STRATA == 0, STRATA == 1]).astype(float)
    fitted = sm.OLS(GAINS, design).fit()
    assert growth_gap_adjusted(gain_sums(GAINS, SIDES, STRATA)).estimate == pytest.approx(
        fitted.params[0]
    )


def test_its_weights_and_variance_are_those_written_out() -> None:
    """Expected by hand: gaps 1 and 0, weights 2 x 2 / 4 = 1 and 4 x 4 / 8 = 2, so 1 / 3.

    Variances of 0.02 and 0.04 / 3 within: (1 (2 x 0.01) + 4 (2 x 0.01 / 3)) / 9.
    """
    few, many = [0.0, 0.2, 1.0, 1.2], [0.0, 0.2, 0.0, 0.2]
    gains = [*few, *many, *many]
    sides = [0, 0, 1, 1, *[0] * 4, *[1] * 4]
    result = growth_gap_adjusted(gain_sums(gains, sides, [0] * 4 + [1] * 8))
    assert result.estimate == pytest.approx(1 / 3)
    assert result.expected_error**2 == pytest.approx((0.02 + 4 * 2 * 0.01 / 3) / 9)
    # somebody weighs 1/3 / 2 = 1/6 in either stratum: as one of six
    assert result.people == 6


def test_a_gap_that_programmes_alone_make_is_gone_between_people_alike() -> None:
    """Expected: nothing, since both sides gain alike in each stratum, by construction."""
    draw = np.random.default_rng(4)
    strata = np.repeat([0, 1], 300)
    sides = (draw.random(600) < np.where(strata, 0.8, 0.2)).astype(int)
    gains = 0.6 * strata + draw.normal(0, 0.5, 600)
    sums = gain_sums(gains, sides, strata)
    assert growth_gap(sums).low > 0.2
    alike = growth_gap_adjusted(sums)
    assert alike.low < 0 < alike.high


def test_strata_without_both_sides_do_not_count() -> None:
    lone = gain_sums([*GAINS, 5.0, 5.0, 4.0], [*SIDES, 0, 0, 1], [*STRATA, 2, 2, 2])
    assert growth_gap_adjusted(lone).estimate == pytest.approx(
        growth_gap_adjusted(gain_sums(GAINS, SIDES, STRATA)).estimate
    )
    apart = gain_sums(GAINS, SIDES, SIDES)
    assert growth_gap_adjusted(apart).status is Status.UNDEFINED
    assert growth_gap(apart).status is Status.OK


def test_where_too_many_left_on_one_side_there_is_no_gap() -> None:
    """Expected: six of eleven people are 55 %, fewer than 60 %; six of ten are not."""
    for compute in (growth_gap, growth_gap_adjusted):
        assert compute(gain_sums(GAINS, SIDES, STRATA, (0, 5))).reason == MANY_LEFT
        assert compute(gain_sums(GAINS, SIDES, STRATA, (4, 0))).status is Status.OK


@pytest.mark.simulation
def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Expected: 95 % of 2,000 draws, within three standard errors of 0.5 points."""
    held = np.zeros(2)
    for seed in range(2000):
        draw = np.random.default_rng(seed)
        strata = draw.integers(0, 6, 130)
        sides = (draw.random(130) < 0.3 + 0.08 * strata).astype(int)
        # the sides are not spread alike, and the gap of 0.1 is the same everywhere
        noise = draw.normal(0, np.where(sides, 0.9, 0.5))
        at = gain_sums(0.1 * sides + noise, sides, strata)
        for number, compute in enumerate((growth_gap, growth_gap_adjusted)):
            result = compute(at)
            held[number] += result.low <= 0.1 <= result.high
    assert held / 2000 == pytest.approx(0.95, abs=0.015)
