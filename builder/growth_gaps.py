"""Growth as an outcome that groups are compared in: gaps in the gain of each skill."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from builder.cells import CellKey, Draft
from builder.equity import ONE_STRATUM
from builder.equity_sums import EquityData
from builder.growth_spots import GAPS, SKILL, Families
from builder.items import PAIRED, ItemGate, cut_breakdown, cut_group
from builder.places import ALL_TIME, Slice
from builder.rated import Item, RatingData
from builder.whole import WholeRun
from disclosure.gate import Verdict
from metrics import measure
from metrics.definition import Result, Status, undefined
from metrics.growth.gaps import GainSums
from release.wording import inside_sentence
from store import gains, reading

STRATUM = ["first_no", "last_no", "programmes", "place_no"]
PART = ["item_no", "attribute_no", "programme_no"]
NOT_TOLD = undefined("too few people", people=0)
SUMS = ("people", "gain", "gain_squares", "started")


@dataclass(frozen=True)
class Spot:
    """One group in one skill and slice."""

    item: Item
    slice: Slice
    attribute: int
    position: int
    """The position of the group among the published ones of the attribute."""


class GainData:
    """The gains of all skills by group and by people alike, read once and when first needed."""

    def __init__(self, run: WholeRun, data: RatingData) -> None:
        self._run = run
        self._items = [item.number for item in data.items if item.first]

    @cached_property
    def beside(self) -> tuple[int | None, ...]:
        """Return, for each attribute, the position of the one that says where people are."""
        return EquityData(self._run).beside

    @cached_property
    def _parts(self) -> dict[tuple[int, int, int], np.ndarray]:
        """Return stratum, group and `SUMS` of each row by item, attribute and programme."""
        run = self._run
        query = gains.gain_sums(run.facts, run.groupings, self.beside, self._items)
        frame = reading.read_numbers(run.connection, query)
        frame["stratum"] = frame.groupby(STRATUM).ngroup()
        rows = frame[["stratum", "group_no", *SUMS]].to_numpy(dtype=float)
        return {key: rows[own] for key, own in frame.groupby(PART).indices.items()}

    def table(self, item: Item, attribute: int, slice_: Slice) -> np.ndarray:
        """Return sums by stratum and group; last those of people of no published group.

        Shape (strata, groups + 1, 4), in the order of `SUMS`.
        """
        numbers = self._run.runs[attribute].breakdown.groups.numbers
        rows = self._parts.get((item.number, attribute, slice_.number))
        if rows is None:
            return np.zeros((1, len(numbers) + 1, len(SUMS)))
        known, strata = np.unique(rows[:, 0], return_inverse=True)
        positions = {number: position for position, number in enumerate(numbers)}
        groups = [positions.get(number, len(numbers)) for number in rows[:, 1]]
        table = np.zeros((len(known), len(numbers) + 1, len(SUMS)))
        np.add.at(table, (strata, groups), rows[:, 2:])
        return table


def add_growth_gaps(
    run: WholeRun, data: GainData, item: Item, slice_: Slice, gate: ItemGate, families: Families
) -> None:
    """Add the gaps of every group in a slice, once the gain of everybody there has been told.

    Everybody else are all others who take part there, of known group or not: their gain then
    follows from that of the group and of everybody, and a gap tells nothing that the gate has not
    been asked for. All skills of an attribute and slice are judged together, as a reader may look
    at any of them.
    """
    everybody = gate.members(slice_, PAIRED)
    whole = gate.offer_set(everybody)
    for attribute, own in enumerate(run.runs):
        table, place = data.table(item, attribute, slice_), data.beside[attribute]
        others = ("programmes", *(() if place is None else (run.runs[place].breakdown.label,)))
        for position, number in enumerate(own.breakdown.groups.numbers):
            spot = Spot(item, slice_, attribute, position)
            verdict = whole
            if whole is Verdict.SHOWN:
                members = gate.members(slice_, PAIRED, run.attributes[attribute], number)
                verdict = _verdict(run, gate, everybody, members)
            # too few people need no number
            sums = None if verdict is Verdict.SMALL else _sums(item, table, position)
            crude, alike = (NOT_TOLD, NOT_TOLD) if sums is None else _gaps(sums)
            families.add(item.skill, _draft(run, GAPS[0], spot, (), crude, verdict))
            families.add(item.skill, _draft(run, GAPS[1], spot, others, alike, verdict))


def _gaps(sums: GainSums) -> tuple[Result, Result]:
    """Return the gap as it is and between people alike, where they differ in anything."""
    crude, alike = (measure(key).compute(sums, ()) for key in GAPS)
    if len(sums.people) < 2 and alike.status is not Status.UNDEFINED:
        alike = undefined(ONE_STRATUM, people=crude.people)
    return crude, alike


def _verdict(run: WholeRun, gate: ItemGate, everybody: np.ndarray, own: np.ndarray) -> Verdict:
    """Return what the gate says of a group beside everybody else."""
    verdict = gate.offer_set(own)
    few = gate.people(everybody & ~own) < run.thresholds.mean
    return Verdict.SMALL if verdict is Verdict.SHOWN and few else verdict


def _sums(item: Item, table: np.ndarray, position: int) -> GainSums:
    """Return one group beside everybody else, by stratum."""
    sides = np.stack([table.sum(axis=1) - table[:, position], table[:, position]], axis=1)
    people, gain, squares, started = np.moveaxis(sides, 2, 0)
    return GainSums(
        people=people, gain=gain, squares=squares, started=started.sum(axis=0), scale=item.scale
    )


def _draft(
    run: WholeRun,
    key: str,
    spot: Spot,
    alike: tuple[str, ...],
    result: Result,
    verdict: Verdict,
) -> Draft:
    breakdown, item = run.runs[spot.attribute].breakdown, spot.item
    return Draft(
        key=CellKey(
            measure=key,
            slice=spot.slice,
            when=ALL_TIME,
            breakdown=cut_breakdown(SKILL, breakdown.attribute),
            breakdown_label=breakdown.label,
            group=cut_group(item.skill, breakdown.groups.codes[spot.position]),
            group_labels=(inside_sentence(item.label), breakdown.groups.labels[spot.position]),
            others=alike,
            by=item.by,
            scale=item.written_scale,
        ),
        result=result,
        verdict=verdict,
        sensitivity=breakdown.sensitivity,
        thresholds=run.thresholds,
    )
