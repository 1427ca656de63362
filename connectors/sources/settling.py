"""Fetched rows made fit for the store: people nobody knows, and how many bad rows are too many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

import pandas as pd
from pandas import DataFrame

from connectors.checks import ROW_NUMBER
from connectors.contract import Rejected, message
from connectors.headers import declared_columns
from schema import CANONICAL, is_required, reference

FEW = 20
"""So many bad rows never make a whole delivery suspicious."""
PERSON = ("person", "person_id")


@dataclass
class Gathered:
    """Everything that one delivery brings."""

    tables: dict[str, DataFrame] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    identifiers: DataFrame | None = None
    variants: DataFrame | None = None


def people_in(tables: Mapping[str, DataFrame]) -> set[str]:
    """Return the keys of all people that rows point to."""
    return {
        str(person)
        for table, frame in tables.items()
        for column in _person_columns(table)
        for person in frame[column].dropna().unique()
        if person
    }


def settle_people(gathered: Gathered, known: Set[str], *, add: bool) -> None:
    """Add the people whom nobody knows, or leave their seats unresolved and their rows aside."""
    brought = set(gathered.tables["person"]["person_id"]) if "person" in gathered.tables else set()
    unknown = people_in(gathered.tables) - known - brought
    if not unknown:
        return
    if add:
        _add_people(gathered, sorted(unknown))
        return
    for table in list(gathered.tables):
        for column in _person_columns(table):
            _leave_unresolved(gathered, table, column, unknown)


def doubtful_zeros(gathered: Gathered, known: Set[str]) -> int:
    """Return how many new numbers of people are known with other leading zeros in front."""
    if gathered.variants is None:
        return 0
    frame = gathered.variants
    fresh = ~frame["person_id"].isin(known) & frame["alias"].isin(known)
    return int(frame.loc[fresh, "person_id"].nunique())


def too_many(gathered: Gathered, share: float) -> bool:
    """Tell whether more is bad than the share allowed, so that the whole is suspicious."""
    if any(row.row_number is None for row in gathered.rejected):
        return True
    bad = len({(row.table, row.row_number) for row in gathered.rejected})
    good = sum(len(frame) for frame in gathered.tables.values())
    return bad > 0 and (share == 0 or bad > max(FEW, share * (good + bad)))


def _person_columns(table: str) -> list[str]:
    return [column.name for column in CANONICAL[table].columns if reference(column) == PERSON]


def _add_people(gathered: Gathered, people: Sequence[str]) -> None:
    present = gathered.tables.get("person")
    columns = [column.name for column in declared_columns(CANONICAL["person"])]
    added = DataFrame({"person_id": people, "home_org_id": None, "kind": "unknown"})[columns]
    added[ROW_NUMBER] = range(1, len(added) + 1)
    added = added.astype(dict.fromkeys(columns, "str"))
    gathered.tables["person"] = added if present is None else pd.concat([present, added])
    words = f"people who were not known and have been added: {len(people):,}"
    gathered.notes["person"] = (*gathered.notes.get("person", ()), words)


def _leave_unresolved(gathered: Gathered, table: str, column: str, unknown: set[str]) -> None:
    frame = gathered.tables[table]
    rows = frame[column].isin(unknown)
    if not rows.any():
        return
    if is_required(CANONICAL[table].c[column]):
        gathered.rejected += [_unknown(table, column, int(n)) for n in frame[rows][ROW_NUMBER]]
        gathered.tables[table] = frame[~rows]
        return
    gathered.tables[table] = frame.assign(**{column: frame[column].mask(rows)})
    words = (
        f"rows whose {column} was left empty, since the person is not known: {int(rows.sum()):,}"
    )
    gathered.notes[table] = (*gathered.notes.get(table, ()), words)


def _unknown(table: str, column: str, number: int) -> Rejected:
    words = message(
        "the person is not known",
        "somebody whom the people's source has brought",
        "Import the people first, or set unknown_people to add.",
    )
    return Rejected(table, number, column, "unknown_person", words)
