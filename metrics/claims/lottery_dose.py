"""Did it matter whom the lottery gave: assigned cross-group share against growth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Lotteries:
    """What was drawn in L lotteries, as far as it decides how chance spreads partners.

    Attributes
    ----------
    group_people : array of shape (L, K)
        People of each known group among those drawn.
    people : array of shape (L,)
        Everybody drawn, people of unknown group too.
    weight, weight_squared : array of shape (L,)
        Sums over pairs of people who were put together of ``w`` and ``w**2``, where ``w`` is one
        over the number of partners that each of them was given at once.
    """

    group_people: Array
    people: Array
    weight: Array
    weight_squared: Array

    @cached_property
    def known(self) -> Array:
        """Return the people of known group in each lottery."""
        return self.group_people.sum(axis=1)

    @cached_property
    def together(self) -> Array:
        """Return the expected weight of any two people of a lottery."""
        return 2 * self.weight / _falling(self.people, 2)

    @cached_property
    def joint(self) -> tuple[Array, Array, Array]:
        """Return the expected product of the weights of two pairs of people.

        For a pair with itself, for two pairs that share one person, and for two that share nobody.
        """
        squared = 2 * self.weight_squared
        # a table of s people has weight 1 / (s - 1): w**2 (s - 2) is w - w**2
        threes = 2 * (self.weight - self.weight_squared)
        apart = (2 * self.weight) ** 2 - 2 * squared - 4 * threes
        return (
            squared / _falling(self.people, 2),
            threes / _falling(self.people, 3),
            apart / _falling(self.people, 4),
        )


@dataclass(frozen=True, kw_only=True)
class Draws:
    """Who was drawn in which lottery with which partners; one row per person and lottery.

    Attributes
    ----------
    person, lottery, group : array of int, shape (R,)
        Positions of the person, the lottery, and the group that the person belonged to.
    crossed : array of shape (R,)
        Share of the partners given who belong to another known group, between 0 and 1.
    lotteries : Lotteries
        What was drawn.
    """

    person: NDArray[np.intp]
    lottery: NDArray[np.intp]
    group: NDArray[np.intp]
    crossed: Array
    lotteries: Lotteries

    @cached_property
    def expected(self) -> Array:
        """Return the share that the lottery gives on average to somebody of that group."""
        drawn = self.lotteries
        others = drawn.known[self.lottery] - drawn.group_people[self.lottery, self.group]
        return drawn.together[self.lottery] * others

    def matches(self, people: int) -> Array:
        """Return in how many lotteries each of so many people was drawn."""
        return np.bincount(self.person, minlength=people).astype(float)

    def mean_by_person(self, values: Array, people: int) -> Array:
        """Return the mean of a value over each person's lotteries; 0 for people in none."""
        total = np.bincount(self.person, weights=values, minlength=people)
        return total / np.maximum(self.matches(people), 1)


@dataclass(frozen=True, kw_only=True)
class DoseEffect:
    """What one more unit of assigned cross-group share goes with.

    Attributes
    ----------
    estimate : float
        Difference between all partners from other groups and none, in units of the score.
    error : float
        Standard error over lotteries at that estimate.
    null_error : float
        The same if the share made no difference.
    influence : float
        Largest change of the estimate if one person's score changed by 1.
    typical : float
        Root mean square of those changes over people.
    people : int
        People behind it.
    """

    estimate: float
    error: float
    null_error: float
    influence: float
    typical: float
    people: int

    @property
    def largest_part(self) -> float:
        """Return the largest part that one person has in the squared weights of all."""
        return self.influence**2 / (self.people * self.typical**2)

    @property
    def z(self) -> float:
        """Return the distance from no difference in standard errors of the lottery."""
        return self.estimate / self.null_error


def dose_effect(draws: Draws, score: ArrayLike, covariates: ArrayLike) -> DoseEffect:
    """Return the effect of the assigned cross-group share on a score.

    The share that somebody is given depends on the own group and the pool, which may matter for
    growth by themselves. So what the lottery gives on average to that person is taken off first;
    the rest is chance alone and is compared with the score. Nothing is assumed about the scores:
    the error is the exact standard deviation over all ways of seating the same people.

    Parameters
    ----------
    draws : Draws
        Who was drawn with whom.
    score : array_like of shape (P,)
        Growth; NaN for people who were not rated, who stay part of their lotteries.
    covariates : array_like of shape (P, C)
        What was known before the lottery; makes the estimate more precise, not less biased.

    Returns
    -------
    DoseEffect
        NaN throughout where chance left no differences.

    References
    ----------
    Borusyak & Hull 2023 (recentring); Rosenbaum 2002 and Imbens & Rubin 2015 (inference by
    re-randomisation).
    """
    score = np.asarray(score, dtype=float)
    matches = draws.matches(score.size)
    rated = np.flatnonzero(~np.isnan(score) & (matches > 0))
    if rated.size < 2:
        return _nothing(rated.size)
    share = draws.mean_by_person(draws.crossed, score.size)
    usual = draws.mean_by_person(draws.expected, score.size)
    by_chance = (share - usual)[rated]
    known = np.column_stack([np.asarray(covariates, dtype=float)[rated], usual[rated]])
    clean = _residuals(np.column_stack([score[rated], share[rated]]), known)
    moved = float(by_chance @ clean[:, 1])
    if moved <= 1e-9 * rated.size:
        return _nothing(rated.size)
    estimate = float(by_chance @ clean[:, 0]) / moved
    errors = []
    for left in (clean[:, 0] - estimate * clean[:, 1], clean[:, 0]):
        spread = np.zeros(score.size)
        spread[rated] = left / matches[rated]
        errors.append(float(np.sqrt(lottery_variance(draws, spread))) / moved)
    weights = _residuals(by_chance[:, None], known)[:, 0]
    return DoseEffect(
        estimate=estimate,
        error=errors[0],
        null_error=errors[1],
        influence=float(np.abs(weights).max()) / moved,
        typical=float(np.sqrt((weights**2).mean())) / moved,
        people=int(rated.size),
    )


def _nothing(people: int) -> DoseEffect:
    return DoseEffect(
        estimate=np.nan,
        error=np.nan,
        null_error=np.nan,
        influence=np.nan,
        typical=np.nan,
        people=people,
    )


def lottery_variance(draws: Draws, values: ArrayLike) -> float:
    """Return the variance of the sum of value times crossed partners over all re-seatings.

    Parameters
    ----------
    draws : Draws
        Who was drawn; the groups and the sizes of tables stay, people change seats at random.
    values : array_like of shape (P,)
        One fixed value per person.

    Returns
    -------
    float
        ``Var(sum_rows values[person] * crossed)``, exactly, lotteries being independent.

    Notes
    -----
    With ``a_ij = v_i + v_j`` for two people of different known groups and 0 otherwise, the sum is
    ``sum w a_ij`` over those put together. Its variance needs only sums over people: of ``a_ij**2``
    (`squares`), of the squared sums ``R_i`` of each row (`rows`), and of all (`total`).
    """
    value = np.asarray(values, dtype=float)[draws.person]
    drawn = draws.lotteries
    shape = drawn.group_people.shape
    place = draws.lottery * shape[1] + draws.group
    by_group = np.bincount(place, weights=value, minlength=shape[0] * shape[1]).reshape(shape)
    total_value = by_group.sum(axis=1)
    elsewhere = total_value[:, None] - by_group
    others = drawn.known[draws.lottery] - drawn.group_people[draws.lottery, draws.group]
    own = elsewhere[draws.lottery, draws.group]

    def summed(numbers: Array) -> Array:
        return np.bincount(draws.lottery, weights=numbers, minlength=drawn.people.size)

    total = drawn.known * total_value - (drawn.group_people * by_group).sum(axis=1)
    squares = summed(value**2 * others) + total_value**2 - (by_group**2).sum(axis=1)
    rows = summed((value * others) ** 2 + 2 * value * others * own) + (
        drawn.group_people * elsewhere**2
    ).sum(axis=1)
    both, one, none = drawn.joint
    second = both * squares + one * (rows - 2 * squares) + none * (total**2 - rows + squares)
    return float(np.maximum(second - (drawn.together * total) ** 2, 0).sum())


def _falling(people: Array, factors: int) -> Array:
    """Return n (n - 1) ... of so many factors; 1 where there are too few, since nothing is left."""
    product = np.prod([people - number for number in range(factors)], axis=0)
    return np.where(product > 0, product, 1.0)


def _residuals(values: Array, known: Array) -> Array:
    """Return what a constant and the columns known before do not explain."""
    values, known = values - values.mean(axis=0), known - known.mean(axis=0)
    # by way of the small matrix of products, since a library starts threads for the large one
    return values - known @ (np.linalg.pinv(known.T @ known, hermitian=True) @ (known.T @ values))
