"""Pairings by the attributes on which the two people differ, beside what a lottery would give."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from metrics.connection.counts import Array
from metrics.division import divide


@dataclass(frozen=True, kw_only=True, eq=False)
class DifferencePatterns:
    """Pairings in which every attribute of both people is known, by stratum and pattern.

    Bit a of a pattern (2^a) is set where the two people differ on attribute a. S strata,
    A attributes.

    Attributes
    ----------
    attributes : tuple of A str
        Codes of the attributes, in the order of every axis below.
    pairings, weights, weights_squared : arrays of shape (S, 2^A)
        Number of pairings, sums of w and of w^2, as in `PairingCounts`.
    seats_squared : array of shape (S, 2^A)
        By subset of the attributes (bit a set: a is in it): sum over the categories crossed from
        the subset of (seats in the category)^2; the empty subset, 0, has one category.
    stubs_squared : array of shape (S,)
        Sum over people, as what they were at the time, of (their seats)^2.
    alike : array of shape (S, A, A)
        Sum over seats of D_a D_b, where D_a is the number of seats of the own group of a.
    person_products, pair_products : arrays of shape (2 A, 2 A)
        Sums over people, and over distinct pairs of people, of the products of their summed
        (x_1 ... x_A, q_1 ... q_A): x_a the weight in which they differ on a, q_a the weight in
        which a lottery of the same stratum would.
    people : int
        Distinct people.

    Raises
    ------
    ValueError
        If a shape does not fit or a value is negative or missing.
    """

    attributes: tuple[str, ...]
    pairings: Array
    weights: Array
    weights_squared: Array
    seats_squared: Array
    stubs_squared: Array
    alike: Array
    person_products: Array
    pair_products: Array
    people: int

    def __post_init__(self) -> None:
        size, strata = len(self.attributes), len(self.pairings)
        by_pattern = (strata, 2**size)
        shapes = {
            "pairings": by_pattern,
            "weights": by_pattern,
            "weights_squared": by_pattern,
            "seats_squared": by_pattern,
            "stubs_squared": (strata,),
            "alike": (strata, size, size),
            "person_products": (2 * size, 2 * size),
            "pair_products": (2 * size, 2 * size),
        }
        for name, shape in shapes.items():
            array = np.asarray(getattr(self, name), dtype=float)
            if array.shape != shape:
                raise ValueError(f"{name}: expected shape {shape}, found {array.shape}")
            if not (array >= 0).all():
                raise ValueError(f"{name}: a count is negative or missing")
            object.__setattr__(self, name, array)

    @property
    def size(self) -> int:
        """Return the number of attributes A."""
        return len(self.attributes)

    @cached_property
    def bits(self) -> Array:
        """Return which attributes differ in each pattern, shape (2^A, A)."""
        numbers = np.arange(2**self.size)
        return (numbers[:, None] >> np.arange(self.size) & 1).astype(float)

    @cached_property
    def lottery(self) -> Array:
        """Return how a lottery inside each stratum spreads its pairings over the patterns.

        Shape (S, 2^A), rows summing to 1. Two seats of two different people agree on a subset in
        ``sum D_c^2 - Q`` ordered ways; inclusion and exclusion over the supersets leaves those
        that agree on nothing else. 0 where no two people could meet.
        """
        agreeing = self.seats_squared - self.stubs_squared[:, None]
        return divide(_only(agreeing)[:, ::-1], agreeing[:, :1], otherwise=0)

    @cached_property
    def stratum_weights(self) -> Array:
        """Return the weight of the pairings of each stratum, shape (S,)."""
        return self.weights.sum(axis=1)

    @cached_property
    def lottery_shares(self) -> Array:
        """Return the share of pairings that would differ on each attribute, shape (S, A)."""
        return self.lottery @ self.bits

    @cached_property
    def observed(self) -> Array:
        """Return the weight of the pairings that differ on each attribute, shape (A,)."""
        return self.weights.sum(axis=0) @ self.bits

    @cached_property
    def expected(self) -> Array:
        """Return the same if partners had been drawn again by lottery, shape (A,)."""
        return self.stratum_weights @ self.lottery_shares

    @cached_property
    def lottery_covariance(self) -> Array:
        """Return the covariance of the differing weights under the lottery, shape (A, A).

        Over strata of a random perfect matching of T seats: with F the pairs of seats that agree
        on a, G on b, H on both, and R the sum over seats of the others that agree with it on a
        times those on b, ``E[AB] = H / (T - 1) + (F G + H - R) / ((T - 1) (T - 3))``. Its diagonal
        is the variance of `within_moments`. As there, people with several seats in a stratum are
        dealt like different people, which errs on the safe side.
        """
        number = self.pairings.sum(axis=1)[:, None, None]
        seats = 2 * number
        one, other = self._agreeing[:, :, None], self._agreeing[:, None, :]
        both = self._agreeing_together
        reach = self.alike - 2 * one - 2 * other - seats
        single = divide(one, number * (seats - 1), otherwise=0)
        twice = divide(
            one * other + both - reach,
            (seats - 1) * np.where(seats > 3, seats - 3, 0) * number * (number - 1),
            otherwise=0,
        )
        same = self.weights_squared.sum(axis=1)[:, None, None]
        apart = self.stratum_weights[:, None, None] ** 2
        covariance = same * (divide(both, number * (seats - 1), otherwise=0) - twice)
        covariance += apart * (twice - single * np.swapaxes(single, 1, 2))
        choice = (self.lottery_shares > 0) & (self.lottery_shares < 1)
        return (covariance * choice[:, :, None] * choice[:, None, :]).sum(axis=0)

    @cached_property
    def _agreeing(self) -> Array:
        """Return the pairs of seats that agree on each attribute, shape (S, A)."""
        seats = 2 * self.pairings.sum(axis=1)[:, None]
        return (self.seats_squared[:, 2 ** np.arange(self.size)] - seats) / 2

    @cached_property
    def _agreeing_together(self) -> Array:
        """Return the pairs of seats that agree on both of two attributes, shape (S, A, A)."""
        seats = 2 * self.pairings.sum(axis=1)[:, None, None]
        bit = 2 ** np.arange(self.size)
        return (self.seats_squared[:, bit[:, None] | bit[None, :]] - seats) / 2


def _only(agreeing: Array) -> Array:
    """Turn "agree at least on this subset" into "agree on this subset and nothing else"."""
    found = agreeing.copy()
    subsets = np.arange(found.shape[1])
    bit = 1
    while bit < found.shape[1]:
        without = subsets[subsets & bit == 0]
        found[:, without] -= found[:, without | bit]
        bit *= 2
    return np.maximum(found, 0)
