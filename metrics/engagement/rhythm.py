"""A cohort against its own rhythm: what its earlier cycles, and the others at the time, suggest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrics.intervals import Z95

FIRST_CYCLES = 4
"""Cycles that say what is usual for a cohort before any is compared with it."""
FEWEST_OTHERS = 3
"""The middle one of three is not moved by one that falls by itself."""
MOST_OTHERS = 30
EARLIER = 2
"""Cycles after which another cohort says something about the programme."""
MEDIAN_SPREAD = np.pi / 2
"""Variance of a median of normal values over that of their mean."""

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Cycles:
    """The cycles of one cohort, oldest first.

    Attributes
    ----------
    numbers : array of int, shape (T,)
        The number of each cycle in the cohort.
    starts : array of shape (T,)
        The day on which each began, from any origin.
    people : array of shape (T,)
        Who could have taken part, at least 1.
    met : array of shape (T,)
        Who of them met somebody.
    trials : array of shape (T,)
        How many independent trials that is: people who meet in twos meet or do not meet together.
    """

    numbers: NDArray[np.int_]
    starts: Array
    people: Array
    met: Array
    trials: Array

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def share(self) -> Array:
        """Return the share of people who met, by cycle."""
        return self.met / self.people

    @property
    def ends(self) -> Array:
        """Return when each cycle ended: with the next, the last as long as they usually are."""
        length = float(np.median(np.diff(self.starts))) if len(self) > 1 else 30.0
        return np.append(self.starts[1:], self.starts[-1:] + length)


@dataclass(frozen=True, kw_only=True)
class Movement:
    """What the other cohorts of the programme did at the time of each cycle of one cohort.

    Attributes
    ----------
    value, variance : arrays of shape (T,)
        The median of their distance from their own earlier cycles, and its variance; 0 and 0 where
        fewer than three others ran, or where they fell no further than chance alone gives.
    others : array of int, shape (T,)
        How many other cohorts it rests on.
    """

    value: Array
    variance: Array
    others: NDArray[np.int_]


def movements(programme: Sequence[Cycles]) -> list[Movement]:
    """Return the programme-wide fall beside the cycles of each of its cohorts.

    Holidays, month ends and planned breaks move all cohorts at once; a cohort that goes quiet by
    itself does not. A cycle is compared with the cycles of others that ran at its middle. The
    median keeps one cohort that falls from being taken for the programme.
    """
    known = [(cycles, *_since_earlier(cycles)) for cycles in programme]
    return [_movement(number, known) for number in range(len(known))]


def _movement(number: int, known: Sequence[tuple[Cycles, Array, Array]]) -> Movement:
    own = known[number][0]
    middles = (own.starts + own.ends) / 2
    others = [one for one in (*known[:number], *known[number + 1 :]) if len(one[0]) > EARLIER]
    # of very many cohorts an even selection says as much
    beside = [_beside(middles, *one) for one in others[:: 1 + len(others) // MOST_OTHERS]]
    value, variance = np.zeros(len(own)), np.zeros(len(own))
    if not beside or not len(own):
        return Movement(value=value, variance=variance, others=value.astype(int))
    distances, variances = (np.array(part) for part in zip(*beside, strict=True))
    count = np.isfinite(distances).sum(axis=0)
    enough = count >= FEWEST_OTHERS
    value[enough] = np.nanmedian(distances[:, enough], axis=0)
    mean = np.nanmean(variances[:, enough], axis=0)
    variance[enough] = mean * MEDIAN_SPREAD / count[enough]
    # noise of the others is not taken off, and a rise of theirs makes no cohort quiet
    kept = value < -Z95 * np.sqrt(variance)
    value, variance = np.where(kept, value, 0.0), np.where(kept, variance, 0.0)
    return Movement(value=value, variance=variance, others=count)


def _beside(
    middles: Array, cycles: Cycles, distance: Array, variance: Array
) -> tuple[Array, Array]:
    """Return what another cohort did at these times; NaN where it did not run, or just began."""
    number = np.searchsorted(cycles.starts, middles, side="right") - 1
    ran = (number >= EARLIER) & (middles < cycles.ends[number])
    return np.where(ran, distance[number], np.nan), np.where(ran, variance[number], np.nan)


def _since_earlier(cycles: Cycles) -> tuple[Array, Array]:
    """Return each cycle's distance from the median of all before it, and the variance of that.

    The median, since a mean would remember every holiday.
    """
    share, trials = cycles.share, cycles.trials
    usual = np.array([np.nan, *(np.median(share[:end]) for end in range(1, len(cycles)))])
    usual = usual[: len(cycles)]
    before = np.cumsum(trials) - trials
    own, level = smoothed(share * trials, trials), smoothed(usual * before, before)
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = own * (1 - own) / trials + MEDIAN_SPREAD * level * (1 - level) / before
    return share - usual, variance


def smoothed(successes: Array | float, trials: Array | float) -> Array | float:
    """Return a share that is never 0 or 1, so that its variance is never 0 (half a trial added).

    Examples
    --------
    >>> smoothed(10.0, 10.0)
    0.9545454545454546
    """
    return (successes + 0.5) / (trials + 1)


def usual_share(
    cycles: Cycles, moved: Movement, ordinary: NDArray[np.bool_]
) -> tuple[Array, Array]:
    """Return what the own rhythm gives for each cycle, looking back from today.

    Parameters
    ----------
    cycles : Cycles
        The cohort.
    moved : Movement
        What the other cohorts of the programme did at the same time.
    ordinary : array of bool, shape (T,)
        The cycles that say what is usual: those outside alarms.

    Returns
    -------
    expected, error : arrays of shape (T,)
        The share in [0, 1], and the standard deviation of a cycle round it: its own, that of the
        usual level and that of the movement. NaN without an ordinary cycle.
    """
    weights = np.where(ordinary, cycles.trials, 0.0)
    if not weights.any():
        return np.full(len(cycles), np.nan), np.full(len(cycles), np.nan)
    level = float(weights @ (cycles.share - moved.value) / weights.sum())
    expected = np.clip(level + moved.value, 0.0, 1.0)
    spread = smoothed(expected * weights.sum(), weights.sum())
    variance = spread * (1 - spread) * (1 / cycles.trials + 1 / weights.sum()) + moved.variance
    return expected, np.sqrt(variance)
