"""Is this period different from those before it: the null of no change for a series of rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isnan, sqrt

from metrics.definition import Result


def against_earlier(series: Sequence[Result]) -> tuple[Result, ...]:
    """Return the results with what the periods before each would let one expect.

    Parameters
    ----------
    series : sequence of Result
        Shares with an effective size, oldest first. Undefined ones stay as they are and count for
        nothing.

    Returns
    -------
    tuple of Result
        ``expected`` is the mean of all earlier shares, weighted by effective size;
        ``expected_error`` the standard error of the difference, ``sqrt(p (1 - p) (1/n + 1/m))``,
        with p that mean, n the effective size of the period and m that of all before it. The
        first defined result has neither, since nothing comes before it.

    References
    ----------
    Two-sample comparison of proportions under the null of one common proportion: Newcombe 1998.
    """
    size, total = 0.0, 0.0
    compared = []
    for result in series:
        if isnan(result.estimate) or not result.effective_size:
            compared.append(result)
            continue
        if size:
            mean = total / size
            spread = mean * (1 - mean) * (1 / result.effective_size + 1 / size)
            compared.append(replace(result, expected=mean, expected_error=sqrt(spread)))
        else:
            compared.append(result)
        size += result.effective_size
        total += result.effective_size * result.estimate
    return tuple(compared)
