"""Stages of a pairing: counts, and the share that crosses groups at each, from pool to return."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from metrics.connection.counts import Array
from metrics.connection.lottery import within_moments
from metrics.division import divide

INSIDE, ACROSS = 0, 1
ARRANGED, COMPLETED, CONTINUED = 0, 1, 2
KINDS = 6
"""Kinds of pairings: 3 x (crosses groups) + how far it came."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Lotteries:
    """The lotteries behind the pairings of one slice: S strata, K groups.

    Attributes
    ----------
    heads : array of shape (S, K)
        People who could have been drawn; zeros where that was not recorded.
    seats, seats_squared : arrays of shape (S, K)
        Seats in pairings, and the sum over people of the square of their number.
    weight, weight_squared : arrays of shape (S,)
        Sums of w and w^2 over the pairings, w as in `PairingCounts`.
    strength_squared : array of shape (S,)
        Sum over people of the square of their summed weight.
    """

    heads: Array
    seats: Array
    seats_squared: Array
    weight: Array
    weight_squared: Array
    strength_squared: Array

    @cached_property
    def recorded(self) -> NDArray[np.bool_]:
        """Tell where the people who could have been drawn are known, shape (S,).

        A group with seats and nobody in the pool shows a pool that was recorded in part.
        """
        return (self.heads.sum(axis=1) >= 2) & ~((self.seats > 0) & (self.heads == 0)).any(axis=1)

    @cached_property
    def crossing_shares(self) -> Array:
        """Return the share of pairings that a lottery would have cross, shape (S,).

        ``1 - sum n_g (n_g - 1) / (N (N - 1))`` over the people available; where those are not
        known, the same seats dealt anew so that nobody meets themself.
        """
        people = self.heads.sum(axis=1)
        by_heads = divide(_falling(self.heads, 2).sum(axis=1), people * (people - 1), 0)
        total = self.seats.sum(axis=1)
        inside = (self.seats**2 - self.seats_squared).sum(axis=1)
        by_seats = divide(inside, total**2 - self.seats_squared.sum(axis=1), 0)
        return 1 - np.where(self.recorded, by_heads, by_seats)

    @cached_property
    def share(self) -> float:
        """Return the share expected over all lotteries, weighted by the pairings of each."""
        return float(divide((self.weight * self.crossing_shares).sum(), self.weight.sum()))

    @cached_property
    def variance(self) -> float:
        """Return the variance of the weight that crosses groups under the lotteries.

        Where the pool is known, the pairings stay and the people of the pool are dealt onto them
        (label permutation: Cliff & Ord 1981), which holds for circles too.
        """
        by_seats = within_moments(self.seats).weighted(
            self.seats.sum(axis=1) / 2, self.weight, self.weight_squared
        )[1]
        return float(np.where(self.recorded, self._permutation_variance(), by_seats).sum())

    def _permutation_variance(self) -> Array:
        people, twos = self.heads.sum(axis=1), _falling(self.heads, 2)
        both_inside = _falling(self.heads, 4).sum(axis=1) + twos.sum(axis=1) ** 2
        p2 = divide(twos.sum(axis=1), _falling(people, 2), 0)
        p3 = divide(_falling(self.heads, 3).sum(axis=1), _falling(people, 3), 0)
        p4 = divide(both_inside - (twos**2).sum(axis=1), _falling(people, 4), 0)
        alone, shared = self.weight_squared, self.strength_squared - 2 * self.weight_squared
        apart = self.weight**2 - alone - shared
        moment = alone * p2 + shared * p3 + apart * p4
        return np.maximum(moment - (self.weight * p2) ** 2, 0)


@dataclass(frozen=True, kw_only=True, eq=False)
class StageCounts:
    """Pairings of one slice by how far they came, and who could have come into them.

    Attributes
    ----------
    population : array of shape (K,)
        People who could have taken part, by group.
    lotteries : Lotteries
        Those of the first stage that is recorded: arranged pairings, else completed ones.
    pairings, weights : arrays of shape (2, 3)
        Number and summed weight of the pairings inside and across groups that came exactly as far
        as arranged, completed, continued. Only completed ones count where no offer was recorded.
    person_moments, pair_moments : arrays of shape (6, 6)
        Sums over people, and over distinct pairs of people, of the products of their weights in
        two kinds of pairings; kinds in the order of ``weights.ravel()``.
    people : tuple of three int
        Distinct people with a pairing arranged, completed, continued.
    people_inside, people_across : int
        Distinct people with an arranged pairing inside, and across groups.
    enrolment_recorded, offers_recorded, all_offered : bool
        Whether it is known who could have taken part, who was offered whom, and whether an offer
        stands behind every completed pairing.

    Raises
    ------
    ValueError
        If a shape does not fit, or a value is negative or missing.
    """

    population: Array
    lotteries: Lotteries
    pairings: Array
    weights: Array
    person_moments: Array
    pair_moments: Array
    people: tuple[int, int, int]
    people_inside: int
    people_across: int
    enrolment_recorded: bool = True
    offers_recorded: bool = True
    all_offered: bool = True

    def __post_init__(self) -> None:
        shapes = {"pairings": (2, 3), "weights": (2, 3)}
        shapes |= dict.fromkeys(("person_moments", "pair_moments"), (KINDS, KINDS))
        for name, shape in shapes.items():
            array = np.asarray(getattr(self, name), dtype=float)
            if array.shape != shape:
                raise ValueError(f"{name}: expected shape {shape}, found {array.shape}")
            if not (array >= 0).all():
                raise ValueError(f"{name}: a count is negative or missing")
            object.__setattr__(self, name, array)

    @property
    def first(self) -> int:
        """Return the first stage that is recorded."""
        return ARRANGED if self.offers_recorded else COMPLETED

    def pairs(self, stage: int) -> int:
        """Return the number of pairings that came at least as far."""
        return round(self.pairings[:, stage:].sum())

    def weight(self, stage: int) -> float:
        """Return the summed weight of the pairings that came at least as far."""
        return float(self.weights[:, stage:].sum())

    def crossing(self, stage: int) -> float:
        """Return the weight across groups of the pairings that came at least as far."""
        return float(self.weights[ACROSS, stage:].sum())

    def share(self, stage: int) -> float:
        """Return the share across groups of the pairings that came at least as far."""
        return self.crossing(stage) / self.weight(stage)

    def population_share(self) -> float:
        """Return the share that would cross if all who could take part met at random (N0)."""
        people = self.population.sum()
        inside = divide(_falling(self.population, 2).sum(), people * (people - 1))
        return float(1 - inside)

    def log_share_gradient(self, stage: int) -> Array:
        """Return the change of the logarithm of a stage's share per pairing more of each kind."""
        gradient = np.zeros((2, 3))
        gradient[:, stage:] = -1 / self.weight(stage)
        gradient[ACROSS, stage:] += 1 / self.crossing(stage)
        return gradient.ravel()

    def rate_gradient(self, crosses: int) -> Array:
        """Return the change of the completion rate inside or across groups, likewise."""
        own = self.weights[crosses]
        gradient = np.zeros((2, 3))
        gradient[crosses] = (np.arange(3) >= COMPLETED) - own[COMPLETED:].sum() / own.sum()
        return gradient.ravel() / own.sum()

    def variance(self, gradient: Array) -> float:
        """Return the dyad-robust variance of an index with this gradient; see `dyad_variance`.

        ``sum_i (sum over pairings of i)^2 - sum_pairs (...)^2``, never less than if distinct pairs
        of people were independent.
        """
        by_person = float(gradient @ self.person_moments @ gradient)
        independent = self.independent_variance(gradient)
        return max(by_person - independent, independent)

    def independent_variance(self, gradient: Array) -> float:
        """Return the variance if distinct pairs of people were independent."""
        return float(gradient @ self.pair_moments @ gradient)


def _falling(values: Array, steps: int) -> Array:
    return np.prod([values - step for step in range(steps)], axis=0)
