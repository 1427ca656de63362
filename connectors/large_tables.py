"""A table's parts checked one by one, and keys that stand in several of them found all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas import DataFrame
from sqlalchemy import Table

from connectors.checks import ROW_NUMBER, check, check_rows, without_repeats
from connectors.contract import Batch
from connectors.conversion import TEXT, convert
from connectors.headers import check_header
from connectors.reading import TextTable

SEPARATOR = "\x1f"

Parts = Callable[[], Iterator[TextTable]]
"""Reads a file from its beginning, each time that it is called."""


def batches_of(
    table: Table, parts: Parts, now: datetime, told: Callable[[float], object]
) -> Iterator[Batch]:
    """Yield the batches of a table; ``told`` what share of its keys has been looked through.

    A file of one part is one batch. A larger one is read twice: first its keys, of which eight
    bytes a row are remembered, then everything. The few rows whose key may stand elsewhere too come
    last, all of them together.
    """
    small = _only(parts())
    if small is not None:
        yield check(table, small, now)
        return
    begins = next(parts())
    if check_header(table, begins.header):
        yield check(table, begins, now)
        return
    del begins
    rows, repeated = _repeated(table, parts(), told)
    checking = _Checking(table, now, rows, repeated)
    # map, since a loop over the parts would hold on to each one while its rows are written
    yield from map(checking.batch, parts())
    yield from checking.rest()


def _only(parts: Iterator[TextTable]) -> TextTable | None:
    first = list(islice(parts, 2))
    return first[0] if len(first) == 1 else None


def _repeated(
    table: Table, parts: Iterator[TextTable], told: Callable[[float], object]
) -> tuple[int, np.ndarray]:
    """Return how many rows there are, and the places, from 0, of those whose keys look alike."""
    found: list[np.ndarray] = []
    for part in parts:
        found.append(_hashes(table, part))
        told(part.read)
    hashes = np.concatenate(found)
    found.clear()
    ordered = np.sort(hashes)
    alike = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    return len(hashes), np.flatnonzero(np.isin(hashes, alike)) if len(alike) else alike


def _hashes(table: Table, part: TextTable) -> np.ndarray:
    """Return 64 bits of each row's key; Python's own hash, since it is compared within a run."""
    given = dict(zip(part.header, part.columns, strict=True))
    absent = pa.array([""], TEXT).take(pa.array(np.zeros(len(part.row_numbers), np.int64)))
    keys = [convert(key, given.get(key.name, absent))[0].cast(TEXT) for key in table.primary_key]
    separator = pa.scalar(SEPARATOR, TEXT)
    joined = pc.binary_join_element_wise(*keys, separator, null_handling="replace")
    return np.fromiter(map(hash, joined.to_pylist()), np.int64, len(joined))


@dataclass
class _Checking:
    """Checks one part after the other, and keeps rows whose key may stand in others too."""

    table: Table
    now: datetime
    rows: int
    repeated: np.ndarray
    _before: int = 0
    _kept: list[DataFrame] = field(default_factory=list)

    def batch(self, part: TextTable) -> Batch:
        """Return a part's rows, but for those that are looked at together in the end."""
        batch = check_rows(self.table, part, self.now)
        end = self._before + len(part.row_numbers)
        first, last = np.searchsorted(self.repeated, (self._before, end))
        places = self.repeated[first:last] - self._before
        self._before = end
        frame = batch.frame
        if len(places):
            numbers = part.row_numbers.to_numpy()[places]
            alike = frame[ROW_NUMBER].isin(numbers)
            self._kept.append(frame[alike])
            frame = frame[~alike].reset_index(drop=True)
        return replace(batch, frame=frame, of=self.rows)

    def rest(self) -> Iterator[Batch]:
        """Yield the rows that were kept, each key once."""
        if self._kept:
            frame = pd.concat(self._kept, ignore_index=True)
            self._kept.clear()
            yield without_repeats(self.table, Batch(self.table.name, frame, of=self.rows))
