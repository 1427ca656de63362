"""Growth against the partners that a lottery gave."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from scipy.stats import norm

from metrics.claims.lottery_dose import dose_effect, lottery_variance
from tests.metrics.claims.lotteries import draw, draws_of


def crossed_by_hand(seating, groups, tables):
    """Return each person's share of partners of another known group, seat by seat."""
    share = np.zeros(len(groups))
    first = 0
    for size in tables:
        seated = seating[first : first + size]
        first += size
        for person in seated:
            others = [other for other in seated if other != person]
            both_known = [other for other in others if groups[person] >= 0 and groups[other] >= 0]
            crossing = sum(groups[person] != groups[other] for other in both_known)
            share[person] = crossing / len(others)
    return share


@pytest.mark.parametrize(
    ("groups", "tables"),
    [
        ((0, 0, 1, 1, 1, 2), (2, 2, 2)),
        ((0, 0, 1, 1, 2), (3, 2)),
        ((0, 1, 1, 0, 0, 2, 1), (3, 4)),
        ((0, 0, 1, -1, 1, 2), (2, 2, 2)),
        ((0, 1), (2,)),
    ],
)
def test_mean_and_variance_are_those_of_all_seatings(groups, tables):
    """Expected: every permutation of the people over the seats, one by one."""
    groups, values = np.array(groups), np.random.default_rng(5).normal(size=len(groups))
    values[groups < 0] = 0.0
    seatings = list(permutations(range(len(groups))))
    shares = np.array([crossed_by_hand(seating, groups, tables) for seating in seatings])
    draws = draws_of([(np.array(seatings[0]), groups, tables)])
    known = groups >= 0
    mean = np.zeros(len(groups))
    mean[draws.person] = draws.expected
    assert mean[known] == pytest.approx(shares.mean(axis=0)[known])
    assert lottery_variance(draws, values) == pytest.approx((shares @ values).var())


def test_a_planted_difference_is_recovered_without_noise():
    """Expected: growth is 0.5 times the share plus what the group brings along."""
    rng = np.random.default_rng(1)
    groups = rng.choice(3, 120, p=(0.6, 0.3, 0.1))
    draws = draws_of([draw(rng, groups, 2) for _ in range(4)])
    share = draws.mean_by_person(draws.crossed, groups.size)
    dummies = np.eye(3)[groups][:, 1:]
    found = dose_effect(draws, 0.5 * share + groups, dummies)
    assert found.estimate == pytest.approx(0.5)
    assert found.error == pytest.approx(0, abs=1e-6)
    assert found.people == 120


def test_people_without_a_rating_stay_in_the_lottery_and_nowhere_else():
    rng = np.random.default_rng(2)
    groups = rng.choice(3, 60)
    draws = draws_of([draw(rng, groups, 2) for _ in range(3)])
    score = rng.normal(size=60)
    score[::3] = np.nan
    found = dose_effect(draws, score, np.zeros((60, 1)))
    assert found.people == 40
    assert np.isfinite([found.estimate, found.error, found.influence]).all()


def test_influence_is_what_one_persons_point_can_change():
    """Expected: the estimate again with one score moved by 1, for every person in turn."""
    rng = np.random.default_rng(3)
    groups = rng.choice(3, 40)
    draws = draws_of([draw(rng, groups, 2) for _ in range(3)])
    score, before = rng.normal(size=40), rng.normal(size=(40, 1))
    found = dose_effect(draws, score, before)
    moved = [
        abs(dose_effect(draws, score + np.eye(40)[person], before).estimate - found.estimate)
        for person in range(40)
    ]
    assert max(moved) == pytest.approx(found.influence)


def test_where_everybody_crosses_nothing_can_be_said():
    """Expected: two people of two groups; the lottery has no choice."""
    draws = draws_of([(np.array([0, 1]), np.array([0, 1]), (2,))])
    assert np.isnan(dose_effect(draws, [1.0, 2.0], np.zeros((2, 1))).estimate)


def programme(rng, people=300, rounds=6, effect=0.0, chosen=False):
    """Return a lottery and growth; with ``chosen``, people rated high are given other groups."""
    groups = rng.choice(4, people, p=(0.4, 0.3, 0.2, 0.1))
    before = rng.normal(3.2, 0.7, people)
    draws = draws_of([draw(rng, groups, 2, before if chosen else None) for _ in range(rounds)])
    share = draws.mean_by_person(draws.crossed, people)
    # groups grow differently and regress to the mean: neither may pass for an effect
    growth = 0.2 * groups - 0.5 * (before - 3.2) + effect * share + rng.normal(0, 0.8, people)
    known = np.column_stack([np.eye(4)[groups][:, 1:], before])
    return draws, growth, before, known


@pytest.mark.simulation
def test_no_effect_gives_five_per_cent_false_alarms():
    rng = np.random.default_rng(11)
    alarms = 0
    for _ in range(800):
        draws, growth, _, known = programme(rng, people=120)
        alarms += abs(dose_effect(draws, growth, known).z) > norm.ppf(0.975)
    # 800 trials: 5 % plus or minus 1.5 with a probability of 95 %
    assert 0.035 <= alarms / 800 <= 0.065


@pytest.mark.simulation
def test_intervals_cover_and_power_is_what_the_error_promises():
    rng = np.random.default_rng(12)
    inside, found, promised = 0, 0, 0.0
    for _ in range(500):
        draws, growth, _, known = programme(rng, people=200, effect=0.6)
        effect = dose_effect(draws, growth, known)
        inside += abs(effect.estimate - 0.6) <= norm.ppf(0.975) * effect.error
        found += abs(effect.z) > norm.ppf(0.975)
        promised += norm.sf(norm.ppf(0.975) - 0.6 / effect.error)
    assert 0.93 <= inside / 500 <= 0.97
    assert found / 500 == pytest.approx(promised / 500, abs=0.05)


@pytest.mark.simulation
def test_the_balance_check_sees_assignment_by_the_score_before():
    rng = np.random.default_rng(13)
    refused = {False: 0, True: 0}
    for chosen in refused:
        for _ in range(150):
            draws, _, before, known = programme(rng, chosen=chosen)
            balance = dose_effect(draws, before, known[:, :-1])
            refused[chosen] += abs(balance.z) > norm.ppf(0.995)
    assert refused[False] <= 8
    assert refused[True] >= 143
