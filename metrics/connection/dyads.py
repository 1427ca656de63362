"""Dyad-robust variance: how precisely any index of mixing is known when pairings share people."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from metrics.connection.counts import Array, both_ways
from metrics.intervals import clustered_variance


def dyad_variance(gradient: Array, contact_moments: Array, pair_squares: Array) -> float:
    """Return the variance of a smooth index of the mixing counts, summed over shared people.

    Parameters
    ----------
    gradient : array of shape (K, K)
        Symmetric; ``[g, h]`` is the change of the index per pairing more between g and h.
    contact_moments : array of shape (K, K, K)
        As in `PairingCounts`.
    pair_squares : array of shape (K, K)
        As in `PairingCounts`, upper triangle.

    Returns
    -------
    float
        ``sum_g psi_g S_g psi_g' - sum_{g<=h} psi_gh^2 P_gh``: the sum over all two pairings that
        share a person, at the cost of K^3 numbers. Not floored: can be negative in tiny networks.

    References
    ----------
    Fafchamps & Gubert 2007; Aronow, Samii & Assenova 2015.
    """
    by_person = np.einsum("gh,ghk,gk->", gradient, contact_moments, gradient)
    return float(by_person) - independent_variance(gradient, pair_squares)


def independent_variance(gradient: Array, pair_squares: Array) -> float:
    """Return the variance of the index if distinct pairs of people were independent.

    This is the floor of `floored_variance`. All pairings of the same two people count as one
    cluster, so that six meetings of one pair are not six independent facts.
    """
    return float((np.triu(gradient) ** 2 * pair_squares).sum())


def floored_variance(gradient: Array, contact_moments: Array, pair_squares: Array) -> float:
    """Return the dyad-robust variance, but never less than with independent pairs."""
    return max(
        dyad_variance(gradient, contact_moments, pair_squares),
        independent_variance(gradient, pair_squares),
    )


def numerical_gradient(index: Callable[[Array], float], mixing: Array) -> Array:
    """Return the symmetric gradient of an index by central differences.

    Parameters
    ----------
    index : callable
        Smooth function of the upper triangle of mixing counts.
    mixing : array of shape (K, K)
        Where to take it, upper triangle.

    Returns
    -------
    array of shape (K, K)
        Step 1e-5 of the number of pairings; error about 1e-9 relative to the index.
    """
    step = 1e-5 * max(mixing.sum(), 1)
    gradient = np.zeros_like(mixing, dtype=float)
    for g, h in zip(*np.triu_indices(len(mixing)), strict=True):
        move = np.zeros_like(gradient)
        move[g, h] = step
        gradient[g, h] = (index(mixing + move) - index(mixing - move)) / (2 * step)
    return np.triu(gradient) + np.triu(gradient, 1).T


def share_gradient(mixing: Array, inside: Array) -> Array:
    """Return the gradient of the share of all pairings that fall in some cells.

    Parameters
    ----------
    mixing : array of shape (K, K)
        Pairings, upper triangle, more than 0 in total.
    inside : boolean array of shape (K, K)
        Symmetric; the cells that count.
    """
    total = mixing.sum()
    share = mixing[np.triu(inside)].sum() / total
    return (inside - share) / total


def outside_gradient(mixing: Array, group: int) -> Array:
    """Return the gradient of the share of a group's contacts that are outside the group.

    A pairing inside the group brings two contacts, one across brings one.
    """
    contacts = both_ways(mixing)[group]
    total = contacts.sum()
    share = 1 - contacts[group] / total
    gradient = np.zeros_like(mixing, dtype=float)
    gradient[group, :] = gradient[:, group] = (1 - share) / total
    gradient[group, group] = -2 * share / total
    return gradient


def log_ratio_gradient(mixing: Array, g: int, h: int) -> Array:
    """Return the gradient of the logarithm of a cell over its expectation from activity.

    The expectation is proportional to D_g D_h / m, so it moves with the pairings too: a group that
    is more active has more pairings everywhere, which says nothing about whom it meets.

    Parameters
    ----------
    mixing : array of shape (K, K)
        Pairings, upper triangle; more than 0 in the cell.
    g, h : int
        The cell.
    """
    contacts = both_ways(mixing).sum(axis=1)
    member = np.eye(len(mixing))
    ends = member[:, :, None] + member[:, None, :]
    gradient = 1 / mixing.sum() - ends[g] / contacts[g] - ends[h] / contacts[h]
    # For g = h both entries are the same cell, and fancy assignment adds to it once.
    gradient[[g, h], [h, g]] += 1 / mixing[min(g, h), max(g, h)]
    return gradient


def cross_share_variance(mixing: Array, contact_moments: Array, pair_squares: Array) -> float:
    """Return the dyad-robust variance of the cross-group share in closed form.

    Equal to `dyad_variance` with `share_gradient` of the cells off the diagonal; not floored.
    """
    across = 1 - np.eye(len(mixing))
    crossings = np.einsum("gh,ghk,gk->", across, contact_moments, across)
    products = np.einsum("gh,ghk->", across, contact_moments)
    crossing_pairs = np.triu(pair_squares, 1).sum()
    total = mixing.sum()
    return clustered_variance(
        np.triu(mixing, 1).sum() / total,
        total,
        (crossings, products, contact_moments.sum()),
        (crossing_pairs, crossing_pairs, pair_squares.sum()),
    )
