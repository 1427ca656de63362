"""Check the published rates of intakes: enough people, and no value far from what is counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from sqlalchemy import Connection

from builder.intakes import INTAKE
from builder.locations import RATE_OF
from builder.places import Places
from disclosure.audit import Finding
from disclosure.thresholds import Thresholds
from release import Cell, Release
from store import intake_sums, reading
from store.equity import COMPLETION
from store.facts import Facts

FIVE = 5
FLOATING_POINT = 1e-4
OUTCOME_OF = {rate: outcome for outcome, rate in RATE_OF.items()}


def compared_intakes(release: Release) -> list[Cell]:
    """Return the drawn rates of intakes."""
    return [
        cell
        for cell in release.contents.cells
        if cell.measure == "cohort_rate" and cell.slice.startswith(f"{INTAKE}=") and cell.is_drawn
    ]


def place_of(cell: Cell, places: Places) -> tuple[str, int, int]:
    """Return outcome, programme (0 for all) and quarter of a rate, from its key alone."""
    return OUTCOME_OF[cell.group], *spot_of(cell, places)


def spot_of(cell: Cell, places: Places) -> tuple[int, int]:
    """Return programme (0 for all) and quarter of an intake, from the key of a cell."""
    code, _, day = cell.slice.removeprefix(f"{INTAKE}=").rpartition(".")
    year, quarter = day.split("-Q")
    programmes = {one.key: one.number for one in places.of_level("programme")}
    number = programmes[f"programme={code}"] if code else 0
    return number, 4 * int(year) + int(quarter) - 1


def audit_intakes(
    connection: Connection, facts: Facts, places: Places, release: Release, thresholds: Thresholds
) -> Iterator[Finding]:
    """Yield rates of intakes that rest on too few people or lie outside their own interval."""
    cells = compared_intakes(release)
    if not cells:
        return
    counted = _counted(connection, facts)
    for cell in cells:
        people, x, d = counted.get(place_of(cell, places), (0.0, 0.0, 1.0))
        if people < thresholds.people or cell.people + FIVE / 2 < thresholds.people:
            words = "an intake that rests on too few people"
            yield Finding(rule="few people", key=_key(cell), words=words)
        if not cell.low - FLOATING_POINT <= x / d <= cell.high + FLOATING_POINT:
            words = "a rate of an intake outside its own interval"
            yield Finding(rule="wrong number", key=_key(cell), words=words)


def _counted(
    connection: Connection, facts: Facts
) -> dict[tuple[str, int, int], tuple[float, float, float]]:
    alone = reading.read(connection, intake_sums.intake_sums(facts))
    offers = reading.read(connection, intake_sums.intake_offers(facts))
    whole = offers[offers["kind"] == "whole"].rename(columns={"own": "group_no"})
    whole = whole.assign(outcome_code=COMPLETION)
    return {
        (row.outcome_code, int(row.programme_no), int(row.group_no)): (row.people, row.x, row.d)
        for frame in (alone, whole)
        for row in frame.itertuples()
    }


def intake_sets(
    release: Release,
    outcome: str,
    rows: Mapping[str, np.ndarray],
    places: Places,
    attributes: int,
) -> Iterator[tuple[str, np.ndarray]]:
    """Yield which rows of the patterns of an outcome each published intake covers."""
    for cell in compared_intakes(release):
        code, programme, quarter = place_of(cell, places)
        if code != outcome:
            continue
        number = rows[f"g{attributes}" if programme else f"g{attributes + 1}"]
        inside = (rows["programme_no"] == programme) | (programme == 0)
        yield _key(cell), inside & (number == quarter)


def _key(cell: Cell) -> str:
    return " / ".join((cell.measure, cell.slice, cell.breakdown, cell.group, cell.period))
