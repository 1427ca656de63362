"""Records of a source, as text, checked as one canonical table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256

import pyarrow as pa
from pandas import Series

from connectors.checks import check
from connectors.contract import Batch, Rejected
from connectors.conversion import TEXT
from connectors.headers import declared_columns
from connectors.identity import Pseudonyms
from connectors.reading import TextTable
from schema import CANONICAL

Record = Mapping[str, str]
"""A row by column name; what is absent is empty."""

KEY_DIGITS = 32


def checked(
    table: str,
    records: Sequence[Record],
    now: datetime,
    rejected: Sequence[Rejected] = (),
    notes: Sequence[str] = (),
    numbers: Sequence[int] | None = None,
) -> Batch:
    """Return records as checked rows; a row's number is its place among the records, from 1.

    ``numbers`` gives other ones, where a record is not the only thing that has a place.
    """
    names = tuple(column.name for column in declared_columns(CANONICAL[table]))
    columns = tuple(pa.array([record.get(name, "") for record in records], TEXT) for name in names)
    places = pa.array(range(1, len(records) + 1) if numbers is None else numbers, pa.int64())
    source = TextTable(names, columns, places, tuple(rejected), tuple(notes))
    return check(CANONICAL[table], source, now)


def pseudonyms_of(pseudonyms: Pseudonyms, identifiers: Sequence[str | None]) -> list[str]:
    """Return one pseudonym an identifier, in order; the empty text where there is none."""
    given = Series([text if (text or "").strip() else None for text in identifiers], dtype="str")
    return list(pseudonyms.of(given).fillna("")) if len(given) else []


def row_key(source: str, *parts: str) -> str:
    """Return a short key that is the same for the same parts on every run."""
    return sha256("\x1f".join((source, *parts)).encode()).hexdigest()[:KEY_DIGITS]


def written(moment: datetime | None) -> str:
    """Return an instant as text with its offset, or the empty text."""
    return "" if moment is None else moment.isoformat()
