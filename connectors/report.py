"""What an import did, in lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from connectors.contract import Rejected

GROUPS_SHOWN = 20
ROWS_SHOWN = 5
COUNTS = ("read", "new", "changed", "same", "rejected")


class Count(Protocol):
    """What an import did to one table, in rows."""

    table: str
    read: int
    new: int
    changed: int
    same: int
    rejected: int


def count_lines(counts: Sequence[Count]) -> list[str]:
    """Return an aligned table with one line a canonical table."""
    width = max((len(count.table) for count in counts), default=5)
    head = f"{'table':<{width}}" + "".join(f"{name:>11}" for name in COUNTS)
    lines = (
        f"{count.table:<{width}}" + "".join(f"{getattr(count, name):>11,}" for name in COUNTS)
        for count in counts
    )
    return [head, *lines]


def reject_lines(rejected: Iterable[Rejected]) -> list[str]:
    """Return one line a reason, with the first rows that it concerns; at most 20 lines and one."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    for row in rejected:
        rows = groups.setdefault((row.table, row.column, row.message), [])
        if row.row_number is not None:
            rows.append(row.row_number)
    lines = [f"{_place(*key[:2], rows)}: {key[2]}" for key, rows in groups.items()]
    hidden = len(lines) - GROUPS_SHOWN
    return lines[:GROUPS_SHOWN] + ([f"... and {hidden} more reasons"] if hidden > 0 else [])


def note_lines(notes: Mapping[str, Sequence[str]]) -> list[str]:
    """Return one line a note, with its table."""
    return [f"{table}: note: {note}" for table, found in notes.items() for note in found]


def _place(table: str, column: str, rows: list[int]) -> str:
    where = f"{table}, {column}" if column else table
    if not rows:
        return where
    shown = ", ".join(str(row) for row in rows[:ROWS_SHOWN])
    more = f" ... ({len(rows):,} rows)" if len(rows) > ROWS_SHOWN else ""
    return f"{where}, row {shown}{more}"
