"""One attribute on its way through the builder: its groups, its aggregates, and its gate."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from builder.gathering import AttributeData, GroupNumbers
from builder.places import Places, Slice, When
from disclosure.gate import Gate, Verdict
from disclosure.thresholds import Thresholds
from metrics.definition import Part, Sensitivity
from store.aggregates import Grouping
from store.attribute_view import AttributeViews
from store.facts import Facts

Spot = tuple[Slice, When, Part]


@dataclass(frozen=True)
class Breakdown:
    """An attribute as the release breaks values down by it."""

    attribute: str
    label: str
    sensitivity: Sensitivity
    groups: GroupNumbers


@dataclass
class AttributeGate:
    """The gate of one attribute: which patterns of people a cell covers, and what it says."""

    memberships: pd.DataFrame
    cells: pd.DataFrame
    thresholds: Thresholds
    sensitivity: Sensitivity
    verdicts: dict[Spot, Verdict] = field(default_factory=dict)

    def __post_init__(self) -> None:
        frame = self.memberships.merge(self.cells, on="cell_no")
        position = frame["pattern_no"].to_numpy(dtype=int) - 1
        self._columns = {name: frame[name].to_numpy() for name in frame.columns}
        self._position = position
        self.pattern_people = np.zeros(position.max(initial=-1) + 1, dtype=int)
        self.pattern_people[position] = frame["people"].to_numpy(dtype=int)
        self._gate = Gate(self.pattern_people, self.thresholds, self.sensitivity)

    def members(self, slice_: Slice, when: When, group: int | None = None) -> np.ndarray:
        """Return which patterns a cell covers."""
        inside = np.ones(self._position.size, dtype=bool)
        wanted = {f"{slice_.level}_no": slice_.number, "quarter_no": when.number}
        for name, number in wanted.items():
            if number:
                inside &= self._columns[name] == number
        if group is not None:
            inside &= self._columns["group_no"] == group
        covered = np.zeros(self.pattern_people.size, dtype=bool)
        covered[self._position[inside]] = True
        return covered

    def people(self, slice_: Slice, when: When, group: int | None = None) -> int:
        """Return the distinct people that a cell covers."""
        return int(self.pattern_people[self.members(slice_, when, group)].sum())

    def offer_set(self, members: np.ndarray) -> Verdict:
        """Ask the gate for a set of patterns that is no cell by itself."""
        return self._gate.offer(members)

    def offer(self, slice_: Slice, when: When, part: Part, group: int | None) -> None:
        """Ask the gate for one cell and remember what it says."""
        members = self.members(slice_, when, group)
        self.verdicts[slice_, when, part] = self._gate.offer(members)


@dataclass(frozen=True)
class AttributeRun:
    """All that the makers of cells for one attribute may need."""

    connection: Connection
    facts: Facts
    views: AttributeViews
    places: Places
    breakdown: Breakdown
    data: AttributeData
    gate: AttributeGate
    cells: pd.DataFrame
    """The cells of the store: cohort x quarter, with their programme."""
    smallest_difference: float = 0.05
    """Smallest change of crossing against a lottery that matters."""
    leads: bool = False
    """Whether the deployment made it the attribute of the first sentence."""
    has_met: bool = True
    """Whether any conversation has been held; where none has, offers are all there is."""

    @property
    def view(self) -> tuple[Facts, Grouping]:
        """Return the facts as this attribute sees them; ask anew for every statement."""
        return self.views.of(self.breakdown.groups.grouping)
