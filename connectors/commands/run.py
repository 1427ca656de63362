"""``run``: fetch from the sources that the settings name, each delivery in its own transaction."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from pandas import DataFrame
from sqlalchemy import Connection, Engine

import settings
from connectors.commands.deriving import derive, doubtful_notes
from connectors.contract import IDENTIFIERS, Connector, Rejected, SourceError
from connectors.identity import load_pseudonyms
from connectors.mapping.gathering import in_one
from connectors.mapping.mapped_file import MappedFile
from connectors.mapping.model import load_mapping
from connectors.report import count_lines, note_lines, reject_lines
from connectors.sources.configuration import AnySource, DropFolderSettings, load_sources, secret
from connectors.sources.delivery import Delivery, Door
from connectors.sources.drop_folder import ReadMapped
from connectors.sources.opening import Rules, open_source, rules_of
from connectors.sources.settling import Gathered, people_in, settle_people, too_many
from schema import CANONICAL
from store.database import StoreError, open_store
from store.fetched import known_people, remove_leftover_seats, withdraw
from store.importing import ImportReport, import_tables
from store.source_state import read_state, write_state

OK, REFUSED = 0, 1
SOURCES_FILE = "sources.yaml"
MINUTES = 60.0
NOTHING_NEW = "Nothing new."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what may stand behind ``run``."""
    parser.add_argument("names", nargs="*", metavar="NAME", help="sources to run; all without one")
    parser.add_argument("--once", action="store_true", help="run them once and end")
    parser.add_argument(
        "--every", type=float, default=MINUTES, metavar="MINUTES", help="wait between two runs"
    )
    parser.add_argument(
        "--sources", type=Path, default=None, metavar="FILE", help=f"default {SOURCES_FILE} in home"
    )


def run(given: argparse.Namespace) -> int:
    """Run the sources once, or again and again until interrupted; 1 where one of them failed."""
    code = OK
    try:
        while True:
            code = run_once(given)
            if given.once:
                return code
            time.sleep(given.every * 60)
    except KeyboardInterrupt:
        return code


def run_once(given: argparse.Namespace) -> int:
    """Run every source named; one that fails does not keep the others from running."""
    present = settings.load()
    chosen = _chosen(load_sources(given.sources or present.home / SOURCES_FILE), given.names)
    door = Door(load_pseudonyms(present), secret, time.sleep)
    engine = open_store(present.database_url)
    try:
        codes = [_run_source(engine, name, source, door) for name, source in chosen.items()]
    finally:
        engine.dispose()
    return max(codes, default=OK)


def _chosen(sources: dict[str, AnySource], names: list[str]) -> dict[str, AnySource]:
    unknown = [name for name in names if name not in sources]
    if unknown:
        raise SourceError(
            f"There is no source named {', '.join(unknown)}. Known are {', '.join(sources)}."
        )
    return {name: sources[name] for name in names or sources}


def _run_source(engine: Engine, name: str, source: AnySource, door: Door) -> int:
    code = OK
    try:
        state = read_state(engine, name)
        for delivery in open_source(name, source, state, door, _mapped(source, door)):
            code = max(code, _take_in(engine, name, rules_of(source), delivery))
    except (SourceError, StoreError) as error:
        # the dashboard keeps showing what was imported last
        print(error, file=sys.stderr)
        return REFUSED
    return code


def _take_in(engine: Engine, name: str, rules: Rules, delivery: Delivery) -> int:
    gathered = Gathered() if delivery.memory.unchanged else _gather(delivery)
    if delivery.memory.unchanged:
        lines = [NOTHING_NEW]
        stored = True
    else:
        if rules.settle:
            known = known_people(engine, people_in(gathered.tables))
            settle_people(gathered, known, add=rules.add_people)
        report = _import(engine, name, rules, delivery, gathered)
        stored = report.status == "ok"
        lines = list(_lines(report, gathered))
    print(f"{delivery.name}:", *lines, sep="\n  ")
    delivery.finish(stored, lines)
    return OK if stored else REFUSED


def _gather(delivery: Delivery) -> Gathered:
    gathered = Gathered()
    parts: dict[str, list[DataFrame]] = {}
    for batch in delivery.connector.batches():
        if batch.table in CANONICAL:
            parts.setdefault(batch.table, []).append(batch.frame)
        elif batch.table == IDENTIFIERS:
            gathered.identifiers = batch.frame
        gathered.rejected += batch.rejected
        gathered.notes[batch.table] = gathered.notes.get(batch.table, ()) + batch.notes
    gathered.tables = {name: in_one(frames) for name, frames in parts.items()}
    return gathered


def _import(
    engine: Engine, name: str, rules: Rules, delivery: Delivery, gathered: Gathered
) -> ImportReport:
    def follow(connection: Connection) -> None:
        if rules.whole_meetings and "conversation_participant" in gathered.tables:
            remove_leftover_seats(connection, gathered.tables["conversation_participant"])
        withdraw(connection, delivery.memory.withdrawn)
        derive(connection)
        gathered.notes["conversation"] = (
            *gathered.notes.get("conversation", ()),
            *doubtful_notes(connection),
        )
        # in the same transaction: rows and cursor are stored together or not at all
        write_state(connection, name, delivery.memory.state)

    refused: list[Rejected] = []
    aside: list[Rejected] = []
    whole = too_many(gathered, rules.max_rejected_share)
    (refused if whole else aside).extend(gathered.rejected)
    return import_tables(
        engine,
        gathered.tables,
        source=name,
        rejected=refused,
        set_aside=aside,
        after_import=follow,
        undoable=True,
        identifiers=gathered.identifiers,
    )


def _lines(report: ImportReport, gathered: Gathered) -> Iterator[str]:
    yield from count_lines(report.tables)
    yield from note_lines(gathered.notes)
    yield from reject_lines(report.rejected)
    if report.status == "refused":
        yield f"Refused, {len(report.rejected):,} reasons. Nothing was imported."
    elif any(count.new or count.changed for count in report.tables):
        yield f"Imported, run {report.run_id}."
    else:
        yield "Every row was known already: nothing changed."


def _mapped(source: AnySource, door: Door) -> ReadMapped:
    def read(file: Path) -> Connector:
        if not isinstance(source, DropFolderSettings) or source.mapping is None:
            raise SourceError(f"{file.parent}: no mapping is set for the files in it.")
        return MappedFile(file, load_mapping(source.mapping), door.pseudonyms, source.zone)

    return read
