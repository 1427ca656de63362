"""Wilson's interval and the effective size that feeds it."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from metrics.intervals import Z95, clustered_variance, effective_size, wilson


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        # Newcombe 1998, Statistics in Medicine 17, table I
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_newcombes_printed_bounds(
    successes: int, trials: int, low: float, high: float
) -> None:
    assert wilson(successes / trials, trials) == pytest.approx((low, high), abs=5e-5)


def test_wilson_agrees_with_statsmodels_for_many_at_once() -> None:
    successes, trials = np.array([0, 1, 7, 20, 49, 50]), np.array([50, 50, 8, 40, 50, 50])
    low, high = proportion_confint(successes, trials, method="wilson")
    found = wilson(successes / trials, trials)
    assert found[0] == pytest.approx(low)
    assert found[1] == pytest.approx(high)


def test_wilson_without_trials_knows_nothing_and_of_nan_is_nan() -> None:
    assert wilson(0.5, 0) == (0, 1)
    assert np.isnan(wilson(float("nan"), 10)).all()


def test_z95_is_the_normal_quantile() -> None:
    assert pytest.approx(1.959963985, abs=5e-10) == Z95


def test_effective_size_is_the_binomial_variance_over_the_real_one() -> None:
    # by hand: 0.25 / 0.005
    assert effective_size(0.5, 0.005, 100) == pytest.approx(50)


@pytest.mark.parametrize("variance", [-0.01, 0.0, 1e-6, float("nan")])
def test_effective_size_never_exceeds_the_trials(variance: float) -> None:
    assert effective_size(0.5, variance, 100) == pytest.approx(100)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_effective_size_of_unanimity_is_the_trials(share: float) -> None:
    assert effective_size(share, 0.0, 12) == 12


def test_effective_size_of_nothing_is_nan() -> None:
    assert np.isnan(effective_size(float("nan"), 0.1, 0))


def test_clustered_variance_of_single_trials_is_binomial() -> None:
    # 10 people with one trial each, 4 successes: p (1 - p) / n
    assert clustered_variance(0.4, 10, (4, 4, 10)) == pytest.approx(0.024)


def test_clustered_variance_of_repeaters_is_that_of_statsmodels() -> None:
    import statsmodels.api as sm

    rng = np.random.default_rng(2)
    person = np.repeat(np.arange(15), 4)
    outcome = (rng.random(60) < np.repeat(rng.random(15), 4)).astype(float)
    fit = sm.OLS(outcome, np.ones(60)).fit(
        cov_type="cluster", cov_kwds={"groups": person, "use_correction": False}
    )
    x = np.bincount(person, outcome)
    d = np.bincount(person).astype(float)
    found = clustered_variance(outcome.mean(), 60, ((x * x).sum(), (x * d).sum(), (d * d).sum()))
    assert found == pytest.approx(fit.cov_params()[0, 0])
