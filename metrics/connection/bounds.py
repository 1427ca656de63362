"""How far the cross-group share could be off because some people's groups are not known."""

from __future__ import annotations

from dataclasses import dataclass, replace

from metrics.connection.counts import PairingCounts
from metrics.connection.cross_group import cross_group_share
from metrics.definition import Measure, Part, Result, Sensitivity, Status, Unit


@dataclass(frozen=True, kw_only=True, eq=False)
class KnownAndUnknown:
    """Pairings of known groups, and the weight of those with an unknown side.

    Attributes
    ----------
    counts : PairingCounts
        Pairings in which the groups of both people are known.
    unknown : float
        Weight of the pairings in which the group of at least one of them is not.
    """

    counts: PairingCounts
    unknown: float

    def __post_init__(self) -> None:
        if not self.unknown >= 0:
            raise ValueError("unknown: a weight is negative or missing")


def cross_group_bounds(pairings: KnownAndUnknown, part: Part = ()) -> Result:
    """Return the cross-group share between the two extremes of what is not known.

    Parameters
    ----------
    pairings : KnownAndUnknown
        Pairings of the slice and period.
    part : Part
        () only: an unknown person belongs to no group.

    Returns
    -------
    Result
        ``estimate``, ``expected`` and their errors are those of `cross_group_share`. ``low`` is
        the share of all pairings if every one with an unknown side had been within a group,
        ``high`` if every one had been across; known for certain, not an interval. Undefined where
        the share is.

    References
    ----------
    Worst-case bounds: Manski 1989.
    """
    share = cross_group_share(pairings.counts, part)
    if share.status is not Status.OK:
        return share
    known = pairings.counts.mixing.sum()
    covered = float(known / (known + pairings.unknown))
    low = share.estimate * covered
    return replace(share, low=low, high=low + 1 - covered)


CROSS_GROUP_BOUNDS = Measure(
    key="cross_group_bounds",
    title="Range left open by unknown groups",
    question="Would the people whose group we do not know change the answer?",
    reads="pairing counts, known and unknown",
    compute=cross_group_bounds,
    unit=Unit.SHARE_BOUNDS,
    sensitivity=Sensitivity.ATTITUDE,
    better="neither",
    definition=(
        "The cross-group share of all pairings, twice: once as if every pairing with somebody of "
        "unknown group had been within one group, once as if every such pairing had been across. "
        "Whatever these groups are, the share lies between the two. Both ends are widened by the "
        "rounding. If the share that a lottery gives lies in between as well, we call the answer "
        "fragile: the unknown could overturn it."
    ),
    caveat=(
        "These are the extremes, not what is likely: people of unknown group are seldom all alike. "
        "A fragile answer may well be right. The range says nothing about chance; for that see "
        "the interval of the cross-group share."
    ),
    source="Worst-case bounds under missing data: Manski 1989.",
)
