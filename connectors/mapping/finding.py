"""The mapping of a file: beside it, among the saved ones, or a preset that needs nothing more."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path

from connectors.contract import SourceError
from connectors.files.layout import place_by_names
from connectors.files.table import first_rows
from connectors.mapping.fields import KINDS
from connectors.mapping.model import Mapping, load_mapping
from connectors.mapping.recognition import UNKNOWN, recognise
from connectors.reading import UnreadableFileError

ENDING = ".mapping.yaml"
SAVED = "mappings"


def mapping_for(file: Path, saved: Path) -> Mapping:
    """Return the mapping of a file; raise SourceError that says how to make one.

    Parameters
    ----------
    file : Path
        A data file; ``<name>.mapping.yaml`` beside it comes first.
    saved : Path
        Folder of saved mappings; the one whose columns all stand in the file is taken, if it is
        one only.
    """
    beside = file.with_name(file.stem + ENDING)
    if beside.exists():
        return load_mapping(beside)
    fitting = fitting_mappings(file, saved)
    if len(fitting) > 1:
        names = ", ".join(path.name for path, _ in fitting)
        raise SourceError(f"{file.name}: several saved mappings fit: {names}. Say --mapping FILE.")
    if fitting:
        return fitting[0][1]
    found = recognise(file)
    if found.layout != UNKNOWN and not found.lacking:
        return found.mapping
    needed = "".join(f"\n  still needed: {need}" for need in found.lacking)
    raise SourceError(
        f"{file.name}: {found.words} It has no mapping yet, so nothing was imported.{needed}\n"
        f"Make one, look it through and run this again:\n"
        f"  python -m connectors recognise {file} --write {beside}"
    )


def mapped_files(folder: Path) -> list[tuple[Path, Mapping]]:
    """Return the files of a folder with the mappings that lie beside them, people first."""
    found: list[tuple[Path, Mapping]] = []
    for path in sorted(folder.glob(f"*{ENDING}")):
        mapping = load_mapping(path)
        found += [(file, mapping) for file in _files_of(path, mapping)]
    order = list(KINDS)
    return sorted(found, key=lambda pair: (order.index(pair[1].holds), pair[0].name))


def _files_of(path: Path, mapping: Mapping) -> list[Path]:
    others = [
        f
        for f in sorted(path.parent.iterdir())
        if f.is_file() and f.suffix not in (".yaml", ".yml")
    ]
    pattern = mapping.file or path.name.removesuffix(ENDING) + ".*"
    found = [file for file in others if fnmatch(file.name, pattern)]
    if not found:
        raise SourceError(f"{path}: no file named {pattern} lies beside it. Correct file.")
    return found


def fitting_mappings(file: Path, saved: Path) -> list[tuple[Path, Mapping]]:
    """Return the saved mappings whose columns all stand in the file."""
    paths = sorted(saved.glob("*.yaml")) if saved.is_dir() else []
    if not paths:
        return []
    try:
        first = first_rows(file)
    except UnreadableFileError as error:
        raise SourceError(f"{file.name}: {error}") from None
    candidates = ((path, load_mapping(path)) for path in paths)
    return [
        (path, mapping)
        for path, mapping in candidates
        if (mapping.file is None or fnmatch(file.name, mapping.file))
        and place_by_names(first, _distinct(mapping.reading().wanted)) is not None
    ]


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
