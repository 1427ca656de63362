"""Import checked canonical rows, all or nothing, and keep account of what came in."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_hex
from threading import Lock
from typing import Protocol

import numpy as np
from pandas import DataFrame
from sqlalchemy import (
    Connection,
    Engine,
    insert,
    update,
)

from schema import CANONICAL, IMPORT_ORDER
from schema.rejected import Rejected
from store.accounting import ImportReport, Merged, TableCount, report_of, with_set_aside, write_down
from store.database import connected, prepare, wait_for_turn
from store.operations import IMPORT_RUN
from store.previous import forget
from store.upserting import Progress, Run, Upserting

ONE_IMPORT_AT_A_TIME = Lock()

__all__ = [
    "ImportReport",
    "TableCount",
    "import_parts",
    "import_tables",
    "rehearse",
    "rehearse_parts",
]

log = logging.getLogger(__name__)


class Part(Protocol):
    """Rows of one table, what was refused of it, and how many rows all its parts have."""

    table: str
    frame: DataFrame
    rejected: tuple[Rejected, ...]
    of: int | None


@dataclass(frozen=True)
class _Frame:
    table: str
    frame: DataFrame
    rejected: tuple[Rejected, ...] = ()
    of: int | None = None


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
    identifiers: DataFrame | None = None,
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
        Told how many rows of a table have been handed over.
    undoable : bool
        Whether `store.undo.undo_import` shall be able to take the import back, which it cannot
        where `after_import` changes canonical rows without `store.previous.keep_if_undoable`. No
        earlier import can be undone any more.
    let_go : bool
        Whether `tables`, a dict, may be emptied: frames that the database has are then no longer
        held in memory.
    identifiers : DataFrame, optional
        Further identifiers of people, as `store.likeness.remember_identifiers` takes them.

    Raises
    ------
    StoreError
        The database is busy, full or broken; nothing was imported.
    ValueError
        A frame does not have its table's columns, types or distinct keys.
    """
    return import_parts(
        engine,
        _parts(tables, rejected, let_go=let_go),
        source=source,
        set_aside=set_aside,
        after_import=after_import,
        on_progress=on_progress,
        undoable=undoable,
        identifiers=identifiers,
    )


def import_parts(
    engine: Engine,
    parts: Iterable[Part],
    *,
    source: str,
    set_aside: Sequence[Rejected] = (),
    after_import: Callable[[Connection], object] | None = None,
    on_progress: Progress | None = None,
    undoable: bool = False,
    identifiers: DataFrame | None = None,
) -> ImportReport:
    """Do as `import_tables` does, with one part of a table after the other in memory.

    ``parts`` come in the order of import; those of one table follow each other and have no key in
    common. After the first that brings a rejected row the others are counted and nothing is
    written any more.
    """
    with ONE_IMPORT_AT_A_TIME:
        prepare(engine)
        run_id = _start(engine, source)
        with connected(engine) as connection:
            run = Run(run_id, source, undoable, on_progress, identifiers)
            merged, numbers = _merge(connection, parts, run)
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
    engine: Engine,
    tables: Mapping[str, DataFrame],
    *,
    rejected: Sequence[Rejected] = (),
    on_progress: Progress | None = None,
    before_undoing: Callable[[Connection], object] | None = None,
    let_go: bool = False,
) -> ImportReport:
    """Do everything that an import does, then undo it; raises as `import_tables`.

    ``before_undoing`` is called with the connection while the rows are there.
    """
    parts = _parts(tables, rejected, let_go=let_go)
    return rehearse_parts(engine, parts, on_progress=on_progress, before_undoing=before_undoing)


def rehearse_parts(
    engine: Engine,
    parts: Iterable[Part],
    *,
    on_progress: Progress | None = None,
    before_undoing: Callable[[Connection], object] | None = None,
) -> ImportReport:
    """Do as `rehearse` does, with one part of a table after the other in memory."""
    with ONE_IMPORT_AT_A_TIME:
        prepare(engine)
        with connected(engine) as connection:
            run = Run("rehearsal", "rehearsal", on_progress=on_progress)
            merged, numbers = _merge(connection, parts, run)
            if before_undoing is not None and not merged.rejected:
                before_undoing(connection)
            connection.rollback()
    return report_of("", merged, numbers)


def _parts(
    tables: Mapping[str, DataFrame], rejected: Sequence[Rejected], *, let_go: bool
) -> Iterator[Part]:
    yield _Frame("", DataFrame(), tuple(rejected))
    for name in [name for name in IMPORT_ORDER if name in tables]:
        gone = let_go and isinstance(tables, dict)
        yield _Frame(name, tables.pop(name) if gone else tables[name])


def _start(engine: Engine, source: str) -> str:
    started = datetime.now(UTC)
    run_id = f"{started:%Y%m%dT%H%M%S}-{token_hex(3)}"
    row = {"run_id": run_id, "source": source, "started_at": started, "status": "running"}
    with connected(engine) as connection:
        connection.execute(insert(IMPORT_RUN), row)
        connection.commit()
    return run_id


def _merge(
    connection: Connection, parts: Iterable[Part], run: Run
) -> tuple[Merged, dict[str, list[np.ndarray]]]:
    """Merge what comes in; return what came of it, and the row numbers by table."""
    wait_for_turn(connection)
    # the first statement writes, so that a second import waits here or is told to
    connection.execute(
        update(IMPORT_RUN).where(IMPORT_RUN.c.run_id == run.run_id).values(status="running")
    )
    forget(connection)
    numbers: dict[str, list[np.ndarray]] = {}
    refused: list[Rejected] = []
    merging = Upserting(connection, run)
    # map, since a loop over the parts would hold on to each one while it is merged
    for name, frame, rejected, of in map(_opened, parts):
        refused += rejected
        if name in CANONICAL:
            numbers.setdefault(name, []).append(_stretches(frame[0]))
            if not refused:
                merging.take(name, frame, of)
        frame.clear()
    return (Merged((), tuple(refused), "") if refused else merging.end()), numbers


def _opened(part: Part) -> tuple[str, list[DataFrame], Sequence[Rejected], int | None]:
    return part.table, [part.frame], part.rejected, part.of


def _stretches(frame: DataFrame) -> np.ndarray:
    """Return what a report needs of a frame: its row numbers, as first and last of each stretch."""
    if "row_number" not in frame:
        return np.empty((0, 2), np.int64)
    numbers = np.unique(frame["row_number"].to_numpy(np.int64))
    ends = np.flatnonzero(np.diff(numbers) != 1)
    firsts, lasts = np.insert(ends + 1, 0, 0), np.append(ends, len(numbers) - 1)
    return numbers[np.column_stack([firsts, lasts])] if len(numbers) else np.empty((0, 2), np.int64)
