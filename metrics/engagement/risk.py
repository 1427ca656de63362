"""How many are expected to stop, from how people took part lately; told only where it holds.

Chances are learnt on earlier cycles, set right on later ones and tested on the last ones. They
leave as sums over a cohort alone, never as the chance of a person.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from metrics.definition import Part, Result, undefined
from metrics.engagement.chances import (
    EDGE,
    Array,
    Chances,
    Numbers,
    PastCycles,
    fitted,
    in_time_order,
)
from metrics.engagement.scores import (
    area_under_curve,
    average_precision,
    brier_score,
    poisson_limits,
)
from metrics.intervals import Z95

FEWEST_LEARNT, FEWEST_TESTED = 50, 20
"""People who stopped: fewer teach, or test, nothing."""
BAND = (0.8, 1.25)
"""How far the number that stopped may lie from the number that was expected."""
RESAMPLES, SEED = 400, 20_260_101

TOO_FEW = "too few people have stopped so far to learn from"
SIMPLE_RULE = "the simple rule is better"
NO_SKILL = (
    f"{SIMPLE_RULE}: in the latest cycles, how people had taken part foretold who stops no better "
    "than the average does"
)
OFF = (
    f"{SIMPLE_RULE}: in the latest cycles, the number of people who stopped was too far from the "
    "number expected"
)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """How the chances did on cycles held back.

    Attributes
    ----------
    rate : float
        Share of rows in which somebody stopped: the simple rule, told with hindsight.
    skill, low, high : float
        ``1 - Brier / Brier of that rate`` and its 95 % interval over resampled people.
    ratio : float
        How many stopped, over how many were expected to.
    ratio_error : float
        Standard error of its logarithm, people resampled.
    discrimination, precision : float
        Area under the curve, and average precision.
    reason : str
        Why the chances are not told; empty where they are.
    """

    rate: float
    skill: float
    low: float
    high: float
    ratio: float
    ratio_error: float
    discrimination: float
    precision: float
    reason: str = ""


def learn(past: PastCycles, fewest: int = 10) -> tuple[Chances, Evidence] | None:
    """Return chances with what they are worth; None where too few people stopped to tell.

    References
    ----------
    Brier 1950; Platt 1999; calibration in time: van Calster et al. 2019.
    """
    if not len(past):
        return None
    learnt, set_right, tested = in_time_order(past)
    enough = ((learnt, FEWEST_LEARNT), (set_right, FEWEST_TESTED), (tested, FEWEST_TESTED))
    if any(_rarer(past.stopped[rows]) < least for rows, least in enough):
        return None
    chances, held_out = fitted(past, learnt, set_right), past.only(tested)
    return chances, evidence(chances.of(held_out.predictors), held_out, fewest)


def _rarer(stopped: Array) -> float:
    """Return how many stopped, or did not, whichever is rarer."""
    return float(min(stopped.sum(), len(stopped) - stopped.sum()))


def evidence(chances: Array, tested: PastCycles, fewest: int = 10) -> Evidence:
    """Return how chances did on rows that they were not learnt on.

    Parameters
    ----------
    chances : array of shape (n,)
        The chance of each row.
    tested : PastCycles
        The rows.
    fewest : int
        People from whom on a group is looked at by itself.

    Returns
    -------
    Evidence
        Chances are not told unless the lower end of their skill lies above 0, and the number that
        stopped lies within `BAND` of the number expected: over all, and within each group as far
        as chance allows. The rate that they are compared with is that of the tested rows
        themselves, the best single number there could be.
    """
    rate = float(tested.stopped.mean())
    skills, ratios = _resampled(chances, tested)
    low, high = (float(bound) for bound in np.quantile(skills, [0.025, 0.975]))
    ratio = float(tested.stopped.sum() / chances.sum())
    by_group = [_is_off(chances, tested, group, fewest) for group in tested.groups]
    reason = NO_SKILL if low <= 0 else ""
    if not reason and (not BAND[0] <= ratio <= BAND[1] or any(by_group)):
        reason = OFF
    plain = brier_score(np.full(len(tested), rate), tested.stopped)
    return Evidence(
        rate=rate,
        skill=1 - brier_score(chances, tested.stopped) / plain,
        low=low,
        high=high,
        ratio=ratio,
        ratio_error=float(np.std(np.log(ratios))),
        discrimination=area_under_curve(chances, tested.stopped),
        precision=average_precision(chances, tested.stopped),
        reason=reason,
    )


def _resampled(chances: Array, tested: PastCycles) -> tuple[Array, Array]:
    """Return skill and O/E of resampled people, each with all their rows."""
    _, who = np.unique(tested.person, return_inverse=True)
    number = int(who.max()) + 1
    squares = (chances - tested.stopped) ** 2
    summed = (np.ones(len(who)), tested.stopped, chances, squares)
    sums = np.column_stack([np.bincount(who, weights) for weights in summed])
    draw = np.random.default_rng(SEED)
    drawn = np.array(
        [np.bincount(draw.integers(number, size=number), minlength=number) @ sums
         for _ in range(RESAMPLES)]
    )  # fmt: skip
    rows, stopped, expected, distance = drawn.T
    # a resample in which nobody stopped cannot tell chances from any rate
    plain = np.maximum(stopped * (1 - stopped / rows), EDGE)
    return 1 - distance / plain, np.maximum(stopped, 0.5) / expected


def _is_off(chances: Array, tested: PastCycles, group: Numbers, fewest: int) -> bool:
    """Tell whether O/E of any group lies outside the band beyond chance."""
    for number in np.unique(group[group >= 0]):
        inside = group == number
        if len(np.unique(tested.person[inside])) < fewest:
            continue
        low, high = observed_over_expected(
            chances[inside], tested.stopped[inside], tested.person[inside]
        )
        if low > BAND[1] or high < BAND[0]:
            return True
    return False


def observed_over_expected(chances: Array, stopped: Array, person: Numbers) -> tuple[float, float]:
    """Return the 95 % limits of the number that stopped over the number expected.

    Poisson limits of the count, less as many events as rows of one person repeat: the same stop
    lies ahead of up to three cycles, and a person goes along with others.
    """
    _, who = np.unique(person, return_inverse=True)
    together = float((np.bincount(who, stopped - chances) ** 2).sum())
    repeated = max(together / float((chances * (1 - chances)).sum()), 1.0)
    low, high = poisson_limits(float(stopped.sum()) / repeated)
    expected = float(chances.sum()) / repeated
    return low / expected, high / expected


@dataclass(frozen=True, kw_only=True, eq=False)
class Expectation:
    """The people of one cohort who still take part, and what is expected of them.

    Attributes
    ----------
    chances, alike : arrays of shape (n,)
        The chance of people who took part alike, and how many they are.
    spread : float
        Standard deviation of the chances of everybody: how far chance alone moves a cohort.
    evidence : Evidence or None
        What the chances are worth; None where there was too little to learn from.
    """

    chances: Array
    alike: Array
    spread: float = 0.0
    evidence: Evidence | None = None


def expected_dropouts(given: Expectation, part: Part = ()) -> Result:
    """Return how many are expected to stop, beside what the average would give.

    Returns
    -------
    Result
        In people. The interval holds the number that will stop in 19 of 20 cases, if the chances
        are as they were. Undefined where the chances are not worth more than the average.
    """
    people = int(given.alike.sum())
    if given.evidence is None or given.evidence.reason or not people:
        return undefined(given.evidence.reason if given.evidence else TOO_FEW, people=people)
    expected = float((given.chances * given.alike).sum())
    low, high = interval(expected, given.evidence.ratio_error)
    return Result(
        estimate=expected,
        low=low,
        high=high,
        people=people,
        base=given.evidence.rate,
        expected=given.evidence.rate * people,
        expected_error=float(
            np.hypot(given.spread * np.sqrt(people), given.evidence.ratio_error * expected)
        ),
        log_error=given.evidence.ratio_error,
        reason=_worth(given.evidence),
    )


def _worth(found: Evidence) -> str:
    better, low = round(100 * found.skill), max(round(100 * found.low), 1)
    return (
        f"tested on the latest cycles: {better}\u202f% nearer to what happened than the average "
        f"(at least {low}\u202f%)"
    )


def interval(expected: float, log_error: float) -> tuple[float, float]:
    """Return between which numbers the number that stops lies in 19 of 20 cases.

    Poisson, and the error of the level; rounded outwards to whole people.
    """
    reach = Z95 * float(np.sqrt(expected + (log_error * expected) ** 2))
    return float(np.floor(max(expected - reach, 0.0))), float(np.ceil(expected + reach))
