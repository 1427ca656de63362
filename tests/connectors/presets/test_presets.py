"""Each service's export is recognised by its column names and becomes the right rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connectors.mapping.mapped_file import MappedFile
from connectors.mapping.model import mapping_of
from connectors.mapping.recognition import recognise
from tests.connectors.mapping.small_mapped import NOW, PSEUDONYMS, Result, pseudonym
from tests.connectors.presets.exports import EXPORTS, ZOOM_UNIQUE

PEOPLE_IN_FILES = ("ana@", "bo@", "host@", "Guest of", "192.0.2", "52.5", "Ana")
FILLED_IN: dict[str, dict[str, Any]] = {
    # what a person answers to "still needed"
    "programme": {"code": "pairs", "label": "Pairs"},
    "cohort": {"code": "c1", "label": "Spring"},
    "instrument": {"code": "pulse", "label": "Pulse", "kind": "pulse"},
}


def taken(tmp_path: Path, key: str, **more: Any) -> Result:
    file = tmp_path / "export.csv"
    content = EXPORTS[key]
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = recognise(file)
    proposed = found.mapping.model_dump(mode="json", exclude_defaults=True)
    return Result(file, {**proposed, **more})


@pytest.mark.parametrize("key", EXPORTS)
def test_every_export_is_recognised_and_names_nobody(tmp_path: Path, key: str) -> None:
    file = tmp_path / "export.csv"
    content = EXPORTS[key]
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = recognise(file)
    assert found.layout == key
    assert found.words.startswith("This looks like ")
    for word in PEOPLE_IN_FILES:
        assert word not in repr(found)
        assert not any(word in sample for guess in found.columns for sample in guess.samples)


def test_a_zoom_report_is_one_meeting_with_a_seat_for_the_guest(tmp_path: Path) -> None:
    found = taken(
        tmp_path, "zoom_participants", timezone="America/New_York", programme=FILLED_IN["programme"]
    )
    assert found.rejected == []
    talk = found.tables["conversation"].iloc[0]
    # 10:00:05 in New York on 13 March 2026 is daylight time, four hours behind UTC
    assert f"{talk['actual_start_at']:%Y-%m-%d %H:%M:%S}" == "2026-03-13 14:00:05"
    # the last one leaves at 10:45:10
    assert talk["duration_s"] == 2705
    assert (talk["status"], talk["evidence"]) == ("completed", "attendance")
    seats = found.tables["conversation_participant"]
    # two people, one of whom came twice, and one guest
    assert len(seats) == 3
    assert set(seats["person_id"].dropna()) == {
        pseudonym("ana@acme.org"),
        pseudonym("bo@acme.org"),
    }


def test_zooms_list_of_unique_users_takes_its_time_from_above(tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_text(ZOOM_UNIQUE, encoding="utf-8")
    found = recognise(file)
    assert found.layout == "zoom_participants"
    proposed = found.mapping.model_dump(mode="json", exclude_defaults=True)
    result = Result(file, {**proposed, "timezone": "UTC", "programme": FILLED_IN["programme"]})
    assert result.rejected == []
    assert list(result.tables["conversation"]["duration_s"]) == [46 * 60]
    assert len(result.tables["conversation_participant"]) == 2


def test_a_teams_report_gives_its_participants_alone(tmp_path: Path) -> None:
    found = taken(tmp_path, "teams_attendance", timezone="UTC", programme=FILLED_IN["programme"])
    assert found.rejected == []
    assert len(found.tables["conversation_participant"]) == 2
    # from 10:00:05 to 10:45:10
    assert list(found.tables["conversation"]["duration_s"]) == [2705]


@pytest.mark.parametrize(
    "key, people",
    [("qualtrics", 2), ("qualtrics_legacy", 2), ("surveymonkey", 2), ("microsoft_forms", 1),
     ("google_forms", 2)],
)  # fmt: skip
def test_17_surveys_give_responses_and_the_answers_that_a_person_matched(
    tmp_path: Path, key: str, people: int
) -> None:
    file = tmp_path / "export.csv"
    content = EXPORTS[key]
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = recognise(file)
    question = next(g for g in found.columns if g.target and g.target.to == "answer")
    # an answer is never taken over without a person's word
    assert question.certainty == "suggestion"
    proposed = found.mapping.model_dump(mode="json", exclude_defaults=True)
    proposed["columns"][question.name] = question.target.model_dump(exclude_defaults=True)
    proposed.setdefault("timezone", "UTC")
    result = Result(file, {**proposed, "instrument": FILLED_IN["instrument"]})
    assert result.rejected == []
    assert len(result.tables["response"]) == 2
    assert result.tables["response"]["person_id"].notna().sum() == people
    assert sorted(result.tables["answer"]["value_num"]) == [4.0, 5.0]


def test_qualtrics_says_its_time_zone_itself(tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_text(str(EXPORTS["qualtrics"]), encoding="utf-8")
    assert recognise(file).mapping.timezone == "Europe/Berlin"


def test_google_forms_offsets_are_honoured(tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_text(str(EXPORTS["google_forms"]), encoding="utf-8")
    found = recognise(file)
    assert not found.naive_times
    base = found.mapping.model_dump(mode="json", exclude_defaults=True)
    question = next(g for g in found.columns if g.target and g.target.to == "answer")
    base["columns"][question.name] = question.target.model_dump(exclude_defaults=True)
    mapping = mapping_of({**base, "instrument": FILLED_IN["instrument"]}, "test")
    batches = {b.table: b.frame for b in MappedFile(file, mapping, PSEUDONYMS, now=NOW).batches()}
    # tests take place before September 2026, which only matters for conversations
    first = batches["response"]["submitted_at"].min()
    assert f"{first:%H:%M}" == "12:00"


def test_chronus_pairs_have_a_mentor_and_a_mentee(tmp_path: Path) -> None:
    found = taken(
        tmp_path, "chronus_pairs", cohort=FILLED_IN["cohort"], programme=FILLED_IN["programme"],
        as_of="2026-03-01",
    )  # fmt: skip
    assert found.rejected == []
    members = found.tables["match_member"]
    assert len(found.tables["match"]) == 2
    ana = members[members["person_id"] == pseudonym("ana@acme.org")]
    assert list(ana["role"]) == ["mentor", "mentor"]


def test_together_people_bring_properties_and_employment(tmp_path: Path) -> None:
    found = taken(tmp_path, "together_people", as_of="2026-03-01")
    assert found.rejected == []
    assert set(found.tables["attribute_def"]["attribute_code"]) == {
        "function",
        "location",
        "gender",
    }
    assert found.tables["employment_spell"]["left_on"].notna().sum() == 1
    assert len(found.tables["person_attribute"]) == 6


def test_viva_ties_are_conversations_with_both_sides_properties(tmp_path: Path) -> None:
    found = taken(
        tmp_path, "viva_person_to_person", as_of="2026-04-01", programme=FILLED_IN["programme"]
    )
    assert found.rejected == []
    assert len(found.tables["conversation"]) == 2
    assert len(found.tables["conversation_participant"]) == 4
    # three people, one unit each; the unit is defined once
    assert len(found.tables["person_attribute"]) == 3
    assert len(found.tables["attribute_def"]) == 1
