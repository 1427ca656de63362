"""How large a file may be, and the words of every refusal."""

from __future__ import annotations

from connectors.contract import FILE_REFUSED, message
from connectors.reading import UnreadableFileError

LARGEST_FILE = 200_000_000
MOST_ROWS = 1_000_000
MOST_COLUMNS = 300
LONGEST_CELL = 20_000
MOST_CELLS = 20_000_000
LARGEST_UNPACKED = 300_000_000
HIGHEST_RATIO = 150
FEWEST_BYTES_FOR_RATIO = 10_000_000
"""A small part may be packed as tightly as it likes."""


def refuse(code: str, found: str, expected: str, remedy: str) -> UnreadableFileError:
    """Return the error for a file that is not read: found, expected, what to do, outcome."""
    return UnreadableFileError(code, message(found, expected, remedy, FILE_REFUSED))


def check_shape(rows: int, columns: int) -> None:
    """Refuse a table with more rows, columns or cells than are read."""
    if columns > MOST_COLUMNS:
        raise refuse(
            "too_many_columns",
            f"{columns:,} columns",
            f"{MOST_COLUMNS} at most",
            "Leave out the columns that are not needed, or turn rows and columns round.",
        )
    if rows > MOST_ROWS or rows * columns > MOST_CELLS:
        raise refuse(
            "too_many_rows",
            f"{rows:,} rows of {columns:,} columns",
            f"{MOST_ROWS:,} rows and {MOST_CELLS:,} cells at most",
            "Divide the file, or export fewer columns.",
        )
