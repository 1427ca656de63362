"""The pairing counts: the one aggregate that every connection measure reads."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class PairingCounts:
    """Pairings of one slice and period, by stratum and by the groups of the two people.

    A pairing is two people together in one conversation. A stratum is a set of people among whom
    a partner could have been drawn: a matching pool in one cycle. S strata, K groups.

    Attributes
    ----------
    groups : tuple of K str
        Codes of the groups, in the order of every axis below.
    pairings : array of shape (S, K, K)
        Number of pairings between groups g <= h; zeros below the diagonal.
    weights, weights_squared : arrays of shape (S, K, K)
        Sums of w and of w^2 over the same pairings, where w = 1 / (n - 1) for a conversation of
        n people: whatever its size, each person in it brings one contact.
    stubs_squared : array of shape (S, K)
        Sum over the people of a group of the square of their number of pairings in the stratum.
    contact_moments : array of shape (K, K, K)
        ``[g, h, k]``: sum over the people of g of (weighted contacts with h) times (weighted
        contacts with k), over the whole slice and period.
    pair_squares : array of shape (K, K)
        Upper triangle: sum over distinct pairs of people of (their weighted pairings)^2, over the
        whole slice and period.
    people : array of shape (K,)
        Distinct people of each group with at least one pairing.

    Raises
    ------
    ValueError
        If a shape does not fit, a value is negative or missing, or a cell stands below a diagonal.
    """

    groups: tuple[str, ...]
    pairings: Array
    weights: Array
    weights_squared: Array
    stubs_squared: Array
    contact_moments: Array
    pair_squares: Array
    people: Array

    def __post_init__(self) -> None:
        k = len(self.groups)
        strata = len(self.pairings)
        shapes = {
            "pairings": (strata, k, k),
            "weights": (strata, k, k),
            "weights_squared": (strata, k, k),
            "stubs_squared": (strata, k),
            "contact_moments": (k, k, k),
            "pair_squares": (k, k),
            "people": (k,),
        }
        for name, shape in shapes.items():
            array = np.asarray(getattr(self, name), dtype=float)
            _check(name, array, shape)
            object.__setattr__(self, name, array)

    @cached_property
    def stubs(self) -> Array:
        """Return the number of seats in pairings by stratum and group, shape (S, K)."""
        return both_ways(self.pairings).sum(axis=-1)

    @cached_property
    def weighted_stubs(self) -> Array:
        """Return the weighted contacts of each group by stratum, shape (S, K)."""
        return both_ways(self.weights).sum(axis=-1)

    @cached_property
    def pairings_by_stratum(self) -> Array:
        """Return the number of pairings by stratum, shape (S,)."""
        return self.pairings.sum(axis=(1, 2))

    @cached_property
    def weight_by_stratum(self) -> Array:
        """Return the sum of weights by stratum, shape (S,)."""
        return self.weights.sum(axis=(1, 2))

    @cached_property
    def weight_squared_by_stratum(self) -> Array:
        """Return the sum of squared weights by stratum, shape (S,)."""
        return self.weights_squared.sum(axis=(1, 2))

    @cached_property
    def mixing(self) -> Array:
        """Return the weighted pairings over all strata, upper triangle, shape (K, K)."""
        return self.weights.sum(axis=0)

    @cached_property
    def total(self) -> int:
        """Return the number of pairings."""
        return round(self.pairings.sum())

    @cached_property
    def groups_present(self) -> int:
        """Return how many groups have anybody with a pairing."""
        return int(np.count_nonzero(self.people))


def both_ways(mixing: Array) -> Array:
    """Count every pairing from both ends; a row then sums to the contacts of its group.

    Examples
    --------
    >>> both_ways(np.array([[6.0, 9.0], [0.0, 7.0]])).tolist()
    [[12.0, 9.0], [9.0, 14.0]]
    """
    return mixing + np.swapaxes(mixing, -1, -2)


def _check(name: str, array: Array, shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        raise ValueError(f"{name}: expected shape {shape}, found {array.shape}")
    if not (array >= 0).all():
        raise ValueError(f"{name}: a count is negative or missing")
    triangular = name in {"pairings", "weights", "weights_squared", "pair_squares"}
    if triangular and np.tril(array, -1).any():
        raise ValueError(f"{name}: a cell below the diagonal is filled; use g <= h only")
