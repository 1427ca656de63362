"""A file and a mapping as a connector: canonical rows, checked like those of any other source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
from pandas import DataFrame, Series

from connectors.checks import check, empty_frame
from connectors.contract import (
    FILE_REFUSED,
    IDENTIFIERS,
    SET_ASIDE,
    VARIANTS,
    Batch,
    Rejected,
    SourceError,
    message,
)
from connectors.conversion import TEXT
from connectors.files.table import read_file
from connectors.headers import declared_columns
from connectors.identity import Pseudonyms
from connectors.mapping.answers import learning, outcomes, skills, survey
from connectors.mapping.fields import KINDS
from connectors.mapping.model import Mapping
from connectors.mapping.odd_talks import (
    backward_stays,
    large_circles,
    odd_lengths,
    self_pairs,
)
from connectors.mapping.people import (
    contradictions,
    enrolments,
    odd_managers,
    other_identifiers,
    people,
)
from connectors.mapping.preparing import ROW, Prepared, Repeated, prepare
from connectors.mapping.rows import Tables
from connectors.mapping.talks import attendance, conversations, pairs
from connectors.reading import TextTable, UnreadableFileError
from schema import CANONICAL, IMPORT_ORDER, reference

BUILDERS: dict[str, Callable[[Prepared], Tables]] = {
    "people": people,
    "enrolments": enrolments,
    "pairs": pairs,
    "conversations": conversations,
    "attendance": attendance,
    "survey": survey,
    "skills": skills,
    "learning": learning,
    "outcomes": outcomes,
}


CELLS_READ, PREPARED = 0.35, 0.6
"""Shares of the work that are done once the cells are read, and are what the mapping says."""
LOOKED_THROUGH: dict[str, Callable[[Prepared], tuple[Series, list[Rejected]]]] = {
    "people": contradictions,
    "pairs": self_pairs,
    "conversations": self_pairs,
    "attendance": backward_stays,
}
"""What finds rows that contradict themselves or each other, before anything is made of them."""
NOTED: dict[str, Callable[[Prepared], tuple[str, ...]]] = {
    "people": odd_managers,
    "conversations": odd_lengths,
}
"""What says what is odd about the rows, although they are taken."""


@dataclass(frozen=True)
class MappedFile:
    """A connector for one file of any layout.

    Attributes
    ----------
    path : Path
        A CSV, TSV, XLSX or Parquet file.
    mapping : Mapping
        What its columns mean.
    pseudonyms : Pseudonyms
        Applied to every identifier while the file is read.
    zone : str or None
        For times without offset, where the mapping names no zone.
    """

    path: Path
    mapping: Mapping
    pseudonyms: Pseudonyms = field(repr=False)
    zone: str | None = None
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    told: Callable[[float, str], object] = lambda share, words: None
    """Told what share of its own work is done, 0 to 1, and what is being done."""

    def batches(self) -> Iterator[Batch]:
        """Yield the canonical rows, referenced tables first; raise SourceError if unusable."""
        lacking = self.mapping.lacking()
        if lacking:
            needed = "; ".join(lacking)
            raise SourceError(f"{self.mapping.name}: the mapping still needs {needed}.")
        home = KINDS[self.mapping.holds].table
        try:
            table = read_file(self.path, self.mapping.reading(), self._read)
        except UnreadableFileError as error:
            yield _refused(home, Rejected(home, None, "", error.code, str(error)))
            return
        except OSError:
            words = message(
                "a file that cannot be opened", "a readable file", "Check it.", FILE_REFUSED
            )
            yield _refused(home, Rejected(home, None, "", "not_opened", words))
            return
        misread = tuple(replace(row, table=home) for row in table.cells.rejected)
        notes = table.cells.notes
        self.told(CELLS_READ, f"matching the columns of {self.mapping.name}")
        prepared = prepare(table, self.mapping, self.pseudonyms, self.zone)
        # a large file's cells are not needed twice
        del table
        prepared = replace(prepared, notes=(*notes, *prepared.notes))
        self.told(PREPARED, f"checking {self.mapping.name}")
        yield from _checked(prepared, misread, home, self.now)

    def _read(self, share: float) -> None:
        self.told(
            CELLS_READ * share, f"reading {self.mapping.name}: {100 * share:.0f} % of the file"
        )


def _refused(home: str, reason: Rejected) -> Batch:
    return Batch(home, empty_frame(CANONICAL[home]), (reason,))


def _checked(
    prepared: Prepared, misread: tuple[Rejected, ...], home: str, now: datetime
) -> Iterator[Batch]:
    if any(row.row_number is None for row in prepared.rejected):
        # a column is missing: there is nothing to build
        yield Batch(home, empty_frame(CANONICAL[home]), prepared.rejected, prepared.notes)
        return
    unclear: list[Rejected] = []
    look = LOOKED_THROUGH.get(prepared.mapping.holds)
    if look is not None:
        wrong, unclear = look(prepared)
        prepared = _without(prepared, wrong) if unclear else prepared
    tables = BUILDERS[prepared.mapping.holds](prepared)
    notes = (*prepared.notes, *large_circles(tables))
    noted = NOTED.get(prepared.mapping.holds)
    notes += noted(prepared) if noted is not None else ()
    found = _Cascade(tables, {row.row_number for row in (*prepared.rejected, *unclear)})
    for name in (name for name in IMPORT_ORDER if name in tables or name == home):
        frame = tables.get(name, DataFrame({ROW: []}))
        batch = found.complete(check(CANONICAL[name], _as_text(name, frame), now))
        if name == home:
            rejected = (*misread, *prepared.rejected, *unclear, *batch.rejected)
            kept = tuple(note for note in batch.notes if "no rows" not in note)
            batch = replace(batch, rejected=rejected, notes=(*notes, *kept))
        yield batch
    others = other_identifiers(prepared)
    if not others.empty:
        yield Batch(IDENTIFIERS, others)
    if not prepared.variants.empty:
        yield Batch(VARIANTS, prepared.variants)


def _without(prepared: Prepared, rows: Series) -> Prepared:
    keep = ~rows
    repeated = tuple(
        Repeated(one.target, one.cells[keep], one.states[keep]) for one in prepared.repeated
    )
    return replace(prepared, rows=prepared.rows[keep], repeated=repeated)


def _as_text(name: str, frame: DataFrame) -> TextTable:
    names = tuple(column.name for column in declared_columns(CANONICAL[name]))
    empty = pa.array(np.full(len(frame), "", dtype=object), TEXT)
    columns = tuple(
        pa.array(frame[column], TEXT, from_pandas=True).fill_null("") if column in frame else empty
        for column in names
    )
    return TextTable(names, columns, pa.array(frame[ROW], pa.int64()))


class _Cascade:
    """Sets aside rows that point to rows of the same file that were set aside."""

    def __init__(self, tables: Tables, reported: set[int | None]) -> None:
        self._tables = tables
        self._reported = reported
        self._accepted: dict[str, DataFrame] = {}

    def complete(self, batch: Batch) -> Batch:
        """Return the batch without rows that have lost what they point to."""
        lost = np.zeros(len(batch.frame), bool)
        for column in CANONICAL[batch.table].columns:
            target = reference(column)
            if target is not None and target[0] in self._accepted:
                lost |= self._lost(batch.frame[column.name], *target).to_numpy(bool)
        self._reported |= {row.row_number for row in batch.rejected}
        numbers = batch.frame.loc[lost, ROW]
        rejected = tuple(
            Rejected(batch.table, int(n), "", "belongs_to_refused", _WITH_ANOTHER)
            for n in numbers.drop_duplicates()
            if int(n) not in self._reported
        )
        frame = batch.frame[~lost].reset_index(drop=True) if lost.any() else batch.frame
        self._accepted[batch.table] = frame
        return replace(batch, frame=frame, rejected=(*batch.rejected, *rejected))

    def _lost(self, cells: Series, table: str, column: str) -> Series:
        if table not in self._tables:
            return Series(False, index=cells.index)
        brought, accepted = self._tables[table][column], self._accepted[table][column]
        if len(brought) == len(accepted):
            # nothing was set aside
            return Series(False, index=cells.index)
        return cells.isin(brought[~brought.isin(accepted)])


_WITH_ANOTHER = message(
    "the row belongs to one that was set aside", "both", "Correct the other one.", SET_ASIDE
)
