"""Keep the earlier versions of rows that an import replaces, until the next import."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    MetaData,
    Table,
    delete,
    insert,
    select,
)

from schema import CANONICAL
from store.operations import IMPORT_UNDO


def kept_table(name: str) -> Table:
    """Return the table that keeps earlier rows of a canonical table."""
    columns = (Column(column.name, column.type) for column in CANONICAL[name].columns)
    return Table(f"undo_{name}", MetaData(), *columns)


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
    """Copy the rows that are about to be replaced."""
    kept = kept_table(target.name)
    kept.create(connection, checkfirst=False)
    names = [column.name for column in target.columns]
    rows = select(*(target.c[name] for name in names)).where(replaced)
    connection.execute(insert(kept).from_select(names, rows))
    connection.execute(insert(IMPORT_UNDO), {"run_id": run_id, "table_name": target.name})


def put_back(connection: Connection, name: str) -> int:
    """Return the earlier versions of a table's rows to it; tell how many there were."""
    target, kept = CANONICAL[name], kept_table(name)
    names = [column.name for column in target.columns]
    rows = select(*(kept.c[column] for column in names))
    return connection.execute(insert(target).from_select(names, rows)).rowcount
