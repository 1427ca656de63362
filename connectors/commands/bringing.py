"""Bring what was read into the store, or rehearse that, and tell how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

import settings
from connectors.canonical_folder import CanonicalFolder
from connectors.commands.deriving import derive, doubtful_notes
from connectors.commands.missing import absence_in, question
from connectors.contract import Batch, Rejected, SourceError
from connectors.mapping.gathering import Source, gather, mostly_bad, spaced
from connectors.mapping.model import Mapping
from connectors.progress import Steps, Tell
from connectors.sources.settling import Gathered, doubtful_zeros, people_in, settle_people
from store.absence import Absence, moved_people
from store.accounting import with_set_aside
from store.database import open_store, store_exists
from store.fetched import known_people
from store.importing import (
    ImportReport,
    import_parts,
    import_tables,
    rehearse,
    rehearse_parts,
)

Notes = dict[str, tuple[str, ...]]
IN_MEMORY = "duckdb:///:memory:"
OTHER_ZEROS = (
    "numbers of people that are known already with other leading zeros, taken for different people "
    "(has a spreadsheet cut zeros off?)"
)
MOVED = (
    "people known in another organisation until now, taken to have moved (do two organisations use "
    "the same numbers? Then set own_numbers in the mappings of both)"
)
READ, WRITTEN, DERIVED = 0.4, 0.9, 0.97
"""Shares of the whole that are done once the rows are read, are written, and are looked through."""


@dataclass(frozen=True)
class Wanted:
    """What is to be brought in, and how."""

    name: str
    sources: tuple[Source, ...]
    mapping: Mapping | None
    write: bool
    keep_good_rows: bool
    allow_missing: bool


@dataclass(frozen=True)
class Brought:
    """What came of it: the store's report, the readers' notes, and who was not in a list."""

    report: ImportReport
    notes: Notes
    absence: Absence


def bring_in(wanted: Wanted, tell: Tell) -> Brought:
    """Read the sources, and import or check them."""
    folder = wanted.sources[0].connector
    # what is wrong with a file as a whole is said before the store is opened
    if isinstance(folder, CanonicalFolder) and not wanted.keep_good_rows:
        sizes = folder.sizes()
        return _with_store(wanted, lambda engine: _table_by_table(engine, wanted, sizes, tell))
    gathered = _gathered(wanted, tell)
    return _with_store(wanted, lambda engine: _together(engine, wanted, gathered, tell))


def _with_store(wanted: Wanted, work: Callable[[Engine], Brought]) -> Brought:
    url = settings.load().database_url
    # a check does not make a store
    engine = open_store(url if wanted.write or store_exists(url) else IN_MEMORY)
    try:
        return work(engine)
    finally:
        engine.dispose()


def _table_by_table(engine: Engine, wanted: Wanted, sizes: dict[str, int], tell: Tell) -> Brought:
    """Read and write one table of a canonical folder after the other, so that any size fits."""
    notes: Notes = {}
    steps = Steps(tell, sizes, 0.0, WRITTEN)

    def taken(batch: Batch) -> Batch:
        notes[batch.table] = notes.get(batch.table, ()) + batch.notes
        return batch

    def written(table: str, rows: int, of: int) -> None:
        steps.within(table, READ + (1 - READ) * rows / max(of, 1), _writing(table, rows, of))

    folder = CanonicalFolder(
        wanted.sources[0].connector.folder,
        on_table=lambda table, share: steps.within(table, READ * share, _reading(table)),
    )
    # map, since a loop over the batches would hold on to each one while it is written
    parts = map(taken, folder.batches())
    if wanted.write:
        report = import_parts(
            engine,
            parts,
            source=wanted.name,
            after_import=_deriving(tell, notes),
            on_progress=written,
            undoable=True,
        )
    else:
        report = rehearse_parts(engine, parts, on_progress=written, before_undoing=_looking(notes))
    return Brought(report, notes, Absence(0, 0))


def _gathered(wanted: Wanted, tell: Tell) -> Gathered:
    sizes = {str(n): source.bytes for n, source in enumerate(wanted.sources)}
    steps = Steps(tell, sizes, 0.0, READ)
    return gather(
        wanted.sources, lambda number, share, words: steps.within(str(number), share, words)
    )


def _together(engine: Engine, wanted: Wanted, gathered: Gathered, tell: Tell) -> Brought:
    """Import what was read as a whole, since bad rows are set aside and strangers settled."""
    absence = absence_in(engine, gathered.tables)
    if absence.asks and not wanted.allow_missing:
        raise SourceError(question(absence))
    _look_at_zeros(engine, gathered)
    _look_at_homes(engine, gathered)
    _settle(engine, wanted, gathered)
    keep = wanted.keep_good_rows and not mostly_bad(gathered)
    refused: list[Rejected] = [] if keep else gathered.rejected
    aside: list[Rejected] = gathered.rejected if keep else []
    sizes = {name: len(frame) for name, frame in gathered.tables.items()}
    steps = Steps(tell, sizes, READ, WRITTEN)

    def written(table: str, rows: int, of: int) -> None:
        steps.within(table, rows / max(of, 1), _writing(table, rows, of))

    if wanted.write:
        report = import_tables(
            engine,
            gathered.tables,
            source=wanted.name,
            rejected=refused,
            set_aside=aside,
            after_import=_deriving(tell, gathered.notes),
            on_progress=written,
            undoable=True,
            let_go=True,
            identifiers=gathered.identifiers,
        )
    else:
        report = rehearse(
            engine,
            gathered.tables,
            rejected=refused,
            on_progress=written,
            before_undoing=_looking(gathered.notes),
            let_go=True,
        )
        report = with_set_aside(report, aside)
    return Brought(report, gathered.notes, absence)


def _look_at_zeros(engine: Engine, gathered: Gathered) -> None:
    """Note numbers that the store knows with other leading zeros; none of them is named."""
    if gathered.variants is None:
        return
    both = set(gathered.variants["person_id"]) | set(gathered.variants["alias"])
    doubtful = doubtful_zeros(gathered, known_people(engine, both))
    if doubtful:
        note = f"{OTHER_ZEROS}: {doubtful:,}"
        gathered.notes["person"] = (*gathered.notes.get("person", ()), note)


def _look_at_homes(engine: Engine, gathered: Gathered) -> None:
    """Note people who would change their organisation; none of them is named."""
    moved = moved_people(engine, gathered.tables.get("person"))
    if moved:
        note = f"{MOVED}: {moved:,}"
        gathered.notes["person"] = (*gathered.notes.get("person", ()), note)


def _settle(engine: Engine, wanted: Wanted, gathered: Gathered) -> None:
    ways = {source.mapping.unknown_people for source in wanted.sources if source.mapping}
    if wanted.keep_good_rows:
        ways.add("leave_empty")
    if ways & {"add", "leave_empty"} and gathered.tables:
        known = known_people(engine, people_in(gathered.tables))
        settle_people(gathered, known, add="add" in ways)


def _reading(table: str) -> str:
    return f"reading {spaced(table)}"


def _writing(table: str, rows: int, of: int) -> str:
    return f"writing {spaced(table)}: {rows:,} of {of:,} rows"


def _deriving(tell: Tell, notes: Notes) -> Callable[[Connection], None]:
    look = _looking(notes)

    def told(connection: Connection) -> None:
        tell(WRITTEN, "working out who met whom")
        derive(connection)
        look(connection)
        tell(DERIVED, "storing")

    return told


def _looking(notes: Notes) -> Callable[[Connection], None]:
    def look(connection: Connection) -> None:
        found = tuple(doubtful_notes(connection))
        if found:
            notes["conversation"] = (*notes.get("conversation", ()), *found)

    return look
