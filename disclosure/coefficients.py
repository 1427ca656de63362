"""Reliabilities of scales, rounded to two decimals."""

from __future__ import annotations

from disclosure.numbers import PublishedNumbers
from disclosure.rounding import FIVE, to_five
from metrics.definition import NAN, Result
from metrics.surveys.reliability import feldt_interval

STEP = 0.01
FEWEST_ITEMS = 2
"""Items of a scale whose consistency can be told."""


def coefficient(result: Result) -> PublishedNumbers:
    """Return a reliability, with the interval of the rounded value where it has one."""
    value = round(result.estimate, 2)
    low = high = value
    items = 0 if result.base is None else round(result.base)
    if items >= FEWEST_ITEMS:
        people = max(to_five(result.people), FIVE)
        low, high = feldt_interval(value, people, items)
    return PublishedNumbers(
        estimate=value,
        low=low,
        high=high,
        expected=None,
        expected_error=None,
        step=STEP,
        tail="",
        bound=NAN,
        printed=f"{value:.2f}",
        interval=f"{low:.2f} to {high:.2f}" if items >= FEWEST_ITEMS else "",
    )
