"""How mixed a unit is, and how mixed the conversations of its people are."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from metrics.connection.counts import Array
from metrics.connection.lottery import outside_shares
from metrics.connection.where import shared_result
from metrics.definition import Measure, Part, Result, Sensitivity, Unit, undefined
from metrics.division import divide
from metrics.intervals import effective_size, wilson
from metrics.participation import RateMoments

ALONE_IN_UNIT = "fewer than two people of this unit took part"
ALL_ALIKE = "everybody who took part belongs to the same group, so no unit can be mixed"
NO_CONTACTS = "nobody of this unit had a conversation with a known partner"


@dataclass(frozen=True, kw_only=True, eq=False)
class UnitMembers:
    """People of one unit by group, beside everybody.

    Attributes
    ----------
    people, everybody : arrays of shape (K,)
        Distinct people of the unit, and of all units, in each group.
    """

    people: Array
    everybody: Array


@dataclass(frozen=True, kw_only=True, eq=False)
class UnitContacts:
    """Contacts of one unit's people, and the lotteries they were drawn in. S strata, K groups.

    Attributes
    ----------
    stubs, stubs_squared : arrays of shape (S, K)
        Seats of each group in the whole stratum, and sums of squares of each person's seats.
    unit_stubs, unit_weights : arrays of shape (S, K)
        Seats of the unit's people by group, and the sum of their weights.
    weights, weights_squared : arrays of shape (S,)
        Sums of w and of w^2 over all pairings of the stratum.
    contacts : RateMoments
        d = weighted contacts of the unit's people, x = those across groups; a pairing inside the
        unit counts from both ends. Squares over people and over pairs of people.
    people, pairs : int
        Distinct people of the unit, and their pairings; one inside the unit counts once.
    """

    stubs: Array
    stubs_squared: Array
    unit_stubs: Array
    unit_weights: Array
    weights: Array
    weights_squared: Array
    contacts: RateMoments
    people: int
    pairs: int


def blau_index(counts: Array) -> float:
    """Return the chance that two different people, drawn from these counts, differ in group.

    Parameters
    ----------
    counts : array of shape (K,)
        People in each group, N in all.

    Returns
    -------
    float
        ``1 - sum n_g (n_g - 1) / (N (N - 1))``, unbiased for 1 - sum p_g^2; NaN for N < 2.

    References
    ----------
    Simpson 1949; Blau 1977. Also known as Gini-Simpson and fractionalisation.
    """
    counts = np.asarray(counts, dtype=float)
    people = counts.sum()
    return float(1 - divide((counts * (counts - 1)).sum(), people * (people - 1)))


def blau_variance(shares: Array, people: float) -> float:
    """Return the exact variance of `blau_index` of so many people drawn independently.

    Parameters
    ----------
    shares : array of shape (K,)
        Share p_g of each group among those drawn from.
    people : float
        Number drawn, N of 2 or more; NaN below.

    Returns
    -------
    float
        ``[4 (N - 2) sum p^3 + 2 sum p^2 - 2 (2N - 3) (sum p^2)^2] / (N (N - 1))``.

    References
    ----------
    Simpson 1949, the variance of his l.
    """
    shares = np.asarray(shares, dtype=float)
    if people < 2:
        return float("nan")
    squares, cubes = (shares**2).sum(), (shares**3).sum()
    spread = 4 * (people - 2) * cubes + 2 * squares - 2 * (2 * people - 3) * squares**2
    return float(max(spread, 0) / (people * (people - 1)))


def chance_error(shares: Array, people: float) -> float:
    """Return the error of `blau_index` under chance, wide enough for tests far out in the tails.

    Parameters
    ----------
    shares : array of shape (K,)
        Share p_g of each group among those drawn from.
    people : float
        Number drawn, N of 2 or more.

    Returns
    -------
    float
        The root of ``V + 3 V2``, with V from `blau_variance` and
        V2 = ``2 (z2 - 2 z1) / (N (N - 1))`` its part of second order, where
        z1 = sum p^3 - (sum p^2)^2 and z2 = sum p^2 - (sum p^2)^2.
        That part is as skewed as a chi-square; where groups are of one size nothing else is left,
        and a normal test with the plain error would find far too much among many units. Doubling
        its error keeps false alarms at 5 % at most, and below 1 % where 0.5 % are claimed.

    References
    ----------
    Hoeffding 1948 for the two parts of the variance.
    """
    shares = np.asarray(shares, dtype=float)
    squares, cubes = (shares**2).sum(), (shares**3).sum()
    first, second = cubes - squares**2, squares - squares**2
    skewed = 2 * max(second - 2 * first, 0) / (people * (people - 1))
    return float((blau_variance(shares, people) + 3 * skewed) ** 0.5)


def team_mix(members: UnitMembers, part: Part = ()) -> Result:
    """Return how mixed a unit is: the chance that two of its people belong to different groups.

    Parameters
    ----------
    members : UnitMembers
        People by group.
    part : Part
        Ignored; the members belong to a unit.

    Returns
    -------
    Result
        In [0, 1]. ``expected``: the same over everybody; ``expected_error``: `chance_error` if
        the unit's people had been drawn from everybody. ``effective_size`` from
        the same variance at the unit's own shares, but never above its people, since that
        variance vanishes where all groups are of one size. Undefined below two people, and where
        everybody belongs to one group.
    """
    people = float(members.people.sum())
    whole = blau_index(members.everybody)
    if people < 2:
        return undefined(ALONE_IN_UNIT, people=round(people))
    if not whole > 0:
        return undefined(ALL_ALIKE, people=round(people))
    mix = blau_index(members.people)
    size = float(effective_size(mix, blau_variance(members.people / people, people), people))
    low, high = wilson(mix, size)
    error = chance_error(members.everybody / members.everybody.sum(), people)
    return Result(
        estimate=mix,
        low=float(low),
        high=float(high),
        people=round(people),
        expected=whole,
        expected_error=error,
        effective_size=size,
    )


def team_reach(contacts: UnitContacts, part: Part = ()) -> Result:
    """Return the share of a unit's contacts that are across groups, beside the lottery.

    Parameters
    ----------
    contacts : UnitContacts
        Contacts of the unit's people.
    part : Part
        Ignored; the contacts belong to a unit.

    Returns
    -------
    Result
        A share in [0, 1]. ``expected``: the same people's contacts placed by lottery inside each
        stratum (null N2); ``expected_error``: from `crossing_variance`; both None where the lottery
        has no choice. Undefined without contacts.
    """
    moments = contacts.contacts
    if moments.denominator == 0:
        return undefined(NO_CONTACTS, people=contacts.people, pairs=0)
    result = replace(shared_result(moments, contacts.people), pairs=contacts.pairs)
    outside = outside_shares(contacts.stubs, contacts.stubs_squared)
    variance = float(crossing_variance(contacts).sum())
    if variance == 0:
        return result
    return replace(
        result,
        expected=float((contacts.unit_weights * outside).sum() / moments.denominator),
        expected_error=variance**0.5 / moments.denominator,
    )


def crossing_variance(contacts: UnitContacts) -> Array:
    """Return the variance of a unit's weighted crossings under a lottery, by stratum.

    Returns
    -------
    array of shape (S,)
        A pairing across groups scores the number of its ends in the unit, 0, 1 or 2. With seat
        scores a_ij, S1 = sum over i < j of a_ij, S2 = that of a_ij^2, R = sum over i of
        (sum_j a_ij)^2 and T = 2 m seats, a random matching has per pairing
        ``p1 = S1 / (m (T - 1))``, ``p2 = S2 / (m (T - 1))`` and, for two pairings,
        ``q = (S1^2 - R + S2) / (m (m - 1) (T - 1) (T - 3))``; the variance of the summed weight is
        ``v p2 + (w^2 - v) q - w^2 p1^2`` with w and v the sums of weights and squared weights.
        Exact where nobody holds two seats, on the safe side otherwise.

    References
    ----------
    Moments of a uniformly random perfect matching; with scores of 0 and 1 it is `within_moments`.
    """
    seats, scores = _classes(contacts)
    reached = seats @ scores
    single = (seats * reached).sum(axis=1) / 2
    squared = (seats * (seats @ scores**2)).sum(axis=1) / 2
    apart = single**2 - (seats * reached**2).sum(axis=1) + squared
    total = seats.sum(axis=1)
    m = total / 2
    one = divide(single, m * (total - 1), otherwise=0)
    twice = divide(squared, m * (total - 1), otherwise=0)
    two = divide(apart, m * (m - 1) * (total - 1) * (total - 3), otherwise=0)
    w, v = contacts.weights, contacts.weights_squared
    variance = np.maximum(v * twice + (w**2 - v) * two - w**2 * one**2, 0)
    # the formula leaves rounding noise where every matching crosses alike
    return np.where(variance > 1e-9 * np.maximum(w, 1) ** 2, variance, 0)


def _classes(contacts: UnitContacts) -> tuple[Array, Array]:
    """Return seats by class (group, in the unit or not) and the score of two classes paired."""
    groups = contacts.stubs.shape[1]
    inside = contacts.unit_stubs
    seats = np.concatenate([inside, contacts.stubs - inside], axis=1)
    group, member = np.tile(np.arange(groups), 2), np.repeat([1.0, 0.0], groups)
    across = group[:, None] != group[None, :]
    return seats, across * (member[:, None] + member[None, :])


TEAM_MIX = Measure(
    key="team_mix",
    title="Mix of a unit",
    question="How mixed are the people of each unit who take part?",
    reads="unit members",
    compute=team_mix,
    unit=Unit.SHARE,
    sensitivity=Sensitivity.ATTITUDE,
    better="neither",
    definition=(
        "The chance that two people of the unit, picked at random among those who took part, "
        "belong to different groups. 0 means that all are of one group. Beside it stands the "
        "same chance for everybody who took part: what a unit would have if its people were a "
        "random draw."
    ),
    caveat=(
        "It describes those who took part, not the whole unit, and it depends on how many groups "
        "there are. A unit can be little mixed because a profession or a site is; the number says "
        "nothing about why."
    ),
    source="Blau 1977; unbiased form and variance: Simpson 1949. Interval: Wilson 1927.",
)

TEAM_REACH = Measure(
    key="team_reach",
    title="Mix of a unit's conversations",
    question="Do the people of each unit talk with people of other groups?",
    reads="unit contacts",
    compute=team_reach,
    unit=Unit.SHARE,
    sensitivity=Sensitivity.ATTITUDE,
    better="neither",
    definition=(
        "Of the contacts that the unit's people had in completed conversations, the share with "
        "somebody of a different group, whatever unit that person works in. Beside it stands the "
        "share that a lottery would give among the people available in the same rounds."
    ),
    caveat=(
        "A unit that is itself of one group crosses easily as soon as it meets others; compare its "
        "conversations with the lottery, not with another unit. The share counts "
        "conversations, not how good they were."
    ),
    source=(
        "Cross-group share (Krackhardt & Stern 1988) of a unit's contacts; moments of a random "
        "matching inside strata; interval: Wilson 1927 with the dyad-robust variance of "
        "Fafchamps & Gubert 2007."
    ),
)
