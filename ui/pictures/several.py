"""Pictures over all attributes: each alone beside adjusted, and what unknown groups leave open."""

from __future__ import annotations

from collections.abc import Sequence

from charts.rows import gaps_in, ratio_ticks, share_domain
from charts.several import alone_beside_adjusted, attribute_rows, bounds_by_attribute
from release import Cell, Release
from ui.frame import Picture, mode
from ui.words import AGAINST_LOTTERY, capital, listed, safe

ADJUSTED, ALONE, BOUNDS = (
    "adjusted_cross_group_ratio",
    "cross_group_ratio",
    "cross_group_bounds",
)
BEYOND_NOISE = ("above", "below")
COLOURS = "▲ above and ▼ below a lottery, ● within noise."


def several_pictures(release: Release, attribute: str | None, slice_: str) -> list[Picture]:
    """Return the pictures of a slice over all attributes; ``attribute`` changes nothing."""
    adjusted = _cells(release, ADJUSTED, slice_)
    bounds = _cells(release, BOUNDS, slice_)
    pictures = [_dumbbell(release, slice_, adjusted)] if adjusted else []
    return pictures + ([_strips(release, bounds)] if bounds else [])


def _cells(release: Release, measure: str, slice_: str) -> list[Cell]:
    found = (release.cell(measure, slice_, attribute) for attribute in release.breakdowns)
    return [cell for cell in found if cell is not None]


def _names(release: Release) -> dict[str, str]:
    return {key: capital(scope.label) for key, scope in release.breakdowns.items()}


def _dumbbell(release: Release, slice_: str, cells: Sequence[Cell]) -> Picture:
    names = _names(release)
    alone = {cell.breakdown: release.cell(ALONE, slice_, cell.breakdown) for cell in cells}
    rows = attribute_rows(cells, names, alone)
    return Picture(
        key="several",
        finding=adjusted_finding(cells, alone, names),
        how_to_read=(
            "How often people meet outside their own group. Ring: each attribute alone. Filled: "
            "once the others shown here are taken into account, with its 95 % interval. "
            f"{COLOURS}"
        ),
        spec=alone_beside_adjusted(ratio_ticks(rows), len(rows), gaps_in(rows), mode()),
        rows=rows,
        cells=cells,
        names=names,
        by="breakdown",
        against=AGAINST_LOTTERY,
        note="Filled counts only pairings in which all of these attributes are known",
    )


def adjusted_finding(
    cells: Sequence[Cell], alone: dict[str, Cell | None], names: dict[str, str]
) -> str:
    """Return which attributes lose, keep or gain a difference once the others are in."""
    drawn = [cell for cell in cells if cell.is_drawn]
    if not drawn:
        return "The attributes cannot be told apart here"
    before = {key for key, cell in alone.items() if cell and cell.verdict in BEYOND_NOISE}
    after = {cell.breakdown for cell in drawn if cell.verdict in BEYOND_NOISE}
    seen = [cell.breakdown for cell in drawn]
    for chosen, words in (
        (before - after, "{} alone, but not once the others are taken into account"),
        (after - before, "{} only once the others are taken into account"),
        (before & after, "still {} once the others are taken into account"),
    ):
        keys = [key for key in seen if key in chosen]
        if keys:
            verb = "differs" if len(keys) == 1 else "differ"
            return f"{_listed(keys, names)} {words.format(verb)}"
    return "No attribute differs from a lottery beyond noise, alone or together"


def _strips(release: Release, cells: Sequence[Cell]) -> Picture:
    names = _names(release)
    rows = attribute_rows(cells, names, {})
    return Picture(
        key="unknown",
        finding=bounds_finding(
            cells, {key: scope.label for key, scope in release.breakdowns.items()}
        ),
        how_to_read=(
            "How often people meet outside their own group, of all pairings. Shape: where groups "
            "are known. Strip: from none to all of the unknown being across. Tick: a lottery. "
            f"{COLOURS}"
        ),
        spec=bounds_by_attribute(share_domain(rows), len(rows), gaps_in(rows), mode()),
        rows=rows,
        cells=cells,
        names=names,
        by="breakdown",
        against=AGAINST_LOTTERY,
        note="Where the tick lies on the strip, the unknown could overturn the verdict",
    )


def bounds_finding(cells: Sequence[Cell], names: dict[str, str]) -> str:
    """Return whether people of unknown group could overturn a verdict."""
    told = [cell for cell in cells if cell.verdict in BEYOND_NOISE]
    # a shown cell of this measure gives a reason only where it is fragile
    fragile = [cell.breakdown for cell in told if cell.reason]
    if not any(cell.is_drawn for cell in cells):
        return "What unknown groups leave open cannot be shown here"
    if not told:
        return "Nothing differs beyond noise where groups are known"
    if fragile:
        return f"People of unknown group could overturn what we say about {_listed(fragile, names)}"
    return "What we say holds, whatever the unknown groups are"


def _listed(keys: Sequence[str], names: dict[str, str]) -> str:
    """Name up to two attributes; count the others."""
    shown = [safe(names[key]) for key in keys]
    return listed(shown) if len(shown) < 3 else f"{shown[0]} and {len(shown) - 1} others"
