"""Shares of answers, and how far one lies from what was said at first."""

from __future__ import annotations

from dataclasses import replace
from math import isnan, sqrt

from metrics.definition import Part, Result
from metrics.participation import RateMoments, participation_rate

NOBODY = "nobody answered the question"
NOBODY_ASKED = "nobody was there to answer"


def answer_share(moments: RateMoments, part: Part = ()) -> Result:
    """Return the answers that chose an option over all that apply, with a Wilson interval.

    The interval allows for several answers of one person (see `metrics.participation`). Undefined
    where nobody answered.
    """
    result = participation_rate(moments)
    return result if moments.denominator else replace(result, reason=NOBODY)


def response_rate(moments: RateMoments, part: Part = ()) -> Result:
    """Return people who answered over people who were there, with a Wilson interval."""
    result = participation_rate(moments)
    return result if moments.denominator else replace(result, reason=NOBODY_ASKED)


def against_first(result: Result, first: float, size: float) -> Result:
    """Return a share with what it would be if nothing had changed since the first time.

    Parameters
    ----------
    result : Result
        A later share, with its effective size.
    first : float
        The share at first, as published, between 0 and 1.
    size : float
        People behind it, as published, more than 0.

    Returns
    -------
    Result
        ``expected`` is ``first``, ``expected_error`` the standard error of the difference without a
        change, ``sqrt(p (1 - p) (1 / n + 1 / m))`` with p the first share. Mostly the same people
        answer again, which makes the true error smaller: the verdict is on the careful side.

    References
    ----------
    Two-sample comparison of proportions: Newcombe 1998.
    """
    if isnan(result.estimate) or not result.effective_size:
        return result
    spread = first * (1 - first) * (1 / size + 1 / result.effective_size)
    return replace(result, expected=first, expected_error=sqrt(spread))
