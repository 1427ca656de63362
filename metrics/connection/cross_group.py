"""Cross-group share and ratio: how often people meet across groups, and against a lottery."""

from __future__ import annotations

import numpy as np

from metrics.connection.counts import PairingCounts
from metrics.connection.crossing import crossing, touching
from metrics.connection.dyads import (
    dyad_variance,
    independent_variance,
    outside_gradient,
    share_gradient,
)
from metrics.connection.judging import ABSENT, no_ratio, over_lottery
from metrics.definition import Measure, Part, Result, Sensitivity, Status, Unit, undefined
from metrics.intervals import effective_size, wilson

NO_PAIRINGS = "nobody here had a conversation with a known partner"
ONE_GROUP = "only one group took part, so nobody could cross"
NO_CROSSING = "in every round all possible partners were of the same group, so nobody could cross"


def cross_group_share(counts: PairingCounts, part: Part = ()) -> Result:
    """Return the share of pairings that cross groups, or of one group's contacts outside it.

    Parameters
    ----------
    counts : PairingCounts
        Pairings of the slice and period.
    part : Part
        () for all groups together, (g,) for one group.

    Returns
    -------
    Result
        A share in [0, 1] of the weighted pairings. ``expected`` and ``expected_error``: mean and
        standard deviation under a lottery inside each stratum; None where it has no choice.
        ``effective_size`` from the dyad-robust variance; interval: Wilson. Undefined without
        pairings and with a single group.
    """
    found = crossing(counts, part)
    if found.pairs == 0:
        return undefined(ABSENT if part else NO_PAIRINGS, people=found.people, pairs=0)
    if counts.groups_present < 2:
        return undefined(ONE_GROUP, people=found.people, pairs=found.pairs)
    share = float(np.clip(found.observed / found.total, 0, 1))
    size = _effective_size(counts, part, share)
    low, high = wilson(share, size)
    choice = found.variance > 0
    return Result(
        estimate=share,
        low=float(low),
        high=float(high),
        people=found.people,
        pairs=found.pairs,
        expected=found.expected / found.total if choice else None,
        expected_error=found.variance**0.5 / found.total if choice else None,
        effective_size=size,
    )


def cross_group_ratio(counts: PairingCounts, part: Part = ()) -> Result:
    """Return the cross-group share divided by the share that a lottery would give.

    Parameters
    ----------
    counts : PairingCounts
        Pairings of the slice and period.
    part : Part
        () for all groups together, (g,) for one group.

    Returns
    -------
    Result
        1 = as a lottery; ``base`` = the expected share, taken as known, so that the interval is
        that of the share divided by it. Undefined where `cross_group_share` is, where nobody could
        cross, where nobody had a choice, and where fewer than one crossing is expected; too few
        below five.
    """
    share = cross_group_share(counts, part)
    found = crossing(counts, part)
    if share.status is not Status.OK:
        return share
    reason = no_ratio(found, NO_CROSSING)
    if reason:
        return undefined(reason, people=found.people, pairs=found.pairs)
    return over_lottery(share, found)


def _effective_size(counts: PairingCounts, part: Part, share: float) -> float:
    """Return the effective size of a share; where nothing varies, pairs but never above people."""
    mixing, pairs = counts.mixing, counts.pair_squares
    if not 0 < share < 1:
        cells = touching(len(mixing), part)
        distinct = (mixing * cells).sum() ** 2 / (pairs * cells).sum()
        people = counts.people[list(part)] if part else counts.people
        return float(min(distinct, people.sum()))
    across = ~np.eye(len(mixing), dtype=bool)
    gradient = outside_gradient(mixing, *part) if part else share_gradient(mixing, across)
    trials = share * (1 - share) / independent_variance(gradient, pairs)
    variance = dyad_variance(gradient, counts.contact_moments, pairs)
    return float(effective_size(share, variance, trials))


CROSS_GROUP_SHARE = Measure(
    key="cross_group_share",
    title="Cross-group share",
    question="What share of conversations brings people of different groups together?",
    reads="pairing counts",
    compute=cross_group_share,
    unit=Unit.SHARE,
    sensitivity=Sensitivity.ATTITUDE,
    better="neither",
    definition=(
        "Of all pairings in completed conversations, the share whose two people belong to "
        "different groups. For a single group: of its members' contacts, the share with people "
        "outside the group. A conversation of more than two people counts as every pairing in "
        "it, weighted so that each person brings one contact in all. Beside it stands the "
        "share that a lottery would give: partners drawn again among the people available in "
        "the same round. The interval allows for people who appear in many conversations."
    ),
    caveat=(
        "The share depends on how large the groups are: where nine in ten people belong to one "
        "group it must be low. Compare it with the lottery, not with another organisation. "
        "People whose group is not known are left out."
    ),
    source=(
        "Krackhardt & Stern 1988 (the E-I index is twice this share minus one); interval: "
        "Wilson 1927 with the dyad-robust variance of Fafchamps & Gubert 2007 and Aronow, "
        "Samii & Assenova 2015."
    ),
)

CROSS_GROUP_RATIO = Measure(
    key="cross_group_ratio",
    title="Crossing against a lottery",
    question="Do people meet across groups more often than a lottery would give?",
    reads="pairing counts",
    compute=cross_group_ratio,
    unit=Unit.SHARE_RATIO,
    sensitivity=Sensitivity.ATTITUDE,
    better="higher",
    definition=(
        "The cross-group share divided by the share expected if, in every round, the same "
        "people had been paired again by lottery among those they could have met. 1 means as a "
        "lottery, 1.2 means one fifth more often, 0.8 means one fifth less. Groups that are "
        "larger or more active do not move it. Not defined where fewer than one crossing would "
        "be expected; too few to judge below five."
    ),
    caveat=(
        "If only one group could meet in a pool, for instance because a site is a single "
        "function, the lottery inside that pool sees no gap. The ratio describes who met; it "
        "does not say why, nor whether the conversation was good."
    ),
    source=(
        "Observed over expected mixing as in Newman 2003 and Bojanowski & Corten 2014, with "
        "the expectation taken inside strata as in Mantel & Haenszel 1959."
    ),
)
