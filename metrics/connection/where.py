"""Crossing and completion by mode, topic and distance: where people meet, and what about."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from metrics.connection.counts import Array
from metrics.connection.crossing import Crossing
from metrics.connection.judging import no_ratio, over_lottery
from metrics.connection.lottery import rematch_shares, within_moments
from metrics.definition import Measure, Part, Result, Sensitivity, Unit, undefined
from metrics.intervals import clustered_variance, effective_size, wilson
from metrics.participation import RateMoments, completion_rate

NOT_HELD_HERE = "nobody with a known partner met here"
NEARLY = 0.9
NO_CROSSING_HERE = (
    "in every round all possible partners were of the same group, so nobody could cross"
)


@dataclass(frozen=True, kw_only=True, eq=False)
class PlaceCounts:
    """Pairings of one place, and the lotteries that they were part of. S strata, K groups.

    Attributes
    ----------
    stubs, stubs_squared : arrays of shape (S, K)
        Seats of each group in the whole stratum, whatever the place, and the sum over people of
        the square of their seats.
    pairings : array of shape (S,)
        Pairings of the place.
    weights, weights_squared : arrays of shape (S,)
        Sums of w and of w^2 over the pairings of the place; w as in `PairingCounts`.
    contacts : RateMoments
        d = weight of the pairings of the place, x = weight of those across groups, with squares
        over people and over pairs of people.
    people : int
        Distinct people who met in this place.

    Raises
    ------
    ValueError
        If the shapes do not fit together.
    """

    stubs: Array
    stubs_squared: Array
    pairings: Array
    weights: Array
    weights_squared: Array
    contacts: RateMoments
    people: int

    def __post_init__(self) -> None:
        strata = len(self.stubs)
        if self.stubs.shape != self.stubs_squared.shape:
            raise ValueError("stubs and stubs_squared: the shapes differ")
        for name in ("pairings", "weights", "weights_squared"):
            if getattr(self, name).shape != (strata,):
                raise ValueError(f"{name}: expected one number for each of {strata} strata")


def place_crossing(counts: PlaceCounts) -> Crossing:
    """Return the crossings of a place, beside what the lotteries of its rounds would give.

    Returns
    -------
    Crossing
        With e_s the expected cross-group share of stratum s (null N2), w_s the weight of the
        place's pairings in it and v_s the sum of their squared weights: ``expected = sum w_s e_s``
        and ``variance = sum v_s (p - q) + w_s^2 (q - p^2)``, where p and q are the chances that one
        pairing, and that two pairings, of a random matching of all seats of the stratum fall inside
        groups. The pairings of the place are any fixed pairings out of the matching, and all
        pairings of a random matching are alike, so the variance is exact where nobody holds two
        seats and on the safe side otherwise.
    """
    shares = rematch_shares(counts.stubs, counts.stubs_squared)
    inside = np.trace(shares, axis1=1, axis2=2)
    choice = (inside > 0) & (inside < 1)
    _, variance = within_moments(counts.stubs).weighted(
        counts.stubs.sum(axis=1) / 2, counts.weights, counts.weights_squared
    )
    return Crossing(
        observed=counts.contacts.numerator,
        total=counts.contacts.denominator,
        expected=float(((1 - inside) * counts.weights).sum()),
        variance=float(variance[choice].sum()),
        informative=round(counts.pairings[choice].sum()),
        pairs=round(counts.pairings.sum()),
        people=counts.people,
    )


def cross_group_ratio_by_place(counts: PlaceCounts, part: Part = ()) -> Result:
    """Return the cross-group share of one place over the share a lottery would give.

    Parameters
    ----------
    counts : PlaceCounts
        Pairings of the place in the slice and period.
    part : Part
        Ignored; the counts belong to a place.

    Returns
    -------
    Result
        As `cross_group_ratio`, with mean and variance from `place_crossing`. Undefined without
        pairings, where nobody could cross or had a choice, and where fewer than one crossing is
        expected; too few below five.
    """
    found = place_crossing(counts)
    if found.pairs == 0:
        return undefined(NOT_HELD_HERE, people=found.people, pairs=0)
    reason = no_ratio(found, NO_CROSSING_HERE)
    if reason:
        return undefined(reason, people=found.people, pairs=found.pairs)
    return over_lottery(shared_result(counts.contacts, counts.people), found)


def shared_result(contacts: RateMoments, people: int) -> Result:
    """Return a share of contacts with its Wilson interval, robust to shared people.

    Parameters
    ----------
    contacts : RateMoments
        Weight d and weight across groups x; d more than 0.
    people : int
        Distinct people behind it.

    Returns
    -------
    Result
        A share in [0, 1]. ``effective_size`` from the dyad-robust variance, floored at that of
        independent pairs of people; where nothing varies, distinct pairs but never above people.

    References
    ----------
    Fafchamps & Gubert 2007; Aronow, Samii & Assenova 2015; Wilson 1927.
    """
    share = float(np.clip(contacts.numerator / contacts.denominator, 0, 1))
    pairs = (
        contacts.pair_numerator_squared,
        contacts.pair_product,
        contacts.pair_denominator_squared,
    )
    if 0 < share < 1:
        trials = share * (1 - share) / clustered_variance(share, contacts.denominator, pairs)
    else:
        trials = min(contacts.denominator**2 / contacts.pair_denominator_squared, people)
    size = float(effective_size(share, contacts.variance(share), trials))
    low, high = wilson(share, size)
    return Result(
        estimate=share, low=float(low), high=float(high), people=people, effective_size=size
    )


def recorded_alike(held: float, held_known: float, missed: float, missed_known: float) -> bool:
    """Tell whether places are recorded for what was missed nearly as often as for what was held.

    Parameters
    ----------
    held, missed : float
        Planned pairings that met, and those that did not.
    held_known, missed_known : float
        Those of them whose place was recorded.

    Returns
    -------
    bool
        Whether the recorded share among the missed is at least `NEARLY` that among the held.
        Otherwise a completion by place says what was written down afterwards, not what took place.
        True where nothing was missed.
    """
    return missed == 0 or missed_known * held >= NEARLY * held_known * missed


def completion_by_place(moments: RateMoments, part: Part = ()) -> Result:
    """Return pairings held over pairings planned for one place; see `completion_rate`."""
    return completion_rate(moments, part)


CROSS_GROUP_RATIO_BY_PLACE = Measure(
    key="cross_group_ratio_by_place",
    title="Crossing by mode, topic and distance",
    question="Where, and on which topics, do people meet across groups more than a lottery gives?",
    reads="place counts",
    compute=cross_group_ratio_by_place,
    unit=Unit.SHARE_RATIO,
    sensitivity=Sensitivity.ATTITUDE,
    better="higher",
    definition=(
        "Of the pairings that met in one mode (online, in person), on one topic or at one distance "
        "between clocks, the share across groups, divided by the share that a lottery would give "
        "in the same rounds. A round counts as much as this mode, topic or distance was used in "
        "it. A pairing that talked several times counts where it talked first. The distance of a "
        "conversation is the largest difference on the clock between two of its people at its "
        "start, at most twelve hours."
    ),
    caveat=(
        "People choose where they meet, and often choose the topic: a difference between two modes "
        "may come from who uses them, and does not say that changing the mode would change it. "
        "Conversations whose mode, topic or time zones nobody recorded are left out, and so are "
        "topics beyond the twelve most frequent. Not told by the attribute that says in which zone "
        "people live: there, distance is the crossing itself."
    ),
    source=(
        "Observed over expected mixing as in Newman 2003, with the expectation of each round's "
        "lottery (Mantel & Haenszel 1959) weighted by the pairings of the place; variance of a "
        "fixed part of a random matching."
    ),
)

COMPLETION_BY_PLACE = Measure(
    key="completion_by_place",
    title="Completion by mode, topic and distance",
    question="Which planned conversations take place: how, on which topics, and how far apart?",
    reads="completion moments",
    compute=completion_by_place,
    unit=Unit.SHARE,
    sensitivity=Sensitivity.OPERATIONAL,
    better="higher",
    definition=(
        "Of the pairings whose first conversation was planned for this mode, topic or distance "
        "between clocks, the share that met in the end, wherever that was."
    ),
    caveat=(
        "Who plans to meet in person may be keener, or nearer, to begin with; and programmes that "
        "bring together people far apart differ in other ways. Not defined where "
        "the mode or topic is written down mostly once a conversation has taken place, since the "
        "share would then be high by definition."
    ),
    source=(
        "Our own definition, counted by the first plan so that a change of plan cannot move it. "
        "Interval: Wilson 1927, with a variance clustered by person (Liang & Zeger 1986)."
    ),
)
