"""When a gap turns round or fades between people alike: Simpson's paradox."""

from __future__ import annotations

from typing import Literal

from metrics.intervals import Z95

Turn = Literal["reverses", "shrinks", ""]
SHRINKS_BELOW = 0.5


def turn_of_gap(
    crude: float,
    adjusted: float,
    shift: tuple[float, float],
    *,
    crude_beyond_noise: bool,
    adjusted_beyond_noise: bool,
) -> Turn:
    """Return what becomes of a gap between people alike.

    Parameters
    ----------
    crude, adjusted : float
        The gap as it is, and between people alike.
    shift : tuple of two floats
        ``crude - adjusted`` and its standard error; see `gap_shift`.
    crude_beyond_noise, adjusted_beyond_noise : bool
        The verdicts on both: of two numbers within noise neither can turn round.

    Returns
    -------
    str
        ``reverses`` where the signs differ and the shift is beyond noise, ``shrinks`` where a gap
        beyond noise is less than half as large between people alike, else empty.

    References
    ----------
    Bickel, Hammel & O'Connell 1975.
    """
    apart = abs(shift[0]) > Z95 * shift[1]
    if crude * adjusted < 0 and apart and (crude_beyond_noise or adjusted_beyond_noise):
        return "reverses"
    if crude_beyond_noise and apart and abs(adjusted) < SHRINKS_BELOW * abs(crude):
        return "shrinks"
    return ""
