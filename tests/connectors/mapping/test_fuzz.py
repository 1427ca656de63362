"""Thousands of damaged files: each is read or refused in words, and none of them names anybody."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.contract import SourceError
from connectors.files.table import Reading, read_file
from connectors.mapping.recognition import recognise
from connectors.reading import UnreadableFileError
from schema import CANONICAL, reference
from tests.connectors.mapping.small_mapped import PEOPLE, TALKS, Result

SECRET = "qzxsecret"
DAMAGED = 10_000
THROUGH = 200
SEED = 20260313
PIECES = (
    b",", b";", b"\t", b"\n", b"\r", b'"', b'""', b"\x00", b"\xff", b"\xef\xbb\xbf", b" ", b"|",
    b"sep=;\n", b"9999-12-31", b"31/31/2026", b"2026-03-29 02:30", b"1e400", b"=1+1", b"\x1a",
    "Ã¤".encode(), "\u200b".encode(), b"(", b"anonymous", b"Total", b"-1", b"99999.9", b"GMT+99",
)  # fmt: skip
BASES: dict[str, tuple[dict[str, Any], bytes]] = {
    "talks": (
        TALKS,
        f"A,B,When\n{SECRET}a,{SECRET}b,2026-03-03 10:00\n".encode()
        + f"{SECRET}b,{SECRET}a,03.03.2026\n".encode(),
    ),
    "people": (
        PEOPLE,
        f"Mail,Dept\n{SECRET}@x.org,Sales\n00123{SECRET},\n".encode(),
    ),
}  # fmt: skip


def damaged(chance: random.Random, content: bytes) -> bytes:
    """Return the content with one to six of its places changed."""
    found = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(found) + 1)
        way = chance.randrange(4)
        if way == 0:
            found[at:at] = chance.choice(PIECES)
        elif way == 1:
            del found[at : at + chance.randint(1, 12)]
        elif way == 2 and at < len(found):
            found[at] = chance.randrange(256)
        else:
            del found[at:]
            found += chance.choice(PIECES)
    return bytes(found)


def files(count: int) -> Iterator[tuple[dict[str, Any], bytes]]:
    chance = random.Random(SEED)
    for _ in range(count):
        mapping, content = chance.choice(list(BASES.values()))
        yield mapping, damaged(chance, content)


@pytest.mark.simulation
def test_ten_thousand_damaged_files_are_read_or_refused(tmp_path: Path) -> None:
    file = tmp_path / "f.csv"
    refused = 0
    for _, content in files(DAMAGED):
        file.write_bytes(content)
        try:
            table = read_file(file, Reading())
        except UnreadableFileError as error:
            refused += 1
            assert str(error).endswith("File refused.")
            assert SECRET not in str(error)
        else:
            assert SECRET not in repr(table.cells.rejected) + repr(table.cells.notes)
            lengths = {len(column) for column in table.cells.columns}
            assert lengths <= {len(table.cells.row_numbers)}
    assert 0 < refused < DAMAGED


def test_damaged_files_leave_no_row_without_what_it_points_to(tmp_path: Path) -> None:
    file = tmp_path / "f.csv"
    for mapping, content in files(THROUGH):
        file.write_bytes(content)
        found = Result(file, mapping)
        assert SECRET not in repr(found.rejected) + repr(found.notes)
        if any(row.row_number is None for row in found.rejected):
            assert all(frame.empty for frame in found.tables.values())
        for name, frame in found.tables.items():
            people = [column for column in frame if column.endswith("person_id")]
            assert SECRET not in frame[people].to_csv()
            for column in CANONICAL[name].columns:
                target = reference(column)
                if target is not None and target[0] in found.tables and target[0] != "person":
                    known = set(found.tables[target[0]][target[1]])
                    assert set(frame[column.name].dropna()) - {""} <= known


def test_damaged_files_are_recognised_or_refused(tmp_path: Path) -> None:
    file = tmp_path / "f.csv"
    for _, content in files(THROUGH // 4):
        file.write_bytes(content)
        try:
            found = recognise(file)
        except SourceError as error:
            assert SECRET not in str(error)
        else:
            assert SECRET not in found.words + repr(found.notes)
