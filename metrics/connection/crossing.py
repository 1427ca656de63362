"""Pairings observed across groups or in one cell, beside what the lottery would give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from metrics.connection.counts import Array, PairingCounts
from metrics.connection.lottery import (
    Moments,
    cell_moments,
    outside_shares,
    rematch_shares,
    within_moments,
)
from metrics.definition import Part


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """Observed weight of some pairings, and its moments under a lottery inside each stratum.

    Attributes
    ----------
    observed : float
        Weight that crosses groups (or, for a cell, that falls into it).
    total : float
        Weight that could have: of all pairings, or of all contacts of one group.
    expected : float
        Mean of ``observed`` if partners were drawn again inside each stratum (nobody meets
        themself).
    variance : float
        Variance of ``observed`` under that lottery, on the safe side where people hold several
        pairings in one stratum; 0 where the lottery has no choice.
    informative : int
        Pairings in strata where both outcomes were possible.
    pairs, people : int
        Pairings and distinct people behind ``total``.
    """

    observed: float
    total: float
    expected: float
    variance: float
    informative: int
    pairs: int
    people: int


def crossing(counts: PairingCounts, part: Part) -> Crossing:
    """Return the crossings of all groups together, part (), or of one group, part (g,).

    Raises
    ------
    ValueError
        If the part names two groups.
    """
    if len(part) > 1:
        raise ValueError("a crossing is of all groups together or of one group; got a pair")
    return _of_group(counts, part[0]) if part else _of_all(counts)


def cell(counts: PairingCounts, g: int, h: int) -> Crossing:
    """Return the pairings between two groups, or inside one, beside the lottery."""
    g, h = sorted((g, h))
    stubs, squared = (_with_rest(each, g, h) for each in (counts.stubs, counts.stubs_squared))
    shares = rematch_shares(stubs, squared)[:, 0, 0 if g == h else 1]
    choice = (shares > 0) & (shares < 1)
    variance = _cell_variance(counts, g, h)
    return Crossing(
        observed=float(counts.weights[:, g, h].sum()),
        total=float(counts.weights.sum()),
        expected=float((shares * counts.weight_by_stratum).sum()),
        variance=float(variance[choice].sum()),
        informative=round(counts.pairings_by_stratum[choice].sum()),
        pairs=round(counts.pairings[:, g, h].sum()),
        people=round(counts.people[list({g, h})].sum()),
    )


def touching(groups: int, part: Part) -> Array:
    """Return which cells a part rests on: 1 in the upper triangle where it does, else 0."""
    cells = np.ones((groups, groups))
    if part:
        cells[:] = 0
        cells[part[0], :] = cells[:, part[0]] = 1
    return np.triu(cells)


def _of_all(counts: PairingCounts) -> Crossing:
    shares = rematch_shares(counts.stubs, counts.stubs_squared)
    inside = np.trace(shares, axis1=1, axis2=2)
    choice = (inside > 0) & (inside < 1)
    weight = counts.weight_by_stratum
    _, variance = within_moments(counts.stubs).weighted(
        counts.pairings_by_stratum, weight, counts.weight_squared_by_stratum
    )
    return Crossing(
        observed=float(np.triu(counts.mixing, 1).sum()),
        total=float(weight.sum()),
        expected=float(((1 - inside) * weight).sum()),
        variance=float(variance[choice].sum()),
        informative=round(counts.pairings_by_stratum[choice].sum()),
        pairs=counts.total,
        people=round(counts.people.sum()),
    )


def _of_group(counts: PairingCounts, group: int) -> Crossing:
    outside = outside_shares(counts.stubs, counts.stubs_squared)[:, group]
    choice = (outside > 0) & (outside < 1)
    contacts = counts.weighted_stubs[:, group]
    variance = _cell_variance(counts, group, group)
    touched = counts.pairings * touching(len(counts.groups), (group,))
    return Crossing(
        observed=float(contacts.sum() - 2 * counts.mixing[group, group]),
        total=float(contacts.sum()),
        expected=float((contacts * outside).sum()),
        # A pairing more inside the group takes two contacts from the outside.
        variance=float(4 * variance[choice].sum()),
        informative=round(touched[choice].sum()),
        pairs=round(touched.sum()),
        people=round(counts.people[group]),
    )


def _cell_variance(counts: PairingCounts, g: int, h: int) -> Array:
    """Return the variance of the weight in one cell, by stratum."""
    moments = cell_moments(_with_rest(counts.stubs, g, h))
    column = 0 if g == h else 1
    _, variance = Moments(moments.mean[:, 0, column], moments.factorial[:, 0, column]).weighted(
        counts.pairings_by_stratum, counts.weight_by_stratum, counts.weight_squared_by_stratum
    )
    return variance


def _with_rest(by_group: Array, g: int, h: int) -> Array:
    """Keep the columns of one or two groups and add up all others: a cell needs no more."""
    chosen = by_group[:, [g] if g == h else [g, h]]
    rest = by_group.sum(axis=1) - chosen.sum(axis=1)
    return np.column_stack([chosen, rest])
