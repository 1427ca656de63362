"""Bring one table's rows after the other into the canonical tables: new, changed or known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import pyarrow as pa
from pandas import DataFrame
from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    delete,
    exists,
    func,
    insert,
    select,
    true,
)

from schema import CANONICAL
from schema.rejected import Rejected
from store.accounting import Merged, TableCount
from store.aliases import Arrivals
from store.allowance import Allowance
from store.likeness import remember_identifiers
from store.loading import add_rows, canonical_rows, end_stage, make_stage
from store.previous import keep, mark_undoable
from store.relations import RULED, broken_rules, orphans

HASH_BITS = 256
LOT = 100_000
"""Rows that are hashed and handed over at once: few enough that nothing large is held twice."""

Progress = Callable[[str, int, int], None]
"""Called with the table that is being written, the rows handed over so far, and all its rows."""


@dataclass(frozen=True)
class Run:
    """One import: its key, where its rows come from, and who is told how far it is."""

    run_id: str
    source: str
    undoable: bool = False
    on_progress: Progress | None = None
    identifiers: DataFrame | None = None


class Upserting:
    """Merges one table after the other, then looks at what they must fulfil together."""

    def __init__(self, connection: Connection, run: Run) -> None:
        self._connection = connection
        self._run = run
        self._arrivals = Arrivals(connection, run.source, run.run_id)
        self._allowance = Allowance(connection)
        self._counts: list[TableCount] = []
        self._found: list[Rejected] = []
        self._hashes: list[str] = []
        self._stages: dict[str, Table] = {}
        self._staging: Staging | None = None

    def take(self, name: str, frames: list[DataFrame], of: int | None = None) -> None:
        """Take rows of a table; the list that holds them is emptied once the database has them.

        A table's rows may come in parts, one after the other; ``of`` is how many there are in all.
        """
        target = CANONICAL[name]
        self._allowance.expect(len(frames[0]))
        frame = self._arrivals.resolve(name, frames.pop())
        _refuse_repeated_keys(target, frame)
        if self._staging is None or self._staging.target.name != name:
            self._merge()
            self._staging = Staging(self._connection, target, self._run)
        self._staging.add(frame, of)

    def _merge(self) -> None:
        """Merge the table whose last part has been taken."""
        staging, self._staging = self._staging, None
        if staging is None:
            return
        connection, target, stage = self._connection, staging.target, staging.stage
        if staging.parts > 1:
            self._arrivals.keep_one_each(target.name, stage)
        self._hashes.append(staging.end())
        self._found += orphans(connection, target, stage)
        self._counts.append(_merge_stage(connection, target, stage, self._run))
        if target.name in RULED:
            self._stages[target.name] = stage
        else:
            stage.drop(connection, checkfirst=False)

    def end(self) -> Merged:
        """Apply the rules that concern several tables, and return what came of it all."""
        self._merge()
        if self._run.identifiers is not None:
            people, run = self._arrivals.people, self._run
            remember_identifiers(self._connection, run.identifiers, people, run.source, run.run_id)
        self._found += broken_rules(self._connection, self._stages)
        for stage in self._stages.values():
            stage.drop(self._connection, checkfirst=False)
        if self._run.undoable:
            mark_undoable(self._connection, self._run.run_id)
        return Merged(
            tuple(self._counts),
            tuple(self._found),
            sha256("".join(self._hashes).encode()).hexdigest(),
            self._arrivals.departed.rows,
            self._arrivals.withholding.rows,
        )


class Staging:
    """Puts the rows of one table into a temporary one, and sums up the hashes of what they hold.

    Attributes
    ----------
    target, stage : Table
        The canonical table, and the temporary one.
    parts : int
        How many parts have come so far.
    """

    def __init__(self, connection: Connection, target: Table, run: Run) -> None:
        self.target, self.stage = target, make_stage(connection, target)
        self.parts = 0
        self._connection, self._run = connection, run
        self._rows = self._sum = 0

    def add(self, frame: DataFrame, of: int | None) -> None:
        """Add rows, and tell how many of how many have been handed over."""
        tell = self._run.on_progress or (lambda *_: None)
        self.parts += 1
        for start in range(0, max(len(frame), 1), LOT):
            tell(self.target.name, self._rows + start, len(frame) if of is None else of)
            rows = canonical_rows(self.target, frame[start : start + LOT], self._run.run_id)
            self._sum += sum_of_hashes(rows["row_hash"])
            add_rows(self._connection, self.stage, rows)
        self._rows += len(frame)

    def end(self) -> str:
        """Make the temporary table ready, and return one hash of its rows, whatever their order."""
        end_stage(self._connection, self.stage)
        total = self._sum % 2**HASH_BITS
        return sha256(f"{self.target.name} {self._rows} {total:x}".encode()).hexdigest()


def _refuse_repeated_keys(target: Table, frame: DataFrame) -> None:
    keys = [column.name for column in target.primary_key]
    if set(keys) <= set(frame.columns) and frame.duplicated(keys).any():
        raise ValueError(f"{target.name}: several rows of the frame have the same key")


def _merge_stage(connection: Connection, target: Table, stage: Table, run: Run) -> TableCount:
    names = [column.name for column in target.columns]
    same_key = and_(*(target.c[key.name] == stage.c[key.name] for key in target.primary_key))
    differs = target.c.row_hash != stage.c.row_hash
    read = _count(connection, stage, true())
    known = _count(connection, stage, exists().where(same_key))
    changed = _count(connection, stage, exists().where(same_key, differs))
    if changed and run.undoable:
        keep(connection, target, exists().where(same_key, differs), run.run_id)
    if changed:
        connection.execute(delete(target).where(exists().where(same_key, differs)))
    if read > known - changed:
        fresh = select(*(stage.c[name] for name in names)).where(~exists().where(same_key))
        connection.execute(insert(target).from_select(names, fresh))
    return TableCount(
        table=target.name, read=read, new=read - known, changed=changed, same=known - changed
    )


def _count(connection: Connection, stage: Table, condition: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).select_from(stage).where(condition)) or 0


def sum_of_hashes(hashes: pa.ChunkedArray) -> int:
    """Return the sum of hashes in hexadecimal digits, taken as whole numbers."""
    digests = bytes.fromhex("".join(hashes.to_pylist()))
    words = np.frombuffer(digests, ">u4").reshape(-1, HASH_BITS // 32).sum(0, np.uint64)
    return sum(int(word) << 32 * place for place, word in enumerate(reversed(words)))
