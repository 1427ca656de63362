"""A file in words: its form, its size, and what its dates prove."""

from __future__ import annotations

from collections.abc import Sequence

from pandas import Series

from connectors.files.encoding import WORDS
from connectors.files.table import FileTable
from connectors.mapping.fields import FIELDS
from connectors.mapping.guessing import ColumnGuess
from connectors.mapping.moments import NUMERIC, orders_proved

DELIMITER_WORDS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars", "": ""}


FORMAT_WORDS = {"workbook": "an Excel workbook", "parquet": "Parquet", "text": "text"}


PROOFS = 2


def times_in(
    columns: Sequence[ColumnGuess], cells: dict[str, Series], holds: str
) -> tuple[str | None, str, bool]:
    """Return the order that dates prove, the proof, and whether times lack an offset."""
    first = month = unclear = 0
    naive = False
    examples: list[str] = []
    for guess in columns:
        role = FIELDS[holds][guess.target.to].role if guess.target else ""
        if role not in ("day", "instant"):
            continue
        column = cells[guess.name]
        filled = column[column.ne("")]
        counts = orders_proved(filled)
        first, month, unclear = (
            first + counts[0], month + counts[1], unclear + counts[2]
        )  # fmt: skip
        examples += _proofs(filled)
        ends_with_zone = filled.str.contains(r"(?:Z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)$", regex=True)
        naive = naive or (role == "instant" and not (len(filled) and bool(ends_with_zone.all())))
    return *_order(first, month, unclear, examples), naive


def _proofs(filled: Series) -> list[str]:
    dates = (m for cell in filled.unique() if (m := NUMERIC.match(cell)))
    return [m[0] for m in dates if (int(m[1]) > 12) != (int(m[2]) > 12)][:PROOFS]


def _order(first: int, month: int, unclear: int, examples: list[str]) -> tuple[str | None, str]:
    if not first + month + unclear:
        return None, ""
    shown = " and ".join(examples[:PROOFS])
    if first and not month:
        return "DMY", f"day first, as {shown} prove" if len(examples) > 1 else f"day first: {shown}"
    if month and not first:
        return "MDY", f"month first: {shown}"
    if first and month:
        return None, f"the dates contradict each other: {shown}"
    return None, "every day number is 12 or less, so the order must be chosen"


def measure(
    table: FileTable, holds: str, columns: Sequence[ColumnGuess], cells: dict[str, Series]
) -> str:
    """Return how much the file holds: "1 meeting, 3 rows"."""
    rows = len(table.cells.row_numbers)
    count = f"{rows:,} row{'' if rows == 1 else 's'}"
    if holds != "attendance":
        return count
    keys = [g.name for g in columns if g.target is not None and g.target.to == "meeting"]
    meetings = cells[keys[0]].nunique() if keys and rows else min(rows, 1)
    return f"{meetings:,} meeting{'' if meetings == 1 else 's'}, {count}"


def shape(table: FileTable) -> str:
    """Return the file's form: "12 columns, header in row 4, semicolons, Windows-1252"."""
    parts = [
        f"{len(table.cells.header):,} columns",
        f"{len(table.cells.row_numbers):,} rows",
        "no header" if table.header_row is None and table.format != "parquet" else "",
        f"header in row {table.header_row}" if table.header_row else "",
        DELIMITER_WORDS.get(table.delimiter, ""),
        WORDS.get(table.encoding, table.encoding) or FORMAT_WORDS[table.format],
    ]
    return ", ".join(part for part in parts if part)
