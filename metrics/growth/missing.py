"""Who is missing at the end: coverage, weights for those like the missing ones, and worst cases."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from metrics.definition import Part, Result, undefined
from metrics.growth.gain import MANY_LEFT, NOBODY, PairedSums, student_t
from metrics.intervals import wilson

TRIMMED = (1.0, 99.0)
"""Percentiles at which weights are cut, so that no single person decides."""
RIDGE = 1.0
"""Penalty on standardised coefficients, as of one observation's worth; keeps rare groups finite."""
ROUNDS, CONVERGED, BLOCK = 25, 1e-8, 128
LEAST_PEOPLE = 50
Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Started:
    """People with a first rating, and what may tell who of them has a last one.

    Attributes
    ----------
    x, y : arrays of shape (N,)
        First and last value; y is NaN where it is missing.
    known : array of shape (N, F)
        What is known of everybody: the first value, activity, groups.
    inside : array of bool, shape (N,), optional
        The people of the place that is asked about; the chance of a last rating is learnt from all.
    scale : tuple of two floats

    Notes
    -----
    The weights are worked out once; `within` keeps them.
    """

    x: Array
    y: Array
    known: Array
    scale: tuple[float, float]
    inside: NDArray[np.bool_] | None = None

    @property
    def stayed(self) -> NDArray[np.bool_]:
        """Return who has a last value."""
        return ~np.isnan(self.y)

    @cached_property
    def weights(self) -> Array:
        """Return the weights of those who stayed, by what tells all of them from the missing."""
        return inverse_weights(chances_to_stay(self.known, self.stayed), self.stayed)

    def within(self, inside: NDArray[np.bool_]) -> Started:
        """Return the same people asked about one place, with the weights learnt from all."""
        place = replace(self, inside=inside)
        place.__dict__["weights"] = self.weights
        return place


def chances_to_stay(known: Array, stayed: NDArray[np.bool_]) -> Array:
    """Return each person's chance to have a last value, by logistic regression.

    Predictors are standardised; their coefficients carry a ridge penalty of `RIDGE` (Le Cessie &
    Van Houwelingen 1992), the intercept none. Newton's method.

    Parameters
    ----------
    known : array of shape (N, F)
    stayed : array of bool, shape (N,)

    Returns
    -------
    array of shape (N,)
        Between 0 and 1.
    """
    spread = known.std(axis=0)
    design = (known - known.mean(axis=0))[:, spread > 0] / spread[spread > 0]
    design = np.column_stack([np.ones(len(known)), design])
    penalty = np.diag([0.0] + [RIDGE] * (design.shape[1] - 1))
    weights = np.zeros(design.shape[1])
    blocks = np.array_split(design, max(1, len(design) // BLOCK))
    for _ in range(ROUNDS):
        chance = _logistic(design, weights)
        slope = np.einsum("ni,n->i", design, stayed - chance) - penalty @ weights
        parts = np.array_split(chance * (1 - chance), len(blocks))
        # by blocks: small products stay on one thread, which is far cheaper than to share them
        products = (
            block.T @ (block * part[:, None]) for block, part in zip(blocks, parts, strict=True)
        )
        curve = sum(products, start=penalty)
        step = np.linalg.solve(curve, slope)
        weights = weights + step
        if np.abs(step).max() < CONVERGED:
            break
    return _logistic(design, weights)


def _logistic(design: Array, weights: Array) -> Array:
    return 1 / (1 + np.exp(-np.einsum("ni,i->n", design, weights)))


def inverse_weights(chances: Array, stayed: NDArray[np.bool_]) -> Array:
    """Return stabilised weights of those who stayed, cut at the 1st and 99th percentile.

    ``P(stay) / p_i`` (Robins, Hernán & Brumback 2000; trimming: Cole & Hernán 2008).
    """
    weights = stayed.mean() / chances[stayed]
    return np.clip(weights, *np.percentile(weights, TRIMMED))


def weighted_mean(values: Array, weights: Array) -> tuple[float, float, float]:
    """Return the weighted mean (Hájek), its robust standard error, and the effective number.

    Error: ``sqrt(sum w^2 (v - m)^2) / sum w``; effective number ``(sum w)^2 / sum w^2``.
    """
    total = weights.sum()
    mean = float(weights @ values / total)
    error = sqrt(float(((weights * (values - mean)) ** 2).sum())) / total
    return mean, float(error), float(total**2 / (weights**2).sum())


def skill_gain_weighted(started: Started, part: Part = ()) -> Result:
    """Return the mean change where those like the missing ones count for them too.

    Inverse-probability weighting. Undefined where fewer than 50 people have both values or
    nobody is missing, since then there is nothing to weigh. The interval takes the chances as
    known, which makes it slightly too wide.

    References
    ----------
    Robins, Rotnitzky & Zhao 1995; Seaman & White 2013.
    """
    stayed = started.stayed
    if stayed.sum() < LEAST_PEOPLE:
        return undefined("too few people have a first and a last rating", people=int(stayed.sum()))
    if stayed.all():
        return undefined("nobody is missing at the end", people=int(stayed.sum()))
    weights = started.weights
    here = np.ones(stayed.sum(), bool) if started.inside is None else started.inside[stayed]
    people = int(here.sum())
    if started.inside is not None and people == started.inside.sum():
        return undefined("nobody is missing at the end", people=people)
    if people < LEAST_PEOPLE:
        return undefined("too few people have a first and a last rating", people=people)
    change = (started.y - started.x)[stayed][here]
    mean, error, effective = weighted_mean(change, weights[here])
    reach = student_t(effective - 1) * error
    return Result(
        estimate=mean,
        low=mean - reach,
        high=mean + reach,
        people=people,
        spread=error * sqrt(people),
        scale=started.scale,
    )


def skill_coverage(sums: PairedSums, part: Part = ()) -> Result:
    """Return the share of the people rated first who also have a last rating; Wilson interval."""
    if not sums.started:
        return undefined(NOBODY)
    share = sums.people / sums.started
    low, high = wilson(share, sums.started)
    return Result(
        estimate=share,
        low=float(low),
        high=float(high),
        people=sums.started,
        effective_size=float(sums.started),
    )


def skill_rise_bounds(sums: PairedSums, part: Part = ()) -> Result:
    """Return between what the share of people who rose lies, whoever the missing ones are.

    ``[rose / started, (rose + missing) / started]``, the worst case either way (Manski 1989). Only
    where more than 40 % are missing, since then the change itself is not told.
    """
    if not sums.started:
        return undefined(NOBODY)
    if not sums.people:
        return undefined("nobody has a last rating", people=sums.started)
    missing = sums.started - sums.people
    return Result(
        estimate=sums.rose / sums.people,
        low=sums.rose / sums.started,
        high=(sums.rose + missing) / sums.started,
        people=sums.people,
        effective_size=float(sums.people),
        reason=MANY_LEFT,
    )
