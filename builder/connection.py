"""Cells of the connection measures for one attribute: compute, ask the gate, publish, judge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from builder.attribute import AttributeGate, AttributeRun, Breakdown, Spot
from builder.catalogue import CONNECTION, TRENDS, View
from builder.cells import CellKey, Draft, judged
from builder.gathering import AttributeData
from builder.places import ALL_TIME, Places, Slice
from disclosure.gate import Gate, Verdict
from disclosure.matrix import matrix_verdicts
from metrics import measure
from metrics.connection.trend import period_counts
from metrics.definition import Part
from release.contents import Cell

WHOLE_MEASURES = ("cross_group_share", "cross_group_ratio")
HIDDEN_TREND = (Verdict.SMALL, Verdict.PROTECTS)


def connection_cells(run: AttributeRun) -> Iterator[Cell]:
    """Yield every cell of the connection measures for one attribute."""
    breakdown, data, gate, places = run.breakdown, run.data, run.gate, run.places
    _ask(breakdown, data, gate, places)
    for view in CONNECTION:
        yield from _publish(view, breakdown, data, gate, places)
    for level in TRENDS:
        drafts = [
            _trend(slice_, breakdown, data, gate, places) for slice_ in places.of_level(level)
        ]
        yield from judged(drafts)


def _spots(view: View, breakdown: Breakdown, places: Places) -> Iterator[Spot]:
    for slice_ in places.of_level(view.level):
        for when in places.of_span(view.span):
            for part in _parts(view, len(breakdown.groups)):
                yield slice_, when, part


def _parts(view: View, size: int) -> list[Part]:
    if view.parts == "whole":
        return [()]
    if view.parts == "groups":
        return [(group,) for group in range(size)]
    return [(one, other) for one in range(size) for other in range(one, size)]


def _ask(breakdown: Breakdown, data: AttributeData, gate: AttributeGate, places: Places) -> None:
    for view in CONNECTION:
        if view.parts == "pairs":
            continue
        for slice_, when, part in _spots(view, breakdown, places):
            group = breakdown.groups.numbers[part[0]] if part else None
            gate.offer(slice_, when, part, group)
    pair_gate = _PairGate(breakdown, data, gate, places)
    for view in CONNECTION:
        if view.parts == "pairs":
            for slice_ in places.of_level(view.level):
                pair_gate.ask(slice_)


class _PairGate:
    """The gate over group by group tables: the whole and the programmes share their pairs."""

    def __init__(
        self, breakdown: Breakdown, data: AttributeData, gate: AttributeGate, places: Places
    ) -> None:
        self._gate, self._data, self._size = gate, data, len(breakdown.groups)
        self._parts = places.of_level("programme")
        self._tables = {
            slice_: data.pair_table(slice_, ALL_TIME, "all", self._own_shown(slice_))
            for slice_ in (*places.of_level("organisation"), *self._parts)
        }
        pairs = np.array([self._tables[part].distinct_pairs for part in self._parts])
        self._pairs = pairs.reshape(len(self._parts), self._size, self._size)
        self._shared = Gate(self._pairs.ravel(), gate.thresholds, gate.sensitivity)

    def _own_shown(self, slice_: Slice) -> np.ndarray:
        said = (self._gate.verdicts[slice_, ALL_TIME, (group,)] for group in range(self._size))
        return np.array([verdict is Verdict.SHOWN for verdict in said])

    def ask(self, slice_: Slice) -> None:
        table = self._tables[slice_]
        admitted = np.array(
            [
                [self._admits(slice_, min(one, other), max(one, other)) for other in self._range]
                for one in self._range
            ]
        )
        found = matrix_verdicts(table, self._gate.thresholds, admitted)
        for one in self._range:
            if not found.own_shown[one] and table.own_shown[one]:
                self._gate.verdicts[slice_, ALL_TIME, (one,)] = Verdict.PROTECTS
            for other in range(one, self._size):
                self._gate.verdicts[slice_, ALL_TIME, (one, other)] = found.cells[one, other]

    @property
    def _range(self) -> range:
        return range(self._size)

    def _admits(self, slice_: Slice, one: int, other: int) -> bool:
        covered = np.zeros(self._pairs.shape, dtype=bool)
        for position, part in enumerate(self._parts):
            if slice_ in (part,) or slice_.number == 0:
                covered[position, one, other] = True
        return self._shared.offer(covered.ravel()) is Verdict.SHOWN


def _publish(
    view: View, breakdown: Breakdown, data: AttributeData, gate: AttributeGate, places: Places
) -> Iterator[Cell]:
    keys = ("group_pair_ratio",) if view.parts == "pairs" else WHOLE_MEASURES
    for key in keys:
        drafts: dict[object, list[Draft]] = {}
        for slice_, when, part in _spots(view, breakdown, places):
            draft = _draft(key, (slice_, when, part), view, breakdown, data, gate)
            # what stands together on screen is judged together
            family = slice_ if part or view.span == "quarter" else view
            drafts.setdefault(family, []).append(draft)
        for family in drafts.values():
            yield from judged(family)


def _draft(
    key: str,
    spot: Spot,
    view: View,
    breakdown: Breakdown,
    data: AttributeData,
    gate: AttributeGate,
) -> Draft:
    slice_, when, part = spot
    result = measure(key).compute(data.counts(slice_, when, view.span), part)
    if len(part) < 2:
        group = breakdown.groups.numbers[part[0]] if part else None
        result = replace(result, people=gate.people(slice_, when, group))
    return Draft(
        key=_key(key, spot, breakdown),
        result=result,
        verdict=gate.verdicts[spot],
        sensitivity=breakdown.sensitivity,
        thresholds=gate.thresholds,
    )


def _key(measure_key: str, spot: Spot, breakdown: Breakdown) -> CellKey:
    slice_, when, part = spot
    return CellKey(
        measure=measure_key,
        slice=slice_,
        when=when,
        breakdown=breakdown.attribute,
        breakdown_label=breakdown.label,
        group="|".join(breakdown.groups.codes[index] for index in part),
        group_labels=tuple(breakdown.groups.labels[index] for index in part),
    )


def _trend(
    slice_: Slice,
    breakdown: Breakdown,
    data: AttributeData,
    gate: AttributeGate,
    places: Places,
) -> Draft:
    """Draft the trend over quarters; it is shown only where every quarter in it is."""
    people = gate.people(slice_, ALL_TIME)
    counts = [data.counts(slice_, when, "quarter") for when in places.quarters]
    labels = [when.label for when in places.quarters]
    periods = period_counts(labels, counts, (), people)
    said = [gate.verdicts[slice_, when, ()] for when in places.quarters]
    hidden = [verdict for verdict in HIDDEN_TREND if verdict in said]
    return Draft(
        key=_key("cross_group_trend", (slice_, ALL_TIME, ()), breakdown),
        result=measure("cross_group_trend").compute(periods, ()),
        verdict=hidden[0] if hidden else Verdict.SHOWN,
        sensitivity=breakdown.sensitivity,
        thresholds=gate.thresholds,
    )
