"""Check the published changes of intakes: whom each covers, enough people, and no value far off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from builder.behind import Behind
from builder.intakes import INTAKE
from builder.intakes_audit import spot_of
from builder.items import OUTSIDE, PAIRED
from builder.places import Places
from disclosure.audit import Finding
from disclosure.rounding import point_step
from disclosure.thresholds import Thresholds
from release import Cell, Release
from store import intakes

CHANGE = "cohort_change"
FLOATING_POINT = 1e-4
Place = tuple[int, int, int]
Exact = Callable[[Place], tuple[int, float]]
"""Return how many people are behind a place, and their mean change before rounding."""


def changes_of_intakes(release: Release, part: str, code: str) -> list[Cell]:
    """Return the drawn changes of intakes in one skill or scale."""
    return [
        cell
        for cell in release.contents.cells
        if (cell.measure, cell.breakdown, cell.group) == (CHANGE, part, code)
        and cell.slice.startswith(f"{INTAKE}=")
        and cell.is_drawn
    ]


def intake_sets(
    cells: list[Cell], behind: Behind, places: Places, attributes: int
) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the name of each cell, and which patterns of an item it covers."""
    for cell in cells:
        yield key_of(cell), behind.covered(_rows(behind.columns, cell, places, attributes))


def _rows(
    columns: Mapping[str, np.ndarray], cell: Cell, places: Places, attributes: int
) -> np.ndarray:
    programme, quarter = spot_of(cell, places)
    inside = columns["programme_no"] == programme if programme else (
        columns["programme_no"] != OUTSIDE
    )  # fmt: skip
    began = columns[f"g{attributes}" if programme else f"g{attributes + 1}"]
    return inside & (columns["period_no"] == PAIRED) & (began == quarter)


def audit_intake_changes(
    cells: list[Cell],
    exact_of: Exact,
    places: Places,
    scale: tuple[float, float],
    thresholds: Thresholds,
) -> Iterator[Finding]:
    """Yield changes that rest on too few people, or lie further off than their rounding allows."""
    for cell in cells:
        people, exact = exact_of((intakes.INTAKE, *spot_of(cell, places)))
        if people < thresholds.mean:
            words = f"shown although it rests on fewer than {thresholds.mean} people"
            yield Finding(rule="people behind a mean", key=key_of(cell), words=words)
        if abs(cell.estimate - exact) > point_step(people, scale) / 2 + FLOATING_POINT:
            words = "further from the exact value than its rounding allows"
            yield Finding(rule="value", key=key_of(cell), words=words)


def key_of(cell: Cell) -> str:
    """Return what names a cell in a finding."""
    return " / ".join((cell.measure, cell.slice, cell.breakdown, cell.group, cell.period))
