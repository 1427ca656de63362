"""Crossed groups steadied: each pulled towards what its two groups suggest, if small the more."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from metrics.connection.counts import Array
from metrics.definition import Measure, Part, Result, Sensitivity, Unit, undefined
from metrics.intervals import Z95

FEWEST_GROUPS = 5
"""With fewer, how much groups really differ cannot be told from chance."""
NOT_STEADIED = "too few crossed groups are shown to steady them, so they stand as counted"
NO_NUMBER = "this crossed group has no value of its own that can be judged"
RANK = 1e-9


@dataclass(frozen=True, kw_only=True, eq=False)
class CrossedRatios:
    """Ratios of n crossed groups as counted, and how they vary.

    Attributes
    ----------
    ratios : array of shape (n,)
        Contacts outside the own group over those of a lottery, more than 0; NaN without a number,
        which then takes no part in anything.
    errors : array of shape (n,)
        Standard error of the logarithm of each ratio.
    lottery_errors : array of shape (n,)
        Standard deviation of that logarithm if partners were drawn by lottery.
    correlation : array of shape (n, n)
        How the crossed groups vary together: a meeting between two of them counts for both.
    own, beside : int arrays of shape (n,)
        Group of each by the first attribute and by the second.
    people : int array of shape (n,)
        People of each.

    Raises
    ------
    ValueError
        If a ratio is not positive, or an error is missing where there is a ratio.
    """

    ratios: Array
    errors: Array
    lottery_errors: Array
    correlation: Array
    own: NDArray[np.int_]
    beside: NDArray[np.int_]
    people: NDArray[np.int_]

    def __post_init__(self) -> None:
        ratios, known = np.asarray(self.ratios), self.known
        if (ratios[known] <= 0).any():
            raise ValueError("ratios: a logarithm needs more than 0")
        if not (np.asarray(self.errors)[known] > 0).all():
            raise ValueError("errors: missing where there is a ratio")

    @property
    def known(self) -> NDArray[np.bool_]:
        """Return which crossed groups have a number."""
        return ~np.isnan(self.ratios)

    @cached_property
    def pooled(self) -> Pooled:
        """Return the steadied ratios of those that have a number, in their order."""
        known = self.known
        errors = self.errors[known]
        correlation = self.correlation[np.ix_(known, known)]
        return pool(
            np.log(self.ratios[known]),
            np.outer(errors, errors) * correlation,
            np.outer(self.lottery_errors[known], self.lottery_errors[known]) * correlation,
            main_effects(self.own[known], self.beside[known]),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Pooled:
    """Estimates pulled towards a linear expectation.

    Attributes
    ----------
    estimates, errors : arrays of shape (n,)
        Steadied values and their posterior standard errors.
    null_errors : array of shape (n,)
        Standard deviation of the steadied values if nothing but the lottery were at work.
    spread : float
        tau, by how much true values differ from the expectation; NaN where it cannot be told.
    """

    estimates: Array
    errors: Array
    null_errors: Array
    spread: float


def main_effects(own: NDArray[np.int_], beside: NDArray[np.int_]) -> Array:
    """Return the design of an additive expectation: a constant, and one column per group.

    Shape (n, 1 + groups by the first attribute + groups by the second); not of full rank.
    """
    columns = [np.ones(len(own))]
    columns += [own == group for group in np.unique(own)]
    columns += [beside == group for group in np.unique(beside)]
    return np.column_stack(columns).astype(float)


def pool(values: Array, covariance: Array, null_covariance: Array, design: Array) -> Pooled:
    """Return values shrunk towards their least-squares expectation under a design.

    Parameters
    ----------
    values : array of shape (n,)
        y, as counted.
    covariance, null_covariance : arrays of shape (n, n)
        Of y around the true values, and of y if all true values were 0.
    design : array of shape (n, p)
        X; may be rank deficient.

    Returns
    -------
    Pooled
        With s^2 the diagonal of the covariance V, H the weighted least-squares projection on X and
        M = (I - H)' W (I - H) for W = 1 / s^2: ``tau^2 = max(0, (y'My - tr(MV)) / tr(M))``. Then,
        with weights 1 / (s^2 + tau^2) and B = s^2 / (s^2 + tau^2), the estimate is
        ``(1 - B) y + B H y`` and its variance ``(1 - B) s^2 + B^2 diag(H (V + tau^2 I) H')``.
        Below `FEWEST_GROUPS`, and where nothing is left over from the design, y as it stands.

    References
    ----------
    Normal-normal model: Efron & Morris 1975; moment estimator of tau: DerSimonian & Laird 1986,
    with any covariance and design as in DerSimonian & Kacker 2007.
    """
    variance, size = np.diagonal(covariance), len(values)
    projection = _projection(design, 1 / variance) if size else np.zeros((0, 0))
    if size < FEWEST_GROUPS or size - np.trace(projection) < RANK**0.5:
        return Pooled(
            estimates=values,
            errors=np.sqrt(variance),
            null_errors=np.sqrt(np.diagonal(null_covariance)),
            spread=float("nan"),
        )
    rest = np.eye(size) - projection
    moment = rest.T @ np.diag(1 / variance) @ rest
    surplus = values @ moment @ values - np.trace(moment @ covariance)
    between = max(float(surplus / np.trace(moment)), 0.0)
    pull = variance / (variance + between)
    projection = _projection(design, 1 / (variance + between))
    weights = np.diag(1 - pull) + pull[:, None] * projection
    spread = projection @ (covariance + between * np.eye(size)) @ projection.T
    return Pooled(
        estimates=weights @ values,
        errors=np.sqrt((1 - pull) * variance + pull**2 * np.diagonal(spread)),
        null_errors=np.sqrt(np.diagonal(weights @ null_covariance @ weights.T)),
        spread=between**0.5,
    )


def _projection(design: Array, weights: Array) -> Array:
    """Return the matrix that maps values to their weighted least-squares fit."""
    root = np.sqrt(weights)
    return design @ np.linalg.pinv(root[:, None] * design, rcond=RANK) * root


def crossed_group_ratio(ratios: CrossedRatios, part: Part) -> Result:
    """Return the steadied ratio of one crossed group.

    Parameters
    ----------
    ratios : CrossedRatios
        All crossed groups of two attributes, as published.
    part : Part
        (c,), the crossed group.

    Returns
    -------
    Result
        1 = as a lottery. The logarithm is pulled towards what the two groups add up to, see `pool`;
        ``log_error`` is its posterior standard error, ``expected_error`` its standard deviation
        under the lottery. Undefined where the crossed group has no number of its own.
    """
    (number,) = part
    people = int(ratios.people[number])
    if not ratios.known[number]:
        return undefined(NO_NUMBER, people=people)
    place = int(ratios.known[:number].sum())
    pooled = ratios.pooled
    value, error = pooled.estimates[place], pooled.errors[place]
    return Result(
        estimate=float(np.exp(value)),
        low=float(np.exp(value - Z95 * error)),
        high=float(np.exp(value + Z95 * error)),
        people=people,
        expected=1.0,
        expected_error=float(pooled.null_errors[place]),
        log_error=float(error),
        reason=NOT_STEADIED if np.isnan(pooled.spread) else "",
    )


CROSSED_GROUP_RATIO = Measure(
    key="crossed_group_ratio",
    title="Crossing by two attributes",
    question="Are people of two groups at once left out, such as women who are directors?",
    reads="crossed ratios",
    compute=crossed_group_ratio,
    unit=Unit.RATIO_DERIVED,
    sensitivity=Sensitivity.ATTITUDE,
    better="higher",
    definition=(
        "For people who share a group by two attributes: how often they meet outside their own "
        "group by the first attribute, against a lottery among the people available. 1 means as a "
        "lottery. The value as counted is pulled towards what the two groups suggest together, "
        "the more so the fewer contacts there are and the less such groups differ beyond that: a "
        "small group is not made a finding by chance. It is worked out from published values "
        "alone. Where fewer than five crossed groups can be shown it stands as counted."
    ),
    caveat=(
        "A truly unusual small group looks more usual than it is; the value as counted stands "
        "beside it. It describes who met, not why. Small crossed groups are merged, and those too "
        "small even then stay hidden."
    ),
    source=(
        "Partial pooling with normal errors on the logarithm of the ratio (Efron & Morris 1975) "
        "towards additive effects of the two attributes; spread by moments (DerSimonian & Kacker "
        "2007), never below 0."
    ),
)
