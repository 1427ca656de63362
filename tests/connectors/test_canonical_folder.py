"""A folder of canonical files: what is accepted, what is refused, and in which words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from connectors.canonical_folder import CanonicalFolder
from connectors.contract import SourceError
from schema import CANONICAL
from tests.connectors.small_files import FILES, gather, write_csv, write_one, write_parquet

TALK = "conversation_id,programme_id,actual_start_at,status,evidence,duration_s\n"
GOOD_TALK = "k1,pairs,2026-01-12T14:30:00+01:00,completed,attendance,1800\n"
RATING = "rating_id,person_id,rater_kind,skill_code,wave_id,scale_min,scale_max,value_num,state,"
RATING += "rated_on\n"
BACK = RATING.replace("wave_id,", "wave_id,about_wave_id,")
IN_A_WEEK = (datetime.now(UTC) + timedelta(days=7)).isoformat()
STATE = "person_id,attribute_code,valid_from,value_code,state\n"


def talk(start: str = "2026-01-12T14:30:00Z", rest: str = "completed,attendance,1800") -> str:
    return f"{TALK}k1,pairs,{start},{rest}\n"


def person(*rows: str) -> str:
    return "person_id,kind\n" + "".join(f"{row}\n" for row in rows)


COHORT = "cohort_id,programme_id,label,starts_on\n"

BAD_ROWS = {
    "naive instant": ("conversation", talk("2026-01-12T14:30:00"), "no_time_zone"),
    "naive instant without seconds": ("conversation", talk("2026-01-12 14:30"), "no_time_zone"),
    "month 13": ("conversation", talk("2026-13-12T14:30:00Z"), "not_an_instant"),
    "a date where an instant is due": ("conversation", talk("2026-01-12"), "not_an_instant"),
    "no start at all": ("conversation", talk(""), "no_start"),
    "completed without evidence": ("conversation", talk(rest="completed,none,9"), "no_evidence"),
    "completed next week": ("conversation", talk(IN_A_WEEK), "completed_in_future"),
    "longer than a day": ("conversation", talk(rest="completed,attendance,90000"), "out_of_range"),
    "shorter than nothing": ("conversation", talk(rest="completed,attendance,-1"), "out_of_range"),
    "half a second": ("conversation", talk(rest="completed,attendance,1.5"), "not_whole"),
    "beyond 32 bits": ("conversation", talk(rest="completed,attendance,3000000000"),
                       "out_of_range"),
    "unknown word": ("conversation", talk(rest="Completed,attendance,9"), "not_allowed"),
    "empty required cell": ("conversation", talk(rest=",attendance,9"), "empty"),
    "missing cells at the end": ("conversation", talk(rest="completed"), "empty"),
    "extra cell": ("conversation", talk(rest="completed,attendance,9,9"), "too_many_cells"),
    "unknown zone": (
        "conversation",
        talk(rest="completed,attendance,CET2").replace("duration_s", "tz"),
        "unknown_zone",
    ),
    "unknown zone of a location": (
        "attribute_value_def",
        "attribute_code,value_code,label,tz\ng,w,Women,Lisbon\n",
        "unknown_zone",
    ),
    "key too long": ("person", person("p" * 81 + ",employee"), "too_long"),
    "key shortened by a spreadsheet": ("person", person("1.23E+19,employee"), "shortened_number"),
    "not a flag": ("organisation", "org_id,label,is_external\na,A,maybe\n", "not_a_flag"),
    "day and month swapped": ("cohort", COHORT + "c,p,C,03/04/2026\n",
                              "not_a_date"),
    "29 February of a common year": (
        "cohort", COHORT + "c,p,C,2026-02-29\n", "not_a_date"),
    "spreadsheet serial": ("cohort", COHORT + "c,p,C,46082\n",
                           "not_a_date"),
    "ends before it starts": (
        "cohort",
        "cohort_id,programme_id,label,starts_on,ends_on\nc,p,C,2026-03-01,2026-02-01\n",
        "ends_before_start",
    ),
    "value that holds for no day": (
        "person_attribute",
        "person_id,attribute_code,valid_from,valid_to,value_code\np1,g,2026-01-01,2026-01-01,w\n",
        "not_after",
    ),
    "1900 as a day": ("employment_spell", "person_id,spell_no,hired_on\np,1,1900-01-01\n",
                      "placeholder_date"),
    "hired in 1949": ("employment_spell", "person_id,spell_no,hired_on\np,1,1949-12-31\n",
                      "placeholder_date"),
    "somebody who is their own manager": (
        "reporting_line", "person_id,valid_from,manager_person_id\np,2026-01-01,p\n",
        "own_manager"),
    "prefer not to say with a value": (
        "person_attribute", STATE + "p1,gender,2026-01-01,w,prefer_not_to_say\n",
        "state_contradicts"),
    "given without a value": (
        "person_attribute", STATE + "p1,gender,2026-01-01,,given\n", "state_contradicts"),
    "rating 9 on 1 to 5": ("skill_rating", RATING + "r,p1,self,s,w,1,5,9,given,2026-01-01\n",
                           "out_of_scale"),
    "rating 0 on 1 to 5": ("skill_rating", RATING + "r,p1,self,s,w,1,5,0,given,2026-01-01\n",
                           "out_of_scale"),
    "scale upside down": ("skill_rating", RATING + "r,p1,self,s,w,5,1,3,given,2026-01-01\n",
                          "not_after"),
    "rating with a decimal comma": (
        "skill_rating", RATING + 'r,p1,self,s,w,1,5,"4,5",given,2026-01-01\n', "decimal_comma"),
    "rating in words": ("skill_rating", RATING + "r,p1,self,s,w,1,5,good,given,2026-01-01\n",
                        "not_a_number"),
    "rating that is not finite": (
        "skill_rating", RATING + "r,p1,self,s,w,1,5,1e400,given,2026-01-01\n", "not_a_number"),
    "nan as a rating": ("skill_rating", RATING + "r,p1,self,s,w,1,5,nan,given,2026-01-01\n",
                        "not_a_number"),
    "looking back at its own wave": (
        "skill_rating", BACK + "r,p1,self,s,w,w,1,5,3,given,2026-01-01\n", "looks_back_at_itself"),
    "a peer who looks back": (
        "skill_rating", BACK + "r,p1,peer,s,w,v,1,5,3,given,2026-01-01\n", "not_own_view"),
    "answer without content": (
        "answer", "response_id,item_id,state\ns1,q1,given\n", "state_contradicts"),
}  # fmt: skip


@pytest.mark.parametrize(("table", "content", "code"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_bad_row_is_refused_with_its_line_and_its_reason(
    table: str, content: str, code: str, tmp_path: Path
) -> None:
    frames, rejected, _ = gather(write_one(tmp_path, **{table: content}))
    assert [(r.table, r.row_number, r.code) for r in rejected if r.code == code] == [
        (table, 2, code)
    ]
    assert frames[table].empty
    assert all(text.endswith("aside.") for text in (r.message for r in rejected))


BAD_FILES = {
    "empty": ("person", b"", "empty_file"),
    "blank lines only": ("person", b"\n\n", "empty_file"),
    "NUL byte": ("person", b"person_id\np1\x00\n", "nul_byte"),
    "unclosed quotation mark": ("person", b'person_id,kind\n"p1,employee\n', "unclosed_quote"),
    "unknown column": ("person", b"person_id,knid\np1,employee\n", "unknown_column"),
    "column without a name": ("person", b"person_id,\np1,x\n", "unknown_column"),
    "doubled column": ("person", b"person_id,kind,kind\np1,employee,employee\n", "doubled_column"),
    "missing column": ("person", b"kind\nemployee\n", "missing_column"),
    "no header": ("person", b"p1,employee\np2,employee\n", "no_header"),
    "neither UTF-8 nor Windows-1252": ("person", b"person_id\np\x81\n", "encoding"),
}


@pytest.mark.parametrize(("table", "content", "code"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_is_refused_as_a_whole(
    table: str, content: bytes, code: str, tmp_path: Path
) -> None:
    frames, rejected, _ = gather(write_one(tmp_path, **{table: content}))
    assert [(r.table, r.row_number, r.code) for r in rejected] == [(table, None, code)]
    assert frames[table].empty


def test_the_small_organisation_is_accepted_whole(tmp_path: Path) -> None:
    frames, rejected, _ = gather(write_csv(tmp_path))
    assert rejected == []
    assert list(frames) == list(CANONICAL)
    assert {name: len(frame) for name, frame in frames.items()} == {
        name: text.count("\n") - 1 for name, text in FILES.items()
    }


def test_csv_and_parquet_give_equal_frames(tmp_path: Path) -> None:
    from_csv, *_ = gather(write_csv(tmp_path / "csv"))
    from_parquet, rejected, _ = gather(write_parquet(tmp_path / "parquet"))
    assert rejected == []
    for name, frame in from_csv.items():
        pd.testing.assert_frame_equal(
            frame.drop(columns="row_number"), from_parquet[name].drop(columns="row_number")
        )


def test_nothing_is_guessed_about_keys(tmp_path: Path) -> None:
    people = gather(write_csv(tmp_path))[0]["person"]
    assert people["person_id"].tolist() == ["p1", "p2", "00123", "NA"]


def test_an_instant_is_kept_as_utc_with_its_fraction(tmp_path: Path) -> None:
    frames, *_ = gather(write_csv(tmp_path))
    assert frames["conversation"]["actual_start_at"][0] == pd.Timestamp("2026-01-12T13:30Z")
    assert frames["response"]["submitted_at"][0] == pd.Timestamp("2026-01-12T15:00:00.25Z")


def test_the_last_day_of_year_9999_means_open_end(tmp_path: Path) -> None:
    spells = gather(write_csv(tmp_path))[0]["employment_spell"]
    assert spells["left_on"].isna().all()


def test_an_absent_column_takes_its_default(tmp_path: Path) -> None:
    frames, *_ = gather(write_csv(tmp_path))
    assert frames["person"]["kind"].tolist() == ["employee"] * 4
    assert frames["match_pool"]["pool_code"].tolist() == ["all", "all"]
    assert frames["item_option"]["sort"].tolist() == [0, 0]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_common_text_files_are_read_alike(
    delimiter: str, ends: str, encoding: str, tmp_path: Path
) -> None:
    text = "org_id,label\nz,Zoë\n".replace(",", delimiter).replace("\n", ends)
    frames, rejected, notes = gather(write_one(tmp_path, organisation=text.encode(encoding)))
    assert rejected == []
    assert frames["organisation"]["label"].tolist() == ["Zoë"]
    assert any("Windows-1252" in note for note in notes["organisation"]) == (encoding == "cp1252")


def test_a_file_encoded_twice_is_noticed(tmp_path: Path) -> None:
    twice = "org_id,label\na,François\n".encode().decode("cp1252").encode()
    assert "line 2" in gather(write_one(tmp_path, organisation=twice))[2]["organisation"][0]


def test_a_header_without_rows_is_fine_and_noted(tmp_path: Path) -> None:
    frames, rejected, notes = gather(write_one(tmp_path, outcome=FILES["outcome"].split("\n")[0]))
    assert rejected == []
    assert frames["outcome"].empty
    assert notes["outcome"] == ("the file has a header and no rows",)


def test_row_numbers_are_lines_even_after_blank_lines_and_breaks_in_cells(tmp_path: Path) -> None:
    text = 'org_id,label\n\na,"A\nand B"\nb,B\n\n\nc,\n'
    frames, rejected, _ = gather(write_one(tmp_path, organisation=text))
    assert frames["organisation"]["row_number"].tolist() == [3, 5]
    assert [(r.row_number, r.column) for r in rejected] == [(8, "label")]


def test_typographic_signs_in_cells_are_made_plain(tmp_path: Path) -> None:
    text = "person_id,outcome_code,as_of_on,value_num\n\u200bp1\u00a0,e\u0301,2026-01-01,\u22123\n"
    row = gather(write_one(tmp_path, outcome=text))[0]["outcome"].iloc[0]
    assert (row["person_id"], row["outcome_code"], row["value_num"]) == ("p1", "é", -3.0)


@pytest.mark.parametrize(
    ("word", "meaning"),
    [("true", True), ("1", True), ("YES", True), ("False", False), ("0", False), ("no", False)],
)
def test_yes_and_no_are_read_in_their_usual_spellings(
    word: str, meaning: bool, tmp_path: Path
) -> None:
    text = f"org_id,label,is_external\na,A,{word}\n"
    assert (
        gather(write_one(tmp_path, organisation=text))[0]["organisation"]["is_external"][0]
        is (meaning)
        or bool(gather(tmp_path)[0]["organisation"]["is_external"][0]) == meaning
    )


def test_identical_rows_are_counted_once(tmp_path: Path) -> None:
    text = person("p1,employee", "p1,employee", "p1,", "p2,external")
    frames, rejected, notes = gather(write_one(tmp_path, person=text))
    assert rejected == []
    assert frames["person"]["person_id"].tolist() == ["p1", "p2"]
    assert notes["person"][0].startswith("2 repeated rows")


def test_rows_with_one_key_and_different_content_are_all_set_aside(tmp_path: Path) -> None:
    text = person("p1,employee", "p2,employee", "p1,external")
    frames, rejected, _ = gather(write_one(tmp_path, person=text))
    assert [(r.row_number, r.code) for r in rejected] == [
        (2, "duplicate_key"),
        (4, "duplicate_key"),
    ]
    assert frames["person"]["person_id"].tolist() == ["p2"]


def test_an_unknown_column_is_answered_with_the_nearest_one(tmp_path: Path) -> None:
    rejected = gather(write_one(tmp_path, person="person_id,Knid\np1,employee\n"))[1]
    assert rejected[0].column == "Knid"
    assert "kind (did you mean this?)" in rejected[0].message


def test_an_unknown_file_is_refused_with_the_nearest_table(tmp_path: Path) -> None:
    write_csv(tmp_path)
    (tmp_path / "persons.csv").write_text("person_id\np9\n")
    (tmp_path / "README.md").write_text("not a data file: no concern of ours")
    rejected = gather(tmp_path)[1]
    assert [(r.table, r.code) for r in rejected] == [("persons.csv", "unknown_file")]
    assert "person (did you mean this?)" in rejected[0].message


def test_two_files_for_one_table_are_refused(tmp_path: Path) -> None:
    write_parquet(write_csv(tmp_path), {"person": FILES["person"]})
    assert [(r.table, r.code) for r in gather(tmp_path)[1]] == [("person", "two_files")]


def test_a_workbook_is_refused_with_the_remedy(tmp_path: Path) -> None:
    write_csv(tmp_path)
    (tmp_path / "person.csv").rename(tmp_path / "person.xlsx")
    rejected = gather(tmp_path)[1]
    assert [(r.table, r.code) for r in rejected] == [("person", "file_ending")]
    assert "Save it as CSV" in rejected[0].message


def test_a_damaged_parquet_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "person.parquet").write_bytes(b"PAR1 and nothing else")
    assert [r.code for r in gather(tmp_path)[1]] == ["not_parquet"]


def test_a_naive_parquet_instant_is_refused(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "cohort_id": ["c1"],
            "round_no": [1],
            "run_at": pd.to_datetime(["2026-01-05 09:00"]),
        }
    )
    frame.to_parquet(tmp_path / "match_round.parquet")
    assert [r.code for r in gather(tmp_path)[1]] == ["no_time_zone"]


def test_the_wrong_folder_is_named_with_what_was_expected(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_bytes(b"")
    with pytest.raises(SourceError, match=r"none of its 1 files .* such as person\.csv"):
        list(CanonicalFolder(tmp_path).batches())


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such folder"):
        list(CanonicalFolder(tmp_path / "nowhere").batches())


CANARY = "Quetzalcoatl"


@pytest.mark.parametrize("name", CANONICAL)
def test_no_cell_ever_stands_in_a_message(name: str, tmp_path: Path) -> None:
    header, first, *_ = FILES[name].split("\n")
    names, cells = header.split(","), first.split(",")
    for position in range(len(names)):
        for canary in (CANARY, CANARY * 40, f"{CANARY}\x01", f"2026-01-01T00:00:00{CANARY}"):
            planted = [*cells[:position], canary, *cells[position + 1 :]]
            text = "\n".join([header, ",".join(planted), ",".join([*planted, CANARY])])
            (tmp_path / f"{name}.csv").write_text(text)
            _, rejected, notes = gather(tmp_path)
            assert rejected
            assert CANARY not in repr(rejected) + repr(notes)


def test_the_search_for_a_planted_word_can_find_one(tmp_path: Path) -> None:
    frames, *_ = gather(write_one(tmp_path, organisation=f"org_id,label\na,{CANARY}\n"))
    assert CANARY in repr(frames)


def test_a_file_without_header_does_not_show_its_first_person(tmp_path: Path) -> None:
    (tmp_path / "person.csv").write_text(f"{CANARY},employee\np2,employee\n")
    assert CANARY not in repr(gather(tmp_path)[1])
