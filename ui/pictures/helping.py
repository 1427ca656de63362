"""The picture of help given and received in conversations across groups."""

from __future__ import annotations

from collections.abc import Sequence

from charts.ratios import ratio_by_group
from charts.rows import gaps_in, group_rows, ratio_ticks
from release import Cell, Release
from ui.answers import across
from ui.frame import Picture, mode
from ui.words import safe

ORGANISATION = "organisation"
BALANCE, GIVEN, RECEIVED = "help_balance_across", "help_given_across", "help_received_across"
IN_ALL = "help_balance"
AS_OFTEN = "equal"
AGAINST_GETTING = {
    "above": "gives more than it gets",
    "below": "gets more than it gives",
    "noise": "within noise",
}
HOW_TO_READ = (
    "How often its people help in conversations across {}, over how often they are helped, as both "
    "sides say. Grey: the range noise alone allows. ▲ gives more and ▼ gets more, ● within noise."
)
NOT_ASKED = (
    "After conversations nobody was asked whether they helped (helped_me), so help given and "
    "received cannot be shown."
)


def help_pictures(release: Release, attribute: str, slice_: str) -> list[Picture]:
    """Return which groups give more help than they get, in the whole organisation."""
    cells = release.by_group(BALANCE, ORGANISATION, attribute)
    if not cells:
        return []
    groups, name = release.groups(attribute), across(release, attribute)
    rows = group_rows(cells, {key: group.short for key, group in groups.items()})
    beside = {
        heading: {cell.group: cell.printed for cell in _of(release, measure, attribute)}
        for heading, measure in (
            ("Help given", GIVEN),
            ("Help received", RECEIVED),
            ("Value in all conversations", IN_ALL),
        )
    }
    elsewhere = "" if slice_ == ORGANISATION else "For the whole organisation. "
    return [
        Picture(
            key="help",
            finding=help_finding(cells, release, attribute),
            how_to_read=f"{elsewhere}{HOW_TO_READ.format(name)}",
            spec=ratio_by_group(
                ratio_ticks(rows), len(rows), gaps_in(rows), mode(), at_one=AS_OFTEN
            ),
            rows=rows,
            cells=cells,
            names={key: group.label for key, group in groups.items()},
            by="group",
            against=AGAINST_GETTING,
            columns={
                heading: [printed.get(cell.group, "") for cell in cells]
                for heading, printed in beside.items()
            },
            note=_note(cells),
        )
    ]


def help_words(release: Release, attribute: str) -> str:
    """Return why help is not shown, where it is not."""
    return "" if _of(release, BALANCE, attribute) else NOT_ASKED


def help_finding(cells: Sequence[Cell], release: Release, attribute: str) -> str:
    """Return which group gives more help than it gets, or less."""
    if not any(cell.is_drawn for cell in cells):
        undefined = any(cell.status == "undefined" for cell in cells)
        why = "is not defined here" if undefined else "cannot be shown here"
        return f"Who gives and who gets help across {across(release, attribute)} {why}"
    for verdict, furthest in (("above", max), ("below", min)):
        found = [cell for cell in cells if cell.verdict == verdict]
        if found:
            cell = furthest(found, key=lambda each: each.estimate or 0.0)
            label = safe(release.groups(attribute)[cell.group].label)
            return f"{label} gives help {safe(cell.phrase)} than it comes back"
    return "No group gives more help than comes back, beyond noise"


def _of(release: Release, measure: str, attribute: str) -> tuple[Cell, ...]:
    return release.by_group(measure, ORGANISATION, attribute)


def _note(cells: Sequence[Cell]) -> str:
    """Return the sentence on the group that gives most of all beyond what it gets."""
    drawn = [cell for cell in cells if cell.is_drawn]
    if not drawn:
        return ""
    beyond = [cell for cell in drawn if cell.verdict in ("above", "below")]
    return safe(max(beyond or drawn, key=lambda cell: cell.estimate or 0.0).sentence)
