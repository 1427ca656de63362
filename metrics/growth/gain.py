"""Means of ratings and their change among the same people, in points and standardised."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import gammaln, ndtr, stdtrit

from metrics.definition import NAN, Part, Result, Status, undefined
from metrics.growth.baseline import adjusted_change, starts_lower
from metrics.intervals import Z95

Scale = tuple[float, float]
LEAST_STARTED = 0.6
"""Share of those rated first who must have a last rating; below, the change is not told."""
LEAST_COMPARED = 50
"""Fewest people of a comparison group from which an expected change is worked out."""
NOBODY = "nobody was rated"
ONE_WAVE = "nobody was rated both at the first and at the last wave"
SAME_ANSWER = "everybody has the same value before, so there is no yardstick"
MANY_LEFT = "more than 40\u202f% of those rated at first have no last rating"


@dataclass(frozen=True, kw_only=True)
class WaveSums:
    """Sums over the people rated at one wave.

    Attributes
    ----------
    people : int
    total, squares : float
        Sums of values and of their squares.
    scale : tuple of two floats
        Lowest and highest rating possible.
    """

    people: int
    total: float
    squares: float
    scale: Scale


@dataclass(frozen=True, kw_only=True)
class PairedSums:
    """Sums over the people rated first and last; x is the first value, y the last.

    Attributes
    ----------
    people : int
        People with both.
    started : int
        People with a first value.
    x, y, xx, yy, xy : float
        Sums of values, squares and products.
    scale : tuple of two floats
        Lowest and highest rating possible.
    rose : int
        People whose last value is higher than their first.
    compared : PairedSums, optional
        The same of people who take part in nothing.
    """

    people: int
    started: int
    x: float
    y: float
    xx: float
    yy: float
    xy: float
    scale: Scale
    rose: int = 0
    compared: PairedSums | None = None

    @property
    def means(self) -> tuple[float, float]:
        """Return the mean before and after."""
        return self.x / self.people, self.y / self.people

    @property
    def centred(self) -> tuple[float, float, float]:
        """Return the centred sums of squares of x and of y, and of their products."""
        mean_x, mean_y = self.means
        return (
            max(self.xx - self.people * mean_x**2, 0.0),
            max(self.yy - self.people * mean_y**2, 0.0),
            self.xy - self.people * mean_x * mean_y,
        )

    @property
    def change_squares(self) -> float:
        """Return the centred sum of squares of the changes y - x."""
        xx, yy, xy = self.centred
        return max(xx + yy - 2 * xy, 0.0)


def student_t(freedom: float) -> float:
    """Return the quantile of Student's t for a two-sided 95 % interval."""
    return float(stdtrit(freedom, 0.975))


def small_sample_correction(freedom: float) -> float:
    """Return J, which takes the small-sample bias off a standardised difference.

    ``J(m) = gamma(m / 2) / (sqrt(m / 2) gamma((m - 1) / 2))``, exact.

    References
    ----------
    Hedges 1981.

    Examples
    --------
    >>> round(small_sample_correction(98), 10)
    0.9923240874
    """
    return float(np.exp(gammaln(freedom / 2) - gammaln((freedom - 1) / 2)) / np.sqrt(freedom / 2))


def standardised_mean_change(
    change: float, before: float, correlation: float, people: int
) -> tuple[float, float]:
    """Return the change over the standard deviation before, corrected, and its variance.

    Parameters
    ----------
    change : float
        Mean change in points.
    before : float
        Standard deviation of the values before, more than 0. Dividing by that of the changes would
        grow with the correlation and tell another story.
    correlation : float
        Of the values before and after.
    people : int
        At least 3.

    Returns
    -------
    g, variance : float
        ``g = J(n - 1) change / before``; ``2 (1 - r) / n + g^2 / (2 n)``.

    References
    ----------
    Becker 1988; Morris & DeShon 2002.
    """
    value = small_sample_correction(people - 1) * change / before
    return value, 2 * (1 - correlation) / people + value**2 / (2 * people)


def chance_of_more(standardised: float) -> float:
    """Return the chance that a random person after is higher than a random person before.

    For normal values of equal spread: ``Phi(g / sqrt(2))`` (McGraw & Wong 1992).
    """
    return float(ndtr(standardised / sqrt(2)))


def skill_mean(sums: WaveSums, part: Part = ()) -> Result:
    """Return the mean of a wave in points of the scale, with its t interval."""
    if not sums.people:
        return undefined(NOBODY)
    mean = sums.total / sums.people
    if sums.people == 1:
        return Result(estimate=mean, people=1, scale=sums.scale, status=Status.TOO_FEW,
                      reason="one person has no spread")  # fmt: skip
    centred = max(sums.squares - sums.people * mean**2, 0.0)
    spread = sqrt(centred / (sums.people - 1))
    reach = student_t(sums.people - 1) * spread / sqrt(sums.people)
    return Result(
        estimate=mean,
        low=mean - reach,
        high=mean + reach,
        people=sums.people,
        spread=spread,
        scale=sums.scale,
    )


def skill_gain(sums: PairedSums, part: Part = ()) -> Result:
    """Return the mean change from first to last rating of the same people, in points.

    ``d = mean(y) - mean(x)``, standard error ``sqrt((s_x^2 + s_y^2 - 2 s_xy) / n)``, t interval
    with n - 1 degrees of freedom. ``expected`` is 0, or where the people started lower than a
    comparison group beyond noise, the change of comparable people with as low a start (see
    `metrics.growth.baseline.adjusted_change`), if that is a rise. Undefined where fewer than two
    people have both ratings, or fewer than 60 % of those rated first.
    """
    empty = _not_told(sums)
    if empty is not None:
        return empty
    before, after = sums.means
    spread = sqrt(sums.change_squares / (sums.people - 1))
    error = spread / sqrt(sums.people)
    reach = student_t(sums.people - 1) * error
    expected, expected_error, reason = _without_programme(sums, error)
    return Result(
        estimate=after - before,
        low=after - before - reach,
        high=after - before + reach,
        people=sums.people,
        expected=expected,
        expected_error=expected_error,
        spread=spread,
        scale=sums.scale,
        reason=reason,
    )


def _not_told(sums: PairedSums) -> Result | None:
    if not sums.started:
        return undefined(NOBODY)
    if sums.people < 2:
        return undefined(ONE_WAVE, people=sums.started)
    if sums.people < LEAST_STARTED * sums.started:
        return undefined(MANY_LEFT, people=sums.people)
    return None


def _without_programme(sums: PairedSums, error: float) -> tuple[float, float, str]:
    """Return expected change, its error, and what had to be assumed."""
    other = sums.compared
    if other is None or other.people < LEAST_COMPARED or not starts_lower(sums, other):
        return 0.0, error, ""
    _, expected, adjusted_error = adjusted_change(sums, other)
    if expected <= 0:
        return 0.0, error, ""
    return (
        expected,
        max(error, adjusted_error),
        (
            "they started lower than people who take part in nothing; expected is what those with "
            "as low a start gained, if both groups are otherwise alike"
        ),
    )


def skill_gain_standardised(sums: PairedSums, part: Part = ()) -> Result:
    """Return the change over the standard deviation before; ``estimate`` stays in points.

    ``base`` is the standard deviation before. The interval is that of the standardised change:
    see `standardised_mean_change`. Undefined where nobody differs before.
    """
    gain = skill_gain(sums)
    if gain.status is Status.UNDEFINED:
        return gain
    xx, yy, xy = sums.centred
    if sums.people < 3 or xx <= 0:
        return undefined(SAME_ANSWER, people=sums.people)
    before = sqrt(xx / (sums.people - 1))
    correlation = xy / sqrt(xx * yy) if yy > 0 else 0.0
    value, variance = standardised_mean_change(gain.estimate, before, correlation, sums.people)
    reach = Z95 * sqrt(variance)
    return Result(
        estimate=gain.estimate,
        low=value - reach,
        high=value + reach,
        people=sums.people,
        base=before,
        spread=gain.spread,
        scale=sums.scale,
    )


def standardised_difference(
    means: tuple[float, float], spreads: tuple[float, float], people: tuple[int, int]
) -> tuple[float, float]:
    """Return Hedges' g of two groups and its variance.

    ``g = J(n1 + n2 - 2) (m1 - m2) / s_pooled``; variance ``1/n1 + 1/n2 + g^2 / (2 (n1 + n2))``.
    NaN where nobody differs within both groups.

    References
    ----------
    Hedges 1981; Hedges & Olkin 1985.
    """
    freedom = sum(people) - 2
    pooled = sum((n - 1) * s**2 for n, s in zip(people, spreads, strict=True)) / freedom
    if pooled <= 0:
        return NAN, NAN
    value = small_sample_correction(freedom) * (means[0] - means[1]) / sqrt(pooled)
    return value, 1 / people[0] + 1 / people[1] + value**2 / (2 * sum(people))
