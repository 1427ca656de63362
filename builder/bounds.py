"""Cells that say how far people of unknown group could move the cross-group share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from builder.attribute import AttributeRun
from builder.catalogue import SEVERAL_LEVELS
from builder.cells import CellKey, Draft, judged
from builder.places import ALL_TIME, Slice
from disclosure.sentences import FRAGILE, fragile_sentence
from disclosure.verdicts import is_fragile
from metrics import measure
from metrics.connection.bounds import KnownAndUnknown
from release.contents import Cell

KEY = "cross_group_bounds"


def bounds_cells(run: AttributeRun) -> Iterator[Cell]:
    """Yield the bounds of each slice; the gate has already been asked for the share itself."""
    for level in SEVERAL_LEVELS:
        drafts = [_draft(run, slice_) for slice_ in run.places.of_level(level)]
        yield from (_worded(cell) for cell in judged(drafts))


def _draft(run: AttributeRun, slice_: Slice) -> Draft:
    breakdown = run.breakdown
    pairings = KnownAndUnknown(
        counts=run.data.counts(slice_, ALL_TIME, "all"),
        unknown=run.data.unknown_weight(slice_, ALL_TIME),
    )
    people = run.gate.people(slice_, ALL_TIME)
    return Draft(
        key=CellKey(
            measure=KEY,
            slice=slice_,
            when=ALL_TIME,
            breakdown=breakdown.attribute,
            breakdown_label=breakdown.label,
        ),
        result=replace(measure(KEY).compute(pairings, ()), people=people),
        verdict=run.gate.verdicts[slice_, ALL_TIME, ()],
        sensitivity=breakdown.sensitivity,
        thresholds=run.gate.thresholds,
    )


def _worded(cell: Cell) -> Cell:
    """Say fragile, and why, where the published bounds hold the lottery."""
    if cell.expected is None or not is_fragile(cell.verdict, cell.low, cell.expected, cell.high):
        return cell
    return replace(cell, sentence=fragile_sentence(cell.sentence), reason=FRAGILE)
