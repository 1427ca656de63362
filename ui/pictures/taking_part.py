"""Pictures of the steps of taking part, and of how long people keep at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from charts.engagement import curve_rows, curves, is_hidden, step_bars, step_rows
from release import Cell, Release
from release.contents import WHOLE
from ui.frame import Picture, mode
from ui.pictures.engagement import cohorts_in, place_of
from ui.place_names import place_names
from ui.words import safe

STEP, SURVIVAL = "step_share", "survival"
ELSEWHERE = {"above": "above the others", "below": "below the others", "noise": "within noise"}
MOST_CURVES = 3
LEAST_LOSS = 0.02


def step_pictures(release: Release, slice_: str) -> list[Picture]:
    """Return the steps of a slice."""
    cells = [
        cell
        for cell in release.by_group(STEP, slice_, "step")
        if cell.status != "undefined" and cell.group in release.groups("step")
    ]
    if not cells:
        return []
    names = {key: group.label for key, group in release.groups("step").items()}
    rows = step_rows(cells, names)
    return [
        Picture(
            key=STEP,
            finding=step_finding(cells, names),
            how_to_read=(
                "How many of those at one step reach the next; having met again is counted from "
                "having met. Bars: of all who could take part. ▲ and ▼: beyond noise against the "
                "other cohorts or programmes."
            ),
            spec=step_bars(len(rows), is_hidden(rows), mode()),
            rows=rows,
            cells=cells,
            names=names,
            by="group",
            against=ELSEWHERE,
        )
    ]


def largest_loss(cells: Sequence[Cell]) -> Cell | None:
    """Return the step at which most people are lost, None where hardly any are."""
    # of a share that is published as "over 95 %" nobody knows whether it loses anybody
    drawn = [cell for cell in cells if cell.is_drawn and not cell.printed.startswith("over")]
    lost = max(drawn, key=lambda cell: (1 - cell.estimate) * (cell.people or 0), default=None)
    return lost if lost is not None and 1 - lost.estimate >= LEAST_LOSS else None


def step_finding(cells: Sequence[Cell], names: dict[str, str]) -> str:
    """Return where most people are lost."""
    lost = largest_loss(cells)
    if not any(cell.is_drawn for cell in cells):
        return "The steps of taking part are hidden here"
    if lost is None:
        return "Hardly anybody is lost at any step"
    words = safe(f"{names[lost.group][:1].lower()}{names[lost.group][1:]}")
    return f"Most people are lost at the step “{words}”: {lost.printed} reach it"


def survival_pictures(release: Release, slice_: str) -> list[Picture]:
    """Return how long people keep taking part: a cohort and its programme, or whoever differs."""
    chosen = _chosen(release, slice_)
    found = {key: _curve(release, key) for key in chosen}
    found = {key: cells for key, cells in found.items() if any(cell.is_drawn for cell in cells)}
    if not found:
        return []
    names = {key: place_names(release)[key] for key in found}
    verdicts = {names[key]: _verdict(release, key) for key in found}
    rows = curve_rows({names[key]: cells for key, cells in found.items()}, verdicts)
    longest = max(int(row["order"]) for row in rows)
    beside = [cell for key in found if (cell := release.cell(SURVIVAL, key, "none")) is not None]
    return [
        Picture(
            key=SURVIVAL,
            finding=survival_finding(release, beside),
            how_to_read=(
                "Share still taking part after each cycle of one's own, with 95 % interval. Blue "
                "and solid: longer than the other cohorts; orange and dashed: shorter; dotted "
                "grey: within noise, or all cohorts of a programme."
            ),
            spec=curves(longest, mode()),
            rows=rows,
            cells=[
                replace(cell, group=place_of(cell)) for cells in found.values() for cell in cells
            ],
            names={
                place_of(cell): f"{names[key]}, after cycle {cell.period}"
                for key, cells in found.items()
                for cell in cells
            },
            by="group",
            against=ELSEWHERE,
            note=safe(_whole_curves(release, beside)),
        )
    ]


def _curve(release: Release, key: str) -> list[Cell]:
    cycles = (str(number) for number in range(1, 1000))
    cells: list[Cell] = []
    for cycle in cycles:
        cell = release.cell(SURVIVAL, key, "none", WHOLE, cycle)
        if cell is None:
            break
        cells.append(cell)
    return cells


def _verdict(release: Release, key: str) -> str:
    cell = release.cell(SURVIVAL, key, "none")
    verdict = "" if cell is None else cell.verdict
    return {"above": "more", "below": "less"}.get(verdict, "noise")


def _chosen(release: Release, slice_: str) -> list[str]:
    if slice_.startswith("cohort="):
        return [slice_, release.slices[slice_].part_of]
    cohorts = cohorts_in(release, slice_)
    telling = sorted(
        cohorts, key=lambda key: ("less", "more", "noise").index(_verdict(release, key))
    )
    differing = [key for key in telling if _verdict(release, key) != "noise"]
    if slice_.startswith("programme="):
        return [*differing[: MOST_CURVES - 1], slice_]
    programmes = [key for key in release.slices if key.startswith("programme=")]
    of_worst = [release.slices[key].part_of for key in differing[:1]]
    return [*differing[:2], *of_worst] if differing else programmes[:MOST_CURVES]


def survival_finding(release: Release, cells: Sequence[Cell]) -> str:
    """Return which cohort keeps its people for less long, or longer, than the others."""
    ways = {"below": "loses people sooner", "above": "keeps people longer"}
    found = [cell for way in ways for cell in cells if cell.verdict == way]
    if not any(cell.is_drawn for cell in cells):
        return "How long people keep taking part cannot be shown here"
    if len(cells) == 1 and not found:
        # "In Crossings, after 11 cycles, 66 % still take part"
        return safe(cells[0].sentence.partition(" (95")[0])
    if not found:
        return "No cohort loses its people sooner than the others, beyond noise"
    name = safe(place_names(release)[found[0].slice])
    return f"{name} {ways[found[0].verdict]}: {safe(found[0].phrase)}"


def _whole_curves(release: Release, cells: Sequence[Cell]) -> str:
    return ". ".join(
        f"{place_names(release)[cell.slice]}: {cell.reason}" for cell in cells if cell.reason
    )
