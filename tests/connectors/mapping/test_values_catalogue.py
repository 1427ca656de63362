"""Every way in which a value, or what it points to, is known to go wrong, by number."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from connectors.contract import SourceError
from connectors.mapping.model import mapping_of
from connectors.mapping.rejects import rejects_as_csv
from tests.connectors.mapping.small_mapped import PEOPLE, TALKS, pseudonym, read

SURVEY: dict[str, Any] = {
    "holds": "survey",
    "instrument": {"code": "pulse", "label": "Pulse", "kind": "pulse"},
    "columns": {
        "Id": {"to": "response"},
        "At": {"to": "submitted_at"},
        "Safe": {
            "to": "answer", "code": "safe", "measures": "psychological_safety", "scale": [1, 5],
            "means": {"5 - Strongly agree": 5, "n/a": "not_asked"},
        },
        "Learn": {
            "to": "option", "code": "learn", "measures": "learning_source", "separator": ";",
            "means": {"Peers": "peers", "Managers; leads": "managers"},
        },
    },
}  # fmt: skip
HEAD = "Id,At,Safe,Learn\n"
AT = "2026-03-03T10:00:00Z"


def answers(tmp_path: Path, *rows: str, **changed: Any):
    return read(tmp_path, HEAD + "\n".join(rows) + "\n", {**SURVEY, **changed})


def talks(tmp_path: Path, *rows: str, **changed: Any):
    return read(tmp_path, "A,B,When\n" + "\n".join(rows) + "\n", {**TALKS, **changed})


def starts(found) -> list[str]:
    return [f"{t:%Y-%m-%dT%H:%M}" for t in found.tables["conversation"]["actual_start_at"]]


def test_14_a_decimal_comma_is_read_only_where_it_is_declared(tmp_path: Path) -> None:
    row = f'1,{AT},"4,5",'
    assert answers(tmp_path, row).codes == ["not_a_number"]
    declared = answers(tmp_path, row, decimal=",")
    assert list(declared.tables["answer"]["value_num"]) == [4.5]


def test_41_offsets_are_honoured_and_times_without_one_take_the_files_zone(tmp_path: Path) -> None:
    found = talks(
        tmp_path, "a@x.org,b@x.org,2026-01-12T10:00:00-05:00", "a@x.org,c@x.org,2026-01-12 10:00"
    )
    # 10:00 at -05:00 is 15:00 UTC; 10:00 in Berlin in winter is 09:00 UTC
    assert sorted(starts(found)) == ["2026-01-12T09:00", "2026-01-12T15:00"]


def test_41_without_a_zone_times_without_offset_are_refused(tmp_path: Path) -> None:
    found = talks(tmp_path, "a@x.org,b@x.org,2026-01-12 10:00", timezone=None)
    assert found.codes == ["no_time_zone"]


def test_42_a_time_that_never_was_is_refused_and_a_doubled_one_is_the_first(tmp_path: Path) -> None:
    # Berlin 2026: clocks forward on 29 March at 02:00, back on 25 October at 03:00
    found = talks(tmp_path, "a@x.org,b@x.org,2026-03-29 02:30", "a@x.org,b@x.org,2025-10-26 02:30")
    assert found.codes == ["no_such_time"]
    # the first 02:30 is summer time, +02:00
    assert starts(found) == ["2025-10-26T00:30"]
    assert any("happened twice" in note for note in found.notes)


def test_43_a_date_in_an_order_that_was_not_chosen_is_refused(tmp_path: Path) -> None:
    rows = ("a@x.org,b@x.org,03/04/2026 10:00", "a@x.org,c@x.org,13/04/2026 10:00")
    assert talks(tmp_path, *rows).codes == ["no_date_order"] * 2
    assert starts(talks(tmp_path, *rows, date_order="DMY")) == [
        "2026-04-03T08:00",
        "2026-04-13T08:00",
    ]


def test_43_a_date_that_contradicts_the_order_costs_its_row(tmp_path: Path) -> None:
    rows = ("a@x.org,b@x.org,13/04/2026 10:00", "a@x.org,c@x.org,04/13/2026 10:00")
    found = talks(tmp_path, *rows, date_order="DMY")
    assert [(r.code, r.row_number) for r in found.rejected] == [("other_date_order", 3)]


def test_44_a_spreadsheets_day_number_is_a_date_in_a_date_column(tmp_path: Path) -> None:
    # 46082 days after 30 December 1899 is 1 March 2026, as Excel shows it
    found = talks(tmp_path, "a@x.org,b@x.org,46082.5")
    assert starts(found) == ["2026-03-01T11:00"]


@pytest.mark.parametrize(
    "cell, decimal, value",
    [("1,234", ".", 1234.0), ("1.234", ",", 1234.0), ("1 234", ".", 1234.0), ("4,5", ",", 4.5)],
)
def test_45_thousands_are_read_as_the_mapping_says(
    tmp_path: Path, cell: str, decimal: str, value: float
) -> None:
    mapping = {
        "holds": "outcomes", "as_of": "2026-01-01", "decimal": decimal,
        "columns": {"P": {"to": "person"}, "V": {"to": "outcome", "code": "v"}},
    }  # fmt: skip
    found = read(tmp_path, f'P,V\na@x.org,"{cell}"\n', mapping)
    assert list(found.tables["outcome"]["value_num"]) == [value]


def test_46_odd_signs_and_invisible_blanks_make_no_difference(tmp_path: Path) -> None:
    found = read(tmp_path, "Mail,Dept\n\u200bana@acme.org\u00a0,Sales\u00a0East\n", PEOPLE)
    assert list(found.tables["person"]["person_id"]) == [pseudonym("ana@acme.org")]
    assert list(found.tables["attribute_value_def"]["label"]) == ["Sales East"]


def test_a_column_of_time_zones_says_where_people_live(tmp_path: Path) -> None:
    columns = {**PEOPLE["columns"], "Dept": {"to": "attribute", "code": "zone"}}
    rows = "ana@x.org,Europe/Lisbon", "bo@x.org,America/New_York", "cy@x.org,Portugal"
    content = "Mail,Dept\n" + "\n".join(rows) + "\n"
    found = read(tmp_path, content, {**PEOPLE, "columns": columns})
    listed = found.tables["attribute_value_def"].set_index("label")["tz"].fillna("")
    # Portugal is an IANA name as well, but whoever writes it means the country
    assert dict(listed) == {
        "Europe/Lisbon": "Europe/Lisbon", "America/New_York": "America/New_York", "Portugal": "",
    }  # fmt: skip


def test_47_words_stand_for_numbers_as_listed_and_others_are_held(tmp_path: Path) -> None:
    found = answers(tmp_path, f"1,{AT},5 - strongly AGREE,", f"2,{AT},n/a,", f"3,{AT},😊,")
    assert [(r.code, r.row_number) for r in found.rejected] == [("not_a_number", 4)]
    assert list(found.tables["answer"]["state"]) == ["given", "not_asked"]
    assert found.tables["answer"]["value_num"].iloc[0] == 5.0


def test_48_a_value_outside_the_scale_costs_its_row(tmp_path: Path) -> None:
    rows = [f"{n},{AT},{n % 5 + 1}," for n in range(9)]
    found = answers(tmp_path, *rows, f"x,{AT},9,")
    assert [(r.code, r.row_number) for r in found.rejected] == [("out_of_scale", 11)]
    assert not any("wrong one" in note for note in found.notes)


def test_48_many_values_outside_the_scale_raise_the_question(tmp_path: Path) -> None:
    found = answers(tmp_path, f"1,{AT},9,", f"2,{AT},3,")
    assert any("is it the wrong one?" in note for note in found.notes)


def test_50_a_reversed_question_is_marked_and_its_answers_stay_raw(tmp_path: Path) -> None:
    columns = dict(SURVEY["columns"])
    columns["Safe"] = {**columns["Safe"], "reversed": True}
    found = answers(tmp_path, f"1,{AT},2,", columns=columns)
    assert list(found.tables["item"]["reversed"]) == [True, False]
    assert list(found.tables["answer"]["value_num"]) == [2.0]


@pytest.mark.parametrize(
    "cell",
    ["Prefer not to say", "keine Angabe", "Je préfère ne pas répondre", "Prefiero no decirlo"],
)
def test_51_prefer_not_to_say_is_a_state_in_four_languages(tmp_path: Path, cell: str) -> None:
    found = read(tmp_path, f"Mail,Dept\na@x.org,{cell}\nb@x.org,\n", PEOPLE)
    # the blank cell is no answer at all: it has no row
    assert list(found.tables["person_attribute"]["state"]) == ["prefer_not_to_say"]


def test_52_several_answers_in_a_cell_and_an_option_with_the_separator(tmp_path: Path) -> None:
    found = answers(tmp_path, f"1,{AT},,Peers;Managers; leads;")
    assert sorted(found.tables["answer"]["option_code"]) == ["managers", "peers"]


def test_53_placeholders_and_the_future(tmp_path: Path) -> None:
    mapping = {**PEOPLE, "columns": {**PEOPLE["columns"], "In": {"to": "hired_on"},
                                     "Out": {"to": "left_on"}}}  # fmt: skip
    found = read(
        tmp_path,
        "Mail,Dept,In,Out\na@x.org,S,1900-01-01,\nb@x.org,S,2020-01-01,9999-12-31\n",
        mapping,
    )
    assert [(r.code, r.row_number) for r in found.rejected] == [("placeholder_date", 2)]
    assert found.tables["employment_spell"]["left_on"].isna().all()
    # tests take place on 1 June 2026
    assert talks(tmp_path, "a@x.org,b@x.org,2026-06-03 10:00").codes == ["completed_in_future"]


def test_55_the_same_row_twice_is_one_and_a_contradiction_is_set_aside(tmp_path: Path) -> None:
    row = "a@x.org,Sales\n"
    assert len(read(tmp_path, f"Mail,Dept\n{row}{row}", PEOPLE).tables["person"]) == 1
    mapping = {**TALKS, "columns": {**TALKS["columns"], "Id": {"to": "conversation"},
                                    "S": {"to": "status"}}}  # fmt: skip
    text = "A,B,When,Id,S\na,b,2026-03-03 10:00,k1,completed\na,b,2026-03-04 10:00,k1,cancelled\n"
    found = read(tmp_path, text, mapping)
    assert [(r.code, r.row_number) for r in found.rejected] == [
        ("duplicate_key", 2),
        ("duplicate_key", 3),
    ]
    assert found.tables["conversation_participant"].empty


def test_61_one_address_of_two_people_is_a_contradiction_and_two_addresses_are_two_people(
    tmp_path: Path,
) -> None:
    found = read(tmp_path, "Mail,Dept\na@x.org,Sales\na@x.org,IT\nb@x.org,IT\n", PEOPLE)
    # nobody can tell which of the two the department is of: neither is taken
    assert [(r.code, r.row_number) for r in found.rejected] == [
        ("contradiction", 2),
        ("contradiction", 3),
    ]
    assert list(found.tables["person_attribute"]["person_id"]) == [pseudonym("b@x.org")]
    again = read(tmp_path, "Mail,Dept\na@x.org,IT\na2@x.org,IT\n", PEOPLE)
    assert len(again.tables["person"]) == 2


def test_56_a_pair_of_one_person_is_set_aside(tmp_path: Path) -> None:
    found = talks(tmp_path, "a@x.org,A@x.org ,2026-03-03 10:00")
    assert found.codes == ["self_pair"]


def test_57_what_both_report_is_one_conversation(tmp_path: Path) -> None:
    found = talks(tmp_path, "a@x.org,b@x.org,2026-03-03 10:00", "b@x.org,a@x.org,2026-03-03 10:40")
    assert list(found.tables["conversation"]["evidence"]) == ["both_reported"]
    assert len(found.tables["conversation_participant"]) == 2


def test_57_two_talks_of_one_day_stay_two(tmp_path: Path) -> None:
    found = talks(tmp_path, "a@x.org,b@x.org,2026-03-03 10:00", "b@x.org,a@x.org,2026-03-03 11:00")
    assert list(found.tables["conversation"]["evidence"]) == ["one_reported"] * 2


def test_58_a_trio_is_one_conversation_of_three(tmp_path: Path) -> None:
    mapping = {**TALKS, "columns": {**TALKS["columns"], "C": {"to": "person"}}}
    found = read(tmp_path, "A,B,C,When\na,b,c,2026-03-03 10:00\n", mapping)
    assert list(found.tables["conversation_participant"]["slot"]) == [1, 2, 3]


def test_60_somebody_without_a_name_keeps_the_seat(tmp_path: Path) -> None:
    found = talks(tmp_path, "a@x.org,,2026-03-03 10:00")
    assert found.tables["conversation_participant"]["person_id"].isna().sum() == 1


def test_62_one_number_in_two_companies_is_two_people_where_numbers_are_their_own(
    tmp_path: Path,
) -> None:
    text = "Mail,Dept\n1001,IT\nana@x.org,IT\n"

    def people(**changed: Any) -> set[str]:
        return set(read(tmp_path, text, {**PEOPLE, **changed}).tables["person"]["person_id"])

    beta = {"code": "beta", "label": "Beta"}
    assert people() == people(organisation=beta)
    ours, theirs = people(own_numbers=True), people(own_numbers=True, organisation=beta)
    # a mail address is the same person anywhere
    assert ours & theirs == {pseudonym("ana@x.org")}
    assert ours == {pseudonym("acme:1001"), pseudonym("ana@x.org")}
    with pytest.raises(SourceError, match="own_numbers: needs organisation"):
        mapping_of({**PEOPLE, "own_numbers": True, "organisation": None}, "test")


def test_62_a_column_says_whose_number_it_is(tmp_path: Path) -> None:
    columns = {**PEOPLE["columns"], "Company": {"to": "organisation"}}
    text = "Mail,Dept,Company\n1001,IT,acme\n1001,HR,beta\n1002,HR,\n"
    found = read(tmp_path, text, {**PEOPLE, "columns": columns, "own_numbers": True})
    assert found.rejected == []
    homes = found.tables["person"].set_index("person_id")["home_org_id"].to_dict()
    assert homes == {
        pseudonym("acme:1001"): "acme", pseudonym("beta:1001"): "beta",
        pseudonym("acme:1002"): "acme",
    }  # fmt: skip
    # without it, one person cannot be of two departments: neither row is taken
    mixed = read(tmp_path, text, {**PEOPLE, "columns": columns})
    assert mixed.codes == ["contradiction", "contradiction"]


def test_special_properties_need_a_legal_basis() -> None:
    columns = {**PEOPLE["columns"],
               "E": {"to": "attribute", "code": "ethnicity", "sensitivity": "special"}}  # fmt: skip
    with pytest.raises(SourceError, match="legal_basis"):
        mapping_of({**PEOPLE, "columns": columns}, "test")


def test_35_formulas_are_disarmed_and_people_left_out_of_the_list_of_rejects(
    tmp_path: Path,
) -> None:
    file = tmp_path / "f.csv"
    file.write_text("A,B,When\na@x.org,b@x.org,=HYPERLINK(1)\n", encoding="utf-8")
    mapping = mapping_of(dict(TALKS), "test")
    found = read(tmp_path, file.read_text(encoding="utf-8"), TALKS)
    written = rejects_as_csv(file, mapping, found.rejected)
    assert "'=HYPERLINK(1)" in written
    assert "x.org" not in written


def test_a_number_is_only_a_length_of_time_with_its_unit(tmp_path: Path) -> None:
    for unit, cell, seconds in (
        ("minutes", "45", 2700), ("words", "43m 59s", 2639), ("words", "PT1H5M", 3900),
        ("words", "1:02:03", 3723), ("hours", "0.5", 1800),
    ):  # fmt: skip
        mapping = {**TALKS, "columns": {**TALKS["columns"], "L": {"to": "duration", "unit": unit}}}
        found = read(tmp_path, f"A,B,When,L\na,b,2026-03-03 10:00,{cell}\n", mapping)
        assert list(found.tables["conversation"]["duration_s"]) == [seconds]
    mapping = {**TALKS, "columns": {**TALKS["columns"], "L": {"to": "duration"}}}
    assert read(tmp_path, "A,B,When,L\na,b,2026-03-03 10:00,45\n", mapping).codes == [
        "not_a_duration"
    ]


def test_rejected_rows_name_nobody(tmp_path: Path) -> None:
    found = talks(tmp_path, "ana.secret@x.org,bo.secret@x.org,soon", "c.secret,c.secret,2026-01-01")
    assert found.rejected
    assert "secret" not in repr(found.rejected) + repr(found.notes)


def test_ratings_that_look_back_stand_apart_from_those_of_the_present(tmp_path: Path) -> None:
    now = {"to": "rating", "code": "listening", "scale": [1, 5]}
    mapping = {
        "holds": "skills",
        "as_of": "2026-06-01",
        "wave": {"code": "w2"},
        "columns": {"Who": {"to": "person"}, "Now": now},
    }
    content = "Who,Now,Then\na@example.org,4,2\n"
    before = read(tmp_path, content, mapping).tables["skill_rating"]
    mapping["columns"] = mapping["columns"] | {"Then": now | {"about": "w1"}}
    both = read(tmp_path, content, mapping).tables["skill_rating"].fillna("")
    assert sorted(zip(both["value_num"], both["wave_id"], both["about_wave_id"], strict=True)) == [
        (2.0, "w2", "w1"), (4.0, "w2", ""),
    ]  # fmt: skip
    # the rating of the present keeps its key, so that a file read again replaces it
    assert before["rating_id"].item() == both.set_index("value_num")["rating_id"][4.0]
    with pytest.raises(SourceError, match="about: only a rating"):
        mapping_of({**PEOPLE, "columns": {"Mail": {"to": "person", "about": "w1"}}}, "test")


def test_54_no_minutes_are_no_length_and_very_many_are_asked_about(tmp_path: Path) -> None:
    columns = {**TALKS["columns"], "L": {"to": "duration", "unit": "minutes"}}
    day = "2026-03-03 10:00"
    rows = f"a,b,{day},0\nc,d,{day},241\ne,f,{day},240\ng,h,{day},1560\n"
    found = read(tmp_path, f"A,B,When,L\n{rows}", {**TALKS, "columns": columns})
    # 26 hours are no conversation at all
    assert [(r.code, r.row_number) for r in found.rejected] == [("out_of_range", 5)]
    lengths = found.tables["conversation"].set_index("row_number")["duration_s"]
    assert lengths.isna().tolist() == [True, False, False]
    assert lengths[3] == 241 * 60
    evidence = found.tables["conversation"].set_index("row_number")["evidence"]
    # whoever reported no minute has marked that they met, and told no more
    assert evidence.tolist() == ["platform_marked", "one_reported", "one_reported"]
    weaker = "conversations without a minute, kept without a length and with weaker evidence: 1"
    assert weaker in found.notes
    assert "conversations of more than 4 hours (were they ended?): 2" in found.notes


ATTENDANCE: dict[str, Any] = {
    "holds": "attendance",
    "timezone": "UTC",
    "programme": {"code": "pairs", "label": "Pairs"},
    "columns": {
        "Who": {"to": "person"}, "Id": {"to": "meeting"},
        "In": {"to": "joined_at"}, "Out": {"to": "left_at"},
    },
}  # fmt: skip


def test_54_nobody_goes_before_coming(tmp_path: Path) -> None:
    rows = "a,m1,2026-03-03 10:00,2026-03-03 09:59\nb,m1,2026-03-03 10:00,2026-03-03 10:30\n"
    found = read(tmp_path, f"Who,Id,In,Out\n{rows}", ATTENDANCE)
    assert [(r.code, r.row_number) for r in found.rejected] == [("ends_before_start", 2)]
    assert len(found.tables["conversation_participant"]) == 1


def test_54_a_meeting_without_a_second_has_no_length_and_weaker_evidence(tmp_path: Path) -> None:
    rows = "a,m1,2026-03-03 10:00,2026-03-03 10:00\nb,m1,2026-03-03 10:00,2026-03-03 10:00\n"
    found = read(tmp_path, f"Who,Id,In,Out\n{rows}", ATTENDANCE)
    [talk] = found.tables["conversation"].to_dict("records")
    assert pd.isna(talk["duration_s"])
    assert talk["evidence"] == "platform_marked"


def test_63_who_reports_to_whom_is_read_and_strangers_are_not_made_people(tmp_path: Path) -> None:
    columns = {**PEOPLE["columns"], "Boss": {"to": "manager"}}
    rows = "ana@x.org,IT,bo@x.org\nbo@x.org,IT,BO@x.org\ncy@x.org,IT,Secret Name\ndi@x.org,IT,\n"
    found = read(tmp_path, f"Mail,Dept,Boss\n{rows}", {**PEOPLE, "columns": columns})
    assert found.rejected == []
    [line] = found.tables["reporting_line"].to_dict("records")
    assert line["person_id"] == pseudonym("ana@x.org")
    assert line["manager_person_id"] == pseudonym("bo@x.org")
    assert f"{line['valid_from']:%Y-%m-%d}" == PEOPLE["as_of"]
    assert "people listed as their own manager, taken to report to nobody: 1" in found.notes
    stranger = "rows whose manager is nobody in this list, taken without a manager: 1"
    assert stranger in found.notes
    assert "Secret" not in repr(found.notes)


def test_58_a_conversation_of_more_than_twelve_is_asked_about(tmp_path: Path) -> None:
    note = "conversations of more than 12 people (are they classes?): 1"
    for people, notes in ((12, []), (13, [note])):
        names = [f"P{number}" for number in range(people)]
        columns = {name: {"to": "person"} for name in names} | {"When": {"to": "actual_start_at"}}
        text = f"{','.join(names)},When\n{','.join(names)},2026-03-03 10:00\n"
        found = read(tmp_path, text, {**TALKS, "columns": columns})
        assert found.notes == notes
        assert len(found.tables["conversation_participant"]) == people
