"""Many comparisons at once: p values from z, and their adjustment over a family."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr


def two_sided_p(z: ArrayLike) -> NDArray[np.float64]:
    """Return the two-sided p value of a standard normal z; NaN stays NaN.

    Examples
    --------
    >>> round(float(two_sided_p(-1.959964)), 6)
    0.05
    """
    return 2 * ndtr(-np.abs(np.asarray(z, dtype=float)))


def benjamini_hochberg(p_values: ArrayLike) -> NDArray[np.float64]:
    """Return p values adjusted for the false discovery rate over their family.

    Parameters
    ----------
    p_values : array of shape (n,)
        Unadjusted p values. NaN means "no test": it stays NaN and does not belong to the family.

    Returns
    -------
    array of shape (n,)
        In the order given; reject those at or below q to keep the false discovery rate at q.

    References
    ----------
    Benjamini & Hochberg 1995.

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    p_values = np.asarray(p_values, dtype=float)
    tested = np.flatnonzero(~np.isnan(p_values))
    descending = tested[np.argsort(-p_values[tested], kind="stable")]
    ranks = np.arange(tested.size, 0, -1)
    adjusted = np.full(p_values.shape, np.nan)
    adjusted[descending] = np.minimum.accumulate(p_values[descending] * tested.size / ranks)
    return np.minimum(adjusted, 1)
