"""The ladder of claims: how strong a word the data allow, and why not a stronger one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from metrics.claims.lottery_dose import DoseEffect, Draws, dose_effect, lottery_variance
from metrics.claims.rollout import rollout
from metrics.claims.within_person import Contrast, within_person
from metrics.definition import Part, Result, undefined

Array = NDArray[np.float64]
CHECK_SIZE = 0.01
"""How often a fair lottery or parallel trends may be refused; many skills are looked at."""
REFUSED_BEYOND = float(ndtri(1 - CHECK_SIZE / 2))
FEWEST_PEOPLE = 50
FIVE_PEOPLE = 5
"""What five people add is the step of a mean; see `disclosure.rounding.point_step`."""
FEWEST_STARTS_BY_COHORT = 20
"""From so many starting cohorts on, errors allow for shocks that hit a whole cohort."""


class Rung(StrEnum):
    """How strong a word is allowed, the strongest first."""

    CAUSED = "caused"
    """Chance decided who got what."""
    TRENDS = "trends"
    """A start at different times, against people not begun."""
    ASSOCIATED = "associated"
    """Compared with themselves or with others like them; reasons may lie elsewhere."""


FEW = f"fewer than {FEWEST_PEOPLE} people were rated before and after"
NO_CHANCE = "the lottery left no differences in whom people were given"
NOT_BY_LOT = "partners were not the ones that a fair lottery would give"
UNBALANCED = "people rated higher before were given other partners, so the lottery was not fair"
MISSING = "whether people were rated afterwards depends on whom they were given"
NO_CONTROL = "nobody was rated who had not begun yet, so there is nobody to compare with"
UNTESTED = "nobody was rated twice before the start, so parallel trends cannot be checked"
LEADS = "those who began already grew otherwise before they began"
SAME_DOSE = "what is compared always went together, so it cannot be told apart"
ONE_PERSON = "too much of it rests on single people"
LARGEST_PART = 0.1
"""Largest part that one person may have in a contrast: as if ten people were alike in it."""


@dataclass(frozen=True, kw_only=True)
class LotteryEvidence:
    """Growth of people who were given partners by lot.

    Attributes
    ----------
    draws : Draws
        Who was drawn with whom, between the two ratings.
    before, after : array of shape (P,)
        First and last rating; NaN where there is none.
    covariates : array of shape (P, C)
        What else was known before: group, cohort, number of lotteries.
    width : float
        Width of the scale, in points; ratings are parts of it.
    """

    draws: Draws
    before: Array
    after: Array
    covariates: Array
    width: float


def growth_by_lottery(evidence: LotteryEvidence, part: Part = ()) -> Result:
    """Return how much more people grew whom the lottery gave only other groups than none.

    Undefined, with the reason, where the lottery was not fair: the partners given were not those
    of a lottery, or the first rating, or being rated again, depends on them.
    """
    before = np.where(np.isnan(evidence.after), np.nan, evidence.before)
    with_before = np.column_stack([evidence.covariates, np.nan_to_num(before)])
    effect = dose_effect(evidence.draws, evidence.after - before, with_before)
    if effect.people < FEWEST_PEOPLE:
        return undefined(FEW, people=effect.people)
    if not isfinite(effect.null_error) or effect.null_error == 0:
        return undefined(NO_CHANCE, people=effect.people)
    reason = unfair(evidence)
    if reason:
        return undefined(reason, people=effect.people)
    return _as_points(effect, evidence.width)


def unfair(evidence: LotteryEvidence) -> str:
    """Return why a lottery cannot be taken for one, empty if nothing speaks against it."""
    if abs(fairness(evidence.draws, evidence.before.size)) > REFUSED_BEYOND:
        return NOT_BY_LOT
    balance = dose_effect(evidence.draws, evidence.before, evidence.covariates)
    if _differs(balance):
        return UNBALANCED
    rated_before = ~np.isnan(evidence.before)
    again = np.where(rated_before, ~np.isnan(evidence.after), np.nan)
    if rated_before.any() and np.nanstd(again) > 0:
        response = dose_effect(evidence.draws, again, evidence.covariates)
        return MISSING if _differs(response) else ""
    return ""


def fairness(draws: Draws, people: int) -> float:
    """Return how many standard deviations the partners given are from those of a lottery."""
    error = sqrt(lottery_variance(draws, np.ones(people)))
    return float((draws.crossed - draws.expected).sum()) / error if error > 0 else 0.0


def _differs(effect: DoseEffect) -> bool:
    return isfinite(effect.null_error) and effect.null_error > 0 and abs(effect.z) > REFUSED_BEYOND


@dataclass(frozen=True, kw_only=True)
class DoseEvidence:
    """Ratings over waves beside what each person had done before.

    Attributes
    ----------
    person, wave : array of int, shape (R,)
        Whose rating, in which wave.
    rating : array of shape (R,)
        As a part of the scale.
    doses : array of shape (R, D)
        What the person had done before that wave, summed up.
    weights : sequence of D floats
        The contrast, in units of dose: (-5, 5) compares five of the second with five of the first.
    width : float
        Width of the scale, in points.
    """

    person: NDArray[np.int64]
    wave: NDArray[np.int64]
    rating: Array
    doses: Array
    weights: Sequence[float]
    width: float


def growth_within_person(evidence: DoseEvidence, part: Part = ()) -> Result:
    """Return the difference of two doses in what the same person grows by; see `within_person`."""
    found = within_person(
        evidence.person, evidence.wave, evidence.rating, evidence.doses, evidence.weights
    )
    if found.people < FEWEST_PEOPLE:
        return undefined(FEW, people=found.people)
    if not isfinite(found.error):
        return undefined(SAME_DOSE, people=found.people)
    return _as_points(found, evidence.width)


@dataclass(frozen=True, kw_only=True)
class RolloutEvidence:
    """Ratings of people who began at different times.

    Attributes
    ----------
    began : array of int, shape (P,)
        First wave after the start, from 0; `rollout.NEVER` for people not begun.
    scores : array of shape (P, T)
        Ratings by wave, as parts of the scale; NaN where not rated.
    cohort : array of int, shape (P,)
        The cohort that somebody began with; any other number for each person who did not.
    cohorts : int
        How many cohorts began.
    width : float
        Width of the scale, in points.
    """

    began: NDArray[np.int64]
    scores: Array
    cohort: NDArray[np.int64]
    cohorts: int
    width: float


def growth_since_start(evidence: RolloutEvidence, part: Part = ()) -> Result:
    """Return growth since the start beyond that of people not begun; see `rollout`.

    Undefined without a clean control, without two ratings before the start of some, and where
    trends differed already before the start.
    """
    by_cohort = evidence.cohorts >= FEWEST_STARTS_BY_COHORT
    found = rollout(evidence.began, evidence.scores, evidence.cohort if by_cohort else None)
    if found.starts == 0:
        return undefined(NO_CONTROL, people=found.people)
    if found.people < FEWEST_PEOPLE:
        return undefined(FEW, people=found.people)
    if not found.lead_error > 0:
        return undefined(UNTESTED, people=found.people)
    if abs(found.lead) > REFUSED_BEYOND * found.lead_error:
        return undefined(LEADS, people=found.people)
    effect = DoseEffect(
        estimate=found.estimate,
        error=found.error,
        null_error=found.error,
        influence=found.influence,
        typical=found.typical,
        people=found.people,
    )
    return _as_points(effect, evidence.width)


def _as_points(effect: DoseEffect | Contrast, width: float) -> Result:
    """Return an effect in points of the scale, with 0 as what it is held against."""
    if effect.largest_part > LARGEST_PART:
        return undefined(ONE_PERSON, people=effect.people)
    null_error = effect.null_error if isinstance(effect, DoseEffect) else effect.error
    half = effect.half_width if isinstance(effect, Contrast) else ndtri(0.975) * effect.error
    # a person moves a contrast by more than a mean: as on a scale that is wider by as much, so
    # that five typical people and any single one stay within a step
    reach = width * effect.people * max(effect.typical, effect.influence / FIVE_PEOPLE)
    return Result(
        estimate=width * effect.estimate,
        low=width * (effect.estimate - float(half)),
        high=width * (effect.estimate + float(half)),
        people=effect.people,
        expected=0.0,
        expected_error=width * null_error,
        scale=(0.0, reach),
        spread=width * effect.error * sqrt(effect.people),
    )
