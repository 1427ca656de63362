"""Cohorts of one programme beside its target: their values, and the limits that size sets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from metrics.cohorts.funnel import INNER, normal_limits, rate_limits
from metrics.intervals import Z95

Array = NDArray[np.float64]
HALF_PI = np.pi / 2


@dataclass(frozen=True, kw_only=True, eq=False)
class ComparedRates:
    """Rates of the cohorts of one programme.

    Attributes
    ----------
    events, trials : arrays of shape (C,)
        0 <= events <= trials.
    people : array of int, shape (C,)
        Distinct people behind each.
    sizes : array of shape (C,)
        What the funnel is drawn against: people or pairings, as published.
    target : float
        The programme's rate.
    trials_each : float
        Independent trials per unit of size, pooled over the cohorts.
    effective : array of shape (C,)
        Independent trials of each cohort by itself, for the interval of its own rate.
    phi : float
        Overdispersion, see `overdispersion`.
    are_pairings : bool
        Whether sizes are pairings; else people.
    """

    events: Array
    trials: Array
    people: NDArray[np.int_]
    sizes: Array
    target: float
    trials_each: float
    effective: Array
    phi: float = 1.0
    are_pairings: bool = False

    @property
    def values(self) -> Array:
        """Return the rates; NaN without trials."""
        return np.divide(
            self.events, self.trials, out=np.full(self.trials.shape, np.nan), where=self.trials > 0
        )

    def independent(self, sizes: Array) -> Array:
        """Return how many independent trials so many people or pairings are worth."""
        return np.maximum(sizes * self.trials_each, 1.0)

    def limits(
        self, sizes: Array, probabilities: tuple[float, float] = INNER
    ) -> tuple[Array, Array]:
        """Return the limits for cohorts of these sizes."""
        return rate_limits(self.target, self.independent(sizes), probabilities, self.phi)

    @cached_property
    def own_limits(self) -> tuple[Array, Array]:
        """Return the 95 % limits of the cohorts themselves."""
        return self.limits(self.sizes)

    @property
    def scores(self) -> Array:
        """Return distances from the target in standard errors; NaN where nothing can vary."""
        spread = self.target * (1 - self.target)
        if spread <= 0:
            return np.full(self.values.shape, np.nan)
        return (self.values - self.target) / np.sqrt(spread / self.independent(self.sizes))


@dataclass(frozen=True, kw_only=True, eq=False)
class ComparedMeans:
    """Means, or logarithms of ratios, of the cohorts of one programme.

    Attributes
    ----------
    values, errors : arrays of shape (C,)
        In the unit of the mean; NaN where nothing is published.
    people : array of int, shape (C,)
        Distinct people behind each.
    sizes : array of shape (C,)
        What the funnel is drawn against: people or pairings, as published.
    target : float
        The programme's value.
    phi : float
        Overdispersion, see `overdispersion`.
    scale : tuple of two floats, or None
        Lowest and highest answer possible, for points.
    are_pairings : bool
        Whether sizes are pairings; else people.
    intervals : two arrays of shape (C,), or None
        For ratios: the bounds that are published already, not as logarithms.
    """

    values: Array
    errors: Array
    people: NDArray[np.int_]
    sizes: Array
    target: float
    phi: float = 1.0
    scale: tuple[float, float] | None = None
    are_pairings: bool = False
    intervals: tuple[Array, Array] | None = None

    @property
    def spread(self) -> float:
        """Return the standard deviation of one unit of size, pooled over the cohorts."""
        squares = self.errors**2 * self.sizes
        return float(np.sqrt(np.nanmean(squares))) if np.isfinite(squares).any() else float("nan")

    def limits(
        self, sizes: Array, probabilities: tuple[float, float] = INNER
    ) -> tuple[Array, Array]:
        """Return the limits for cohorts of these sizes."""
        error = self.spread / np.sqrt(np.maximum(sizes, 1.0))
        return normal_limits(self.target, error, probabilities, self.phi)

    @cached_property
    def own_limits(self) -> tuple[Array, Array]:
        """Return the 95 % limits of the cohorts themselves."""
        return self.limits(self.sizes)

    @property
    def scores(self) -> Array:
        """Return distances from the target in standard errors."""
        return (self.values - self.target) / (self.spread / np.sqrt(np.maximum(self.sizes, 1.0)))


Compared = ComparedRates | ComparedMeans


def expected_error(given: Compared, number: int) -> float:
    """Return the standard error under the null, on the side on which the cohort lies.

    A distance of 1.96 such errors is where the 95 % limit of that side stands, so that a verdict
    agrees with the funnel although exact limits are not symmetric.
    """
    low, high = given.own_limits
    above = float(high[number]) - given.target
    below = given.target - float(low[number])
    value = float(given.values[number])
    if value == given.target:
        return max(above, below) / Z95
    return (above if value > given.target else below) / Z95


@dataclass(frozen=True, kw_only=True, eq=False)
class DrawnIn:
    """Cohorts drawn towards their programme by how little their size lets them say.

    Attributes
    ----------
    values, errors : arrays of shape (C,)
        On the scale on which they are drawn: the arcsine of the root for rates, the logarithm for
        ratios, points for means.
    people : array of int, shape (C,)
        Distinct people behind each.
    spread : float
        Standard deviation of the true differences, on that scale.
    scale : tuple of two floats, or None
        Lowest and highest answer possible, for points.
    """

    values: Array
    errors: Array
    people: NDArray[np.int_]
    spread: float
    scale: tuple[float, float] | None = None


def to_arcsine(rates: Array) -> Array:
    """Return the angles of rates, whose variance is 1 / (4 n) whatever the rate."""
    return np.arcsin(np.sqrt(np.clip(rates, 0.0, 1.0)))


def from_arcsine(angle: float) -> float:
    """Return the rate of an angle."""
    return float(np.sin(min(max(angle, 0.0), HALF_PI)) ** 2)


def arcsine_errors(trials: Array, phi: float = 1.0) -> Array:
    """Return the standard errors of angles."""
    return sqrt(phi) / (2 * np.sqrt(np.maximum(trials, 1.0)))
