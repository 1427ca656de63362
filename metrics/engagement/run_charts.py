"""Charts that notice a lasting fall in a series of standard scores: CUSUM and EWMA."""

from __future__ import annotations

from math import exp, expm1, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

ALLOWANCE = 0.5
"""k of the CUSUM: half of the fall, in standard deviations, that it is tuned to notice."""
CORRECTION = 1.166
"""Overshoot of a sum of normal steps over a boundary on both sides (Siegmund 1985)."""
WIDEST = 20.0


def falling_sum(before: float, score: float) -> float:
    """Return the next value of the one-sided CUSUM of falls, ``max(0, C - z - k)``.

    References
    ----------
    Page 1954.

    Examples
    --------
    >>> falling_sum(1.0, -2.0), falling_sum(1.0, 3.0)
    (2.5, 0.0)
    """
    return max(0.0, before - score - ALLOWANCE)


def falling_sums(scores: ArrayLike) -> NDArray[np.float64]:
    """Return the one-sided CUSUM of falls after each score, starting from 0.

    Parameters
    ----------
    scores : array of shape (T,)
        Standard scores, oldest first; about 0 on average while nothing changes.
    """
    sums, value = [], 0.0
    for score in np.asarray(scores, dtype=float):
        value = falling_sum(value, float(score))
        sums.append(value)
    return np.array(sums)


def run_length(limit: float, shift: float = 0.0) -> float:
    """Return how many scores pass, on average, before the CUSUM of falls exceeds its limit.

    Parameters
    ----------
    limit : float
        h, 0 or more.
    shift : float
        By how many standard deviations the scores have fallen; 0 = nothing changed, so that the
        run length is the average time to a false alarm.

    Returns
    -------
    float
        ``(exp(-2 d b) + 2 d b - 1) / (2 d^2)`` with ``d = shift - k`` and ``b = h + 1.166``.

    References
    ----------
    Siegmund 1985.

    Examples
    --------
    >>> round(run_length(4)), round(run_length(4, shift=1), 1)
    (338, 8.3)
    """
    drift, width = shift - ALLOWANCE, limit + CORRECTION
    if drift == 0:
        return width**2
    return (exp(-2 * drift * width) + 2 * drift * width - 1) / (2 * drift**2)


def limit_for(length: float) -> float:
    """Return the limit h at which false alarms come ``length`` scores apart, 0 or more.

    Examples
    --------
    >>> round(limit_for(338), 2)
    4.0
    """
    if run_length(0.0) >= length:
        return 0.0
    return float(brentq(lambda limit: run_length(limit) - length, 0.0, WIDEST))


def ewma(values: ArrayLike, start: float, weight: float) -> NDArray[np.float64]:
    """Return the exponentially weighted moving average after each value.

    Parameters
    ----------
    values : array of shape (T,)
        Oldest first.
    start : float
        The average before the first value: the target.
    weight : float
        Of the newest value, in (0, 1].

    References
    ----------
    Roberts 1959.
    """
    averages, average = [], start
    for value in np.asarray(values, dtype=float):
        average = weight * float(value) + (1 - weight) * average
        averages.append(average)
    return np.array(averages)


def ewma_reach(weight: float, width: float, number: int | None = None) -> float:
    """Return how far the average may be from its target, in standard deviations of a value.

    Parameters
    ----------
    weight : float
        Of the newest value, in (0, 1].
    width : float
        L, the reach in standard deviations of the average itself.
    number : int, optional
        How many values there were; without it, the reach after very many.

    Returns
    -------
    float
        ``L sqrt(w / (2 - w) [1 - (1 - w)^(2 t)])``.

    References
    ----------
    Lucas & Saccucci 1990.
    """
    settled = 1.0 if number is None else -expm1(2 * number * np.log1p(-weight))
    return width * sqrt(weight / (2 - weight) * settled)
