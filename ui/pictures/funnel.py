"""The picture of the steps from who could take part to who met again."""

from __future__ import annotations

from collections.abc import Sequence

from charts.waterfall import is_hidden, shares_of_total, waterfall, waterfall_rows, waterfall_ticks
from release import Cell, Release
from ui.answers import across
from ui.frame import Picture, mode
from ui.words import safe

TOTAL = "connection_factor"
ROWS = {
    "opportunity_factor": "Opportunity: who was available",
    "matching_factor": "Matching: who was offered whom",
    "meeting_factor": "Who met, of those available",
    "uptake_factor": "Uptake: which offers were met",
    "continuation_factor": "Continuation: who met again",
    TOTAL: "All steps together",
}
SUBJECTS = {
    "opportunity_factor": "Opportunity",
    "matching_factor": "Matching",
    "meeting_factor": "Who met",
    "uptake_factor": "Uptake",
    "continuation_factor": "Meeting again",
}
GAPS = {
    "opportunity_factor": "who was available together",
    "matching_factor": "who was offered whom",
    "meeting_factor": "who met of those available",
    "uptake_factor": "cross-group offers that were not met",
    "continuation_factor": "cross-group pairs that did not meet again",
}
PORTIONS = (
    (0.95, "All"),
    (0.85, "Nearly all"),
    (0.71, "Three quarters"),
    (0.58, "Two thirds"),
    (0.42, "Half"),
    (0.29, "A third"),
    (0.0, "A part"),
)
"""Words for a share of the gap, from the largest down."""
ENDS_EARLY = "it ends with who was offered whom"
"""How the reason of a total begins that goes no further than the offers."""
AGAINST_STEP = {"above": "adds", "below": "takes away", "noise": "within noise"}


def funnel_pictures(release: Release, attribute: str, slice_: str) -> list[Picture]:
    """Return the waterfall of a slice, where its steps are published."""
    cells = _steps(release, attribute, slice_)
    if not cells:
        return []
    name = across(release, attribute)
    rows = waterfall_rows(cells, ROWS)
    return [
        Picture(
            key="funnel",
            finding=funnel_finding(cells, name),
            how_to_read=(
                f"Each step multiplies how often pairings cross {name}; its bar starts where the "
                "one above ended. Dotted: as if all who could take part met at random, where a "
                "lottery draws only among those available at the time. Line: 95 % interval; the "
                "first step is counted. ▲ adds and ▼ takes away, ● within noise."
            ),
            spec=waterfall(waterfall_ticks(rows), len(rows), is_hidden(rows), mode()),
            rows=rows,
            cells=cells,
            names={key: text.title for key, text in release.measures.items()},
            by="measure",
            against=AGAINST_STEP,
            behind=cells[0].behind,
            note=" · ".join([*_rates(release, attribute, slice_), *_assumed(cells)]),
        )
    ]


def _steps(release: Release, attribute: str, slice_: str) -> tuple[Cell, ...]:
    """Return the cells of the steps, the total last; one step where offers were not recorded."""
    found = {key: release.cell(key, slice_, attribute) for key in ROWS}
    if any(cell is None for cell in found.values()):
        return ()
    merged = found["matching_factor"].status == "undefined" and _defined(found["meeting_factor"])
    left_out = () if merged else ("meeting_factor",)
    return tuple(cell for key, cell in found.items() if key not in left_out)


def _defined(cell: Cell) -> bool:
    return cell.status != "undefined"


def funnel_finding(cells: Sequence[Cell], name: str) -> str:
    """Return which step makes the difference, in at most 14 words."""
    *steps, total = cells
    if not any(cell.is_drawn for cell in cells):
        hidden = any(cell.is_hidden for cell in cells)
        return f"The steps across {name} {'are hidden' if hidden else 'are not defined'} here"
    moving = [cell for cell in steps if cell.verdict in ("above", "below")]
    if not moving:
        return _nothing(total)
    parts = shares_of_total(cells)
    largest = max(moving, key=lambda cell: abs(parts[cell.measure]))
    same_way = {cell.verdict for cell in moving} == {"below"}
    if total.verdict == "below" and same_way:
        portion = next(word for least, word in PORTIONS if parts[largest.measure] >= least)
        return f"{portion} of the gap is {GAPS[largest.measure]}"
    return f"{SUBJECTS[largest.measure]} makes the difference: it {largest.phrase}"


def _nothing(total: Cell) -> str:
    if total.verdict in ("above", "below"):
        return f"No single step stands out; together, people meet across groups {total.phrase}"
    if total.reason.startswith(ENDS_EARLY):
        return "No step changes who is offered whom beyond noise"
    return "No step changes who meets whom beyond noise"


def _rates(release: Release, attribute: str, slice_: str) -> list[str]:
    """Return how many arranged pairings took place, across and inside groups."""
    across_, inside = (
        release.cell("completion_by_crossing", slice_, attribute, kind)
        for kind in ("cross", "same")
    )
    if not (across_ and inside and across_.is_drawn and inside.is_drawn):
        return []
    return [
        f"Pairings across groups took place {across_.printed} of the time ({across_.interval}), "
        f"those within a group {inside.printed} ({inside.interval})"
    ]


def _assumed(cells: Sequence[Cell]) -> list[str]:
    """Return what was not recorded, so that something else had to stand in for it."""
    reasons = [cell.reason for cell in cells if cell.reason and cell.status == "shown"]
    said = dict.fromkeys(part for reason in reasons for part in reason.split("; "))
    return [safe(part[:1].upper() + part[1:]) for part in said]
