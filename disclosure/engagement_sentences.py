"""Sentences on engagement: cycles, alarms, steps and survival; and counts of alarms as printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from disclosure.numbers import PublishedNumbers
from disclosure.printing import listed, outer_interval
from metrics.definition import Measure, Result
from metrics.intervals import wilson

if TYPE_CHECKING:
    from disclosure.sentences import Labels


def counted(result: Result) -> PublishedNumbers:
    """Return a share of events that are no people, such as alarms: exact, as "3 of 4"."""
    number = max(round(result.base or 0), 1)
    right = round(result.estimate * number)
    trials = min(result.effective_size or number, number)
    low, high = (float(bound) for bound in wilson(right / number, trials))
    return PublishedNumbers(
        estimate=right / number,
        low=low,
        high=high,
        expected=None,
        expected_error=None,
        step=0.0,
        tail="",
        bound=float("nan"),
        printed=f"{right} of {number}",
        interval=outer_interval(low, high),
    )


def _where(labels: Labels) -> str:
    return f"in {labels.place}, {labels.period}," if labels.period else f"in {labels.place},"


def _met(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    return f"{_where(labels)} {numbers.printed} of those who could take part met somebody"


def _became(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    return f"{_where(labels)} for {numbers.printed} of those who could take part {labels.groups[0]}"


def _step(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    return f"{_where(labels)} {numbers.printed} of {labels.groups[0]}"


def _still(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    return f"{_where(labels)} {numbers.printed} still take part"


def _expected(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    verb = "is" if numbers.estimate <= 1 else "are"
    who = f"{numbers.printed} of those who still take part {verb} expected to stop"
    return f"{_where(labels)} {who} within their next three cycles"


def _record(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    return f"{labels.groups[0]}: {numbers.printed} were right"


def _recall(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    return f"{labels.groups[0]}: {numbers.printed} lasting falls were noticed in time"


def _since(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    others = listed(labels.others) or "the other cohorts"
    start = f"in {labels.place}, participation"
    when = f" {labels.period}" if labels.period else ""
    by = round(100 * numbers.estimate)
    if by == 0:
        return f"{start}{when} moved as in {others}"
    size = f"{abs(by)} {'point' if abs(by) == 1 else 'points'}"
    return f"{start}{when} {'gained' if by > 0 else 'lost'} {size} against {others}"


ENGAGEMENT_SENTENCES: dict[str, Callable[[Measure, PublishedNumbers, Labels], str]] = {
    "cycle_participation": _met,
    "cohort_alarm": _met,
    "programme_lately": _met,
    "alarm_record": _record,
    "alarm_recall": _recall,
    "cycle_outcome": _became,
    "step_share": _step,
    "survival": _still,
    "expected_dropouts": _expected,
    "cohort_change_since": _since,
}
ENGAGEMENT_BESIDE = {
    "cycle_participation": "; its own rhythm gives",
    "cohort_alarm": "; its own rhythm gives",
    "programme_lately": "; their cycles before would give",
    "cycle_outcome": "; before it was",
    "step_share": "; elsewhere it is",
    "survival": "; in the other cohorts of the programme it is",
}
