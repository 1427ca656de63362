"""Gaps between two shares, rounded from what is published of each, or from what one person adds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from disclosure.numbers import PublishedNumbers
from disclosure.printing import listed, percent, points, points_interval
from disclosure.rounding import (
    round_effective_size,
    round_share,
    share_step,
    significant_up,
)
from metrics.definition import PeriodShare, Result
from metrics.equity.intervals import newcombe
from metrics.intervals import Z95

if TYPE_CHECKING:
    from disclosure.sentences import Labels
    from metrics.definition import Measure

ERROR_DIGITS = 2


def share_gap(result: Result) -> PublishedNumbers:
    """Return the difference of two published shares, or a rounded difference between people alike.

    A difference that is no difference of two published shares moves in steps of five people of the
    smaller side, and never finer than what its heaviest person adds.
    """
    if result.expected_error is None:
        raise ValueError("a gap needs its error")
    error = significant_up(result.expected_error, ERROR_DIGITS)
    if result.periods is not None:
        value, step, low, high = _of_two(*result.periods)
    else:
        step = max(share_step(result.people), result.base or 0.0)
        value = round(round(result.estimate / step, 9)) * step
        low, high = value - Z95 * error - step / 2, value + Z95 * error + step / 2
    low, high = max(low, -1.0), min(high, 1.0)
    return PublishedNumbers(
        estimate=value,
        low=low,
        high=high,
        expected=0.0,
        expected_error=error,
        step=step,
        tail="",
        bound=float("nan"),
        printed=points(value),
        interval=points_interval(low, high),
    )


def _of_two(rest: PeriodShare, group: PeriodShare) -> tuple[float, float, float, float]:
    """Return the difference of two rounded shares: value, step, low, high."""
    one, other = (round_share(each.share, each.people) for each in (group, rest))
    low, high = newcombe(
        one.value, round_effective_size(group.size), other.value, round_effective_size(rest.size)
    )
    step = one.step + other.step
    return one.value - other.value, step, low - step / 2, high + step / 2


def _where(labels: Labels) -> str:
    return f"in {labels.place}"


def _who(labels: Labels) -> str:
    return f"people whose {labels.breakdown} is {labels.groups[1]}"


def _gap(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    alike = f", at equal {listed(labels.others)}" if labels.others else ""
    start = f"{_where(labels)}{alike}, {labels.groups[0]}"
    size = round(100 * numbers.estimate)
    if size == 0:
        return f"{start} is as frequent among {_who(labels)} as among everybody else"
    by = f"{abs(size)} {'point' if abs(size) == 1 else 'points'}"
    way = "higher" if size > 0 else "lower"
    return f"{start} is {by} {way} among {_who(labels)} than among everybody else"


def _standardised(measure: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    said = _gap(measure, numbers, replace(labels, others=()))
    return f"{said}, if both were spread over each {listed(labels.others)} as everybody is"


def _rate(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    return f"{_where(labels)}, {labels.groups[0]} among {_who(labels)}: {numbers.printed}"


def _ratio(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    return (
        f"{_where(labels)}, {labels.groups[0]} among {_who(labels)} is "
        f"{percent(numbers.estimate)} of that of the best group"
    )


EQUITY_SENTENCES: dict[str, Callable[[Measure, PublishedNumbers, Labels], str]] = {
    "equity_gap": _gap,
    "equity_gap_adjusted": _gap,
    "equity_gap_standardised": _standardised,
    "equity_rate": _rate,
    "equity_ratio": _ratio,
}
"""By measure; see `disclosure.sentences`."""
