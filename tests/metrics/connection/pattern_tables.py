"""Pairings of people with several attributes, and their patterns the slow and obvious way."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from metrics.connection.patterns import DifferencePatterns

Pair = tuple[int, int]


def count_patterns(
    pairs: Sequence[Pair],
    people: np.ndarray,
    *,
    strata: Sequence[int] | None = None,
    weights: Sequence[float] | None = None,
) -> DifferencePatterns:
    """Count pairings one by one; ``people`` holds one row of attribute codes per person."""
    size = people.shape[1]
    strata = [0] * len(pairs) if strata is None else strata
    weights = [1.0] * len(pairs) if weights is None else weights
    shape = (max(strata, default=-1) + 1, 2**size)
    number, weight, squared, seats_squared = (np.zeros(shape) for _ in range(4))
    seats: dict[int, Counter[int]] = defaultdict(Counter)
    for pair, w, s in zip(pairs, weights, strata, strict=True):
        pattern = sum(2**a for a in range(size) if people[pair[0], a] != people[pair[1], a])
        number[s, pattern] += 1
        weight[s, pattern] += w
        squared[s, pattern] += w * w
        seats[s].update(pair)
    alike, stubs, chance = _margins(seats, people, shape, seats_squared)
    person, together = (defaultdict(lambda: np.zeros(2 * size)) for _ in range(2))
    for pair, w, s in zip(pairs, weights, strata, strict=True):
        vector = w * np.append(people[pair[0]] != people[pair[1]], chance[s])
        together[frozenset(pair)] += vector
        for one in pair:
            person[one] += vector
    return DifferencePatterns(
        attributes=tuple(f"attribute {a}" for a in range(size)),
        pairings=number,
        weights=weight,
        weights_squared=squared,
        seats_squared=seats_squared,
        stubs_squared=stubs,
        alike=alike,
        person_products=_products(person, size),
        pair_products=_products(together, size),
        people=len(person),
    )


def _margins(seats, people, shape, seats_squared):
    strata, subsets = shape
    size = people.shape[1]
    alike, stubs, chance = (
        np.zeros((strata, size, size)),
        np.zeros(strata),
        np.zeros((strata, size)),
    )
    for s, held in seats.items():
        for subset in range(subsets):
            chosen = [a for a in range(size) if subset >> a & 1]
            category: Counter[tuple[int, ...]] = Counter()
            for person, count in held.items():
                category[tuple(people[person, chosen])] += count
            seats_squared[s, subset] = sum(count**2 for count in category.values())
        stubs[s] = sum(count**2 for count in held.values())
        groups = [Counter() for _ in range(size)]
        for person, count in held.items():
            for a in range(size):
                groups[a][people[person, a]] += count
        own = np.array(
            [
                [groups[a][people[person, a]] for a in range(size)]
                for person, count in held.items()
                for _ in range(count)
            ],
            dtype=float,
        )
        alike[s] = own.T @ own
        possible = seats_squared[s, 0]
        alone = seats_squared[s, 2 ** np.arange(size)]
        chance[s] = (possible - alone) / (possible - stubs[s])
    return alike, stubs, chance


def _products(vectors, size):
    return sum((np.outer(v, v) for v in vectors.values()), np.zeros((2 * size, 2 * size)))


def draw_rounds(
    rng: np.random.Generator,
    people: np.ndarray,
    slopes: Sequence[float],
    rounds: int,
    share: float = 0.8,
) -> tuple[list[Pair], list[int]]:
    """Match people in rounds: each in turn picks a partner among those left.

    A partner who differs on attribute a is exp(slopes[a]) times as likely as one who does not.
    """
    pairs, strata = [], []
    for number in range(rounds):
        present = rng.permutation(len(people))[: int(share * len(people)) // 2 * 2]
        left = list(present)
        while len(left) > 1:
            one = left.pop()
            differs = people[left] != people[one]
            odds = np.exp(differs @ np.asarray(slopes))
            chosen = rng.choice(len(left), p=odds / odds.sum())
            pairs.append((int(one), int(left.pop(chosen))))
            strata.append(number)
    return pairs, strata
