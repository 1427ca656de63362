"""Pictures of who is left out and who carries the mixing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from charts.leftout import Scale, dots_by_group, linear_ticks
from charts.rows import gaps_in, group_rows
from release import Cell, Release
from ui.answers import across
from ui.frame import Picture, mode
from ui.words import AGAINST_LOTTERY, safe

BOUNDS = ("under", "over")
COLOURS = "▲ above and ▼ below beyond noise, ● within noise."
AGAINST_EVERYBODY = {
    "above": "above everybody",
    "below": "below everybody",
    "noise": "within noise",
}


@dataclass(frozen=True)
class Look:
    """How a measure is drawn: its scale, its caption, and what verdicts compare with."""

    measure: str
    scale: Scale
    how_to_read: str
    against: dict[str, str]


REACH = Look(
    "cross_group_reach",
    "share",
    "People of each group with at least one conversation outside it. Tick: the share that a "
    "lottery would give people with as many pairings; grey: the range of 95 in 100 lotteries.",
    AGAINST_LOTTERY,
)
SILENCE = Look(
    "no_conversation_share",
    "share",
    "People who could have taken part and have met nobody. Tick: the share among everybody; "
    "grey: the range for as many people drawn at random.",
    AGAINST_EVERYBODY,
)
LOAD = Look(
    "mixing_load",
    "times",
    "Conversations with other groups a head, in multiples of everybody's mean. Tick: what a "
    "lottery would give a group of that size and activity, which is unavoidable; grey: the range "
    "of 95 in 100 lotteries.",
    AGAINST_LOTTERY,
)
INDEX = Look(
    "coleman_index",
    "index",
    "From what a lottery gives towards meeting only each other (+1) or only others (−1). Grey: "
    "the range of 95 in 100 lotteries.",
    AGAINST_LOTTERY,
)


def leftout_pictures(release: Release, attribute: str, slice_: str) -> list[Picture]:
    """Return load, reach, people without a conversation, and Coleman's index."""
    load = release.by_group("mixing_load", slice_, attribute)
    reach = release.by_group("cross_group_reach", slice_, attribute)
    silence = release.by_group("no_conversation_share", slice_, attribute)
    index = release.by_group("coleman_index", slice_, attribute)
    whole = release.cell("no_conversation_share", slice_, attribute)
    drafts = (
        (LOAD, load, load_finding(load, release, attribute)),
        (REACH, reach, reach_finding(reach, release, attribute)),
        (SILENCE, silence, silence_finding(silence, whole, release, attribute)),
        (INDEX, index, index_finding(index, release, attribute)),
    )
    return [
        _picture(look, cells, finding, release, attribute)
        for look, cells, finding in drafts
        if cells
    ]


def _picture(
    look: Look,
    cells: tuple[Cell, ...],
    finding: str,
    release: Release,
    attribute: str,
) -> Picture:
    groups = release.groups(attribute)
    short = {key: group.short for key, group in groups.items()}
    rows = group_rows(cells, short)
    ticks = linear_ticks(rows, look.scale)
    return Picture(
        key=look.measure,
        finding=finding,
        how_to_read=f"{look.how_to_read} {COLOURS}",
        spec=dots_by_group(ticks, len(rows), gaps_in(rows), look.scale, mode()),
        rows=rows,
        cells=cells,
        names={key: group.label for key, group in groups.items()},
        by="group",
        against=look.against,
        note=_note(look, cells),
    )


def _note(look: Look, cells: Sequence[Cell]) -> str:
    """Return where bounds stand, or the sentence on the group that carries most."""
    if look.scale == "share" and any(cell.printed.startswith(BOUNDS) for cell in cells):
        return "Values published as a bound stand in the middle of it"
    drawn = [cell for cell in cells if cell.is_drawn]
    if look is not LOAD or not drawn:
        return ""
    return safe(max(_with_verdict(cells, "above") or drawn, key=_estimate).sentence)


def _with_verdict(cells: Sequence[Cell], verdict: str) -> list[Cell]:
    return [cell for cell in cells if cell.verdict == verdict]


def _estimate(cell: Cell) -> float:
    return cell.estimate or 0.0


def _missing(cells: Sequence[Cell]) -> str:
    undefined = any(cell.status == "undefined" for cell in cells)
    return "is not defined here" if undefined else "cannot be shown here"


def load_finding(cells: Sequence[Cell], release: Release, attribute: str) -> str:
    """Return who carries the mixing."""
    if not any(cell.is_drawn for cell in cells):
        return f"Who carries the mixing {_missing(cells)}"
    above = _with_verdict(cells, "above")
    if not above:
        return "No group carries more of the mixing than is unavoidable"
    most = max(above, key=_estimate)
    name = safe(release.groups(attribute)[most.group].label)
    return f"{name} carries {safe(most.printed)} the cross-group conversations a head"


def reach_finding(cells: Sequence[Cell], release: Release, attribute: str) -> str:
    """Return which group reaches outside less than a lottery would let it."""
    drawn = [cell for cell in cells if cell.is_drawn]
    if not drawn:
        return f"How many people reach other groups {_missing(cells)}"
    if not any(cell.verdict for cell in drawn):
        return f"Nobody had a choice whether to meet another {across(release, attribute)}"
    below = _with_verdict(cells, "below")
    if below:
        least = min(below, key=_estimate)
        name = safe(release.groups(attribute)[least.group].label)
        return f"{safe(least.printed)} of {name} reach another group, fewer than by lottery"
    least = min(drawn, key=_estimate)
    if least.printed.startswith("over"):
        return (
            f"In every group shown, nearly everybody has met another {across(release, attribute)}"
        )
    return "No group reaches others less than a lottery would give, beyond noise"


def silence_finding(
    cells: Sequence[Cell], whole: Cell | None, release: Release, attribute: str
) -> str:
    """Return how many have met nobody, and which group most of all."""
    above = _with_verdict(cells, "above")
    if above:
        most = max(above, key=_estimate)
        name = safe(release.groups(attribute)[most.group].label)
        return f"{safe(most.printed)} of {name} have met nobody, more than of everybody"
    if whole is None or not whole.is_drawn:
        return f"How many have met nobody {_missing(cells)}"
    return f"{safe(whole.printed)} have met nobody; no group stands out beyond noise"


def index_finding(cells: Sequence[Cell], release: Release, attribute: str) -> str:
    """Return which group keeps to itself most, if any does beyond noise."""
    if not any(cell.is_drawn for cell in cells):
        return f"Which groups keep to themselves {_missing(cells)}"
    above, below = _with_verdict(cells, "above"), _with_verdict(cells, "below")
    if below and not above:
        name = safe(release.groups(attribute)[min(below, key=_estimate).group].label)
        return f"No group keeps to itself; {name} goes furthest towards others"
    if not above:
        return "No group keeps to itself beyond noise"
    most = max(above, key=_estimate)
    return f"{safe(release.groups(attribute)[most.group].label)} keeps most to itself"
