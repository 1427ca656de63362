"""The gap in growth of a group to everybody else: as it is, and between people alike."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from metrics.definition import Part, Result, undefined
from metrics.division import divide
from metrics.growth.gain import LEAST_STARTED, MANY_LEFT, Scale, student_t

Array = NDArray[np.float64]
REST, GROUP = 0, 1
"""Positions on the axis of sides."""
FEWEST_IN_STRATUM = 2
"""People on each side from which a stratum counts: fewer have no spread."""
ONE_SIDE = "on one side fewer than two people were rated first and last"
NOBODY_ALIKE = "no people of both sides are alike"


@dataclass(frozen=True, kw_only=True)
class GainSums:
    """Sums of gains (last less first rating) by stratum (people alike) and by side.

    Attributes
    ----------
    people : array of shape (S, 2)
        People rated first and last; column 0 everybody else, column 1 the group.
    gain, squares : array of shape (S, 2)
        Sums of their gains and of the squares, in points and points squared.
    started : array of shape (2,)
        People of each side with a first rating.
    scale : tuple of two floats
        Lowest and highest rating possible.
    """

    people: Array
    gain: Array
    squares: Array
    started: Array
    scale: Scale

    @property
    def means(self) -> Array:
        """Return mean gains by stratum and side; NaN of nobody."""
        return divide(self.gain, self.people)

    @property
    def variances(self) -> Array:
        """Return the variances of gains by stratum and side; 0 of fewer than two people."""
        centred = self.squares - divide(self.gain**2, self.people, otherwise=0.0)
        return divide(np.maximum(centred, 0.0), np.maximum(self.people - 1, 0.0), otherwise=0.0)

    @property
    def whole(self) -> GainSums:
        """Return the same with everybody in one stratum."""
        people, gain, squares = (
            each.sum(axis=0, keepdims=True) for each in (self.people, self.gain, self.squares)
        )
        return GainSums(
            people=people, gain=gain, squares=squares, started=self.started, scale=self.scale
        )


def growth_gap(sums: GainSums, part: Part = ()) -> Result:
    """Return the mean gain of a group less that of everybody else, with Welch's interval.

    ``D = m1 - m0``, variance ``s1^2 / n1 + s0^2 / n0``, t with Welch and Satterthwaite's degrees of
    freedom. In points of the scale; ``expected`` is 0. ``people`` are those of the smaller side,
    on which the number hangs, and ``spread`` is the error times the root of them. Undefined where
    a side has fewer than two people, or a last rating of fewer than 60 % of those rated first.

    References
    ----------
    Welch 1947, Biometrika 34:28-35.
    """
    whole = sums.whole
    people = whole.people[0]
    empty = _not_told(sums, people)
    if empty is not None:
        return empty
    parts = whole.variances[0] / people
    variance = float(parts.sum())
    freedom = variance**2 / float((parts**2 / (people - 1)).sum()) if variance else people.min() - 1
    gap = float(whole.means[0, GROUP] - whole.means[0, REST])
    return _result(gap, sqrt(variance), float(freedom), people.min(), sums.scale)


def growth_gap_adjusted(sums: GainSums, part: Part = ()) -> Result:
    """Return the gap between people of the same stratum, averaged over strata.

    ``D = sum w (m1 - m0) / sum w`` with ``w = n1 n0 / (n1 + n0)``: the inverse of the variance of a
    stratum's gap where gains are spread alike everywhere, so that ``D`` is the coefficient of the
    group in a regression on it and on the strata. Its variance does not rest on that:
    ``sum w^2 (s1^2 / n1 + s0^2 / n0) / (sum w)^2``. Strata of at least `FEWEST_IN_STRATUM` people
    on both sides count. Same unit, null and undefined as of `growth_gap`, over the people of these
    strata; the interval is t with two fewer degrees of freedom per stratum. Where somebody weighs
    more than one of the smaller side would in a plain mean, ``people`` are as many as that weight
    is one part of.

    References
    ----------
    Cochran 1954, Biometrics 10:417-451; as a regression: Angrist 1998, Econometrica 66:249-288.
    """
    kept = (sums.people >= FEWEST_IN_STRATUM).all(axis=1)
    people = sums.people[kept]
    sizes = people.sum(axis=0)
    if not kept.any():
        return undefined(NOBODY_ALIKE, people=int(sums.people.sum(axis=0).min(initial=0)))
    empty = _not_told(sums, sizes)
    if empty is not None:
        return empty
    weights = people.prod(axis=1) / people.sum(axis=1)
    weights = weights / weights.sum()
    heaviest = float((weights[:, None] / people).max())
    means, variances = sums.means[kept], sums.variances[kept]
    gap = float(weights @ (means[:, GROUP] - means[:, REST]))
    variance = float(weights**2 @ (variances / people).sum(axis=1))
    freedom = float(people.sum() - 2 * len(people))
    return _result(gap, sqrt(variance), freedom, min(sizes.min(), 1 / heaviest), sums.scale)


def _not_told(sums: GainSums, people: Array) -> Result | None:
    smaller = int(people.min())
    if smaller < 2:
        return undefined(ONE_SIDE, people=int(sums.started.min()))
    if (sums.people.sum(axis=0) < LEAST_STARTED * sums.started).any():
        return undefined(MANY_LEFT, people=smaller)
    return None


def _result(gap: float, error: float, freedom: float, people: float, scale: Scale) -> Result:
    # a hair more, since 1 / (1 / n) may fall short of n
    smaller, reach = int(people + 1e-9), student_t(freedom) * error
    return Result(
        estimate=gap,
        low=gap - reach,
        high=gap + reach,
        people=smaller,
        expected=0.0,
        expected_error=error,
        spread=error * sqrt(smaller),
        scale=scale,
    )
