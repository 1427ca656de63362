"""``connectors run``: sources beside each other, people across them, settings that do not fit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pandas import DataFrame
from sqlalchemy import create_engine, text

from connectors.__main__ import main
from connectors.contract import Rejected, SourceError
from connectors.sources.configuration import load_sources, secret
from connectors.sources.settling import Gathered, too_many
from connectors.sources.settling import settle_people as settle
from connectors.sources.sql import is_person
from schema import CANONICAL
from store.source_state import read_state
from tests.connectors.running import KEY, Home
from tests.connectors.test_icalendar import COMING, PAIR, calendar, event

CALENDAR = {"kind": "icalendar", "programme": "pairs"}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("WEFT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("WEFT_STORE_URL", raising=False)
    monkeypatch.setenv("WEFT_IDENTITY_KEY", KEY)
    monkeypatch.setenv("HR_URL", f"sqlite:///{tmp_path / 'hr.sqlite'}")
    engine = create_engine(f"sqlite:///{tmp_path / 'hr.sqlite'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE staff (mail TEXT)"))
        connection.execute(text("INSERT INTO staff VALUES ('BO@x.org'), ('al@x.org')"))
    engine.dispose()
    (tmp_path / "calendar.ics").write_text(calendar(COMING))
    return Home(tmp_path / "home")


def hr() -> dict:
    return {
        "kind": "sql",
        "url_from": "HR_URL",
        "select": {
            "programme": "SELECT 'pairs' AS programme_id, 'Pairs' AS label",
            "person": "SELECT mail AS person_id FROM staff",
        },
    }


def test_a_person_is_the_same_in_every_source(home: Home, tmp_path: Path) -> None:
    home.settings(hr=hr(), office={**CALENDAR, "file": str(tmp_path / "calendar.ics")})
    assert main(["run", "--once"]) == 0
    people = {key for (key,) in home.rows("person", "person_id")}
    seated = {key for (key,) in home.rows("conversation_participant", "person_id")}
    assert len(people) == 2
    assert seated == people
    assert main(["run", "--once"]) == 0
    assert {key for (key,) in home.rows("conversation_participant", "person_id")} == people


def test_undoing_a_run_leaves_the_seats_that_were_there_before_it_and_no_other(
    home: Home, tmp_path: Path
) -> None:
    soon = f"DTSTART:{datetime.now(UTC) + timedelta(days=7):%Y%m%dT090000Z}"
    third = "ATTENDEE:mailto:cy@x.org"
    home.prepare("bo@x.org", "al@x.org", "cy@x.org")
    home.settings(office={**CALENDAR, "file": str(tmp_path / "calendar.ics")})
    seats: list[list[tuple]] = [[]]
    for attendees in (PAIR, (*PAIR, third), PAIR):
        (tmp_path / "calendar.ics").write_text(calendar(event(*attendees, start=soon)))
        assert home.run() == 0
        seats.append(home.rows("conversation_participant", "conversation_id", "slot", "person_id"))
        assert main(["undo"]) == 0
        left = home.rows("conversation_participant", "conversation_id", "slot", "person_id")
        assert left == seats[-2]
        assert home.run() == 0
        again = home.rows("conversation_participant", "conversation_id", "slot", "person_id")
        assert again == seats[-1]
    # nobody, a pair, somebody more, and the pair again
    assert [len(found) for found in seats] == [0, 2, 3, 2]


def test_what_a_source_brought_can_be_taken_back_with_what_it_remembered(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    soon = f"DTSTART:{datetime.now(UTC) + timedelta(days=7):%Y%m%dT090000Z}"
    (tmp_path / "calendar.ics").write_text(calendar(event(*PAIR, start=soon)))
    home.prepare("bo@x.org", "al@x.org")
    home.settings(office={**CALENDAR, "file": str(tmp_path / "calendar.ics")})
    assert home.run() == 0
    first = home.rows("conversation", "conversation_id", "status")
    remembered = read_state(home.engine(), "office")
    # the meeting is gone from the calendar: the source takes it back
    (tmp_path / "calendar.ics").write_text(calendar())
    assert home.run() == 0
    assert home.rows("conversation", "conversation_id", "status") != first
    assert read_state(home.engine(), "office") != remembered
    assert main(["undo"]) == 0
    assert "Undone, run" in capsys.readouterr().out
    assert home.rows("conversation", "conversation_id", "status") == first
    assert read_state(home.engine(), "office") == remembered
    # the next run finds the same again
    assert home.run() == 0
    assert home.rows("conversation", "conversation_id", "status") != first


def test_59_people_whom_nobody_brought_are_unresolved_or_added_as_set(
    home: Home, tmp_path: Path
) -> None:
    home.prepare()
    office = {**CALENDAR, "file": str(tmp_path / "calendar.ics")}
    home.settings(office=office)
    assert home.run() == 0
    assert home.rows("conversation_participant", "slot", "person_id") == [(1, None), (2, None)]
    home.settings(office={**office, "unknown_people": "add"})
    assert home.run() == 0
    assert len(home.rows("person", "person_id")) == 2
    assert all(person for (person,) in home.rows("conversation_participant", "person_id"))


def test_t15_a_source_that_fails_does_not_keep_the_others_from_running(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    home.settings(
        first={**CALENDAR, "file": str(tmp_path / "nowhere.ics")},
        second=hr(),
    )
    assert main(["run", "--once"]) == 1
    assert "first: " in capsys.readouterr().err
    assert len(home.rows("person", "person_id")) == 2


def test_what_was_refused_leaves_the_state_where_it_was(home: Home, tmp_path: Path) -> None:
    # no programme yet: the calendar's rows point to nothing
    home.settings(office={**CALENDAR, "file": str(tmp_path / "calendar.ics")})
    assert home.run() == 1
    assert home.rows("conversation", "conversation_id") == []
    home.prepare()
    assert home.run() == 0
    assert len(home.rows("conversation", "conversation_id")) == 1


def test_an_unknown_source_is_named_with_those_there_are(
    home: Home, capsys: pytest.CaptureFixture
) -> None:
    home.settings(hr=hr())
    assert main(["run", "nobody", "--once"]) == 1
    assert "no source named nobody. Known are hr." in capsys.readouterr().err


def test_too_many_bad_rows_stop_a_delivery_and_a_few_never_do() -> None:
    def bad(count: int, good: int) -> Gathered:
        rejected = [Rejected("conversation", n, "", "x", "") for n in range(1, count + 1)]
        return Gathered({"conversation": DataFrame({"a": range(good)})}, rejected)

    assert not too_many(bad(20, 0), 0.5)
    assert too_many(bad(21, 20), 0.5)
    assert not too_many(bad(21, 22), 0.5)
    assert too_many(bad(1, 1_000), 0)
    assert too_many(Gathered({}, [Rejected("conversation", None, "", "x", "")]), 1)


def test_a_row_that_needs_a_person_waits_until_the_person_is_known() -> None:
    frame = DataFrame({"activity_id": ["a", "b"], "person_id": ["p", "q"], "row_number": [1, 2]})
    gathered = Gathered({"learning_activity": frame})
    settle(gathered, {"p"}, add=False)
    assert list(gathered.tables["learning_activity"]["activity_id"]) == ["a"]
    assert [(row.row_number, row.code) for row in gathered.rejected] == [(2, "unknown_person")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hr: [", "line 1: this is not YAML"),
        ("hr: {kind: fax}", "does not match any of the expected tags"),
        ("HR!: {kind: sql}", "should match pattern"),
        ("hr: {kind: sql, url_from: 'postgresql://u:s3cret@x', select: {person: x}}",
         "should match pattern"),
        ("hr: {kind: sql, url_from: HR, select: {people: x}}", "expected a canonical table"),
        ("hr: {kind: sql, url_from: HR, select: {person: x}, password: s3cret}",
         "extra inputs are not permitted"),
        ("o: {kind: icalendar, programme: p}", "expected either file or address_from"),
        ("o: {kind: icalendar, programme: p, file: x, zone: Berlin}", "expected an IANA time zone"),
    ],
)  # fmt: skip
def test_settings_that_do_not_fit_are_named_and_never_repeated(
    tmp_path: Path, text: str, words: str
) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text(text)
    with pytest.raises(SourceError, match=words) as refused:
        load_sources(file)
    assert "s3cret" not in str(refused.value)


def test_a_relative_path_is_meant_from_the_folder_of_the_settings(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text("hr: {kind: drop_folder, folder: landing}")
    found = load_sources(file)["hr"]
    assert found.folder == tmp_path / "landing"


def test_a_file_that_is_not_there_and_a_variable_that_is_not_set_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no such file"):
        load_sources(tmp_path / "sources.yaml")
    with pytest.raises(SourceError, match="WEFT_TEST_NOWHERE is not set"):
        secret("WEFT_TEST_NOWHERE")


def test_every_table_that_points_to_a_person_is_settled() -> None:
    pointing = {
        (name, column.name)
        for name, table in CANONICAL.items()
        for column in table.columns
        if column.info.get("to") == "person.person_id"
    }
    assert all(is_person(*one) for one in pointing)
    assert is_person("person", "person_id")
    assert not is_person("conversation", "topic_code")
