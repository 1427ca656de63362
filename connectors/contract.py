"""What every connector does: yield checked canonical rows, and say which rows it refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from schema.rejected import Rejected

if TYPE_CHECKING:
    # loading it takes as long as many a command
    from pandas import DataFrame

__all__ = ["Batch", "Connector", "Rejected", "SourceError", "message"]

SET_ASIDE = "Row set aside."
FILE_REFUSED = "File refused."
IDENTIFIERS = "person_identifier"
"""What a batch is called that holds no canonical rows, but further identifiers of people."""
VARIANTS = "person_variant"
"""What a batch is called that holds what numbers of people would be with other leading zeros."""


class SourceError(ValueError):
    """A source that cannot be read at all; the text is meant for the person who started it."""


@dataclass(frozen=True)
class Batch:
    """Checked rows of one canonical table.

    Attributes
    ----------
    table : str
        The canonical table.
    frame : DataFrame
        Accepted rows. Columns are those of the table in declared order without lineage, then
        ``row_number`` (int64). Text is ``str``, whole numbers ``Int32``, numbers ``float64``, flags
        ``boolean``, days ``datetime64`` at midnight without zone, instants ``datetime64[us, UTC]``;
        missing is NA. Defaults are filled in.
    rejected : tuple of Rejected
        Refused rows, or the reason why the whole file was refused (then `frame` is empty).
    notes : tuple of str
        What the reader should know although nothing was refused.
    of : int or None
        Rows of the whole table where the batch is a part of it. The parts follow each other, and no
        two of them have a key in common.
    """

    table: str
    frame: DataFrame
    rejected: tuple[Rejected, ...] = ()
    notes: tuple[str, ...] = ()
    of: int | None = None


class Connector(Protocol):
    """A source of canonical rows; renames, converts and checks, and never guesses or drops."""

    def batches(self) -> Iterator[Batch]:
        """Yield a table in one batch or several, referenced tables first.

        Raises
        ------
        SourceError
            The source cannot be read at all.
        """
        ...


def message(found: str, expected: str, remedy: str, outcome: str = SET_ASIDE) -> str:
    """Say what was found, what was expected, what to do and what happened; where is added later."""
    return f"{found}; expected {expected}. {remedy} {outcome}"
