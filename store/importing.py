"""Import checked canonical rows, all or nothing, and keep account of what came in."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from secrets import token_hex
from threading import Lock

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
    update,
)

from schema import CANONICAL, IMPORT_ORDER
from schema.rejected import Rejected
from store.database import connected, prepare
from store.loading import canonical_rows, load_stage
from store.operations import IMPORT_REJECT, IMPORT_RUN
from store.relations import broken_rules, orphans

REJECTS_KEPT = 1_000
ONE_IMPORT_AT_A_TIME = Lock()

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]
"""Called with the table begun, its number and the number of tables."""


@dataclass(frozen=True, kw_only=True)
class TableCount:
    """What an import did to one table, in rows."""

    table: str
    read: int
    new: int = 0
    changed: int = 0
    same: int = 0
    rejected: int = 0


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """What an import did.

    Attributes
    ----------
    run_id : str
        Key of the run in ``import_run``; empty for a rehearsal.
    status : {"ok", "refused"}
        Refused: at least one row or file was rejected, and nothing was imported.
    tables : tuple of TableCount
        In import order; in a refused import only ``read`` and ``rejected`` are above zero.
    rejected : tuple of Rejected
        Every reason, by table and row.
    """

    run_id: str
    status: str
    tables: tuple[TableCount, ...]
    rejected: tuple[Rejected, ...] = ()


@dataclass(frozen=True)
class _Merged:
    counts: tuple[TableCount, ...]
    rejected: tuple[Rejected, ...]
    content_hash: str


def import_tables(
    engine: Engine,
    tables: Mapping[str, DataFrame],
    *,
    source: str,
    rejected: Sequence[Rejected] = (),
    after_import: Callable[[Connection], object] | None = None,
    on_progress: Progress | None = None,
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
    after_import : callable, optional
        Called with the connection inside the transaction, also when every row was known, so that
        what is derived from the rows is never older than the code that derives it.
    on_progress : callable, optional
        Told which table is being read.

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
            merged = _merge(connection, tables, rejected, run_id, on_progress)
            if merged.rejected:
                connection.rollback()
            elif after_import is not None:
                after_import(connection)
            report = _report(run_id, merged, tables)
            _finish(connection, report, merged.content_hash)
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
            merged = _merge(connection, tables, rejected, "rehearsal", None)
            connection.rollback()
    return _report("", merged, tables)


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
    run_id: str,
    on_progress: Progress | None,
) -> _Merged:
    if rejected:
        return _Merged((), tuple(rejected), "")
    # the first statement writes, so that a second import waits here or is told to
    connection.execute(
        update(IMPORT_RUN).where(IMPORT_RUN.c.run_id == run_id).values(status="running")
    )
    order = [name for name in IMPORT_ORDER if name in tables]
    counts, found, hashes, stages = [], [], [], {}
    for position, name in enumerate(order, start=1):
        if on_progress is not None:
            on_progress(name, position, len(order))
        target = CANONICAL[name]
        _refuse_repeated_keys(target, tables[name])
        rows = canonical_rows(target, tables[name], run_id)
        stages[name] = load_stage(connection, target, rows)
        found += orphans(connection, target, stages[name])
        counts.append(_merge_stage(connection, target, stages[name], rows.num_rows))
        hashes.append(_content_hash(name, rows))
    found += broken_rules(connection, stages)
    for stage in stages.values():
        stage.drop(connection, checkfirst=False)
    return _Merged(tuple(counts), tuple(found), sha256("".join(hashes).encode()).hexdigest())


def _refuse_repeated_keys(target: Table, frame: DataFrame) -> None:
    keys = [column.name for column in target.primary_key]
    if set(keys) <= set(frame.columns) and frame.duplicated(keys).any():
        raise ValueError(f"{target.name}: several rows of the frame have the same key")


def _merge_stage(connection: Connection, target: Table, stage: Table, read: int) -> TableCount:
    names = [column.name for column in target.columns]
    same_key = and_(*(target.c[key.name] == stage.c[key.name] for key in target.primary_key))
    differs = target.c.row_hash != stage.c.row_hash
    known = _count(connection, stage, exists().where(same_key))
    changed = _count(connection, stage, exists().where(same_key, differs))
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
    ordered = sorted(rows["row_hash"].to_pylist())
    return sha256("".join((name, *ordered)).encode()).hexdigest()


def _report(run_id: str, merged: _Merged, tables: Mapping[str, DataFrame]) -> ImportReport:
    if not merged.rejected:
        return ImportReport(run_id=run_id, status="ok", tables=merged.counts)
    found: dict[str, set[int]] = {name: set() for name in tables}
    for row in merged.rejected:
        numbers = found.setdefault(row.table, set())
        if row.row_number is not None:
            numbers.add(row.row_number)
    counts = (
        _refused_count(name, tables.get(name), found[name])
        for name in IMPORT_ORDER
        if name in found
    )
    reasons = tuple(sorted(merged.rejected, key=_place))
    return ImportReport(run_id=run_id, status="refused", tables=tuple(counts), rejected=reasons)


def _place(row: Rejected) -> tuple[int, str, int]:
    known = row.table in CANONICAL
    position = IMPORT_ORDER.index(row.table) if known else len(IMPORT_ORDER)
    return position, row.table, row.row_number or 0


def _refused_count(name: str, frame: DataFrame | None, rejected: set[int]) -> TableCount:
    accepted = set() if frame is None or "row_number" not in frame else set(frame["row_number"])
    return TableCount(table=name, read=len(accepted | rejected), rejected=len(rejected))


def _finish(connection: Connection, report: ImportReport, content_hash: str) -> None:
    fields = ("read", "new", "changed", "same", "rejected")
    counts = {f"n_{f}": sum(getattr(table, f) for table in report.tables) for f in fields}
    ended = {
        "status": report.status,
        "ended_at": datetime.now(UTC),
        "content_hash": content_hash or None,
    }
    run = update(IMPORT_RUN).where(IMPORT_RUN.c.run_id == report.run_id)
    connection.execute(run.values(**counts, **ended))
    rejects = [_reject_row(report.run_id, row) for row in report.rejected[:REJECTS_KEPT]]
    if rejects:
        connection.execute(insert(IMPORT_REJECT), rejects)


def _reject_row(run_id: str, row: Rejected) -> dict[str, object]:
    return {
        "run_id": run_id,
        "table_name": row.table,
        "row_number": row.row_number,
        "column_name": row.column,
        "code": row.code,
        "message": row.message,
    }
