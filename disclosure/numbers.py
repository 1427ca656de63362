"""The numbers of one result once they are rounded."""

from __future__ import annotations

from dataclasses import dataclass

from disclosure.rounding import Tail


@dataclass(frozen=True, kw_only=True)
class PublishedNumbers:
    """What is left of a result's numbers.

    Attributes
    ----------
    estimate, low, high : float
        In the unit of the measure; the interval belongs to the rounded estimate and is widened by
        half a step on each side.
    expected, expected_error : float or None
        Rounded value under the lottery and its standard deviation, None where there is none.
    step : float
        Width of the range in which the exact distance from ``expected`` (or, without one, the
        exact estimate) lies.
    tail : {"", "under", "over"}
        Whether only a bound is published.
    bound : float
        The bound in the unit of the measure; NaN without one.
    printed, interval : str
        The estimate and its interval in words and digits.
    """

    estimate: float
    low: float
    high: float
    expected: float | None
    expected_error: float | None
    step: float
    tail: Tail
    bound: float
    printed: str
    interval: str
