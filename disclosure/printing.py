"""How numbers are written: the one home of digits, signs and spaces."""

from __future__ import annotations

from disclosure.rounding import Tail

NARROW_SPACE = "\u202f"
MINUS = "\u2212"

HIDDEN = "hidden"
NOT_DEFINED = "not defined"


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


def ratio_interval(low: float, high: float) -> str:
    """Return bounds of a ratio as ``+12 to +24 %``."""
    return f"{signed(100 * (low - 1))} to {signed(100 * (high - 1))}{NARROW_SPACE}%"


def bounded(tail: Tail, words: str) -> str:
    """Return ``under 25 %`` or ``over 75 %`` where only a bound is published."""
    return f"{tail} {words}" if tail else words


def listed(names: tuple[str, ...]) -> str:
    """Return names as ``A, B and C``."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
