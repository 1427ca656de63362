"""Crossing of an intake against a lottery, against enumeration and whole programmes."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.connection.cross_group import NO_CROSSING, cross_group_ratio
from metrics.connection.intakes import NO_CONTACTS, cross_group_ratio_by_intake
from metrics.connection.judging import FEW_EXPECTED, HARDLY_EXPECTED, NO_CHOICE
from metrics.definition import Status
from metrics.intervals import Z95
from tests.metrics.connection.pairing_tables import count_pairings
from tests.metrics.connection.test_teams import unit_contacts
from tests.metrics.connection.test_where import matchings, random_programme


def test_the_ratio_is_that_over_the_mean_of_every_possible_matching() -> None:
    """Expected: contacts across groups of seats 0, 1 and 4, over all 105 matchings of 8 seats."""
    group_of, unit_of = [0, 0, 0, 1, 1, 1, 2, 2], [1, 1, 0, 0, 1, 0, 0, 0]
    scores = [
        sum((group_of[a] != group_of[b]) * (unit_of[a] + unit_of[b]) for a, b in drawn)
        for drawn in matchings(list(range(8)))
    ]
    assert len(scores) == 105
    pairs = [(0, 4), (1, 2), (3, 6), (5, 7)]
    result = cross_group_ratio_by_intake(unit_contacts(pairs, group_of, unit_of))
    # 0 and 4 meet across, both of the intake: two of its three contacts
    assert result.estimate == pytest.approx(2 / np.mean(scores))
    assert result.base == pytest.approx(np.mean(scores) / 3)
    assert result.expected == 1
    assert result.expected_error == pytest.approx(np.std(scores) / np.mean(scores))
    assert (result.people, result.pairs) == (3, 2)
    assert (result.status, result.reason) == (Status.TOO_FEW, FEW_EXPECTED)


@pytest.mark.parametrize("seed", range(4))
def test_an_intake_of_everybody_has_the_ratio_of_the_whole(seed) -> None:
    _, pairs, group_of, strata, weights = random_programme(seed)
    whole = cross_group_ratio(count_pairings(pairs, group_of, strata=strata, weights=weights))
    own = cross_group_ratio_by_intake(
        unit_contacts(pairs, group_of, [1] * 60, strata=list(strata), weights=list(weights))
    )
    assert (own.people, own.pairs) == (whole.people, whole.pairs)
    # people who hold several seats in a round count by group here, and all together there
    for name in ("estimate", "low", "high", "expected_error"):
        assert getattr(own, name) == pytest.approx(getattr(whole, name), rel=0.01), name


@pytest.mark.parametrize(
    ("pairs", "group_of", "unit_of", "reason"),
    [
        ([(0, 1)], [0, 1], [0, 0], NO_CONTACTS),
        ([(0, 1), (2, 3)], [0, 0, 0, 0], [1, 1, 0, 0], NO_CROSSING),
        ([(0, 1)], [0, 1], [1, 0], NO_CHOICE),
        # one seat of eight is of another group: the two of the intake cross 2/7 times
        ([(0, 1), (2, 3), (4, 5), (6, 7)], [0] * 7 + [1], [1, 1] + [0] * 6, HARDLY_EXPECTED),
    ],
)
def test_where_there_is_no_ratio_the_reason_is_said(pairs, group_of, unit_of, reason) -> None:
    result = cross_group_ratio_by_intake(unit_contacts(pairs, group_of, unit_of))
    assert (result.status, result.reason) == (Status.UNDEFINED, reason)
    assert np.isnan(result.estimate)


@pytest.mark.simulation
def test_five_percent_of_lotteries_look_unusual_for_an_intake() -> None:
    """The share of 1 000 lotteries beyond 95 % of them is 5 %, give or take 1.5 points."""
    rng = np.random.default_rng(21)
    group, unit = np.repeat([0, 1, 2], [24, 16, 8]), rng.permutation(np.repeat([1, 0], [18, 30]))
    beyond = []
    for _ in range(1_000):
        order = rng.permutation(48)
        pairs = [(int(a), int(b)) for a, b in zip(order[::2], order[1::2], strict=True)]
        result = cross_group_ratio_by_intake(unit_contacts(pairs, list(group), list(unit)))
        beyond.append(abs(result.estimate - 1) > Z95 * result.expected_error)
    assert np.mean(beyond) == pytest.approx(0.05, abs=0.015)
