"""Cells of how long people keep taking part, by cohort and programme, and beside the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from builder.cells import CellKey, Draft, judged
from builder.cohort_cycles import CohortCycles, as_of
from builder.places import ALL_TIME, Slice, When
from builder.whole import WholeRun
from disclosure.gate import Verdict
from metrics import measure
from metrics.comparison import benjamini_hochberg
from metrics.definition import Result, Sensitivity, Status
from metrics.engagement.survival import LifeTable, lasting_cycle, log_rank
from release.contents import Cell
from store import durations, reading

SURVIVAL = "survival"
FEWEST = 10
"""People still watched in the cycle in which a cohort is compared with the others."""
NOISE = 0.05
WHOLE_CURVES = {
    "below": "over all cycles (log-rank test), people stop sooner than in the others",
    "above": "over all cycles (log-rank test), people stop later than in the others",
    "noise": "over all cycles (log-rank test), no difference beyond noise",
}
"""What the curves say as a whole."""


def survival_cells(run: WholeRun, cohorts: Sequence[CohortCycles]) -> Iterator[Cell]:
    """Yield the curve of each cohort and programme, and each cohort beside the others."""
    last = [
        (one.slice.number, int(one.cycles.numbers[-durations.MISSES - 1]))
        for one in cohorts
        if one.has_rounds and len(one.cycles) > durations.MISSES
    ]
    if not last:
        return
    rows = reading.read(run.connection, durations.durations(run.facts, as_of(run), last))
    if rows.empty:
        return
    tables: list[tuple[Slice, LifeTable, LifeTable | None]] = []
    longest: dict[Slice, int] = {}
    for programme in run.places.of_level("programme"):
        members = [one for one in run.places.of_level("cohort") if one.part_of == programme.key]
        numbers = {one.number for one in members}
        tables.append((programme, _table(rows, numbers), None))
        for one in members:
            own, others = _table(rows, {one.number}), _table(rows, numbers - {one.number})
            tables.append((one, own, others))
            longest[one] = lasting_cycle(own, run.thresholds.operational)
        # a person may be in two cohorts, so one of them must be large enough by itself
        longest[programme] = max((longest[one] for one in members), default=-1)
    for slice_, table, _ in tables:
        yield from judged(list(_curve(run, slice_, table, longest[slice_])))
    compared = [entry for entry in tables if longest[entry[0]] >= 0]
    drafts = [_beside(run, *entry, longest[entry[0]]) for entry in compared]
    tests = _log_ranks([(own, others) for _, own, others in compared])
    for draft, cell, test in zip(drafts, judged(drafts), tests, strict=True):
        if cell.is_drawn:
            cell = replace(cell, phrase=f"{cell.phrase} still there {draft.key.when.label}")
        # the verdict is that of the whole curves, not of the one cycle that is printed
        is_compared = cell.verdict and cell.expected is not None
        yield replace(cell, verdict=test, reason=WHOLE_CURVES[test]) if is_compared else cell


def _log_ranks(tables: Sequence[tuple[LifeTable, LifeTable | None]]) -> list[str]:
    """Return of each cohort whether its people keep at it for less long than in the others.

    By log-rank tests, corrected for their number.
    """
    tests = [None if others is None else log_rank(own, others) for own, others in tables]
    adjusted = benjamini_hochberg([test.p_value if test else np.nan for test in tests])
    verdicts = []
    for (own, _), test, p_value in zip(tables, tests, adjusted, strict=True):
        differs = test is not None and p_value <= NOISE
        sooner = differs and own.events.sum() > test.expected
        verdicts.append("below" if sooner else "above" if differs else "noise")
    return verdicts


def _table(rows: pd.DataFrame, cohorts: set[int]) -> LifeTable:
    chosen = rows[rows["cohort_no"].isin(cohorts)]
    longest = int(chosen["cycle"].max()) if len(chosen) else 0
    counts = np.zeros((2, longest))
    for row in chosen.itertuples():
        counts[int(row.stopped), int(row.cycle) - 1] += row.people
    axis = np.arange(1, longest + 1, dtype=float)
    return LifeTable(cycles=axis, events=counts[1], censored=counts[0])


def _when(cycle: int) -> When:
    return When(cycle, str(cycle), f"after {cycle} {'cycle' if cycle == 1 else 'cycles'}")


def _curve(run: WholeRun, slice_: Slice, table: LifeTable, longest: int) -> Iterator[Draft]:
    for number in range(longest + 1):
        result = measure(SURVIVAL).compute(table, (number,))
        yield _draft(run, slice_, _when(number + 1), result)


def _beside(
    run: WholeRun, slice_: Slice, table: LifeTable, others: LifeTable | None, longest: int
) -> Draft:
    number = min(lasting_cycle(table, FEWEST), longest)
    if others is not None and len(others.cycles):
        number = min(number, lasting_cycle(others, FEWEST))
    when = replace(_when(max(number, 0) + 1), key=ALL_TIME.key)
    result = measure(SURVIVAL).compute(table, (max(number, 0),))
    if others is None or number < 0 or not len(others.cycles):
        return _draft(run, slice_, when, result)
    return _draft(run, slice_, when, _compared(result, table, others, number))


def _compared(result: Result, table: LifeTable, others: LifeTable, number: int) -> Result:
    """Add what the other cohorts show."""
    if result.status is not Status.OK:
        return result
    variance = float(table.variance[number] + others.variance[number])
    return replace(
        result,
        expected=float(others.survival[number]),
        expected_error=float(np.sqrt(variance)) or None,
    )


def _draft(run: WholeRun, slice_: Slice, when: When, result: Result) -> Draft:
    key = CellKey(SURVIVAL, slice_, when)
    return Draft(key, result, Verdict.SHOWN, Sensitivity.OPERATIONAL, run.thresholds)
