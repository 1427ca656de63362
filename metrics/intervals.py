"""Intervals for shares: Wilson's score interval, fed with an effective number of trials."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

Z95 = float(ndtri(0.975))
"""Standard normal quantile of a two-sided 95 % interval, 1.959964."""

Numbers = float | NDArray[np.float64]


def wilson(share: ArrayLike, size: ArrayLike) -> tuple[Numbers, Numbers]:
    """Return the 95 % Wilson score interval of a share.

    Parameters
    ----------
    share : float or array
        Observed share in [0, 1]; NaN gives NaN bounds.
    size : float or array
        Number of independent trials, 0 or more; may be fractional.

    Returns
    -------
    low, high : float or array
        Bounds in [0, 1]. Without any trial nothing is known: (0, 1).

    References
    ----------
    Wilson 1927; Newcombe 1998 for its coverage.

    Examples
    --------
    >>> low, high = wilson(81 / 263, 263)
    >>> round(float(low), 4), round(float(high), 4)
    (0.2553, 0.3662)
    """
    share, size = np.asarray(share, dtype=float), np.asarray(size, dtype=float)
    centre = size * share + Z95**2 / 2
    # At a share of 0 or 1 rounding can leave the variance a hair below zero.
    half = Z95 * np.sqrt(np.maximum(size * share * (1 - share), 0) + Z95**2 / 4)
    total = size + Z95**2
    return np.clip((centre - half) / total, 0, 1), np.clip((centre + half) / total, 0, 1)


def effective_size(share: ArrayLike, variance: ArrayLike, trials: ArrayLike) -> Numbers:
    """Return how many independent trials would give a share the same standard error.

    Parameters
    ----------
    share : float or array
        Observed share in [0, 1].
    variance : float or array
        Estimated variance of the share; may be too small, zero or negative in tiny samples.
    trials : float or array
        Number of trials if all were independent. The result never exceeds it.

    Returns
    -------
    float or array
        ``p(1 - p) / max(variance, p(1 - p) / trials)``. At a share of 0 or 1 nothing varies, so
        no variance can be estimated, and ``trials`` itself is returned: whoever calls must then
        give a number of trials that they would defend as independent.
    """
    share = np.asarray(share, dtype=float)
    variance, trials = np.asarray(variance, dtype=float), np.asarray(trials, dtype=float)
    binomial = share * (1 - share)
    with np.errstate(divide="ignore", invalid="ignore"):
        floored = np.fmax(variance, binomial / trials)
        size = np.where(binomial > 0, binomial / floored, trials)
    return np.where(np.isnan(share), np.nan, size)[()]


def clustered_variance(
    share: float,
    denominator: float,
    squares: tuple[float, float, float],
    pair_squares: tuple[float, float, float] = (0.0, 0.0, 0.0),
) -> float:
    """Return the variance of a share whose trials are correlated within each person.

    Parameters
    ----------
    share : float
        The share p = x / d.
    denominator : float
        The number of trials d, more than 0.
    squares : tuple of three floats
        Sums over people of ``x_i**2``, ``x_i * d_i`` and ``d_i**2``.
    pair_squares : tuple of three floats
        The same sums over distinct pairs of people, where one trial belongs to two people and
        would otherwise count twice; zeros where a trial belongs to one person.

    Returns
    -------
    float
        ``[sum_i (x_i - p d_i)^2 - sum_ij (x_ij - p n_ij)^2] / d^2``; not floored, and negative in
        some tiny samples.

    References
    ----------
    Fafchamps & Gubert 2007; Aronow, Samii & Assenova 2015.
    """
    residual = np.subtract(squares, pair_squares) @ np.array([1.0, -2.0 * share, share**2])
    return float(residual / denominator**2)
