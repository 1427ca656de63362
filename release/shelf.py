"""The shelf of releases: which one is current, opening it, and going back to an earlier one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import duckdb

from release.contents import WHOLE, Cell, Contents, Group, MeasureText, Period, Scope
from release.freezing import RELEASE, file_digest, write_durably, write_file

POINTER = "current.json"
POINTER_DAMAGED = f"the list of releases, {POINTER}, is damaged; build a new one"
KEPT = 8


class NoRelease(LookupError):
    """There is no release yet."""


class Damaged(RuntimeError):
    """A release file does not have the content that was frozen."""


@dataclass(frozen=True)
class Entry:
    """A release on the shelf."""

    file: str
    sha256: str
    release_id: str
    built_at: str


@dataclass(frozen=True)
class Pointer:
    """Which releases exist, newest last, and which is served."""

    current: str
    entries: tuple[Entry, ...]


class Release:
    """One opened release: cells by key, and the words to read them. Nothing here can change."""

    def __init__(self, contents: Contents, *, instead_of: tuple[str, ...] = ()) -> None:
        self.contents = contents
        self.about = contents.about
        self.instead_of = instead_of
        """Damaged releases that this older one replaces."""

    @cached_property
    def _cells(self) -> dict[tuple[str, str, str], dict[tuple[str, str], Cell]]:
        found: dict[tuple[str, str, str], dict[tuple[str, str], Cell]] = {}
        for cell in self.contents.cells:
            view = found.setdefault((cell.measure, cell.slice, cell.breakdown), {})
            view[cell.group, cell.period] = cell
        return found

    @cached_property
    def measures(self) -> dict[str, MeasureText]:
        """Return the measures by key, in the order on screen."""
        return {measure.key: measure for measure in self.contents.measures}

    @cached_property
    def slices(self) -> dict[str, Scope]:
        """Return the slices by key: the organisation first, then programmes with their cohorts."""
        return {scope.key: scope for scope in self.contents.scopes if scope.kind == "slice"}

    @cached_property
    def breakdowns(self) -> dict[str, Scope]:
        """Return the attributes that values are broken down by."""
        return {scope.key: scope for scope in self.contents.scopes if scope.kind == "breakdown"}

    @cached_property
    def periods(self) -> dict[str, Period]:
        """Return the periods by key, in order of time."""
        return {period.key: period for period in self.contents.periods}

    def groups(self, breakdown: str) -> dict[str, Group]:
        """Return the groups of a breakdown by key, in the order on screen."""
        return {group.key: group for group in self.contents.groups if group.breakdown == breakdown}

    def cell(
        self, measure: str, slice_: str, breakdown: str, group: str = WHOLE, period: str = WHOLE
    ) -> Cell | None:
        """Return one cell, or None where the catalogue does not have it."""
        return self._cells.get((measure, slice_, breakdown), {}).get((group, period))

    def series(
        self, measure: str, slice_: str, breakdown: str, group: str = WHOLE
    ) -> tuple[Cell, ...]:
        """Return the cells of all single periods, in order of time."""
        view = self._cells.get((measure, slice_, breakdown), {})
        single = (period for period in self.periods if period != WHOLE)
        found = (view.get((group, period)) for period in single)
        return tuple(cell for cell in found if cell is not None)

    def by_group(
        self, measure: str, slice_: str, breakdown: str, period: str = WHOLE
    ) -> tuple[Cell, ...]:
        """Return the cells of all groups (or pairs of groups), in the order on screen."""
        view = self._cells.get((measure, slice_, breakdown), {})
        return tuple(
            cell for (group, when), cell in view.items() if when == period and group != WHOLE
        )


def publish(contents: Contents, folder: Path) -> Entry:
    """Freeze the contents as the new current release and forget those beyond the last eight."""
    file, digest = write_file(contents, folder)
    entry = Entry(file.name, digest, contents.identity(), contents.about.get("built_at", ""))
    before = tuple(old for old in _entries(folder) if old.file != entry.file)
    kept = (*before, entry)[-KEPT:]
    _point(folder, Pointer(entry.file, kept))
    # by name on disk, so that what a killed build left unlisted goes too
    for file in folder.glob(f"{RELEASE}-*"):
        if file.name not in {known.file for known in kept}:
            file.unlink(missing_ok=True)
    return entry


def read_pointer(folder: Path) -> Pointer:
    """Return what the shelf holds; raise NoRelease where it is empty, Damaged where unreadable."""
    file = folder / POINTER
    if not file.exists():
        raise NoRelease(f"there is no release in {folder}; build one with `python3 weft.py build`")
    try:
        written = json.loads(file.read_text(encoding="utf-8"))
        entries = tuple(Entry(**entry) for entry in written["entries"])
        pointer = Pointer(written["current"], entries)
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged(POINTER_DAMAGED) from error
    if pointer.current not in [entry.file for entry in entries]:
        raise Damaged(POINTER_DAMAGED)
    return pointer


def go_back(folder: Path, release_id: str | None = None) -> Entry:
    """Serve an earlier release again: the one named, or the one before the current."""
    pointer = read_pointer(folder)
    names = [entry.file for entry in pointer.entries]
    if release_id is None:
        position = names.index(pointer.current) - 1
        if position < 0:
            raise LookupError("the current release is the oldest on the shelf")
        chosen = pointer.entries[position]
    else:
        found = [entry for entry in pointer.entries if entry.release_id == release_id]
        if not found:
            known = ", ".join(entry.release_id for entry in pointer.entries)
            raise LookupError(f"no release {release_id} on the shelf; there are {known}")
        chosen = found[-1]
    _load_checked(folder, chosen)
    _point(folder, Pointer(chosen.file, pointer.entries))
    return chosen


def open_current(folder: Path) -> Release:
    """Open the current release; where its file is damaged, the newest whole one before it."""
    pointer = read_pointer(folder)
    names = [entry.file for entry in pointer.entries]
    damaged = []
    for entry in reversed(pointer.entries[: names.index(pointer.current) + 1]):
        try:
            return Release(_load_checked(folder, entry), instead_of=tuple(damaged))
        except Damaged:
            damaged.append(entry.release_id)
    raise Damaged(f"all releases up to {pointer.current} are damaged; build a new one")


def _entries(folder: Path) -> tuple[Entry, ...]:
    """Return the releases listed so far; a list that cannot be read is begun anew."""
    try:
        return read_pointer(folder).entries
    except (NoRelease, Damaged):
        return ()


def _point(folder: Path, pointer: Pointer) -> None:
    entries = [vars(entry) for entry in pointer.entries]
    text = json.dumps({"current": pointer.current, "entries": entries}, indent=1)
    write_durably(folder / POINTER, text)


def _load_checked(folder: Path, entry: Entry) -> Contents:
    file = folder / entry.file
    if not file.exists() or file_digest(file) != entry.sha256:
        raise Damaged(f"release {entry.release_id} is missing or not what was frozen")
    return _load(file)


def _load(file: Path) -> Contents:
    with duckdb.connect(str(file), read_only=True) as database:
        parts = {
            name: tuple(
                kind(**dict(zip(names, row, strict=True)))
                for names, rows in [_table(database, name)]
                for row in rows
            )
            for name, (kind, _) in Contents().tables().items()
        }
        about = dict(database.execute("SELECT key, value FROM about").fetchall())
    return Contents(
        cells=parts["cell"],
        measures=parts["measure"],
        scopes=parts["scope"],
        groups=parts["group_label"],
        periods=parts["period"],
        about=about,
    )


def _table(
    database: duckdb.DuckDBPyConnection, name: str
) -> tuple[list[str], list[tuple[object, ...]]]:
    result = database.execute(f'SELECT * FROM "{name}"')
    return [column[0] for column in result.description], result.fetchall()
