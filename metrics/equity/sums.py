"""Sums of an outcome in one group and in everybody else, by people alike, and their variance."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from metrics.division import divide

Array = NDArray[np.float64]
REST, GROUP = 0, 1
"""Positions on the axis of sides."""
WITHIN_REST, BETWEEN, WITHIN_GROUP = 0, 1, 2
"""Positions on the axis of pairs of people."""
SUMMED = ("people", "trials", "successes", "moments", "pair_moments", "pairs")
"""What is summed over strata."""


@dataclass(frozen=True, kw_only=True)
class GroupSums:
    """Sums of trials d and successes x, by stratum (people alike) and by side.

    An offer of a conversation is a trial of both people in it, so that a person's result also
    depends on partners, who may be of the other side; a step that a person takes alone is not.

    Attributes
    ----------
    people : array of shape (S, 2)
        Distinct people by stratum; column 0 everybody else, column 1 the group.
    trials, successes : array of shape (S, 2)
        d and x of these people; 0 <= x <= d.
    moments : array of shape (S, 2, 4, 4)
        Over the people of each side, sums of the products of ``(x, d)`` with partners of the
        group and ``(x, d)`` with everybody. The first two are 0 where trials are not shared.
    pair_moments : array of shape (S, 3, 2, 2)
        Over distinct pairs of people within the rest, between the sides and within the group, sums
        of the products of ``(x, d)``; zeros where trials are not shared.
    pairs : array of shape (S, 3)
        Trials of these pairs; zeros where trials are not shared.
    distinct : array of shape (2,), optional
        Distinct people of each side over all strata, where one person may be in several.
    """

    people: Array
    trials: Array
    successes: Array
    moments: Array
    pair_moments: Array
    pairs: Array
    distinct: Array | None = None

    @cached_property
    def shared(self) -> bool:
        """Tell whether a trial belongs to two people."""
        return bool(self.pairs.any())

    @cached_property
    def shares(self) -> Array:
        """Return x / d by stratum and side; NaN without a trial."""
        return divide(self.successes, self.trials)

    @cached_property
    def whole(self) -> GroupSums:
        """Return the same with everybody in one stratum, and each person once."""
        together = {name: getattr(self, name).sum(axis=0, keepdims=True) for name in SUMMED}
        if self.distinct is not None:
            together["people"] = self.distinct[None, :]
        return GroupSums(**together, distinct=self.distinct)

    def people_within(self, strata: NDArray[np.bool_]) -> Array:
        """Return the people of each side in some strata: at most those that there are."""
        found = self.people[strata].sum(axis=0)
        return found if self.distinct is None else np.minimum(found, self.distinct)

    def variance(self, weights: Array, shares: Array) -> Array:
        """Return, by stratum, the variance of ``sum over sides of weight (x - share d)``.

        Parameters
        ----------
        weights : array of shape (S, 2)
            What a success of each side adds to the statistic.
        shares : array of shape (S, 2)
            The share of each side.

        Returns
        -------
        array of shape (S,)
            ``sum_i Z_i^2 - sum_ij Z_ij^2`` over people and, for shared trials, pairs of people;
            never below what independent trials of the common share would give.

        References
        ----------
        Liang & Zeger 1986; for shared trials Fafchamps & Gubert 2007.
        """
        if not self.shared:
            squares = (weights**2 * self._residual_squares(shares)).sum(axis=1)
            return np.maximum(squares, self._independent(weights))
        squares = sum(self._of_side(side, weights, shares) for side in (REST, GROUP))
        squares = squares - sum(
            self._of_pairs(kind, weights, shares) for kind in (WITHIN_REST, BETWEEN, WITHIN_GROUP)
        )
        return np.maximum(squares, self._independent(weights))

    def _residual_squares(self, shares: Array) -> Array:
        """Return ``sum_i (x_i - share d_i)^2`` by stratum and side."""
        own = self.moments[:, :, 2:, 2:]
        xx, xd, dd = own[..., 0, 0], own[..., 0, 1], own[..., 1, 1]
        return xx - 2 * shares * xd + shares**2 * dd

    def _of_side(self, side: int, weights: Array, shares: Array) -> Array:
        expected = weights * shares
        # what a person has with the group weighs differently from the rest of the same total
        terms = [
            weights[:, GROUP] - weights[:, REST],
            expected[:, REST] - expected[:, GROUP],
            weights[:, side] + weights[:, REST],
            -expected[:, side] - expected[:, REST],
        ]
        u = np.stack(terms, axis=1)
        return np.einsum("sa,sab,sb->s", u, self.moments[:, side], u)

    def _of_pairs(self, kind: int, weights: Array, shares: Array) -> Array:
        # kind counts the people of the group in a pair
        ends = np.array([2 - kind, kind])
        u = np.stack([weights @ ends, -(weights * shares) @ ends], axis=1)
        return np.einsum("sa,sab,sb->s", u, self.pair_moments[:, kind], u)

    def _independent(self, weights: Array) -> Array:
        common = divide(self.successes.sum(axis=1), self.trials.sum(axis=1), otherwise=0.0)
        if not self.shared:
            return common * (1 - common) * (weights**2 * self.trials).sum(axis=1)
        ends = np.array([[2, 1, 0], [0, 1, 2]])
        return common * (1 - common) * ((weights @ ends) ** 2 * self.pairs).sum(axis=1)
