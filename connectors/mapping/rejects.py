"""The rows that were set aside as a CSV file: their numbers, the reasons, and no person."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path

from connectors.contract import Rejected
from connectors.files.table import read_file
from connectors.mapping.fields import KINDS
from connectors.mapping.model import Mapping
from connectors.reading import TextTable, UnreadableFileError

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\x00")
HEAD = ("__row", "__column", "__code", "__reason")
NEVER_WRITTEN = ("person", "guest")


def write_rejects(file: Path, source: Path, mapping: Mapping, rejected: Sequence[Rejected]) -> None:
    """Write one line a reason; only its owner can read the file.

    Columns of people, and those that the mapping drops or does not name, are left out: the row's
    number finds them in the file itself.
    """
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as opened:
        opened.write(rejects_as_csv(source, mapping, rejected))


def rejects_as_csv(source: Path, mapping: Mapping, rejected: Sequence[Rejected]) -> str:
    """Return the rejected rows as CSV with the cells that point to nobody, formulas disarmed."""
    table = _table(source, mapping)
    shown = [] if table is None else _shown(table, mapping)
    rows = {} if table is None else _places(table, {r.row_number for r in rejected})
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*HEAD, *(_disarmed(table.header[n]) for n in shown)] if table else HEAD)
    for one in rejected:
        place = rows.get(one.row_number)
        cells = (
            ["" for _ in shown]
            if table is None or place is None
            else [_disarmed(table.columns[n][place].as_py()) for n in shown]
        )
        number = "" if one.row_number is None else one.row_number
        writer.writerow([number, _disarmed(one.column), one.code, one.message, *cells])
    return text.getvalue()


def _table(source: Path, mapping: Mapping) -> TextTable | None:
    try:
        return read_file(source, mapping.reading()).cells
    except (UnreadableFileError, OSError):
        return None


def _shown(table: TextTable, mapping: Mapping) -> list[int]:
    fields = KINDS[mapping.holds].fields
    hidden = {n for n, target in mapping.targets() if fields[target.to].role in NEVER_WRITTEN}
    named = set(mapping.columns) - hidden
    return [n for n, name in enumerate(table.header) if name in named]


def _places(table: TextTable, numbers: set[int | None]) -> dict[int | None, int]:
    all_numbers = table.row_numbers.to_pylist()
    return {number: place for place, number in enumerate(all_numbers) if number in numbers}


def _disarmed(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
