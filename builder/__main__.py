"""Build a release, or check the one that is served."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from builder.build import EmptyStore, Summary, build
from settings import SettingsError, load
from store.database import StoreError, open_store, prepare

BAR = 24
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
    commands.add_parser("build", help="compute and freeze a release")
    commands.add_parser("audit", help="check the current release against its promises")
    chosen = parser.parse_args(arguments)
    try:
        return {"build": _build, "audit": _audit}[chosen.command]()
    except (EmptyStore, SettingsError, StoreError, LookupError) as error:
        print(error.args[0], file=sys.stderr)
        return 1


def _build() -> int:
    settings = load()
    engine = open_store(settings.database_url)
    prepare(engine)
    summary = build(engine, settings, _progress if sys.stdout.isatty() else None)
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


def _report(summary: Summary) -> None:
    total = sum(summary.statuses.values())
    print(f"release {summary.entry.release_id}: {total} cells in {summary.seconds:.1f} s")
    for status, words in STATUSES.items():
        if summary.statuses[status]:
            print(f"  {summary.statuses[status]:>6}  {words}")


if __name__ == "__main__":
    sys.exit(main())
