"""Before and after in one cohort, beside what the other cohorts did in the same weeks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from metrics.definition import Part, Result, undefined
from metrics.growth.shrinkage import Shrunk, shrink
from metrics.intervals import Z95

LONGEST = 4
"""Cycles before, and cycles since: more would hide what an action did behind what came later."""
FEWEST_OTHERS = 3
"""With fewer, a change of one cohort cannot be told from a change of all."""
MOST_OTHERS = 30
TOO_FEW_OTHERS = (
    "fewer than three other cohorts ran before and since, so a change of this one cannot be told "
    "from a change of all"
)
NO_CYCLES = "there is no cycle before or none since"

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class KnownCycles:
    """The cycles of one cohort as they are published, oldest first.

    Attributes
    ----------
    starts : array of shape (T,)
        The day on which each began, from any origin; rising.
    shares : array of shape (T,)
        Share of people who took part, in [0, 1].
    errors : array of shape (T,)
        Standard error of each share, more than 0.
    people : array of shape (T,)
        People behind each share.
    """

    starts: Array
    shares: Array
    errors: Array
    people: Array

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def ends(self) -> Array:
        """Return when each cycle ended: with the next, the last as long as they usually are."""
        length = float(np.median(np.diff(self.starts))) if len(self) > 1 else 30.0
        return np.append(self.starts[1:], self.starts[-1:] + length)


@dataclass(frozen=True, kw_only=True)
class Change:
    """The mean share of the cycles before a day, and of those since.

    Attributes
    ----------
    before, since : float
        In [0, 1].
    variance : float
        Squared standard error of ``since - before``, more than 0.
    """

    before: float
    since: float
    variance: float

    @property
    def by(self) -> float:
        """Return by how much the share rose."""
        return self.since - self.before


@dataclass(frozen=True, kw_only=True)
class BeforeAfter:
    """One cohort before and since the start of one of its cycles, and the others at that time.

    Attributes
    ----------
    own : Change or None
        The cohort; None without a cycle on each side.
    others : tuple of Change
        The other cohorts that ran on both sides.
    people : int
        People of the cohort in the smallest of these cycles.
    number : int
        Which cycle begins the time since, from 0.
    """

    own: Change | None
    others: tuple[Change, ...]
    people: int
    number: int = 0


def before_and_after(own: KnownCycles, others: Sequence[KnownCycles]) -> Iterator[BeforeAfter]:
    """Yield what is known before and since each cycle of a cohort but its first.

    On each side stand up to four cycles of the cohort. A cycle of another cohort belongs to the
    side on which its middle lies; one without a cycle on both sides is left out.
    """
    numbers = np.arange(1, len(own))
    if not numbers.size:
        return
    first, last = np.maximum(numbers - LONGEST, 0), np.minimum(numbers + LONGEST, len(own))
    days = own.starts[first], own.starts[numbers], own.ends[last - 1]
    # of very many cohorts an even selection says as much
    chosen = others[:: 1 + len(others) // MOST_OTHERS]
    beside = [_changes(one, *days) for one in chosen]
    for place, change in enumerate(_changes(own, *days)):
        found = (changes[place] for changes in beside)
        yield BeforeAfter(
            own=change,
            others=tuple(one for one in found if one is not None),
            people=int(own.people[first[place] : last[place]].min()),
            number=int(numbers[place]),
        )


def _changes(cycles: KnownCycles, begins: Array, turns: Array, ends: Array) -> list[Change | None]:
    """Return the change of one cohort at each turn, None without a cycle on both sides."""
    before, before_variance = _means(cycles, begins, turns)
    since, since_variance = _means(cycles, turns, ends)
    variance = before_variance + since_variance
    return [
        Change(before=float(one), since=float(other), variance=float(both))
        if np.isfinite(both)
        else None
        for one, other, both in zip(before, since, variance, strict=True)
    ]


def _means(cycles: KnownCycles, begins: Array, ends: Array) -> tuple[Array, Array]:
    """Return the mean share of the cycles whose middle lies between days, and its variance."""
    middles = (cycles.starts + cycles.ends) / 2
    first, last = np.searchsorted(middles, begins), np.searchsorted(middles, ends)
    number = np.where(last > first, last - first, np.nan)
    shares, squares = (np.append(0.0, np.cumsum(each)) for each in
                       (cycles.shares, cycles.errors**2))  # fmt: skip
    return (shares[last] - shares[first]) / number, (squares[last] - squares[first]) / number**2


def change_against_others(given: BeforeAfter, part: Part = ()) -> Result:
    """Return by how much more a cohort rose than the other cohorts did (difference in differences).

    ``d = (since - before) - mu`` with mu the mean change of the others, weighted by
    ``1 / (v_j + tau^2)``. Its variance is ``v + tau^2 + Var(mu)``: cohorts change by different
    amounts without any action, and tau^2, how much the others differ beyond chance, says how far
    this one may stray by itself. What is estimated from the others, ``tau^2 + Var(mu)``, counts
    ``(t / z)^2`` times, with t of one degree of freedom fewer than there are others.

    Parameters
    ----------
    given : BeforeAfter
        The cohort and the others.
    part : tuple
        Not used.

    Returns
    -------
    Result
        Estimate in [-2, 2], in shares; ``expected`` is 0; ``expected_error`` is the standard
        error on the normal scale. Undefined without a cycle on each side, or with fewer than
        three others.

    References
    ----------
    Conley & Taber 2011 (few groups that change: the others say how far one strays); Higgins,
    Thompson & Spiegelhalter 2009 (prediction of one more group).
    """
    if given.own is None:
        return undefined(NO_CYCLES, people=given.people)
    if len(given.others) < FEWEST_OTHERS:
        return undefined(TOO_FEW_OTHERS, people=given.people)
    beside = others_together(given)
    error = _error(given.own.variance, beside)
    value = given.own.by - beside.mean
    return Result(
        estimate=value,
        low=value - Z95 * error,
        high=value + Z95 * error,
        people=given.people,
        expected=0.0,
        expected_error=error,
    )


def others_together(given: BeforeAfter) -> Shrunk:
    """Return the mean change of the others, and how much they differ beyond chance."""
    changes = [one.by for one in given.others]
    return shrink(changes, [one.variance for one in given.others])


def _error(own: float, beside: Shrunk) -> float:
    """Return the standard error on the normal scale: what the others say, times t over z."""
    estimated = beside.spread**2 + beside.mean_error**2
    wider = float(stdtrit(beside.values.size - 1, 0.975)) / Z95
    return float(np.sqrt(own + wider**2 * estimated))
