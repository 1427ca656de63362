"""Outcomes of people who take part beside others: as they are, and with people alike."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from metrics.definition import Part, Result, undefined

Array = NDArray[np.float64]
FEWEST_PEOPLE = 50
FEWEST_UNITS = 20
"""Cohorts or units from which a slope between them says anything."""
FEW = f"fewer than {FEWEST_PEOPLE} people on one of the two sides"
NOBODY_ALIKE = f"fewer than {FEWEST_PEOPLE} people have somebody alike on the other side"
FEW_UNITS = "only {units} cohorts have both; at least {least} are needed to say anything"
SAME_SHARE = "all cohorts meet across groups equally often"
SPREADS = 4
"""Standard deviations that a scale without declared ends is taken to be wide."""
TENTH = 0.1
"""How much more often a cohort meets outside its group in the slope: ten points."""


@dataclass(frozen=True, kw_only=True)
class GapSums:
    """Sums of an outcome by stratum (people alike in the case mix) and by taking part.

    Attributes
    ----------
    people, total, squares : array of shape (S, 2)
        By stratum, column 0 of others and column 1 of those who take part: number, sum, and sum
        of squares of the values.
    """

    people: Array
    total: Array
    squares: Array

    def whole(self) -> GapSums:
        """Return the same with everybody in one stratum."""
        return GapSums(
            people=self.people.sum(axis=0, keepdims=True),
            total=self.total.sum(axis=0, keepdims=True),
            squares=self.squares.sum(axis=0, keepdims=True),
        )


def outcome_gap(sums: GapSums, part: Part = ()) -> Result:
    """Return the mean of those who take part less that of others, as they are (Welch 1947)."""
    whole = sums.whole()
    if whole.people.min() < FEWEST_PEOPLE:
        return undefined(FEW, people=int(whole.people.sum()))
    return _gap(whole, _width(whole))


def outcome_gap_alike(sums: GapSums, part: Part = ()) -> Result:
    """Return the mean difference between people of the same stratum.

    Strata with two or more people on both sides count, each with the weight
    ``n1 n0 / (n1 + n0)``, the most precise where the difference is the same everywhere.
    """
    both = (sums.people >= 2).all(axis=1)
    kept = GapSums(people=sums.people[both], total=sums.total[both], squares=sums.squares[both])
    if not both.any() or kept.people.sum(axis=0).min() < FEWEST_PEOPLE:
        return undefined(NOBODY_ALIKE, people=int(kept.people.sum()))
    return _gap(kept, _width(sums.whole()))


def _gap(sums: GapSums, width: float) -> Result:
    means = sums.total / sums.people
    spread = np.maximum(sums.squares - sums.people * means**2, 0.0)
    # one variance a side over all strata: small strata have none of their own to speak of
    variance = spread.sum(axis=0) / np.maximum(sums.people.sum(axis=0) - len(sums.people), 1)
    weight = sums.people.prod(axis=1) / sums.people.sum(axis=1)
    weight = weight / weight.sum()
    estimate = float(weight @ (means[:, 1] - means[:, 0]))
    error = sqrt(float((weight[:, None] ** 2 * variance / sums.people).sum()))
    people = int(sums.people.sum())
    squared = (weight[:, None] ** 2 / sums.people).sum()
    typical = sqrt(float(squared) / people)
    largest = float((weight[:, None] / sums.people).max())
    return _result(estimate, error, people, width * people * max(typical, largest / 5))


def _width(whole: GapSums) -> float:
    """Return how wide the scale is taken to be, a short number that gives no value away."""
    mean = whole.total.sum() / whole.people.sum()
    variance = max(whole.squares.sum() / whole.people.sum() - mean**2, 0.0)
    wanted = max(SPREADS * sqrt(variance), 1e-6)
    power = 10.0 ** floor(log10(wanted))
    return next(number * power for number in (1, 2, 5, 10) if number * power >= wanted)


def _result(estimate: float, error: float, people: int, reach: float) -> Result:
    half = float(stdtrit(people - 2, 0.975)) * error
    return Result(
        estimate=estimate,
        low=estimate - half,
        high=estimate + half,
        people=people,
        expected=0.0,
        expected_error=error,
        scale=(0.0, reach),
        spread=error * sqrt(people),
    )


@dataclass(frozen=True, kw_only=True)
class CohortMeans:
    """An outcome and the cross-group share by cohort.

    Attributes
    ----------
    share : array of shape (C,)
        Share of pairings that cross groups; NaN where a cohort has none.
    people, total, squares : array of shape (C,)
        Number, sum and sum of squares of the outcome.
    """

    share: Array
    people: Array
    total: Array
    squares: Array


def outcome_between_cohorts(means: CohortMeans, part: Part = ()) -> Result:
    """Return how much higher an outcome is in cohorts that meet across groups 10 points more often.

    Weighted least squares over cohorts, with a t interval on cohorts less two; undefined with fewer
    than `FEWEST_UNITS`.
    """
    both = ~np.isnan(means.share) & (means.people > 0)
    units, people = int(both.sum()), int(means.people[both].sum())
    if units < FEWEST_UNITS:
        return undefined(FEW_UNITS.format(units=units, least=FEWEST_UNITS), people=people)
    weight, share = means.people[both], means.share[both]
    outcome = means.total[both] / weight
    apart = share - np.average(share, weights=weight)
    moved = float(weight @ apart**2)
    if moved < 1e-9 * people:
        return undefined(SAME_SHARE, people=people)
    slope = float(weight @ (apart * outcome)) / moved
    left = outcome - np.average(outcome, weights=weight) - slope * apart
    error = sqrt(float(weight @ left**2) / (units - 2) / moved)
    half = float(stdtrit(units - 2, 0.975)) * error
    whole = GapSums(
        people=weight[:, None], total=means.total[both][:, None],
        squares=means.squares[both][:, None],
    ).whole()  # fmt: skip
    # everybody of a cohort weighs alike: what one person's value adds is apart / moved
    typical = sqrt(float(weight @ (apart / moved) ** 2) / people)
    largest = float(np.abs(apart).max()) / moved
    reach = TENTH * _width(whole) * people * max(typical, largest / 5)
    return Result(
        estimate=TENTH * slope,
        low=TENTH * (slope - half),
        high=TENTH * (slope + half),
        people=people,
        expected=0.0,
        expected_error=TENTH * error,
        scale=(0.0, reach),
        spread=TENTH * error * sqrt(people),
    )
