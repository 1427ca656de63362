"""What a low start alone would let one expect: regression to the mean, from a comparison group."""

from __future__ import annotations

from math import sqrt
from typing import Protocol

from metrics.intervals import Z95


class Paired(Protocol):
    """Sums over people with a value before and after; see `metrics.growth.gain.PairedSums`."""

    people: int

    @property
    def means(self) -> tuple[float, float]:
        """Return the mean before and after."""

    @property
    def centred(self) -> tuple[float, float, float]:
        """Return centred squares of x, of y, and products."""


def starts_lower(own: Paired, other: Paired) -> bool:
    """Tell whether a group starts lower than another beyond noise (Welch's z above 1.96)."""
    difference = other.means[0] - own.means[0]
    variance = sum(group.centred[0] / (group.people - 1) / group.people for group in (own, other))
    return difference > Z95 * sqrt(variance)


def adjusted_change(own: Paired, other: Paired) -> tuple[float, float, float]:
    """Return the analysis of covariance of a group against a comparison group.

    Model: ``y = a + b x + c group``, with b the pooled slope within both groups.

    Parameters
    ----------
    own, other : PairedSums
        At least two people each. Nobody differing before in either leaves b at 1.

    Returns
    -------
    adjusted : float
        c: the difference of y at the same x.
    expected : float
        The change of people of ``other`` who start where ``own`` does on average,
        ``mean(y_o) - mean(x_o) + (1 - b) (mean(x_o) - mean(x))``: regression to the mean, and
        whatever else changed everybody.
    error : float
        Standard error of c.

    References
    ----------
    Lord 1967; Senn 2006; any text on analysis of covariance.
    """
    xx, yy, xy = (sum(pair) for pair in zip(own.centred, other.centred, strict=True))
    slope = xy / xx if xx > 0 else 1.0
    (x, y), (other_x, other_y) = own.means, other.means
    expected = other_y - other_x + (1 - slope) * (other_x - x)
    adjusted = (y - other_y) - slope * (x - other_x)
    freedom = own.people + other.people - 3
    residual = max(yy - slope * xy, 0.0) / freedom if freedom > 0 else float("nan")
    leverage = 1 / own.people + 1 / other.people + ((x - other_x) ** 2 / xx if xx > 0 else 0.0)
    return adjusted, expected, sqrt(residual * leverage)
