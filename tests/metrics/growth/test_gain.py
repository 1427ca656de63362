"""Changes of the same people: published vectors, other libraries, and what cannot be told."""

from __future__ import annotations

from math import isnan, sqrt

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as formula
from scipy import stats

from metrics.definition import Status
from metrics.growth.baseline import adjusted_change, starts_lower
from metrics.growth.gain import (
    MANY_LEFT,
    ONE_WAVE,
    SAME_ANSWER,
    PairedSums,
    WaveSums,
    chance_of_more,
    skill_gain,
    skill_gain_standardised,
    skill_mean,
    small_sample_correction,
    standardised_difference,
    standardised_mean_change,
)

# Student's sleep data (Cushny & Peebles 1905), as in R's `sleep`
SLEEP = (
    [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
    [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
)
ONE_TO_FIVE = (1.0, 5.0)


def paired(x, y, scale=ONE_TO_FIVE, **facts):
    """Return the sums that the store gives; `started` counts further people without a last one."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    started = len(x) + facts.pop("missing", 0)
    return PairedSums(
        people=len(x), started=started, x=x.sum(), y=y.sum(), xx=x @ x, yy=y @ y, xy=x @ y,
        rose=int((y > x).sum()), scale=scale, **facts,
    )  # fmt: skip


def waves(x, scale=ONE_TO_FIVE):
    x = np.asarray(x, float)
    return WaveSums(people=len(x), total=x.sum(), squares=x @ x, scale=scale)


def test_sleep_gives_the_published_paired_interval():
    # t.test(paired = TRUE) of R: difference (second less first) 1.58, t 4.0621, 9 degrees
    result = skill_gain(paired(*SLEEP))
    assert result.estimate == pytest.approx(1.58)
    assert (result.low, result.high) == pytest.approx((0.7001142367, 2.4598857633))
    error = result.spread / sqrt(10)
    assert result.estimate / error == pytest.approx(4.062127683)
    assert stats.ttest_rel(SLEEP[1], SLEEP[0]).statistic == pytest.approx(4.062127683)


def test_hedges_correction_and_g_of_the_textbook_example():
    # Borenstein et al. 2009, chapter 4: means 103 and 100, sd 5.5 and 4.5, 50 each;
    # variance as metafor's escalc with vtype "LS" prints it
    assert small_sample_correction(98) == pytest.approx(0.9923240874)
    value, variance = standardised_difference((103, 100), (5.5, 4.5), (50, 50))
    assert value == pytest.approx(0.5924396, abs=5e-8)
    assert variance == pytest.approx(0.041755, abs=5e-7)


def test_the_correction_of_nine_degrees_gives_the_published_g_of_sleep():
    # effectsize 1.17: d_z 1.2845575626, g_z 1.1739249035
    assert 1.2845575626 * small_sample_correction(9) == pytest.approx(1.1739249035)


def test_a_standardised_change_follows_its_formula():
    # by hand: J(9) = 0.9138741, change 1.58, sd before 1.789, r 0.795
    x, y = map(np.asarray, SLEEP)
    before, r = x.std(ddof=1), np.corrcoef(x, y)[0, 1]
    value, variance = standardised_mean_change(1.58, before, r, 10)
    assert value == pytest.approx(small_sample_correction(9) * 1.58 / before)
    result = skill_gain_standardised(paired(*SLEEP))
    assert (result.low + result.high) / 2 == pytest.approx(value)
    assert result.high - result.low == pytest.approx(2 * 1.959964 * sqrt(variance), abs=1e-5)
    assert (result.estimate, result.base) == pytest.approx((1.58, before))


def test_a_chance_of_more_is_that_of_two_normal_people():
    # McGraw & Wong 1992: d = 0.5 gives .64
    assert chance_of_more(0.5) == pytest.approx(0.638, abs=5e-4)
    draw = np.random.default_rng(4).normal(size=(2, 200_000))
    assert chance_of_more(0.43) == pytest.approx((draw[0] + 0.43 > draw[1]).mean(), abs=0.004)


def test_a_mean_has_the_interval_of_scipy():
    x = np.random.default_rng(8).integers(1, 6, 60)
    result = skill_mean(waves(x))
    low, high = stats.t.interval(0.95, 59, x.mean(), stats.sem(x))
    assert (result.low, result.estimate, result.high) == pytest.approx((low, x.mean(), high))


def test_a_scale_from_one_to_four_stays_one():
    assert skill_mean(waves([1, 2, 4], scale=(1.0, 4.0))).scale == (1.0, 4.0)


def test_everybody_alike_has_a_change_and_no_standardised_one():
    same = paired([3.0] * 60, [3.0] * 60)
    assert skill_gain(same).estimate == 0
    result = skill_gain_standardised(same)
    assert (result.status, result.reason) == (Status.UNDEFINED, SAME_ANSWER)
    assert isnan(result.estimate)


def test_one_wave_only_says_so():
    once = PairedSums(people=0, started=80, x=0, y=0, xx=0, yy=0, xy=0, scale=ONE_TO_FIVE)
    result = skill_gain(once)
    assert (result.status, result.reason, result.people) == (Status.UNDEFINED, ONE_WAVE, 80)


def test_a_change_is_not_told_where_more_than_two_in_five_left():
    x = np.tile([2.0, 3.0, 4.0], 20)
    assert skill_gain(paired(x, x + 0.2, missing=40)).status is Status.OK
    result = skill_gain(paired(x, x + 0.2, missing=41))
    assert (result.status, result.reason) == (Status.UNDEFINED, MANY_LEFT)


def low_start(seed=5, people=300):
    """Return participants chosen for a low first rating, and everybody else; nobody changes."""
    draw = np.random.default_rng(seed)
    level = draw.normal(3.2, 0.5, 4 * people)
    x, y = (level + draw.normal(0, 0.5, level.size) for _ in range(2))
    chosen = x < np.quantile(x, 0.25)
    return paired(x[chosen], y[chosen]), paired(x[~chosen], y[~chosen]), (x, y, chosen)


def test_the_adjusted_change_is_that_of_ordinary_least_squares():
    own, other, (x, y, chosen) = low_start()
    frame = pd.DataFrame({"x": x, "y": y, "g": chosen.astype(float)})
    fitted = formula.ols("y ~ x + g", frame).fit()
    adjusted, expected, error = adjusted_change(own, other)
    assert adjusted == pytest.approx(fitted.params["g"])
    assert error == pytest.approx(fitted.bse["g"])
    mean = x[chosen].mean()
    assert expected == pytest.approx(
        fitted.predict(pd.DataFrame({"x": [mean], "g": [0.0]}))[0] - mean
    )


def test_a_low_start_is_expected_to_rise_by_itself():
    own, other, _ = low_start()
    assert starts_lower(own, other)
    alone = skill_gain(own)
    beside = skill_gain(PairedSums(**{**vars(own), "compared": other}))
    assert alone.expected == 0 and alone.low > 0.2
    assert abs(beside.estimate - beside.expected) < 1.96 * beside.expected_error
    assert "low a start" in beside.reason


def test_an_equal_start_is_compared_with_no_change():
    draw = np.random.default_rng(1)
    x = draw.normal(3, 0.5, 200)
    own, other = paired(x, x + 0.3), paired(x, x)
    assert skill_gain(PairedSums(**{**vars(own), "compared": other})).expected == 0
