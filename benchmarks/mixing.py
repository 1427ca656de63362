"""Weft's assortativity of recorded pairings, beside networkx and igraph on the same pairs."""

from __future__ import annotations

import time
from collections.abc import Callable

import igraph
import networkx
import numpy as np

from benchmarks.table import Row, show
from metrics.connection.indices import newman_assortativity

GROUPS = 8
SEED = 2026
Pairs = np.ndarray


def organisation(people: int, pairings: int) -> tuple[np.ndarray, Pairs]:
    """Return the group of each person and pairs of people who lean towards their own group."""
    chance = np.random.default_rng(SEED)
    group = chance.integers(GROUPS, size=people)
    pairs = chance.integers(people, size=(3 * pairings, 2))
    same = group[pairs[:, 0]] == group[pairs[:, 1]]
    kept = (pairs[:, 0] != pairs[:, 1]) & (same | (chance.random(len(pairs)) < 0.6))
    return group, pairs[kept][:pairings]


def by_weft(group: np.ndarray, pairs: Pairs) -> float:
    """Count the pairings of groups, then take the index of the counts."""
    low, high = np.sort(group[pairs], axis=1).T
    counts = np.bincount(low * GROUPS + high, minlength=GROUPS**2).reshape(GROUPS, GROUPS)
    return newman_assortativity(counts)


def by_networkx(group: np.ndarray, pairs: Pairs) -> float:
    """Build a multigraph, then ask networkx."""
    graph = networkx.MultiGraph()
    graph.add_nodes_from((person, {"group": int(g)}) for person, g in enumerate(group))
    graph.add_edges_from(pairs.tolist())
    return networkx.attribute_assortativity_coefficient(graph, "group")


def by_igraph(group: np.ndarray, pairs: Pairs) -> float:
    """Build a graph, then ask igraph."""
    graph = igraph.Graph(n=len(group), edges=pairs)
    return graph.assortativity_nominal(group.tolist(), directed=False)


def timed(index: Callable[..., float], group: np.ndarray, pairs: Pairs) -> Row:
    """Return the least milliseconds of some runs, and the value that came out."""
    seconds, value = [], float("nan")
    while len(seconds) < 5 and sum(seconds) < 20:
        started = time.perf_counter()
        value = index(group, pairs)
        seconds.append(time.perf_counter() - started)
    return Row(index.__name__.replace("_", " "), (min(seconds) * 1000,), f"r = {value:.12f}")


def run(sizes: tuple[int, ...]) -> None:
    """Print the figures of all sizes, given as people; 12 pairings a person."""
    for people in sizes:
        group, pairs = organisation(people, 12 * people)
        rows = [timed(index, group, pairs) for index in (by_weft, by_networkx, by_igraph)]
        show(f"assortativity of {len(pairs):,} pairings, least of five", ("ms",), rows)
