"""A workbook's archive looked through before anything is parsed: its size, and what it may hold."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from connectors.files.limits import (
    FEWEST_BYTES_FOR_RATIO,
    HIGHEST_RATIO,
    LARGEST_UNPACKED,
    MOST_CELLS,
    refuse,
)

BLOCK = 1 << 20
OVERLAP = 64
MOST_PARTS = 2_000
WORKBOOK_PART = "xl/workbook.xml"
UNCALCULATED = re.compile(rb"</f>\s*(<v\s*/>|<v></v>)?\s*</c>")
CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"')
HIDDEN_COLUMN = re.compile(rb"<col [^>]{0,200}hidden=\"(1|true)\"")


def is_workbook(file: Path) -> bool:
    """Tell whether the archive holds an Excel workbook; raise where it is damaged."""
    with _opened(file) as archive:
        return WORKBOOK_PART in archive.namelist()


def check_archive(file: Path) -> tuple[str, ...]:
    """Read every part without parsing it; return what the reader should know.

    The sizes that the directory announces are compared with what really comes out, block by block,
    so that a small file that unpacks to gigabytes is refused before it costs memory.
    """
    with _opened(file) as archive:
        _check_announced(archive)
        uncalculated = hidden = False
        area = _Area()
        for name in archive.namelist():
            for block in _blocks(archive, name):
                if b"<!DOCTYPE" in block.upper():
                    raise refuse(
                        "document_type",
                        "the workbook defines entities, which no spreadsheet program writes",
                        "a workbook saved by a spreadsheet program",
                        "Open it in one, and save it again.",
                    )
                if name.startswith("xl/worksheets/"):
                    area.include(block)
                    uncalculated = uncalculated or bool(UNCALCULATED.search(block))
                    hidden = hidden or bool(HIDDEN_COLUMN.search(block))
            area.check_and_forget()
    return tuple(_notes(uncalculated, hidden))


class _Area:
    """The rectangle that a parser would set aside for a sheet."""

    def __init__(self) -> None:
        self._row = self._column = 0

    def include(self, block: bytes) -> None:
        for letters, row in set(CELL.findall(block)):
            self._row = max(self._row, int(row))
            self._column = max(self._column, _column_number(letters))

    def check_and_forget(self) -> None:
        if self._row * self._column > MOST_CELLS:
            raise refuse(
                "too_many_rows",
                f"a sheet of {self._row:,} rows and {self._column:,} columns",
                f"{MOST_CELLS:,} cells at most",
                "Delete what stands far below and beside the table.",
            )
        self._row = self._column = 0


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _notes(uncalculated: bool, hidden: bool) -> Iterator[str]:
    if uncalculated:
        yield "some formulas were never calculated: open the file in Excel, and save it"
    if hidden:
        yield "the workbook has hidden columns; they are read like the others"


def _opened(file: Path) -> ZipFile:
    try:
        return ZipFile(file)
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        raise _damaged() from None


def _check_announced(archive: ZipFile) -> None:
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    bomb = unpacked > FEWEST_BYTES_FOR_RATIO and unpacked / packed > HIGHEST_RATIO
    if unpacked > LARGEST_UNPACKED or bomb or len(parts) > MOST_PARTS:
        raise refuse(
            "bomb",
            f"a workbook that unpacks to {unpacked / 1e6:,.0f} MB, {unpacked / packed:,.0f} times "
            "its size",
            f"{LARGEST_UNPACKED / 1e6:,.0f} MB and {HIGHEST_RATIO} times at most",
            "Delete empty rows and formats, or save the sheet as CSV.",
        )
    if any(part.flag_bits & 1 for part in parts):
        remedy = "Save it without one."
        raise refuse("password", "a workbook with a password", "one without", remedy)


def _blocks(archive: ZipFile, name: str) -> Iterator[bytes]:
    tail = b""
    try:
        with archive.open(name) as part:
            # the reader ends at the announced size and then compares the check sum
            while block := part.read(BLOCK):
                yield tail + block
                tail = block[-OVERLAP:]
    except (BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError):
        raise _damaged() from None


def _damaged() -> Exception:
    remedy = "Open it in a spreadsheet program, and save it again as XLSX."
    return refuse("damaged", "the workbook is damaged", "a whole XLSX file", remedy)
