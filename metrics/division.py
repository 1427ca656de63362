"""Division that says what to return where there is nothing to divide by."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def divide(
    numerator: ArrayLike, denominator: ArrayLike, otherwise: float = float("nan")
) -> NDArray[np.float64]:
    """Divide element by element; return ``otherwise`` where the denominator is 0.

    Examples
    --------
    >>> divide([1.0, 1.0], [4.0, 0.0]).tolist()
    [0.25, nan]
    """
    numerator, denominator = np.broadcast_arrays(
        np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    )
    quotient = np.full(numerator.shape, otherwise, dtype=float)
    np.divide(numerator, denominator, out=quotient, where=denominator != 0)
    return quotient[()]
