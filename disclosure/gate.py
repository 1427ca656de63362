"""The gate: shows a cell only if everything shown together still singles nobody out."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from disclosure.thresholds import RECOMMENDED_PEOPLE, Thresholds
from metrics.definition import Sensitivity

BLOCK = 64
LEVERAGE_TOLERANCE = 1e-9
DERIVABLE = 1e-8
KEPT_ENOUGH = 0.5
PASSES = 3


class Verdict(StrEnum):
    """What the gate says about one cell."""

    SHOWN = "shown"
    SMALL = "small"
    """From nobody to one fewer than the threshold; never told apart."""
    PROTECTS = "protects"
    """Large enough, but together with what is shown it would reveal a smaller group."""


class Gate:
    """The gate of one protected item over a whole release.

    An item is one quantity per person that several cells sum up: the answer to a question, or a
    person's contacts across one attribute. Cells are offered in the order of their importance.

    The indicator of a cell is a direction in the space of people; the leverage of a person is the
    squared length of that person's unit vector projected on the span of all shown cells. If the
    sum over a set of m people follows from shown cells, its indicator lies in their span, and each
    member has leverage of at least 1/m. Leverage of at most 1/``effective`` for everybody therefore
    means that no combination of shown numbers isolates fewer than ``effective`` people.

    People whom no cell tells apart share their leverage, so they are kept as one class. A class is
    split when a cell covers a part of it; the cost of an offer therefore grows with what the
    catalogue distinguishes, not with the number of people. For indicators over classes of n_c
    people, ``<a, b> = sum_c n_c a_c b_c``.

    Parameters
    ----------
    pattern_people : array_like of int, shape (P,)
        People in each pattern. For an item that is counted over pairs instead of persons, pairs.
    thresholds : Thresholds
        What must hold.
    sensitivity : Sensitivity
        Operational items need a minimum number of people and nothing else.
    spent : array_like of float, shape (P,), optional
        Leverage that further statistics of the same answers have used up, to be left to them: each
        is one more equation about the same people, so leverages add.
    """

    def __init__(
        self,
        pattern_people: ArrayLike,
        thresholds: Thresholds,
        sensitivity: Sensitivity,
        *,
        spent: ArrayLike | None = None,
    ) -> None:
        people = np.asarray(pattern_people)
        if people.ndim != 1 or (people < 0).any():
            raise ValueError("pattern_people must be one list of numbers of people, none negative")
        self._occupied = people > 0
        self._pattern_people = people[self._occupied]
        self._class_of = np.zeros(self._pattern_people.size, dtype=np.intp)
        self._people = np.array([self._pattern_people.sum()], dtype=float)
        self._leverage = np.zeros(1)
        self._blocks: list[NDArray[np.float64]] = []
        self._rank = 0
        self._least = thresholds.least(sensitivity)
        self._limit = 1 / thresholds.effective + LEVERAGE_TOLERANCE
        self._spent = None if spent is None else np.asarray(spent, dtype=float)[self._occupied]
        self._counts_only = sensitivity is Sensitivity.OPERATIONAL

    def offer(self, members: ArrayLike) -> Verdict:
        """Return the verdict on the cell that covers these patterns, and remember it if shown.

        Parameters
        ----------
        members : array_like of bool, shape (P,)
            Which patterns the cell covers.
        """
        inside = self._inside(members)
        size = int(self._pattern_people[inside].sum())
        if size < min(self._least, RECOMMENDED_PEOPLE):
            return Verdict.SMALL
        if self._counts_only:
            return Verdict.SHOWN if size >= self._least else Verdict.SMALL
        # a cell that only a raised threshold hides keeps its place, so that a stricter release
        # is a part of the usual one and shows nothing that the usual one hides
        verdict = self._offer_direction(self._split(inside))
        return verdict if size >= self._least else Verdict.SMALL

    def count(self, members: ArrayLike) -> None:
        """Remember a cell that is published by a rule of its own, whatever it tells of people.

        Nothing that is offered later may tell more of those whom such a cell singles out already.

        Parameters
        ----------
        members : array_like of bool, shape (P,)
            Which patterns the cell covers.
        """
        indicator = self._split(self._inside(members))
        start = self._length(indicator)
        direction, length = self._residual(indicator, start)
        if length > DERIVABLE * start:
            self._leverage = self._leverage + (direction / length) ** 2
            self._remember(direction / length)

    def _inside(self, members: ArrayLike) -> NDArray[np.bool_]:
        """Return which of the patterns that hold anybody a cell covers."""
        inside = np.asarray(members, dtype=bool)
        if inside.shape != self._occupied.shape:
            raise ValueError(
                f"a cell has {inside.shape} entries; the gate knows {self._occupied.shape} patterns"
            )
        return inside[self._occupied]

    def _split(self, inside: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Split the classes that the cell covers in part; return its indicator over classes."""
        halves = 2 * self._class_of + inside
        people = np.bincount(halves, weights=self._pattern_people, minlength=2 * self._people.size)
        kept = np.flatnonzero(people)
        position = np.zeros(people.size, dtype=np.intp)
        position[kept] = np.arange(kept.size)
        if kept.size > self._people.size:
            self._leverage = self._leverage[kept // 2]
            self._blocks = [block[:, kept // 2] for block in self._blocks]
        self._class_of, self._people = position[halves], people[kept]
        return (kept % 2).astype(float)

    def _offer_direction(self, indicator: NDArray[np.float64]) -> Verdict:
        start = self._length(indicator)
        direction, length = self._residual(indicator, start)
        if length < DERIVABLE * start:
            return Verdict.SHOWN
        direction = direction / length
        leverage = self._leverage + direction**2
        if self._exceeds(leverage):
            return Verdict.PROTECTS
        self._leverage = leverage
        self._remember(direction)
        return Verdict.SHOWN

    def _exceeds(self, leverage: NDArray[np.float64]) -> bool:
        # whoever is beyond the limit already, by a cell that was only counted, gains nothing more
        known = self._leverage + LEVERAGE_TOLERANCE
        limit = np.where(self._leverage > self._limit, known, self._limit)
        if self._spent is None:
            return bool((leverage > limit).any())
        return bool((leverage[self._class_of] + self._spent > limit[self._class_of]).any())

    @property
    def leverage(self) -> NDArray[np.float64]:
        """Return what all shown cells together tell of a person, by pattern: from 0 to 1."""
        found = np.zeros(self._occupied.size)
        found[self._occupied] = self._leverage[self._class_of]
        return found

    def _length(self, vector: NDArray[np.float64]) -> float:
        return float(np.sqrt(self._people @ vector**2))

    def _residual(
        self, vector: NDArray[np.float64], start: float
    ) -> tuple[NDArray[np.float64], float]:
        """Return what the shown cells do not explain, to machine precision, and its length."""
        after = start
        for _ in range(PASSES):
            before = after
            for block in self._filled_blocks():
                vector = vector - (block @ (self._people * vector)) @ block
            after = self._length(vector)
            # a pass that removes most of a vector leaves rounding noise behind: repeat it
            if after > KEPT_ENOUGH * before or after < DERIVABLE * start:
                break
        return vector, after

    def _filled_blocks(self) -> list[NDArray[np.float64]]:
        last = self._rank - BLOCK * (len(self._blocks) - 1)
        return [*self._blocks[:-1], self._blocks[-1][:last]] if self._blocks else []

    def _remember(self, direction: NDArray[np.float64]) -> None:
        if self._rank == BLOCK * len(self._blocks):
            self._blocks.append(np.zeros((BLOCK, direction.size)))
        self._blocks[-1][self._rank % BLOCK] = direction
        self._rank += 1
