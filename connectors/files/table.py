"""A file of any kind as columns of text under one header."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from connectors.contract import Rejected, message
from connectors.conversion import TEXT
from connectors.files.archive import check_archive
from connectors.files.body import columns_of, until_section_ends
from connectors.files.encoding import encoding_of
from connectors.files.layout import (
    Above,
    combined_names,
    folded,
    guess_place,
    place_by_names,
    unique_names,
    values_above,
)
from connectors.files.limits import LONGEST_CELL, check_shape, refuse
from connectors.files.opening import Format, format_of
from connectors.files.records import (
    DELIMITERS,
    FIRST,
    Record,
    Told,
    first_records,
    open_sheet,
    sheet_records,
    text_records,
    untold,
)
from connectors.reading import TextTable, read_parquet

FirstRows = dict[str, list[Record]]
"""The first rows of a file by delimiter; a workbook has the empty one."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How a file is to be read; everything left out is found out.

    Attributes
    ----------
    wanted : tuple of str
        Names that the header must have; empty = any.
    kept : frozenset of str or None
        Names, folded, of the columns that are read; the cells of all others are forgotten at once.
    header : bool
        False where the first row is data already; columns are then named by their position.
    second_line : {"none", "explains", "combines"}
        What the line below the names is.
    skipped : int
        Lines below the names that are no rows.
    above : {"none", "row", "pairs"}
        What stands over the table.
    section : bool
        True where the table ends at a blank line or at the next numbered section.
    """

    wanted: tuple[str, ...] = ()
    kept: frozenset[str] | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header: bool = True
    second_line: Literal["none", "combines"] = "none"
    skipped: int = 0
    above: Above = "none"
    section: bool = False


@dataclass(frozen=True)
class FileTable:
    """A file's cells, and how they were found.

    Attributes
    ----------
    cells : TextTable
        Names, columns of text, numbers of the rows, rows that do not fit, notes; kept columns only.
    names : tuple of str
        Names of all columns.
    format : {"text", "workbook", "parquet"}
    encoding, delimiter : str
        Empty where the format has none.
    header_row : int or None
        Line or row of the names; None where there are none.
    found : bool
        False where the names wanted were not found; then the table is as it was guessed.
    skipped_cells : tuple of str
        Cells of the lines below the names that are no rows, for what they say of the time zone.
    """

    cells: TextTable
    names: tuple[str, ...]
    format: Format
    encoding: str = ""
    delimiter: str = ""
    header_row: int | None = 1
    found: bool = True
    skipped_cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Opened:
    format: Format
    encoding: str
    notes: tuple[str, ...]
    samples: FirstRows
    whole: dict[str, Iterator[Record]]
    cut_off_last: bool = False


def read_file(file: Path, reading: Reading, told: Told = untold) -> FileTable:
    """Read the table of a file; raise UnreadableFileError where there is none."""
    kind = format_of(file)
    if kind == "parquet":
        return _read_parquet(file, reading)
    opening = _open_workbook if kind == "workbook" else _open_text
    opened = opening(file, reading, told)
    by_names = place_by_names(opened.samples, reading.wanted)
    if by_names is not None:
        delimiter, position = by_names
    else:
        delimiter, position = guess_place(opened.samples)
    if not reading.header:
        position = None
    table = _table(opened, delimiter, position, reading)
    return replace(table, found=by_names is not None or not reading.wanted)


def first_rows(file: Path) -> FirstRows:
    """Return the first rows under each delimiter, for telling what a file is."""
    kind = format_of(file)
    if kind == "parquet":
        return {"": [Record(1, list(_footer(file).schema.names))]}
    opened = _open_workbook if kind == "workbook" else _open_text
    return opened(file, Reading(), untold).samples


def _open_text(file: Path, reading: Reading, told: Told) -> _Opened:
    encoding = encoding_of(file, reading.encoding)
    delimiters = (reading.delimiter,) if reading.delimiter else DELIMITERS
    samples = {d: first_records(file, encoding.name, d) for d in delimiters}
    if not any(record.cells for records in samples.values() for record in records):
        # the error of the first delimiter says why
        for _ in islice(text_records(file, encoding.name, delimiters[0]), FIRST):
            pass
        raise refuse("empty_file", "only blank lines", "a header and rows", "Export it again.")
    whole = {d: text_records(file, encoding.name, d, told) for d in delimiters}
    return _Opened(
        "text", encoding.name, encoding.notes, samples, whole, not encoding.ends_with_break
    )


def _open_workbook(file: Path, reading: Reading, told: Told) -> _Opened:
    notes = check_archive(file)
    sheet, more = open_sheet(file, reading.sheet)
    records = sheet_records(sheet, told)
    first = list(islice(records, FIRST))
    if not any(record.cells for record in first):
        raise refuse("empty_file", "an empty sheet", "a header and rows", "Name another sheet.")
    return _Opened("workbook", "", (*notes, *more), {"": first}, {"": chain(first, records)})


def _read_parquet(file: Path, reading: Reading) -> FileTable:
    footer = _footer(file)
    # rows, not bytes: a hundred million equal rows need next to no bytes
    check_shape(footer.num_rows, footer.num_columns)
    cells = read_parquet(file)
    names, notes = unique_names(cells.header)
    checked = replace(cells, header=names, notes=(*cells.notes, *notes))
    return FileTable(
        _kept(_without_long_cells(checked), reading.kept), names, "parquet", header_row=None
    )


def _footer(file: Path) -> pq.FileMetaData:
    try:
        return pq.read_metadata(file)
    except (pa.ArrowException, OSError):
        remedy = "Write it again."
        raise refuse("not_parquet", "damaged Parquet", "a whole Parquet file", remedy) from None


def _table(opened: _Opened, delimiter: str, position: int | None, reading: Reading) -> FileTable:
    first = opened.samples[delimiter]
    start = 0 if position is None else position
    head = [record.cells for record in first[start : start + 2]]
    combines = reading.second_line == "combines"
    cells = combined_names(head) if combines else (head[0] if head else [])
    width = max((len(record.cells) for record in first), default=0) if position is None else 0
    names, notes = unique_names([""] * width if position is None else _trimmed(cells))
    check_shape(0, len(names))
    above = values_above(first[:start], reading.above) if position is not None else {}
    skip = 0 if position is None else start + 1 + reading.skipped + combines
    rows = (record for record in islice(opened.whole[delimiter], skip, None))
    if reading.section:
        rows = until_section_ends(rows)
    places = [
        n for n, name in enumerate(names) if reading.kept is None or folded(name) in reading.kept
    ]
    body = columns_of(rows, len(names), places, opened.cut_off_last)
    if position is None:
        notes = ("no row of column names was found; columns are called by their position",)
    table = TextTable(
        tuple(names[n] for n in places),
        body.columns,
        body.numbers,
        body.rejected,
        (*opened.notes, *notes, *body.notes),
    )
    return FileTable(
        _kept(_with_above(_without_long_cells(table), above), reading.kept),
        (*names, *above),
        opened.format,
        opened.encoding,
        delimiter,
        None if position is None else first[position].number,
        skipped_cells=tuple(cell for record in first[start + 1 : skip] for cell in record.cells),
    )


def _trimmed(cells: list[str]) -> list[str]:
    last = max((n for n, cell in enumerate(cells, start=1) if cell.strip()), default=0)
    return cells[:last]


def _kept(table: TextTable, kept: frozenset[str] | None) -> TextTable:
    if kept is None:
        return table
    places = [n for n, name in enumerate(table.header) if folded(name) in kept]
    header = tuple(table.header[n] for n in places)
    return replace(table, header=header, columns=tuple(table.columns[n] for n in places))


def _with_above(table: TextTable, above: dict[str, str]) -> TextTable:
    taken = {name: value for name, value in above.items() if name not in table.header}
    rows = len(table.row_numbers)
    constant = tuple(pa.array(np.full(rows, value, dtype=object), TEXT) for value in taken.values())
    return replace(table, header=(*table.header, *taken), columns=(*table.columns, *constant))


def _without_long_cells(table: TextTable) -> TextTable:
    long = np.zeros(len(table.row_numbers), bool)
    for column in table.columns:
        long |= pc.greater(pc.utf8_length(column), LONGEST_CELL).to_numpy(zero_copy_only=False)
    if not long.any():
        return table
    words = message(
        "a cell is too long", f"{LONGEST_CELL:,} characters at most", "Shorten it at the source."
    )
    numbers = table.row_numbers.to_numpy()
    rejected = tuple(Rejected("", int(n), "", "too_long", words) for n in numbers[long])
    keep = pa.array(~long)
    return replace(
        table,
        columns=tuple(column.filter(keep) for column in table.columns),
        row_numbers=table.row_numbers.filter(keep),
        rejected=(*table.rejected, *rejected),
    )
