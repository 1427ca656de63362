"""The gate: shows a cell only if everything shown together still singles nobody out."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from disclosure.span import Novelty, Span
from disclosure.thresholds import RECOMMENDED_PEOPLE, Thresholds
from metrics.definition import Sensitivity

LEVERAGE_TOLERANCE = 1e-9


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

    People whom no shown cell tells apart share their leverage, so they are kept as one class; the
    cost of an offer grows with what the catalogue distinguishes, not with the number of people. How
    the span is kept is told in `disclosure.span`.

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
        self._span = Span(self._pattern_people)
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
        new = self._span.novelty(inside)
        if new is not None and self._exceeds(new):
            return Verdict.PROTECTS if size >= self._least else Verdict.SMALL
        if new is not None:
            self._span.add(new)
        return Verdict.SHOWN if size >= self._least else Verdict.SMALL

    def count(self, members: ArrayLike) -> None:
        """Remember a cell that is published by a rule of its own, whatever it tells of people.

        Nothing that is offered later may tell more of those whom such a cell singles out already.

        Parameters
        ----------
        members : array_like of bool, shape (P,)
            Which patterns the cell covers.
        """
        new = self._span.novelty(self._inside(members))
        if new is not None:
            self._span.add(new)

    def _inside(self, members: ArrayLike) -> NDArray[np.bool_]:
        """Return which of the patterns that hold anybody a cell covers."""
        inside = np.asarray(members, dtype=bool)
        if inside.shape != self._occupied.shape:
            raise ValueError(
                f"a cell has {inside.shape} entries; the gate knows {self._occupied.shape} patterns"
            )
        return inside[self._occupied]

    def _exceeds(self, new: Novelty) -> bool:
        known, leverage = self._span.leverages(new)
        # whoever is beyond the limit already, by a cell that was only counted, gains nothing more
        limit = np.where(known > self._limit, known + LEVERAGE_TOLERANCE, self._limit)
        if self._spent is None:
            return bool((leverage > limit).any())
        class_of = self._span.classes(new)
        return bool((leverage[class_of] + self._spent > limit[class_of]).any())

    @property
    def leverage(self) -> NDArray[np.float64]:
        """Return what all shown cells together tell of a person, by pattern: from 0 to 1."""
        found = np.zeros(self._occupied.size)
        found[self._occupied] = self._span.leverage
        return found
