"""The measures that compare cohorts: beside what their size explains, and drawn in by it."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, isnan, sqrt

import numpy as np

from metrics.cohorts.compared import (
    ComparedMeans,
    ComparedRates,
    DrawnIn,
    expected_error,
    from_arcsine,
)
from metrics.definition import Measure, Part, Result, Sensitivity, Unit, undefined
from metrics.intervals import Z95, wilson

NO_TRIALS = "nothing was counted"
NOT_PUBLISHED = "the cohort has no value of its own"


def cohort_rate(given: ComparedRates, part: Part) -> Result:
    """Return a cohort's rate beside its programme's, with the error that its size allows."""
    number = part[0]
    if not given.trials.size or given.trials[number] <= 0:
        return undefined(NO_TRIALS, people=int(given.people[number]) if given.people.size else 0)
    rate = float(given.values[number])
    size = float(given.effective[number])
    low, high = wilson(rate, size)
    return Result(
        estimate=rate,
        low=float(low),
        high=float(high),
        people=int(given.people[number]),
        pairs=round(given.sizes[number]) if given.are_pairings else None,
        effective_size=size,
        expected=given.target,
        expected_error=expected_error(given, number),
    )


def cohort_ratio(given: ComparedMeans, part: Part) -> Result:
    """Return a cohort's ratio against a lottery beside its programme's; values are logarithms."""
    if _is_missing(given, part):
        return undefined(NOT_PUBLISHED)
    number = part[0]
    ratio, error = exp(given.values[number]), float(given.errors[number])
    low, high = ratio * exp(-Z95 * error), ratio * exp(Z95 * error)
    if given.intervals is not None:
        low, high = (float(bounds[number]) for bounds in given.intervals)
    return Result(
        estimate=ratio,
        low=low,
        high=high,
        people=int(given.people[number]),
        pairs=round(given.sizes[number]),
        log_error=error,
        expected=exp(given.target),
        # the distance in logarithms, carried over to ratios
        expected_error=_ratio_error(given, number),
    )


def _ratio_error(given: ComparedMeans, number: int) -> float:
    """Return the error of the ratio at which it lies as many errors off as its logarithm does."""
    away = float(given.values[number]) - given.target
    error = expected_error(given, number)
    stretch = (exp(away) - 1) / away if abs(away) > 1e-9 else 1.0
    return exp(given.target) * stretch * error


def cohort_change(given: ComparedMeans, part: Part) -> Result:
    """Return a cohort's change in points beside its programme's."""
    if _is_missing(given, part):
        return undefined(NOT_PUBLISHED)
    number = part[0]
    value, error = float(given.values[number]), float(given.errors[number])
    people = int(given.people[number])
    return Result(
        estimate=value,
        low=value - Z95 * error,
        high=value + Z95 * error,
        people=people,
        spread=error * sqrt(people),
        scale=given.scale,
        expected=given.target,
        expected_error=expected_error(given, number),
    )


def _is_missing(given: ComparedMeans, part: Part) -> bool:
    return not given.values.size or isnan(given.values[part[0]])


def cohort_rate_shrunk(given: DrawnIn, part: Part) -> Result:
    """Return the rate of a cohort drawn in; its interval is that of 1 / (4 error^2) trials."""
    if not given.values.size:
        return undefined(NOT_PUBLISHED)
    number = part[0]
    rate, error = from_arcsine(float(given.values[number])), float(given.errors[number])
    size = 1 / (4 * error**2)
    low, high = wilson(rate, size)
    return Result(
        estimate=rate,
        low=float(low),
        high=float(high),
        people=int(given.people[number]),
        effective_size=size,
    )


def cohort_ratio_shrunk(given: DrawnIn, part: Part) -> Result:
    """Return the ratio of a cohort drawn in; values are logarithms."""
    if not given.values.size:
        return undefined(NOT_PUBLISHED)
    number = part[0]
    ratio, error = exp(given.values[number]), float(given.errors[number])
    return Result(
        estimate=ratio,
        low=ratio * exp(-Z95 * error),
        high=ratio * exp(Z95 * error),
        people=int(given.people[number]),
        log_error=error,
    )


def cohort_change_shrunk(given: DrawnIn, part: Part) -> Result:
    """Return the change of a cohort drawn in, in points."""
    if not given.values.size:
        return undefined(NOT_PUBLISHED)
    number = part[0]
    value, error = float(given.values[number]), float(given.errors[number])
    people = int(given.people[number])
    return Result(
        estimate=value,
        low=value - Z95 * error,
        high=value + Z95 * error,
        people=people,
        spread=error * sqrt(people),
        scale=given.scale,
    )


@dataclass(frozen=True, kw_only=True)
class FunnelPoint:
    """One point of a funnel: the target and both limits at one size; NaN where there is none."""

    target: float
    low: float
    high: float
    people: int


def cohort_limits(given: FunnelPoint, part: Part = ()) -> Result:
    """Return the target with its limits in the place of an interval."""
    if not np.isfinite([given.target, given.low, given.high]).all():
        return undefined("no cohort has a value here", people=given.people)
    return Result(estimate=given.target, low=given.low, high=given.high, people=given.people)


_SPIEGELHALTER = "Spiegelhalter 2005"
_DRAWN_FURTHEST = (
    "Small cohorts are drawn furthest, so a small one that truly differs looks ordinary."
)
_SHRINKAGE = "Efron & Morris 1975; Paule & Mandel 1982"
_SIZE = (
    "It is held against what cohorts of its size stray by chance. Where all cohorts stray more "
    "than that, the limits are widened for all of them alike."
)
_NO_RANK = "It is no ranking: the order of cohorts that lie within the limits means nothing."

MEASURES = (
    Measure(
        key="cohort_rate",
        title="Cohorts: participation, completion, feedback",
        question="Which cohort differs beyond what its size explains?",
        reads="compared rates",
        compute=cohort_rate,
        unit=Unit.SHARE,
        sensitivity=Sensitivity.OPERATIONAL,
        better="higher",
        definition=(
            "The rate of a cohort beside that of its programme, or of a programme beside that of "
            f"all. {_SIZE} Trials of the same people count as fewer, by one number for all cohorts "
            "of a programme."
        ),
        caveat=(
            f"{_NO_RANK} Cohorts that began later had less time, and other people: a difference "
            "does not say whose doing it is."
        ),
        source=f"{_SPIEGELHALTER}: exact binomial limits, interpolated; design effect: Kish 1965.",
    ),
    Measure(
        key="cohort_rate_shrunk",
        title="Cohorts: rates, as far as size lets one tell",
        question="How far does each cohort differ, once its size is allowed for?",
        reads="cohorts drawn in",
        compute=cohort_rate_shrunk,
        unit=Unit.SHARE_DERIVED,
        sensitivity=Sensitivity.OPERATIONAL,
        better="higher",
        definition=(
            "The rate of a cohort, drawn towards that of its programme by as much as its size "
            "leaves open. From published rates alone."
        ),
        caveat=_DRAWN_FURTHEST,
        source=f"{_SHRINKAGE}; on the arcsine scale: Freeman & Tukey 1950.",
    ),
    Measure(
        key="cohort_ratio",
        title="Cohorts: meeting across groups",
        question="In which cohort do people meet across groups more than its size explains?",
        reads="compared ratios",
        compute=cohort_ratio,
        unit=Unit.RATIO_COMPARED,
        sensitivity=Sensitivity.ATTITUDE,
        better="higher",
        definition=(
            "Meeting across groups against a lottery, in a cohort beside its programme, from "
            "published ratios alone. Of a location, and of an intake, it counts the contacts that "
            f"its people had with whomever. {_SIZE}"
        ),
        caveat=(
            f"{_NO_RANK} Rules of matching may have changed between cohorts; then the rule "
            "differs, not the people."
        ),
        source=f"{_SPIEGELHALTER}, on the logarithm of the ratio.",
    ),
    Measure(
        key="cohort_ratio_shrunk",
        title="Cohorts: meeting across groups, as far as size lets one tell",
        question="How far does meeting across groups differ, once size is allowed for?",
        reads="cohorts drawn in",
        compute=cohort_ratio_shrunk,
        unit=Unit.RATIO_DERIVED,
        sensitivity=Sensitivity.ATTITUDE,
        better="higher",
        definition=(
            "The ratio of a cohort, drawn towards that of its programme by as much as its size "
            "leaves open. From published ratios alone."
        ),
        caveat=_DRAWN_FURTHEST,
        source=f"{_SHRINKAGE}, on the logarithm of the ratio.",
    ),
    Measure(
        key="cohort_change",
        title="Cohorts: growth and safety",
        question="In which cohort do people change more than its size explains?",
        reads="compared changes",
        compute=cohort_change,
        unit=Unit.POINTS_COMPARED,
        sensitivity=Sensitivity.ATTITUDE,
        better="higher",
        definition=(
            "The change of a skill or a scale, first to last of the same people, in a cohort "
            f"beside its programme, from published changes alone. {_SIZE}"
        ),
        caveat=f"{_NO_RANK} People who were rated or answered twice are only part of a cohort.",
        source=f"{_SPIEGELHALTER}, with normal limits.",
    ),
    Measure(
        key="cohort_change_shrunk",
        title="Cohorts: growth and safety, as far as size lets one tell",
        question="How far does change differ between cohorts, once size is allowed for?",
        reads="cohorts drawn in",
        compute=cohort_change_shrunk,
        unit=Unit.POINTS_DERIVED,
        sensitivity=Sensitivity.ATTITUDE,
        better="higher",
        definition=(
            "The change of a cohort, drawn towards that of its programme by as much as its size "
            "leaves open. From published changes alone."
        ),
        caveat=_DRAWN_FURTHEST,
        source=f"{_SHRINKAGE}.",
    ),
    Measure(
        key="cohort_limits",
        title="Funnel limits",
        question="How far does a cohort of this size stray by chance?",
        reads="funnel points",
        compute=cohort_limits,
        unit=Unit.LIMITS,
        sensitivity=Sensitivity.OPERATIONAL,
        better="neither",
        definition=(
            "The programme's value, and the limits within which 95 % or 99.8 % of cohorts of one "
            "size would lie if they differed by chance alone. They follow from published values."
        ),
        caveat="Of a hundred ordinary cohorts, about five lie beyond the inner limits by chance.",
        source=f"{_SPIEGELHALTER}.",
    ),
)
"""The measures that compare cohorts, in the order on screen."""
