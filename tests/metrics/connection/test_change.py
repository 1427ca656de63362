"""A change of the share in its four parts, against plain sums over people."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from metrics.connection.change import (
    NOBODY_THEN,
    PARTS,
    ChangeSums,
    change_parts,
    change_split,
    within_error,
)
from metrics.definition import Status
from metrics.intervals import Z95

Person = tuple[float, float, float, float]
"""Contacts and contacts across, first in the earlier and then in the later quarter."""


def summed(people: list[Person]) -> ChangeSums:
    """Sum over people one by one; all pairings have the weight 1."""
    totals = [sum(person[number] for person in people) or 1 for number in (0, 2)]
    sums = dict.fromkeys(
        ("stay_0", "stay_1", "share_0", "share_1", "join", "join_share", "leave", "leave_share",
         "moved", "moved_squared", "moved_weight", "weight_squared", "noise_0", "noise_1"), 0.0,
    )  # fmt: skip
    kinds = {"stayers": 0, "joiners": 0, "leavers": 0}
    for contacts_0, across_0, contacts_1, across_1 in people:
        weight = (contacts_0 / totals[0], contacts_1 / totals[1])
        if contacts_0 and contacts_1:
            kinds["stayers"] += 1
            share = (across_0 / contacts_0, across_1 / contacts_1)
            mean, change = sum(weight) / 2, share[1] - share[0]
            for number in (0, 1):
                sums[f"stay_{number}"] += weight[number]
                sums[f"share_{number}"] += weight[number] * share[number]
            sums["moved"] += mean * change
            sums["moved_squared"] += (mean * change) ** 2
            sums["moved_weight"] += mean**2 * change
            sums["weight_squared"] += mean**2
            sums["noise_0"] += mean**2 / contacts_0
            sums["noise_1"] += mean**2 / contacts_1
        elif contacts_1:
            kinds["joiners"] += 1
            sums["join"] += weight[1]
            sums["join_share"] += across_1 / totals[1]
        elif contacts_0:
            kinds["leavers"] += 1
            sums["leave"] += weight[0]
            sums["leave_share"] += across_0 / totals[0]
    return ChangeSums(
        **kinds,
        stay_weight=(sums["stay_0"], sums["stay_1"]),
        stay_share=(sums["share_0"], sums["share_1"]),
        join_weight=sums["join"],
        join_share=sums["join_share"],
        leave_weight=sums["leave"],
        leave_share=sums["leave_share"],
        moved=sums["moved"],
        moved_squared=sums["moved_squared"],
        moved_weight=sums["moved_weight"],
        weight_squared=sums["weight_squared"],
        noise=(sums["noise_0"], sums["noise_1"]),
    )


def test_a_small_case_by_hand() -> None:
    # Quarter 0: Ann 4 contacts, 2 across; Bo 4, 1. Quarter 1: Ann 6, 4; Cy 2, 2.
    # P0 = 3/8, P1 = 6/8, P' = 9/16. Ann: m = (1/2 + 3/4)/2 = 5/8, d = 2/3 - 1/2 = 1/6.
    parts = change_parts(summed([(4, 2, 6, 4), (4, 1, 0, 0), (0, 0, 2, 2)]))
    within = 5 / 8 / 6
    mix = (3 / 4 - 1 / 2) * ((2 / 3 + 1 / 2) / 2 - 9 / 16)
    joiners = 1 / 4 * (1 - 9 / 16)
    leavers = -1 / 2 * (1 / 4 - 9 / 16)
    assert parts == pytest.approx((within, mix, joiners, leavers))
    assert sum(parts) == pytest.approx(6 / 8 - 3 / 8)


def test_newcomers_and_leavers_alone_change_nothing_within() -> None:
    steady = [(4, 2, 4, 2), (2, 1, 2, 1)]
    parts = change_parts(summed([*steady, (6, 0, 0, 0), (0, 0, 6, 6)]))
    assert parts[:2] == pytest.approx((0, 0))
    assert parts[2] > 0 and parts[3] > 0


def test_where_nobody_changes_but_the_mix_does_all_of_it_is_mix() -> None:
    # who always crosses becomes three times as active
    parts = change_parts(summed([(2, 2, 6, 6), (6, 0, 2, 0)]))
    assert parts == pytest.approx((0, 0.5, 0, 0))


def test_where_everybody_changes_alike_all_of_it_is_within() -> None:
    parts = change_parts(summed([(4, 1, 4, 2), (8, 2, 8, 4)]))
    assert parts == pytest.approx((0.25, 0, 0, 0))


@pytest.mark.parametrize("seed", range(20))
def test_parts_sum_to_the_change_whoever_comes_and_goes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    contacts = rng.integers(0, 6, (40, 2))
    across = rng.binomial(contacts, rng.uniform(0.1, 0.9))
    sums = summed(
        [(a, x, b, y) for (a, b), (x, y) in zip(contacts.tolist(), across.tolist(), strict=True)]
    )
    shares = across.sum(axis=0) / contacts.sum(axis=0)
    assert sums.shares == pytest.approx(tuple(shares))
    assert sum(change_parts(sums)) == pytest.approx(shares[1] - shares[0])


def test_turning_time_round_turns_every_sign() -> None:
    people = [(4, 2, 6, 4), (4, 1, 0, 0), (0, 0, 2, 2), (5, 2, 3, 0)]
    back = [(person[2], person[3], person[0], person[1]) for person in people]
    within, mix, joiners, leavers = change_parts(summed(people))
    assert change_parts(summed(back)) == pytest.approx((-within, -mix, -leavers, -joiners))


def test_only_the_same_people_have_an_interval() -> None:
    sums = summed([(4, 2, 6, 4), (4, 1, 3, 2), (0, 0, 2, 2), (2, 1, 0, 0)])
    results = [change_split(sums, (number,)) for number in range(4)]
    assert [result.people for result in results] == [2, 2, 1, 1]
    assert results[0].expected == 0
    assert results[0].high - results[0].estimate == pytest.approx(Z95 * within_error(sums))
    for result in results[1:]:
        assert result.expected is None
        assert result.low == result.estimate == result.high


def test_a_quarter_without_anybody_has_no_change() -> None:
    result = change_split(summed([(4, 2, 0, 0)]), (0,))
    assert result.status is Status.UNDEFINED
    assert result.reason == NOBODY_THEN


def test_nobody_who_stays_is_nothing_to_test() -> None:
    result = change_split(summed([(4, 2, 0, 0), (0, 0, 2, 2)]), (0,))
    assert (result.estimate, result.expected) == (0, None)


def test_the_error_never_falls_below_the_noise_of_pairings() -> None:
    sums = summed([(4, 2, 4, 2)] * 10)
    own = 2 * sum(0.25 * noise for noise in sums.noise)
    assert within_error(sums) == pytest.approx(own**0.5)
    assert within_error(replace(sums, moved_squared=1.0)) > 1.9


def test_parts_have_their_names() -> None:
    assert PARTS == ("within", "mix", "joiners", "leavers")


def quarter(rng: np.random.Generator, group: np.ndarray, cross: float, pairings: int):
    """Draw pairings of people one by one; return contacts and contacts across by person."""
    contacts, across = np.zeros(len(group)), np.zeros(len(group))
    people = [np.flatnonzero(group == number) for number in (0, 1)]
    for crosses in rng.random(pairings) < cross:
        if crosses:
            pair = [rng.choice(people[0]), rng.choice(people[1])]
        else:
            pair = rng.choice(people[int(rng.random() < 0.5)], 2, replace=False).tolist()
        contacts[pair] += 1
        across[pair] += crosses
    return contacts, across


@pytest.mark.simulation
def test_the_interval_of_the_same_people_covers_no_change() -> None:
    rng = np.random.default_rng(14)
    group = np.repeat([0, 1], [40, 40])
    z = []
    for _ in range(400):
        columns = [each for _ in (0, 1) for each in quarter(rng, group, 0.5, 200)]
        sums = summed(list(zip(*(each.tolist() for each in columns), strict=True)))
        z.append(change_parts(sums)[0] / within_error(sums))
    # all pairings are independent: the nominal level; shared people can only make it rarer
    assert 0.02 <= np.mean(np.abs(z) > Z95) <= 0.07
