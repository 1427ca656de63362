"""Who is missing: weights against other libraries, bounds by hand, and what weighting repairs."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from sklearn.linear_model import LogisticRegression

from metrics.definition import Status
from metrics.growth.missing import (
    Started,
    chances_to_stay,
    inverse_weights,
    skill_coverage,
    skill_gain_weighted,
    skill_rise_bounds,
    weighted_mean,
)
from tests.metrics.growth.test_gain import ONE_TO_FIVE, paired


def people(seed=3, count=900):
    """Return people of whom those with a low start rise more, and leave more often."""
    draw = np.random.default_rng(seed)
    x = draw.normal(3, 0.8, count)
    active = draw.poisson(5, count).astype(float)
    y = x + 0.3 - 0.4 * (x - 3) + draw.normal(0, 0.4, count)
    stay = draw.random(count) < 1 / (1 + np.exp(-(0.6 + 1.2 * (x - 3) + 0.1 * (active - 5))))
    return x, active, y, stay


def started(x, active, y, stay):
    known = np.column_stack([x, active, x > 3]).astype(float)
    return Started(x=x, y=np.where(stay, y, np.nan), known=known, scale=ONE_TO_FIVE)


def test_chances_are_those_of_scikit_learn():
    x, active, _, stay = people()
    known = np.column_stack([x, active])
    standard = (known - known.mean(axis=0)) / known.std(axis=0)
    other = LogisticRegression(C=1.0, tol=1e-10).fit(standard, stay).predict_proba(standard)[:, 1]
    assert chances_to_stay(known, stay) == pytest.approx(other, abs=1e-5)


def test_a_property_that_all_share_changes_nothing():
    x, active, _, stay = people()
    known = np.column_stack([x, active])
    wider = np.column_stack([known, np.ones(len(x))])
    assert chances_to_stay(wider, stay) == pytest.approx(chances_to_stay(known, stay))


def test_a_weighted_mean_has_the_robust_error_of_weighted_least_squares():
    x, _, y, stay = people()
    change = (y - x)[stay]
    weights = inverse_weights(np.full(len(x), 0.5) + 0.1 * np.sign(x - 3), stay)
    mean, error, effective = weighted_mean(change, weights)
    fitted = sm.WLS(change, np.ones(len(change)), weights=weights).fit(cov_type="HC0")
    assert (mean, error) == pytest.approx((fitted.params[0], fitted.bse[0]))
    # Kish's effective number never exceeds the number of people
    assert effective < stay.sum()


def test_weighting_repairs_what_the_start_explains():
    x, active, y, stay = people(count=4000)
    plain, truth = (y - x)[stay].mean(), (y - x).mean()
    result = skill_gain_weighted(started(x, active, y, stay))
    assert abs(plain - truth) > 0.08
    assert abs(result.estimate - truth) < 0.03
    assert result.people == stay.sum()


def test_a_place_takes_the_weights_that_all_people_taught():
    x, active, y, stay = people(count=4000)
    everybody = started(x, active, y, stay)
    half = np.arange(4000) % 2 == 0
    both = [skill_gain_weighted(everybody.within(part)) for part in (half, ~half)]
    assert sum(each.people for each in both) == stay.sum()
    # the two parts together are the whole, each by the sum of its weights
    shares = [everybody.weights[part[stay]].sum() for part in (half, ~half)]
    mean = np.average([each.estimate for each in both], weights=shares)
    assert mean == pytest.approx(skill_gain_weighted(everybody).estimate)
    # where nobody of a place is missing there is nothing to weigh
    assert skill_gain_weighted(everybody.within(stay)).reason == "nobody is missing at the end"
    assert skill_gain_weighted(everybody.within(stay & (np.cumsum(stay) < 50))).status is (
        Status.UNDEFINED
    )


def test_there_is_nothing_to_weigh_where_nobody_is_missing_or_hardly_anybody_is_left():
    x, active, y, stay = people()
    everybody = started(x, active, y, np.ones_like(stay))
    assert skill_gain_weighted(everybody).reason == "nobody is missing at the end"
    few = started(x, active, y, np.arange(len(x)) < 49)
    assert skill_gain_weighted(few).status is Status.UNDEFINED


def test_coverage_and_worst_cases_by_hand():
    # ten of twenty have a last rating, four of them rose: at least 4/20, at most 14/20
    sums = paired([3.0] * 10, [4.0] * 4 + [3.0] * 6, missing=10)
    assert skill_coverage(sums).estimate == 0.5
    bounds = skill_rise_bounds(sums)
    assert (bounds.low, bounds.high, bounds.estimate) == (0.2, 0.7, 0.4)


def test_nobody_gives_no_coverage():
    nobody = paired([], [])
    assert skill_coverage(nobody).status is Status.UNDEFINED
    assert skill_rise_bounds(nobody).status is Status.UNDEFINED
