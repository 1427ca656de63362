"""A file from the desk through the commands: looked at, mapped, checked and imported."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import openpyxl
import pytest
import yaml

from connectors.__main__ import main
from connectors.mapping.model import load_mapping
from connectors.template import TEMPLATES

PEOPLE = "Mail;Abteilung;Eintritt\n{rows}"
ROWS = "".join(f"p{n}@acme.org;Vertrieb;{n % 28 + 1:02d}.03.2020\n" for n in range(20))
BAD = "bad.one@acme.org;Technik;31.02.2020\n"
TALKS = "Von,Mit,Wann\np1@acme.org,p2@acme.org,2026-03-03 10:00\n"
STRANGER = "p1@acme.org,stranger@acme.org,2026-03-04 10:00\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WEFT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("WEFT_STORE_URL", raising=False)
    monkeypatch.delenv("WEFT_IDENTITY_KEY", raising=False)
    return tmp_path / "home"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "desk").mkdir()
    return tmp_path / "desk"


def put(desk: Path, name: str, content: str, **filled_in: object) -> Path:
    """Write a file, propose its mapping beside it, and fill in what is still needed."""
    file = desk / name
    file.write_text(content, encoding="utf-8")
    mapping = desk / f"{file.stem}.mapping.yaml"
    assert main(["recognise", str(file), "--write", str(mapping)]) == 0
    given = yaml.safe_load(mapping.read_text(encoding="utf-8"))
    mapping.write_text(yaml.safe_dump({**given, **filled_in}), encoding="utf-8")
    return file


def people(desk: Path, rows: str = ROWS) -> Path:
    return put(desk, "people.csv", PEOPLE.format(rows=rows), as_of="2026-01-01",
               organisation={"code": "acme", "label": "Acme"})  # fmt: skip


def talks(desk: Path, rows: str = "", **more: object) -> Path:
    return put(desk, "talks.csv", TALKS + rows, timezone="Europe/Berlin",
               programme={"code": "pairs", "label": "Pairs"}, **more)  # fmt: skip


def test_from_the_desk_to_the_store_and_again(
    home: Path, desk: Path, capsys: pytest.CaptureFixture
) -> None:
    file = people(desk)
    assert main(["check", str(file)]) == 0
    assert not (home / "store.duckdb").exists()
    assert main(["import", str(file)]) == 0
    capsys.readouterr()
    assert main(["import", str(file)]) == 0
    assert "Every row was known already: nothing changed." in capsys.readouterr().out
    assert main(["import", str(talks(desk))]) == 0


def test_a_file_without_mapping_is_described_and_not_imported(
    home: Path, desk: Path, capsys: pytest.CaptureFixture
) -> None:
    file = desk / "talks.csv"
    file.write_text(TALKS, encoding="utf-8")
    assert main(["import", str(file)]) == 1
    said = capsys.readouterr().err
    assert "Unknown layout: 3 columns, 1 rows, header in row 1, commas, UTF-8" in said
    assert "timezone: times in the file have no offset" in said
    assert "python -m connectors recognise" in said
    assert not (home / "store.duckdb").exists()


def test_one_bad_row_refuses_all_unless_good_rows_are_kept(
    home: Path, desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    file, rejects = people(desk, ROWS + BAD), tmp_path / "rejects.csv"
    assert main(["import", str(file)]) == 1
    assert "Eintritt, row 22: a value is not a date" in capsys.readouterr().out
    assert main(["import", str(file), "--keep-good-rows", "--rejects", str(rejects)]) == 0
    said = capsys.readouterr().out
    assert ["person", "21", "20", "0", "0", "1"] in [line.split() for line in said.splitlines()]
    written = rejects.read_text(encoding="utf-8-sig")
    assert written.splitlines()[0] == "__row,__column,__code,__reason,Abteilung,Eintritt"
    assert "22,Eintritt,not_a_date" in written
    assert "bad.one" not in written + said
    assert stat.S_IMODE(rejects.stat().st_mode) == 0o600


def test_a_file_that_is_mostly_wrong_is_refused_whatever_is_asked(home: Path, desk: Path) -> None:
    file = people(desk, BAD + BAD.replace("bad", "worse") + "ok@acme.org;Technik;01.02.2020\n")
    assert main(["import", str(file), "--keep-good-rows"]) == 1


def test_59_a_stranger_is_refused_or_keeps_a_seat_without_a_name(
    home: Path, desk: Path, capsys: pytest.CaptureFixture
) -> None:
    assert main(["import", str(people(desk))]) == 0
    file = talks(desk, STRANGER)
    assert main(["import", str(file)]) == 1
    capsys.readouterr()
    assert main(["import", str(file), "--keep-good-rows"]) == 0
    said = capsys.readouterr().out
    assert "person_id was left empty, since the person is not known: 1" in said
    assert "stranger" not in said


def test_a_folder_of_mapped_files_is_one_import(
    home: Path, desk: Path, capsys: pytest.CaptureFixture
) -> None:
    talks(desk)
    people(desk)
    capsys.readouterr()
    assert main(["import", str(desk)]) == 0
    words = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["conversation", "1", "1", "0", "0", "0"] in words
    assert ["person", "20", "20", "0", "0", "0"] in words


def test_a_mistake_in_one_file_of_a_folder_refuses_all_and_says_which(
    home: Path, desk: Path, capsys: pytest.CaptureFixture
) -> None:
    talks(desk).write_text(TALKS + "p1@acme.org,p2@acme.org,soon\n", encoding="utf-8")
    people(desk)
    capsys.readouterr()
    assert main(["import", str(desk)]) == 1
    assert "conversation, talks: Wann, row 3" in capsys.readouterr().out


def test_a_saved_mapping_is_applied_without_asking(home: Path, desk: Path) -> None:
    people(desk)
    (home / "mappings").mkdir(parents=True)
    (desk / "people.mapping.yaml").rename(home / "mappings" / "people.yaml")
    (desk / "people.csv").rename(desk / "next month.csv")
    assert main(["import", str(desk / "next month.csv")]) == 0


def test_a_saved_mapping_is_told_to_programs_with_what_is_new(
    home: Path, desk: Path, capsys: pytest.CaptureFixture
) -> None:
    file = people(desk)
    (home / "mappings").mkdir(parents=True)
    (desk / "people.mapping.yaml").rename(home / "mappings" / "people.yaml")
    lines = file.read_text(encoding="utf-8").splitlines()
    separator = ";" if ";" in lines[0] else ","
    more = [lines[0] + f"{separator}Shoe", *(f"{line}{separator}x" for line in lines[1:])]
    file.write_text("\n".join(more) + "\n", encoding="utf-8")
    capsys.readouterr()
    assert main(["recognise", str(file), "--format", "json"]) == 0
    saved = json.loads(capsys.readouterr().out)["saved"]
    assert saved["mapping"]["holds"] == "people"
    assert saved["new_columns"] == ["Shoe"]


def test_the_proposal_loads_and_holds_no_cell_of_a_person(home: Path, desk: Path) -> None:
    people(desk)
    text = (desk / "people.mapping.yaml").read_text(encoding="utf-8")
    assert "@acme.org" not in text
    assert load_mapping(desk / "people.mapping.yaml").date_order == "DMY"


def test_64_a_list_that_leaves_many_out_is_asked_about(
    home: Path, desk: Path, capsys: pytest.CaptureFixture
) -> None:
    assert main(["import", str(people(desk))]) == 0
    file = desk / "people.csv"
    file.write_text(PEOPLE.format(rows="".join(ROWS.splitlines(True)[:10])), encoding="utf-8")
    assert main(["import", str(file)]) == 1
    assert "10 of 20 known people are not in this list" in capsys.readouterr().err
    assert main(["import", str(file), "--allow-missing"]) == 0


def test_programs_are_answered_in_json(
    home: Path, desk: Path, capsys: pytest.CaptureFixture
) -> None:
    file = people(desk, ROWS + BAD)
    capsys.readouterr()
    assert main(["recognise", str(file), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(c["name"], c["to"], c["certainty"]) for c in found["columns"]] == [
        ("Mail", "person", "known"),
        ("Abteilung", "attribute", "known"),
        ("Eintritt", "hired_on", "known"),
    ]
    assert main(["check", str(file), "--format", "json", "--keep-good-rows"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["status"] == "ok"
    assert [(r["row_number"], r["code"]) for r in report["rejected"]] == [(22, "not_a_date")]


def test_no_command_writes_over_a_mapping(home: Path, desk: Path) -> None:
    file = people(desk)
    mapping = str(desk / "people.mapping.yaml")
    assert main(["recognise", str(file), "--write", mapping]) == 1


@pytest.mark.parametrize("mapping", ["holds: people\n", "holds: nothing\ncolumns: {}\n", "a: [\n"])
def test_a_mapping_that_cannot_be_used_says_where(
    home: Path, desk: Path, mapping: str, capsys: pytest.CaptureFixture
) -> None:
    file = people(desk)
    (desk / "people.mapping.yaml").write_text(mapping, encoding="utf-8")
    assert main(["import", str(file)]) == 1
    assert "people.mapping.yaml" in capsys.readouterr().err


@pytest.mark.parametrize("kind", TEMPLATES)
def test_a_template_filled_in_is_imported(home: Path, tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"{kind}.xlsx"
    assert main(["template", str(file)]) == 0
    book = openpyxl.load_workbook(file)
    for position, (_, _, example, _) in enumerate(TEMPLATES[kind], start=1):
        book.active.cell(2, position).value = example
    book.save(file)
    mapping = file.with_name(f"{kind}.mapping.yaml")
    given = yaml.safe_load(mapping.read_text(encoding="utf-8"))
    answers = {
        "timezone": "Europe/Berlin",
        "organisation": {"code": "acme", "label": "Acme"},
        "programme": {"code": "pairs", "label": "Pairs"},
        "unknown_people": "add",
    }
    mapping.write_text(yaml.safe_dump({**given, **answers}), encoding="utf-8")
    assert main(["import", str(file)]) == 0


def test_there_is_no_template_of_another_name(home: Path, tmp_path: Path) -> None:
    assert main(["template", str(tmp_path / "salaries.xlsx")]) == 1


def test_38_a_number_that_the_store_knows_with_other_zeros_is_noted_and_never_named(
    home: Path, desk: Path, capsys: pytest.CaptureFixture
) -> None:
    header = "Employee ID,Department\n"
    numbers = [f"{4711 + n:07d}" for n in range(12)]
    day = {"as_of": "2026-01-01", "organisation": {"code": "acme", "label": "Acme"}}
    first = "".join(f"{number},Sales\n" for number in numbers)
    assert main(["import", str(put(desk, "hr.csv", header + first, **day))]) == 0
    assert "leading zeros" not in capsys.readouterr().out
    # nine of them without their zeros, one as it was, one that nobody knows in any form
    cut = [number.lstrip("0") for number in numbers[:9]]
    again = "".join(f"{number},Sales\n" for number in (*cut, numbers[11], "5999"))
    file = put(desk, "cut.csv", header + again, **day)
    capsys.readouterr()
    for words in (["check"], ["import"]):
        assert main([*words, str(file), "--allow-missing"]) == 0
        said = capsys.readouterr()
        assert "known already with other leading zeros" in said.out
        assert "off?): 9" in said.out
        assert not any(number in said.out + said.err for number in (*cut, *numbers))
    assert main(["check", str(file), "--allow-missing"]) == 0
    # now each of them is somebody in the store
    assert "leading zeros" not in capsys.readouterr().out


@pytest.mark.parametrize(("own", "people"), [(False, 2), (True, 4)])
def test_62_a_number_that_two_companies_use_is_noted_or_stands_for_two_people(
    home: Path, desk: Path, capsys: pytest.CaptureFixture, own: bool, people: int
) -> None:
    for code in ("acme", "beta"):
        file = put(
            desk,
            f"{code}.csv",
            "Personalnummer;Abteilung\n1001;Vertrieb\n1002;Vertrieb\n",
            as_of="2026-01-01",
            organisation={"code": code, "label": code.title()},
            own_numbers=own,
        )
        assert main(["import", str(file)]) == 0
    said = capsys.readouterr().out
    moved = "people known in another organisation until now, taken to have moved"
    assert (moved in said) != own
    assert "1001" not in said
    assert main(["health"]) == 0
    assert capsys.readouterr().out.startswith(f"{people} people")
    # whoever is meant is named with the organisation
    if own:
        assert main(["erase", "beta:1001", "--yes"]) == 0


def test_63_a_check_and_an_import_tell_of_conversations_with_the_own_manager(
    home: Path, desk: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "Mail,Manager email\np1@acme.org,p2@acme.org\np2@acme.org,\n"
    put(desk, "people.csv", rows, as_of="2026-01-01",
        organisation={"code": "acme", "label": "Acme"})  # fmt: skip
    talks(desk)
    told = "conversations held between somebody and their own manager (are they peers?); they"
    capsys.readouterr()
    assert main(["check", str(desk)]) == 0
    assert f"{told} count like the others, unless peers_only is set: 1" in capsys.readouterr().out
    monkeypatch.setenv("WEFT_PEERS_ONLY", "true")
    assert main(["import", str(desk)]) == 0
    said = capsys.readouterr().out
    assert f"{told} are left out of who meets whom, since peers_only is set: 1" in said
    assert "p2" not in said
    assert main(["health", "--format", "json"]) == 0
    health = json.loads(capsys.readouterr().out)
    assert health["doubtful"] == {"before_joining": 0, "after_leaving": 0, "with_manager": 1}
    assert health["peers_only"]
