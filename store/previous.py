"""Keep the earlier versions of rows that an import replaces, until the next import."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    MetaData,
    Table,
    and_,
    delete,
    exists,
    false,
    insert,
    not_,
    select,
)

from schema import CANONICAL
from store.operations import IMPORT_UNDO, SOURCE_STATE


def kept_table(name: str) -> Table:
    """Return the table that keeps earlier rows of a canonical table, or of what sources know."""
    columns = (Column(column.name, column.type) for column in _table(name).columns)
    return Table(f"undo_{name}", MetaData(), *columns)


def _table(name: str) -> Table:
    return SOURCE_STATE if name == SOURCE_STATE.name else CANONICAL[name]


def forget(connection: Connection) -> None:
    """Throw away what was kept: the import before can no longer be undone."""
    for name in set(connection.scalars(select(IMPORT_UNDO.c.table_name))) - {""}:
        kept_table(name).drop(connection, checkfirst=False)
    connection.execute(delete(IMPORT_UNDO))


def mark_undoable(connection: Connection, run_id: str) -> None:
    """Note which import can be undone from now on."""
    connection.execute(insert(IMPORT_UNDO), {"run_id": run_id, "table_name": ""})


def undoable_run(connection: Connection) -> str | None:
    """Return the import that can be undone, or None."""
    return connection.scalar(select(IMPORT_UNDO.c.run_id).where(IMPORT_UNDO.c.table_name == ""))


def keep(connection: Connection, target: Table, replaced: ColumnElement[bool], run_id: str) -> None:
    """Copy the rows that are about to be replaced or removed."""
    kept = kept_table(target.name)
    kept_already = exists().where(IMPORT_UNDO.c.table_name == target.name)
    if not connection.scalar(select(kept_already)):
        kept.create(connection, checkfirst=False)
        connection.execute(insert(IMPORT_UNDO), {"run_id": run_id, "table_name": target.name})
    names = [column.name for column in target.columns]
    rows = select(*(target.c[name] for name in names)).where(replaced)
    connection.execute(insert(kept).from_select(names, rows))


def keep_if_undoable(connection: Connection, target: Table, replaced: ColumnElement[bool]) -> None:
    """Copy rows that an import changes beside what it brings; its own go with it anyway."""
    run_id = undoable_run(connection)
    if run_id is not None:
        own = target.c.run_id == run_id if "run_id" in target.c else false()
        keep(connection, target, and_(replaced, not_(own)), run_id)


def put_back(connection: Connection, name: str) -> int:
    """Return the earlier versions of a table's rows to it; tell how many there were."""
    target, kept = _table(name), kept_table(name)
    same = and_(*(target.c[key.name] == kept.c[key.name] for key in target.primary_key))
    connection.execute(delete(target).where(exists().where(same)))
    names = [column.name for column in target.columns]
    rows = select(*(kept.c[column] for column in names)).distinct()
    return connection.execute(insert(target).from_select(names, rows)).rowcount
