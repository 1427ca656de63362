"""Coleman's index: how far a group goes from what a lottery gives towards meeting only itself."""

from __future__ import annotations

from dataclasses import replace

from metrics.connection.counts import PairingCounts
from metrics.connection.cross_group import cross_group_share
from metrics.connection.group_pairs import ALONE
from metrics.connection.indices import inbreeding_homophily
from metrics.connection.judging import NO_CHOICE
from metrics.definition import Measure, Part, Result, Sensitivity, Status, Unit, undefined


def coleman_index(counts: PairingCounts, part: Part) -> Result:
    """Return Coleman's index of one group against the lottery inside strata.

    Parameters
    ----------
    counts : PairingCounts
        Pairings of the slice and period.
    part : Part
        (g,) for one group.

    Returns
    -------
    Result
        In [-1, 1]; 0 = as a lottery, 1 = only inside, -1 = only outside. A change of scale of
        `cross_group_share`: interval and error are those of the share, carried over; ``base`` =
        the expected share outside, ``share`` = the share itself. Undefined where the share is, for
        a single person, and where the lottery has no choice.
    """
    share = cross_group_share(counts, part)
    if share.status is not Status.OK:
        return share
    if share.people == 1 or share.expected is None:
        reason = ALONE if share.people == 1 else NO_CHOICE
        return undefined(reason, people=share.people, pairs=share.pairs)
    outside = share.expected
    index, low, high = (
        float(inbreeding_homophily(1 - value, 1 - outside))
        for value in (share.estimate, share.high, share.low)
    )
    room = outside if index >= 0 else 1 - outside
    return replace(
        share,
        estimate=index,
        low=low,
        high=high,
        expected=0.0,
        expected_error=share.expected_error / room,
        base=outside,
        share=share.estimate,
    )


COLEMAN_INDEX = Measure(
    key="coleman_index",
    title="Keeping to themselves",
    question="Which groups keep to themselves beyond what a lottery gives?",
    reads="pairing counts",
    compute=coleman_index,
    unit=Unit.INDEX,
    sensitivity=Sensitivity.ATTITUDE,
    better="lower",
    definition=(
        "The share of a group's contacts inside the group, placed between the share that a "
        "lottery would give (0) and meeting only each other (+1) or only others (-1). +0.20 "
        "means a fifth of the possible way towards meeting only each other."
    ),
    caveat=(
        "The way up and the way down are of different length, so do not average groups. With two "
        "groups both share the same crossings: their two numbers are one piece of evidence. It "
        "says the same as the cross-group ratio, on a scale that groups of all sizes share."
    ),
    source=(
        "Coleman 1958; Currarini, Jackson & Pin 2009 (inbreeding homophily), with the "
        "expectation of a lottery inside strata as baseline."
    ),
)
