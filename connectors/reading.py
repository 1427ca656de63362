"""A table of text: nothing guessed, every row with its number; and Parquet files as such."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from connectors.contract import FILE_REFUSED, Rejected, message

TEXT = pa.large_string()
BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
ENCODED_TWICE = re.compile("Ã[\u0080-\u00bf]|â€")
NO_ROWS = "the file has a header and no rows"


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
    read : float
        Share of the file that has been read by the table's end, 0 to 1.
    """

    header: tuple[str, ...]
    columns: tuple[pa.Array, ...]
    row_numbers: pa.Array
    rejected: tuple[Rejected, ...] = ()
    notes: tuple[str, ...] = ()
    read: float = 1.0


def read_parquet(file: Path) -> TextTable:
    """Read a Parquet file as the text that its typed values would have in a CSV file."""
    try:
        content = pq.read_table(file)
    except (pa.ArrowException, OSError):
        raise not_parquet() from None
    return text_of(content, before=0)


def text_of(content: pa.Table, before: int) -> TextTable:
    """Return typed columns as text; ``before`` is the number of rows that stand before them."""
    columns = tuple(
        _as_text(name, column)
        for name, column in zip(content.column_names, content.columns, strict=True)
    )
    numbers = pa.array(np.arange(before + 1, before + 1 + content.num_rows), pa.int64())
    notes = () if before or content.num_rows else (NO_ROWS,)
    return TextTable(tuple(content.column_names), columns, numbers, notes=notes)


def not_parquet() -> UnreadableFileError:
    """Return the error for a damaged Parquet file."""
    words = refusal("the file cannot be read as Parquet", "an undamaged Parquet file")
    return UnreadableFileError("not_parquet", words)


def _as_text(name: str, column: pa.ChunkedArray) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us", "UTC" if column.type.tz else None), safe=False)
    try:
        return pc.fill_null(column.cast(TEXT).combine_chunks(), "")
    except pa.ArrowException:
        words = refusal(
            f"a column of Parquet type {column.type} where a single value a row is needed",
            "text, numbers, flags, dates or instants",
        )
        raise UnreadableFileError("not_text", words) from None


def refusal(found: str, expected: str) -> str:
    """Return the words for a file that is not read."""
    return message(found, expected, "Export the file again.", FILE_REFUSED)
