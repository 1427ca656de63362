"""The mean difference of two values of the same people, with its interval."""

from __future__ import annotations

from math import sqrt

from metrics.definition import Result
from metrics.growth.gain import Scale, student_t


def mean_difference(people: int, total: float, squares: float, scale: Scale) -> Result:
    """Return a mean of differences, with its t interval, against no difference.

    Parameters
    ----------
    people : int
        At least 2.
    total, squares : float
        Sums of the differences and of their squares, in points and points squared.
    scale : tuple of two floats
        Lowest and highest answer possible.

    Returns
    -------
    Result
        In points; ``expected`` is 0 and its error ``s_d / sqrt(n)``; the interval has n - 1 degrees
        of freedom (paired t).
    """
    mean = total / people
    spread = sqrt(max(squares - people * mean**2, 0.0) / (people - 1))
    error = spread / sqrt(people)
    reach = student_t(people - 1) * error
    return Result(
        estimate=mean,
        low=mean - reach,
        high=mean + reach,
        people=people,
        expected=0.0,
        expected_error=error,
        spread=spread,
        scale=scale,
    )
