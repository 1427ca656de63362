"""Contacts of crossed groups, counted from person-level pairings the slow and obvious way."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from metrics.connection.crossed import CrossedCounts
from metrics.participation import RateMoments

Pair = tuple[int, int]


def count_crossed(
    pairs: Sequence[Pair],
    own: Sequence[int],
    beside: Sequence[int],
    *,
    strata: Sequence[int] | None = None,
    weights: Sequence[float] | None = None,
) -> tuple[CrossedCounts, list[Pair]]:
    """Count the contacts of people 0, 1, ...; return them and the crossed groups in order."""
    weights = [1.0] * len(pairs) if weights is None else weights
    strata = [0] * len(pairs) if strata is None else strata
    crossed = sorted(set(zip(own, beside, strict=True)))
    of = [crossed.index(each) for each in zip(own, beside, strict=True)]
    size = max(strata, default=-1) + 1
    stubs = np.zeros((size, max(own) + 1))
    table = {name: np.zeros((size, len(crossed))) for name in ("seats", "q", "w", "ww", "x")}
    pairings, seats = Counter(), Counter()
    persons, together = defaultdict(Counter), defaultdict(Counter)
    for (i, j), w, s in zip(pairs, weights, strata, strict=True):
        x = w * (own[i] != own[j])
        pairings.update({of[i], of[j]})
        for person in (i, j):
            group = of[person]
            stubs[s, own[person]] += 1
            seats[s, person] += 1
            for name, value in (("seats", 1), ("w", w), ("ww", w * w), ("x", x)):
                table[name][s, group] += value
            for somebody in (i, j):
                persons[group, somebody].update(d=w, x=x)
            together[group, frozenset((i, j))].update(d=w, x=x)
    for (s, person), number in seats.items():
        table["q"][s, of[person]] += number**2
    people = Counter(of[person] for person in {person for _, person in seats})
    counts = CrossedCounts(
        stubs=stubs,
        own=np.array([each[0] for each in crossed]),
        seats=table["seats"],
        seats_squared=table["q"],
        weights=table["w"],
        weights_squared=table["ww"],
        pairings=np.array([pairings[group] for group in range(len(crossed))], dtype=float),
        contacts=tuple(
            RateMoments(
                numerator=float(table["x"][:, group].sum()),
                denominator=float(table["w"][:, group].sum()),
                people=people[group],
                denominator_squared=_products(persons, group, "d", "d"),
                product=_products(persons, group, "x", "d"),
                numerator_squared=_products(persons, group, "x", "x"),
                pair_denominator_squared=_products(together, group, "d", "d"),
                pair_product=_products(together, group, "x", "d"),
                pair_numerator_squared=_products(together, group, "x", "x"),
            )
            for group in range(len(crossed))
        ),
        people=np.array([people[group] for group in range(len(crossed))]),
    )
    return counts, crossed


def _products(units: dict[tuple, Counter], group: int, one: str, other: str) -> float:
    return float(sum(sums[one] * sums[other] for key, sums in units.items() if key[0] == group))
