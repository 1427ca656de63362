"""A group's rate over that of the best group, and when four fifths are worth a note."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrics.definition import Part, Result, undefined
from metrics.equity.intervals import katz
from metrics.growth.shrinkage import shrink

Array = NDArray[np.float64]
FOUR_FIFTHS = 0.8
SMALLEST_PART = 0.02
"""Groups that are a smaller part of the people are no reference and are not compared."""


@dataclass(frozen=True, kw_only=True)
class GroupRates:
    """The rates of all groups, as far as they are known.

    Attributes
    ----------
    shares : array of shape (G,)
        Share of each group that reached an outcome; NaN where it is not known.
    sizes : array of shape (G,)
        Independent trials behind each.
    people : array of shape (G,)
        People of each group.
    """

    shares: Array
    sizes: Array
    people: Array

    @property
    def compared(self) -> NDArray[np.bool_]:
        """Tell which groups are known and large enough to be compared."""
        known = ~np.isnan(self.shares) & (self.sizes > 0)
        total = self.people[known].sum()
        return known & (self.people >= SMALLEST_PART * total)


def reference(rates: GroupRates) -> tuple[int, float, float] | None:
    """Return the group of the highest rate, that rate drawn towards all others, and its size.

    The highest of many small groups is high by luck as well; drawn towards the average it is not.
    None where fewer than two groups can be compared.
    """
    chosen = np.flatnonzero(rates.compared)
    if chosen.size < 2:
        return None
    shares, sizes = rates.shares[chosen], rates.sizes[chosen]
    # half a success and half a failure more, so that a rate of 0 or 1 has an error as well
    steadied = (shares * sizes + 0.5) / (sizes + 1)
    drawn = shrink(shares, steadied * (1 - steadied) / sizes)
    best = int(np.argmax(drawn.values))
    share = float(min(max(drawn.values[best], 0.0), 1.0))
    variance = float(drawn.errors[best]) ** 2
    size = share * (1 - share) / variance if 0 < share < 1 and variance > 0 else sizes[best]
    return int(chosen[best]), share, float(size)


def equity_ratio(rates: GroupRates, part: Part = ()) -> Result:
    """Return the rate of the group at position ``part`` over that of the best group.

    Undefined for the best group itself, for groups of less than 2 % of the people, and where
    nobody reached the outcome.
    """
    found = reference(rates)
    people = int(rates.people[part[0]]) if part and rates.people.size else 0
    if found is None:
        return undefined("fewer than two groups can be compared", people=people)
    best, share, size = found
    if not rates.compared[part[0]]:
        return undefined("the group is less than 2 % of the people", people=people)
    if best == part[0]:
        return undefined("the group has the highest rate itself", people=people)
    if share == 0:
        return undefined("nobody reached it", people=people)
    ratio = katz(float(rates.shares[part[0]]), float(rates.sizes[part[0]]), share, size)
    return Result(
        estimate=ratio.ratio,
        low=ratio.low,
        high=ratio.high,
        people=people,
        log_error=ratio.log_error,
    )


def is_below_four_fifths(ratio: float, high: float, *, gap_beyond_noise: bool) -> bool:
    """Tell whether a ratio is worth a note: below 0.8, its interval below 1, the gap below noise.

    A screen of US selection procedures (UGESP 1978), no legal finding.
    """
    return gap_beyond_noise and ratio < FOUR_FIFTHS and high < 1
