"""How much memory the embedded database may take while rows come in; what is more goes to disk."""

from __future__ import annotations

from sqlalchemy import Connection, text

MEGABYTE = 1_000_000
BASE = 300
BYTES_A_ROW = 90
"""Keys of all rows stand in memory while they are checked against each other; rows need not."""


class Allowance:
    """Raises the limit as rows come in; a store that is no file has no disk to go to.

    Parameters
    ----------
    connection : Connection
        Of the import; other engines are left alone.
    """

    def __init__(self, connection: Connection) -> None:
        database = connection.engine.url.database
        embedded = connection.dialect.name == "duckdb" and database not in (None, "", ":memory:")
        self._connection = connection if embedded else None
        self._rows = self._stored() if embedded else 0

    def _stored(self) -> int:
        size = text("SELECT coalesce(sum(estimated_size), 0) FROM duckdb_tables()")
        return int(self._connection.scalar(size))

    def expect(self, rows: int) -> None:
        """Allow what so many more rows need."""
        if self._connection is None:
            return
        self._rows += rows
        megabytes = BASE + self._rows * BYTES_A_ROW // MEGABYTE
        self._connection.execute(text(f"SET memory_limit = '{megabytes}MB'"))
