"""Changes between two periods, rounded from what is published of each of them."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, exp, floor, log, sqrt

from disclosure.numbers import PublishedNumbers
from disclosure.printing import points, points_interval, ratio_interval, signed_percent
from disclosure.rounding import (
    FLOATING_POINT,
    expected_step,
    round_effective_size,
    round_expected_share,
    round_share,
    significant_up,
)
from metrics.connection.ratio_change import change_error
from metrics.definition import PeriodShare, Result
from metrics.intervals import Z95

ERROR_DIGITS = 2
BOUNDED = "in one of the two quarters the share is published as a bound only"


def is_bounded(periods: Sequence[PeriodShare]) -> bool:
    """Tell whether the share of a period is so near 0 or 100 % that only a bound is published."""
    return any(round_share(each.share, each.people).tail for each in periods)


def round_together(parts: Sequence[float], total: int, step: int) -> tuple[int, ...]:
    """Return the parts in whole units that sum to a total, each in steps as far as it goes.

    Every part is rounded down to a step; what is then missing goes step by step to those that lost
    most (largest remainders), a last piece smaller than a step as well.

    Parameters
    ----------
    parts : sequence of float
        Exact parts, in units.
    total : int
        What they are to sum to: the exact sum, rounded.
    step : int
        Units in a step, 1 or more.
    """
    rounded = [step * floor(part / step + FLOATING_POINT) for part in parts]
    missing = total - sum(rounded)
    lost = [part - kept for part, kept in zip(parts, rounded, strict=True)]
    order = sorted(range(len(parts)), key=lambda number: -lost[number])
    for number in order if missing > 0 else reversed(order):
        move = max(-step, min(step, missing))
        rounded[number] += move
        missing -= move
    rounded[order[0]] += missing
    return tuple(rounded)


def part_of_change(result: Result) -> PublishedNumbers:
    """Return one part of a change in whole points; all of them sum to that of printed shares."""
    if result.periods is None or result.split is None:
        raise ValueError("a part of a change needs both periods and all parts")
    shares = [round_share(each.share, each.people) for each in result.periods]
    earlier, later = (round(100 * each.value) for each in shares)
    step = ceil(100 * max(each.step for each in shares) - FLOATING_POINT)
    exact = [100 * part for part in result.split.parts]
    value = round_together(exact, later - earlier, step)[result.split.which] / 100
    # a part may lie a whole step from its exact value, and one point more where shares are printed
    # in whole per cents although their step is no whole number of them
    away = (step + (1 if step > 1 else 0)) / 100
    error = significant_up(result.expected_error or 0.0, ERROR_DIGITS)
    low, high = value - Z95 * error - away, value + Z95 * error + away
    return PublishedNumbers(
        estimate=value,
        low=low,
        high=high,
        expected=result.expected,
        expected_error=None if result.expected_error is None else error,
        step=2 * away,
        tail="",
        bound=float("nan"),
        printed=points(value),
        # what is counted and not estimated has no interval
        interval="" if result.expected_error is None else points_interval(low, high),
    )


def ratio_change(result: Result) -> PublishedNumbers:
    """Return one published ratio over an earlier one, and its interval from both effective sizes.

    ``expected_error`` is the error of the logarithm brought to the scale of the ratio, so that the
    distance from 1 in errors is that of the logarithm from 0.
    """
    if result.periods is None:
        raise ValueError("a change of a ratio needs both periods")
    earlier, later = (_rounded(each) for each in result.periods)
    ratio = later.share / later.base / (earlier.share / earlier.base)
    error = significant_up(change_error(earlier, later), ERROR_DIGITS)
    half = sum(_half_step(each) for each in (earlier, later))
    low, high = ratio * exp(-Z95 * error) * (1 - half), ratio * exp(Z95 * error) * (1 + half)
    return PublishedNumbers(
        estimate=ratio,
        low=max(low, 0.0),
        high=high,
        expected=1.0,
        expected_error=error * ratio_per_log(ratio),
        step=2 * half * ratio,
        tail="",
        bound=float("nan"),
        printed=signed_percent(ratio),
        interval=ratio_interval(max(low, 0.0), high),
    )


def ratio_per_log(ratio: float) -> float:
    """Return the distance of a ratio from 1 per distance of its logarithm from 0; 1 at 1."""
    return (ratio - 1) / log(ratio) if abs(ratio - 1) > sqrt(FLOATING_POINT) else 1.0


def _rounded(period: PeriodShare) -> PeriodShare:
    return PeriodShare(
        share=round_share(period.share, period.people).value,
        people=period.people,
        base=round_expected_share(period.base, period.people),
        size=round_effective_size(period.size),
    )


def _half_step(period: PeriodShare) -> float:
    """Return how far, as a part of it, rounding may have moved a ratio."""
    share = round_share(period.share, period.people)
    return share.step / 2 / share.value + expected_step(period.people) / 2 / period.base
