"""What kind of file this is, told by its first bytes and never by its name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from connectors.files.archive import is_workbook
from connectors.files.limits import LARGEST_FILE, refuse

Format = Literal["text", "workbook", "parquet"]

WEB_PAGE = re.compile(rb"^(\xef\xbb\xbf)?\s*(<!--.*?-->\s*)*<(!doctype\s+html|html)\b", re.I | re.S)
NO_TABLES: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "a PDF document", "Export the table behind it as CSV or XLSX."),
    (b"\xd0\xcf\x11\xe0", "an old or protected Excel file", "Save it as an XLSX without password."),
    (b"\x1f\x8b", "a gzip archive", "Unpack it first."),
    (b"MZ", "a program", "Give the exported table."),
    (b"\x7fELF", "a program", "Give the exported table."),
    (b"{\\rtf", "a text document", "Save the table as CSV or XLSX."),
    (b"\x89PNG", "a picture", "Export the table as CSV or XLSX."),
    (b"\xff\xd8\xff", "a picture", "Export the table as CSV or XLSX."),
    (b"SQLite format 3", "a database", "Export the table as CSV."),
)
EXPECTED = "a table as CSV, TSV, XLSX or Parquet"


def format_of(file: Path) -> Format:
    """Return how the file must be read; raise UnreadableFileError where it is no table."""
    size = file.stat().st_size
    if size == 0:
        raise refuse("empty_file", "the file is empty", "a header and rows", "Export it again.")
    if size > LARGEST_FILE:
        raise refuse(
            "too_large",
            f"a file of {size / 1e6:,.0f} MB",
            f"{LARGEST_FILE / 1e6:,.0f} MB at most",
            "Divide it, or export fewer columns.",
        )
    with file.open("rb") as opened:
        start = opened.read(2048)
    for magic, found, remedy in NO_TABLES:
        if start.startswith(magic):
            raise refuse("no_table", f"this is {found}", EXPECTED, remedy)
    if WEB_PAGE.match(start):
        remedy = "Sign in to the service, and download the file again."
        raise refuse("web_page", "this is a web page", EXPECTED, remedy)
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith(b"PK"):
        return _workbook(file)
    return "text"


def _workbook(file: Path) -> Format:
    if not is_workbook(file):
        remedy = "Unpack it, or save the spreadsheet as XLSX."
        raise refuse("no_table", "this is an archive without an Excel workbook", EXPECTED, remedy)
    return "workbook"
