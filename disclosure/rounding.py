"""How numbers lose the precision that would tell about single people: rounding in people."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10, sqrt
from typing import Literal

FIVE = 5
FINEST_SHARE = 0.01
END_ZONE = 0.05
QUARTERS, SPREAD_STEPS, MOST_FINE = 4, 40, 500
"""Parts of a scale: what a person is thought to move by, and what a spread is rounded to."""
FLOATING_POINT = 1e-9

Tail = Literal["", "under", "over"]


@dataclass(frozen=True, kw_only=True)
class RoundedShare:
    """A share as it may be published.

    Attributes
    ----------
    value : float
        Nearest multiple of the step; near 0 and 1 the middle of the range that is published.
    step : float
        Width of the range in which the exact share lies.
    tail : {"", "under", "over"}
        Whether only a bound is published.
    bound : float
        The bound, a whole per cent; NaN without one.
    """

    value: float
    step: float
    tail: Tail = ""
    bound: float = float("nan")


def to_five(number: float) -> int:
    """Return the nearest multiple of five."""
    return FIVE * floor(number / FIVE + 0.5)


def significant(number: float, digits: int) -> float:
    """Return the number rounded to so many significant digits."""
    return round(number, digits - 1 - floor(log10(abs(number)))) if number else 0.0


def significant_up(number: float, digits: int) -> float:
    """Return the number rounded up, so that an error is never made smaller."""
    if number <= 0:
        return 0.0
    unit = 10.0 ** (floor(log10(number)) + 1 - digits)
    return ceil(number / unit - FLOATING_POINT) * unit


def share_step(people: int) -> float:
    """Return the width of a step in which a share moves: five people, at least one per cent.

    It is computed from the number of people as published, which it would give away otherwise.
    """
    return max(FINEST_SHARE, FIVE / max(to_five(people), FIVE))


def round_share(share: float, people: int) -> RoundedShare:
    """Return the share in steps of five people.

    Shares whose range reaches below 5 % or above 95 % are published as a bound, so that nobody is
    named by unanimity: "under 25 %" for nobody of ten people, "over 75 %" for all of them. Their
    value is the middle between the bound and 0 or 100 %.

    Parameters
    ----------
    share : float
        Between 0 and 1.
    people : int
        Distinct people behind it.
    """
    step = share_step(people)
    # the same share by two ways of computing it must not fall on two sides of a tie
    nearest = min(max(round(round(share / step, 9)) * step, 0.0), 1.0)
    low, high = nearest - step / 2, nearest + step / 2
    if low < END_ZONE:
        bound = ceil(100 * max(high, END_ZONE) - FLOATING_POINT) / 100
        return RoundedShare(value=bound / 2, step=bound, tail="under", bound=bound)
    if high > 1 - END_ZONE:
        bound = floor(100 * min(low, 1 - END_ZONE) + FLOATING_POINT) / 100
        return RoundedShare(value=(1 + bound) / 2, step=1 - bound, tail="over", bound=bound)
    return RoundedShare(value=nearest, step=step)


def round_mean_ratio(ratio: float, people: int) -> RoundedShare:
    """Return a mean over everybody's mean in steps of what five people of the group carry.

    The step grows with whole multiples of the mean, since five people then weigh as much more.
    What would be rounded to nothing is published as a bound, so that nobody is named by unanimity.
    """
    step = share_step(people) * max(1, ceil(ratio))
    nearest = round(ratio / step) * step
    if nearest > 0:
        return RoundedShare(value=nearest, step=step)
    bound = ceil(10 * step / 2 - FLOATING_POINT) / 10
    return RoundedShare(value=bound / 2, step=bound, tail="under", bound=bound)


def point_step(people: int, scale: tuple[float, float]) -> float:
    """Return the step of a mean: what five people add who each move by a quarter of the scale.

    On a scale from 1 to 5 that is one point each: 0.1 for 50 people, 0.05 for 100, 0.01 for 500.
    Only steps of 1, 2 or 5 times a power of ten are used, so that values are short, and none finer
    than that for 500 people, which nobody would read.
    """
    wanted = FIVE * (scale[1] - scale[0]) / QUARTERS / min(max(to_five(people), FIVE), MOST_FINE)
    power = 10.0 ** floor(log10(wanted) + FLOATING_POINT)
    return next(n * power for n in (1, 2, 5, 10) if n * power >= wanted - FLOATING_POINT)


def round_points(mean: float, people: int, scale: tuple[float, float]) -> RoundedShare:
    """Return a mean on its step; near an end of the scale only a bound is published.

    As of shares, so that nobody is named by unanimity: "over 4.8" where all say 5.
    """
    step, width = point_step(people, scale), scale[1] - scale[0]
    nearest = round(round(mean / step, 9)) * step
    low, high = nearest - step / 2, nearest + step / 2
    lowest, highest = scale[0] + END_ZONE * width, scale[1] - END_ZONE * width
    if low < lowest - FLOATING_POINT:
        bound = ceil(max(high, lowest) / step - FLOATING_POINT) * step
        return RoundedShare(
            value=(scale[0] + bound) / 2, step=bound - scale[0], tail="under", bound=bound
        )
    if high > highest + FLOATING_POINT:
        bound = floor(min(low, highest) / step + FLOATING_POINT) * step
        return RoundedShare(
            value=(scale[1] + bound) / 2, step=scale[1] - bound, tail="over", bound=bound
        )
    return RoundedShare(value=nearest, step=step)


def round_points_change(change: float, people: int, scale: tuple[float, float]) -> RoundedShare:
    """Return a change of a mean on the step of a mean of as many people."""
    step = point_step(people, scale)
    return RoundedShare(value=round(round(change / step, 9)) * step, step=step)


def round_spread(spread: float, scale: tuple[float, float]) -> float:
    """Return a standard deviation rounded up to a fortieth of the scale: 0.1 on one from 1 to 5.

    Never 0, which would tell that everybody answered alike.
    """
    step = (scale[1] - scale[0]) / SPREAD_STEPS
    return max(ceil(spread / step - FLOATING_POINT), 1) * step


def round_known_share(share: float, people: int) -> float:
    """Return the share of which the data are known, rounded down on the step of a share."""
    step = share_step(people)
    return min(floor(share / step + FLOATING_POINT) * step, 1.0)


def expected_step(people: int) -> float:
    """Return the step of an expected share: a tenth of the step of the share beside it."""
    return share_step(people) / 10


def round_expected_share(share: float, people: int) -> float:
    """Return an expected share on its own, finer step, and never 0, since ratios rest on it."""
    step = expected_step(people)
    return max(round(share / step) * step, step)


def round_effective_size(size: float) -> int:
    """Return the effective size to two significant digits, and to fives from five up."""
    rounded = significant(size, 2)
    return to_five(rounded) if rounded >= FIVE else max(1, round(rounded))


def expected_count_step(count: float) -> float:
    """Return the step of an expected count: a tenth below ten, one below 1 000, then three digits.

    An expected count rests on totals of whole groups, so it is rounded less than an observed one.
    """
    if count < 10:
        return 0.1
    return max(1.0, 10.0 ** (floor(log10(count)) - 2))


def round_expected_count(count: float) -> float:
    """Return an expected count on its step."""
    step = expected_count_step(count)
    return max(round(count / step) * step, step)


def round_count(count: float) -> float:
    """Return a count to the nearest five; what would be 0 becomes the half of five."""
    return max(float(to_five(count)), FIVE / 2)


def round_log_error(log_error: float, count: float) -> float:
    """Return the error of a logarithm of a count, rebuilt from the rounded count.

    The error of a pure Poisson count is one over its root and would give the count away. Only the
    factor by which the error exceeds that is kept, rounded up to a tenth.
    """
    excess = max(1.0, ceil(10 * log_error * sqrt(max(count, 1.0)) - FLOATING_POINT) / 10)
    return excess / sqrt(round_count(count))
