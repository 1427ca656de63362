"""``import`` and ``check``: bring a file or a folder in, or do everything but that."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Engine, make_url

import settings
from connectors.canonical_folder import CanonicalFolder
from connectors.commands.missing import absence_in, add_argument, question
from connectors.contract import Rejected, SourceError
from connectors.identity import load_pseudonyms
from connectors.mapping.finding import SAVED, mapped_files, mapping_for
from connectors.mapping.gathering import Source, gather, mostly_bad
from connectors.mapping.mapped_file import MappedFile
from connectors.mapping.model import Mapping, load_mapping
from connectors.mapping.rejects import write_rejects
from connectors.report import count_lines, note_lines, reject_lines
from connectors.sources.settling import Gathered, people_in, settle_people
from store.absence import Absence
from store.accounting import with_set_aside
from store.database import open_store
from store.fetched import known_people
from store.importing import ImportReport, import_tables, rehearse
from store.stamping import stamp

OK, REFUSED, USAGE = 0, 1, 2


@dataclass(frozen=True)
class Wanted:
    """What is to be brought in, and how."""

    name: str
    sources: tuple[Source, ...]
    mapping: Mapping | None
    write: bool
    keep_good_rows: bool
    allow_missing: bool


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what may stand behind ``import`` and ``check``."""
    parser.add_argument("path", type=Path, metavar="PATH", help="a file, or a folder of files")
    parser.add_argument(
        "--mapping", type=Path, metavar="FILE", help="what the columns of the file mean"
    )
    parser.add_argument(
        "--as-of",
        type=date.fromisoformat,
        metavar="DAY",
        help="the day on which the file was true, as 2026-09-30, instead of the mapping's",
    )
    parser.add_argument(
        "--keep-good-rows",
        action="store_true",
        help="set bad rows aside instead of refusing the whole",
    )
    parser.add_argument(
        "--rejects", type=Path, metavar="FILE.csv", help="write the rows set aside, with reasons"
    )
    add_argument(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run_import(given: argparse.Namespace) -> int:
    """Import."""
    return _run(given, write=True)


def run_check(given: argparse.Namespace) -> int:
    """Do everything that an import does, and write nothing."""
    return _run(given, write=False)


def _run(given: argparse.Namespace, *, write: bool) -> int:
    if not given.path.exists():
        print(f"{given.path}: there is no such folder or file.", file=sys.stderr)
        return USAGE
    wanted = _wanted(given, write=write)
    gathered = gather(wanted.sources, _progress)
    report, absence = _take_in(wanted, gathered)
    _progress("")
    if given.format == "json":
        print(json.dumps(_as_data(report, gathered.notes, absence)))
    else:
        _print(report, gathered.notes, wanted)
    if given.rejects is not None and given.path.is_file() and wanted.mapping is not None:
        write_rejects(given.rejects, given.path, wanted.mapping, report.rejected)
        print(f"The rows set aside are in {given.rejects}.", file=sys.stderr)
    return OK if report.status == "ok" else REFUSED


def _wanted(given: argparse.Namespace, *, write: bool) -> Wanted:
    path = given.path.resolve()
    mapping, sources = None, ()
    if path.is_file():
        mapping = _mapping(path, given.mapping, given.as_of)
        sources = (_mapped(path, mapping),)
    elif given.mapping is not None or given.as_of is not None:
        raise SourceError(
            "--mapping and --as-of go with one file, not with a folder. Nothing was imported."
        )
    else:
        sources = tuple(_mapped(file, one) for file, one in mapped_files(path))
    canonical = Source("", CanonicalFolder(path), None)
    return Wanted(
        path.name,
        sources or (canonical,),
        mapping,
        write,
        given.keep_good_rows,
        # a folder of canonical files may hold a part of the people, as it always could
        given.allow_missing or not sources or not write,
    )


def _mapping(path: Path, named: Path | None, as_of: date | None) -> Mapping:
    found = load_mapping(named) if named else mapping_for(path, settings.load().home / SAVED)
    return found if as_of is None else found.model_copy(update={"as_of": as_of})


def _mapped(file: Path, mapping: Mapping) -> Source:
    pseudonyms = load_pseudonyms(settings.load())
    return Source(mapping.name, MappedFile(file, mapping, pseudonyms), mapping)


def _take_in(wanted: Wanted, gathered: Gathered) -> tuple[ImportReport, Absence]:
    url = settings.load().database_url
    engine = open_store(url if wanted.write or _exists(url) else "duckdb:///:memory:")
    try:
        absence = absence_in(engine, gathered.tables)
        if absence.asks and not wanted.allow_missing:
            raise SourceError(question(absence))
        _settle(engine, wanted, gathered)
        return _bring_in(engine, wanted, gathered), absence
    finally:
        engine.dispose()


def _settle(engine: Engine, wanted: Wanted, gathered: Gathered) -> None:
    ways = {source.mapping.unknown_people for source in wanted.sources if source.mapping}
    if wanted.keep_good_rows:
        ways.add("leave_empty")
    if ways & {"add", "leave_empty"} and gathered.tables:
        known = known_people(engine, people_in(gathered.tables))
        settle_people(gathered, known, add="add" in ways)


def _exists(url: str) -> bool:
    parsed = make_url(url)
    embedded = parsed.get_backend_name() in ("duckdb", "sqlite")
    return not embedded or Path(parsed.database or "").exists()


def _bring_in(engine: Engine, wanted: Wanted, gathered: Gathered) -> ImportReport:
    keep = wanted.keep_good_rows and not mostly_bad(gathered)
    refused: list[Rejected] = [] if keep else gathered.rejected
    aside: list[Rejected] = gathered.rejected if keep else []
    if not wanted.write:
        return with_set_aside(rehearse(engine, gathered.tables, rejected=refused), aside)
    return import_tables(
        engine,
        gathered.tables,
        source=wanted.name,
        rejected=refused,
        set_aside=aside,
        after_import=stamp,
        undoable=True,
        let_go=True,
        on_progress=lambda table, n, of: _progress(f"importing {table} ({n} of {of})"),
    )


def _progress(words: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[K{words}", end="", file=sys.stderr, flush=True)


def _print(report: ImportReport, notes: dict[str, tuple[str, ...]], wanted: Wanted) -> None:
    lines: Iterable[str] = (
        *count_lines(report.tables),
        *note_lines(notes),
        *reject_lines(report.rejected),
        _outcome(report, wanted),
    )
    print(*lines, sep="\n")


def _as_data(
    report: ImportReport, notes: dict[str, tuple[str, ...]], absence: Absence
) -> dict[str, object]:
    return {
        "run_id": report.run_id,
        "status": report.status,
        "tables": [asdict(count) for count in report.tables],
        "notes": {table: list(found) for table, found in notes.items() if found},
        "rejected": [asdict(row) for row in report.rejected],
        "absence": {**asdict(absence), "asks": absence.asks},
    }


def _outcome(report: ImportReport, wanted: Wanted) -> str:
    if report.status == "refused":
        number = len(report.rejected)
        return f"Refused, {number:,} reason{'s' if number > 1 else ''}. Nothing was imported."
    if not wanted.write:
        return "Everything fits. This was a check: nothing was imported."
    if not any(count.new or count.changed for count in report.tables):
        return "Every row was known already: nothing changed."
    return f"Imported, run {report.run_id}."
