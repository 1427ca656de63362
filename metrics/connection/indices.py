"""Segregation indices of the literature: pure functions of mixing counts and group sizes.

Mixing counts are a (K, K) array: the upper triangle (g <= h) of undirected pairings, or the full
table of givers by receivers where a function says so. Undefined is NaN, never a warning.
"""

from __future__ import annotations

import numpy as np

from metrics.connection.counts import Array, both_ways
from metrics.connection.lottery import rematch_shares
from metrics.division import divide


def krackhardt_stern_ei(mixing: Array) -> float:
    """Return the E-I index: (pairings across - pairings inside) / all pairings.

    Parameters
    ----------
    mixing : array of shape (K, K)
        Undirected counts or a directed table.

    Returns
    -------
    float
        In [-1, 1]; NaN without pairings.

    References
    ----------
    Krackhardt & Stern 1988.
    """
    total, inside = mixing.sum(), np.trace(mixing)
    return float(divide(total - 2 * inside, total))


def krackhardt_stern_ei_rescaled(mixing: Array, sizes: Array) -> float:
    """Return the E-I index stretched to [-1, 1] over what the group sizes allow.

    Parameters
    ----------
    mixing : array of shape (K, K)
        Undirected counts of distinct pairs.
    sizes : array of shape (K,)
        People in each group.

    Returns
    -------
    float
        NaN without pairings, and where a pair occurs more than once (more pairings than possible
        pairs) or only one value is possible.

    References
    ----------
    Krackhardt & Stern 1988; UCINET manual.
    """
    sizes = np.asarray(sizes, dtype=float)
    total = mixing.sum()
    inside = (sizes * (sizes - 1) / 2).sum()
    across = (sizes.sum() ** 2 - (sizes**2).sum()) / 2
    if total > inside + across:
        return float("nan")
    highest = divide(2 * min(across, total) - total, total)
    lowest = divide(total - 2 * min(inside, total), total)
    return float(divide(2 * (krackhardt_stern_ei(mixing) - highest), highest - lowest) + 1)


def krackhardt_stern_ei_by_group(mixing: Array) -> Array:
    """Return the E-I index of each group, in contacts: a pairing inside brings two.

    Parameters
    ----------
    mixing : array of shape (K, K)
        Undirected counts.

    Returns
    -------
    array of shape (K,)
        NaN for a group without contacts.
    """
    contacts = both_ways(mixing)
    total = contacts.sum(axis=1)
    return divide(total - 2 * np.diag(contacts), total)


def headcount_baseline(sizes: Array) -> Array:
    """Return the share of its contacts that a group would have inside by headcount alone.

    Returns
    -------
    array of shape (K,)
        ``(n_g - 1) / (N - 1)``; NaN with a single person.
    """
    sizes = np.asarray(sizes, dtype=float)
    return divide(sizes - 1, sizes.sum() - 1)


def lottery_baseline(stubs: Array, stubs_squared: Array) -> Array:
    """Return the share of its contacts that a lottery inside strata would place in the group.

    Parameters
    ----------
    stubs, stubs_squared : arrays of shape (S, K)
        Seats of each group, and sums of squares of each person's seats.

    Returns
    -------
    array of shape (K,)
        ``2 E[m_gg] / D_g``; NaN for a group without seats.
    """
    shares = rematch_shares(stubs, stubs_squared)
    inside = np.diagonal(shares, axis1=-2, axis2=-1) * stubs.sum(axis=-1, keepdims=True)
    return divide(inside.sum(axis=0), stubs.sum(axis=0))


def coleman_index(mixing: Array, baseline: Array, *, directed: bool = False) -> Array:
    """Return how far each group goes from its baseline towards meeting only itself, or never.

    Parameters
    ----------
    mixing : array of shape (K, K)
        Undirected counts, or a table of givers by receivers.
    baseline : array of shape (K,)
        Share expected inside, from `headcount_baseline` or `lottery_baseline`.
    directed : bool
        Whether ``mixing`` is a table of givers by receivers; contacts given then count.

    Returns
    -------
    array of shape (K,)
        In [-1, 1]; 0 = as expected, 1 = only inside. NaN for a group without contacts, and for one
        whose baseline is 0 (a single person) or 1 (nobody else to meet).

    References
    ----------
    Coleman 1958; Currarini, Jackson & Pin 2009.
    """
    contacts = mixing if directed else both_ways(mixing)
    return inbreeding_homophily(divide(np.diag(contacts), contacts.sum(axis=1)), baseline)


def inbreeding_homophily(inside: Array, baseline: Array) -> Array:
    """Return Coleman's index of shares of contacts inside, against expected shares.

    Parameters
    ----------
    inside, baseline : float or arrays
        Shares in [0, 1], observed and expected.

    Returns
    -------
    float or array
        ``(S - b) / (1 - b)`` where S >= b, else ``(S - b) / b``; NaN where b is 0 or 1.

    References
    ----------
    Coleman 1958; Currarini, Jackson & Pin 2009.
    """
    inside, baseline = np.asarray(inside, dtype=float), np.asarray(baseline, dtype=float)
    room = np.where(inside >= baseline, 1 - baseline, baseline)
    possible = (baseline > 0) & (baseline < 1)
    return np.where(possible, divide(inside - baseline, room), np.nan)[()]


def newman_assortativity(mixing: Array, *, directed: bool = False) -> float:
    """Return the attribute assortativity coefficient.

    Parameters
    ----------
    mixing : array of shape (K, K)
        Undirected counts, or a table of givers by receivers.
    directed : bool
        Whether ``mixing`` is a table; the coefficient then equals Cohen's kappa of it.

    Returns
    -------
    float
        At most 1; 0 = as expected from activity. NaN when all contacts belong to one group.

    References
    ----------
    Newman 2003.
    """
    table = mixing if directed else both_ways(mixing)
    total = table.sum()
    expected = divide((table.sum(axis=0) * table.sum(axis=1)).sum(), total**2)
    return float(divide(divide(np.trace(table), total) - expected, 1 - expected))


def gupta_anderson_may(mixing: Array) -> float:
    """Return Q, in which every group counts the same however small.

    Parameters
    ----------
    mixing : array of shape (K, K)
        Undirected counts.

    Returns
    -------
    float
        At most 1. NaN for a single group, and when a group has no contacts.

    References
    ----------
    Gupta, Anderson & May 1989.
    """
    contacts = both_ways(mixing)
    inside = divide(np.diag(contacts), contacts.sum(axis=1))
    return float(divide(inside.sum() - 1, len(mixing) - 1))


def freeman_segregation(mixing: Array, sizes: Array) -> float:
    """Return by how much crossings fall short of those expected by headcount.

    Parameters
    ----------
    mixing : array of shape (K, K)
        Undirected counts.
    sizes : array of shape (K,)
        People in each group.

    Returns
    -------
    float
        1 - observed / expected; 1 = no crossing, 0 = as by headcount, negative = more, not cut off
        at 0 as in the original. NaN when no crossing can be expected.

    References
    ----------
    Freeman 1978.
    """
    sizes = np.asarray(sizes, dtype=float)
    people, total = sizes.sum(), mixing.sum()
    expected = divide(total * (people**2 - (sizes**2).sum()), people * (people - 1))
    return float(1 - divide(total - np.trace(mixing), expected))


def odds_ratio(mixing: Array, sizes: Array, *, directed: bool = False) -> float:
    """Return the odds of a tie inside a group over the odds of a tie across.

    Parameters
    ----------
    mixing : array of shape (K, K)
        Counts of distinct pairs: undirected, or a table of givers by receivers.
    sizes : array of shape (K,)
        People in each group.
    directed : bool
        Whether ``mixing`` is a table; each two people then have two possible ties.

    Returns
    -------
    float
        1 = no difference; not its logarithm. NaN where either odds have nothing to divide by:
        every possible tie is there, none is possible, or no tie goes across.

    References
    ----------
    Moody 2001; Bojanowski & Corten 2014.
    """
    sizes = np.asarray(sizes, dtype=float)
    ways = 2 if directed else 1
    possible_inside = ways * (sizes * (sizes - 1) / 2).sum()
    possible_across = ways * (sizes.sum() ** 2 - (sizes**2).sum()) / 2
    inside = np.trace(mixing)
    across = mixing.sum() - inside
    odds_inside = divide(inside, possible_inside - inside)
    return float(divide(odds_inside, divide(across, possible_across - across)))
