"""Growth since a start, against people not begun."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from metrics.claims.rollout import NEVER, comparisons, rollout
from tests.metrics.claims.mpdta import MOMENTS, YEARS, panel

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


NOT_YET = {
    (2004, 2004): (-0.0193723637, 0.0223101129), (2004, 2005): (-0.0783190991, 0.0303902285),
    (2004, 2006): (-0.1362743463, 0.0354033850), (2004, 2007): (-0.1008113631, 0.0343592258),
    (2006, 2006): (0.0046608763, 0.0163355842), (2006, 2007): (-0.0412244715, 0.0202291807),
    (2007, 2007): (-0.0260544107, 0.0166554353),
}  # fmt: skip
NEVER_BEGAN = {
    (2004, 2004): (-0.0105032462, 0.0232510364), (2004, 2005): (-0.0704231581, 0.0309847668),
    (2004, 2006): (-0.1372587389, 0.0364356643), (2004, 2007): (-0.1008113631, 0.0343592258),
    (2006, 2006): (-0.0045946070, 0.0177551967), (2006, 2007): (-0.0412244715, 0.0202291807),
    (2007, 2007): (-0.0260544107, 0.0166554353),
}  # fmt: skip
"""Effect and standard error by first year and year: `att_gt` of R's `did` on `mpdta`, outcome lemp,
no covariates, analytic errors, controls not yet treated or never treated (Callaway & Sant'Anna
2021); as kept beside the tests of csdid 0.4.3."""


def effects(began, scores):
    """Return estimate and error by first year and year, after the start."""
    return {
        (YEARS[each.began], YEARS[each.wave]): (each.estimate, np.sqrt((each.influence**2).sum()))
        for each in comparisons(began, scores)
        if each.wave >= each.began
    }


def never_began():
    """Return the effects against those who never began alone, one start at a time."""
    found = [effects(*panel(start, NEVER)) for start in MOMENTS if start != NEVER]
    return {key: value for each in found for key, value in each.items()}


def test_each_comparison_on_county_employment_is_the_published_one():
    for found, expected in ((effects(*panel()), NOT_YET), (never_began(), NEVER_BEGAN)):
        assert found.keys() == expected.keys()
        for key, both in expected.items():
            assert found[key] == pytest.approx(both, abs=1e-6), key


def test_the_sum_on_county_employment_is_the_published_simple_one():
    """Expected: `aggte(type = "simple")` of R's `did`, controls not yet treated.

    Its error also allows for weights that would be others in other counties; ours takes them as
    known.
    """
    found = rollout(*panel())
    assert found.estimate == pytest.approx(-0.0397636256, abs=1e-6)
    assert found.error == pytest.approx(0.0120524248, rel=0.03)
    assert (found.starts, found.people) == (3, 500)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (lambda start, year: year - start,
         {0: -0.0199318168, 1: -0.0509573671, 2: -0.1372587389, 3: -0.1008113631}),
        (lambda start, year: start,
         {2004: -0.0797491266, 2006: -0.0229095392, 2007: -0.0260544107}),
    ],
    ids=["dynamic", "group"],
)  # fmt: skip
def test_effects_on_county_employment_add_up_to_the_published_aggregates(part, expected):
    """Expected: `aggte` of R's `did`, controls never treated.

    Overall -0.0772 by length of exposure and -0.0310 by group; plain two-way fixed effects give
    -0.0365.
    """
    sums, weights, groups = {}, {}, {}
    for (start, year), (estimate, _) in never_began().items():
        key, counties = part(start, year), MOMENTS[start].counties
        sums[key] = sums.get(key, 0.0) + counties * estimate
        weights[key] = weights.get(key, 0) + counties
        groups[key] = counties
    found = {key: total / weights[key] for key, total in sums.items()}
    assert found == pytest.approx(expected, abs=1e-6)
    by_group = 2004 in expected
    share = [groups[key] if by_group else 1 for key in found]
    overall = np.average([*found.values()], weights=share)
    assert overall == pytest.approx(-0.0310182822 if by_group else -0.0772398215, abs=1e-6)


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
