"""Growth since a start, against people not begun."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from metrics.claims.rollout import NEVER, comparisons, rollout

BEGAN = np.array([1, 1, 2, 2, NEVER, NEVER])
SCORES = np.array(
    [
        [1.0, 3.0, 4.0],
        [2.0, 4.0, 6.0],
        [1.0, 1.0, 3.0],
        [3.0, 4.0, 5.0],
        [2.0, 2.0, 3.0],
        [4.0, 5.0, 5.0],
    ]
)


def test_each_comparison_is_that_of_a_hand_calculation():
    """Expected, by hand: means of changes.

    (1, 1): (2 + 2)/2 - (0 + 1 + 0 + 1)/4; (1, 2): (3 + 4)/2 - (1 + 1)/2;
    (2, 0): -(0 + 1)/2 + (0 + 1)/2; (2, 2): (2 + 1)/2 - (1 + 0)/2.
    """
    found = {(each.began, each.wave): each.estimate for each in comparisons(BEGAN, SCORES)}
    assert found == pytest.approx({(1, 1): 1.5, (1, 2): 2.5, (2, 0): 0.0, (2, 2): 1.0})


def test_the_sum_weighs_each_comparison_by_the_people_who_began():
    """Expected: (1.5 + 2.5 + 1.0) / 3, two people in each; the lead is that of (2, 0)."""
    found = rollout(BEGAN, SCORES)
    assert found.estimate == pytest.approx(5 / 3)
    assert found.lead == pytest.approx(0)
    assert (found.starts, found.people) == (2, 6)


def test_one_comparison_is_that_of_a_two_by_two_regression():
    """Expected: statsmodels OLS of changes on having begun, with its unequal-variance error."""
    rng = np.random.default_rng(3)
    began = np.where(np.arange(200) < 70, 1, NEVER)
    scores = rng.normal(size=(200, 2)) + np.outer(began == 1, [0.0, 0.4])
    found = rollout(began, scores)
    design = sm.add_constant((began == 1).astype(float))
    fitted = sm.OLS(scores[:, 1] - scores[:, 0], design).fit(cov_type="HC0")
    assert found.estimate == pytest.approx(fitted.params[1])
    assert found.error == pytest.approx(fitted.bse[1], rel=0.005)


def test_without_anybody_not_begun_there_is_no_comparison():
    found = rollout(np.ones(20, dtype=int), np.zeros((20, 3)))
    assert np.isnan(found.estimate)
    assert (found.starts, found.people) == (0, 0)


def test_growth_that_grows_is_not_turned_round_as_with_two_way_fixed_effects():
    """Expected: each start adds 1 a wave; the mean over comparisons by hand is (1 + 2 + 1) / 3."""
    began = np.repeat([1, 2, NEVER], 10)
    wave = np.arange(3)
    since = np.maximum(wave[None, :] - np.where(began == NEVER, 99, began)[:, None] + 1, 0)
    found = rollout(began, since.astype(float))
    assert found.estimate == pytest.approx(4 / 3)


def test_influence_is_at_least_what_one_rating_can_change():
    found = rollout(BEGAN, SCORES)
    moved = []
    for person in range(6):
        for wave in range(3):
            scores = SCORES.copy()
            scores[person, wave] += 1
            moved.append(abs(rollout(BEGAN, scores).estimate - found.estimate))
    assert max(moved) <= found.influence + 1e-12


@pytest.mark.simulation
def test_intervals_cover_and_the_lead_sees_trends_that_differ():
    rng = np.random.default_rng(31)
    covered, refused = 0, {0.0: 0, 0.4: 0}
    for _ in range(500):
        for drift in refused:
            began = rng.choice([2, 3, NEVER], 240)
            wave = np.arange(4)
            after = wave[None, :] >= began[:, None]
            level = rng.normal(size=(240, 1)) + drift * np.outer(began < NEVER, wave)
            scores = level + 0.1 * wave + 0.3 * after + rng.normal(0, 0.7, (240, 4))
            scores[rng.random(scores.shape) < 0.15] = np.nan
            found = rollout(began, scores)
            refused[drift] += abs(found.lead) > 1.96 * found.lead_error
            if drift == 0:
                covered += abs(found.estimate - 0.3) <= 1.96 * found.error
    assert 0.93 <= covered / 500 <= 0.97
    assert refused[0.0] / 500 <= 0.08
    assert refused[0.4] / 500 >= 0.9
