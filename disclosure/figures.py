"""The numbers of one result as they may be published, rounded as its unit demands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, exp, floor, isfinite

from disclosure.printing import (
    bounded,
    percent,
    ratio_interval,
    signed_change,
    signed_percent,
)
from disclosure.printing import percent_interval as share_interval
from disclosure.rounding import (
    FINEST_SHARE,
    FIVE,
    FLOATING_POINT,
    RoundedShare,
    Tail,
    expected_count_step,
    expected_step,
    round_count,
    round_effective_size,
    round_expected_count,
    round_expected_share,
    round_log_error,
    round_share,
    significant_up,
    to_five,
)
from metrics.definition import Result, Unit
from metrics.intervals import Z95, wilson

ERROR_DIGITS = 2


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


def published_numbers(unit: Unit, result: Result) -> PublishedNumbers:
    """Return the numbers of a defined result as they may be published."""
    return ROUNDED[unit](result)


def _share_bounds(share: RoundedShare, result: Result) -> tuple[float, float]:
    low, high = wilson(share.value, _published_size(share, result))
    return max(float(low) - share.step / 2, 0.0), min(float(high) + share.step / 2, 1.0)


def _published_size(share: RoundedShare, result: Result) -> int:
    # where nothing varies an effective size is set by rule, which would tell unanimity
    if share.tail or result.effective_size is None:
        return max(to_five(result.people), FIVE)
    return round_effective_size(result.effective_size)


def _rounded_error(result: Result) -> float | None:
    if result.expected_error is None or not isfinite(result.expected_error):
        return None
    return significant_up(result.expected_error, ERROR_DIGITS)


def _share(result: Result) -> PublishedNumbers:
    share = round_share(result.estimate, result.people)
    low, high = _share_bounds(share, result)
    expected = (
        None if result.expected is None else round_expected_share(result.expected, result.people)
    )
    shown = share.bound if share.tail else share.value
    return PublishedNumbers(
        estimate=share.value,
        low=low,
        high=high,
        expected=expected,
        expected_error=_rounded_error(result),
        step=share.step + (0.0 if expected is None else expected_step(result.people)),
        tail=share.tail,
        bound=share.bound,
        printed=bounded(share.tail, percent(shown)),
        interval=share_interval(low, high),
    )


def _share_ratio(result: Result) -> PublishedNumbers:
    share = round_share(result.estimate * _base(result), result.people)
    base = round_expected_share(_base(result), result.people)
    low, high = (bound / base for bound in _share_bounds(share, result))
    ratio, bound = share.value / base, share.bound / base
    return PublishedNumbers(
        estimate=ratio,
        low=low,
        high=high,
        expected=result.expected,
        expected_error=_rounded_error(result),
        step=(share.step + expected_step(result.people) * ratio) / base,
        tail=share.tail,
        bound=bound,
        printed=bounded(share.tail, signed_percent(bound if share.tail else ratio)),
        interval=ratio_interval(low, high),
    )


def _count_ratio(result: Result) -> PublishedNumbers:
    exact = result.estimate * _base(result)
    base = round_expected_count(_base(result))
    ratio, half = round_count(exact) / base, FIVE / 2 / base
    error = round_log_error(result.log_error or 0.0, exact)
    low, high = max(ratio * exp(-Z95 * error) - half, 0.0), ratio * exp(Z95 * error) + half
    return PublishedNumbers(
        estimate=ratio,
        low=low,
        high=high,
        expected=result.expected,
        expected_error=_rounded_error(result),
        step=(FIVE + expected_count_step(base) * ratio) / base,
        tail="",
        bound=float("nan"),
        printed=signed_percent(ratio),
        interval=ratio_interval(low, high),
    )


def _trend(result: Result) -> PublishedNumbers:
    slope = round(result.estimate, 2)
    low = min(floor(100 * result.low + FLOATING_POINT) / 100, slope)
    high = max(ceil(100 * result.high - FLOATING_POINT) / 100, slope)
    return PublishedNumbers(
        estimate=slope,
        low=low,
        high=high,
        expected=result.expected,
        expected_error=_rounded_error(result),
        step=FINEST_SHARE,
        tail="",
        bound=float("nan"),
        printed=f"{signed_change(slope)} per period",
        interval=ratio_interval(1 + low, 1 + high),
    )


def _base(result: Result) -> float:
    if result.base is None:
        raise ValueError("a ratio needs the base that it is relative to")
    return result.base


def rounded_pairs(pairs: int | None) -> int | None:
    """Return the number of pairings to the nearest five, None where there is none."""
    return None if pairs is None else to_five(pairs)


ROUNDED: dict[Unit, Callable[[Result], PublishedNumbers]] = {
    Unit.SHARE: _share,
    Unit.SHARE_RATIO: _share_ratio,
    Unit.COUNT_RATIO: _count_ratio,
    Unit.TREND: _trend,
}
