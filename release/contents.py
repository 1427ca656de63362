"""What a release holds: published cells, and the words needed to read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from hashlib import sha256
from operator import attrgetter

WHOLE = "all"
"""The group or period that stands for all of them together."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One published value with everything that may be said about it; None where nothing may.

    ``status`` is one of shown, small, protects, undefined, too_few; ``verdict`` one of above,
    below, noise, or empty where there is nothing to compare with. ``printed`` is the number as
    it is written, ``phrase`` as it stands in a sentence ("18 % more often"), ``behind`` the people
    and pairings it rests on.
    """

    measure: str
    slice: str
    breakdown: str
    group: str
    period: str
    estimate: float | None
    low: float | None
    high: float | None
    expected: float | None
    lottery_low: float | None
    lottery_high: float | None
    people: int | None
    pairs: int | None
    status: str
    verdict: str
    printed: str
    phrase: str
    interval: str
    behind: str
    sentence: str
    reason: str

    @property
    def is_drawn(self) -> bool:
        """Tell whether there is a number to draw."""
        return self.estimate is not None

    @property
    def is_hidden(self) -> bool:
        """Tell whether the gate withheld the number."""
        return self.status in ("small", "protects")


@dataclass(frozen=True, kw_only=True, slots=True)
class MeasureText:
    """A measure as readers see it."""

    key: str
    title: str
    question: str
    unit: str
    sensitivity: str
    better: str
    definition: str
    caveat: str
    source: str
    sort: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """A slice (organisation, programme, cohort) or a breakdown (none, an attribute) with its name.

    ``part_of`` is the slice above; ``coverage`` the printed share of pairings of known groups;
    ``left_out`` names groups too small to show even together.
    """

    kind: str
    key: str
    label: str
    part_of: str
    note: str
    coverage: str
    left_out: str
    sort: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """A group of a breakdown, or a pair of groups; ``short`` fits an axis."""

    breakdown: str
    key: str
    label: str
    short: str
    sort: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """A period with its name."""

    key: str
    label: str
    sort: int


@dataclass(frozen=True, kw_only=True)
class Contents:
    """All that a release holds; ``about`` are facts on the release as a whole, as text."""

    cells: tuple[Cell, ...] = ()
    measures: tuple[MeasureText, ...] = ()
    scopes: tuple[Scope, ...] = ()
    groups: tuple[Group, ...] = ()
    periods: tuple[Period, ...] = ()
    about: dict[str, str] = field(default_factory=dict)

    def tables(self) -> dict[str, tuple[type, tuple[object, ...]]]:
        """Return the record type and the records of each table of the file."""
        return {
            "cell": (Cell, self.cells),
            "measure": (MeasureText, self.measures),
            "scope": (Scope, self.scopes),
            "group_label": (Group, self.groups),
            "period": (Period, self.periods),
        }

    def identity(self) -> str:
        """Return a short hash: the same data, settings and program give the same release."""
        digest = sha256()
        for name, (kind, records) in self.tables().items():
            digest.update(name.encode())
            # several times as fast as astuple, which copies every value
            values_of = attrgetter(*(column for column, _ in columns(kind)))
            for record in records:
                digest.update(repr(values_of(record)).encode())
        for key in sorted(self.about):
            if key != "built_at":
                digest.update(f"{key}={self.about[key]}".encode())
        return digest.hexdigest()[:12]


def columns(kind: type) -> list[tuple[str, str]]:
    """Return name and database type of each field of a record type."""
    types = {"str": "VARCHAR", "float | None": "DOUBLE", "int | None": "INTEGER", "int": "INTEGER"}
    return [(item.name, types[str(item.type)]) for item in fields(kind)]


def by_column(kind: type, records: Sequence[object]) -> dict[str, list]:
    """Return the records as one list of values per column."""
    return {name: [getattr(record, name) for record in records] for name, _ in columns(kind)}
