"""An empty workbook with the right columns, what may stand in them, and one explained row."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from connectors.contract import SourceError
from connectors.mapping.finding import ENDING
from connectors.mapping.recognition import recognise
from connectors.mapping.writing import proposal
from schema import CANONICAL, allowed_values

Column = tuple[str, str, str, tuple[str, ...]]
"""Name, what it means, an example, and the words that are allowed (none = any)."""

ROWS_WITH_LISTS = 5_000
WIDTH = 24


def _allowed(table: str, column: str) -> tuple[str, ...]:
    return tuple(allowed_values(CANONICAL[table].c[column]) or ())


TEMPLATES: dict[str, tuple[Column, ...]] = {
    "people": (
        ("Work email", "whatever identifies the person in your other exports", "a.b@acme.org", ()),
        ("Department", "a property; add or leave out columns as you need", "Sales", ()),
        ("Gender", "the person's own words; leave empty where unknown", "woman", ()),
        ("Hire date", "first day of the present employment", "2024-03-01", ()),
        ("Valid from", "since when the properties hold", "2026-01-01", ()),
    ),
    "enrolments": (
        ("Work email", "as in the list of people", "a.b@acme.org", ()),
        ("Cohort", "short code", "spring-2026", ()),
        ("Status", "how far the person came", "active", _allowed("enrolment", "status")),
        ("Enrolled on", "day of joining; empty if never", "2026-02-01", ()),
    ),
    "conversations": (
        ("Person 1", "as in the list of people", "a.b@acme.org", ()),
        ("Person 2", "as in the list of people", "c.d@acme.org", ()),
        ("Start", "with the time of day", "2026-03-03 14:30", ()),
        ("Duration (minutes)", "a whole number", "45", ()),
        ("Status", "what became of it", "completed", _allowed("conversation", "status")),
    ),
}
"""What templates there are, by kind; a file named after one gets it."""


def kind_named(file: Path) -> str:
    """Return the kind that a file is named after; raise SourceError where there is none."""
    if file.stem.lower() not in TEMPLATES or file.suffix.lower() != ".xlsx":
        names = " or ".join(f"{name}.xlsx" for name in TEMPLATES)
        raise SourceError(f"{file.name}: there is no such template. Name the file {names}.")
    return file.stem.lower()


def write_template(file: Path, kind: str) -> Path:
    """Write the workbook and its mapping; return the mapping's path.

    Nothing that is there is overwritten: SourceError.
    """
    mapping = file.with_name(file.stem + ENDING)
    for path in (file, mapping):
        if path.exists():
            raise SourceError(f"{path} is there already and was left as it is. Name another.")
    if not file.parent.is_dir():
        raise SourceError(f"{file.parent}: there is no such folder.")
    _workbook(TEMPLATES[kind]).save(file)
    mapping.write_text(proposal(recognise(file, kind)), encoding="utf-8")
    return mapping


def _workbook(columns: tuple[Column, ...]) -> Workbook:
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Fill in here"
    sheet.freeze_panes = "A2"
    for position, (name, _, _, allowed) in enumerate(columns, start=1):
        cell = sheet.cell(1, position, name)
        cell.font = Font(bold=True)
        letter = get_column_letter(position)
        sheet.column_dimensions[letter].width = WIDTH
        for row in range(2, 200):
            # as text, so that no program shortens a number or turns a code into a date
            sheet.cell(row, position).number_format = "@"
        if allowed:
            listed = DataValidation("list", formula1=f'"{",".join(allowed)}"', allow_blank=True)
            listed.add(f"{letter}2:{letter}{ROWS_WITH_LISTS}")
            sheet.add_data_validation(listed)
    guide = workbook.create_sheet("Explained")
    guide.append(("Column", "Example", "What it means", "Allowed"))
    for name, words, example, allowed in columns:
        guide.append((name, example, words, ", ".join(allowed) or "any"))
    for letter in "ABCD":
        guide.column_dimensions[letter].width = WIDTH * 2
    return workbook
