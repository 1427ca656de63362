"""When a ratio against the lottery can be read: the same rule for every connection measure."""

from __future__ import annotations

from dataclasses import replace

from metrics.connection.crossing import Crossing
from metrics.definition import Result, Status

LEAST_EXPECTED = 1
"""Below this expected number of pairings a ratio is not defined."""
ENOUGH_EXPECTED = 5
"""Below this expected number of pairings a ratio is too weak to judge."""

ABSENT = "nobody of this group had a conversation"
NO_CHOICE = "who could meet whom left no choice, so there is nothing to compare with a lottery"
HARDLY_EXPECTED = "a lottery would give less than one such conversation"
FEW_EXPECTED = "a lottery would give fewer than five such conversations, too few to judge"


def no_ratio(found: Crossing, impossible: str) -> str:
    """Return why there is no ratio, or nothing; ``impossible`` says it when none is expected."""
    if found.expected == 0:
        return impossible
    if found.variance == 0:
        return NO_CHOICE
    return HARDLY_EXPECTED if found.expected < LEAST_EXPECTED else ""


def over_lottery(share: Result, found: Crossing) -> Result:
    """Return a share of contacts divided by the share that a lottery gives, with its interval.

    The expected share is taken as known. Too few where the lottery would give fewer than five.
    """
    base = found.expected / found.total
    ratio = replace(
        share,
        estimate=share.estimate / base,
        low=share.low / base,
        high=share.high / base,
        pairs=found.pairs,
        expected=1.0,
        expected_error=found.variance**0.5 / found.expected,
        base=base,
    )
    return judged(ratio, found)


def judged(result: Result, found: Crossing) -> Result:
    """Return the result, marked as too few where the lottery would give fewer than five."""
    if found.expected >= ENOUGH_EXPECTED:
        return result
    return replace(result, status=Status.TOO_FEW, reason=FEW_EXPECTED)
