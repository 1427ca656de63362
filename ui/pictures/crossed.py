"""Pictures of two attributes at once: who is left out where two groups meet in one person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from charts.crossed import crossed_groups, crossed_rows
from charts.rows import gaps_in, ratio_ticks
from release import Cell, Release
from ui.answers import across
from ui.frame import Picture, mode
from ui.words import AGAINST_LOTTERY, safe

KEY, ALONE = "crossed_group_ratio", "crossed_group_ratio_alone"
STEADIED, COUNTED = "steadied", "as counted"


def crossed_pictures(release: Release, attribute: str, slice_: str) -> list[Picture]:
    """Return one picture for each attribute that this one is crossed with."""
    cells = release.by_group(KEY, slice_, attribute)
    beside = list(dict.fromkeys(_beside(cell) for cell in cells))
    return [_picture(release, attribute, slice_, other) for other in beside]


def _beside(cell: Cell) -> str:
    """Return the second attribute of a key such as ``woman|grade=director|manager``."""
    return cell.group.partition("|")[2].partition("=")[0]


def _names(release: Release, cell: Cell) -> tuple[str, str]:
    own, _, rest = cell.group.partition("|")
    beside, _, codes = rest.partition("=")
    groups = release.groups(beside)
    return (
        release.groups(cell.breakdown)[own].short,
        " or ".join(groups[code].short for code in codes.split("|")),
    )


def _picture(release: Release, attribute: str, slice_: str, other: str) -> Picture:
    cells = [cell for cell in release.by_group(KEY, slice_, attribute) if _beside(cell) == other]
    counted = {cell.group: cell for cell in release.by_group(ALONE, slice_, attribute)}
    names = {cell.group: _names(release, cell) for cell in cells}
    rows = crossed_rows(cells, counted, names)
    # a row of the table is named by its group; both numbers of a crossed group have the same one,
    # and what is hidden is counted once
    both = [(cell, STEADIED) for cell in cells]
    both += [
        (counted[cell.group], COUNTED)
        for cell in cells
        if cell.group in counted and not (cell.is_hidden and counted[cell.group].is_hidden)
    ]
    name, beside = across(release, attribute), across(release, other)
    return Picture(
        key=f"crossed_{other}",
        finding=crossed_finding(cells, names, name, beside),
        how_to_read=(
            f"How often people of each {name} and {beside} meet outside their own {name}, against "
            "a lottery. Ring: as counted. Filled: pulled towards what both suggest together, small "
            "groups most; with its 95 % interval. ▲ above and ▼ below, ● within noise."
        ),
        spec=crossed_groups(ratio_ticks(rows), len(rows), gaps_in(rows), mode()),
        rows=rows,
        cells=[replace(cell, group=f"{what}|{cell.group}") for cell, what in both],
        names={f"{what}|{cell.group}": _named(names[cell.group], what) for cell, what in both},
        by="group",
        against=AGAINST_LOTTERY,
        note=_note(cells),
    )


def _named(names: tuple[str, str], what: str) -> str:
    return f"{' × '.join(names)}: {what}"


def _note(cells: Sequence[Cell]) -> str:
    # a shown cell of this measure gives a reason only where it could not be steadied
    reasons = [cell.reason for cell in cells if cell.is_drawn and cell.reason]
    steadied = f"; {safe(reasons[0])}" if reasons else ""
    return f"All quarters together; not ranked, since the smallest would lead by chance{steadied}"


def crossed_finding(
    cells: Sequence[Cell], names: dict[str, tuple[str, str]], attribute: str, beside: str
) -> str:
    """Return which crossed groups meet others less, or else more, than a lottery gives."""
    drawn = sum(cell.is_drawn for cell in cells)
    if not drawn:
        return f"No group of {attribute} × {beside} can be shown here"
    if drawn < len(cells) / 2:
        # a few of many would stand for the others, of which nothing is known
        return f"Only {drawn} of {len(cells)} groups of {attribute} × {beside} can be shown"
    for verdict, pick in (("below", min), ("above", max)):
        found = [cell for cell in cells if cell.is_drawn and cell.verdict == verdict]
        if found:
            first = pick(found, key=lambda cell: cell.estimate)
            who = " × ".join(safe(name) for name in names[first.group])
            others = f" and {len(found) - 1} more" if len(found) > 1 else ""
            return f"Mixing across {attribute} is {verdict} a lottery for {who}{others}"
    return f"No group of {attribute} × {beside} differs from a lottery beyond noise"
