"""What makers of cells need that no single attribute owns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd
from sqlalchemy import Connection

from builder.attribute import AttributeRun
from builder.places import Places
from disclosure.thresholds import Thresholds
from release.contents import Scope
from settings import Settings
from store import distances, intake_contacts, intakes, reading, where
from store.aggregates import Grouping
from store.facts import Facts


@dataclass(frozen=True)
class WholeRun:
    """The store, the places, and every attribute that is published."""

    connection: Connection
    facts: Facts
    places: Places
    thresholds: Thresholds
    settings: Settings
    runs: tuple[AttributeRun, ...]
    scopes: tuple[Scope, ...] = ()
    """What the release says of every attribute, published or not."""
    has_met: bool = True
    """Whether any conversation has been held."""

    @property
    def attributes(self) -> tuple[str, ...]:
        """Return the codes of the published attributes, in the order of the groups g0, g1, ..."""
        return tuple(run.breakdown.attribute for run in self.runs)

    @property
    def groupings(self) -> tuple[Grouping, ...]:
        """Return how the groups of each published attribute are numbered."""
        return tuple(run.breakdown.groups.grouping for run in self.runs)

    @cached_property
    def zoned_by(self) -> str | None:
        """Return the attribute whose values have time zones, None without one."""
        return distances.zone_attribute(self.connection)

    @cached_property
    def intakes(self) -> dict[int, tuple[int, ...]]:
        """Return the quarters of the intakes of each programme, and (0) of all of them."""
        frame = reading.read(self.connection, intakes.listed_intakes(self.facts))
        by_programme = frame.groupby("programme_no")["intake_no"]
        return {int(number): tuple(own.astype(int)) for number, own in by_programme}

    def belongings(self, own: AttributeRun) -> pd.DataFrame:
        """Return as what, where and about what people met whose group of one attribute is known.

        Columns: person_no, cell_no, programme_no, group_no, mode_no, topic_no, distance_no,
        intake_no and first_no (0 without one) and own_0, own_1, ... the person's own group of each
        attribute.
        """
        number = self.runs.index(own)
        known = self._belongings[self._belongings[f"known_{number}"] == 1]
        return known.assign(group_no=known[f"own_{number}"])

    @cached_property
    def _belongings(self) -> pd.DataFrame:
        """Return the same for all attributes, read once."""
        query = where.belongings(self.facts, self.groupings)
        frame = reading.read_numbers(self.connection, query)
        placed = frame.merge(self.runs[0].cells[["cell_no", "programme_no"]], on="cell_no")
        people = intake_contacts.intakes_of_people(self.facts)
        return with_intakes(placed, reading.read_numbers(self.connection, people))


def with_intakes(rows: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Add the intakes of each row's person: intake_no in its programme, first_no in any.

    Both are 0 where the person has no dated enrolment in the programme.
    """
    keys = ["person_no", "programme_no"]
    found = rows[keys].merge(people, on=keys, how="left", validate="many_to_one")
    return rows.assign(
        **{name: found[name].fillna(0).to_numpy(dtype=int) for name in ("intake_no", "first_no")}
    )
