"""Import checked canonical rows, all or nothing, and keep account of what came in."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from secrets import token_hex
from threading import Lock

import numpy as np
import pyarrow as pa
from pandas import DataFrame
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Table,
    and_,
    delete,
    exists,
    func,
    insert,
    select,
    true,
    update,
)

from schema import CANONICAL, IMPORT_ORDER
from schema.rejected import Rejected
from store.accounting import ImportReport, Merged, TableCount, report_of, with_set_aside, write_down
from store.aliases import Arrivals, resolve_people
from store.database import connected, prepare, wait_for_turn
from store.loading import canonical_rows, load_stage
from store.operations import IMPORT_RUN
from store.previous import forget, keep, mark_undoable
from store.relations import RULED, broken_rules, orphans

ONE_IMPORT_AT_A_TIME = Lock()

__all__ = ["ImportReport", "TableCount", "import_tables", "rehearse"]

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]
"""Called with the table begun, its number and the number of tables."""


@dataclass(frozen=True)
class _Run:
    run_id: str
    source: str
    undoable: bool = False
    let_go: bool = False
    on_progress: Progress | None = None


def import_tables(
    engine: Engine,
    tables: Mapping[str, DataFrame],
    *,
    source: str,
    rejected: Sequence[Rejected] = (),
    set_aside: Sequence[Rejected] = (),
    after_import: Callable[[Connection], object] | None = None,
    on_progress: Progress | None = None,
    undoable: bool = False,
    let_go: bool = False,
) -> ImportReport:
    """Bring canonical rows into the store in one transaction, or none of them.

    Parameters
    ----------
    engine : Engine
        From `store.database.open_store`.
    tables : mapping of str to DataFrame
        Frames as a connector yields them, each with its ``row_number``; no key twice in a frame.
    source : str
        Where the rows come from, for the account; not a person's value.
    rejected : sequence of Rejected
        What the connector refused; if there is any, the import is refused and recorded.
    set_aside : sequence of Rejected
        Rows that the connector left out of the frames and that do not stop the others; recorded.
    after_import : callable, optional
        Called with the connection inside the transaction, also when every row was known, so that
        what is derived from the rows is never older than the code that derives it.
    on_progress : callable, optional
        Told which table is being read.
    undoable : bool
        Whether `store.undo.undo_import` shall be able to take the import back, which it cannot
        where `after_import` changes canonical rows. No earlier import can be undone any more.
    let_go : bool
        Whether `tables`, a dict, may be emptied: frames that the database has are then no longer
        held in memory.

    Raises
    ------
    StoreError
        The database is busy, full or broken; nothing was imported.
    ValueError
        A frame does not have its table's columns, types or distinct keys.
    """
    with ONE_IMPORT_AT_A_TIME:
        prepare(engine)
        run_id = _start(engine, source)
        with connected(engine) as connection:
            run = _Run(run_id, source, undoable, let_go, on_progress)
            numbers = _row_numbers(tables)
            merged = _merge(connection, tables, rejected, run)
            if merged.rejected:
                connection.rollback()
            elif after_import is not None:
                after_import(connection)
            report = with_set_aside(report_of(run_id, merged, numbers), set_aside)
            write_down(connection, report, merged.content_hash)
            connection.commit()
    log.info("import %s: %s, %d rejected", run_id, report.status, len(report.rejected))
    return report


def rehearse(
    engine: Engine, tables: Mapping[str, DataFrame], *, rejected: Sequence[Rejected] = ()
) -> ImportReport:
    """Do everything that an import does, then undo it; raises as `import_tables`."""
    with ONE_IMPORT_AT_A_TIME:
        prepare(engine)
        with connected(engine) as connection:
            merged = _merge(connection, tables, rejected, _Run("rehearsal", "rehearsal"))
            connection.rollback()
    return report_of("", merged, tables)


def _row_numbers(tables: Mapping[str, DataFrame]) -> dict[str, DataFrame]:
    """Return what a report needs of the frames."""
    return {
        name: frame[[column for column in frame if column == "row_number"]]
        for name, frame in tables.items()
    }


def _start(engine: Engine, source: str) -> str:
    started = datetime.now(UTC)
    run_id = f"{started:%Y%m%dT%H%M%S}-{token_hex(3)}"
    row = {"run_id": run_id, "source": source, "started_at": started, "status": "running"}
    with connected(engine) as connection:
        connection.execute(insert(IMPORT_RUN), row)
        connection.commit()
    return run_id


def _merge(
    connection: Connection,
    tables: Mapping[str, DataFrame],
    rejected: Sequence[Rejected],
    run: _Run,
) -> Merged:
    if rejected:
        return Merged((), tuple(rejected), "")
    wait_for_turn(connection)
    # the first statement writes, so that a second import waits here or is told to
    connection.execute(
        update(IMPORT_RUN).where(IMPORT_RUN.c.run_id == run.run_id).values(status="running")
    )
    forget(connection)
    arrivals = resolve_people(connection, tables, run.source, run.run_id)
    if run.let_go and isinstance(tables, dict):
        tables.clear()
    order = [name for name in IMPORT_ORDER if name in arrivals.tables]
    counts, found, hashes, stages = [], [], [], {}
    for position, name in enumerate(order, start=1):
        if run.on_progress is not None:
            run.on_progress(name, position, len(order))
        target = CANONICAL[name]
        stage, content_hash = _staged(connection, target, arrivals, run.run_id)
        found += orphans(connection, target, stage)
        counts.append(_merge_stage(connection, target, stage, run))
        hashes.append(content_hash)
        if name in RULED:
            stages[name] = stage
        else:
            stage.drop(connection, checkfirst=False)
    found += broken_rules(connection, stages)
    for stage in stages.values():
        stage.drop(connection, checkfirst=False)
    if run.undoable:
        mark_undoable(connection, run.run_id)
    content_hash = sha256("".join(hashes).encode()).hexdigest()
    return Merged(
        tuple(counts), tuple(found), content_hash, arrivals.left_out, arrivals.withholding.rows
    )


def _staged(
    connection: Connection, target: Table, arrivals: Arrivals, run_id: str
) -> tuple[Table, str]:
    """Return a table's rows as a temporary table, and the hash of their content.

    The frame is let go: what the database has need not stand in memory twice.
    """
    frame = arrivals.take(target.name)
    _refuse_repeated_keys(target, frame)
    rows = canonical_rows(target, frame, run_id)
    del frame
    content_hash = _content_hash(target.name, rows)
    return load_stage(connection, target, rows), content_hash


def _refuse_repeated_keys(target: Table, frame: DataFrame) -> None:
    keys = [column.name for column in target.primary_key]
    if set(keys) <= set(frame.columns) and frame.duplicated(keys).any():
        raise ValueError(f"{target.name}: several rows of the frame have the same key")


def _merge_stage(connection: Connection, target: Table, stage: Table, run: _Run) -> TableCount:
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


def _content_hash(name: str, rows: pa.Table) -> str:
    # all of one length, so that they can be sorted where they stand
    pieces = [np.array(piece.to_pylist(), "S64") for piece in rows["row_hash"].iterchunks()]
    hashes = np.concatenate([*pieces, np.array([], "S64")])
    hashes.sort()
    total = sha256(name.encode())
    total.update(hashes.data)
    return total.hexdigest()
