"""A canonical file read part by part, so that a table of any size fits into memory."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from connectors.contract import SET_ASIDE, Rejected, message
from connectors.files.encoding import Encoding, encoding_of
from connectors.files.records import Record
from connectors.reading import (
    NO_ROWS,
    TEXT,
    TextTable,
    UnreadableFileError,
    not_parquet,
    refusal,
    text_of,
)

PART = 100_000
"""Rows that stand in memory at once, as text and as values."""
CHUNK = 20_000
"""Rows that stand in memory as Python's texts, which take ten times their size."""
DELIMITERS = (",", ";", "\t")


def parts_of(file: Path, table: str) -> Iterator[TextTable]:
    """Yield a file's rows, at least one part; raise UnreadableFileError when it is no table."""
    if file.stat().st_size == 0:
        raise UnreadableFileError("empty_file", refusal("the file is empty", "a header line"))
    return _parquet_parts(file) if file.suffix.lower() == ".parquet" else _csv_parts(file, table)


def _parquet_parts(file: Path) -> Iterator[TextTable]:
    try:
        with pq.ParquetFile(file) as content:
            rows, before = content.metadata.num_rows, 0
            if not rows:
                yield text_of(content.schema_arrow.empty_table(), 0)
            for batch in content.iter_batches(PART) if rows else ():
                part = text_of(pa.Table.from_batches([batch]), before)
                before += batch.num_rows
                yield replace(part, read=before / rows)
    except (pa.ArrowException, OSError):
        raise not_parquet() from None


def _csv_parts(file: Path, table: str) -> Iterator[TextTable]:
    encoding, size = encoding_of(file), file.stat().st_size
    # line breaks of every kind become one, also within cells
    with file.open(encoding=encoding.name, newline=None) as opened:
        first = next((line for line in opened if line != "\n"), None)
        if first is None:
            words = refusal("the file has only blank lines", "a header line")
            raise UnreadableFileError("empty_file", words)
        opened.seek(0)
        records = _records(opened, max(DELIMITERS, key=first.count))
        header = tuple(name.strip() for name in next(records).cells)
        part = _part(table, header, records, encoding)
        while part is not None:
            following = _part(table, header, records, None)
            yield replace(part, read=opened.buffer.tell() / size if following else 1.0)
            part = following


def _records(lines: Iterator[str], delimiter: str) -> Iterator[Record]:
    """Yield the rows that have a cell, each with the line on which it starts."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    start = 1
    try:
        for cells in reader:
            if cells:
                yield Record(start, cells)
            start = reader.line_num + 1
    except csv.Error:
        found = "a quotation mark that is not closed, or a cell without end, near line "
        words = refusal(f"{found}{reader.line_num}", "every opening quotation mark to be closed")
        raise UnreadableFileError("unclosed_quote", words) from None


def _part(
    table: str, header: tuple[str, ...], records: Iterator[Record], encoding: Encoding | None
) -> TextTable | None:
    """Return the next rows; None where there are none, but for the first part of a file."""
    chunks: list[list[pa.Array]] = []
    numbers: list[int] = []
    rejected: list[Rejected] = []
    wanted = islice(records, PART)
    while chunk := list(islice(wanted, CHUNK)):
        fitting = [record for record in chunk if len(record.cells) <= len(header)]
        rejected += [_too_wide(table, r.number) for r in chunk if len(r.cells) > len(header)]
        numbers += [record.number for record in fitting]
        chunks.append(_columns(fitting, len(header)))
    empty = not numbers and not rejected
    if empty and encoding is None:
        return None
    columns = [pa.concat_arrays(column) for column in zip(*chunks, strict=True)]
    notes = encoding.notes if encoding is not None else ()
    return TextTable(
        header,
        tuple(columns or [pa.array([], TEXT)] * len(header)),
        pa.array(numbers, pa.int64()),
        tuple(rejected),
        (*notes, NO_ROWS) if empty else notes,
    )


def _columns(records: list[Record], width: int) -> list[pa.Array]:
    rows = [record.cells + [""] * (width - len(record.cells)) for record in records]
    return [pa.array([row[n] for row in rows], TEXT) for n in range(width)]


def _too_wide(table: str, line: int) -> Rejected:
    words = message(
        "the row has more cells than the header",
        "one cell a column",
        "Put cells that contain the delimiter in quotation marks.",
        SET_ASIDE,
    )
    return Rejected(table, line, "", "too_many_cells", words)
