"""Invented lotteries: who sits where, as the claims read it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from metrics.claims.lottery_dose import Draws, Lotteries

Seating = tuple[np.ndarray, np.ndarray, Sequence[int]]
"""People in the order of their seats, the group of each person, the sizes of the tables."""


def draw(
    rng: np.random.Generator, groups: np.ndarray, size: int, steered_by: np.ndarray | None = None
) -> Seating:
    """Seat everybody at random; or put people who score high beside other groups."""
    seating = rng.permutation(groups.size)
    if steered_by is not None:
        high = steered_by > np.median(steered_by)
        seating = np.concatenate([_apart(seating[high[seating]], groups), seating[~high[seating]]])
    return seating, groups, [size] * (groups.size // size)


def _apart(people: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Seat the first half of people sorted by group beside the second half."""
    ordered = people[np.argsort(groups[people], kind="stable")]
    half = ordered.size // 2
    beside = np.column_stack([ordered[:half], ordered[half : 2 * half]]).ravel()
    return np.concatenate([beside, ordered[2 * half :]])


def draws_of(seatings: Sequence[Seating]) -> Draws:
    """Return what the claims read of these seatings; group -1 is unknown."""
    rows, group_people, people, weight, squared = [], [], [], [], []
    for number, (seating, groups, tables) in enumerate(seatings):
        first, here = 0, np.array(groups)
        for size in tables:
            seated = seating[first : first + size]
            first += size
            rows += _rows(seated, here, number)
        seats = seating[:first]
        group_people.append(np.bincount(here[seats][here[seats] >= 0], minlength=8))
        people.append(first)
        pairs = [(size * (size - 1) / 2, 1 / (size - 1)) for size in tables]
        weight.append(sum(count * each for count, each in pairs))
        squared.append(sum(count * each**2 for count, each in pairs))
    person, lottery, group, crossed = (np.array(column) for column in zip(*rows, strict=True))
    drawn = Lotteries(
        group_people=np.array(group_people, dtype=float),
        people=np.array(people, dtype=float),
        weight=np.array(weight),
        weight_squared=np.array(squared),
    )
    return Draws(person=person, lottery=lottery, group=group, crossed=crossed, lotteries=drawn)


def _rows(seated: np.ndarray, groups: np.ndarray, number: int) -> list[tuple]:
    rows = []
    for person in seated:
        if groups[person] >= 0:
            crossing = [
                groups[other] >= 0 and groups[other] != groups[person]
                for other in seated
                if other != person
            ]
            rows.append((person, number, groups[person], np.mean(crossing)))
    return rows
