"""Small cohorts drawn towards the average: two-stage empirical Bayes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import stdtrit

FEWEST_COHORTS = 5
"""Fewer estimates say nothing about how much cohorts really differ."""


@dataclass(frozen=True, kw_only=True)
class Shrunk:
    """Estimates drawn towards their average.

    Attributes
    ----------
    mean, mean_error : float
        Average of the true values and its standard error (Hartung & Knapp).
    spread : float
        tau, the standard deviation of the true values; 0 where noise explains all differences.
    values, errors : arrays of shape (C,)
        Posterior means and standard deviations.
    """

    mean: float
    mean_error: float
    spread: float
    values: NDArray[np.float64]
    errors: NDArray[np.float64]

    def mean_interval(self) -> tuple[float, float]:
        """Return the 95 % interval of the average, t with C - 1 degrees of freedom."""
        reach = float(stdtrit(self.values.size - 1, 0.975)) * self.mean_error
        return self.mean - reach, self.mean + reach


def dersimonian_laird(estimates: ArrayLike, variances: ArrayLike) -> float:
    """Return tau^2 by the method of moments, never below 0 (DerSimonian & Laird 1986)."""
    y, weight = np.asarray(estimates, dtype=float), 1 / np.asarray(variances, dtype=float)
    mean = weight @ y / weight.sum()
    surplus = weight @ (y - mean) ** 2 - (y.size - 1)
    return float(max(surplus / (weight.sum() - (weight**2).sum() / weight.sum()), 0.0))


def paule_mandel(estimates: ArrayLike, variances: ArrayLike) -> float:
    """Return tau^2 at which the weighted squares are as expected, never below 0.

    References
    ----------
    Paule & Mandel 1982.
    """
    y, v = np.asarray(estimates, dtype=float), np.asarray(variances, dtype=float)

    def surplus(between: float) -> float:
        weight = 1 / (v + between)
        mean = weight @ y / weight.sum()
        return float(weight @ (y - mean) ** 2 - (y.size - 1))

    if surplus(0.0) <= 0:
        return 0.0
    return float(brentq(surplus, 0.0, float(np.var(y) * y.size + v.max()), xtol=1e-12))


def shrink(estimates: ArrayLike, variances: ArrayLike, between: float | None = None) -> Shrunk:
    """Return estimates drawn towards their average by how little each says by itself.

    ``theta_c = mu + (1 - B_c) (y_c - mu)`` with ``B_c = v_c / (v_c + tau^2)``; posterior variance
    ``(1 - B_c) v_c + B_c^2 Var(mu)``; mu with the standard error of Hartung & Knapp, which is not
    allowed below the usual one.

    Parameters
    ----------
    estimates : array of shape (C,)
        At least two.
    variances : array of shape (C,)
        Squared standard errors, all more than 0.
    between : float, optional
        tau^2; by default that of `paule_mandel`.

    References
    ----------
    Efron & Morris 1975; Hartung & Knapp 2001; Sidik & Jonkman 2002.
    """
    y, v = np.asarray(estimates, dtype=float), np.asarray(variances, dtype=float)
    tau_squared = paule_mandel(y, v) if between is None else between
    weight = 1 / (v + tau_squared)
    mean = float(weight @ y / weight.sum())
    squares = float(weight @ (y - mean) ** 2) / (y.size - 1)
    mean_variance = max(squares, 1.0) / weight.sum()
    drawn = v / (v + tau_squared)
    return Shrunk(
        mean=mean,
        mean_error=float(np.sqrt(mean_variance)),
        spread=float(np.sqrt(tau_squared)),
        values=mean + (1 - drawn) * (y - mean),
        errors=np.sqrt((1 - drawn) * v + drawn**2 * mean_variance),
    )
