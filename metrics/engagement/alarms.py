"""Which cohort goes quiet, and since when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from metrics.engagement.rhythm import FIRST_CYCLES, Cycles, Movement, smoothed
from metrics.engagement.run_charts import ALLOWANCE, falling_sum, limit_for

FALSE_ALARMS = 0.5
"""Alarm budget: at most so many false alarms a cycle over all cohorts, one in two cycles."""
LOWEST_LIMIT = 4.0
"""Few cohorts need no more than this: an alarm that is mostly wrong is soon ignored."""
SKEW = 2.0
"""Shares near 1 fall further than they rise, which makes false alarms up to twice as frequent."""
CALM = 2
"""Cycles in a row at the usual level that end an alarm."""

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Alarm:
    """One alarm: positions of the cycles on the axis of the cohort.

    Attributes
    ----------
    since : int
        The first cycle after the CUSUM was last at 0: when the fall most likely began.
    raised : int
        The cycle at whose end the alarm was raised.
    ended : int or None
        The cycle in which the cohort was back for the second time in a row; None while it lasts.
    """

    since: int
    raised: int
    ended: int | None = None


@dataclass(frozen=True, kw_only=True)
class Watch:
    """A cohort watched cycle by cycle; each cycle is judged by what was known at its end.

    Attributes
    ----------
    expected, error : arrays of shape (T,)
        The own rhythm with the movement of the programme, and the standard deviation of a share
        round it; NaN for the first cycles.
    scores, sums : arrays of shape (T,)
        The standard scores and the CUSUM of falls; NaN for the first cycles.
    alarms : tuple of Alarm
        In order of time.
    """

    expected: Array
    error: Array
    scores: Array
    sums: Array
    alarms: tuple[Alarm, ...]

    @property
    def current(self) -> Alarm | None:
        """Return the alarm that lasts, or None."""
        last = self.alarms[-1] if self.alarms else None
        return last if last is not None and last.ended is None else None


def alarm_limit(cohorts: int) -> float:
    """Return the CUSUM limit that keeps false alarms of so many cohorts within the budget.

    Parameters
    ----------
    cohorts : int
        Cohorts that are watched at the same time.

    Examples
    --------
    >>> alarm_limit(12), round(alarm_limit(500), 2)
    (4.0, 5.75)
    """
    return max(LOWEST_LIMIT, limit_for(SKEW * cohorts / FALSE_ALARMS))


def watch(cycles: Cycles, moved: Movement, limit: float) -> Watch:
    """Watch one cohort from its first cycle to its last.

    Parameters
    ----------
    cycles : Cycles
        The cohort.
    moved : Movement
        What the other cohorts of the programme did at the same time.
    limit : float
        h; see `alarm_limit`.

    Returns
    -------
    Watch
        The usual level is the mean of all earlier cycles, movement removed, weighted by trials. An
        alarm takes the cycles of the fall out of it again, and as long as it lasts none is added.
        The score allows for the error of the level and of the movement, so that it is about
        standard normal from the first comparison on, however few cycles there were.

    References
    ----------
    Page 1954; self-starting form: Hawkins 1987.
    """
    state = _State(limit)
    for number in range(len(cycles)):
        state.see(number, cycles, moved)
    columns = (np.array(part, dtype=float) for part in zip(*state.rows, strict=True))
    expected, error, scores, sums = columns if state.rows else (np.zeros(0),) * 4
    return Watch(
        expected=expected, error=error, scores=scores, sums=sums, alarms=tuple(state.alarms)
    )


class _State:
    """What is known of a cohort at the end of a cycle."""

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._earlier: list[tuple[float, float]] = []
        """Trials and share, movement removed, of the cycles that say what is usual."""
        self._sum, self._since, self._calm, self._kept = 0.0, 0, 0, 0
        self.rows: list[tuple[float, float, float, float]] = []
        self.alarms: list[Alarm] = []

    @property
    def _alarmed(self) -> bool:
        return bool(self.alarms) and self.alarms[-1].ended is None

    def see(self, number: int, cycles: Cycles, moved: Movement) -> None:
        """Judge one more cycle."""
        trials, share = float(cycles.trials[number]), float(cycles.share[number])
        if len(self._earlier) < FIRST_CYCLES:
            self.rows.append((np.nan,) * 4)
            self._settle(number)
        else:
            expected, error = self._expect(trials, moved, number)
            score = (share - expected) / error
            self._judge(number, score)
            self.rows.append((expected, error, score, self._sum))
        if not self._alarmed:
            self._earlier.append((trials, share - float(moved.value[number])))
            if self._sum == 0.0:
                self._kept = len(self._earlier)

    def _expect(self, trials: float, moved: Movement, number: int) -> tuple[float, float]:
        before = sum(size for size, _ in self._earlier)
        level = sum(size * own for size, own in self._earlier) / before
        expected = min(max(level + float(moved.value[number]), 0.0), 1.0)
        usual = smoothed(expected * before, before)
        variance = usual * (1 - usual) * (1 / trials + 1 / before)
        return expected, sqrt(variance + float(moved.variance[number]))

    def _judge(self, number: int, score: float) -> None:
        self._sum = falling_sum(self._sum, score)
        self._calm = self._calm + 1 if score > -ALLOWANCE else 0
        if self._alarmed and self._calm >= CALM:
            last = self.alarms[-1]
            self.alarms[-1] = Alarm(last.since, last.raised, number)
            self._sum = 0.0
        elif not self._alarmed and self._sum > self._limit:
            self.alarms.append(Alarm(self._since, number))
            del self._earlier[self._kept :]
        if self._sum == 0.0:
            self._settle(number)

    def _settle(self, number: int) -> None:
        self._since = number + 1


def outside_alarms(cycles: int, alarms: Sequence[Alarm]) -> NDArray[np.bool_]:
    """Return which cycles no alarm covers; all of them where alarms cover every one."""
    ordinary = np.ones(cycles, dtype=bool)
    for alarm in alarms:
        ordinary[alarm.since : alarm.ended] = False
    return ordinary if ordinary.any() else ~ordinary
