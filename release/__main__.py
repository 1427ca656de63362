"""Look at releases from the command line: list, show, go back."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Sequence

from release.contents import Cell
from release.shelf import Damaged, NoRelease, go_back, open_current, read_pointer
from settings import SettingsError, load

SHOWN = (
    "measure", "slice", "breakdown", "group", "period", "estimate", "low", "high", "expected",
    "people", "pairs", "status", "printed",
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    chosen = _parser().parse_args(arguments)
    try:
        folder = load().releases
        return {"list": _list, "show": _show, "rollback": _rollback}[chosen.command](chosen, folder)
    except (SettingsError, NoRelease, Damaged, LookupError) as error:
        print(error.args[0], file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m release", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="the releases on the shelf, newest last")
    show = commands.add_parser("show", help="published values, exactly as pages show them")
    show.add_argument("--measure")
    show.add_argument("--slice", help="organisation, programme=<id> or cohort=<id>")
    show.add_argument("--breakdown", help="none, or an attribute code")
    show.add_argument("--period", help="all, or a quarter such as 2026-Q1")
    show.add_argument("--group")
    show.add_argument("--format", choices=("table", "csv", "json"), default="table")
    back = commands.add_parser("rollback", help="serve an earlier release again")
    back.add_argument("release_id", nargs="?", help="default: the one before the current")
    return parser


def _list(_: argparse.Namespace, folder) -> int:
    pointer = read_pointer(folder)
    for entry in pointer.entries:
        mark = "current" if entry.file == pointer.current else ""
        print(f"{entry.release_id}  {entry.built_at}  {mark}".rstrip())
    return 0


def _rollback(chosen: argparse.Namespace, folder) -> int:
    entry = go_back(folder, chosen.release_id)
    print(f"now serving release {entry.release_id} of {entry.built_at}")
    return 0


def _show(chosen: argparse.Namespace, folder) -> int:
    release = open_current(folder)
    wanted = {
        name: getattr(chosen, name)
        for name in ("measure", "slice", "breakdown", "period", "group")
        if getattr(chosen, name) is not None
    }
    cells = [
        cell
        for cell in release.contents.cells
        if all(getattr(cell, name) == value for name, value in wanted.items())
    ]
    if not cells:
        raise LookupError(_not_in_catalogue(release, wanted))
    {"table": _as_table, "csv": _as_csv, "json": _as_json}[chosen.format](cells)
    return 0


def _not_in_catalogue(release, wanted: dict[str, str]) -> str:
    asked = ", ".join(f"{name} {value}" for name, value in wanted.items()) or "anything"
    known = {
        "measure": release.measures,
        "slice": release.slices,
        "breakdown": {"none": None, **release.breakdowns},
        "period": release.periods,
    }
    lines = [f"{name}s: {', '.join(values)}" for name, values in known.items()]
    return "\n".join([f"not in the catalogue of this release: {asked}", *lines])


def _plain(cell: Cell) -> list[object]:
    return ["" if getattr(cell, name) is None else getattr(cell, name) for name in SHOWN]


def _as_csv(cells: Sequence[Cell]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(SHOWN)
    writer.writerows(_plain(cell) for cell in cells)


def _as_json(cells: Sequence[Cell]) -> None:
    records = [{name: getattr(cell, name) for name in SHOWN} for cell in cells]
    print(json.dumps(records, ensure_ascii=False, indent=1))


def _as_table(cells: Sequence[Cell]) -> None:
    lines = [SHOWN, *([str(value) for value in _plain(cell)] for cell in cells)]
    widths = [max(len(line[number]) for line in lines) for number in range(len(SHOWN))]
    for line in lines:
        pairs = zip(line, widths, strict=True)
        print("  ".join(text.ljust(width) for text, width in pairs).rstrip())


if __name__ == "__main__":
    sys.exit(main())
