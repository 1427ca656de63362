"""Bring one table's rows after the other into the canonical tables: new, changed or known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
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

DIGEST = "S32"
LOT = 200_000
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

    def take(self, name: str, frames: list[DataFrame]) -> None:
        """Merge a table's rows; the list that holds them is emptied once the database has them."""
        connection, target = self._connection, CANONICAL[name]
        self._allowance.expect(len(frames[0]))
        frame = self._arrivals.resolve(name, frames.pop())
        _refuse_repeated_keys(target, frame)
        stage, content_hash = _staged(connection, target, frame, self._run)
        del frame
        self._found += orphans(connection, target, stage)
        self._counts.append(_merge_stage(connection, target, stage, self._run))
        self._hashes.append(content_hash)
        if name in RULED:
            self._stages[name] = stage
        else:
            stage.drop(connection, checkfirst=False)

    def end(self) -> Merged:
        """Apply the rules that concern several tables, and return what came of it all."""
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


def _staged(connection: Connection, target: Table, frame: DataFrame, run: Run) -> tuple[Table, str]:
    """Return a table's rows as a temporary table, and the hash of their content."""
    tell = run.on_progress or (lambda *_: None)
    stage = make_stage(connection, target)
    digests: list[np.ndarray] = []
    for start in range(0, max(len(frame), 1), LOT):
        tell(target.name, start, len(frame))
        rows = canonical_rows(target, frame[start : start + LOT], run.run_id)
        digests.append(np.array(list(map(bytes.fromhex, rows["row_hash"].to_pylist())), DIGEST))
        add_rows(connection, stage, rows)
    end_stage(connection, stage)
    return stage, _content_hash(target.name, digests)


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


def _content_hash(name: str, digests: list[np.ndarray]) -> str:
    """Return one hash of a table's rows, whatever their order."""
    ordered = np.concatenate(digests)
    ordered.sort()
    total = sha256(name.encode())
    for start in range(0, len(ordered), LOT):
        total.update(ordered[start : start + LOT].tobytes().hex().encode())
    return total.hexdigest()
