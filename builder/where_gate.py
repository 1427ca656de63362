"""The gate for cells by place and unit: jointly with all that an attribute already shows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from builder.attribute import AttributeGate, AttributeRun
from builder.intake_gate import IntakeGate, of_intake
from builder.place_rates import Place
from builder.places import ALL_TIME, ORGANISATION, Slice, When
from disclosure.gate import Gate, Verdict

BLOCKS = (
    ("programme_no", "mode_no", "topic_no"),
    ("programme_no", "distance_no"),
    ("programme_no", "mode_no", "topic_no", "distance_no"),
    ("programme_no", "cell_no", "mode_no", "topic_no"),
    ("programme_no", "cell_no", "distance_no"),
    ("programme_no", "cell_no", "intake_no", "first_no", "mode_no", "topic_no"),
    ("programme_no", "cell_no", "intake_no", "first_no", "distance_no"),
)
"""What contacts are told apart by. A person with contacts in several blocks stands in each of them,
so the finest blocks alone would take one person for several. Those with cells, which are a cohort
in a quarter, also know cohorts and quarters, and some of them intakes."""

CELL = "cell_no"


class WhereGate:
    """Gates that all have to agree.

    One knows people: everything that the gate of the attribute has shown is offered to it again,
    over patterns that also know places and units, so that no combination of wholes, periods,
    groups, places and units isolates a few people.

    The others know blocks, such as a programme's people who met in one mode on one topic: one
    person's contacts in two modes are two numbers, so what a whole leaves when a mode is subtracted
    are the contacts of everybody who met elsewhere, and those must be enough people too. Since one
    person may stand in many blocks, the people whom no shown place of a slice covers are counted
    besides.
    """

    def __init__(self, run: AttributeRun, belongs: pd.DataFrame) -> None:
        # places and units together tell almost everybody apart: each person is a pattern
        person, self._place_of = np.unique(belongs["person_no"], return_inverse=True)
        self._size = person.size
        self._columns = {name: belongs[name].to_numpy() for name in belongs.columns}
        self._cells_of = _attribute_gate(run, belongs, self._place_of)
        self._people_gate = self._gate(run, np.ones(self._size, dtype=int))
        self._blocks = [_blocks(belongs, names, run.cells) for names in BLOCKS]
        self._block_gates = [self._gate(run, blocks["people"]) for blocks in self._blocks]
        self._intake_gate = IntakeGate(run, belongs)
        self._shown: dict[tuple[Slice, str], list[int]] = {}
        self._fewest_left = run.gate.thresholds.effective
        self._replay(run)

    def offer_place(self, slice_: Slice, place: Place) -> Verdict:
        """Return the verdict on the people who met in one place."""
        kind = f"{place.kind}_no"
        here = self._in_slice(self._columns["programme_no"], slice_)
        covered = self._people(here & (self._columns[kind] == place.number))
        for blocks, gate in zip(self._blocks, self._block_gates, strict=True):
            if kind in blocks:
                inside = self._in_slice(blocks["programme_no"], slice_)
                inside &= blocks[kind] == place.number
                if gate.offer(inside) is Verdict.PROTECTS:
                    return Verdict.PROTECTS
        verdict = self._people_gate.offer(covered)
        if verdict is not Verdict.SHOWN:
            return verdict
        shown = [*self._shown.get((slice_, kind), ()), place.number]
        left = self._people(here & ~np.isin(self._columns[kind], shown)).sum()
        if 0 < left < self._fewest_left:
            return Verdict.PROTECTS
        self._shown[slice_, kind] = shown
        return verdict

    def offer_unit(self, position: int, number: int) -> Verdict:
        """Return the verdict on the people of one unit."""
        return self._people_gate.offer(self._people(self._unit(position, number)))

    def offer_intake(self, slice_: Slice, number: int) -> Verdict:
        """Return the verdict on the people of an intake of a programme, or of the organisation."""
        said = [self._intake_gate.offer(slice_, number)]
        for blocks, gate in zip(self._blocks, self._block_gates, strict=True):
            if "intake_no" in blocks:
                inside = self._in_slice(blocks["programme_no"], slice_)
                said.append(gate.offer(inside & of_intake(blocks, slice_, number)))
        if Verdict.PROTECTS in said:
            return Verdict.PROTECTS
        return self._people_gate.offer(self._people(self._intake(slice_, number)))

    def offer_crossed(
        self, group: int, position: int, numbers: Sequence[int]
    ) -> tuple[int, Verdict]:
        """Return how many people of a group are of groups of another attribute, and the verdict."""
        inside = self._columns["group_no"] == group
        beside = self._columns[f"own_{position}"]
        inside &= np.logical_or.reduce([beside == number for number in numbers])
        covered = self._people(inside)
        return int(covered.sum()), self._people_gate.offer(covered)

    def people_of_place(self, slice_: Slice, place: Place) -> int:
        """Return the distinct people who met in one place."""
        here = self._in_slice(self._columns["programme_no"], slice_)
        return int(self._people(here & (self._columns[f"{place.kind}_no"] == place.number)).sum())

    def people_of_unit(self, position: int, number: int) -> int:
        """Return the distinct people of one unit."""
        return int(self._people(self._unit(position, number)).sum())

    def people_of_intake(self, slice_: Slice, number: int) -> int:
        """Return the distinct people of one intake."""
        return int(self._people(self._intake(slice_, number)).sum())

    def _intake(self, slice_: Slice, number: int) -> np.ndarray:
        here = self._in_slice(self._columns["programme_no"], slice_)
        return here & of_intake(self._columns, slice_, number)

    def _unit(self, position: int, number: int) -> np.ndarray:
        return self._columns[f"own_{position}"] == number

    def _people(self, rows: np.ndarray) -> np.ndarray:
        covered = np.zeros(self._size, dtype=bool)
        covered[self._place_of[rows]] = True
        return covered

    @staticmethod
    def _in_slice(programmes: np.ndarray, slice_: Slice) -> np.ndarray:
        if slice_.level == ORGANISATION:
            return np.ones(programmes.size, dtype=bool)
        return programmes == slice_.number

    @staticmethod
    def _gate(run: AttributeRun, people: np.ndarray) -> Gate:
        return Gate(people, run.gate.thresholds, run.gate.sensitivity)

    def _replay(self, run: AttributeRun) -> None:
        """Offer again what is already shown, in the same order."""
        for (slice_, when, part), verdict in run.gate.verdicts.items():
            if verdict is not Verdict.SHOWN or len(part) > 1:
                continue
            group = run.breakdown.groups.numbers[part[0]] if part else None
            self._people_gate.offer(self._cells_of.members(slice_, when, group))
            if part:
                continue
            for blocks, gate in zip(self._blocks, self._block_gates, strict=True):
                if CELL in blocks:
                    # shown whatever these blocks say of it
                    gate.count(_within(blocks, slice_, when))
                elif when == ALL_TIME and slice_.level != "cohort":
                    gate.offer(self._in_slice(blocks["programme_no"], slice_))


def _blocks(
    belongs: pd.DataFrame, names: Sequence[str], cells: pd.DataFrame
) -> dict[str, np.ndarray]:
    """Return what tells blocks apart, with the distinct people of each."""
    by = list(names)
    frame = belongs[[*by, "person_no"]].drop_duplicates().groupby(by).size().rename("people")
    frame = frame.reset_index()
    if CELL in names:
        frame = frame.merge(cells.drop(columns="programme_no"), on=CELL, how="left")
    return {name: frame[name].to_numpy() for name in frame.columns}


def _within(blocks: dict[str, np.ndarray], slice_: Slice, when: When) -> np.ndarray:
    """Return the blocks of a slice and period."""
    inside = np.ones(blocks["people"].size, dtype=bool)
    for name, number in ((f"{slice_.level}_no", slice_.number), ("quarter_no", when.number)):
        if number:
            inside &= blocks[name] == number
    return inside


def _attribute_gate(
    run: AttributeRun, belongs: pd.DataFrame, place_of: np.ndarray
) -> AttributeGate:
    """Return the gate's own way to find the people of a cell, over one pattern per person."""
    memberships = belongs[["cell_no", "group_no"]].assign(pattern_no=place_of + 1, people=1)
    return AttributeGate(
        memberships.drop_duplicates(), run.cells, run.gate.thresholds, run.gate.sensitivity
    )
