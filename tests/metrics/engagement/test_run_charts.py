"""Run charts: published run lengths, a published series, and the budget of false alarms."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.engagement.run_charts import (
    ALLOWANCE,
    ewma,
    ewma_reach,
    falling_sums,
    limit_for,
    run_length,
)

# NIST/SEMATECH e-Handbook of Statistical Methods, section on EWMA charts: data and averages
NIST = (
    52, 47, 53, 49.3, 50.1, 47, 51, 50.1, 51.2, 50.5,
    49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1,
)  # fmt: skip
NIST_AVERAGES = (
    50.60, 49.52, 50.56, 50.18, 50.16, 49.21, 49.75, 49.85, 50.26, 50.33,
    50.11, 49.36, 49.52, 50.05, 49.38, 49.92, 50.73, 51.23, 51.94, 51.99,
)  # fmt: skip
CHAINS = 8000


def mean_run(limit: float, shift: float = 0.0, *, sides: int = 1, seed: int = 5) -> float:
    """Return the mean run length of the CUSUM over simulated normal scores."""
    generator = np.random.default_rng(seed)
    low, high = np.zeros(CHAINS), np.zeros(CHAINS)
    lengths: list[np.ndarray] = []
    step = 0
    while low.size:
        step += 1
        scores = generator.standard_normal(low.size) - shift
        low = np.maximum(0, low - scores - ALLOWANCE)
        high = np.maximum(0, high + scores - ALLOWANCE) if sides == 2 else high
        out = (low > limit) | (high > limit)
        lengths.append(np.full(int(out.sum()), step))
        low, high = low[~out], high[~out]
    return float(np.concatenate(lengths).mean())


def test_the_moving_average_is_that_of_the_nist_handbook() -> None:
    assert ewma(NIST, 50, 0.3) == pytest.approx(NIST_AVERAGES, abs=0.01)


def test_its_limits_are_those_of_the_nist_handbook_and_nothing_is_signalled() -> None:
    reach = 2.0539 * ewma_reach(0.3, 3)
    assert (50 - reach, 50 + reach) == pytest.approx((47.4116, 52.5884), abs=1e-3)
    assert np.all(np.abs(ewma(NIST, 50, 0.3) - 50) < reach)


def test_early_limits_are_narrower() -> None:
    # by hand: sqrt(0.3 / 1.7 * (1 - 0.7^2)) = 0.3
    assert ewma_reach(0.3, 1, number=1) == pytest.approx(0.3)


def test_sums_of_falls_by_hand() -> None:
    # -(-1) - 0.5 = 0.5; 0.5 + 2 - 0.5 = 2; 2 - 3 - 0.5 < 0
    assert falling_sums([-1, -2, 3]).tolist() == [0.5, 2.0, 0.0]


@pytest.mark.simulation
@pytest.mark.parametrize(
    ("limit", "shift", "sides", "published"),
    # one-sided: simulated for this project; two-sided: Montgomery, Introduction to Statistical
    # Quality Control, 168 and 465 without a change, 8.38 and 10.4 after one standard deviation
    [(4, 0, 1, 338), (5, 0, 1, 950), (4, 0, 2, 168), (4, 1, 2, 8.38), (5, 0, 2, 465),
     (5, 1, 2, 10.4)],
)  # fmt: skip
def test_run_lengths_are_the_published_ones(limit, shift, sides, published) -> None:
    assert mean_run(limit, shift, sides=sides) == pytest.approx(published, rel=0.05)


@pytest.mark.simulation
@pytest.mark.parametrize(("shift", "published"), [(0.0, 374), (1.0, 9.6)])
def test_run_lengths_of_the_moving_average(shift: float, published: float) -> None:
    # weight 0.1, width 2.7, settled limits; simulated for this project
    generator = np.random.default_rng(3)
    averages, lengths, step = np.zeros(CHAINS), [], 0
    while averages.size:
        step += 1
        averages = 0.1 * (generator.standard_normal(averages.size) - shift) + 0.9 * averages
        out = np.abs(averages) > ewma_reach(0.1, 2.7)
        lengths.append(np.full(int(out.sum()), step))
        averages = averages[~out]
    assert np.concatenate(lengths).mean() == pytest.approx(published, rel=0.05)


@pytest.mark.parametrize(("limit", "simulated"), [(4, 338), (5, 950)])
def test_the_formula_of_run_lengths_holds_within_five_per_cent(limit, simulated) -> None:
    # Siegmund 1985 against the simulation above
    assert run_length(limit) == pytest.approx(simulated, rel=0.05)


def test_a_limit_gives_the_run_length_that_was_asked_for() -> None:
    assert run_length(limit_for(1000)) == pytest.approx(1000)
    assert limit_for(1) == 0.0


def test_a_drop_of_half_a_standard_deviation_is_the_edge_of_the_formula() -> None:
    # limit of the formula for a drift of 0: b^2
    assert run_length(4, shift=0.5) == pytest.approx(run_length(4, shift=0.5001), rel=0.01)
