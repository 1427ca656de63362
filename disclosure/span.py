"""What cells about the same people tell together, and what one more of them would add."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]

DERIVABLE = 1e-8
"""A cell of which less than this part of its length is new follows from those known."""
KEPT_ENOUGH = 0.5
PASSES = 3
CLOSED_AT = 1_024
"""Rows from which on a table takes no further cell: it has to stay far shorter than the classes."""
EVERYWHERE = slice(None)


@dataclass(frozen=True)
class Novelty:
    """What a cell tells that the known ones do not.

    It is told over classes of people: those so far, less the people whom the cell covers of the
    classes that it covers in part; then these parts.

    Parameters
    ----------
    moving : array of int
        The patterns of the cell that are of a class that it covers in part.
    split : array of int, shape (S,)
        The classes that it covers in part.
    people : array of float, shape (C + S,)
        People in each class.
    covered : array of bool, shape (C + S,)
        Which classes are in the cell.
    direction : array of float, shape (C + S,)
        What is new, of length 1 over people.
    taken : array of float, shape (R,)
        How much of each known cell explains the cell.
    length : float
        How long what is new was.
    """

    moving: Positions
    split: Positions
    people: Floats
    covered: NDArray[np.bool_]
    direction: Floats
    taken: Floats
    length: float


class Span:
    """The span of the indicators of known cells in the space of people.

    People whom no known cell tells apart are one class; for indicators over classes of n_c people,
    ``<a, b> = sum_c n_c a_c b_c``. A known cell splits the classes that it covers in part.

    An orthonormal basis over classes would hold a number for each cell and each class. Here each
    direction of the basis is held as a combination of the cells, which are 0 or 1, and the cells in
    a few tables (`_Table`). What the known cells explain of a further one is found from the people
    whom it shares with each of them, which are whole numbers and exact; what rounding leaves of
    that is found from the direction itself and taken away once more.

    Parameters
    ----------
    pattern_people : array of int, shape (P,)
        People in each pattern, none empty.
    """

    def __init__(self, pattern_people: NDArray[np.int_]) -> None:
        self._pattern_people = pattern_people.astype(float)
        self._class_of = np.zeros(pattern_people.size, dtype=np.intp)
        self._people = np.array([self._pattern_people.sum()])
        self._leverage = np.zeros(1)
        self._tables: list[_Table] = []
        self._rank = 0
        self._basis = np.zeros((0, 0))
        """One row per direction: how much of each known cell it holds."""

    @property
    def leverage(self) -> Floats:
        """Return what the known cells together tell of a person, by pattern: from 0 to 1."""
        return self._leverage[self._class_of]

    def leverages(self, new: Novelty) -> tuple[Floats, Floats]:
        """Return the leverage before and after knowing a cell, by class."""
        before = _with_parts(self._leverage, new.split)
        return before, before + new.direction**2

    def classes(self, new: Novelty) -> Positions:
        """Return the class of each pattern after knowing a cell."""
        classes = self._class_of.copy()
        number_of = np.zeros(self._people.size, dtype=np.intp)
        number_of[new.split] = np.arange(self._people.size, new.people.size)
        classes[new.moving] = number_of[classes[new.moving]]
        return classes

    def novelty(self, inside: NDArray[np.bool_]) -> Novelty | None:
        """Return what a cell tells that is new, or None where it follows from known cells.

        Parameters
        ----------
        inside : array of bool, shape (P,)
            Which patterns the cell covers.
        """
        patterns = np.flatnonzero(inside)
        classes = self._class_of[patterns]
        shared = np.bincount(classes, self._pattern_people[patterns], self._people.size)
        partly = (shared > 0) & (shared < self._people)
        split = np.flatnonzero(partly)
        people = np.concatenate([self._people, shared[split]])
        people[split] -= shared[split]
        covered = np.ones(people.size, dtype=bool)
        covered[: partly.size] = (shared > 0) & ~partly
        found = self._rest(covered.astype(float), people, split, shared)
        if found is None:
            return None
        rest, taken, length = found
        return Novelty(
            patterns[partly[classes]], split, people, covered, rest / length, taken, length
        )

    def add(self, new: Novelty) -> None:
        """Know a cell from now on."""
        _, self._leverage = self.leverages(new)
        if new.split.size:
            self._class_of = self.classes(new)
            for table in self._tables:
                table.split(new.split)
        self._people = new.people
        if not self._tables or self._tables[-1].is_full:
            self._tables.append(_Table(self._people.size))
        self._tables[-1].add(new.covered)
        self._remember(np.append(-new.taken, 1.0) / new.length)

    def _rest(
        self, vector: Floats, people: Floats, split: Positions, shared: Floats
    ) -> tuple[Floats, Floats, float] | None:
        """Return what the known cells leave of a vector, how much of each was taken, its length."""
        classes = self._people.size
        start = after = _length(vector, people)
        taken, where = np.zeros(self._rank), np.flatnonzero(shared)
        sums = shared[where]
        for _ in range(PASSES):
            before = after
            more = self._explaining(sums, where)
            vector = vector - _with_parts(self._combined(more), split)
            taken += more
            after = _length(vector, people)
            # a pass that removes most of a vector leaves rounding noise behind: repeat it
            if after > KEPT_ENOUGH * before or after < DERIVABLE * start:
                break
            whole = people * vector
            where, sums = EVERYWHERE, whole[:classes]
            sums[split] += whole[classes:]
        return None if after <= DERIVABLE * start else (vector, taken, after)

    def _explaining(self, sums: Floats, where: Positions | slice) -> Floats:
        """Return how much of each known cell explains a vector, given its sums in some classes."""
        basis = self._basis[: self._rank, : self._rank]
        shared = [table.shared(sums, where) for table in self._tables]
        return (basis @ np.concatenate([np.zeros(0), *shared])) @ basis

    def _combined(self, taken: Floats) -> Floats:
        """Return the sum of known cells, each taken so many times, by class."""
        total, first = np.zeros(self._people.size), 0
        for table in self._tables:
            total += table.combined(taken[first : first + table.size])
            first += table.size
        return total

    def _remember(self, combination: Floats) -> None:
        if self._rank == len(self._basis):
            larger = np.zeros((2 * self._rank + 8, 2 * self._rank + 8))
            larger[: self._rank, : self._rank] = self._basis
            self._basis = larger
        self._basis[self._rank, : self._rank + 1] = combination
        self._rank += 1


class _Table:
    """Some cells, over the rows that these cells alone tell apart; every class is of one row.

    Many cells tell apart by one thing, such as the cohort, so a table of a hundred cells has as
    many rows where all cells together have tens of thousands of classes.
    """

    def __init__(self, classes: int) -> None:
        self._row_of = np.zeros(classes, dtype=np.intp)
        self._cells = np.zeros((1, 0))

    @property
    def size(self) -> int:
        """Return how many cells the table holds."""
        return self._cells.shape[1]

    @property
    def is_full(self) -> bool:
        """Return whether the table takes no further cell."""
        return len(self._cells) >= CLOSED_AT

    def split(self, split: Positions) -> None:
        """Follow the classes, of which some have been split."""
        self._row_of = _with_parts(self._row_of, split)

    def add(self, covered: NDArray[np.bool_]) -> None:
        """Take a cell that covers some classes and no part of others."""
        halves = 2 * self._row_of + covered
        kept = np.flatnonzero(np.bincount(halves, minlength=2 * len(self._cells)))
        row = np.zeros(2 * len(self._cells), dtype=np.intp)
        row[kept] = np.arange(kept.size)
        self._cells = np.column_stack([self._cells[kept // 2], kept % 2])
        self._row_of = row[halves]

    def shared(self, sums: Floats, where: Positions | slice) -> Floats:
        """Return the sum over each cell, given the sums in some classes."""
        return np.bincount(self._row_of[where], sums, len(self._cells)) @ self._cells

    def combined(self, taken: Floats) -> Floats:
        """Return the sum of the cells, each taken so many times, by class."""
        return (self._cells @ taken)[self._row_of]


def _with_parts(values: NDArray, split: Positions) -> NDArray:
    """Return the values of classes, and once more those of the classes that are split."""
    return np.concatenate([values, values[split]]) if split.size else values


def _length(vector: Floats, people: Floats) -> float:
    # not as a product of two vectors: that wakes the threads of the algebra library, and they cost
    # more than they bring, several times more where another process wants the processor
    return float(np.sqrt((people * vector**2).sum()))
