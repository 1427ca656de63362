"""``import`` and ``check``: bring a file or a folder in, or do everything but that."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path

import settings
from connectors.canonical_folder import CanonicalFolder
from connectors.commands.bringing import Brought, Wanted, bring_in
from connectors.commands.missing import add_argument
from connectors.contract import SourceError
from connectors.identity import load_pseudonyms
from connectors.mapping.finding import SAVED, mapped_files, mapping_for
from connectors.mapping.gathering import Source
from connectors.mapping.mapped_file import MappedFile
from connectors.mapping.model import Mapping, load_mapping
from connectors.mapping.rejects import write_rejects
from connectors.progress import add_progress, teller
from connectors.report import count_lines, note_lines, reject_lines
from store.importing import ImportReport

OK, REFUSED, USAGE = 0, 1, 2


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
    add_progress(parser)
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
    tell = teller(given.progress)
    brought = bring_in(wanted, tell)
    tell(1.0, "done")
    report = brought.report
    if given.format == "json":
        print(json.dumps(_as_data(brought)))
    else:
        _print(brought, wanted)
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
    connector = MappedFile(file, mapping, pseudonyms)
    return Source(mapping.name, connector, mapping, file.stat().st_size)


def _print(brought: Brought, wanted: Wanted) -> None:
    report = brought.report
    lines: Iterable[str] = (
        *count_lines(report.tables),
        *note_lines(brought.notes),
        *reject_lines(report.rejected),
        _outcome(report, wanted),
    )
    print(*lines, sep="\n")


def _as_data(brought: Brought) -> dict[str, object]:
    report, absence = brought.report, brought.absence
    return {
        "run_id": report.run_id,
        "status": report.status,
        "tables": [asdict(count) for count in report.tables],
        "notes": {table: list(found) for table, found in brought.notes.items() if found},
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
