"""Undo the last import: its new rows go, the rows that it replaced come back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, func, select, update

from schema import CANONICAL, IMPORT_ORDER
from store.database import connected, prepare
from store.importing import ONE_IMPORT_AT_A_TIME
from store.operations import IMPORT_RUN, IMPORT_UNDO, PERSON_ALIAS, PERSON_IDENTIFIER, SOURCE_STATE
from store.previous import forget, put_back, undoable_run


@dataclass(frozen=True)
class Undone:
    """What an undoing did.

    Attributes
    ----------
    run_id : str
        The import that was undone.
    removed, restored : int
        Rows that it had brought or changed, and earlier versions that came back.
    """

    run_id: str
    removed: int
    restored: int


def undo_import(
    engine: Engine, *, after_undo: Callable[[Connection], object] | None = None
) -> Undone | None:
    """Undo the last import in one transaction; None where nothing can be undone."""
    with ONE_IMPORT_AT_A_TIME:
        prepare(engine)
        with connected(engine) as connection:
            run_id = undoable_run(connection)
            if run_id is None:
                return None
            undone = _undo(connection, run_id)
            if after_undo is not None:
                after_undo(connection)
            connection.commit()
    return undone


def _undo(connection: Connection, run_id: str) -> Undone:
    # the first statement writes, so that another import waits here or is told to
    run = update(IMPORT_RUN).where(IMPORT_RUN.c.run_id == run_id)
    connection.execute(run.values(status="undone"))
    removed = sum(_remove(connection, name, run_id) for name in reversed(IMPORT_ORDER))
    replaced = set(connection.scalars(select(IMPORT_UNDO.c.table_name))) - {""}
    if SOURCE_STATE.name in replaced:
        # what the source remembered before, so that its next run fetches the same again
        source = select(IMPORT_RUN.c.source).where(IMPORT_RUN.c.run_id == run_id)
        connection.execute(delete(SOURCE_STATE).where(SOURCE_STATE.c.source.in_(source)))
        put_back(connection, SOURCE_STATE.name)
    restored = sum(put_back(connection, name) for name in IMPORT_ORDER if name in replaced)
    for table in (PERSON_ALIAS, PERSON_IDENTIFIER):
        connection.execute(delete(table).where(table.c.run_id == run_id))
    forget(connection)
    return Undone(run_id, removed, restored)


def _remove(connection: Connection, name: str, run_id: str) -> int:
    table = CANONICAL[name]
    own = table.c.run_id == run_id
    count = connection.scalar(select(func.count()).select_from(table).where(own)) or 0
    if count:
        connection.execute(delete(table).where(own))
    return count
