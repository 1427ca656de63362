"""``python -m connectors``: import or check a folder of canonical files; print the dictionary."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pandas import DataFrame
from sqlalchemy import Engine, make_url

import settings
from connectors.canonical_folder import CanonicalFolder
from connectors.contract import Connector, Rejected, SourceError
from connectors.dictionary import dictionary
from connectors.report import count_lines, note_lines, reject_lines
from schema import CANONICAL
from store.database import StoreError, open_store
from store.importing import ImportReport, import_tables, rehearse
from store.stamping import stamp

OK, REFUSED, USAGE = 0, 1, 2


@dataclass
class Gathered:
    """All batches of a connector."""

    tables: dict[str, DataFrame] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 = done, 1 = refused or failed, 2 = called wrongly."""
    given = _parser().parse_args(arguments)
    if given.command == "dictionary":
        print(dictionary(), end="")
        return OK
    if not given.folder.is_dir():
        print(f"{given.folder}: there is no such folder.", file=sys.stderr)
        return USAGE
    try:
        return _take_in(given.folder, write=given.command == "import")
    except (SourceError, StoreError, settings.SettingsError) as error:
        print(error, file=sys.stderr)
        return REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m connectors", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, words in (
        ("import", "import a folder of canonical CSV or Parquet files, all or nothing"),
        ("check", "do everything that import does, and write nothing"),
    ):
        commands.add_parser(name, help=words).add_argument("folder", type=Path)
    commands.add_parser("dictionary", help="print every table and column as Markdown")
    return parser


def _take_in(folder: Path, *, write: bool) -> int:
    gathered = _gather(CanonicalFolder(folder))
    url = settings.load().database_url
    engine = open_store(url if write or _exists(url) else "duckdb:///:memory:")
    try:
        report = _bring_in(engine, gathered, folder, write=write)
    finally:
        engine.dispose()
    _progress("")
    _print(report, gathered.notes, write=write)
    return OK if report.status == "ok" else REFUSED


def _gather(connector: Connector) -> Gathered:
    gathered = Gathered()
    for batch in connector.batches():
        _progress(f"reading {batch.table}")
        if batch.table in CANONICAL:
            gathered.tables[batch.table] = batch.frame
        gathered.rejected += batch.rejected
        gathered.notes[batch.table] = batch.notes
    return gathered


def _exists(url: str) -> bool:
    parsed = make_url(url)
    embedded = parsed.get_backend_name() in ("duckdb", "sqlite")
    return not embedded or Path(parsed.database or "").exists()


def _bring_in(engine: Engine, gathered: Gathered, folder: Path, *, write: bool) -> ImportReport:
    if not write:
        return rehearse(engine, gathered.tables, rejected=gathered.rejected)
    return import_tables(
        engine,
        gathered.tables,
        source=folder.resolve().name,
        rejected=gathered.rejected,
        after_import=stamp,
        on_progress=lambda table, n, of: _progress(f"importing {table} ({n} of {of})"),
    )


def _progress(words: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[K{words}", end="", file=sys.stderr, flush=True)


def _print(report: ImportReport, notes: dict[str, tuple[str, ...]], *, write: bool) -> None:
    for line in (
        *count_lines(report.tables),
        *note_lines(notes),
        *reject_lines(report.rejected),
        _outcome(report, write=write),
    ):
        print(line)


def _outcome(report: ImportReport, *, write: bool) -> str:
    if report.status == "refused":
        number = len(report.rejected)
        return f"Refused, {number:,} reason{'s' if number > 1 else ''}. Nothing was imported."
    if not write:
        return "Everything fits. This was a check: nothing was imported."
    if not any(count.new or count.changed for count in report.tables):
        return "Every row was known already: nothing changed."
    return f"Imported, run {report.run_id}."


if __name__ == "__main__":
    sys.exit(main())
