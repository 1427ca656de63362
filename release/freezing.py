"""Write a release so that a crash at any moment leaves either the old one or the new one whole."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import duckdb

from release.contents import Contents, columns, rows

BUILDING = ".building"
RELEASE = "release"


def write_file(contents: Contents, folder: Path) -> tuple[Path, str]:
    """Write the contents aside, flush and name the file, and return it with its SHA-256."""
    folder.mkdir(parents=True, exist_ok=True)
    sweep(folder)
    aside = folder / f"{BUILDING}-{os.getpid()}.duckdb"
    _fill(aside, contents)
    _make_durable(aside)
    digest = file_digest(aside)
    final = folder / f"{RELEASE}-{contents.identity()}-{digest[:8]}.duckdb"
    os.replace(aside, final)
    _make_durable(folder)
    return final, digest


def sweep(folder: Path) -> None:
    """Remove what a build that was killed left behind."""
    for pattern in (f"{BUILDING}-*", "*.tmp"):
        for leftover in folder.glob(pattern):
            leftover.unlink(missing_ok=True)


def file_digest(file: Path) -> str:
    """Return the SHA-256 of a file."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_durably(file: Path, text: str) -> None:
    """Replace a small text file in one step."""
    aside = file.with_suffix(f".{os.getpid()}.tmp")
    with aside.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(aside, file)
    _make_durable(file.parent)


def _fill(file: Path, contents: Contents) -> None:
    with duckdb.connect(str(file)) as database:
        for name, (kind, records) in contents.tables().items():
            declared = ", ".join(f'"{column}" {type_}' for column, type_ in columns(kind))
            database.execute(f'CREATE TABLE "{name}" ({declared})')
            _insert(database, name, len(columns(kind)), rows(records))
        database.execute("CREATE TABLE about (key VARCHAR, value VARCHAR)")
        _insert(database, "about", 2, sorted(contents.about.items()))
        database.execute("CHECKPOINT")


def _insert(
    database: duckdb.DuckDBPyConnection, table: str, width: int, records: list[tuple]
) -> None:
    """Insert in blocks of one statement each: row by row took 15 s for 20,000 cells."""
    block = 500
    places = "(" + ", ".join("?" * width) + ")"
    for start in range(0, len(records), block):
        part = records[start : start + block]
        values = [value for record in part for value in record]
        database.execute(f'INSERT INTO "{table}" VALUES {", ".join([places] * len(part))}', values)


def _make_durable(path: Path) -> None:
    """Flush a file or folder to disk; Windows cannot open folders and needs no flush of them."""
    if os.name == "nt":
        if path.is_dir():
            return
        flags = os.O_RDWR
    else:
        flags = os.O_RDONLY
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
