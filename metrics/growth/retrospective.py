"""The then-test: how people rate their earlier self at the end, beside how they rated it then.

Learning can move the yardstick: who has seen what empathy takes rates the same behaviour lower,
and the change from first to last rating falls short of what was learnt. A then-test asks both at
the end, on one yardstick. It has a bias of its own: people recall themselves lower than they were,
since they expect to have grown. So it stands beside the change from wave to wave and is never mixed
with it.

References
----------
Howard, Ralph, Gulanick, Maxwell, Nance & Gerber 1979; Howard 1980; Ross 1989 (people infer their
past from a theory of change); Schwartz & Sprangers 1999.
"""

from __future__ import annotations

from dataclasses import dataclass

from metrics.definition import Part, Result, undefined
from metrics.growth.differences import mean_difference
from metrics.growth.gain import LEAST_STARTED, MANY_LEFT, Scale

NOT_ASKED = "nobody rated at both waves was asked to look back"
ONE_PERSON = "one person alone looked back"
FEW_LOOKED_BACK = "fewer than 60\u202f% of those rated first and last looked back"


@dataclass(frozen=True, kw_only=True)
class ThenSums:
    """Sums over the people with a first rating, a last one, and the first as recalled at the last.

    Attributes
    ----------
    people : int
        People with all three.
    paired, started : int
        People with a first and a last rating, and people with a first one.
    gain, gain_squares : float
        Sums of last less recalled first, and of their squares.
    shift, shift_squares : float
        Sums of recalled first less first, and of their squares.
    scale : tuple of two floats
        Lowest and highest rating possible.
    """

    people: int
    paired: int
    started: int
    gain: float
    gain_squares: float
    shift: float
    shift_squares: float
    scale: Scale


def skill_gain_then(sums: ThenSums, part: Part = ()) -> Result:
    """Return the mean change from the first rating as recalled at the end to the last one.

    In points; paired t interval; expected is 0. Undefined where nobody looked back, where fewer
    than 60 % of those rated first and last did, or where the change from wave to wave is not told
    either (fewer than 60 % of those rated first have a last rating).

    References
    ----------
    Howard et al. 1979.
    """
    return _not_told(sums) or mean_difference(sums.people, sums.gain, sums.gain_squares, sums.scale)


def skill_response_shift(sums: ThenSums, part: Part = ()) -> Result:
    """Return how much lower or higher people recall their first rating than they gave it.

    Mean of the recalled first less the first rating, of the same people as `skill_gain_then`, which
    is their change from wave to wave less their change against the recalled first. Below 0: they
    measure themselves more strictly now, or recall themselves too low; the two cannot be told apart
    from these ratings. Interval, null and undefined as there.

    References
    ----------
    Schwartz & Sprangers 1999.
    """
    return _not_told(sums) or mean_difference(
        sums.people, sums.shift, sums.shift_squares, sums.scale
    )


def _not_told(sums: ThenSums) -> Result | None:
    if not sums.people:
        return undefined(NOT_ASKED)
    if sums.people < 2:
        return undefined(ONE_PERSON, people=1)
    if sums.paired < LEAST_STARTED * sums.started:
        return undefined(MANY_LEFT, people=sums.people)
    if sums.people < LEAST_STARTED * sums.paired:
        return undefined(FEW_LOOKED_BACK, people=sums.people)
    return None
