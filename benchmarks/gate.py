"""The gate, beside one that keeps a number for every shown cell and every class of people."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Iterator

import numpy as np

from benchmarks.table import Row, show
from disclosure.gate import LEVERAGE_TOLERANCE, Gate, Verdict
from disclosure.span import DERIVABLE, KEPT_ENOUGH, PASSES
from disclosure.thresholds import RECOMMENDED_PEOPLE, Thresholds
from metrics.definition import Sensitivity

SEED = 2026
ATTRIBUTES, GROUPS, WAVES = 6, (0.5, 0.25, 0.15, 0.07, 0.03), 4
PEOPLE_IN_COHORT = 400
BLOCK = 64
MEGABYTE = 1e6


class DenseGate:
    """The same rule with an orthonormal basis written out over patterns of people."""

    def __init__(self, people: np.ndarray) -> None:
        self._people, self._root = people, np.sqrt(people)
        self._limit = 1 / Thresholds().effective + LEVERAGE_TOLERANCE
        self._leverage = np.zeros(people.size)
        self._blocks: list[np.ndarray] = []
        self._rank = 0

    def offer(self, inside: np.ndarray) -> Verdict:
        """Return the verdict on a cell, and remember it if shown."""
        if self._people[inside].sum() < RECOMMENDED_PEOPLE:
            return Verdict.SMALL
        rest = self._root * inside
        start = after = np.linalg.norm(rest)
        for _ in range(PASSES):
            before = after
            for block in self._filled():
                rest = rest - (block @ rest) @ block
            after = np.linalg.norm(rest)
            if after > KEPT_ENOUGH * before or after < DERIVABLE * start:
                break
        if after < DERIVABLE * start:
            return Verdict.SHOWN
        leverage = self._leverage + (rest / after / self._root) ** 2
        if (leverage > self._limit).any():
            return Verdict.PROTECTS
        self._leverage = leverage
        self._remember(rest / after)
        return Verdict.SHOWN

    def _filled(self) -> list[np.ndarray]:
        last = self._rank - BLOCK * (len(self._blocks) - 1)
        return [*self._blocks[:-1], self._blocks[-1][:last]] if self._blocks else []

    def _remember(self, direction: np.ndarray) -> None:
        if self._rank == BLOCK * len(self._blocks):
            self._blocks.append(np.zeros((BLOCK, direction.size)))
        self._blocks[-1][self._rank % BLOCK] = direction
        self._rank += 1


def catalogue(people: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return people by pattern, and the cells of one question: places, waves and groups."""
    chance = np.random.default_rng(SEED)
    cohorts = max(people // PEOPLE_IN_COHORT, 6)
    facts = [chance.integers(cohorts, size=people), chance.integers(WAVES, size=people)]
    facts += [chance.choice(len(GROUPS), people, p=GROUPS) for _ in range(ATTRIBUTES)]
    patterns, number = np.unique(np.array(facts), axis=1, return_counts=True)
    return number, list(_cells(*patterns[:2], patterns[2:], cohorts))


def _cells(
    cohort: np.ndarray, wave: np.ndarray, groups: np.ndarray, cohorts: int
) -> Iterator[np.ndarray]:
    everybody = np.ones(cohort.size, dtype=bool)
    whens = [everybody, *(wave == when for when in range(WAVES))]
    for place in (everybody, *(cohort % 6 == programme for programme in range(6))):
        yield from (place & when for when in whens)
    for group in groups:
        for code in range(len(GROUPS)):
            yield from ((group == code) & when for when in whens)
    for number in range(cohorts):
        yield cohort == number


def measured(
    name: str, gate: Callable[[], Gate | DenseGate], cells: list[np.ndarray]
) -> tuple[Row, list[Verdict]]:
    """Return the CPU seconds and the memory that a gate takes for all offers, and its verdicts."""
    tracemalloc.start()
    started = time.process_time()
    offer = gate().offer
    verdicts = [offer(cell) for cell in cells]
    seconds = time.process_time() - started
    peak = tracemalloc.get_traced_memory()[1] / MEGABYTE
    tracemalloc.stop()
    shown = verdicts.count(Verdict.SHOWN)
    return Row(name, (seconds, peak), f"{shown} of {len(cells)} cells shown"), verdicts


def run(sizes: tuple[int, ...]) -> None:
    """Print the figures of all sizes, given as people; fail where the verdicts part."""
    for people in sizes:
        number, cells = catalogue(people)
        dense, expected = measured("an orthonormal basis", lambda n=number: DenseGate(n), cells)
        own, found = measured(
            "the gate", lambda n=number: Gate(n, Thresholds(), Sensitivity.ATTITUDE), cells
        )
        if found != expected:
            raise AssertionError("the gate and the orthonormal basis disagree")
        patterns = f"{people:,} people in {number.size:,} patterns"
        show(f"gate of {patterns}", ("CPU s", "peak MB"), [dense, own])
