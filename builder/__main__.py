"""Build a release, or check the one that is served."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from builder.build import Summary, build
from builder.preparing import EmptyStore
from builder.sharing import rarely_collect
from settings import SettingsError, load
from store.database import StoreError, open_store, prepare

BAR = 24
MOST_PROCESSES = 4
STATUSES = {
    "shown": "shown",
    "too_few": "shown, too few to say",
    "undefined": "not defined",
    "small": "hidden, too few people",
    "protects": "hidden, would reveal a smaller group",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m builder", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    building = commands.add_parser("build", help="compute and freeze a release")
    building.add_argument("--parts", action="store_true", help="say how long each part took")
    building.add_argument(
        "--processes",
        type=int,
        default=min(MOST_PROCESSES, os.cpu_count() or 1),
        help="how many work side by side (each needs memory of its own)",
    )
    building.add_argument(
        "--progress",
        choices=("auto", "lines"),
        default="auto",
        help="a bar on a terminal (auto), or lines on the error output for a program",
    )
    commands.add_parser("audit", help="check the current release against its promises")
    chosen = parser.parse_args(arguments)
    try:
        return _build(chosen) if chosen.command == "build" else _audit()
    except (EmptyStore, SettingsError, StoreError, LookupError) as error:
        print(error.args[0], file=sys.stderr)
        return 1


def _build(chosen: argparse.Namespace) -> int:
    rarely_collect()
    settings = load()
    engine = open_store(settings.database_url)
    prepare(engine)
    bar = _progress if sys.stdout.isatty() else None
    progress = _progress_line if chosen.progress == "lines" else bar
    summary = build(engine, settings, progress, processes=chosen.processes)
    if chosen.parts:
        _report_parts(summary)
    _report(summary)
    return 0


def _audit() -> int:
    from builder.auditing import audit

    settings = load()
    findings = audit(open_store(settings.database_url), settings)
    for finding in findings:
        print(f"{finding.rule}: {finding.key}: {finding.words}")
    print(f"audit: {len(findings)} findings" if findings else "audit: every promise is kept")
    return 1 if findings else 0


def _progress(done: int, total: int, words: str) -> None:
    filled = BAR * done // total
    line = f"\r[{'#' * filled}{'.' * (BAR - filled)}] {words}"
    print(line.ljust(78), end="\n" if done == total else "", flush=True)


def _progress_line(done: int, total: int, words: str) -> None:
    print("progress", 100 * done // total, words, file=sys.stderr, flush=True)


def _report(summary: Summary) -> None:
    total = sum(summary.statuses.values())
    print(f"release {summary.entry.release_id}: {total} cells in {summary.seconds:.1f} s")
    for status, words in STATUSES.items():
        if summary.statuses[status]:
            print(f"  {summary.statuses[status]:>6}  {words}")


def _report_parts(summary: Summary) -> None:
    print("seconds of one processor:")
    for words, seconds in sorted(summary.parts.items(), key=lambda part: -part[1]):
        print(f"  {seconds:>6.1f}  {words}")


if __name__ == "__main__":
    sys.exit(main())
