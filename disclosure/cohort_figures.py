"""Numbers of cohorts beside each other that follow from published values, and funnel limits."""

from __future__ import annotations

from dataclasses import replace

from disclosure.numbers import PublishedNumbers
from disclosure.points import points_change
from disclosure.printing import (
    bounded,
    decimal_interval,
    percent,
    percent_interval,
    points,
    points_interval,
    ratio_interval,
    signed_percent,
)
from disclosure.rounding import END_ZONE, FINEST_SHARE, Tail, significant_up
from metrics.definition import Result
from metrics.intervals import Z95, wilson

DECIMALS = 4
ERROR_DIGITS = 2


def share_derived(result: Result) -> PublishedNumbers:
    """Return a share that follows from published values: in whole per cent, a bound near an end."""
    value = round(result.estimate / FINEST_SHARE) * FINEST_SHARE
    tail: Tail = "under" if value < END_ZONE else "over" if value > 1 - END_ZONE else ""
    bound = {"under": END_ZONE, "over": 1 - END_ZONE}.get(tail, float("nan"))
    low, high = (float(end) for end in wilson(value, result.effective_size or 0.0))
    return PublishedNumbers(
        estimate=value,
        low=low,
        high=high,
        expected=None,
        expected_error=None,
        step=FINEST_SHARE,
        tail=tail,
        bound=bound,
        printed=bounded(tail, percent(bound if tail else value)),
        interval=percent_interval(low, high),
    )


def share_change_derived(result: Result) -> PublishedNumbers:
    """Return a difference of shares that follows from published values, in whole points."""
    value = round(result.estimate / FINEST_SHARE) * FINEST_SHARE
    error = significant_up(result.expected_error or 0.0, ERROR_DIGITS)
    low, high = value - Z95 * error, value + Z95 * error
    return PublishedNumbers(
        estimate=value,
        low=low,
        high=high,
        expected=result.expected,
        expected_error=error,
        step=FINEST_SHARE,
        tail="",
        bound=float("nan"),
        printed=points(value),
        interval=points_interval(low, high),
    )


def ratio_compared(result: Result) -> PublishedNumbers:
    """Return a ratio as it is published already, beside another one, and how far it may stray."""
    return PublishedNumbers(
        estimate=result.estimate,
        low=result.low,
        high=result.high,
        expected=None if result.expected is None else round(result.expected, DECIMALS),
        expected_error=significant_up(result.expected_error or 0.0, ERROR_DIGITS),
        step=FINEST_SHARE,
        tail="",
        bound=float("nan"),
        printed=signed_percent(result.estimate),
        interval=ratio_interval(result.low, result.high),
    )


def points_compared(result: Result) -> PublishedNumbers:
    """Return a change as it is published already, beside another one, and how far it may stray."""
    beside = None if result.expected is None else round(result.expected, DECIMALS)
    error = None if beside is None else significant_up(result.expected_error or 0.0, ERROR_DIGITS)
    return replace(
        points_change(replace(result, expected=None)), expected=beside, expected_error=error
    )


def limits(result: Result) -> PublishedNumbers:
    """Return a target and its limits, which follow from published values."""
    return PublishedNumbers(
        estimate=round(result.estimate, DECIMALS),
        low=round(result.low, DECIMALS),
        high=round(result.high, DECIMALS),
        expected=None,
        expected_error=None,
        step=10.0**-DECIMALS,
        tail="",
        bound=float("nan"),
        printed=decimal_interval(result.low, result.high),
        interval="",
    )
