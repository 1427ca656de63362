"""A small file that unpacks to a large one is refused before it costs memory."""

from __future__ import annotations

import io
import struct
import time
import tracemalloc
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors.files.table import Reading, read_file
from connectors.reading import UnreadableFileError

MEGABYTE = 1 << 20
BOOK = b"<workbook/>"


def packed(file: Path, part: str, block: bytes, times: int) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("xl/workbook.xml", BOOK)
        with archive.open(part, "w") as opened:
            for _ in range(times):
                opened.write(block)
    return file


def refused(file: Path) -> tuple[str, int, float]:
    started, spent = tracemalloc.start(), time.process_time()
    with pytest.raises(UnreadableFileError) as error:
        read_file(file, Reading())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert started is None
    return f"{error.value.code}: {error.value}", peak, time.process_time() - spent


def test_31_a_workbook_that_unpacks_to_gigabytes_is_refused_at_once(tmp_path: Path) -> None:
    file = packed(tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", b"<c/>" * (MEGABYTE // 4), 600)
    assert file.stat().st_size < 2 * MEGABYTE
    words, peak, _ = refused(file)
    assert words.startswith("bomb:")
    assert "300 MB and 150 times at most" in words
    assert peak < 5 * MEGABYTE


def test_31_a_workbook_that_lies_about_its_size_is_refused_too(tmp_path: Path) -> None:
    file = packed(tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", b"<c/>" * (MEGABYTE // 4), 400)
    content = bytearray(file.read_bytes())
    real = struct.pack("<L", 400 * MEGABYTE)
    at = content.find(real)
    while at >= 0:
        # the directory announces ten kilobytes
        content[at : at + 4] = struct.pack("<L", 10_000)
        at = content.find(real)
    file.write_bytes(content)
    words, peak, _ = refused(file)
    assert words.startswith("damaged:")
    assert peak < 10 * MEGABYTE


def test_32_a_workbook_with_entities_is_refused(tmp_path: Path) -> None:
    part = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
    words, _, _ = refused(packed(tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", part, 1))
    assert words.startswith("document_type:")


def test_a_sheet_with_one_cell_in_its_last_corner_is_refused(tmp_path: Path) -> None:
    part = b'<worksheet><c r="A1"/><c r="XFD1048576"/></worksheet>'
    words, _, _ = refused(packed(tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", part, 1))
    # 16,384 columns and 1,048,576 rows: Excel's own limits
    assert "1,048,576 rows and 16,384 columns" in words


def test_33_a_parquet_file_of_a_hundred_million_rows_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "b.parquet"
    same = pa.DictionaryArray.from_arrays(pa.nulls(1_000_000, pa.int8()).fill_null(0), ["x"])
    with pq.ParquetWriter(file, pa.schema({"Mail": same.type})) as writer:
        for _ in range(20):
            writer.write_table(pa.table({"Mail": same}))
    assert file.stat().st_size < 2 * MEGABYTE
    words, peak, _ = refused(file)
    assert words.startswith("too_many_rows:")
    assert "20,000,000 rows" in words
    assert peak < MEGABYTE


def test_a_text_file_beyond_the_limit_is_refused_by_its_size(tmp_path: Path) -> None:
    file = tmp_path / "b.csv"
    with file.open("wb") as opened:
        opened.truncate(200_000_001)
    words, _, _ = refused(file)
    assert "200 MB at most" in words


def test_a_text_file_with_too_many_rows_is_refused(tmp_path: Path) -> None:
    text = io.BytesIO(b"a,b\n" + b"1,2\n" * 1_000_001)
    (tmp_path / "b.csv").write_bytes(text.getvalue())
    with pytest.raises(UnreadableFileError, match="1,000,000 rows"):
        read_file(tmp_path / "b.csv", Reading())
