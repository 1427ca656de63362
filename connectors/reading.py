"""CSV and Parquet files as tables of text: nothing guessed, every row with its number."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from connectors.contract import FILE_REFUSED, SET_ASIDE, Rejected, message

TEXT = pa.large_string()
DELIMITERS = (",", ";", "\t")
BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
ENCODED_TWICE = re.compile("Ã[\u0080-\u00bf]|â€")


class UnreadableFileError(ValueError):
    """A file that cannot be read as a table; carries a code and words for the user."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


@dataclass(frozen=True)
class TextTable:
    """A file's cells as text.

    Attributes
    ----------
    header : tuple of str
        Column names as they stand in the file, trimmed.
    columns : tuple of pyarrow large_string arrays
        One a column; an empty or missing cell is the empty text, never null.
    row_numbers : pyarrow int64 array
        Line of the record's start (CSV) or row from 1 (Parquet).
    rejected : tuple of Rejected
        Rows that do not fit the header.
    notes : tuple of str
        What was unusual about the file.
    """

    header: tuple[str, ...]
    columns: tuple[pa.Array, ...]
    row_numbers: pa.Array
    rejected: tuple[Rejected, ...] = ()
    notes: tuple[str, ...] = ()


def read_table(file: Path, table: str) -> TextTable:
    """Read a CSV or Parquet file; raise UnreadableFileError when it is no table."""
    if file.stat().st_size == 0:
        raise UnreadableFileError("empty_file", _refused("the file is empty", "a header line"))
    return read_parquet(file) if file.suffix.lower() == ".parquet" else read_csv(file, table)


def read_csv(file: Path, table: str) -> TextTable:
    """Read a delimited text file with a header line; every cell stays text."""
    text, notes = _decode(file.read_bytes())
    _refuse_nul(text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    header_line = text.lstrip("\n").split("\n", 1)[0]
    records = _records(text, delimiter=max(DELIMITERS, key=header_line.count))
    lines = _start_lines(records, text.count("\n"))
    filled = [(line, record) for line, record in zip(lines, records, strict=True) if record]
    if not filled:
        raise UnreadableFileError(
            "empty_file", _refused("the file has only blank lines", "a header line")
        )
    header = tuple(name.strip() for name in filled[0][1])
    return _text_table(table, header, filled[1:], notes)


def read_parquet(file: Path) -> TextTable:
    """Read a Parquet file as the text that its typed values would have in a CSV file."""
    try:
        content = pq.read_table(file)
    except (pa.ArrowException, OSError):
        words = _refused("the file cannot be read as Parquet", "an undamaged Parquet file")
        raise UnreadableFileError("not_parquet", words) from None
    columns = tuple(
        _as_text(name, column)
        for name, column in zip(content.column_names, content.columns, strict=True)
    )
    numbers = pa.array(range(1, content.num_rows + 1), pa.int64())
    notes = () if content.num_rows else ("the file has a header and no rows",)
    return TextTable(tuple(content.column_names), columns, numbers, notes=notes)


def _as_text(name: str, column: pa.ChunkedArray) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us", "UTC" if column.type.tz else None), safe=False)
    try:
        return pc.fill_null(column.cast(TEXT).combine_chunks(), "")
    except pa.ArrowException:
        words = _refused(
            f"a column of Parquet type {column.type} where a single value a row is needed",
            "text, numbers, flags, dates or instants",
        )
        raise UnreadableFileError("not_text", words) from None


def _decode(content: bytes) -> tuple[str, tuple[str, ...]]:
    marked = next((e for mark, e in BYTE_ORDER_MARKS.items() if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(marked)
    except UnicodeDecodeError as error:
        if marked != "utf-8":
            words = _refused("bytes that are not the encoding announced", "UTF-8 text")
            raise UnreadableFileError("encoding", words) from None
        return _decode_western(content, line=content.count(b"\n", 0, error.start) + 1)
    return text, _encoded_twice(text)


def _decode_western(content: bytes, line: int) -> tuple[str, tuple[str, ...]]:
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        words = _refused(f"line {line} is neither UTF-8 nor Windows-1252 text", "UTF-8 text")
        raise UnreadableFileError("encoding", words) from None
    note = f"not UTF-8 (first on line {line}); read as Windows-1252, please check the accents"
    return text, (note,)


def _encoded_twice(text: str) -> tuple[str, ...]:
    found = ENCODED_TWICE.search(text)
    if found is None:
        return ()
    line = text.count("\n", 0, found.start()) + 1
    return (f"accents look encoded twice (first on line {line}); save the file again as UTF-8",)


def _refuse_nul(text: str) -> None:
    at = text.find("\x00")
    if at >= 0:
        line = text.count("\n", 0, at) + 1
        found = f"line {line} holds a NUL byte, which no text has"
        raise UnreadableFileError(
            "nul_byte", _refused(found, "a text file, not a workbook or a program")
        )


def _records(text: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return list(reader)
    except csv.Error:
        found = "a quotation mark that is not closed, or a cell without end, near line "
        words = _refused(f"{found}{reader.line_num}", "every opening quotation mark to be closed")
        raise UnreadableFileError("unclosed_quote", words) from None


def _start_lines(records: list[list[str]], line_breaks: int) -> list[int]:
    if line_breaks <= len(records):
        return list(range(1, len(records) + 1))
    heights = (1 + sum(cell.count("\n") for cell in record) for record in records)
    return list(accumulate(heights, initial=1))[:-1]


def _text_table(
    table: str, header: tuple[str, ...], rows: list[tuple[int, list[str]]], notes: tuple[str, ...]
) -> TextTable:
    width = len(header)
    rejected = tuple(_too_wide(table, line) for line, cells in rows if len(cells) > width)
    fitting = [row for row in rows if len(row[1]) <= width]
    cells = [row + [""] * (width - len(row)) if len(row) < width else row for _, row in fitting]
    columns = tuple(pa.array(column, TEXT) for column in zip(*cells, strict=True))
    empty = tuple(pa.array([], TEXT) for _ in header)
    numbers = pa.array([line for line, _ in fitting], pa.int64())
    notes = notes if rows else (*notes, "the file has a header and no rows")
    return TextTable(header, columns or empty, numbers, rejected, notes)


def _too_wide(table: str, line: int) -> Rejected:
    words = message(
        "the row has more cells than the header",
        "one cell a column",
        "Put cells that contain the delimiter in quotation marks.",
        SET_ASIDE,
    )
    return Rejected(table, line, "", "too_many_cells", words)


def _refused(found: str, expected: str) -> str:
    return message(found, expected, "Export the file again.", FILE_REFUSED)
