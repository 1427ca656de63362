"""What makers of cells need that no single attribute owns."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from builder.attribute import AttributeRun
from builder.places import Places
from disclosure.thresholds import Thresholds
from settings import Settings
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

    @property
    def attributes(self) -> tuple[str, ...]:
        """Return the codes of the published attributes, in the order of the groups g0, g1, ..."""
        return tuple(run.breakdown.attribute for run in self.runs)

    @property
    def groupings(self) -> tuple[Grouping, ...]:
        """Return how the groups of each published attribute are numbered."""
        return tuple(run.breakdown.groups.grouping for run in self.runs)
