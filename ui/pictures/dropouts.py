"""Picture of how many are expected to stop, by cohort, beside what the average gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from charts.leftout import dots_by_group, linear_ticks
from charts.rows import gaps_in, group_rows
from release import Cell, Release
from ui.frame import Picture, mode
from ui.pictures.engagement import ORGANISATION, cohorts_in, name_of
from ui.place_names import place_names
from ui.words import safe

DROPOUTS = "expected_dropouts"
AVERAGE = {
    "above": "more than the average gives",
    "below": "fewer than the average gives",
    "noise": "within noise",
}
MOST_NAMED = 2
HOW_TO_READ = (
    "People of each cohort expected to stop within its next three cycles, with the range of what "
    "is likely; from how they took part lately. Tick: at the average of all cohorts, with grey "
    "for noise. ▲ more and ▼ fewer beyond noise."
)
NOT_TOLD = "How many will stop is not foretold: the simple rule is better"
NOT_TESTED = "How many will stop is not foretold yet"
ONLY_IF = (
    "A number of people who are expected to stop is shown only if it did better than the average "
    "in the latest cycles, and held in every cohort and group."
)


def dropout_pictures(release: Release, slice_: str) -> list[Picture]:
    """Return how many are expected to stop in each cohort, or why that is not told."""
    cells = [
        cell
        for cohort in cohorts_in(release, slice_)
        if (cell := release.cell(DROPOUTS, cohort, "none")) is not None
    ]
    refused = release.cell(DROPOUTS, ORGANISATION, "none")
    if not cells:
        return [_refused(refused)] if refused is not None else []
    named = [replace(cell, group=cell.slice) for cell in cells]
    names = {cell.slice: place_names(release)[cell.slice] for cell in cells}
    # in the order of the programmes: no ranking
    rows = group_rows(named, names, ranked=False)
    return [
        Picture(
            key=DROPOUTS,
            finding=dropout_finding(release, cells),
            how_to_read=HOW_TO_READ,
            spec=dots_by_group(
                linear_ticks(rows, "people"), len(rows), gaps_in(rows), "people", mode()
            ),
            rows=rows,
            cells=named,
            names=names,
            by="group",
            against=AVERAGE,
            note=_tested(cells),
        )
    ]


def _refused(cell: Cell) -> Picture:
    # a reason of several words in a heading would be cut
    simple = "simple rule" in cell.reason
    return Picture(
        key=DROPOUTS,
        finding=NOT_TOLD if simple else NOT_TESTED,
        how_to_read=ONLY_IF,
        spec={},
        rows=[],
        cells=[cell],
        names={cell.group: "Whole organisation"},
        by="group",
        against=AVERAGE,
    )


def dropout_finding(release: Release, cells: Sequence[Cell]) -> str:
    """Return in which cohorts more are expected to stop than the average gives."""
    more = sorted(
        (cell for cell in cells if cell.verdict == "above"),
        key=lambda cell: (cell.expected or 0.0) - (cell.estimate or 0.0),
    )
    drawn = [cell for cell in cells if cell.is_drawn]
    if not drawn:
        return NOT_TESTED
    if not more:
        where = name_of(release, drawn[0].slice) if len(drawn) == 1 else "In no cohort"
        if len(drawn) == 1:
            return f"{where}: no more are expected to stop than the average gives"
        return f"{where} are more expected to stop than the average gives"
    named = [name_of(release, cell.slice) for cell in more]
    if len(named) > MOST_NAMED:
        return f"In {len(named)} of {len(drawn)} cohorts, more are expected to stop than average"
    return f"More people than average are expected to stop in {' and '.join(named)}"


def _tested(cells: Sequence[Cell]) -> str:
    """Return what the numbers are worth."""
    said = [cell.reason for cell in cells if cell.status == "shown" and cell.reason]
    return safe(f"{said[0][:1].upper()}{said[0][1:]}") if said else ""
