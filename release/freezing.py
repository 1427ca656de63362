"""Write a release so that a crash at any moment leaves either the old one or the new one whole."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import duckdb
import pyarrow as pa

from release.contents import Contents, by_column, columns

BUILDING = ".building"
RELEASE = "release"
ARROW_TYPES = {"VARCHAR": pa.string(), "DOUBLE": pa.float64(), "INTEGER": pa.int32()}


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
            _create(database, name, columns(kind), by_column(kind, records))
        facts = sorted(contents.about.items())
        about = {"key": [key for key, _ in facts], "value": [value for _, value in facts]}
        _create(database, "about", [("key", "VARCHAR"), ("value", "VARCHAR")], about)
        database.execute("CHECKPOINT")


def _create(
    database: duckdb.DuckDBPyConnection,
    table: str,
    declared: list[tuple[str, str]],
    values: dict[str, list],
) -> None:
    """Create one table with its rows, handed over by column: row by row takes seconds."""
    layout = ", ".join(f'"{name}" {kind}' for name, kind in declared)
    database.execute(f'CREATE TABLE "{table}" ({layout})')
    schema = pa.schema([(name, ARROW_TYPES[kind]) for name, kind in declared])
    database.register("arriving", pa.table(values, schema=schema))
    database.execute(f'INSERT INTO "{table}" SELECT * FROM arriving')
    database.unregister("arriving")


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
