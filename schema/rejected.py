"""A row, or a whole file, that was not accepted, and why, in words that name nobody."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rejected:
    """One reason why one row, one column or one file was not accepted.

    Attributes
    ----------
    table : str
        The canonical table, or the name of a file that is none.
    row_number : int or None
        Line of the file (CSV, the header is line 1) or row of the table (Parquet, from 1); None
        where the whole file is meant.
    column : str
        The column, or empty where the row or the file as a whole is meant.
    code : str
        Short name of the reason; never changes.
    message : str
        What was found, what was expected, what to do; never a person's value.
    """

    table: str
    row_number: int | None
    column: str
    code: str
    message: str
