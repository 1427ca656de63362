"""One picture of differences in points, whatever they are between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from charts.growth import NO_DIFFERENCE, change_dots, point_rows, point_ticks
from charts.rows import gaps_in
from release import Cell
from release.contents import WHOLE
from ui.frame import Picture, mode

SIGNS = "▲ more and ▼ less beyond noise, ● within noise. Grey: what noise alone would give."
ALL_TOGETHER = "All together"


def effect_picture(
    cells: Sequence[Cell],
    names: Mapping[str, str],
    *,
    finding: str,
    how_to_read: str,
    word: str = "",
    note: str = "",
) -> Picture:
    """Return the picture of differences, beyond noise in the word that the data allow."""
    named = {cell.group: names.get(cell.group, ALL_TOGETHER) for cell in cells}
    drawn = any(cell.is_drawn for cell in cells)
    rows = point_rows(cells, named) if drawn else []
    ticks = point_ticks(rows, band=True)
    gaps = gaps_in(rows)
    said = f": {word}" if word else ""
    return Picture(
        key=cells[0].measure,
        finding=finding,
        how_to_read=f"{how_to_read} {SIGNS}" if drawn else how_to_read,
        spec=change_dots(ticks, len(rows), gaps, mode(), True, NO_DIFFERENCE) if drawn else {},
        rows=rows,
        cells=cells,
        names=named,
        by="group",
        against={
            "above": f"more{said}",
            "below": f"less{said}",
            "noise": "no difference beyond noise",
        },
        note=note,
    )


def beyond_noise(cells: Sequence[Cell]) -> list[Cell]:
    """Return the cells that differ beyond noise, the largest difference first."""
    found = [cell for cell in cells if cell.verdict in ("above", "below")]
    return sorted(found, key=lambda cell: -abs(cell.estimate or 0.0))


def same_way(found: Sequence[Cell]) -> list[Cell]:
    """Return those of `beyond_noise` that go the way of the largest difference."""
    return [cell for cell in found if cell.verdict == found[0].verdict]


def refusal(cells: Sequence[Cell]) -> str:
    """Return why no number stands there, empty where one does."""
    if any(cell.is_drawn for cell in cells):
        return ""
    return next((cell.reason for cell in cells if cell.reason), "")


def whole_or_groups(groups: Sequence[Cell], whole: Cell | None) -> tuple[Cell, ...]:
    """Return the cells by group, or the one answer that holds for all of them."""
    return tuple(groups) or ((whole,) if whole is not None and whole.group == WHOLE else ())
