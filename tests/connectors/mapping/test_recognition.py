"""What Weft says of a file nobody has described, and what it takes over without a person's word."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.contract import SourceError
from connectors.mapping.guessing import ACCEPTED, known_names
from connectors.mapping.model import as_yaml, load_mapping, mapping_of
from connectors.mapping.recognition import recognise
from connectors.mapping.writing import proposal
from tests.connectors.mapping.small_mapped import TALKS


def look(tmp_path: Path, content: str | bytes):
    file = tmp_path / "export.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return recognise(file)


def meanings(found) -> dict[str, str]:
    return {g.name: g.target.to for g in found.columns if g.target and g.certainty in ACCEPTED}


def test_an_unknown_layout_is_described(tmp_path: Path) -> None:
    text = (
        "Bericht\n\nErstellt am 3. März\nMitarbeiter-ID;Abteilung;Größe\n1;Vertrieb;x\n2;Lager;y\n"
    )
    found = look(tmp_path, text.encode("cp1252"))
    assert found.layout == "unknown"
    assert found.words.startswith(
        "Unknown layout: 3 columns, 2 rows, header in row 4, semicolons, Windows-1252."
    )


def test_a_list_of_who_takes_part_is_not_taken_for_a_list_of_people(tmp_path: Path) -> None:
    found = look(tmp_path, "cohort,person_id,role\n" + "1,p1,expert\n1,p2,mentor\n" * 3)
    assert found.mapping.holds == "enrolments"
    text = proposal(found)
    assert "# constants: {status: active}" in text
    # a cohort that is new belongs to a programme
    assert "# programme: {code: pairs, label: Peer pairs}" in text


def test_days_under_an_unknown_name_are_suggested_as_the_time(tmp_path: Path) -> None:
    rows = "2023-07-01,p1,p2\n2023-08-01,p3,p4\n"
    found = look(tmp_path, "month,from_id,to_id\n" + rows)
    [month] = [guess for guess in found.columns if guess.name == "month"]
    assert (month.target.to, month.certainty) == ("offered_at", "suggestion")


@pytest.mark.parametrize(
    "header, expected",
    [
        ("Employee ID,Department,Hire Date", ["person", "attribute", "hired_on"]),
        ("Mitarbeiternummer,Abteilung,Eintrittsdatum", ["person", "attribute", "hired_on"]),
        ("Matricule,Département,Date d'embauche", ["person", "attribute", "hired_on"]),
        ("Número de empleado,Departamento,Fecha de ingreso", ["person", "attribute", "hired_on"]),
    ],
    ids=["english", "german", "french", "spanish"],
)
def test_usual_names_are_known_in_four_languages(
    tmp_path: Path, header: str, expected: list[str]
) -> None:
    found = look(tmp_path, f"{header}\n1,Sales,2020-01-31\n2,Sales,2021-01-31\n")
    assert found.mapping.holds == "people"
    assert list(meanings(found).values()) == expected


def test_names_phones_and_addresses_are_dropped_and_not_shown(tmp_path: Path) -> None:
    found = look(tmp_path, "Employee ID,First Name,Phone\n1,Qzx,+49 30 123456\n")
    assert found.mapping.drop == ("First Name", "Phone")
    assert "Qzx" not in repr([(g, g.samples, g.values) for g in found.columns])


def test_a_column_that_only_looks_right_is_a_suggestion(tmp_path: Path) -> None:
    rows = "".join(f"{n},Team {n % 3}\n" for n in range(30))
    found = look(tmp_path, f"Employee ID,Squad\n{rows}")
    squad = found.columns[1]
    assert squad.certainty == "suggestion"
    assert "Squad" not in found.mapping.columns


def test_cells_that_do_not_fit_a_known_name_take_it_back(tmp_path: Path) -> None:
    found = look(tmp_path, "Email,Hire Date\nroom 4,blue\nroom 5,red\n")
    assert [g.certainty for g in found.columns] == ["suggestion", "suggestion"]
    assert found.columns[0].reason == "only 0% of its cells are mail addresses"


def test_special_properties_are_never_taken_over(tmp_path: Path) -> None:
    found = look(tmp_path, "Employee ID,Ethnicity\n1,a\n2,b\n")
    assert "Ethnicity" not in found.mapping.columns
    assert "legal_basis" in proposal(found)


@pytest.mark.parametrize(
    "dates, order, words",
    [
        (("13/04/2026", "02/04/2026"), "DMY", "day first"),
        (("04/13/2026", "04/02/2026"), "MDY", "month first"),
        (("04/03/2026", "05/06/2026"), None, "every day number is 12 or less"),
        (("13/04/2026", "04/13/2026"), None, "contradict each other"),
        (("2026-04-13", "2026-04-14"), None, ""),
    ],
)
def test_43_the_order_of_dates_is_proved_or_asked_for(
    tmp_path: Path, dates: tuple[str, str], order: str | None, words: str
) -> None:
    found = look(tmp_path, "Employee ID,Hire Date\n1,{}\n2,{}\n".format(*dates))
    assert found.mapping.date_order == order
    assert words in found.date_words
    assert any("date_order" in need for need in found.lacking) == bool(words and not order)


def test_words_with_a_number_in_front_suggest_what_they_mean(tmp_path: Path) -> None:
    rows = "".join(f"{n},2026-03-03T10:00:00Z,{n % 5 + 1} - word {n % 5}\n" for n in range(20))
    found = look(tmp_path, f"Response ID,Submitted at,I feel safe\n{rows}")
    guess = found.columns[2]
    assert guess.target is not None
    assert guess.target.means["1 - word 0"] == "1"
    assert guess.target.scale == (1.0, 5.0)
    assert guess.certainty == "suggestion"


def test_a_file_that_is_no_table_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"export\.csv: this is a PDF document"):
        look(tmp_path, b"%PDF-1.7")


def test_a_mapping_saved_is_the_mapping_loaded(tmp_path: Path) -> None:
    mapping = mapping_of(dict(TALKS), "test")
    (tmp_path / "m.yaml").write_text(as_yaml(mapping), encoding="utf-8")
    assert load_mapping(tmp_path / "m.yaml") == mapping


def test_a_proposal_loads_as_it_stands(tmp_path: Path) -> None:
    found = look(tmp_path, '"Employee ID","Squad: a, b","#1 {x}"\n1,a,b\n2,a,b\n')
    (tmp_path / "m.yaml").write_text(proposal(found), encoding="utf-8")
    assert load_mapping(tmp_path / "m.yaml") == found.mapping


def test_no_name_is_known_for_two_things() -> None:
    known = known_names()
    assert not set(known.fields) & set(known.attributes)
    assert not set(known.fields) & known.drop
    assert not set(known.attributes) & known.drop
