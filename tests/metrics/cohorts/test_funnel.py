"""Funnel limits, overdispersion and the design effect against published and hand-made values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import bdtr
from scipy.stats import binom, norm

from metrics.cohorts.funnel import (
    FEWEST_SCORES,
    INNER,
    OUTER,
    binomial_limit,
    design_effect,
    normal_limits,
    overdispersion,
    rate_limits,
)

TARGET = 0.15
PROBABILITIES = (0.001, 0.025, 0.975, 0.999)
# smallest r with F(r) >= p; the same from R's qbinom and scipy's binom.ppf
QUANTILES = {20: (0, 0, 6, 9), 50: (1, 3, 13, 16), 200: (16, 20, 40, 47)}
# (r - alpha) / n worked out from those quantiles with R's pbinom; below 0 is cut to 0
LIMITS = {
    50: (0.00540, 0.04679, 0.24599, 0.31474),
    200: (0.07504, 0.09978, 0.19870, 0.23006),
    20: (0.0, 0.0, 0.29662, 0.41522),
}


def by_hand(size: int, probability: float) -> tuple[int, float]:
    """Return quantile and limit as Spiegelhalter 2005 writes them, searching upwards."""
    events = next(r for r in range(size + 1) if binom.cdf(r, size, TARGET) >= probability)
    above, below = binom.cdf(events, size, TARGET), binom.cdf(events - 1, size, TARGET)
    return events, (events - (above - probability) / (above - below)) / size


@pytest.mark.parametrize("size", QUANTILES)
def test_quantiles_and_limits_are_those_of_the_paper_by_two_implementations(size: int) -> None:
    for probability, events, limit in zip(
        PROBABILITIES, QUANTILES[size], LIMITS[size], strict=True
    ):
        found = float(binomial_limit(TARGET, [size], probability)[0])
        hand_events, hand_limit = by_hand(size, probability)
        assert hand_events == events
        assert found == pytest.approx(limit, abs=5e-6)
        assert found == pytest.approx(max(hand_limit, 0.0), abs=1e-12)


def test_interpolation_makes_the_distribution_function_reach_the_probability() -> None:
    # between r - 1 and r the function is drawn as a straight line: at the limit it is p
    size = 80
    limit = float(binomial_limit(0.4, [size], 0.975)[0]) * size
    low, part = int(np.floor(limit)), limit - np.floor(limit)
    line = (1 - part) * bdtr(low, size, 0.4) + part * bdtr(low + 1, size, 0.4)
    assert line == pytest.approx(0.975, abs=1e-12)


@given(
    target=st.floats(0.01, 0.99), size=st.integers(1, 3000), phi=st.floats(1.0, 9.0)
)  # fmt: skip
def test_limits_hold_the_target_and_lie_inside_each_other(
    target: float, size: int, phi: float
) -> None:
    inner_low, inner_high = rate_limits(target, [size], INNER, phi)
    outer_low, outer_high = rate_limits(target, [size], OUTER, phi)
    assert 0 <= outer_low[0] <= inner_low[0] <= target <= inner_high[0] <= outer_high[0] <= 1


def test_exact_limits_come_close_to_normal_ones_in_large_cohorts() -> None:
    # interpolated limits lie half a trial further in, which is 0.000025 here
    size, target = 20_000, 0.4
    error = np.sqrt(target * (1 - target) / size)
    exact = np.array(rate_limits(target, [size], INNER)).ravel()
    assert exact == pytest.approx(np.array(normal_limits(target, [error], INNER)).ravel(), abs=5e-5)


def test_overdispersion_widens_limits_by_its_root() -> None:
    low, high = rate_limits(0.5, [400], INNER)
    wide_low, wide_high = rate_limits(0.5, [400], INNER, phi=4.0)
    assert wide_high - 0.5 == pytest.approx(2 * (high - 0.5))
    assert 0.5 - wide_low == pytest.approx(2 * (0.5 - low))


@pytest.mark.parametrize("target", [0.0, 1.0])
def test_a_rate_of_nobody_or_everybody_has_no_funnel(target: float) -> None:
    low, high = rate_limits(target, [10, 500], INNER)
    assert low.tolist() == high.tolist() == [target, target]


def test_normal_limits_are_quantiles_of_the_normal_distribution() -> None:
    low, high = normal_limits(1.5, [0.2], OUTER, phi=2.25)
    # by hand: 1.5 -+ 3.0902 x 1.5 x 0.2
    assert low[0] == pytest.approx(1.5 - norm.ppf(0.999) * 0.3)
    assert high[0] == pytest.approx(1.5 + 3.090232 * 0.3, abs=1e-6)


def test_overdispersion_by_hand() -> None:
    # ten scores: quantiles at 10 and 90 % are -3.1 and 3.1 by interpolation; squares by hand
    scores = np.array([-4.0, -3.0, -3.0, -2.0, -2.0, 2.0, 2.0, 3.0, 3.0, 4.0])
    assert np.quantile(scores, [0.1, 0.9]) == pytest.approx([-3.1, 3.1])
    by_hand = (2 * 3.1**2 + 4 * 9 + 4 * 4) / 10
    assert by_hand == pytest.approx(7.122)
    assert overdispersion(scores) == 7.2  # rounded up to a tenth


def test_an_outlier_does_not_widen_its_own_limits() -> None:
    scores = np.zeros(40)
    scores[0] = 30.0
    assert overdispersion(scores) == 1.0


def test_overdispersion_counts_only_beyond_what_chance_gives() -> None:
    # 12 scores of +-1.3: phi = 1.69, below 1 + 2 sqrt(2 / 12) = 1.816; of +-1.4: 1.96, above
    signs = np.resize([1.0, -1.0], 12)
    assert overdispersion(1.3 * signs) == 1.0
    assert overdispersion(1.4 * signs) == 2.0


def test_few_scores_say_nothing_about_overdispersion() -> None:
    assert overdispersion(np.full(FEWEST_SCORES - 1, 9.0)) == 1.0
    assert overdispersion([np.nan] * 20) == 1.0
    assert overdispersion([]) == 1.0


def test_the_design_effect_is_that_of_people_who_always_do_the_same() -> None:
    # Kish 1965: 30 people of four trials each who always agree count as 30: 4 trials are one
    rate, people, each = 0.4, 30, 4
    trials = people * each
    variance = rate * (1 - rate) / people
    assert design_effect([rate], [trials], [variance]) == 4.0
    assert design_effect([rate, rate], [trials] * 2, [variance] * 2) == 4.0


def test_the_design_effect_never_makes_more_of_the_data() -> None:
    assert design_effect([0.5], [100], [0.0001]) == 1.0
    assert design_effect([1.0, np.nan], [100, 0], [0.0, np.nan]) == 1.0
    assert design_effect([], [], []) == 1.0
