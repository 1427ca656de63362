"""Cells of cohorts before and since each of their cycles began, beside the other cohorts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from builder.cells import CellKey, Draft, judged
from builder.places import Slice, When
from builder.whole import WholeRun
from disclosure.gate import Verdict
from disclosure.printing import percent, points
from disclosure.publishing import PublishedCell
from metrics import measure
from metrics.definition import Sensitivity
from metrics.engagement.before_after import (
    FEWEST_OTHERS,
    BeforeAfter,
    KnownCycles,
    before_and_after,
    others_together,
)
from metrics.intervals import Z95
from release.contents import Cell
from store import engagement, reading

SINCE, CYCLE = "cohort_change_since", "cycle_participation"
OF_PROGRAMME, OF_ALL = "the other cohorts of the programme", "the cohorts of all programmes"
Days = dict[tuple[int, str], date]


@dataclass(frozen=True, eq=False)
class Dated:
    """A cohort with the days on which its published cycles began."""

    slice: Slice
    days: tuple[date, ...]
    labels: tuple[str, ...]
    cycles: KnownCycles


def since_cells(run: WholeRun, cells: Sequence[Cell]) -> Iterator[Cell]:
    """Yield how each cohort changed since each of its cycles, from its published cycles alone.

    The period of a cell is the day on which the cycle began. Beside a cohort stand the others of
    its programme that ran at the time; where they are too few, those of all programmes.
    """
    cohorts = _dated(run, cells)
    for one in cohorts:
        others = [other for other in cohorts if other is not one]
        near = [other for other in others if other.slice.part_of == one.slice.part_of]
        beside = (before_and_after(one.cycles, _cycles(some)) for some in (near, others))
        for of_programme, of_all in zip(*beside, strict=True):
            if len(of_programme.others) >= FEWEST_OTHERS:
                yield from _cell(run, one, of_programme, OF_PROGRAMME)
            else:
                yield from _cell(run, one, of_all, OF_ALL)


def _cycles(cohorts: Sequence[Dated]) -> list[KnownCycles]:
    return [one.cycles for one in cohorts]


def _dated(run: WholeRun, cells: Sequence[Cell]) -> list[Dated]:
    by_cohort: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.measure == CYCLE and cell.is_drawn:
            by_cohort.setdefault(cell.slice, []).append(cell)
    if not by_cohort:
        return []
    days = _days(run)
    slices = {slice_.key: slice_ for slice_ in run.places.of_level("cohort")}
    return [_cohort(slices[key], found, days) for key, found in by_cohort.items()]


def _days(run: WholeRun) -> Days:
    """Return on which day each cycle of each cohort began."""
    offers = reading.read(run.connection, engagement.offers(run.facts)).dropna()
    began = pd.to_datetime(offers["starts_at"], utc=True).dt.date
    rounds = zip(offers["cohort_no"], offers["cycle_no"], began, strict=True)
    days = {(int(cohort), str(int(cycle))): day for cohort, cycle, day in rounds}
    for slice_ in run.places.of_level("cohort"):
        for when in run.places.quarters:
            first = date(when.number // 4, 3 * (when.number % 4) + 1, 1)
            days[slice_.number, when.key] = first
    return days


def _cohort(slice_: Slice, cells: Sequence[Cell], days: Days) -> Dated:
    """Return the cycles whose day is known; of two that began on one day, the first."""
    known: dict[date, Cell] = {}
    for cell in cells:
        if (slice_.number, cell.period) in days:
            known.setdefault(days[slice_.number, cell.period], cell)
    in_order = sorted(known)
    found = [known[day] for day in in_order]
    cycles = KnownCycles(
        starts=np.array([day.toordinal() for day in in_order], dtype=float),
        shares=np.array([cell.estimate for cell in found], dtype=float),
        errors=np.array([(cell.high - cell.low) / (2 * Z95) for cell in found], dtype=float),
        people=np.array([cell.people for cell in found], dtype=float),
    )
    return Dated(slice_, tuple(in_order), tuple(map(_label, found)), cycles)


def _label(cell: Cell) -> str:
    year, _, quarter = cell.period.partition("-")
    return f"{quarter} {year}" if quarter else f"cycle {cell.period}"


def _cell(run: WholeRun, one: Dated, found: BeforeAfter, others: str) -> Iterator[Cell]:
    """Publish one change; judged by itself, since a plan names its day in advance."""
    day = one.days[found.number]
    when = When(day.toordinal(), day.isoformat(), f"since {one.labels[found.number]}")
    result = measure(SINCE).compute(found, ())
    operational = Sensitivity.OPERATIONAL
    key = CellKey(SINCE, one.slice, when, others=(others,))
    draft = Draft(key, result, Verdict.SHOWN, operational, run.thresholds)
    yield from judged([draft], partial(_beside, found, others))


def _beside(found: BeforeAfter, others: str, cell: PublishedCell) -> PublishedCell:
    """Say from where to where the cohort and the others went, in published values."""
    if cell.estimate is None or found.own is None:
        return cell
    own = f"from {percent(found.own.before)} to {percent(found.own.since)}"
    return replace(cell, phrase=f"{own} here, {points(others_together(found).mean)} in {others}")
