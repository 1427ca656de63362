"""Person-level pairings for tests, and their counts the slow and obvious way."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from metrics.connection.counts import PairingCounts

ROOT = Path(__file__).parents[3]
REAL_DATA = ROOT.parent / "shared" / "real_data"

Pair = tuple[int, int]


def count_pairings(
    pairs: Sequence[Pair],
    group_of: Sequence[int],
    *,
    weights: Sequence[float] | None = None,
    strata: Sequence[int] | None = None,
    groups: int | None = None,
) -> PairingCounts:
    """Count pairings of people 0, 1, ... one by one."""
    k = groups or max(group_of) + 1
    weights = [1.0] * len(pairs) if weights is None else weights
    strata = [0] * len(pairs) if strata is None else strata
    shape = (max(strata, default=-1) + 1, k, k)
    number, weight, squared = (np.zeros(shape) for _ in range(3))
    seats: Counter[tuple[int, int]] = Counter()
    contacts: dict[int, np.ndarray] = defaultdict(lambda: np.zeros(k))
    together: Counter[frozenset[int]] = Counter()
    for (i, j), w, s in zip(pairs, weights, strata, strict=True):
        cell = (s, *sorted((group_of[i], group_of[j])))
        number[cell] += 1
        weight[cell] += w
        squared[cell] += w * w
        seats.update([(s, i), (s, j)])
        contacts[i][group_of[j]] += w
        contacts[j][group_of[i]] += w
        together[frozenset((i, j))] += w
    stubs_squared = np.zeros(shape[:2])
    for (s, i), d in seats.items():
        stubs_squared[s, group_of[i]] += d * d
    moments = np.zeros((k, k, k))
    people = np.zeros(k)
    for i, c in contacts.items():
        moments[group_of[i]] += np.outer(c, c)
        people[group_of[i]] += 1
    pair_squares = np.zeros((k, k))
    for pair, n in together.items():
        pair_squares[tuple(sorted(group_of[i] for i in pair))] += n * n
    return PairingCounts(
        groups=tuple(f"group {g}" for g in range(k)),
        pairings=number,
        weights=weight,
        weights_squared=squared,
        stubs_squared=stubs_squared,
        contact_moments=moments,
        pair_squares=pair_squares,
        people=people,
    )


def read_network(ties: str, people: str, attribute: str) -> tuple[list[Pair], list[int]]:
    """Read ties and group codes of a public network; skip where it is not there."""
    folder = REAL_DATA / "netseg_oracles"
    if not folder.exists():
        pytest.skip("the public reference networks are not on this computer")
    with (folder / people).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = [next(iter(row.values())) for row in rows]
    values = sorted({row[attribute] for row in rows})
    with (folder / ties).open(encoding="utf-8") as file:
        pairs = [tuple(names.index(name) for name in row) for row in list(csv.reader(file))[1:]]
    return pairs, [values.index(row[attribute]) for row in rows]


def random_pairings(
    rng: np.random.Generator, people: int, groups: int, pairings: int, strata: int
) -> tuple[list[Pair], list[int], list[int]]:
    """Draw pairings, the groups of people, and the strata, all at random."""
    pairs = [tuple(rng.choice(people, 2, replace=False).tolist()) for _ in range(pairings)]
    group_of = [*range(groups), *rng.integers(0, groups, people - groups).tolist()]
    return pairs, group_of, rng.integers(0, strata, pairings).tolist()
