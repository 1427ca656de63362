"""Mean scores of a scale, and differences of two scores of the same people."""

from __future__ import annotations

from dataclasses import dataclass, replace

from metrics.definition import Part, Result, Status, undefined
from metrics.growth.differences import mean_difference
from metrics.growth.gain import Scale, WaveSums, skill_mean

NOBODY = "nobody answered enough of the questions"
NOBODY_TWICE = "nobody answered both at the first and at the last wave"
ONE_KIND = "nobody gave feedback on both kinds of conversations"
HALF_GONE = 0.5
"""Where fewer than this part of those who answered first also answered last, it is said."""
MANY_GONE = "fewer than half of those who answered at first also answered at last"


@dataclass(frozen=True, kw_only=True)
class DifferenceSums:
    """Sums over people with two scores.

    Attributes
    ----------
    people : int
        People with both scores.
    started : int
        People with the first score; 0 where there is no order in time.
    total, squares : float
        Sums of the differences, second less first, and of their squares.
    scale : tuple of two floats
        Lowest and highest answer possible.
    """

    people: int
    started: int
    total: float
    squares: float
    scale: Scale


def scale_mean(sums: WaveSums, part: Part = ()) -> Result:
    """Return the mean score in points of the scale, with its t interval; see `skill_mean`.

    Undefined where nobody answered at least two thirds of the questions.
    """
    return skill_mean(sums) if sums.people else undefined(NOBODY)


def scale_change(sums: DifferenceSums, part: Part = ()) -> Result:
    """Return the mean change of the same people from the first wave to the last, in points.

    ``mean(d)``, standard error ``s_d / sqrt(n)``, t interval with n - 1 degrees of freedom;
    expected is 0. Undefined where fewer than two people have both scores.
    """
    result = _mean_difference(sums, NOBODY_TWICE if sums.started else NOBODY)
    few = sums.people < HALF_GONE * sums.started
    return replace(result, reason=MANY_GONE) if few and result.status is Status.OK else result


def feedback_difference(sums: DifferenceSums, part: Part = ()) -> Result:
    """Return how much higher the same people score conversations across groups, in points.

    Each person counts once: the mean over the person's conversations with somebody of another
    group, less the mean over those within the own group. Interval and null as in `scale_change`.
    Undefined where fewer than two people speak of both kinds.
    """
    return _mean_difference(sums, ONE_KIND)


def _mean_difference(sums: DifferenceSums, nobody: str) -> Result:
    if sums.people < 2:
        return undefined(nobody, people=max(sums.people, sums.started))
    return mean_difference(sums.people, sums.total, sums.squares, sums.scale)
