"""The track record of alarms: how often they were right, what they missed, and how early they came.

The past is replayed, and two simple rules stand beside the alarms in use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma

import numpy as np

from metrics.definition import Part, Result, undefined
from metrics.engagement.alarms import Array, Watch
from metrics.engagement.rhythm import Cycles
from metrics.intervals import clustered_variance, effective_size, wilson

FALL = 0.2
LASTING = 4
"""What makes a fall real: a fifth below the own rhythm, for four cycles in a row."""
EARLY = 8
"""An alarm so many cycles before a lasting fall still counts as right."""
RULES = ("cusum", "last_fell", "random")

NAN = float("nan")


@dataclass(frozen=True)
class Counted:
    """So many of so many, and as how many independent trials they count.

    Attributes
    ----------
    number, of : int
        Such as alarms that were right, and alarms.
    trials : float
        Alarms or falls of one cohort hang together, so that they may count as fewer.
    """

    number: int
    of: int
    trials: float


@dataclass(frozen=True)
class Record:
    """How alarms of one rule did.

    Attributes
    ----------
    right : Counted
        Alarms that a lasting fall followed, of those of which it is known by now (precision).
    noticed : Counted
        Lasting falls in which an alarm came before they were beyond doubt (recall).
    lead : float
        Median number of cycles by which right alarms came before the fall was beyond doubt; NaN
        without any.
    by_lot : float
        Share of the falls that as many alarms would notice, in time, if their cycles were drawn
        by lot; NaN without a fall.
    """

    right: Counted
    noticed: Counted
    lead: float = NAN
    by_lot: float = NAN


class _Past:
    """One cohort looked back at: where alarms could be raised, and the falls that came."""

    def __init__(self, cycles: Cycles, watched: Watch, usual: Array) -> None:
        self.cycles, self.watched = cycles, watched
        self.judged = np.flatnonzero(~np.isnan(watched.scores))
        self.falls = lasting_falls(cycles.share, usual)

    @property
    def windows(self) -> list[list[int]]:
        """Return for each fall the cycles in which an alarm notices it in time, if there are."""
        found = (
            [int(at) for at in self.judged if first - EARLY <= at < first + LASTING]
            for first, _ in self.falls
        )
        return [window for window in found if window]

    def raised(self, rule: str) -> list[int]:
        """Return the cycles in which a rule raises an alarm."""
        if rule == "cusum":
            return [alarm.raised for alarm in self.watched.alarms]
        if rule == "random":
            return [int(at) for at in self.judged]
        fell = np.append(False, np.diff(self.cycles.share) < 0)
        return [int(at) for at in self.judged if fell[at] and not fell[at - 1]]

    def outcomes(self, rule: str) -> list[tuple[bool, float]]:
        """Return of each alarm whether it was right and how early; of the young ones nothing."""
        known = (self._outcome(at) for at in self.raised(rule))
        return [outcome for outcome in known if outcome is not None]

    def _outcome(self, at: int) -> tuple[bool, float] | None:
        for first, last in self.falls:
            if first - EARLY <= at <= last:
                return True, float(first + LASTING - 1 - at)
        return None if len(self.cycles) - at < LASTING else (False, NAN)

    def noticed(self, rule: str) -> list[bool]:
        """Return of each fall that could be noticed whether it was."""
        raised = self.raised(rule)
        return [any(at in window for at in raised) for window in self.windows]


def track_record(cohorts: Sequence[tuple[Cycles, Watch, Array]]) -> dict[str, Record]:
    """Return how each rule did in the past, each cycle judged by what was known then.

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
        already right. A fall is noticed where an alarm comes at the latest in its fourth cycle;
        falls that were over before any cycle was judged are not counted.
    """
    past = [_Past(*cohort) for cohort in cohorts]
    return {rule: _record(past, rule) for rule in RULES}


def _record(past: Sequence[_Past], rule: str) -> Record:
    outcomes = [one.outcomes(rule) for one in past]
    leads = [lead for own in outcomes for right, lead in own if right]
    return Record(
        right=_counted([[right for right, _ in own] for own in outcomes]),
        noticed=_counted([one.noticed(rule) for one in past]),
        lead=float(np.median(leads)) if leads else NAN,
        by_lot=by_lot(
            sum(len(one.judged) for one in past),
            [len(window) for one in past for window in one.windows],
            sum(len(one.raised(rule)) for one in past),
        ),
    )


def by_lot(judged: int, windows: Sequence[int], alarms: int) -> float:
    """Return the share of falls that alarms in cycles drawn by lot would notice.

    Parameters
    ----------
    judged : int
        Cycles in which there could be an alarm.
    windows : sequence of int
        For each fall, in how many of them an alarm would notice it.
    alarms : int
        How many different cycles are drawn.

    Returns
    -------
    float
        The mean of ``1 - C(N - w, n) / C(N, n)``, hypergeometric; NaN without a fall.

    Examples
    --------
    >>> round(by_lot(10, [4], 2), 4)
    0.6667
    """
    if not windows:
        return NAN
    missed = [
        0.0 if alarms > judged - window
        else exp(_log_choose(judged - window, alarms) - _log_choose(judged, alarms))
        for window in windows
    ]  # fmt: skip
    return 1 - sum(missed) / len(missed)


def _log_choose(of: int, number: int) -> float:
    return lgamma(of + 1) - lgamma(number + 1) - lgamma(of - number + 1)


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


def _counted(cohorts: Sequence[Sequence[bool]]) -> Counted:
    """Count over cohorts, the trials of one of which hang together."""
    number, of = (np.array([count(one) for one in cohorts], dtype=float) for count in (sum, len))
    if not of.sum():
        return Counted(0, 0, 0.0)
    share = float(number.sum() / of.sum())
    squares = (float(number @ number), float(number @ of), float(of @ of))
    variance = clustered_variance(share, float(of.sum()), squares)
    trials = float(effective_size(share, variance, of.sum()))
    return Counted(int(number.sum()), int(of.sum()), trials)


@dataclass(frozen=True, kw_only=True)
class AlarmRecord:
    """The record of one rule, and the people in the cohorts that it watched."""

    record: Record
    people: int


def alarm_record(given: AlarmRecord, part: Part = ()) -> Result:
    """Return the share of alarms that were right; undefined before any is known to be so or not."""
    why = "no alarm is old enough to know whether it was right"
    return _share(given.record.right, given.people, why, _lead(given.record))


def alarm_recall(given: AlarmRecord, part: Part = ()) -> Result:
    """Return the share of lasting falls that were noticed in time; undefined without a fall."""
    why = "no lasting fall has come that an alarm could have noticed"
    return _share(given.record.noticed, given.people, why, _by_lot(given.record))


def _share(counted: Counted, people: int, why_not: str, remark: str) -> Result:
    if counted.of == 0:
        return undefined(why_not, people=people)
    share = counted.number / counted.of
    low, high = wilson(share, counted.trials)
    return Result(
        estimate=share,
        low=float(low),
        high=float(high),
        people=people,
        base=float(counted.of),
        effective_size=counted.trials,
        reason=remark,
    )


def _lead(record: Record) -> str:
    number = record.right.number
    if not number or record.lead <= 0:
        return ""
    which = "the right one" if number == 1 else "half of the right ones"
    least = "" if number == 1 else "at least "
    cycles = "cycle" if record.lead == 1 else "cycles"
    return f"{which} came {least}{record.lead:.0f} {cycles} before the fall was beyond doubt"


def _by_lot(record: Record) -> str:
    share = f"{100 * record.by_lot:.0f}\u202f%"
    return f"as many alarms in cycles drawn by lot would have noticed {share} of the falls"
