"""How one canonical column is declared: its type, what it may hold, and what it points to.

Everything that another room needs to know about a column (the DDL, the check of a file, the data
dictionary) is read from the declaration through the functions below, never written a second time.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Boolean, Column, Date, DateTime, Double, Integer, String, Table
from sqlalchemy.types import TypeDecorator

Allowed = tuple[str, ...]

IDENTIFIER_LENGTH = 80
TEXT_LENGTH = 400


class UtcTimestamp(TypeDecorator):
    """An instant: aware in, aware out, stored as UTC without a zone.

    SQLite forgets the zone and DuckDB needs a further package to return one, so the zone is kept by
    the rule "everything stored is UTC" and restored here.
    """

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: object) -> datetime | None:
        """Store an aware instant as UTC; refuse a naive one, which could mean any zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without time zone cannot be stored; give its offset")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: object) -> datetime | None:
        """Return the stored instant as aware UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


def _column(name: str, kind: object, words: str, **facts: object) -> Column:
    key = bool(facts.pop("key", False))
    required = bool(facts.pop("required", False)) or key
    info = {"about": words, "required": required, **facts}
    nullable = not required and facts.get("default") is None
    return Column(name, kind, primary_key=key, nullable=nullable, autoincrement=False, info=info)


def identifier(name: str, words: str, **facts: object) -> Column:
    """Declare a key, or a reference to one (``to="table.column"``)."""
    return _column(name, String(IDENTIFIER_LENGTH), words, **facts)


def choice(name: str, allowed: Allowed, words: str, **facts: object) -> Column:
    """Declare a word out of a closed list."""
    return _column(name, String(IDENTIFIER_LENGTH), words, allowed=allowed, **facts)


def text(name: str, words: str, **facts: object) -> Column:
    """Declare a label or another short text."""
    return _column(name, String(TEXT_LENGTH), words, **facts)


def instant(name: str, words: str, **facts: object) -> Column:
    """Declare a moment in time, given with its offset and stored in UTC."""
    return _column(name, UtcTimestamp(), words, **facts)


def day(name: str, words: str, **facts: object) -> Column:
    """Declare a calendar date in the organisation's zone."""
    return _column(name, Date(), words, **facts)


def integer(name: str, words: str, **facts: object) -> Column:
    """Declare a whole number; ``low`` and ``high`` bound it."""
    return _column(name, Integer(), words, **facts)


def number(name: str, words: str, **facts: object) -> Column:
    """Declare a number; ``low`` and ``high`` bound it."""
    return _column(name, Double(), words, **facts)


def flag(name: str, words: str, **facts: object) -> Column:
    """Declare a yes or no."""
    return _column(name, Boolean(), words, **facts)


def lineage_columns() -> tuple[Column, ...]:
    """Return the two columns that every canonical table carries: who wrote a row, and its hash."""
    return (
        Column("run_id", String(IDENTIFIER_LENGTH), nullable=False, info={"lineage": True}),
        Column("row_hash", String(64), nullable=False, info={"lineage": True}),
    )


def about(column: Column) -> str:
    """Return what the column means, in one sentence."""
    return column.info.get("about", "")


def is_required(column: Column) -> bool:
    """Tell whether a file must bring this column and fill it in every row."""
    return bool(column.info.get("required"))


def allowed_values(column: Column) -> Allowed | None:
    """Return the closed list of words that the column takes, or None where any is accepted."""
    return column.info.get("allowed")


def column_default(column: Column) -> object:
    """Return what an absent or empty cell means, or None."""
    return column.info.get("default")


def has_later_columns(table: Table) -> bool:
    """Tell whether a table got columns (``later``) after stores with it had been written."""
    return any(column.info.get("later") for column in table.columns)


def reference(column: Column) -> tuple[str, str] | None:
    """Return (table, column) that a value must exist in, or None."""
    target = column.info.get("to")
    if target is None:
        return None
    table, _, name = target.partition(".")
    return table, name
