"""Where and when a cell lies: slices and periods with their keys, numbers and names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from release.contents import WHOLE, Period, Scope
from store import reading
from store.aggregates import Level, Span
from store.facts import Facts
from store.pairings import number_slices

ORGANISATION = "organisation"


@dataclass(frozen=True)
class Slice:
    """The organisation, a programme or a cohort; ``number`` is the one that facts carry."""

    level: Level
    number: int
    key: str
    label: str
    part_of: str = ""

    @property
    def place(self) -> str:
        """Return the name as it follows "in"."""
        return "the whole organisation" if self.level == ORGANISATION else self.label


@dataclass(frozen=True)
class When:
    """All time (number 0) or one quarter."""

    number: int
    key: str
    label: str


ALL_TIME = When(0, WHOLE, "")
NEARLY = timedelta(days=3)
"""So long before its end nothing more may take place in a quarter, such as over a weekend."""


def still_runs(quarter: When, as_of: date) -> bool:
    """Tell whether the data end before a quarter does."""
    year, number = divmod(quarter.number + 1, 4)
    return as_of < date(year, 3 * number + 1, 1) - NEARLY


@dataclass(frozen=True)
class Places:
    """All slices and periods of a store."""

    slices: tuple[Slice, ...]
    quarters: tuple[When, ...]

    def of_level(self, level: Level) -> tuple[Slice, ...]:
        """Return the slices of one level."""
        return tuple(slice_ for slice_ in self.slices if slice_.level == level)

    def of_span(self, span: Span) -> tuple[When, ...]:
        """Return the periods of one span."""
        return (ALL_TIME,) if span == "all" else self.quarters

    def scopes(self) -> list[Scope]:
        """Return the slices as the release names them."""
        return [
            Scope(
                kind="slice",
                key=slice_.key,
                label=slice_.label,
                part_of=slice_.part_of,
                note="",
                coverage="",
                left_out="",
                sort=number,
            )
            for number, slice_ in enumerate(self.slices)
        ]

    def periods(self) -> list[Period]:
        """Return the periods as the release names them."""
        whole = Period(key=WHOLE, label="All quarters", sort=0)
        return [
            whole,
            *(
                Period(key=when.key, label=when.label, sort=number)
                for number, when in enumerate(self.quarters, 1)
            ),
        ]


def read_places(connection: Connection, facts: Facts) -> Places:
    """Read which programmes, cohorts and quarters there are."""
    programmes, cohorts = number_slices(connection)
    slices = [Slice(ORGANISATION, 0, ORGANISATION, "Whole organisation")]
    members = reading.cohorts(connection)
    for code, label in reading.programmes(connection):
        key = f"programme={code}"
        slices.append(Slice("programme", programmes[code], key, label, ORGANISATION))
        slices += [
            Slice("cohort", cohorts[own], f"cohort={own}", name, key)
            for own, name, programme_id in members
            if programme_id == code
        ]
    return Places(tuple(slices), _quarters(connection, facts))


def _quarters(connection: Connection, facts: Facts) -> tuple[When, ...]:
    return tuple(
        When(number, f"{number // 4}-Q{number % 4 + 1}", f"Q{number % 4 + 1} {number // 4}")
        for number in reading.quarters(connection, facts)
    )
