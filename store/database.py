"""Open the person-level database, embedded or remote, and create its tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Table,
    create_engine,
    event,
    false,
    func,
    literal_column,
    make_url,
    select,
    text,
    update,
)
from sqlalchemy.exc import NoSuchModuleError, SQLAlchemyError
from sqlalchemy.schema import CreateColumn, CreateTable

from schema import CANONICAL, has_later_columns
from store import duckdb_dialect, operations
from store.operations import IMPORT_RUN

WRITERS = 0x57656674
"""Number of the lock that all writers of one database share."""
EMBEDDED = ("duckdb", "sqlite")
READER = {"threads": 1, "memory_limit": "1000MB"}
"""What one of several reading processes takes of the machine. Beyond that, temporary tables go to
disk: at 100,000 people no slower, and each process keeps below 2 GB."""
FAULTS = (
    (
        ("could not set lock", "database is locked", "already open", "conflicting lock"),
        "The store is in use by another process, perhaps an import or a build. "
        "Wait until it has ended and start again.",
    ),
    (
        ("no space left", "disk is full", "could not write"),
        "The store's disk is full. Make room and start again.",
    ),
    (
        ("read-only", "readonly", "permission denied"),
        "The store may not be written to. Check its permissions.",
    ),
    (
        ("connection refused", "connection failed", "could not connect", "terminating connection"),
        "The store's database cannot be reached. Check that it runs, and store_url.",
    ),
    (
        ("not a valid duckdb", "file is not a database", "corrupt", "malformed"),
        "The store's file is damaged or is no store. Restore a copy, or move it away and import "
        "again.",
    ),
)
"""What the drivers say, in lower case, and what it means for the operator."""


class StoreError(RuntimeError):
    """The store cannot be used; the text is meant for the operator and holds no value."""


def open_store(url: str) -> Engine:
    """Return an engine for the store; creates the folder of an embedded database.

    Parameters are hidden in every error, because they are people's values.
    """
    parsed = make_url(url)
    _make_folder(parsed)
    duckdb_dialect.register()
    try:
        engine = create_engine(parsed, hide_parameters=True, connect_args=_arguments(parsed))
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise StoreError(
            f"No driver is installed for {parsed.drivername}; install its package and start again."
        ) from error
    if parsed.get_backend_name() == "sqlite":
        _take_transactions_in_hand(engine)
    if parsed.get_backend_name() == "duckdb":
        _draw_no_bars(engine)
    return engine


def store_exists(url: str) -> bool:
    """Tell whether there is a store to look at; a remote one is taken to be there."""
    parsed = make_url(url)
    return parsed.get_backend_name() not in EMBEDDED or Path(parsed.database or "").exists()


def _arguments(url: URL) -> dict[str, object]:
    # statements stay the same while the views below them are laid out anew: nothing is prepared
    return {"prepare_threshold": None} if url.get_driver_name() == "psycopg" else {}


def _make_folder(url: URL) -> None:
    if url.get_backend_name() not in EMBEDDED or url.database in (None, "", ":memory:"):
        return
    folder = Path(url.database).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"The store's folder {folder} cannot be made: {error.strerror}.") from None


def prepare(engine: Engine) -> None:
    """Create what is missing of the tables, and mark imports that a crash left as abandoned.

    An import that is alive on a shared database may be marked too; it sets its status at its end.
    """
    with connected(engine) as connection:
        wait_for_turn(connection)
        for table in (*CANONICAL.values(), *operations.METADATA.tables.values()):
            connection.execute(CreateTable(table, if_not_exists=True))
        for table in filter(has_later_columns, CANONICAL.values()):
            _add_columns(connection, table)
        connection.execute(
            update(IMPORT_RUN)
            .where(IMPORT_RUN.c.status == "running")
            .values(status="abandoned", ended_at=datetime.now(UTC))
        )
        connection.commit()


def _add_columns(connection: Connection, table: Table) -> None:
    """Add columns that an older store lacks; its rows have nothing in them."""
    everything = select(literal_column("*")).select_from(table).where(false())
    there = set(connection.execute(everything).keys())
    for column in table.columns:
        if column.name not in there:
            name = connection.dialect.identifier_preparer.format_table(table)
            declared = CreateColumn(column).compile(dialect=connection.dialect)
            connection.execute(text(f"ALTER TABLE {name} ADD COLUMN {declared}"))


def wait_for_turn(connection: Connection) -> None:
    """Wait until no other process writes; the embedded databases see to it by themselves."""
    if connection.dialect.name == "postgresql":
        # held until the transaction ends; two merges at once would block each other
        connection.execute(select(func.pg_advisory_xact_lock(WRITERS)))


@contextmanager
def connected(engine: Engine) -> Iterator[Connection]:
    """Yield a connection that rolls back unless committed, with the store's own error texts."""
    with in_own_words(), engine.connect() as connection:
        yield connection


@contextmanager
def in_own_words() -> Iterator[None]:
    """Raise what the driver raises as an error of the store, without anybody's values."""
    try:
        yield
    except SQLAlchemyError as error:
        # the driver's text may quote a person's value: neither shown nor chained
        raise StoreError(_words(error)) from None


def open_to_read(url: str) -> Engine:
    """Return an engine that writes nothing, so that processes may share an embedded store."""
    duckdb_dialect.register()
    parsed = make_url(url)
    embedded = parsed.get_backend_name() == "duckdb"
    arguments = {"read_only": True, "config": READER} if embedded else _arguments(parsed)
    engine = create_engine(parsed, hide_parameters=True, connect_args=arguments)
    if embedded:
        _draw_no_bars(engine)
    return engine


def _words(error: SQLAlchemyError) -> str:
    cause = getattr(error, "orig", None) or error
    text = str(cause).lower()
    unknown = f"The store failed ({type(cause).__name__})."
    known = (words for signs, words in FAULTS if any(sign in text for sign in signs))
    return f"{next(known, unknown)} Nothing was imported."


def _take_transactions_in_hand(engine: Engine) -> None:
    # the driver begins a transaction late and only before some statements; creating tables
    # inside an import must be undone with it
    @event.listens_for(engine, "connect")
    def leave_to_us(raw: sqlite3.Connection, record: object) -> None:
        raw.isolation_level = None

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")


def _draw_no_bars(engine: Engine) -> None:
    # a process without a script, such as one of several that build, is taken for a person at a
    # prompt, for whom DuckDB draws a bar of its own over each long statement
    @event.listens_for(engine, "connect")
    def be_quiet(raw: object, record: object) -> None:
        raw.cursor().execute("SET enable_progress_bar = false")
