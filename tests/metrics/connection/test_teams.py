"""How mixed units and their conversations are, against enumeration and drawn organisations."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from metrics.connection.measures import cross_group_share
from metrics.connection.teams import (
    UnitContacts,
    UnitMembers,
    blau_index,
    blau_variance,
    crossing_variance,
    team_mix,
    team_reach,
)
from metrics.definition import Status
from metrics.intervals import Z95
from tests.metrics.connection.pairing_tables import count_pairings
from tests.metrics.connection.test_where import matchings, moments, random_programme


def unit_contacts(pairs, group_of, unit_of, unit=1, *, strata=None, weights=None):
    """Return the contacts of one unit, counted pairing by pairing."""
    whole = count_pairings(pairs, group_of, strata=strata, weights=weights)
    strata = [0] * len(pairs) if strata is None else strata
    weights = [1.0] * len(pairs) if weights is None else weights
    stubs, weighted = (np.zeros(whole.stubs.shape) for _ in range(2))
    rows, touched, people = [], 0, set()
    for pair, stratum, weight in zip(pairs, strata, weights, strict=True):
        ends = [person for person in pair if unit_of[person] == unit]
        touched += bool(ends)
        people |= set(ends)
        crosses = group_of[pair[0]] != group_of[pair[1]]
        for person in ends:
            stubs[stratum, group_of[person]] += 1
            weighted[stratum, group_of[person]] += weight
            rows.append((pair, weight, weight * crosses))
    return UnitContacts(
        stubs=whole.stubs,
        stubs_squared=whole.stubs_squared,
        unit_stubs=stubs,
        unit_weights=weighted,
        weights=whole.weight_by_stratum,
        weights_squared=whole.weight_squared_by_stratum,
        contacts=moments(rows),
        people=len(people),
        pairs=touched,
    )


def members(people, everybody):
    return UnitMembers(people=np.array(people, float), everybody=np.array(everybody, float))


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([2, 2], 2 / 3),  # of six pairs of people, four differ
        ([10, 5, 5], 1 - (90 + 20 + 20) / 380),
        ([4, 0], 0),
        ([1, 1, 1], 1),
    ],
)
def test_blau_is_the_share_of_pairs_of_people_that_differ(counts, expected):
    assert blau_index(np.array(counts)) == pytest.approx(expected)


def test_blau_of_one_person_is_not_defined():
    assert np.isnan(blau_index(np.array([1, 0])))
    assert np.isnan(blau_variance(np.array([0.5, 0.5]), 1))


@pytest.mark.parametrize("shares", [(0.5, 0.5), (0.6, 0.3, 0.1)])
@pytest.mark.parametrize("people", [2, 3, 5])
def test_blau_is_unbiased_and_its_variance_is_that_over_every_draw(shares, people):
    values, chances = [], []
    for drawn in product(range(len(shares)), repeat=people):
        values.append(blau_index(np.bincount(drawn, minlength=len(shares))))
        chances.append(np.prod([shares[group] for group in drawn]))
    mean = np.average(values, weights=chances)
    assert mean == pytest.approx(1 - sum(share**2 for share in shares))
    variance = np.average((np.array(values) - mean) ** 2, weights=chances)
    assert blau_variance(np.array(shares), people) == pytest.approx(variance)


def test_the_mix_of_a_unit_stands_beside_that_of_everybody():
    result = team_mix(members([18, 2], [60, 40]))
    assert result.estimate == pytest.approx(1 - (18 * 17 + 2 * 1) / (20 * 19))
    assert result.expected == pytest.approx(1 - (60 * 59 + 40 * 39) / (100 * 99))
    assert result.people == 20
    assert result.low < result.estimate < result.high


def test_where_all_groups_are_of_one_size_the_interval_stays_as_wide_as_for_people():
    # the variance of the estimate vanishes there to first order; nothing is known that well
    assert team_mix(members([20, 20], [500, 500])).effective_size == 40


def test_a_unit_without_people_and_an_organisation_of_one_group_have_no_mix():
    for result in (team_mix(members([1, 0], [5, 5])), team_mix(members([5, 0], [50, 0]))):
        assert result.status is Status.UNDEFINED
        assert result.reason


@pytest.mark.parametrize(
    ("group_of", "unit_of"),
    [
        ([0, 0, 0, 1, 1, 1], [1, 1, 0, 0, 1, 0]),
        ([0, 0, 1, 1, 2, 2, 2, 0], [1, 1, 1, 0, 0, 1, 0, 0]),
    ],
)
def test_mean_and_variance_are_those_over_every_possible_matching(group_of, unit_of):
    seats = list(range(len(group_of)))
    scores = [
        sum(
            (group_of[one] != group_of[other]) * (unit_of[one] + unit_of[other])
            for one, other in drawn
        )
        for drawn in matchings(seats)
    ]
    pairs = [(2 * n, 2 * n + 1) for n in range(len(seats) // 2)]
    contacts = unit_contacts(pairs, group_of, unit_of)
    assert crossing_variance(contacts).sum() == pytest.approx(np.var(scores))
    result = team_reach(contacts)
    assert result.expected * sum(unit_of) == pytest.approx(np.mean(scores))
    assert result.expected_error * sum(unit_of) == pytest.approx(np.std(scores))


@pytest.mark.parametrize("seed", range(4))
def test_a_unit_of_everybody_has_twice_the_crossings_of_the_whole(seed):
    _, pairs, group_of, strata, weights = random_programme(seed)
    whole = cross_group_share(count_pairings(pairs, group_of, strata=strata, weights=weights))
    unit = team_reach(
        unit_contacts(pairs, group_of, [1] * 60, strata=list(strata), weights=list(weights))
    )
    for name in ("estimate", "expected_error", "low", "high", "pairs", "people"):
        assert getattr(unit, name) == pytest.approx(getattr(whole, name)), name
    # people who hold several seats in a round count by group here, and all together there
    assert unit.expected == pytest.approx(whole.expected, abs=0.005)


def test_contacts_worked_out_by_hand():
    # people 0-2 in the unit, groups 0 0 1; pairings 0-1 inside, 0-3 across, 2-4 alike, 3-4 outside
    contacts = unit_contacts([(0, 1), (0, 3), (2, 4), (3, 4)], [0, 0, 1, 1, 1], [1, 1, 1, 0, 0])
    result = team_reach(contacts)
    # ends in the unit: two of 0-1, one of 0-3, one of 2-4; across only 0-3
    assert contacts.contacts.denominator == 4
    assert result.estimate == pytest.approx(1 / 4)
    assert (result.people, result.pairs) == (3, 3)


def test_without_contacts_or_without_choice_there_is_nothing_to_compare():
    nobody = team_reach(unit_contacts([(0, 1)], [0, 1], [0, 0]))
    assert nobody.status is Status.UNDEFINED
    forced = team_reach(unit_contacts([(0, 1)], [0, 1], [1, 0]))
    assert forced.estimate == 1
    assert forced.expected is None


@pytest.mark.simulation
@pytest.mark.parametrize("people", [12, 40, 120])
@pytest.mark.parametrize("shares", [(0.5, 0.5), (0.6, 0.4), (0.6, 0.25, 0.15), (0.25,) * 4])
def test_random_units_look_unusually_mixed_no_more_often_than_claimed(shares, people):
    rng = np.random.default_rng(11)
    everybody = np.rint(np.array(shares) * 100_000)
    drawn, often = np.unique(
        rng.multinomial(people, shares, size=40_000), axis=0, return_counts=True
    )
    results = [team_mix(members(each, everybody)) for each in drawn]
    z = np.array([(each.estimate - each.expected) / each.expected_error for each in results])
    # single units, and one of ten after correction for many: z of 2.81 is p of 0.005
    assert np.average(np.abs(z) > Z95, weights=often) <= 0.055
    assert np.average(np.abs(z) > 2.807, weights=often) <= 0.01


@pytest.mark.simulation
@pytest.mark.parametrize("shares", [(0.5, 0.5), (0.8, 0.2), (0.4, 0.3, 0.2, 0.1)])
def test_intervals_of_the_mix_cover_at_least_what_they_say(shares):
    rng = np.random.default_rng(12)
    truth = 1 - sum(share**2 for share in shares)
    results = [
        team_mix(members(people, [1, 1])) for people in rng.multinomial(30, shares, size=3000)
    ]
    assert np.mean([result.low <= truth <= result.high for result in results]) >= 0.945


@pytest.mark.simulation
def test_five_percent_of_lotteries_look_unusual_for_a_unit():
    rng = np.random.default_rng(13)
    group = np.repeat([0, 1, 2], [12, 8, 4])
    unit = rng.permutation(np.repeat([1, 0], [9, 15]))
    contacts = unit_contacts([(2 * n, 2 * n + 1) for n in range(12)], list(group), list(unit))
    variance = 10 * crossing_variance(contacts).sum()
    mean = 10 * team_reach(contacts).expected * unit.sum()
    order = rng.permuted(np.tile(np.arange(24), (40_000, 1)), axis=1)
    one, other = order[:, ::2], order[:, 1::2]
    scored = ((group[one] != group[other]) * (unit[one] + unit[other])).sum(axis=1)
    z = (scored.reshape(4000, 10).sum(axis=1) - mean) / variance**0.5
    assert z.mean() == pytest.approx(0, abs=0.05)
    assert z.std() == pytest.approx(1, abs=0.03)
    assert np.mean(np.abs(z) > Z95) == pytest.approx(0.05, abs=0.015)
