"""Funnel limits: how far a cohort of a given size strays from its programme by chance alone."""

from __future__ import annotations

from math import ceil, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtr, bdtrik, ndtri

INNER = (0.025, 0.975)
"""Probabilities of the 95 % limits, which verdicts rest on."""
OUTER = (0.001, 0.999)
"""Probabilities of the 99.8 % limits."""
WINSORISED = 0.1
"""Part of the scores at each end that is drawn in before their spread is judged."""
FEWEST_SCORES = 5
"""Fewer scores say nothing about whether all of them are spread too far."""
TENTHS = 10

Array = NDArray[np.float64]


def binomial_limit(target: float, size: ArrayLike, probability: float) -> Array:
    """Return the exact, interpolated limit of a rate.

    ``r`` is the smallest number of events with ``F(r) >= p``; the limit is ``(r - alpha) / n`` with
    ``alpha = (F(r) - p) / (F(r) - F(r - 1))``, cut to [0, 1].

    Parameters
    ----------
    target : float
        The rate of the programme, in [0, 1]. At 0 and at 1 nothing varies: the limit is the target.
    size : array of shape (C,)
        Independent trials, at least 1; what is no whole number is rounded down.
    probability : float
        The probability p that is to lie below the limit.

    References
    ----------
    Spiegelhalter 2005, appendix A.1.1.
    """
    trials = np.maximum(np.floor(np.asarray(size, dtype=float)), 1.0)
    if not 0.0 < target < 1.0:
        return np.full(trials.shape, target)
    events = _smallest(probability, trials, target)
    above, below = (_reached(count, trials, target) for count in (events, events - 1))
    alpha = (above - probability) / (above - below)
    return np.clip((events - alpha) / trials, 0.0, 1.0)


def _smallest(probability: float, trials: Array, target: float) -> Array:
    """Return the smallest number of events that is reached with a probability."""
    events = np.ceil(bdtrik(probability, trials, target))
    fewer = np.maximum(events - 1, 0)
    return np.where(_reached(fewer, trials, target) >= probability, fewer, events)


def _reached(events: Array, trials: Array, target: float) -> Array:
    """Return the probability of so many events or fewer."""
    return np.where(events < 0, 0.0, bdtr(np.maximum(events, 0), trials.astype(np.intp), target))


def rate_limits(
    target: float, size: ArrayLike, probabilities: tuple[float, float], phi: float = 1.0
) -> tuple[Array, Array]:
    """Return the lower and upper limit of a rate, wider by the square root of ``phi``.

    Units and references as in `binomial_limit`; both limits are cut to [0, 1].
    """
    low, high = (
        target + sqrt(phi) * (binomial_limit(target, size, probability) - target)
        for probability in probabilities
    )
    # with very few trials the interpolated limit can fall on the wrong side of the target
    return np.clip(np.minimum(low, target), 0, 1), np.clip(np.maximum(high, target), 0, 1)


def normal_limits(
    target: float, error: ArrayLike, probabilities: tuple[float, float], phi: float = 1.0
) -> tuple[Array, Array]:
    """Return the limits of a mean whose standard error, in its own unit, is known."""
    reach = sqrt(phi) * np.asarray(error, dtype=float)
    low, high = (target + float(ndtri(each)) * reach for each in probabilities)
    return low, high


def overdispersion(scores: ArrayLike) -> float:
    """Return by how much scores are spread more than chance alone gives: phi, at least 1.

    The mean of the squared scores once a tenth at each end is drawn in to the next quantile, so
    that the cohorts one looks for do not hide themselves. It counts only where it exceeds
    ``1 + 2 sqrt(2 / C)``, which chance alone hardly does; otherwise phi is 1. It is rounded up to a
    tenth, so that all limits follow from numbers that may be shown.

    Parameters
    ----------
    scores : array of shape (C,)
        Distances from the target in standard errors; NaN counts for nothing. Fewer than
        `FEWEST_SCORES` give 1.

    References
    ----------
    Spiegelhalter 2005, section 5.
    """
    known = np.asarray(scores, dtype=float)
    known = known[np.isfinite(known)]
    if known.size < FEWEST_SCORES:
        return 1.0
    ends = np.quantile(known, [WINSORISED, 1 - WINSORISED])
    phi = float(np.mean(np.clip(known, *ends) ** 2))
    if phi <= 1 + 2 * sqrt(2 / known.size):
        return 1.0
    return rounded_up(phi)


def design_effect(rates: ArrayLike, trials: ArrayLike, variances: ArrayLike) -> float:
    """Return how many trials count as one, since those of one person are alike; at least 1.

    The clustered variance of all cohorts together over their binomial variance, rounded up to a
    tenth. One number for all cohorts of a programme: that of a single small cohort is mostly noise.

    Parameters
    ----------
    rates, trials, variances : arrays of shape (C,)
        Each cohort's rate, its number of trials, and the clustered variance of its rate. Cohorts
        without trials count for nothing.

    References
    ----------
    Kish 1965.
    """
    rate, count, variance = (np.asarray(each, dtype=float) for each in (rates, trials, variances))
    known = np.isfinite(rate) & (count > 0)
    rate, count, variance = rate[known], count[known], variance[known]
    binomial = float(count @ (rate * (1 - rate)))
    if binomial <= 0:
        return 1.0
    return rounded_up(max(float(count**2 @ variance) / binomial, 1.0))


def rounded_up(number: float) -> float:
    """Return the number rounded up to a tenth."""
    return ceil(TENTHS * number - 1e-9) / TENTHS
