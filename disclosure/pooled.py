"""Ratios that are worked out from published values alone."""

from __future__ import annotations

from math import exp

from disclosure.numbers import PublishedNumbers
from disclosure.printing import ratio_interval, signed_percent
from disclosure.rounding import FINEST_SHARE, significant_up
from metrics.definition import Result
from metrics.intervals import Z95

ERROR_DIGITS = 2


def ratio_derived(result: Result) -> PublishedNumbers:
    """Return a ratio that follows from published values: as fine as a share ever is."""
    step = FINEST_SHARE
    error = significant_up(result.log_error or 0.0, ERROR_DIGITS)
    ratio = max(round(result.estimate / step) * step, step)
    low = max(ratio * exp(-Z95 * error) - step / 2, 0.0)
    high = ratio * exp(Z95 * error) + step / 2
    return PublishedNumbers(
        estimate=ratio,
        low=low,
        high=high,
        expected=result.expected,
        expected_error=significant_up(result.expected_error or 0.0, ERROR_DIGITS),
        step=step,
        tail="",
        bound=float("nan"),
        printed=signed_percent(ratio),
        interval=ratio_interval(low, high),
    )
