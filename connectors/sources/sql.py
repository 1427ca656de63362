"""A database: a saved SELECT a canonical table, run read-only, with a time limit, in chunks."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
from sqlalchemy import (
    Connection,
    Engine,
    Result,
    column,
    create_engine,
    make_url,
    select,
    text,
)
from sqlalchemy import table as sql_table
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.sql import ClauseElement

from connectors.checks import check, empty_frame
from connectors.contract import FILE_REFUSED, Batch, Rejected, SourceError, message
from connectors.conversion import TEXT
from connectors.reading import TextTable
from connectors.sources.configuration import SqlSettings, TableQuery
from connectors.sources.delivery import Door, Memory, State
from connectors.sources.rows import pseudonyms_of
from connectors.sources.wholly import is_due, last_whole
from schema import CANONICAL, IMPORT_ORDER, reference

CHUNK = 10_000
MOST_ROWS = 20_000_000
CHANGED = "weft_changed_at"
"""A column of the result that is read as the cursor and not imported."""
BEGINNING = "1970-01-01T00:00:00+00:00"
OTHER_COLON = re.compile(r"(?<![:\\]):(?=\w)(?!since\b)")
READING = re.compile(r"^\s*(select|with)\b", re.IGNORECASE)


@dataclass
class SqlSource:
    """A connector for saved SELECTs.

    Attributes
    ----------
    memory : Memory
        ``changed`` in its state is the latest ``weft_changed_at`` of each table.
    """

    name: str
    settings: SqlSettings
    state: State
    door: Door
    memory: Memory = field(default_factory=Memory)

    def batches(self) -> Iterator[Batch]:
        """Yield one batch a table, referenced tables first; nothing is written to the database."""
        url = self.door.secret(self.settings.url_from)
        whole = last_whole(self.state, self.settings.whole_every_days, self.door.now)
        self.memory.state = {"changed": dict(self.state.get("changed", {})), **whole}  # type: ignore[call-overload]
        engine = _engine(self.name, url, self.settings.timeout_seconds)
        try:
            for name in IMPORT_ORDER:
                if name in self.settings.select:
                    yield self._read(engine, name)
        except SQLAlchemyError as error:
            # the driver's text may quote a value or the address with its password
            raise SourceError(_words(self.name, error)) from None
        finally:
            engine.dispose()

    def _read(self, engine: Engine, name: str) -> Batch:
        query = statement(self.name, name, self.settings.select[name])
        with engine.connect() as connection:
            _take_care(connection, self.settings.timeout_seconds)
            stream = connection.execution_options(stream_results=True, max_row_buffer=CHUNK)
            given = {"since": self._since(name)} if ":since" in str(query) else {}
            result = stream.execute(query, given)
            source = self._text_table(name, result)
            connection.rollback()
        if not source.header:
            return _no_columns(name)
        return check(CANONICAL[name], source, self.door.now)

    def _since(self, name: str) -> datetime:
        changed: Mapping[str, str] = self.state.get("changed", {})  # type: ignore[assignment]
        latest = datetime.fromisoformat(changed.get(name, BEGINNING))
        if is_due(self.state, self.settings.whole_every_days, self.door.now):
            latest = datetime.fromisoformat(BEGINNING)
        return latest - timedelta(days=self.settings.lag_days)

    def _text_table(self, name: str, result: Result) -> TextTable:
        header = list(map(str, result.keys()))
        chunks: list[list[pa.Array]] = [[] for _ in header]
        deadline = time.monotonic() + self.settings.timeout_seconds
        rows = 0
        for part in result.partitions(CHUNK):
            rows += len(part)
            if rows > MOST_ROWS or time.monotonic() > deadline:
                raise SourceError(_too_much(self.name, name))
            for place, cells in enumerate(zip(*part, strict=True)):
                if header[place] == CHANGED:
                    self._remember(name, cells)
                chunks[place].append(pa.array(_texts(header[place], cells, self, name), TEXT))
        columns = {
            title: pa.concat_arrays(parts) if parts else pa.array([], TEXT)
            for title, parts in zip(header, chunks, strict=True)
            if title != CHANGED
        }
        numbers = pa.array(range(1, rows + 1), pa.int64())
        return TextTable(tuple(columns), tuple(columns.values()), numbers)

    def _remember(self, name: str, cells: Sequence[object]) -> None:
        # the cursor comes from the source's own values, since clocks differ
        moments = [_aware(cell) for cell in cells if isinstance(cell, datetime)]
        if moments:
            changed: dict[str, str] = self.memory.state["changed"]  # type: ignore[assignment]
            latest = datetime.fromisoformat(changed.get(name, BEGINNING))
            changed[name] = max([latest, *moments]).astimezone(UTC).isoformat()


def statement(source: str, name: str, query: str | TableQuery) -> ClauseElement:
    """Return what is sent for one table: a single reading statement, or a quoted column list."""
    if isinstance(query, TableQuery):
        schema, _, plain = query.table.rpartition(".")
        columns = [column(theirs).label(ours) for ours, theirs in query.columns.items()]
        theirs = [column(one) for one in query.columns.values()]
        return select(*columns).select_from(sql_table(plain, *theirs, schema=schema or None))
    words = query.strip().rstrip(";").rstrip()
    if ";" in words or not READING.match(words):
        raise SourceError(
            f"{source}, select, {name}: expected one statement that begins with SELECT or WITH. "
            "Correct the settings. Nothing was sent to the database."
        )
    # any other colon is the SELECT's own, such as in ':x' or 12:30
    return text(OTHER_COLON.sub(r"\\:", words))


def _engine(name: str, url: str, seconds: float) -> Engine:
    try:
        parsed = make_url(url)
        return create_engine(
            parsed,
            hide_parameters=True,
            connect_args=_arguments(parsed.get_backend_name(), seconds),
        )
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError):
        raise SourceError(
            f"{name}: the database's address is not one that SQLAlchemy knows, or its driver is "
            "not installed. Check the environment variable that url_from names."
        ) from None


def _arguments(backend: str, seconds: float) -> dict[str, object]:
    if backend == "postgresql":
        limit = f"-c statement_timeout={int(seconds * 1000)} -c default_transaction_read_only=on"
        return {"options": limit, "connect_timeout": 30}
    return {"read_only": True} if backend == "duckdb" else {}


def _take_care(connection: Connection, seconds: float) -> None:
    backend = connection.dialect.name
    if backend == "postgresql":
        connection.execute(text("SET TRANSACTION READ ONLY"))
    elif backend == "sqlite":
        connection.execute(text("PRAGMA query_only = ON"))
    elif backend in ("mysql", "mariadb"):
        connection.execute(text("SET SESSION TRANSACTION READ ONLY"))
        connection.rollback()


def _texts(header: str, cells: Sequence[object], source: SqlSource, name: str) -> list[str]:
    texts = [_as_text(cell) for cell in cells]
    if source.settings.people == "identifiers" and is_person(name, header):
        return pseudonyms_of(source.door.pseudonyms, texts)
    return texts


def is_person(table: str, header: str) -> bool:
    """Tell whether a canonical column holds the key of a person."""
    if (table, header) == ("person", "person_id"):
        return True
    known = CANONICAL[table].columns
    return header in known and reference(known[header]) == ("person", "person_id")


def _as_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    # an instant without zone stays without, and is refused with words by the checks
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _no_columns(name: str) -> Batch:
    words = message("the SELECT returns no columns", "some", "Correct it.", FILE_REFUSED)
    return Batch(
        name, empty_frame(CANONICAL[name]), (Rejected(name, None, "", "no_columns", words),)
    )


def _too_much(source: str, name: str) -> str:
    return (
        f"{source}, {name}: not read within the time limit, or more than {MOST_ROWS:,} rows. "
        "Select less, or raise timeout_seconds. Nothing was imported."
    )


FAULTS = (
    (("statement timeout", "canceling statement"), "the SELECT took longer than timeout_seconds"),
    (("read-only", "readonly", "read only"), "the SELECT tries to write; only reading is allowed"),
    (("password authentication", "access denied"), "the database refuses the user or password"),
    (("permission denied",), "the role may not read one of the tables"),
    (("does not exist", "no such table", "no such column"), "a table or column is not there"),
    (
        ("connection refused", "could not connect", "connection failed", "unable to open"),
        "the database cannot be reached",
    ),
)
"""What drivers say, in lower case, and what it means."""


def _words(source: str, error: SQLAlchemyError) -> str:
    cause = getattr(error, "orig", None) or error
    said = str(cause).lower()
    found = next((words for signs, words in FAULTS if any(sign in said for sign in signs)), None)
    found = found or f"the database failed ({type(cause).__name__})"
    return f"{source}: {found}. Check the SELECT and the role. Nothing was imported."
