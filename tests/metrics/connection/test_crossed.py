"""Crossing by crossed groups, against enumeration, hand counts and the group's own measure."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.connection.crossed import (
    crossed_crossing,
    crossed_group_ratio_alone,
    lottery_covariance,
    outside_chances,
)
from metrics.connection.measures import cross_group_ratio
from metrics.definition import Status
from tests.metrics.connection.crossed_tables import count_crossed
from tests.metrics.connection.pairing_tables import count_pairings
from tests.metrics.connection.test_where import matchings, random_programme


def test_one_seat_of_four_crosses_two_times_in_three():
    # by hand: person 0 of group 0 may meet 1 (own group), 2 or 3: chance 2/3, variance 2/3 * 1/3
    counts, crossed = count_crossed([(0, 2), (1, 3)], own=[0, 0, 1, 1], beside=[0, 1, 0, 0])
    assert crossed == [(0, 0), (0, 1), (1, 0)]
    found = crossed_crossing(counts, 0)
    assert (found.observed, found.total, found.pairs, found.people) == (1, 1, 1, 1)
    assert found.expected == pytest.approx(2 / 3)
    assert found.variance == pytest.approx(2 / 9)
    # by hand: both people of group 1 cross in the same two of three matchings: 4 * 2/9
    assert crossed_crossing(counts, 2).variance == pytest.approx(8 / 9)


@pytest.mark.parametrize(
    ("own", "beside"),
    [
        ([0, 0, 1, 1], [0, 1, 0, 0]),
        ([0, 0, 0, 1, 1, 1], [0, 0, 1, 0, 1, 1]),
        ([0, 0, 0, 0, 1, 1, 2, 2], [0, 0, 1, 1, 0, 1, 0, 0]),
    ],
)
def test_mean_and_covariance_are_those_over_every_possible_matching(own, beside):
    people = range(len(own))
    every = [list(matching) for matching in matchings(tuple(people))]
    outside = []
    for matching in every:
        counts, _ = count_crossed(matching, own, beside)
        outside.append([contacts.numerator for contacts in counts.contacts])
    assert outside_chances(counts)[0] * counts.weights[0] == pytest.approx(np.mean(outside, axis=0))
    assert lottery_covariance(counts) == pytest.approx(np.cov(np.transpose(outside), bias=True))


@pytest.mark.parametrize("seed", range(4))
def test_without_a_second_attribute_it_is_the_ratio_of_the_group(seed):
    pairs, group_of, strata = programme(seed)
    counts, _ = count_crossed(pairs, group_of, [0] * len(group_of), strata=strata)
    whole = count_pairings(pairs, group_of, strata=strata)
    for group in range(len(counts.own)):
        mine, theirs = (
            crossed_group_ratio_alone(counts, (group,)),
            cross_group_ratio(whole, (group,)),
        )
        assert (mine.people, mine.pairs, mine.status) == (
            theirs.people,
            theirs.pairs,
            theirs.status,
        )
        for name in ("estimate", "low", "high", "base", "expected_error", "effective_size"):
            assert getattr(mine, name) == pytest.approx(getattr(theirs, name)), name


def programme(seed):
    """Return random pairings in three strata."""
    _, pairs, group_of, *_ = random_programme(seed)
    return pairs, group_of.tolist(), [number % 3 for number in range(len(pairs))]


def test_contacts_of_the_crossed_groups_add_up_to_those_of_the_group():
    pairs, group_of, strata = programme(9)
    beside = np.random.default_rng(9).integers(0, 2, len(group_of)).tolist()
    counts, crossed = count_crossed(pairs, group_of, beside, strata=strata)
    whole, _ = count_crossed(pairs, group_of, [0] * len(group_of), strata=strata)
    for group in set(group_of):
        parts = [n for n, each in enumerate(crossed) if each[0] == group]
        observed = sum(crossed_crossing(counts, part).observed for part in parts)
        assert observed == crossed_crossing(whole, group).observed
        block = lottery_covariance(counts)[np.ix_(parts, parts)].sum()
        assert block == pytest.approx(lottery_covariance(whole)[group, group])


def test_where_nobody_had_a_choice_it_is_said_in_words():
    counts, _ = count_crossed([(0, 1)], own=[0, 1], beside=[0, 0])
    result = crossed_group_ratio_alone(counts, (0,))
    assert result.status is Status.UNDEFINED
    assert "no choice" in result.reason


def test_shapes_that_do_not_fit_are_refused():
    counts, _ = count_crossed([(0, 1)], own=[0, 1], beside=[0, 0])
    facts = {name: getattr(counts, name) for name in counts.__dataclass_fields__}
    with pytest.raises(ValueError, match="seats: expected 1 strata by 2"):
        type(counts)(**facts | {"seats": np.zeros((1, 3))})
    with pytest.raises(ValueError, match="people: expected one entry"):
        type(counts)(**facts | {"people": np.zeros(3, dtype=int)})
