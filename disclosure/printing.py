"""How numbers are written: the one home of digits, signs and spaces."""

from __future__ import annotations

from math import ceil, floor, log10

from disclosure.rounding import Tail

NARROW_SPACE = "\u202f"
MINUS = "\u2212"

HIDDEN = "hidden"
NOT_DEFINED = "not defined"
FINE_STEP = 0.05
ROUNDING = 1e-9


def whole(number: float) -> str:
    """Return a whole number with a narrow space between thousands: ``1 204``."""
    digits = f"{abs(round(number)):,}".replace(",", NARROW_SPACE)
    return f"{MINUS}{digits}" if round(number) < 0 else digits


def signed(number: float) -> str:
    """Return a whole number with its sign; 0 has none."""
    return f"+{whole(number)}" if round(number) > 0 else whole(number)


def percent(share: float) -> str:
    """Return a share as ``62 %``."""
    return f"{whole(100 * share)}{NARROW_SPACE}%"


def signed_percent(ratio: float) -> str:
    """Return a ratio as what it is more or less than one: 1.18 is ``+18 %``, 1 is ``±0 %``."""
    difference = signed(100 * (ratio - 1))
    return f"{'±0' if difference == '0' else difference}{NARROW_SPACE}%"


def signed_change(change: float) -> str:
    """Return a change of a ratio as ``+3 %``."""
    return signed_percent(1 + change)


def percent_interval(low: float, high: float) -> str:
    """Return bounds of a share as ``55 to 68 %``."""
    return f"{whole(100 * low)} to {percent(high)}"


def outer_interval(low: float, high: float) -> str:
    """Return bounds of a share as ``55 to 68 %``, rounded outwards, so that they hold."""
    below, above = (number(100 * bound) for number, bound in ((floor, low), (ceil, high)))
    return percent_interval(max(below, 0) / 100, min(above, 100) / 100)


def ratio_interval(low: float, high: float) -> str:
    """Return bounds of a ratio as ``+12 to +24 %``."""
    return f"{signed(100 * (low - 1))} to {signed(100 * (high - 1))}{NARROW_SPACE}%"


def signed_decimal(number: float) -> str:
    """Return a number as ``+0.20``; 0 has no sign."""
    digits = f"{abs(number):.2f}"
    sign = "" if float(digits) == 0 else "+" if number > 0 else MINUS
    return f"{sign}{digits}"


def decimal_interval(low: float, high: float) -> str:
    """Return bounds as ``−0.10 to +0.40``."""
    return f"{signed_decimal(low)} to {signed_decimal(high)}"


def times(ratio: float, step: float) -> str:
    """Return a multiple as ``1.6 times``; with two decimals where its step is as fine."""
    return f"{ratio:.{_decimals(step)}f} times"


def times_interval(low: float, high: float, step: float) -> str:
    """Return bounds of a multiple as ``1.4 to 1.8 times``."""
    return f"{low:.{_decimals(step)}f} to {times(high, step)}"


def _decimals(step: float) -> int:
    return 2 if step < FINE_STEP else 1


def points(change: float) -> str:
    """Return the difference of two shares as ``+3 points``; 0 is ``±0 points``."""
    difference = signed(100 * change)
    noun = "point" if abs(round(100 * change)) == 1 else "points"
    return f"{'±0' if difference == '0' else difference}{NARROW_SPACE}{noun}"


def points_interval(low: float, high: float) -> str:
    """Return bounds of a difference of shares as ``+1 to +5 points``."""
    return f"{signed(100 * low)} to {signed(100 * high)}{NARROW_SPACE}points"


def decimals_of(step: float) -> int:
    """Return how many decimals a multiple of a step needs."""
    return max(0, ceil(-log10(step) - ROUNDING)) if step < 1 else 0


def scale_points(mean: float, step: float) -> str:
    """Return a mean on a scale as ``3.4``."""
    return f"{mean:.{decimals_of(step)}f}"


def points_range(low: float, high: float) -> str:
    """Return bounds of a mean on a scale as ``3.31 to 3.49``."""
    return f"{low:.2f} to {high:.2f}"


def signed_points(change: float, step: float, *, unit: bool = True) -> str:
    """Return a change in points of a scale as ``+0.35 points``; 0 is ``±0.00 points``."""
    digits = f"{abs(change):.{decimals_of(step)}f}"
    sign = "±" if float(digits) == 0 else "+" if change > 0 else MINUS
    return f"{sign}{digits}{NARROW_SPACE}points" if unit else f"{sign}{digits}"


def signed_points_interval(low: float, high: float) -> str:
    """Return bounds of a change in points as ``+0.12 to +0.31 points``."""
    return f"{decimal_interval(low, high)}{NARROW_SPACE}points"


def bounded(tail: Tail, words: str) -> str:
    """Return ``under 25 %`` or ``over 75 %`` where only a bound is published."""
    return f"{tail} {words}" if tail else words


def listed(names: tuple[str, ...]) -> str:
    """Return names as ``A, B and C``."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
