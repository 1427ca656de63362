"""Every way in which a file is known to go wrong, by number: read as it should be, or refused.

The numbers are those of the project's list of 64 bad inputs; R = row set aside, F = file refused,
W = taken with a note, H = held until somebody decides.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors.files.table import Reading, read_file
from tests.connectors.mapping.small_mapped import PEOPLE, TALKS, pseudonym, read

HEAD = "Mail,Dept\n"
ROW = "ana@acme.org,Sales\n"
TEAMS = (
    "1. Summary\nMeeting title\tPairs, week 3\nStart time\t3/13/2026, 10:00:05 AM\n\n"
    "2. Participants\n"
    "Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole\n"
    "Ana\t3/13/2026, 10:00:05 AM\t3/13/2026, 10:44:04 AM\t43m 59s\tana@acme.org\tx\tPresenter\n\n"
    "3. In-Meeting Activities\nName\tJoin\nAna\t10\n"
)


def workbook(fill: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = openpyxl.Workbook()
    fill(book)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def rows_in(*rows: tuple) -> bytes:
    return workbook(lambda book: [book.active.append(row) for row in rows])


def parquet(**columns: list) -> bytes:
    content = io.BytesIO()
    pq.write_table(pa.table(columns), content)
    return content.getvalue()


def zipped(**parts: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/"), part)
    return content.getvalue()


def ghost(book: openpyxl.Workbook) -> None:
    book.active.append(("Mail", "Dept"))
    book.active.append(("ana@acme.org", "Sales"))
    book.active.cell(1_048_576, 1).value = " "


REFUSED: dict[str, tuple[bytes, str, str]] = {
    # content, code, words
    "06-nul": (b"Mail,Dept\na\x00,b\n", "nul_byte", "line 2"),
    "07-empty": (b"", "empty_file", "the file is empty"),
    "07-blank-lines": (b"\n\n\n", "empty_file", "only blank lines"),
    "10-web-page": (b"<!DOCTYPE html><html><body>Log in", "web_page", "this is a web page"),
    "11-pdf": (b"%PDF-1.7 ...", "no_table", "PDF"),
    "11-old-excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "no_table", "XLSX"),
    "11-gzip": (b"\x1f\x8b\x08\x00", "no_table", "Unpack"),
    "11-program": (b"\x7fELF\x02\x01", "no_table", "program"),
    "11-broken-zip": (b"PK\x03\x04 and nothing more", "damaged", "damaged"),
    "11-zip": (zipped(a=b"text"), "no_table", "archive"),
    "22-unclosed-quote": (b'Mail,Dept\n"ana@acme.org,Sales\n', "unclosed_quote", "closed"),
    "26-columns": (",".join(f"c{n}" for n in range(20_000)).encode() + b"\n", "too_many_columns",
                   "20,000 columns"),
    "27-cell-200k": (b"Mail,Dept\n" + b"x" * 200_000 + b",y\n", "unclosed_quote", "near line"),
    "33-parquet-cut": (parquet(Mail=["a"])[:-9], "not_parquet", "damaged"),
}  # fmt: skip


@pytest.mark.parametrize("content, code, words", REFUSED.values(), ids=REFUSED.keys())
def test_a_file_that_is_no_table_is_refused_in_words(
    tmp_path: Path, content: bytes, code: str, words: str
) -> None:
    found = read(tmp_path, content, PEOPLE)
    assert found.codes == [code]
    assert words in found.rejected[0].message
    assert found.rejected[0].message.endswith("File refused.")
    assert all(frame.empty for frame in found.tables.values())


def test_13_a_file_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    wide = {**PEOPLE, "columns": {**PEOPLE["columns"], "Site": {"to": "attribute", "code": "s"}}}
    found = read(tmp_path, "Mail,Dept,Site\na@x.org,Sales,Ulm\nb@x.org,Sa", wide)
    assert found.codes == ["cut_off"]
    assert "row 3" in found.rejected[0].message


READ: dict[str, tuple[bytes, str]] = {
    # content, a note that must stand there (empty = none)
    "01-bom": ("\ufeff" + HEAD + ROW, ""),
    "02-utf-16": ((HEAD + ROW).replace(",", "\t").encode("utf-16"), ""),
    "02-utf-16-without-mark": ((HEAD + ROW).encode("utf-16-le"), ""),
    "04-windows-1252": ("Mail,Dept\nana@acme.org,Sales\nzoe@acme.org,“Zoë”\n".encode("cp1252"),
                        "first on line 3"),
    "05-encoded-twice": ("Mail,Dept\nana@acme.org,Sales\nf@acme.org,FranÃ§ois\n", "line 3"),
    "08-header-only": (HEAD, "no rows"),
    "12-cr-only": ((HEAD + ROW).replace("\n", "\r"), ""),
    "14-semicolons": (HEAD.replace(",", ";") + ROW.replace(",", ";"), ""),
    "15-sep-line": ("sep=;\n" + HEAD.replace(",", ";") + ROW.replace(",", ";"), ""),
    "16-preamble": ("Report of people\nPrinted 3 March\n\n" + HEAD + ROW, ""),
    "18-doubled-header": ("Mail,Dept,Note,Note\nana@acme.org,Sales,,\n", "several times"),
    "19-blank-header": ("Mail,Dept,,Note\nana@acme.org,Sales,x,\n", "without a name"),
    "21-missing-cell": ("Mail,Dept,Note\nana@acme.org,Sales\nbo@acme.org,Sales,x\n", ""),
    "23-newline-in-quotes": ('Mail,Dept\nana@acme.org,Sales\nbo@acme.org,"Sales\nEast"\n', ""),
    "25-example-row": (HEAD + ROW + "mentor@example.com,Sales\n", "example row"),
    "34-sql-in-a-name": ('Mail,Dept,"rating""); DROP TABLE person;--"\nana@acme.org,Sales,1\n',
                         "not in the mapping"),
    "37-reordered": ("Dept,Mail\nSales,ana@acme.org\n", ""),
    "37-new-column": ("Mail,Dept,New\nana@acme.org,Sales,1\n", "not in the mapping"),
}  # fmt: skip


@pytest.mark.parametrize("content, note", READ.values(), ids=READ.keys())
def test_a_file_with_an_odd_form_is_read(tmp_path: Path, content: str | bytes, note: str) -> None:
    found = read(tmp_path, content, PEOPLE)
    assert found.rejected == []
    assert note in " ".join(found.notes)
    if "no rows" not in note:
        assert pseudonym("ana@acme.org") in set(found.tables["person"]["person_id"])


def test_03_of_a_teams_file_only_the_participants_are_read(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(TEAMS.encode("utf-16"))
    names = ("Name", "First Join", "Email")
    table = read_file(tmp_path / "t.csv", Reading(wanted=names, section=True, above="pairs"))
    assert len(table.cells.row_numbers) == 1
    # the comma within the time is no delimiter
    assert table.cells.columns[1].to_pylist() == ["3/13/2026, 10:00:05 AM"]


def test_09_a_file_without_header_is_said_to_have_none(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("ana@acme.org,1\nbo@acme.org,2\n", encoding="utf-8")
    table = read_file(tmp_path / "f.csv", Reading())
    assert table.header_row is None
    assert table.cells.header == ("column 1", "column 2")
    assert len(table.cells.row_numbers) == 2


def test_20_a_row_with_extra_cells_is_set_aside_alone(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD + ROW + "bo@acme.org,Sales,East\n", PEOPLE)
    assert [(r.code, r.row_number) for r in found.rejected] == [("too_many_cells", 3)]
    assert len(found.tables["person"]) == 1


def test_21_a_row_without_its_required_cell_is_set_aside(tmp_path: Path) -> None:
    found = read(tmp_path, "A,B,When\na@x.org,b@x.org,\n", TALKS)
    assert found.codes == ["no_start"]
    assert found.tables["conversation_participant"].empty


def test_23_rows_are_numbered_by_the_line_on_which_they_start(tmp_path: Path) -> None:
    text = 'A,B,When\n"a@x.org","b@x.org","2026-03-03 10:00"\n"c\nd","b@x.org",\n"e","e",soon\n'
    assert [row.row_number for row in read(tmp_path, text, TALKS).rejected] == [5, 3]


def test_24_a_row_of_totals_is_set_aside(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD + ROW + "Total,1\n", PEOPLE)
    assert [(r.code, r.row_number) for r in found.rejected] == [("total_row", 3)]


def test_27_a_long_cell_costs_its_row(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD + ROW + f"bo@acme.org,{'x' * 20_001}\n", PEOPLE)
    assert [(r.code, r.row_number) for r in found.rejected] == [("too_long", 3)]


def test_28_a_hidden_sheet_is_not_read(tmp_path: Path) -> None:
    def fill(book: openpyxl.Workbook) -> None:
        book.active.title = "Salaries"
        book.active.append(("Mail", "Salary"))
        book.active.sheet_state = "hidden"
        sheet = book.create_sheet("People")
        sheet.append(("Mail", "Dept"))
        sheet.append(("ana@acme.org", "Sales"))
        sheet.column_dimensions["B"].hidden = True

    found = read(tmp_path, workbook(fill), PEOPLE)
    assert found.rejected == []
    assert len(found.tables["person"]) == 1
    assert "hidden sheets, not read: 1" in found.notes
    assert any("hidden columns" in note for note in found.notes)


def test_29_merged_cells_are_told(tmp_path: Path) -> None:
    def fill(book: openpyxl.Workbook) -> None:
        for row in (("Mail", "Dept"), ("a@x.org", "Sales"), ("b@x.org", None)):
            book.active.append(row)
        book.active.merge_cells("B2:B3")

    found = read(tmp_path, workbook(fill), PEOPLE)
    assert any("merged cells" in note for note in found.notes)
    assert len(found.tables["person_attribute"]) == 1


def test_30_a_ghost_cell_far_below_adds_no_rows(tmp_path: Path) -> None:
    found = read(tmp_path, workbook(ghost), PEOPLE)
    assert len(found.tables["person"]) == 1


def test_36_formulas_that_were_never_calculated_are_told(tmp_path: Path) -> None:
    content = rows_in(("Mail", "Dept"), ("ana@acme.org", '=CONCAT("Sa","les")'))
    found = read(tmp_path, content, PEOPLE)
    assert any("never calculated" in note for note in found.notes)


def test_37_a_mapped_column_that_is_missing_stops_everything(tmp_path: Path) -> None:
    found = read(tmp_path, "Mail,Department\nana@acme.org,Sales\n", PEOPLE)
    assert [(r.code, r.column, r.row_number) for r in found.rejected] == [
        ("missing_column", "Dept", None)
    ]


def test_38_zeros_in_front_and_long_numbers_stay(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD + "00123,Sales\n123,Sales\n", PEOPLE)
    people = set(found.tables["person"]["person_id"])
    assert people == {pseudonym("00123"), pseudonym("123")}
    # the hint counts the padded form and repeats neither
    assert any("without them too" in note and note.endswith(": 1") for note in found.notes)
    assert not any("123" in note for note in found.notes)
    plain = read(tmp_path, HEAD + "00123,Sales\n00124,Sales\n", PEOPLE)
    assert not any("without them too" in note for note in plain.notes)


@pytest.mark.parametrize("cell", ["1.23E+19", "4,5E+15"])
def test_39_a_shortened_number_is_no_key(tmp_path: Path, cell: str) -> None:
    found = read(tmp_path, f'{HEAD}"{cell}",Sales\n', PEOPLE)
    assert found.codes == ["shortened_number"]


def test_39_a_workbook_number_of_sixteen_digits_has_lost_some(tmp_path: Path) -> None:
    content = rows_in(("Mail", "Dept"), (1234567890123456789, "Sales"), (123456, "Sales"))
    found = read(tmp_path, content, PEOPLE)
    assert [(r.code, r.row_number) for r in found.rejected] == [("shortened_number", 2)]
    assert list(found.tables["person"]["person_id"]) == [pseudonym("123456")]


def test_40_na_and_null_are_values_unless_the_mapping_says_otherwise(tmp_path: Path) -> None:
    text = HEAD + "a@x.org,NA\nb@x.org,null\n"
    assert len(read(tmp_path, text, PEOPLE).tables["person_attribute"]) == 2
    without = read(tmp_path, text, {**PEOPLE, "missing": ["NA", "null"]})
    assert without.tables["person_attribute"].empty
