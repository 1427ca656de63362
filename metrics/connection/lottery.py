"""What a lottery would give: closed-form expectations and variances of counts of pairings.

Every function takes whole numbers as arrays whose last axis is the K groups; whatever stands before
(strata, as a rule) is kept, so that thousands of strata cost one call. Strata are independent: add
their means and variances. Nothing here simulates, and nothing warns on an empty stratum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from metrics.connection.counts import Array
from metrics.division import divide


@dataclass(frozen=True, eq=False)
class Moments:
    """The first two factorial moments of a count of pairings under a lottery.

    Attributes
    ----------
    mean : array
        E[W], in pairings.
    factorial : array
        E[W (W - 1)].
    """

    mean: Array
    factorial: Array

    @property
    def variance(self) -> Array:
        """Return V[W]; rounding below zero is cut off."""
        return np.maximum(self.factorial + self.mean - self.mean**2, 0)

    def weighted(
        self, pairings: Array, weight: Array, weight_squared: Array
    ) -> tuple[Array, Array]:
        """Return mean and variance of the summed weight, if the lottery ignores the weights.

        Parameters
        ----------
        pairings, weight, weight_squared : arrays
            Number, sum of weights and sum of squared weights of all pairings of the stratum.

        Returns
        -------
        mean, variance : arrays
            ``p w`` and ``w2 (p - q) + w^2 (q - p^2)`` with p = E[W] / m and
            q = E[W (W - 1)] / (m (m - 1)); equal to the unweighted moments when every weight is 1.
        """
        p = divide(self.mean, pairings, otherwise=0)
        q = divide(self.factorial, pairings * (pairings - 1), otherwise=0)
        # One pairing alone has no second one to vary with; q then cancels for any value.
        variance = weight_squared * (p - q) + weight**2 * (q - p**2)
        return p * weight, np.maximum(variance, 0)


def headcount_expected(pairings: Array, sizes: Array) -> Array:
    """Return the pairings expected if all people met at random, whoever is active (null N0).

    Parameters
    ----------
    pairings : float or array
        Number of pairings m.
    sizes : array of shape (..., K)
        People in each group.

    Returns
    -------
    array of shape (..., K, K)
        Upper triangle: ``m n_g (n_g - 1) / (N (N - 1))`` and ``2 m n_g n_h / (N (N - 1))``; NaN
        with fewer than two people.
    """
    sizes = np.asarray(sizes, dtype=float)
    people = sizes.sum(axis=-1)
    possible = _upper(sizes, sizes)
    scale = divide(pairings, people * (people - 1))
    return possible * np.asarray(scale)[..., None, None]


def activity_expected(stubs: Array) -> Array:
    """Return the pairings expected if everybody's seats were dealt anew (null N1).

    Parameters
    ----------
    stubs : array of shape (..., K)
        Seats D_g of each group; their total T is even.

    Returns
    -------
    array of shape (..., K, K)
        Upper triangle: ``D_g (D_g - 1) / (2 (T - 1))`` and ``D_g D_h / (T - 1)``; 0 without seats.
        A person with several seats may be dealt themself; `rematch_expected` rules that out.

    References
    ----------
    Configuration model: Newman 2003.
    """
    return cell_moments(stubs).mean


def rematch_shares(stubs: Array, stubs_squared: Array) -> Array:
    """Return how a lottery inside each stratum spreads its pairings over the cells (null N2).

    Parameters
    ----------
    stubs : array of shape (..., K)
        Seats D_g of each group in the stratum.
    stubs_squared : array of shape (..., K)
        Q_g, the sum over the people of g of (seats)^2.

    Returns
    -------
    array of shape (..., K, K)
        Upper triangle, summing to 1: ``(D_g^2 - Q_g) / (T^2 - Q)`` and
        ``2 D_g D_h / (T^2 - Q)``: two seats of two different people. All 0 where T^2 = Q, that is
        where the stratum is empty or holds one person alone, so that no pairing is possible.
        Exact when nobody holds two seats; a close approximation otherwise.
    """
    stubs, squared = np.asarray(stubs, dtype=float), np.asarray(stubs_squared, dtype=float)
    cells = _upper(stubs, squared)
    return divide(cells, cells.sum(axis=(-2, -1), keepdims=True), otherwise=0)


def rematch_expected(stubs: Array, stubs_squared: Array) -> Array:
    """Return the pairings expected by cell and stratum if nobody can meet themself (null N2).

    Parameters
    ----------
    stubs, stubs_squared : arrays of shape (..., K)
        As in `rematch_shares`.

    Returns
    -------
    array of shape (..., K, K)
        The shares of `rematch_shares` times the T / 2 pairings of the stratum.
    """
    pairings = np.asarray(stubs, dtype=float).sum(axis=-1) / 2
    return rematch_shares(stubs, stubs_squared) * pairings[..., None, None]


def outside_shares(stubs: Array, stubs_squared: Array) -> Array:
    """Return the share of each group's contacts that a lottery would place outside the group.

    Parameters
    ----------
    stubs, stubs_squared : arrays of shape (..., K)
        As in `rematch_shares`.

    Returns
    -------
    array of shape (..., K)
        ``(T - D_g) D_g / (T D_g - Q_g)``: where a seat of g goes if it may go to anybody else. 0
        where the group holds no seat.
    """
    stubs, squared = np.asarray(stubs, dtype=float), np.asarray(stubs_squared, dtype=float)
    total = stubs.sum(axis=-1, keepdims=True)
    return divide((total - stubs) * stubs, total * stubs - squared, otherwise=0)


def within_moments(stubs: Array) -> Moments:
    """Return the moments of the number of pairings inside any group, seats dealt anew (N1, N2).

    Parameters
    ----------
    stubs : array of shape (..., K)
        Seats D_g of each group; T = 2 m in total.

    Returns
    -------
    Moments of shape (...)
        0 where T < 2; no variance where T = 2. The number of crossings m - W has the same variance.

    References
    ----------
    Moments of a uniformly random perfect matching; 2 + 2 seats give mean 2/3, variance 8/9.
    """
    stubs = np.asarray(stubs, dtype=float)
    total = stubs.sum(axis=-1)
    inside = stubs * (stubs - 1) / 2
    all_inside = inside.sum(axis=-1)
    pairs_of_pairs = _falling(stubs, 4).sum(axis=-1) / 4 + all_inside**2 - (inside**2).sum(axis=-1)
    return _moments(all_inside, pairs_of_pairs, total)


def cell_moments(stubs: Array) -> Moments:
    """Return the moments of the number of pairings in each cell, seats dealt anew (N1, N2).

    Parameters
    ----------
    stubs : array of shape (..., K)
        Seats D_g of each group; T = 2 m in total.

    Returns
    -------
    Moments of shape (..., K, K)
        Upper triangle; 0 where T < 2.
    """
    stubs = np.asarray(stubs, dtype=float)
    total = stubs.sum(axis=-1)[..., None, None]
    single = np.triu(stubs[..., :, None] * stubs[..., None, :], 1)
    double = _falling(stubs, 2)
    twice = np.triu(double[..., :, None] * double[..., None, :], 1)
    single = single + _diagonal(double / 2)
    twice = twice + _diagonal(_falling(stubs, 4) / 4)
    return _moments(single, twice, total)


def permutation_moments(
    sizes: Array, weight: float, pair_squares: float, strength_squares: float, group: int | None
) -> tuple[float, float]:
    """Return mean and variance of the weight inside groups if labels were shuffled (null N3).

    Parameters
    ----------
    sizes : array of shape (K,)
        People in each group, those without any pairing included.
    weight, pair_squares : float
        Sum over distinct pairs of people of their weight, and of its square.
    strength_squares : float
        Sum over people of the square of their summed weight.
    group : int or None
        One group alone, or None for all groups together.

    Returns
    -------
    mean, variance : float
        NaN with fewer than two people. The weight across groups has the same variance.

    References
    ----------
    Join counts under non-free sampling: Cliff & Ord 1981.
    """
    sizes = np.asarray(sizes, dtype=float)
    people = sizes.sum()
    chosen = sizes if group is None else sizes[[group]]
    twos = _falling(chosen, 2)
    p2 = divide(twos.sum(), _falling(people, 2))
    p3 = divide(_falling(chosen, 3).sum(), _falling(people, 3), otherwise=0)
    four = _falling(chosen, 4).sum() + twos.sum() ** 2 - (twos**2).sum()
    p4 = divide(four, _falling(people, 4), otherwise=0)
    mean = weight * p2
    second = (
        pair_squares * p2
        + (strength_squares - 2 * pair_squares) * p3
        + (weight**2 - strength_squares + pair_squares) * p4
    )
    return float(mean), float(np.maximum(second - mean**2, 0))


def directed_moments(rows: Array, columns: Array) -> tuple[Array, Array]:
    """Return mean and variance of the diagonal total of a table with fixed margins.

    Parameters
    ----------
    rows, columns : arrays of shape (..., K)
        Row and column totals of tables of givers by receivers.

    Returns
    -------
    mean, variance : arrays of shape (...)
        0 for an empty table; variance 0 for a single entry.

    References
    ----------
    With two groups and strata: Mantel & Haenszel 1959.
    """
    rows, columns = np.asarray(rows, dtype=float), np.asarray(columns, dtype=float)
    total = rows.sum(axis=-1)
    products = (rows * columns).sum(axis=-1)
    mixed = (rows * columns * (rows + columns)).sum(axis=-1)
    variance = divide(
        total**2 * products - total * mixed + products**2, total**2 * (total - 1), otherwise=0
    )
    return divide(products, total, otherwise=0), np.maximum(variance, 0)


def _moments(single: Array, twice: Array, total: Array) -> Moments:
    # With two or three seats there is one pairing, hence no pair of pairings.
    second = divide(twice, np.where(total > 3, (total - 1) * (total - 3), 0), otherwise=0)
    return Moments(mean=divide(single, np.maximum(total - 1, 0), otherwise=0), factorial=second)


def _upper(counts: Array, squares: Array) -> Array:
    """Return twice the ways to seat two different people, upper triangle."""
    across = 2 * np.triu(counts[..., :, None] * counts[..., None, :], 1)
    return across + _diagonal(counts**2 - squares)


def _diagonal(values: Array) -> Array:
    return values[..., :, None] * np.eye(values.shape[-1])


def _falling(values: Array, steps: int) -> Array:
    return np.prod([values - step for step in range(steps)], axis=0)
