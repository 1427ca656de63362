"""Which cohort goes quiet, since when, and how often such alarms were right."""

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
FALL = 0.2
LASTING = 4
"""What makes a fall real: a fifth below the own rhythm, for four cycles in a row."""
EARLY = 8
"""An alarm so many cycles before a lasting fall still counts as right."""

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


@dataclass(frozen=True)
class Record:
    """How often alarms of one rule were right.

    Attributes
    ----------
    raised, right : int
        Alarms of which it is known by now, and those that a lasting fall followed.
    lead : float
        Median number of cycles by which right alarms came before the fall was beyond doubt; NaN
        without any.
    """

    raised: int
    right: int
    lead: float = float("nan")


RULES = ("cusum", "last_fell", "random")


def track_record(cohorts: Sequence[tuple[Cycles, Watch, Array]]) -> dict[str, Record]:
    """Return how often each rule was right in the past, each cycle judged by what was known then.

    Parameters
    ----------
    cohorts : sequence of (Cycles, Watch, array of shape (T,))
        All cohorts that were watched, each with what its own rhythm gives; see `usual_share`.

    Returns
    -------
    dict
        By rule: ``cusum``, the alarm in use; ``last_fell``, an alarm whenever a cycle is below the
        one before; ``random``, an alarm at any cycle. An alarm is right where participation stays a
        fifth below the own rhythm for four cycles in a row, of which the first comes at most eight
        cycles after the alarm. Alarms less than four cycles old are not counted unless they are
        already right.
    """
    outcomes: dict[str, list[tuple[bool, float]]] = {rule: [] for rule in RULES}
    for cycles, watched, usual in cohorts:
        falls = lasting_falls(cycles.share, usual)
        for rule, raised in _raised(cycles, watched).items():
            for at in raised:
                outcome = _outcome(at, falls, len(cycles))
                if outcome is not None:
                    outcomes[rule].append(outcome)
    return {rule: _record(found) for rule, found in outcomes.items()}


def lasting_falls(share: Array, expected: Array) -> list[tuple[int, int]]:
    """Return first and last cycle of each run of cycles far below the own rhythm."""
    with np.errstate(invalid="ignore"):
        low = np.append(share <= (1 - FALL) * expected, False)
    runs, start = [], None
    for number, is_low in enumerate(low):
        if is_low and start is None:
            start = number
        elif not is_low and start is not None:
            if number - start >= LASTING:
                runs.append((start, number - 1))
            start = None
    return runs


def _raised(cycles: Cycles, watched: Watch) -> dict[str, list[int]]:
    judged = np.flatnonzero(~np.isnan(watched.scores))
    fell = [bool(number and cycles.share[number] < cycles.share[number - 1]) for number in
            range(len(cycles))]  # fmt: skip
    return {
        "cusum": [alarm.raised for alarm in watched.alarms],
        "last_fell": [int(at) for at in judged if fell[at] and not fell[at - 1]],
        "random": [int(at) for at in judged],
    }


def _outcome(at: int, falls: Sequence[tuple[int, int]], cycles: int) -> tuple[bool, float] | None:
    for first, last in falls:
        if first - EARLY <= at <= last:
            return True, float(first + LASTING - 1 - at)
    return None if cycles - at < LASTING else (False, float("nan"))


def _record(found: Sequence[tuple[bool, float]]) -> Record:
    leads = [lead for right, lead in found if right]
    return Record(len(found), len(leads), float(np.median(leads)) if leads else float("nan"))
