"""Help given and received equals plain sums over answers, and cries wolf as rarely as it says."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.connection.helping import HelpCounts, help_balance, help_given, help_received
from metrics.definition import Status

ANSWERS = [
    # answered by, helped by, their groups, helped
    ("c", "a", 0, 1, 1),
    ("d", "a", 0, 1, 1),
    ("c", "b", 0, 1, 1),
    ("d", "b", 0, 1, 0),
    ("a", "c", 1, 0, 1),
    ("b", "d", 1, 0, 0),
]


def parts_of(answer, group, weight=1.0):
    """Return what an answer adds to the four sums of a group."""
    _, _, own, partner, helped = answer
    given, got = weight * (partner == group), weight * (own == group)
    return np.array([given * helped, given, got * helped, got])


def help_counts(answers, group=1, expected=(0.5, 0.5), weights=None):
    """Lay out answers about and of one group; every answer is of its two people."""
    weights = weights or [1.0] * len(answers)
    parts = [
        parts_of(answer, group, weight) for answer, weight in zip(answers, weights, strict=True)
    ]
    persons, pairs = {}, {}
    for answer, part in zip(answers, parts, strict=True):
        for person in answer[:2]:
            persons[person] = persons.get(person, 0) + part
        pair = tuple(sorted(answer[:2]))
        pairs[pair] = pairs.get(pair, 0) + part
    ends = [
        min(len({answer[end] for answer in answers if answer[side] == group}) for end in (0, 1))
        for side in (3, 2)
    ]
    return HelpCounts(
        sums=sum(parts, np.zeros(4)),
        persons=sum((np.outer(each, each) for each in persons.values()), np.zeros((4, 4))),
        pairs=sum((np.outer(each, each) for each in pairs.values()), np.zeros((4, 4))),
        expected=expected,
        people=tuple(ends),
    )


def test_shares_and_balance_of_six_answers_are_those_counted_on_fingers():
    counts = help_counts(ANSWERS)
    assert help_given(counts).estimate == 3 / 4
    assert help_received(counts).estimate == 1 / 2
    balance = help_balance(counts)
    assert balance.estimate == 1.5
    assert balance.expected == 1.0
    assert [stage.share for stage in balance.stages] == [3 / 4, 1 / 2]
    assert balance.status is Status.TOO_FEW


def test_the_error_counts_every_two_answers_that_share_somebody_once():
    # Aronow, Samii & Assenova 2015: the sum over all pairs of answers that have a person in common
    answers = [*ANSWERS, ("a", "c", 1, 0, 0), ("a", "b", 1, 1, 1)]
    counts = help_counts(answers)
    given, got = 4 / 5, 2 / 4
    influence = [
        (own_part[0] - given * own_part[1]) / counts.sums[0]
        - (own_part[2] - got * own_part[3]) / counts.sums[2]
        for own_part in (parts_of(answer, 1) for answer in answers)
    ]
    wanted = sum(
        one * other
        for one, first in zip(influence, answers, strict=True)
        for other, second in zip(influence, answers, strict=True)
        if set(first[:2]) & set(second[:2])
    )
    pairs = {}
    for value, answer in zip(influence, answers, strict=True):
        pair = tuple(sorted(answer[:2]))
        pairs[pair] = pairs.get(pair, 0.0) + value
    least = sum(value**2 for value in pairs.values())
    assert help_balance(counts).log_error ** 2 == pytest.approx(max(wanted, least))


def test_an_answer_on_several_people_counts_in_parts():
    answers = [("c", "a", 0, 1, 1), ("c", "d", 0, 0, 1), ("d", "a", 0, 1, 0), ("a", "d", 1, 0, 1)]
    counts = help_counts(answers, weights=[0.5, 0.5, 1.0, 1.0])
    assert help_given(counts).estimate == pytest.approx(0.5 / 1.5)
    assert help_received(counts).estimate == 1.0


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([("c", "a", 0, 1, 1)], "nobody of this group said"),
        ([("a", "c", 1, 0, 1)], "with people of this group"),
        ([("c", "a", 0, 1, 0), ("a", "c", 1, 0, 1)], "nobody was helped"),
    ],
)
def test_a_balance_needs_help_on_both_sides(answers, reason):
    result = help_balance(help_counts(answers))
    assert result.status is Status.UNDEFINED
    assert reason in result.reason


def drawn(rng, people, talks, more):
    """Draw answers on both sides of each talk; people differ in how they help and how they judge.

    ``more`` is what the helpers of group 1 add.
    """
    group = np.arange(people) % 2
    helpful, lenient = rng.normal(0, 0.1, (2, people))
    one, other = (rng.integers(0, people, talks) for _ in range(2))
    met = group[one] != group[other]
    by = np.concatenate([one[met], other[met]])
    about = np.concatenate([other[met], one[met]])
    chance = 0.55 + helpful[about] + lenient[by] + more * group[about]
    helped = rng.random(by.size) < chance
    return by, about, group, helped


def balance_of(by, about, group, helped):
    """Return the balance of group 1 from answers as arrays."""
    parts = np.zeros((by.size, 4))
    given, got = group[about] == 1, group[by] == 1
    parts.T[:] = given & helped, given, got & helped, got
    persons = np.zeros((group.size, 4))
    np.add.at(persons, by, parts)
    np.add.at(persons, about, parts)
    low, high = np.minimum(by, about), np.maximum(by, about)
    _, pair = np.unique(low * group.size + high, return_inverse=True)
    pairs = np.zeros((pair.max() + 1, 4))
    np.add.at(pairs, pair, parts)
    return help_balance(
        HelpCounts(
            sums=parts.sum(axis=0), persons=persons.T @ persons, pairs=pairs.T @ pairs,
            expected=(0.5, 0.5), people=(100, 100),
        )
    )  # fmt: skip


@pytest.mark.simulation
def test_intervals_cover_and_noise_is_called_noise():
    rng = np.random.default_rng(7)
    far, covered, repeats = 0, 0, 400
    for _ in range(repeats):
        null = balance_of(*drawn(rng, 300, 2250, 0.0))
        far += abs(np.log(null.estimate)) > 1.96 * null.expected_error / null.expected
        real = balance_of(*drawn(rng, 300, 2250, 0.1))
        # chances are 0.65 and 0.55 where neither end is cut off
        covered += real.low <= 0.65 / 0.55 <= real.high
    # 5 % and 95 %, three standard errors of 400 repeats (1.1 points) to either side
    assert 0.017 <= far / repeats <= 0.083
    assert 0.917 <= covered / repeats <= 0.983
