"""What each source remembers between two runs, stored together with its rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, delete, insert, select
from sqlalchemy.schema import CreateTable

from store.database import connected
from store.operations import SOURCE_STATE
from store.previous import keep_if_undoable


def read_state(engine: Engine, source: str) -> dict[str, object]:
    """Return what a source remembered at its last good import; empty before the first."""
    with connected(engine) as connection:
        connection.execute(CreateTable(SOURCE_STATE, if_not_exists=True))
        written = connection.scalar(
            select(SOURCE_STATE.c.state).where(SOURCE_STATE.c.source == source)
        )
        connection.commit()
    return json.loads(written) if written else {}


def write_state(connection: Connection, source: str, state: Mapping[str, object]) -> None:
    """Replace what a source remembers, inside the caller's transaction."""
    keep_if_undoable(connection, SOURCE_STATE, SOURCE_STATE.c.source == source)
    connection.execute(delete(SOURCE_STATE).where(SOURCE_STATE.c.source == source))
    row = {"source": source, "state": json.dumps(state), "written_at": datetime.now(UTC)}
    connection.execute(insert(SOURCE_STATE), row)
