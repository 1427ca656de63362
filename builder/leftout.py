"""Cells of who is left out and who carries the mixing: reach, silence, load, Coleman's index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from builder.attribute import AttributeRun, Spot
from builder.catalogue import LEFT_OUT_LEVELS
from builder.cells import CellKey, Draft, judged
from builder.gathering import GroupNumbers
from builder.places import ALL_TIME, Slice
from disclosure.gate import Gate, Verdict
from disclosure.rounding import to_five
from disclosure.sentences import overload_sentence
from disclosure.thresholds import Thresholds
from metrics import measure
from metrics.connection.load import is_overloaded
from metrics.connection.reach import Outreach, Silence
from metrics.definition import Part, Result, Status
from release.contents import Cell
from store import leftout, reading

SUMS = {
    "people": "people",
    "reached": "reached",
    "expected": "expected_reached",
    "independent": "independent",
    "seats": "seats",
    "inside_seats": "inside_seats",
    "missed_seats": "missed_seats",
    "cross": "cross",
    "cross_squared": "cross_squared",
    "unavoidable": "unavoidable",
    "unavoidable_squared": "unavoidable_squared",
    "cross_unavoidable": "cross_unavoidable",
}


def leftout_cells(run: AttributeRun) -> Iterator[Cell]:
    """Yield every cell; reach, load and index cover the people of the cross-group share."""
    silent = SilenceData(run)
    for level in LEFT_OUT_LEVELS:
        slices = run.places.of_level(level)
        rows = reading.read(run.connection, leftout.outreach(*run.view, level))
        by_slice = {slice_: rows[rows["slice_no"] == slice_.number] for slice_ in slices}
        reached = {
            slice_: outreach(rows, run.breakdown.groups) for slice_, rows in by_slice.items()
        }
        yield from judged([_reach(run, slice_, reached[slice_], ()) for slice_ in slices])
        yield from judged([silent.draft(slice_, ()) for slice_ in slices])
        for slice_ in slices:
            parts = _groups(run)
            yield from judged([_index(run, slice_, part) for part in parts])
            yield from judged([_reach(run, slice_, reached[slice_], part) for part in parts])
            yield from judged([silent.draft(slice_, part) for part in parts])
            heavy = _dominated(by_slice[slice_], run.breakdown.groups, run.gate.thresholds)
            loads = [_load(run, slice_, reached[slice_], part, heavy) for part in parts]
            yield from (_worded(run, slice_, cell) for cell in judged(loads))


def _groups(run: AttributeRun) -> list[Part]:
    return [(group,) for group in range(len(run.breakdown.groups))]


def outreach(rows: pd.DataFrame, groups: GroupNumbers) -> Outreach:
    """Lay out the rows of one slice as the measures read them."""
    position = groups.index(rows["own"])
    columns = {}
    for name, column in SUMS.items():
        columns[name] = np.zeros(len(groups))
        columns[name][position] = rows[column].to_numpy(dtype=float)
    whole = ("people", "reached", "expected", "independent")
    return Outreach(**columns, **{f"whole_{name}": rows[f"whole_{name}"].sum() for name in whole})


def _dominated(rows: pd.DataFrame, groups: GroupNumbers, thresholds: Thresholds) -> set[int]:
    """Return the groups of whose conversations across one person alone has more than the limit."""
    over = rows["most"] > thresholds.largest_share * rows["cross"]
    return set(groups.index(rows["own"][over]).tolist())


def _index(run: AttributeRun, slice_: Slice, part: Part) -> Draft:
    counts = run.data.counts(slice_, ALL_TIME, "all")
    people = run.gate.people(slice_, ALL_TIME, run.breakdown.groups.numbers[part[0]])
    result = measure("coleman_index").compute(counts, part)
    return _draft("coleman_index", run, (slice_, ALL_TIME, part), replace(result, people=people))


def _reach(run: AttributeRun, slice_: Slice, reached: Outreach, part: Part) -> Draft:
    result = measure("cross_group_reach").compute(reached, part)
    return _draft("cross_group_reach", run, (slice_, ALL_TIME, part), result)


def _load(
    run: AttributeRun, slice_: Slice, reached: Outreach, part: Part, heavy: set[int]
) -> Draft:
    result = measure("mixing_load").compute(reached, part)
    draft = _draft("mixing_load", run, (slice_, ALL_TIME, part), result)
    if part[0] in heavy and draft.verdict is Verdict.SHOWN:
        return replace(draft, verdict=Verdict.PROTECTS)
    return draft


def _worded(run: AttributeRun, slice_: Slice, cell: Cell) -> Cell:
    """Add a warning to a small group that carries far more than its part, unavoidable or not."""
    if not cell.is_drawn:
        return cell
    share = cell.people / to_five(run.gate.people(slice_, ALL_TIME))
    if not is_overloaded(cell.estimate, cell.low, share):
        return cell
    return replace(cell, sentence=overload_sentence(cell.sentence))


def _draft(
    key: str, run: AttributeRun, spot: Spot, result: Result, verdict: Verdict | None = None
) -> Draft:
    """Draft a cell; without a verdict of its own it covers the people of the share there."""
    slice_, when, part = spot
    breakdown = run.breakdown
    return Draft(
        key=CellKey(
            measure=key,
            slice=slice_,
            when=when,
            breakdown=breakdown.attribute,
            breakdown_label=breakdown.label,
            group="".join(breakdown.groups.codes[group] for group in part),
            group_labels=tuple(breakdown.groups.labels[group] for group in part),
        ),
        result=result,
        verdict=run.gate.verdicts[spot] if verdict is None else verdict,
        sensitivity=breakdown.sensitivity,
        thresholds=run.gate.thresholds,
    )


class SilenceData:
    """Who could have taken part and met nobody, with a gate of its own: other people count."""

    def __init__(self, run: AttributeRun) -> None:
        self._run = run
        self._programmes = [slice_.number for slice_ in run.places.of_level("programme")]
        self._columns = read_silence(run, self._programmes)
        people = self._columns["people"].astype(int)
        self._gate = Gate(people, run.gate.thresholds, run.breakdown.sensitivity)
        self._found: dict[Slice, Silence] = {}
        self._verdicts: dict[Spot, Verdict] = {}
        # everybody comes first: the operational participation rate has told that already
        for parts in ([()], _groups(run)):
            for level in LEFT_OUT_LEVELS:
                for slice_ in run.places.of_level(level):
                    for part in parts:
                        verdict = self._gate.offer(self.members(slice_, part))
                        self._verdicts[slice_, ALL_TIME, part] = verdict

    def members(self, slice_: Slice, part: Part) -> np.ndarray:
        """Return which patterns a cell covers."""
        inside = np.ones(self._columns["people"].size, dtype=bool)
        if slice_.number:
            inside &= self._column("in", slice_) > 0
        if part:
            inside &= self._columns["own"] == self._run.breakdown.groups.numbers[part[0]]
        return inside

    def draft(self, slice_: Slice, part: Part) -> Draft:
        """Return the draft of one cell."""
        spot = (slice_, ALL_TIME, part)
        result = measure("no_conversation_share").compute(self._silence(slice_), part)
        if result.status is Status.UNDEFINED:
            # nobody is counted by what was not recorded: those who met stand for those concerned
            group = self._run.breakdown.groups.numbers[part[0]] if part else None
            met = self._run.gate.people(slice_, ALL_TIME, group)
            return _draft("no_conversation_share", self._run, spot, replace(result, people=met))
        return _draft("no_conversation_share", self._run, spot, result, self._verdicts[spot])

    def _silence(self, slice_: Slice) -> Silence:
        if slice_ not in self._found:
            self._found[slice_] = self._count(slice_)
        return self._found[slice_]

    def _count(self, slice_: Slice) -> Silence:
        met = self._column("met", slice_) if slice_.number else self._columns["met"]
        people = self._columns["people"]
        counted = [
            (people[inside].sum(), (people - met)[inside].sum())
            for part in [(), *_groups(self._run)]
            for inside in [self.members(slice_, part)]
        ]
        (whole_people, whole_silent), *groups = counted
        people_of, silent_of = np.array(groups, dtype=float).T
        return Silence(
            people=people_of,
            silent=silent_of,
            whole_people=float(whole_people),
            whole_silent=float(whole_silent),
        )

    def _column(self, name: str, slice_: Slice) -> np.ndarray:
        return self._columns[f"{name}_{self._programmes.index(slice_.number)}"]


def read_silence(run: AttributeRun, programmes: Sequence[int]) -> dict[str, np.ndarray]:
    """Return the people by group and by where they could have taken part, column by column."""
    rows = reading.read(run.connection, leftout.silence(*run.view, tuple(programmes)))
    # the order of rows differs between engines, and the gate must not
    ordered = rows.sort_values(list(rows.columns))
    return {name: ordered[name].to_numpy() for name in ordered.columns}
