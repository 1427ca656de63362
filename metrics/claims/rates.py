"""Completion of learning by the way it is taught, beside that of all ways together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from metrics.definition import Result, Status
from metrics.participation import RateMoments, completion_rate


def activity_completion(moments: RateMoments, part: tuple[int, ...] = ()) -> Result:
    """Return completed activities over those that have ended; see `completion_rate`."""
    return replace(completion_rate(moments), pairs=None, reason=_reason(moments))


def _reason(moments: RateMoments) -> str:
    return "" if moments.denominator else "no activity has ended"


def against_everybody(moments: Sequence[RateMoments]) -> tuple[Result, ...]:
    """Return each rate beside that of all together, with what chance makes of that.

    Parameters
    ----------
    moments : sequence of RateMoments
        One per way of teaching.

    Returns
    -------
    tuple of Result
        ``expected`` is the rate of all; ``expected_error`` its binomial error at the effective
        size of each, less the part that each has in the whole.
    """
    total = sum(each.denominator for each in moments)
    rate = sum(each.numerator for each in moments) / total if total else 0.0
    return tuple(_beside(activity_completion(each), rate, each.denominator / total if total else 0)
                 for each in moments)  # fmt: skip


def _beside(result: Result, rate: float, part: float) -> Result:
    if result.status is not Status.OK or part >= 1 or not result.effective_size:
        return result
    error = (rate * (1 - rate) * (1 - part) / result.effective_size) ** 0.5
    return replace(result, expected=rate, expected_error=error)
