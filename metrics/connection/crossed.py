"""Crossed groups: how often people told apart by two attributes meet outside their own group."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from metrics.connection.counts import Array
from metrics.connection.crossing import Crossing
from metrics.connection.judging import ABSENT, no_ratio, over_lottery
from metrics.connection.where import NO_CROSSING_HERE, shared_result
from metrics.definition import Measure, Part, Result, Sensitivity, Unit, undefined
from metrics.division import divide
from metrics.participation import RateMoments


@dataclass(frozen=True, kw_only=True, eq=False)
class CrossedCounts:
    """Contacts of crossed groups, and the lotteries they were part of.

    S strata, K groups by the attribute that contacts may cross, C crossed groups: people of one
    such group who also share a group by a second attribute.

    Attributes
    ----------
    stubs : array of shape (S, K)
        Seats of each group by the first attribute, whatever the second.
    own : int array of shape (C,)
        Group by the first attribute of each crossed group.
    seats, seats_squared : arrays of shape (S, C)
        Seats of each crossed group, and the sum over its people of the square of their seats.
    weights, weights_squared : arrays of shape (S, C)
        Sums of w and of w^2 over those seats; w as in `PairingCounts`.
    pairings : array of shape (C,)
        Pairings that each crossed group takes part in.
    contacts : tuple of C RateMoments
        d = weighted contacts of the crossed group, x = those outside the own group by the first
        attribute, with squares over people and over pairs of people.
    people : int array of shape (C,)
        Distinct people of each crossed group.

    Raises
    ------
    ValueError
        If a shape does not fit.
    """

    stubs: Array
    own: NDArray[np.int_]
    seats: Array
    seats_squared: Array
    weights: Array
    weights_squared: Array
    pairings: Array
    contacts: tuple[RateMoments, ...]
    people: NDArray[np.int_]

    def __post_init__(self) -> None:
        strata, crossed = len(self.stubs), len(self.own)
        for name in ("seats", "seats_squared", "weights", "weights_squared"):
            if getattr(self, name).shape != (strata, crossed):
                raise ValueError(f"{name}: expected {strata} strata by {crossed} crossed groups")
        for name in ("pairings", "contacts", "people"):
            if len(getattr(self, name)) != crossed:
                raise ValueError(f"{name}: expected one entry for each of {crossed} crossed groups")

    @cached_property
    def lottery_covariance(self) -> Array:
        """Return what `lottery_covariance` does; worked out once."""
        return lottery_covariance(self)


def outside_chances(counts: CrossedCounts) -> Array:
    """Return the share of contacts that a lottery would place outside the first attribute's group.

    Returns
    -------
    array of shape (S, C)
        With u seats of the crossed group (sum of squares Q), D seats of its group by the first
        attribute and T in all: ``(T - D) u / (T u - Q)``, where a seat may go to anybody but its
        own holder; 0 without a seat.
    """
    every = counts.stubs.sum(axis=1, keepdims=True)
    others = every - counts.stubs[:, counts.own]
    return divide(others * counts.seats, every * counts.seats - counts.seats_squared, otherwise=0)


def lottery_covariance(counts: CrossedCounts) -> Array:
    """Return the covariance of the contacts outside under a lottery inside each stratum.

    Returns
    -------
    array of shape (C, C)
        Seats are matched at random. A seat of group a stays inside it with chance
        ``p = (D_a - 1) / (T - 1)``; two seats, of a and of b, both do with chance
        ``(D_a - 2)(D_a - 3) / ((T - 1)(T - 3)) + 1 / (T - 1)`` for a = b (the last term: they meet
        each other) and ``(D_a - 1)(D_b - 1) / ((T - 1)(T - 3))`` otherwise. Two crossed groups of
        different a therefore vary together: each meeting between them counts for both. Exact where
        nobody holds two seats and weights are 1; on the safe side otherwise. Strata without a
        choice add nothing.

    References
    ----------
    Moments of a uniformly random perfect matching.
    """
    one, both = _inside_chances(counts.stubs)
    chance = outside_chances(counts)
    choice = (chance > 0) & (chance < 1)
    weights = np.where(choice, counts.weights, 0)
    squares = np.where(choice, counts.weights_squared, 0)
    excess = both - one[:, :, None] * one[:, None, :]
    # one crossed group at a time: strata by crossed groups by crossed groups would be too large
    between = np.array(
        [
            np.einsum("s,sd,sd->d", weights[:, number], excess[:, own][:, counts.own], weights)
            for number, own in enumerate(counts.own)
        ]
    ).reshape(len(counts.own), len(counts.own))
    each = np.arange(len(counts.own))
    alone = (one - np.diagonal(both, axis1=1, axis2=2))[:, counts.own]
    between[each, each] = np.maximum(between[each, each] + (squares * alone).sum(axis=0), 0)
    return between


def _inside_chances(stubs: Array) -> tuple[Array, Array]:
    """Return the chances that one seat, and that two seats, stay inside their own groups."""
    total = stubs.sum(axis=1)
    lone = divide(stubs - 1, total[:, None] - 1, otherwise=0)
    # with two seats there is one pairing, hence no second one
    second = np.where(total > 3, (total - 1) * (total - 3), 0)[:, None, None]
    left = np.maximum(stubs - 1, 0)
    both = divide(left[:, :, None] * left[:, None, :], second, otherwise=0)
    group = np.arange(stubs.shape[1])
    same = divide((stubs - 2) * (stubs - 3), second[:, :, 0], otherwise=0)
    both[:, group, group] = same + divide(1.0, np.maximum(total - 1, 0), otherwise=0)[:, None]
    return lone, both


def crossed_crossing(counts: CrossedCounts, number: int) -> Crossing:
    """Return the contacts of one crossed group outside, beside what a lottery would give."""
    chance = outside_chances(counts)[:, number]
    contacts = counts.contacts[number]
    choice = (chance > 0) & (chance < 1)
    return Crossing(
        observed=contacts.numerator,
        total=contacts.denominator,
        expected=float((counts.weights[:, number] * chance).sum()),
        variance=float(counts.lottery_covariance[number, number]),
        informative=round(counts.seats[choice, number].sum()),
        pairs=round(counts.pairings[number]),
        people=int(counts.people[number]),
    )


def crossed_group_ratio_alone(counts: CrossedCounts, part: Part) -> Result:
    """Return a crossed group's share of contacts outside its own group over that of a lottery.

    Parameters
    ----------
    counts : CrossedCounts
        Contacts of all crossed groups of two attributes.
    part : Part
        (c,), the crossed group.

    Returns
    -------
    Result
        As `cross_group_ratio` of one group: 1 = as a lottery among the same people would give.
        Undefined without contacts, where nobody could cross or had a choice, and where fewer than
        one crossing is expected; too few below five.
    """
    found = crossed_crossing(counts, part[0])
    if found.pairs == 0:
        return undefined(ABSENT, people=found.people, pairs=0)
    reason = no_ratio(found, NO_CROSSING_HERE)
    if reason:
        return undefined(reason, people=found.people, pairs=found.pairs)
    return over_lottery(shared_result(counts.contacts[part[0]], found.people), found)


CROSSED_GROUP_RATIO_ALONE = Measure(
    key="crossed_group_ratio_alone",
    title="Crossing by two attributes, as counted",
    question="How often did people of two groups at once meet outside their own group?",
    reads="crossed counts",
    compute=crossed_group_ratio_alone,
    unit=Unit.SHARE_RATIO,
    sensitivity=Sensitivity.ATTITUDE,
    better="higher",
    definition=(
        "For people who share a group by two attributes, such as women who are directors: the "
        "share of their contacts outside their own group by the first attribute, divided by the "
        "share that a lottery among the people available would give them. Nothing is borrowed "
        "from other groups."
    ),
    caveat=(
        "A small group swings widely by chance alone. Read it beside the steadier value, and judge "
        "by that one."
    ),
    source=(
        "Observed over expected mixing as in Newman 2003, of the crossed category; interval: "
        "Wilson 1927 with the dyad-robust variance of Fafchamps & Gubert 2007 and Aronow, Samii & "
        "Assenova 2015."
    ),
)
