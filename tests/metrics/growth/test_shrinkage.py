"""Shrinkage against the published BCG trials and their other implementations."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.meta_analysis import combine_effects

from metrics.definition import Status
from metrics.growth.measures import skill_gain_shrunk
from metrics.growth.shrinkage import dersimonian_laird, paule_mandel, shrink

# log risk ratios of 13 trials of a vaccine (Colditz et al. 1994) as metafor's dat.bcg gives them
Y = np.array([
    -0.88931133392, -1.58538865720, -1.34807314830, -1.44155119002, -0.21754732221, -0.78611558582,
    -1.62089822360, 0.01195233352, -0.46941764874, -1.37134480347, -0.33935882834, 0.44591340057,
    -0.01731394822,
])  # fmt: skip
V = np.array([
    0.325584765004, 0.194581121398, 0.415367965368, 0.020010031902, 0.051210172170, 0.006905618456,
    0.223017247572, 0.003961579298, 0.056434210463, 0.073024793613, 0.012412213972, 0.532505845200,
    0.071404659684,
])  # fmt: skip
# blup() of metafor 3.8-1 after DerSimonian-Laird
DRAWN = [-0.7994, -1.2486, -0.9844, -1.3973, -0.2882, -0.7845, -1.2406, 0.0028, -0.5072, -1.2456,
         -0.3538, -0.2884, -0.1482]  # fmt: skip
# Rubin 1981: eight schools, in which noise explains all
SCHOOLS = (
    np.array([28.0, 8, -3, 7, -1, 1, 18, 12]),
    np.array([15.0, 10, 16, 11, 9, 11, 10, 18]) ** 2,
)


def test_tau_squared_of_the_trials():
    assert dersimonian_laird(Y, V) == pytest.approx(0.30876026, abs=5e-9)
    # Paule-Mandel of metafor: 0.31809
    assert paule_mandel(Y, V) == pytest.approx(0.31809, abs=5e-5)
    other = combine_effects(Y, V, method_re="iterated")
    assert paule_mandel(Y, V) == pytest.approx(other.tau2, rel=1e-4)


def test_drawn_estimates_of_the_trials():
    found = shrink(Y, V, dersimonian_laird(Y, V))
    assert found.mean == pytest.approx(-0.71411722, abs=5e-9)
    assert found.values == pytest.approx(DRAWN, abs=5e-5)


def test_the_error_of_the_average_is_that_of_hartung_and_knapp():
    found = shrink(Y, V, dersimonian_laird(Y, V))
    other = combine_effects(Y, V, method_re="chi2", use_t=True)
    knapp = float(other.sd_eff_w_re_hksj)
    usual = 0.17874209
    assert found.mean_error == pytest.approx(max(knapp, usual), rel=1e-6)


def test_tau_squared_is_never_below_nothing():
    # statsmodels leaves it negative: 7.69 is the mean with it at 0 (Gelman et al. 2013)
    assert paule_mandel(*SCHOOLS) == 0 == dersimonian_laird(*SCHOOLS)
    found = shrink(*SCHOOLS)
    assert found.mean == pytest.approx(7.69, abs=5e-3)
    assert found.values == pytest.approx([found.mean] * 8)


def test_fewer_than_five_cohorts_are_not_drawn():
    assert skill_gain_shrunk(shrink(Y[:4], V[:4]), (0,)).status is Status.UNDEFINED
    assert skill_gain_shrunk(None, (0,)).status is Status.UNDEFINED


@pytest.mark.simulation
def test_drawn_estimates_are_nearer_to_the_truth_than_raw_ones():
    draw = np.random.default_rng(12)
    raw, drawn = [], []
    for _ in range(400):
        truth = draw.normal(0.2, 0.08, 12)
        v = draw.uniform(0.005, 0.02, 12)
        y = draw.normal(truth, np.sqrt(v))
        raw.append(((y - truth) ** 2).mean())
        drawn.append(((shrink(y, v).values - truth) ** 2).mean())
    assert np.mean(drawn) < 0.75 * np.mean(raw)
