"""Cells on where connection happens, by place and unit; crossed groups and intakes share a gate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from builder.attribute import AttributeRun
from builder.cells import CellKey, Draft, judged
from builder.crossed import crossed_cells
from builder.gathering import GroupNumbers
from builder.intake_ratios import IntakeCrossings
from builder.place_rates import LEVELS, Place, moments_at, read_kinds, rows_by_kind, rows_of
from builder.places import ALL_TIME, Slice
from builder.where_gate import WhereGate
from builder.whole import WholeRun
from disclosure.gate import Verdict
from metrics import measure
from metrics.connection.teams import UnitContacts, UnitMembers
from metrics.connection.where import PlaceCounts
from metrics.definition import Result
from release.contents import Cell
from store import reading, where
from store.facts import PLACE_KINDS
from store.where import Kind

BY_PLACE = "cross_group_ratio_by_place"
TEAM_MEASURES = ("team_mix", "team_reach")


def where_cells(run: AttributeRun, beside: WholeRun) -> Iterator[Cell]:
    """Yield the cells by place, by unit, by crossed group and by intake of one attribute."""
    belongs = beside.belongings(run)
    kinds = read_kinds(run.connection, run.facts)
    if run.breakdown.attribute == beside.zoned_by:
        # who lives in the same zone is of the same group: the distance is the crossing itself
        kinds.pop("distance", None)
    gate = WhereGate(run, belongs)
    data, intakes = PlaceData(run), IntakeCrossings(run, beside, gate)
    whole, programmes = (run.places.of_level(level) for level in LEVELS)
    yield from _place_cells(run, gate, kinds, data, whole)
    for position, unit in units_beside(run, beside.runs):
        yield from _unit_cells(run, gate, position, unit)
    # before places in programmes, which use up most of what protection is left
    yield from crossed_cells(run, beside.runs, gate, belongs)
    yield from intakes.cells(together=True)
    yield from _place_cells(run, gate, kinds, data, programmes)
    yield from intakes.cells(together=False)


def units_beside(run: AttributeRun, runs: Sequence[AttributeRun]) -> list[tuple[int, AttributeRun]]:
    """Return the other attributes whose groups are units, with their positions among all."""
    names = set(reading.unit_attributes(run.connection)) - {run.breakdown.attribute}
    return [pair for pair in enumerate(runs) if pair[1].breakdown.attribute in names]


def _place_cells(
    run: AttributeRun,
    gate: WhereGate,
    kinds: Mapping[Kind, Sequence[Place]],
    data: PlaceData,
    slices: Sequence[Slice],
) -> Iterator[Cell]:
    for places in kinds.values():
        for slice_ in slices:
            drafts = []
            for place in places:
                counts = data.counts(slice_, place, gate.people_of_place(slice_, place))
                result = measure(BY_PLACE).compute(counts, ())
                key = _key(run, BY_PLACE, slice_, place.key, place.label)
                drafts.append(_draft(run, key, result, gate.offer_place(slice_, place)))
            yield from judged(drafts)


def _unit_cells(
    run: AttributeRun, gate: WhereGate, position: int, unit: AttributeRun
) -> Iterator[Cell]:
    groups = unit.breakdown.groups
    (whole,) = run.places.of_level("organisation")
    said = [gate.offer_unit(position, number) for number in groups.numbers]
    data = UnitData(run, groups)
    for key, results in zip(TEAM_MEASURES, data.results(gate, position), strict=True):
        drafts = [
            _draft(
                run,
                _key(run, key, whole, f"{unit.breakdown.attribute}={code}", label),
                result,
                verdict,
            )
            for code, label, result, verdict in zip(
                groups.codes, groups.labels, results, said, strict=True
            )
        ]
        yield from judged(drafts)


def _key(run: AttributeRun, measure_key: str, slice_: Slice, group: str, label: str) -> CellKey:
    return CellKey(
        measure=measure_key,
        slice=slice_,
        when=ALL_TIME,
        breakdown=run.breakdown.attribute,
        breakdown_label=run.breakdown.label,
        group=group,
        group_labels=(label,),
    )


def _draft(run: AttributeRun, key: CellKey, result: Result, verdict: Verdict) -> Draft:
    return Draft(
        key=key,
        result=result,
        verdict=verdict,
        sensitivity=run.breakdown.sensitivity,
        thresholds=run.gate.thresholds,
    )


class PlaceData:
    """The aggregates of all places, cut to any slice."""

    def __init__(self, run: AttributeRun) -> None:
        self._run = run
        view = run.view
        self._by_lottery = reading.read_numbers(run.connection, where.crossing_by_lottery(*view))
        self._moments = {
            level: [
                rows_by_kind(run.connection, where.crossing_moments(*view, level, by_pair=by_pair))
                for by_pair in (False, True)
            ]
            for level in LEVELS
        }

    def counts(self, slice_: Slice, place: Place, people: int) -> PlaceCounts:
        """Return what one place of one slice is computed from."""
        frame, whole = self._by_lottery, self._run.data.counts(slice_, ALL_TIME, "all")
        strata = self._run.data.strata(slice_, ALL_TIME)
        kind_no = PLACE_KINDS.index(place.kind)
        inside = (frame["kind_no"] == kind_no) & (frame["place_no"] == place.number)
        here = frame[inside & frame["stratum_no"].isin(strata)]
        moments = [rows[place.kind] for rows in self._moments[slice_.level]]
        pairings, weights, squared = (
            spread(here, strata, name) for name in ("pairings", "weight", "weight_squared")
        )
        return PlaceCounts(
            stubs=whole.stubs,
            stubs_squared=whole.stubs_squared,
            pairings=pairings,
            weights=weights,
            weights_squared=squared,
            contacts=moments_at(*moments, slice_.number, place.number),
            people=people,
        )


class UnitData:
    """The aggregates of one unit attribute, for the whole organisation."""

    def __init__(self, run: AttributeRun, units: GroupNumbers) -> None:
        self._run, self._units = run, units
        queries = run.views.beside(run.breakdown.groups.grouping, units.grouping)
        self._members = reading.read_numbers(run.connection, where.unit_members(*queries))
        self._contacts = reading.read_numbers(run.connection, where.unit_contacts(*queries))
        self._person, self._pair = (
            rows_of(run.connection, where.unit_moments(*queries, by_pair=by_pair))
            for by_pair in (False, True)
        )
        (whole,) = run.places.of_level("organisation")
        self._counts = run.data.counts(whole, ALL_TIME, "all")
        self._strata = run.data.strata(whole, ALL_TIME)

    def results(self, gate: WhereGate, position: int) -> tuple[list[Result], list[Result]]:
        """Return the mix of each unit, and of the conversations of its people."""
        mix, reach = (measure(key).compute for key in TEAM_MEASURES)
        numbers = self._units.numbers
        contacts = [
            self._contacts_of(unit, gate.people_of_unit(position, unit)) for unit in numbers
        ]
        return (
            [mix(self._members_of(unit), ()) for unit in numbers],
            [reach(each, ()) for each in contacts],
        )

    def _members_of(self, unit: int) -> UnitMembers:
        own = self._members[self._members["unit_no"] == unit]
        groups = self._run.breakdown.groups
        people = np.zeros(len(groups))
        people[groups.index(own["group_no"])] = own["people"]
        return UnitMembers(people=people, everybody=self._counts.people)

    def _contacts_of(self, unit: int, people: int) -> UnitContacts:
        own = self._contacts[self._contacts["unit_no"] == unit]
        stubs, weights = (self._by_group(own, name) for name in ("stubs", "weight"))
        return UnitContacts(
            stubs=self._counts.stubs,
            stubs_squared=self._counts.stubs_squared,
            unit_stubs=stubs,
            unit_weights=weights,
            weights=self._counts.weight_by_stratum,
            weights_squared=self._counts.weight_squared_by_stratum,
            contacts=moments_at(self._person, self._pair, 0, unit),
            people=people,
            pairs=round(own["stubs"].sum() - own["inside"].sum() / 2),
        )

    def _by_group(self, frame: pd.DataFrame, name: str) -> np.ndarray:
        groups = self._run.breakdown.groups
        table = np.zeros((len(self._strata), len(groups)))
        stratum = np.searchsorted(self._strata, frame["stratum_no"])
        table[stratum, groups.index(frame["group_no"])] = frame[name]
        return table


def spread(frame: pd.DataFrame, strata: np.ndarray, name: str) -> np.ndarray:
    """Return a column on the axis of strata; 0 where a stratum has no row."""
    column = np.zeros(strata.size)
    np.add.at(column, np.searchsorted(strata, frame["stratum_no"]), frame[name].to_numpy(float))
    return column
