"""Patterns of difference: what a lottery gives, by enumerating every possible pairing."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from metrics.connection.crossing import crossing
from metrics.connection.patterns import DifferencePatterns
from tests.metrics.connection.pairing_tables import count_pairings, random_pairings
from tests.metrics.connection.pattern_tables import count_patterns

PEOPLE = np.array([[0, 0, 0], [0, 1, 0], [1, 1, 0], [1, 0, 1], [0, 0, 1], [1, 1, 1]])


def matchings(people):
    """Yield every way to put people into pairs."""
    if not people:
        yield []
        return
    first, *rest = people
    for partner in rest:
        for others in matchings([person for person in rest if person != partner]):
            yield [(first, partner), *others]


def test_lottery_shares_are_those_of_every_two_seats_of_different_people():
    pairs = [(0, 1), (0, 2), (1, 3), (4, 5), (0, 5)]
    found = count_patterns(pairs, PEOPLE)
    seats = [person for pair in pairs for person in pair]
    counted = np.zeros(8)
    for one, other in combinations(seats, 2):
        if one != other:
            differs = PEOPLE[one] != PEOPLE[other]
            counted[(differs * [1, 2, 4]).sum()] += 1
    assert found.lottery[0] == pytest.approx(counted / counted.sum())


def test_lottery_covariance_is_that_of_all_matchings():
    """15 matchings of six people, each equally likely."""
    pairs = [(0, 1), (2, 3), (4, 5)]
    found = count_patterns(pairs, PEOPLE)
    differing = np.array(
        [
            np.sum([PEOPLE[one] != PEOPLE[other] for one, other in matching], axis=0)
            for matching in matchings(list(range(6)))
        ]
    )
    assert len(differing) == 15
    assert found.lottery_covariance == pytest.approx(np.cov(differing.T, bias=True))
    assert found.expected == pytest.approx(differing.mean(axis=0))


def test_lottery_covariance_of_weights_is_that_of_matchings_with_weights_dealt_at_random():
    weights = (1.0, 0.5, 1.0)
    found = count_patterns([(0, 1), (2, 3), (4, 5)], PEOPLE, weights=weights)
    # every order of the pairs of a matching is equally likely to meet the three weights
    values = [
        np.sum([w * (PEOPLE[i] != PEOPLE[j]) for w, (i, j) in zip(turned, m, strict=True)], axis=0)
        for m in matchings(list(range(6)))
        for turned in ((1.0, 0.5, 1.0), (0.5, 1.0, 1.0), (1.0, 1.0, 0.5))
    ]
    assert found.lottery_covariance == pytest.approx(np.cov(np.array(values).T, bias=True))


@pytest.mark.parametrize("seed", range(5))
def test_each_attribute_has_the_moments_of_crossing_by_itself(seed):
    rng = np.random.default_rng(seed)
    pairs, group, strata = random_pairings(rng, 30, 3, 60, 4)
    other = rng.integers(0, 2, 30)
    weights = rng.choice([1.0, 0.5], len(pairs)).tolist()
    both = np.column_stack([group, other])
    found = count_patterns(pairs, both, strata=strata, weights=weights)
    for a in range(2):
        codes = both[:, a].tolist()
        alone = crossing(count_pairings(pairs, codes, strata=strata, weights=weights), ())
        assert found.observed[a] == pytest.approx(alone.observed)
        assert found.expected[a] == pytest.approx(alone.expected)
        assert found.lottery_covariance[a, a] == pytest.approx(alone.variance)


def test_a_shape_that_does_not_fit_is_refused():
    found = count_patterns([(0, 1), (2, 3)], PEOPLE)
    with pytest.raises(ValueError, match="alike: expected shape"):
        replace(found, alike=np.zeros((1, 2, 2)))
    with pytest.raises(ValueError, match="negative or missing"):
        replace(found, stubs_squared=np.array([np.nan]))
    assert isinstance(found, DifferencePatterns)
