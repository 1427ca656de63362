"""Pairings by stage for tests, counted one by one, and programmes drawn at random."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from metrics.connection.stages import KINDS, Lotteries, StageCounts


@dataclass(frozen=True)
class Pairing:
    """Two people, how far they came (0 arranged, 1 completed, 2 met again), and their lottery."""

    people: tuple[int, int]
    reach: int
    stratum: int = 0
    weight: float = 1.0


def count_stages(
    pairings: Sequence[Pairing],
    group_of: Sequence[int],
    *,
    pools: dict[int, Sequence[int]] | None = None,
    groups: int | None = None,
    **facts: bool,
) -> StageCounts:
    """Count pairings of people 0, 1, ...; everybody in ``group_of`` could have taken part."""
    k = groups or max(group_of) + 1
    number, weight = np.zeros((2, 3)), np.zeros((2, 3))
    by_person: defaultdict[int, np.ndarray] = defaultdict(lambda: np.zeros(KINDS))
    by_pair: defaultdict[tuple[int, int], np.ndarray] = defaultdict(lambda: np.zeros(KINDS))
    for each in pairings:
        one, other = each.people
        crosses = int(group_of[one] != group_of[other])
        number[crosses, each.reach] += 1
        weight[crosses, each.reach] += each.weight
        by_pair[min(one, other), max(one, other)][3 * crosses + each.reach] += each.weight
        for person in each.people:
            by_person[person][3 * crosses + each.reach] += each.weight
    came = {
        reach: {person for p in pairings if p.reach >= reach for person in p.people}
        for reach in range(3)
    }
    sides = [
        {
            person
            for p in pairings
            if (group_of[p.people[0]] != group_of[p.people[1]]) == crosses
            for person in p.people
        }
        for crosses in (False, True)
    ]
    return StageCounts(
        population=np.bincount(np.asarray(group_of, dtype=int), minlength=k).astype(float),
        lotteries=count_lotteries(pairings, group_of, pools or {}, k),
        pairings=number,
        weights=weight,
        person_moments=sum((np.outer(c, c) for c in by_person.values()), np.zeros((6, 6))),
        pair_moments=sum((np.outer(c, c) for c in by_pair.values()), np.zeros((6, 6))),
        people=(len(came[0]), len(came[1]), len(came[2])),
        people_inside=len(sides[0]),
        people_across=len(sides[1]),
        **facts,
    )


def count_lotteries(
    pairings: Sequence[Pairing],
    group_of: Sequence[int],
    pools: dict[int, Sequence[int]],
    groups: int,
) -> Lotteries:
    """Count the lotteries; ``pools`` names the people who could have been drawn, by stratum."""
    strata = sorted({each.stratum for each in pairings})
    shape = (len(strata), groups)
    heads, seats, seats_squared = (np.zeros(shape) for _ in range(3))
    weight, weight_squared, strength_squared = (np.zeros(len(strata)) for _ in range(3))
    for position, stratum in enumerate(strata):
        own = [each for each in pairings if each.stratum == stratum]
        for person in pools.get(stratum, ()):
            heads[position, group_of[person]] += 1
        number, strength = Counter(), Counter()
        for each in own:
            weight[position] += each.weight
            weight_squared[position] += each.weight**2
            for person in each.people:
                number[person] += 1
                strength[person] += each.weight
        for person, count in number.items():
            seats[position, group_of[person]] += count
            seats_squared[position, group_of[person]] += count**2
            strength_squared[position] += strength[person] ** 2
    return Lotteries(
        heads=heads,
        seats=seats,
        seats_squared=seats_squared,
        weight=weight,
        weight_squared=weight_squared,
        strength_squared=strength_squared,
    )


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A programme to draw: chances that depend on crossing, each at one stage only.

    ``completed`` and ``again`` are chances inside and across groups; ``prefer`` is the chance that
    a pair inside a group is broken up once by the matcher; ``sites`` gives the number of people of
    each group at each site, and people are drawn together at their own site only.
    """

    sites: tuple[tuple[int, ...], ...] = ((30, 30), (30, 30))
    rounds: int = 6
    completed: tuple[float, float] = (0.75, 0.75)
    again: tuple[float, float] = (0.6, 0.6)
    prefer: float = 0.0


def draw(plan: Plan, random: np.random.Generator) -> StageCounts:
    """Draw one programme and count its stages, with the pools recorded."""
    group_of = [g for site in plan.sites for g, size in enumerate(site) for _ in range(size)]
    starts = np.cumsum([0, *(sum(site) for site in plan.sites)])
    pairings: list[Pairing] = []
    pools: dict[int, Sequence[int]] = {}
    for number in range(plan.rounds):
        for site in range(len(plan.sites)):
            stratum = number * len(plan.sites) + site
            people = np.arange(starts[site], starts[site + 1])
            pools[stratum] = people
            for one, other in _match(random.permutation(people), group_of, plan, random):
                crosses = int(group_of[one] != group_of[other])
                reach = int(random.random() < plan.completed[crosses])
                reach += reach and int(random.random() < plan.again[crosses])
                pairings.append(Pairing((int(one), int(other)), reach, stratum))
    return count_stages(pairings, group_of, pools=pools)


def _match(
    order: np.ndarray, group_of: Sequence[int], plan: Plan, random: np.random.Generator
) -> list[tuple[int, int]]:
    pairs = [(order[i], order[i + 1]) for i in range(0, len(order) - 1, 2)]
    if not plan.prefer:
        return pairs
    apart = [n for n, (a, b) in enumerate(pairs) if group_of[a] == group_of[b]]
    chosen = [n for n in apart if random.random() < plan.prefer]
    for first, second in zip(chosen[::2], chosen[1::2], strict=False):
        (a, b), (c, d) = pairs[first], pairs[second]
        if group_of[a] != group_of[c]:
            pairs[first], pairs[second] = (a, c), (b, d)
    return pairs
