"""Write the file of an embedded store anew, so that bytes of deleted rows are not left in it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
from sqlalchemy import make_url

from store.database import StoreError


def rewrite(url: str) -> bool:
    """Rewrite the store's file; False where the store is no file and its owner must clean up.

    No connection of this process may be open. A crash leaves the old file or the new one.
    """
    parsed = make_url(url)
    if parsed.database in (None, "", ":memory:"):
        return False
    file, backend = Path(parsed.database), parsed.get_backend_name()
    try:
        if backend == "duckdb":
            _rewrite_duckdb(file)
        elif backend == "sqlite":
            with closing(sqlite3.connect(file)) as connection:
                connection.execute("VACUUM")
        else:
            return False
    except (duckdb.Error, sqlite3.Error, OSError):
        # the driver's text may quote a person's value
        raise StoreError(
            "The person is erased, but the store's file could not be written anew and may still "
            "hold old bytes. Make room, end other imports, and say the same command again."
        ) from None
    return True


def _rewrite_duckdb(file: Path) -> None:
    fresh = file.with_name(f"{file.name}.rewritten")
    fresh.unlink(missing_ok=True)
    with closing(duckdb.connect()) as connection:
        # attached for writing, so that nobody else writes to the old file meanwhile
        connection.execute(f"ATTACH {_quoted(file)} AS worn")
        connection.execute("CHECKPOINT worn")
        connection.execute(f"ATTACH {_quoted(fresh)} AS fresh")
        connection.execute("COPY FROM DATABASE worn TO fresh")
        connection.execute("DETACH fresh")
        if os.name != "nt":
            fresh.replace(file)
    if fresh.exists():
        fresh.replace(file)


def _quoted(file: Path) -> str:
    return "'" + str(file).replace("'", "''") + "'"
