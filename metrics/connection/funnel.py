"""The steps that make or unmake connection: who is available, matched, met, and met again."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from metrics.connection.stages import (
    ACROSS,
    ARRANGED,
    COMPLETED,
    CONTINUED,
    INSIDE,
    StageCounts,
)
from metrics.definition import Part, Result, StageShare, undefined
from metrics.intervals import Z95, effective_size, wilson

POPULATION, POOL = -2, -1
"""The stages before the first pairing: all who could take part, and those drawn together."""

LEAST_PAIRINGS = 10
LEAST_EXPECTED = 5
"""A stage with fewer pairings, or fewer expected crossings, is merged into the one before."""
SMALLEST_DIFFERENCE = 0.02
"""A step that is counted, not estimated, is told only from this difference on."""

ONE_GROUP = "fewer than two groups could take part, so nobody could cross"
NO_PAIRINGS = "no pairing of two people of known groups is recorded"
NO_OFFERS = "offers were not recorded, so matching and uptake are one step: who met"
FEW_ARRANGED = "fewer than ten pairings were arranged"
FEW_COMPLETED = "fewer than ten pairings took place"
FEW_CONTINUED = "fewer than ten pairings met again"
SOME_WITHOUT = "conversations held without an offer count as arranged"
FEW_EXPECTED = "fewer than five crossings would be expected at this step, too few to tell"
ONLY_OFFERS = "it ends with who was offered whom, since fewer than ten pairings took place"
NONE_OF_KIND = "no such pairing was arranged"
NO_ENROLMENT = "who could take part was not recorded, so everybody with a pairing stands for them"
NO_POOLS = "who was available in a round was not recorded, so those paired in it stand for them"

FEW = {ARRANGED: FEW_ARRANGED, COMPLETED: FEW_COMPLETED, CONTINUED: FEW_CONTINUED}
NO_CROSSING_ERROR = 2**0.5
"""Error of the logarithm where nothing crosses: that of half a pairing."""


@dataclass(frozen=True)
class Steps:
    """The stages that can be told apart, in order, and why the others cannot."""

    shares: dict[int, StageShare]
    missing: dict[int, str]

    @property
    def last(self) -> int | None:
        """Return the last stage of pairings, None without any."""
        return max((stage for stage in self.shares if stage >= ARRANGED), default=None)


def steps(counts: StageCounts) -> Steps:
    """Return the shares of the stages, those too thin to stand alone left out with the reason."""
    shares: dict[int, StageShare] = {}
    missing: dict[int, str] = {}
    people = int(counts.population.sum())
    if np.count_nonzero(counts.population) < 2:
        missing[POPULATION] = ONE_GROUP
    else:
        shares[POPULATION] = StageShare(
            share=counts.population_share(), people=people, expected=True
        )
    if not counts.weight(counts.first):
        missing |= dict.fromkeys((POOL, ARRANGED, COMPLETED, CONTINUED), NO_PAIRINGS)
        return Steps(shares, missing)
    pool = counts.lotteries.share
    shares[POOL] = StageShare(share=pool, people=counts.people[counts.first], expected=True)
    if not counts.offers_recorded:
        missing[ARRANGED] = NO_OFFERS
    before = pool
    for stage in range(counts.first, CONTINUED + 1):
        reason = missing.get(stage - 1, "") if stage > counts.first else ""
        reason = reason or _too_thin(counts, stage, before)
        if reason:
            missing[stage] = reason
            continue
        before = counts.share(stage)
        shares[stage] = StageShare(share=before, people=counts.people[stage])
    return Steps(shares, missing)


def _too_thin(counts: StageCounts, stage: int, before: float) -> str:
    pairs = counts.pairs(stage)
    if pairs < LEAST_PAIRINGS:
        return FEW[stage]
    return FEW_EXPECTED if before * counts.weight(stage) < LEAST_EXPECTED else ""


def opportunity_factor(counts: StageCounts, part: Part = ()) -> Result:
    """Return the crossing that those drawn together allow over that of all who could take part.

    Parameters
    ----------
    counts : StageCounts
        Pairings of the slice by stage.
    part : Part
        () only.

    Returns
    -------
    Result
        pool / pop: the share expected by lottery within the recorded pools (else among those
        paired in the same round), weighted by pairings, over the share if everybody who could
        take part met at random. Counted, not estimated: no error, and ``expected_error`` such that
        the verdict needs `SMALLEST_DIFFERENCE`. Undefined with fewer than two groups.
    """
    result = _factor(counts, POOL, POPULATION)
    if np.isnan(result.estimate):
        return result
    pools = bool(counts.lotteries.recorded[counts.lotteries.weight > 0].all())
    said = ((counts.enrolment_recorded, NO_ENROLMENT), (pools, NO_POOLS))
    return replace(
        result,
        low=result.estimate,
        high=result.estimate,
        expected_error=SMALLEST_DIFFERENCE / Z95,
        reason="; ".join(words for known, words in said if not known),
    )


def matching_factor(counts: StageCounts, part: Part = ()) -> Result:
    """Return the crossing of arranged pairings over that of a lottery among those available.

    ``expected_error`` is the lottery's own standard deviation; the interval is dyad-robust and at
    least as wide as the lottery. Undefined without recorded offers. See `opportunity_factor`.
    """
    result = _drawn(counts, ARRANGED)
    defined = not np.isnan(result.estimate)
    return replace(result, reason=SOME_WITHOUT) if defined and not counts.all_offered else result


def meeting_factor(counts: StageCounts, part: Part = ()) -> Result:
    """Return the crossing of completed pairings over that of a lottery among those available.

    Matching and uptake in one: the step that is left where offers were not recorded.
    """
    return _drawn(counts, COMPLETED)


def uptake_factor(counts: StageCounts, part: Part = ()) -> Result:
    """Return the crossing of completed pairings over that of arranged ones.

    Equal to the completion rate across groups over the completion rate of all. 1 expected;
    ``log_error`` dyad-robust over the kinds of pairings, so that the stages may share people.
    """
    return _against_before(counts, COMPLETED)


def continuation_factor(counts: StageCounts, part: Part = ()) -> Result:
    """Return the crossing of pairings that met again over that of completed ones, likewise."""
    return _against_before(counts, CONTINUED)


def connection_factor(counts: StageCounts, part: Part = ()) -> Result:
    """Return the crossing at the last stage over that of all who could take part.

    The product of opportunity and all steps after it. Pop is taken as known. A ``reason`` says
    where the steps end with the offers.
    """
    known = steps(counts)
    stage = counts.first if known.last is None else known.last
    result = _estimated(counts, _factor(counts, stage, POPULATION), stage, None)
    ends_early = stage == ARRANGED and known.missing.get(COMPLETED) == FEW_COMPLETED
    defined = not np.isnan(result.estimate)
    return replace(result, reason=ONLY_OFFERS) if ends_early and defined else result


def _drawn(counts: StageCounts, stage: int) -> Result:
    """Return a stage over the pool, its noise that of the lottery."""
    result = _factor(counts, stage, POOL)
    if np.isnan(result.estimate):
        return result
    lottery = counts.lotteries
    if stage == counts.first:
        spread = lottery.variance**0.5 / (lottery.weight.sum() * lottery.share)
        result = _estimated(counts, result, stage, None, least=spread)
        return replace(result, expected_error=spread or None)
    return _estimated(counts, result, stage, None)


def _against_before(counts: StageCounts, stage: int) -> Result:
    return _estimated(counts, _factor(counts, stage, stage - 1), stage, stage - 1)


def _factor(counts: StageCounts, stage: int, base: int) -> Result:
    """Return one share over another, without an error yet; undefined with the reason."""
    found = steps(counts)
    people, pairs = counts.people[counts.first], counts.pairs(counts.first)
    for each in (base, stage):
        if each in found.missing:
            return undefined(found.missing[each], people=people, pairs=pairs)
    top, bottom = found.shares[stage], found.shares[base]
    if bottom.share == 0:
        return undefined(FEW_EXPECTED, people=people, pairs=pairs)
    return Result(
        estimate=top.share / bottom.share,
        people=top.people,
        pairs=counts.pairs(max(stage, counts.first)),
        expected=1.0,
        base=bottom.share,
        stages=(top, bottom),
    )


def _estimated(
    counts: StageCounts, result: Result, stage: int, base: int | None, least: float = 0.0
) -> Result:
    """Return the factor with its error; ``base`` is None where the base is taken as known."""
    if np.isnan(result.estimate):
        return result
    error = max(_log_error(counts, stage, base), least)
    return replace(
        result,
        low=result.estimate * float(np.exp(-Z95 * error)),
        high=result.estimate * float(np.exp(Z95 * error)),
        expected_error=error,
        log_error=error,
    )


def _log_error(counts: StageCounts, stage: int, base: int | None) -> float:
    if not counts.crossing(stage):
        return NO_CROSSING_ERROR
    gradient = counts.log_share_gradient(stage)
    if base is not None:
        gradient = gradient - counts.log_share_gradient(base)
    return counts.variance(gradient) ** 0.5


def completion_by_crossing(counts: StageCounts, part: Part = (ACROSS,)) -> Result:
    """Return how many arranged pairings across groups, or inside them, took place.

    Parameters
    ----------
    counts : StageCounts
        Pairings of the slice by stage.
    part : Part
        (0,) for pairings inside groups, (1,) for those across.

    Returns
    -------
    Result
        A share of the weighted pairings with a Wilson interval whose effective size comes from the
        dyad-robust variance. Undefined without recorded offers, and without such pairings.
    """
    (crosses,) = part or (ACROSS,)
    people = counts.people_across if crosses == ACROSS else counts.people_inside
    own, pairs = counts.weights[crosses], round(counts.pairings[crosses].sum())
    if not counts.weight(counts.first):
        return undefined(NO_PAIRINGS, people=people, pairs=pairs)
    if not counts.offers_recorded:
        return undefined("offers were not recorded", people=people, pairs=pairs)
    if not own.sum():
        return undefined(NONE_OF_KIND, people=people, pairs=pairs)
    rate = float(own[COMPLETED:].sum() / own.sum())
    size = _rate_size(counts, crosses, rate, people)
    low, high = wilson(rate, size)
    return Result(
        estimate=rate,
        low=float(low),
        high=float(high),
        people=people,
        pairs=pairs,
        effective_size=size,
    )


def _rate_size(counts: StageCounts, crosses: int, rate: float, people: int) -> float:
    if not 0 < rate < 1:
        return float(min(counts.pairings[crosses].sum(), people))
    gradient = counts.rate_gradient(crosses)
    trials = rate * (1 - rate) / counts.independent_variance(gradient)
    return float(effective_size(rate, counts.variance(gradient), trials))


PARTS = {"same": INSIDE, "cross": ACROSS}
"""The two parts of `completion_by_crossing`."""
