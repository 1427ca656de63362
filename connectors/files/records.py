"""The rows of a text file or a sheet as lists of text, each with its number."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from connectors.files.limits import refuse

DELIMITERS = (",", ";", "\t", "|")
FIRST = 60
LARGEST_EXACT = 1e15
TOLD_EACH = 20_000
"""Rows after which it is told how much of a file has been read."""

Told = Callable[[float], object]
"""Called with the share of a file that has been read, 0 to 1."""


@dataclass(frozen=True)
class Record:
    """One row: the line on which it starts (or the row of the sheet), and its cells."""

    number: int
    cells: list[str]


def untold(share: float) -> None:
    """Tell nobody."""


def text_records(
    file: Path, encoding: str, delimiter: str, told: Told = untold
) -> Iterator[Record]:
    """Yield the rows of a delimited text file; blank lines are rows without a cell."""
    size = file.stat().st_size
    with file.open(encoding=encoding, newline="") as opened:
        reader = csv.reader(opened, delimiter=delimiter, strict=True)
        start = 1
        try:
            for count, cells in enumerate(reader, start=1):
                yield Record(start, cells)
                if count % TOLD_EACH == 0:
                    told(opened.buffer.tell() / size)
                start = reader.line_num + 1
        except csv.Error:
            raise refuse(
                "unclosed_quote",
                f"a quotation mark that is not closed, or a cell without end, near line "
                f"{reader.line_num}",
                "every opening quotation mark to be closed",
                "Export the file again; it may have been cut off.",
            ) from None


def first_records(file: Path, encoding: str, delimiter: str) -> list[Record]:
    """Return the first rows; none where they cannot be read with this delimiter."""
    try:
        return list(islice(text_records(file, encoding, delimiter), FIRST))
    except ValueError:
        return []


def open_sheet(file: Path, wanted: str | None) -> tuple[CalamineSheet, tuple[str, ...]]:
    """Return the sheet wanted, or the first visible one, and what the reader should know."""
    try:
        workbook = CalamineWorkbook.from_path(file)
        visible = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.visible == SheetVisibleEnum.Visible
        ]
        names = workbook.sheet_names
        if wanted is not None and wanted not in names:
            raise refuse(
                "no_sheet", "the sheet is not in the workbook", f"{wanted!r}", "Correct sheet."
            )
        if wanted is None and not visible:
            raise refuse("no_sheet", "the workbook has no visible sheet", "one", "Add one.")
        sheet = workbook.get_sheet_by_name(wanted or visible[0])
    except (CalamineError, OSError):
        remedy = "Open it in a spreadsheet program, and save it again as XLSX."
        raise refuse("damaged", "the workbook is damaged", "a whole XLSX file", remedy) from None
    return sheet, _sheet_notes(sheet, visible, names)


def _sheet_notes(sheet: CalamineSheet, visible: list[str], names: list[str]) -> tuple[str, ...]:
    hidden = len(names) - len(visible)
    others = len(visible) - 1
    found = (
        (others > 0, f"other sheets, not read: {others}"),
        (hidden > 0, f"hidden sheets, not read: {hidden}"),
        (bool(sheet.merged_cell_ranges), "merged cells hold their value in the first cell only"),
    )
    return tuple(words for true, words in found if true)


def sheet_records(sheet: CalamineSheet, told: Told = untold) -> Iterator[Record]:
    """Yield the rows of a sheet as the text that they would be in a CSV file."""
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number % TOLD_EACH == 0:
            told(number / max(number, sheet.height))
        cells = [_as_text(cell) for cell in row]
        yield Record(number, cells if any(cells) else [])


def _as_text(cell: object) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, datetime):
        midnight = cell.time() == time(0)
        return cell.date().isoformat() if midnight else cell.isoformat(timespec="seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return "" if cell is None else str(cell)


def _number(cell: float) -> str:
    if abs(cell) >= LARGEST_EXACT:
        # more digits than a spreadsheet keeps: shown as it would be there, and refused as a key
        return f"{cell:.5E}"
    return str(int(cell)) if cell.is_integer() else repr(cell)
