"""How many score low, in the middle, or high on a scale: what a mean hides when people part."""

from __future__ import annotations

from dataclasses import dataclass

from metrics.definition import Part, Result, undefined
from metrics.growth.gain import Scale
from metrics.intervals import wilson
from metrics.surveys.scales import NOBODY

BANDS = ("low", "middle", "high")
LOW_BELOW, HIGH_FROM = 3 / 8, 5 / 8
"""Parts of the scale: on one from 1 to 5, below 2.5 and from 3.5 on, as a score rounds to 1 or 2,
to 3, and to 4 or 5."""
FREE = len(BANDS) - 1
"""Shares that are free: the last follows from the others."""


@dataclass(frozen=True, kw_only=True)
class BandSums:
    """Counts over the people scored at one wave.

    Attributes
    ----------
    people : int
    low, high : int
        People below and from the cuts on; the others are in the middle.
    """

    people: int
    low: int
    high: int


def band_cuts(scale: Scale) -> tuple[float, float]:
    """Return below which score people are low, and from which on they are high.

    Examples
    --------
    >>> band_cuts((1.0, 5.0))
    (2.5, 3.5)
    """
    width = scale[1] - scale[0]
    return scale[0] + LOW_BELOW * width, scale[0] + HIGH_FROM * width


def scale_band_share(sums: BandSums, part: Part) -> Result:
    """Return the share of people whose score lies in one band, with a Wilson interval.

    ``part`` is the position in `BANDS`. Between 0 and 1; undefined where nobody is scored.

    References
    ----------
    Wilson 1927.
    """
    if not sums.people:
        return undefined(NOBODY)
    inside = (sums.low, sums.people - sums.low - sums.high, sums.high)[part[0]]
    share = inside / sums.people
    low, high = wilson(share, sums.people)
    return Result(
        estimate=share,
        low=float(low),
        high=float(high),
        people=sums.people,
        effective_size=float(sums.people),
    )
