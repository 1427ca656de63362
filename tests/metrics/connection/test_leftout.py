"""Reach, people without a conversation, load and Coleman's index, by hand and by simulation."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from metrics.connection.cross_group import cross_group_share
from metrics.connection.inbreeding import coleman_index
from metrics.connection.indices import coleman_index as coleman_of_table
from metrics.connection.indices import inbreeding_homophily
from metrics.connection.load import is_overloaded, mixing_load
from metrics.connection.lottery import outside_shares
from metrics.connection.reach import (
    Outreach,
    Silence,
    cross_group_reach,
    no_conversation_share,
    reach_variance,
)
from metrics.definition import Status
from tests.metrics.connection.pairing_tables import count_pairings


def outreach_of(pairs: Sequence, group_of: Sequence[int], *, talks=None, strata=None) -> Outreach:
    """Sum over people one by one, as the definitions say."""
    k = max(group_of) + 1
    strata = [0] * len(pairs) if strata is None else strata
    talks = [1] * len(pairs) if talks is None else talks
    seats: Counter = Counter()
    reached, cross = set(), Counter()
    for (i, j), s, t in zip(pairs, strata, talks, strict=True):
        seats.update([(s, i), (s, j)])
        if group_of[i] != group_of[j]:
            reached |= {i, j}
            cross.update({i: t, j: t})
    inside = {}
    for s in set(strata):
        total = sum(d for (at, _), d in seats.items() if at == s)
        for g in range(k):
            own = [d for (at, i), d in seats.items() if at == s and group_of[i] == g]
            d, q = sum(own), sum(each * each for each in own)
            inside[s, g] = (d * d - q) / (total * d - q) if d else 0.0
    missed: dict[int, float] = defaultdict(lambda: 1.0)
    number, unavoidable = Counter(), Counter()
    columns = {name: np.zeros(k) for name in COLUMNS}
    for (s, i), d in seats.items():
        g = group_of[i]
        missed[i] *= inside[s, g] ** d
        number[i] += d
        columns["inside_seats"][g] += d * inside[s, g]
        columns["unavoidable"][g] += d * (1 - inside[s, g])
        unavoidable[i] += d * (1 - inside[s, g])
    for i, q in missed.items():
        columns["people"][group_of[i]] += 1
        columns["reached"][group_of[i]] += i in reached
        columns["expected"][group_of[i]] += 1 - q
        columns["independent"][group_of[i]] += q * (1 - q)
        columns["seats"][group_of[i]] += number[i]
        columns["missed_seats"][group_of[i]] += number[i] * q
        columns["cross"][group_of[i]] += cross[i]
        columns["cross_squared"][group_of[i]] += cross[i] ** 2
        columns["unavoidable_squared"][group_of[i]] += unavoidable[i] ** 2
        columns["cross_unavoidable"][group_of[i]] += cross[i] * unavoidable[i]
    whole = ("people", "reached", "expected", "independent")
    return Outreach(**columns, **{f"whole_{name}": float(columns[name].sum()) for name in whole})


COLUMNS = (
    "people", "reached", "expected", "independent", "seats", "inside_seats", "missed_seats",
    "cross", "cross_squared", "unavoidable", "unavoidable_squared", "cross_unavoidable",
)  # fmt: skip
# people 0 1 2 | 3 4: two pairings inside the first group, two across
PAIRS, GROUPS = [(0, 1), (1, 2), (0, 3), (1, 4)], [0, 0, 0, 1, 1]


def test_reach_counts_people_with_anybody_outside() -> None:
    outreach = outreach_of(PAIRS, GROUPS)
    # person 2 alone met only the own group
    assert cross_group_reach(outreach, (0,)).estimate == pytest.approx(2 / 3)
    assert cross_group_reach(outreach, (1,)).estimate == 1
    assert cross_group_reach(outreach).estimate == pytest.approx(4 / 5)
    # Wilson 1927 for 2 of 3, statsmodels proportion_confint(2, 3, method="wilson")
    result = cross_group_reach(outreach, (0,))
    assert (result.low, result.high) == pytest.approx((0.20766, 0.93851), abs=1e-5)


def test_expected_reach_is_one_minus_the_inside_share_to_the_power_of_the_pairings() -> None:
    # by hand: D = (6, 2), Q_0 = 4 + 9 + 1 = 14, T = 8: inside (36 - 14) / (48 - 14) = 22/34
    s = 22 / 34
    outreach = outreach_of(PAIRS, GROUPS)
    expected = (3 - s**2 - s**3 - s) / 3
    assert cross_group_reach(outreach, (0,)).expected == pytest.approx(expected)
    # the other group: D = 2, Q = 2: 2 / (16 - 2)
    assert cross_group_reach(outreach, (1,)).expected == pytest.approx(1 - 2 / 14)


def test_reach_without_comparison_says_why() -> None:
    alone = outreach_of([(0, 1), (2, 3)], [0, 0, 0, 0])
    assert "only one group took part" in cross_group_reach(alone, (0,)).reason
    absent = outreach_of([(0, 1)], [0, 1, 2])
    assert cross_group_reach(absent, (2,)).reason == "nobody of this group had a conversation"
    # one pair of two groups cannot be drawn otherwise
    assert cross_group_reach(absent, (0,)).expected is None


def matchings(seats: np.ndarray, draws: int, seed: int) -> np.ndarray:
    """Deal the seats anew; a pairing of a person with themself is dealt again as a whole."""
    rng = np.random.default_rng(seed)
    found = []
    while len(found) < draws:
        dealt = rng.permutation(seats).reshape(-1, 2)
        # swap away the few meetings with oneself, so that large tables do not wait for ever
        for row in np.flatnonzero(dealt[:, 0] == dealt[:, 1]):
            other = rng.integers(len(dealt))
            dealt[row, 1], dealt[other, 1] = dealt[other, 1], dealt[row, 1]
        if (dealt[:, 0] != dealt[:, 1]).all():
            found.append(dealt)
    return np.array(found)


@pytest.mark.simulation
@pytest.mark.parametrize("seats_each", [1, 2, 5])
@pytest.mark.parametrize("shares", [(0.5, 0.5), (0.8, 0.2), (0.2, 0.3, 0.5)])
def test_mean_and_variance_of_reach_are_those_of_lotteries_played_out(
    seats_each: int, shares: tuple[float, ...]
) -> None:
    people = 300
    group_of = np.repeat(np.arange(len(shares)), [round(people * share) for share in shares])
    seats = np.repeat(np.arange(people), seats_each)
    draws = matchings(seats, 3000, seed=5)
    across = group_of[draws[:, :, 0]] != group_of[draws[:, :, 1]]
    reached = np.zeros((len(draws), people), dtype=bool)
    for side in (0, 1):
        row, pair = np.nonzero(across)
        reached[row, draws[row, pair, side]] = True
    outreach = outreach_of([tuple(pair) for pair in draws[0]], group_of.tolist())
    for part in [(), *((g,) for g in range(len(shares)))]:
        members = np.isin(group_of, part) if part else np.ones(people, dtype=bool)
        counted = reached[:, members].sum(axis=1)
        result = cross_group_reach(outreach, part)
        n = members.sum()
        # three standard errors of the simulated mean, and the terms of order 1 / T left out
        assert result.expected * n == pytest.approx(
            counted.mean(), abs=3 * counted.std() / len(draws) ** 0.5 + 0.15
        )
        # 3 000 draws give a variance within 8 %; rare misses (q below 1 %) are hardly Gaussian
        assert reach_variance(outreach, part) == pytest.approx(counted.var(), rel=0.15, abs=0.05)


def test_people_without_a_conversation_are_counted_beside_everybody() -> None:
    silence = Silence(
        people=np.array([40.0, 60.0]),
        silent=np.array([12.0, 9.0]),
        whole_people=110.0,
        whole_silent=22.0,
    )
    result = no_conversation_share(silence, (0,))
    assert result.estimate == pytest.approx(0.3)
    assert result.expected == pytest.approx(0.2)
    # hypergeometric: sqrt(0.2 * 0.8 / 40 * 70 / 109)
    assert result.expected_error == pytest.approx((0.004 * 70 / 109) ** 0.5)
    whole = no_conversation_share(silence)
    assert (whole.estimate, whole.expected, whole.people) == (pytest.approx(0.2), None, 110)


def test_nobody_eligible_is_not_recorded_rather_than_zero() -> None:
    nobody = Silence(people=np.zeros(2), silent=np.zeros(2), whole_people=0, whole_silent=0)
    result = no_conversation_share(nobody, (1,))
    assert result.status is Status.UNDEFINED
    assert result.reason == "who could have taken part was not recorded"


def test_load_is_conversations_across_a_head_over_those_of_everybody() -> None:
    outreach = outreach_of(PAIRS, GROUPS, talks=[1, 1, 1, 4])
    # across: persons 0 and 3 have one conversation, 1 and 4 have four: ten over five people
    assert mixing_load(outreach, (0,)).estimate == pytest.approx((5 / 3) / 2)
    assert mixing_load(outreach, (1,)).estimate == pytest.approx((5 / 2) / 2)


def test_the_error_of_a_load_is_that_of_the_influence_of_each_person() -> None:
    x, own = np.array([1.0, 9, 0, 1, 9]), np.array(GROUPS) == 1
    influence = own * (x / 10 - 1 / 2) - (x / 20 - 1 / 5)
    found = mixing_load(outreach_of(PAIRS, GROUPS, talks=[1, 1, 1, 9]), (1,))
    assert found.log_error == pytest.approx((influence**2).sum() ** 0.5)


def test_the_error_of_a_load_is_at_least_what_a_lottery_varies() -> None:
    # all meet once and go across, so that people do not differ: 2 s / D with s = 3 / 7, D = 4
    outreach = outreach_of([(0, 4), (1, 5), (2, 6), (3, 7)], [0, 0, 0, 0, 1, 1, 1, 1])
    assert mixing_load(outreach, (0,)).log_error == pytest.approx((2 * 3 / 7 / 4) ** 0.5)


@pytest.mark.parametrize("minority", [2, 10, 30])
def test_the_unavoidable_loads_of_two_groups_stand_as_the_rest_to_the_group(minority: int) -> None:
    # everybody meets once: a member of the minority meets others (N - m) / m times as often
    people = 100
    group_of = [0] * minority + [1] * (people - minority)
    pairs = [(n, n + people // 2) for n in range(people // 2)]
    outreach = outreach_of(pairs, group_of)
    one, other = (mixing_load(outreach, (g,)).expected for g in (0, 1))
    assert one / other == pytest.approx((people - minority) / minority)


def test_nobody_across_has_no_load_and_a_silent_group_an_upper_bound() -> None:
    apart = outreach_of([(0, 1), (2, 3)], [0, 0, 1, 1])
    assert mixing_load(apart, (0,)).reason == "nobody met across groups here"
    some = outreach_of([(0, 1), (2, 3), (4, 2)], [0, 0, 1, 1, 2])
    result = mixing_load(some, (0,))
    assert result.estimate == 0
    # exact Poisson bound where none is seen: 3.689 expected at most; 2 people, 2 / 5 a head
    assert result.high == pytest.approx(3.6889 / (2 * 0.4), abs=1e-3)


def test_a_small_group_is_overloaded_only_beyond_noise() -> None:
    assert is_overloaded(1.6, 1.2, 0.1)
    assert not is_overloaded(1.6, 0.9, 0.1)
    assert not is_overloaded(1.6, 1.2, 0.2)
    assert not is_overloaded(1.4, 1.2, 0.1)


@pytest.mark.simulation
@pytest.mark.parametrize("equally_active", [False, True])
@pytest.mark.parametrize("repeated", [False, True])
def test_a_lottery_is_rarely_called_beyond_a_lottery(equally_active: bool, repeated: bool) -> None:
    rng = np.random.default_rng(12)
    group_of = np.repeat([0, 1, 2], [30, 120, 150])
    scores = []
    for _ in range(400):
        number = np.full(300, 5) if equally_active else rng.poisson(rng.gamma(3, 1.5, 300))
        pairs = matchings_once(np.repeat(np.arange(300), number), rng)
        talks = rng.integers(1, 4, len(pairs)) if repeated else np.ones(len(pairs), dtype=int)
        outreach = outreach_of(pairs, group_of.tolist(), talks=talks.tolist())
        results = [mixing_load(outreach, (g,)) for g in range(3)]
        scores.append([(each.estimate - each.expected) / each.expected_error for each in results])
    beyond = (np.abs(scores) > 1.96).mean(axis=0)
    # 5 % and two standard errors of 400 draws; large groups stay on the safe side
    assert (beyond <= 0.072).all(), beyond
    assert beyond[0] >= 0.01, beyond


def matchings_once(seats: np.ndarray, rng: np.random.Generator) -> list[tuple[int, int]]:
    dealt = rng.permutation(seats)[: len(seats) // 2 * 2].reshape(-1, 2)
    return [(i, j) for i, j in dealt.tolist() if i != j]


@pytest.mark.simulation
@pytest.mark.parametrize("equally_active", [False, True])
def test_the_interval_of_a_load_covers_the_true_load(equally_active: bool) -> None:
    rng = np.random.default_rng(11)
    group_of = np.repeat([0, 1, 2], [30, 120, 150])
    rate = np.where(group_of == 0, 6.0, 4.0)

    def drawn() -> Outreach:
        number = np.full(300, 5) if equally_active else rng.poisson(rng.gamma(3, rate / 3))
        seats = rng.permutation(np.repeat(np.arange(300), number))
        seats = seats[: len(seats) // 2 * 2].reshape(-1, 2)
        return outreach_of([tuple(pair) for pair in seats if pair[0] != pair[1]], group_of.tolist())

    results = [[mixing_load(outreach, (g,)) for g in range(3)] for outreach in
               (drawn() for _ in range(400))]  # fmt: skip
    for g in range(3):
        # the mean of the logarithm is what the interval is about
        true = np.exp(np.mean([np.log(row[g].estimate) for row in results]))
        covered = np.mean([row[g].low <= true <= row[g].high for row in results])
        assert covered >= 0.92, (g, covered)  # 95 % less two standard errors of 400 draws
        assert g > 0 or covered <= 0.99  # large groups: on the safe side, and said so


# Zachary 1977 by club; R netseg 1.0-4 with the headcount baseline 16 / 33.
def test_the_index_of_shares_is_that_of_netseg_for_the_karate_club() -> None:
    inside = np.array([2 * 35 / 81, 2 * 32 / 75])
    assert inbreeding_homophily(inside, np.array([16 / 33] * 2)) == pytest.approx(
        [0.7363834423, 0.7152941176], abs=1e-10
    )


def test_the_index_of_a_group_is_the_one_of_the_table_with_the_lottery_as_baseline() -> None:
    rng = np.random.default_rng(3)
    group_of = rng.integers(3, size=60).tolist()
    pairs = [tuple(rng.choice(60, 2, replace=False)) for _ in range(200)]
    counts = count_pairings(pairs, group_of, strata=rng.integers(4, size=200).tolist())
    outside = (outside_shares(counts.stubs, counts.stubs_squared) * counts.stubs).sum(axis=0)
    table = coleman_of_table(counts.mixing, 1 - outside / counts.stubs.sum(axis=0))
    for g in range(3):
        result = coleman_index(counts, (g,))
        assert result.estimate == pytest.approx(table[g])
        assert result.low <= result.estimate <= result.high


def test_the_index_is_as_many_errors_away_as_the_share() -> None:
    rng = np.random.default_rng(4)
    group_of = rng.integers(3, size=60).tolist()
    pairs = [tuple(rng.choice(60, 2, replace=False)) for _ in range(150)]
    counts = count_pairings(pairs, group_of)
    for g in range(3):
        share, index = cross_group_share(counts, (g,)), coleman_index(counts, (g,))
        z = (share.expected - share.estimate) / share.expected_error
        assert index.estimate / index.expected_error == pytest.approx(z)


def test_a_single_person_and_a_lottery_without_choice_have_no_index() -> None:
    single = count_pairings([(0, 1), (0, 2), (1, 2)], [0, 1, 1])
    assert coleman_index(single, (0,)).reason == "a group of one person cannot meet itself"
    absent = count_pairings([(1, 2), (1, 3)], [0, 1, 1, 2])
    assert coleman_index(absent, (0,)).reason == "nobody of this group had a conversation"


def test_a_reach_expected_for_certain_is_not_compared() -> None:
    outreach = outreach_of(PAIRS, GROUPS)
    certain = replace(outreach, independent=np.zeros(2), missed_seats=np.zeros(2))
    assert cross_group_reach(certain, (0,)).expected is None
