"""A folder into which another system puts files: waits until they are whole, then takes them in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path

from connectors.canonical_folder import CanonicalFolder
from connectors.contract import Connector, SourceError
from connectors.sources.configuration import DropFolderSettings
from connectors.sources.delivery import Delivery, Door, Memory, State

UNFINISHED = (".part", ".partial", ".tmp", ".filepart", ".crdownload", ".swp")
DONE, FAILED = "done", "failed"
REMEMBERED = 1_000

Finish = Callable[[bool, list[str]], None]
ReadMapped = Callable[[Path], Connector]
"""Makes a connector for one file out of the mapping that the settings name."""


@dataclass(frozen=True)
class Look:
    """A file as it was seen: a file whose look changes is still being written."""

    file: Path
    size: int
    changed_ns: int


@dataclass(frozen=True)
class Parcel:
    """Files that are imported together."""

    name: str
    files: tuple[Path, ...]
    connector: Connector


def deliveries(
    name: str, settings: DropFolderSettings, state: State, door: Door, mapped: ReadMapped
) -> Iterator[Delivery]:
    """Yield one delivery a file, oldest first; canonical files without a mapping are one."""
    known = [str(entry) for entry in state.get("taken", ())]  # type: ignore[attr-defined]
    for parcel in _parcels(settings, whole_files(settings, door), mapped):
        digest = _digest(parcel.files)
        taken = [*(entry for entry in known if entry != digest), digest][-REMEMBERED:]
        memory = Memory({"taken": taken}, unchanged=digest in known)
        put_away = _put_away(settings, parcel, door)

        def finish(
            stored: bool,
            lines: list[str],
            put_away: Finish = put_away,
            taken: list[str] = taken,
        ) -> None:
            # what was refused is read again when it is sent again
            known[:] = taken if stored else known
            put_away(stored, lines)

        yield Delivery(f"{name}, {parcel.name}", parcel.connector, memory, finish)


def whole_files(settings: DropFolderSettings, door: Door) -> list[Path]:
    """Return the files that did not change between two looks, oldest first."""
    if not settings.folder.is_dir():
        raise SourceError(
            f"{settings.folder}: there is no such folder. Correct folder in the settings."
        )
    first = _look(settings.folder)
    if not first:
        return []
    door.pause(settings.quiet_seconds)
    same = set(first) & set(_look(settings.folder))
    # canonical files belong together: while one is being written, all wait
    if settings.mapping is None and len(same) < len(first):
        return []
    return [look.file for look in sorted(same, key=lambda look: (look.changed_ns, look.file))]


def _look(folder: Path) -> list[Look]:
    found = []
    for file in folder.iterdir():
        if file.name.startswith(".") or file.suffix.lower() in UNFINISHED or file.is_symlink():
            continue
        if file.is_file():
            status = file.stat()
            found.append(Look(file, status.st_size, status.st_mtime_ns))
    return found


def _parcels(
    settings: DropFolderSettings, whole: list[Path], mapped: ReadMapped
) -> Iterator[Parcel]:
    if settings.mapping is not None:
        yield from (Parcel(f"file {n}", (file,), mapped(file)) for n, file in enumerate(whole, 1))
    elif whole:
        yield Parcel("canonical files", tuple(whole), CanonicalFolder(settings.folder))


def _digest(files: tuple[Path, ...]) -> str:
    digest = sha256()
    for file in sorted(files):
        try:
            with file.open("rb") as content:
                digest.update(file_digest(content, "sha256").digest())
        except OSError as error:
            raise SourceError(
                f"{file.parent}: a file cannot be opened: {error.strerror}. Check its "
                "permissions. It was left where it is."
            ) from None
        digest.update(file.suffix.encode())
    return digest.hexdigest()


def _put_away(settings: DropFolderSettings, parcel: Parcel, door: Door) -> Finish:
    def finish(stored: bool, lines: list[str]) -> None:
        shelf = settings.folder / (DONE if stored else FAILED)
        try:
            place = _new_place(shelf, f"{door.now:%Y%m%dT%H%M%SZ}")
            for file in parcel.files:
                file.rename(place / file.name)
            (place / "report.txt").write_text("\n".join([*lines, ""]), encoding="utf-8")
        except OSError as error:
            raise SourceError(
                f"{shelf}: the files were read and cannot be put there: {error.strerror}. Check "
                "the permissions of the folder. What was imported is not imported twice."
            ) from None

    return finish


def _new_place(shelf: Path, name: str) -> Path:
    number = 1
    while (place := shelf / f"{name}-{number}").exists():
        number += 1
    place.mkdir(parents=True)
    return place
