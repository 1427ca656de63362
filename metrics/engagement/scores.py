"""How good forecast chances were: Brier score, area under the curve, average precision, O/E."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri

Array = NDArray[np.float64]


def brier_score(chances: Array, happened: Array) -> float:
    """Return the mean squared distance of chances from what happened; 0 is best.

    Parameters
    ----------
    chances : array of shape (n,)
        Forecast chances in [0, 1].
    happened : array of shape (n,)
        1 where it happened, else 0.

    References
    ----------
    Brier 1950.

    Examples
    --------
    >>> round(brier_score(np.array([0.1, 0.9, 0.8, 0.3]), np.array([0, 1, 1, 0])), 4)
    0.0375
    """
    return float(np.mean((chances - happened) ** 2))


def area_under_curve(chances: Array, happened: Array) -> float:
    """Return how often one to whom it happened had the higher chance of two; ties count half.

    NaN where it happened to nobody or to everybody.

    References
    ----------
    Mann & Whitney 1947; Hanley & McNeil 1982.

    Examples
    --------
    >>> area_under_curve(np.array([0.1, 0.4, 0.35, 0.8]), np.array([0, 0, 1, 1]))
    0.75
    """
    yes, no = chances[happened > 0], np.sort(chances[happened == 0])
    if not len(yes) or not len(no):
        return float("nan")
    below, up_to = (np.searchsorted(no, yes, side=side) for side in ("left", "right"))
    return float((below + up_to).sum() / (2 * len(yes) * len(no)))


def average_precision(chances: Array, happened: Array) -> float:
    """Return the mean share of right ones among those named, as ever more are named.

    ``sum (R_k - R_(k-1)) P_k`` over falling thresholds; NaN where it happened to nobody.

    References
    ----------
    Salton & McGill 1983, without interpolation.

    Examples
    --------
    >>> round(average_precision(np.array([0.1, 0.4, 0.35, 0.8]), np.array([0, 0, 1, 1])), 4)
    0.8333
    """
    if not happened.sum():
        return float("nan")
    order = np.argsort(-chances, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(chances[order]) != 0, True))
    right = np.cumsum(happened[order])[ends]
    return float((np.diff(right, prepend=0.0) * right / (ends + 1)).sum() / happened.sum())


def poisson_limits(count: float) -> tuple[float, float]:
    """Return the 95 % limits of a Poisson count, from its quantiles.

    Half of chi-squared quantiles, which Byar's formula approximates.

    References
    ----------
    Garwood 1936; Breslow & Day 1987, section 2.3.

    Examples
    --------
    >>> [round(limit, 2) for limit in poisson_limits(10)]
    [4.8, 18.39]
    """
    low = chdtri(2 * count, 0.975) / 2 if count > 0 else 0.0
    return float(low), float(chdtri(2 * (count + 1), 0.025) / 2)
