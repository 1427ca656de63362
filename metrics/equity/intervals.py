"""Intervals for two shares beside each other: their difference and their ratio."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, log, sqrt

from metrics.intervals import Z95, wilson

HALF = 0.5
"""Added to both counts of a share of 0, as is usual where a logarithm would not exist."""


@dataclass(frozen=True, kw_only=True)
class RatioInterval:
    """A ratio of two shares.

    Attributes
    ----------
    ratio, low, high : float
        The ratio and its 95 % interval; 0 or more.
    log_error : float
        Standard error of the logarithm.
    """

    ratio: float
    low: float
    high: float
    log_error: float


def newcombe(
    share: float, size: float, other_share: float, other_size: float
) -> tuple[float, float]:
    """Return the 95 % interval of ``share - other_share`` from the two score intervals.

    Parameters
    ----------
    share, other_share : float
        Observed shares in [0, 1].
    size, other_size : float
        Independent trials behind each; may be fractional. Without trials nothing is known.

    Returns
    -------
    low, high : float
        Bounds in [-1, 1].

    References
    ----------
    Newcombe 1998, Statistics in Medicine 17:873-890, method 10.

    Examples
    --------
    >>> low, high = newcombe(56 / 70, 70, 48 / 80, 80)
    >>> round(low, 4), round(high, 4)
    (0.0524, 0.3339)
    """
    (low, high), (other_low, other_high) = wilson(share, size), wilson(other_share, other_size)
    difference = share - other_share
    below = sqrt((share - low) ** 2 + (other_high - other_share) ** 2)
    above = sqrt((high - share) ** 2 + (other_share - other_low) ** 2)
    return float(difference - below), float(difference + above)


def katz(share: float, size: float, other_share: float, other_size: float) -> RatioInterval:
    """Return the ratio ``share / other_share`` with the interval of its logarithm.

    Where one of the shares is 0, half a success and half a failure are added to both.

    Parameters
    ----------
    share, other_share : float
        Observed shares in [0, 1].
    size, other_size : float
        Independent trials behind each, more than 0; may be fractional.

    References
    ----------
    Katz, Baptista, Azen & Pike 1978, Biometrics 34:469-474; the half: Walter 1976.

    Examples
    --------
    >>> found = katz(48 / 80, 80, 12 / 40, 40)
    >>> round(found.low, 3), round(found.high, 3)
    (1.206, 3.317)
    """
    if share == 0 or other_share == 0:
        share = (share * size + HALF) / (size + 2 * HALF)
        other_share = (other_share * other_size + HALF) / (other_size + 2 * HALF)
        size, other_size = size + 2 * HALF, other_size + 2 * HALF
    ratio = share / other_share
    variance = (1 - share) / (size * share) + (1 - other_share) / (other_size * other_share)
    reach = Z95 * sqrt(max(variance, 0.0))
    return RatioInterval(
        ratio=ratio,
        low=exp(log(ratio) - reach) if ratio > 0 else 0.0,
        high=exp(log(ratio) + reach) if ratio > 0 else inf,
        log_error=reach / Z95,
    )
