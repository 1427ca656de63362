"""Which characters the bytes of a text file stand for, told without holding the file in memory."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from connectors.files.limits import refuse
from connectors.reading import BYTE_ORDER_MARKS, ENCODED_TWICE

BLOCK = 1 << 20
WORDS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "cp1252": "Windows-1252",
}


@dataclass(frozen=True)
class Encoding:
    """The encoding's Python name, what was unusual, and whether the last line was ended."""

    name: str
    notes: tuple[str, ...] = ()
    ends_with_break: bool = True


def encoding_of(file: Path, wanted: str | None = None) -> Encoding:
    """Return how to decode the file: by its mark, as UTF-8, or else as Windows-1252."""
    with file.open("rb") as opened:
        start = opened.read(400)
    marked = next((e for mark, e in BYTE_ORDER_MARKS.items() if start.startswith(mark)), None)
    if marked is None and start[1::2].count(0) > len(start) // 4:
        marked = "utf-16-le"
    if wanted or marked:
        return _scanned(file, wanted or marked or "utf-8", ())
    try:
        return _scanned(file, "utf-8", ())
    except UnicodeDecodeError:
        line = _first_foreign_line(file)
        note = f"not UTF-8 (first on line {line}); read as Windows-1252, please check the accents"
        return _scanned(file, "cp1252", (note,))


def _scanned(file: Path, name: str, notes: tuple[str, ...]) -> Encoding:
    line, twice, text = 1, 0, ""
    for text in _decoded(file, name):
        nul = text.find("\x00")
        if nul >= 0:
            raise refuse(
                "nul_byte",
                f"line {line + _breaks(text[:nul])} holds a NUL byte, which no text has",
                "a text file, not a workbook or a program",
                "Export the file again.",
            )
        found = None if twice else ENCODED_TWICE.search(text)
        if found:
            twice = line + _breaks(text[: found.start()])
        line += _breaks(text)
    if twice:
        words = f"accents look encoded twice (first on line {twice}); save the file again as UTF-8"
        notes = (*notes, words)
    return Encoding(name, notes, text.endswith(("\n", "\r")))


def _decoded(file: Path, name: str) -> Iterator[str]:
    try:
        decoder = codecs.getincrementaldecoder(name)()
    except LookupError:
        remedy = "Correct encoding in the mapping."
        raise refuse("encoding", "an unknown encoding", "utf-8 or cp1252", remedy) from None
    try:
        with file.open("rb") as opened:
            while block := opened.read(BLOCK):
                yield decoder.decode(block)
            if rest := decoder.decode(b"", final=True):
                yield rest
    except UnicodeDecodeError:
        if name == "utf-8":
            raise
        remedy = "Save it as UTF-8."
        raise refuse("encoding", f"bytes that are not {name}", "UTF-8 text", remedy) from None


def _first_foreign_line(file: Path) -> int:
    with file.open("rb") as opened:
        for number, line in enumerate(opened, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return 1


def _breaks(text: str) -> int:
    return text.count("\n") or text.count("\r")
