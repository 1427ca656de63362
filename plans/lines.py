"""A file that is written line by line, never overwritten, and outlives a crash of the machine."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Lock
from typing import BinaryIO

WRITING = Lock()
"""Two tabs are two threads of one server."""


class BookDamaged(RuntimeError):
    """The file holds a line that nothing can be made of."""


def append(file: Path, written: Mapping[str, str]) -> None:
    """Write one line down for good."""
    line = (json.dumps(written, ensure_ascii=False) + "\n").encode()
    with WRITING:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("ab+") as book:
            _forget_torn_end(book)
            book.write(line)
            book.flush()
            os.fsync(book.fileno())


def numbered(file: Path) -> Iterator[tuple[int, str]]:
    """Yield the whole lines; what a crash left of the last one was never confirmed."""
    if file.exists():
        # only a line feed ends a line: other breaks may stand inside a text
        lines = file.read_bytes().decode("utf-8", "replace").split("\n")[:-1]
        yield from enumerate(lines, 1)


def _forget_torn_end(book: BinaryIO) -> None:
    """Cut off a last line that has no end, so that the next one begins a line of its own."""
    book.seek(0)
    book.truncate(book.read().rfind(b"\n") + 1)
