"""A folder of canonical CSV or Parquet files: the file's name is the table, columns its columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import partial
from pathlib import Path

from pandas import DataFrame

from connectors.checks import empty_frame
from connectors.contract import FILE_REFUSED, Batch, Rejected, SourceError, message
from connectors.large_tables import batches_of
from connectors.parts import parts_of
from connectors.reading import UnreadableFileError
from schema import CANONICAL, IMPORT_ORDER

ENDINGS = (".csv", ".tsv", ".parquet")
SPREADSHEETS = (".xlsx", ".xls", ".ods", ".txt")


@dataclass(frozen=True)
class CanonicalFolder:
    """A connector for files that already have the canonical names and columns."""

    folder: Path
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    on_table: Callable[[str, float], object] = lambda table, share: None
    """Told which table is about to be read, and how far a large one has been looked through."""

    def batches(self) -> Iterator[Batch]:
        """Yield the batches of each file, referenced tables first, then what was no such file."""
        files = self._data_files()
        for table in IMPORT_ORDER:
            found = [file for file in files if file.stem.lower() == table]
            if len(found) == 1:
                self.on_table(table, 0.0)
                yield from self._read(table, found[0])
            elif found:
                yield _refused(table, "two_files", "several files for one table", "one of them")
        yield from (_unknown_file(file) for file in files if file.stem.lower() not in CANONICAL)

    def sizes(self) -> dict[str, int]:
        """Return the bytes of each canonical file, by table."""
        found = [file for file in self._data_files() if file.stem.lower() in CANONICAL]
        return {file.stem.lower(): file.stat().st_size for file in found}

    def _data_files(self) -> list[Path]:
        if not self.folder.is_dir():
            raise SourceError(f"{self.folder}: there is no such folder. Give the folder of files.")
        files = sorted(f for f in self.folder.iterdir() if f.is_file() and f.name[0] != ".")
        data = [file for file in files if _is_data(file)]
        if not any(file.stem.lower() in CANONICAL for file in data):
            raise SourceError(_no_canonical_file(self.folder, len(files)))
        return data

    def _read(self, table: str, file: Path) -> Iterator[Batch]:
        if file.suffix.lower() not in ENDINGS:
            yield _refused(
                table,
                "file_ending",
                f"a file ending in {file.suffix.lower()}",
                "a CSV or Parquet file",
                "Save it as CSV (UTF-8).",
            )
            return
        parts = partial(parts_of, file, table)
        try:
            yield from batches_of(CANONICAL[table], parts, self.now, partial(self.on_table, table))
        except UnreadableFileError as error:
            reason = Rejected(table, None, "", error.code, str(error))
            yield Batch(table, empty_frame(CANONICAL[table]), (reason,))
        except OSError:
            yield _refused(
                table,
                "not_opened",
                "a file that cannot be opened",
                "a readable file",
                "Check its permissions.",
            )


def _is_data(file: Path) -> bool:
    return file.suffix.lower() in (*ENDINGS, *SPREADSHEETS[:-1]) or (
        file.suffix.lower() in SPREADSHEETS and file.stem.lower() in CANONICAL
    )


def _no_canonical_file(folder: Path, count: int) -> str:
    return (
        f"{folder}: none of its {count} files is a canonical one. "
        f"Expected CSV or Parquet files named {', '.join(CANONICAL)}, such as person.csv. "
        "Check the folder. Nothing was imported."
    )


def _refused(table: str, code: str, found: str, expected: str, remedy: str = "") -> Batch:
    words = message(found, expected, remedy or "Remove the others.", FILE_REFUSED)
    return Batch(table, empty_frame(CANONICAL[table]), (Rejected(table, None, "", code, words),))


def _unknown_file(file: Path) -> Batch:
    near = get_close_matches(file.stem.lower(), CANONICAL, n=1)
    expected = f"{near[0]} (did you mean this?)" if near else f"one of {', '.join(CANONICAL)}"
    words = message("the file's name is no table", expected, "Rename or remove it.", FILE_REFUSED)
    reason = Rejected(file.name, None, "", "unknown_file", words)
    return Batch(file.name, DataFrame(), (reason,))
