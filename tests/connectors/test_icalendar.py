"""Calendars: who planned to meet, when, in whose clock, and what a calendar cannot know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.contract import SourceError
from connectors.sources.configuration import IcalendarSettings
from connectors.sources.icalendar import CalendarSource
from tests.connectors.fake_service import Asked, FakeService, Reply, fake_service
from tests.connectors.running import Home, by_table, door, pseudonym, reasons

BO, AL, CY = "bo@x.org", "al@x.org", "cy@x.org"
PAIR = ("ATTENDEE;PARTSTAT=ACCEPTED:mailto:bo@x.org", "ATTENDEE:MAILTO:Al@X.org")


def event(*lines: str, uid: str = "u1", start: str = "DTSTART:20261102T090000Z") -> str:
    """Return the text of one event, a talk of two people unless other lines say otherwise."""
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", start, *lines, "END:VEVENT"])


def calendar(*events: str) -> str:
    """Return the text of a calendar."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//EN"]
    return "\r\n".join([*head, *events, "END:VCALENDAR", ""])


def source(tmp_path: Path, text: str | bytes, state: dict | None = None, **changed):
    """Return the source for a calendar in a file; the run begins on 6 November 2026, 12:00 UTC."""
    file = tmp_path / "calendar.ics"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    chosen = {"zone": "Europe/Berlin", "programme": "pairs", **changed}
    settings = IcalendarSettings(kind="icalendar", file=file, **chosen)
    return CalendarSource("office", settings, state or {}, door())


def talks(tmp_path: Path, text: str, **changed) -> list[tuple[str, str, str]]:
    """Return start (UTC), status and evidence of every conversation, in order of time."""
    frames = by_table(list(source(tmp_path, text, **changed).batches()))
    found = frames["conversation"].sort_values("scheduled_start_at")
    starts = found["scheduled_start_at"].dt.strftime("%m-%d %H:%M")
    return list(zip(starts, found["status"], found["evidence"], strict=True))


def test_a_meeting_that_has_passed_is_never_completed_by_itself(tmp_path: Path) -> None:
    text = calendar(event(*PAIR), event(*PAIR, uid="u2", start="DTSTART:20261109T090000Z"))
    assert talks(tmp_path, text) == [
        ("11-02 09:00", "unknown", "assumed_from_schedule"),
        ("11-09 09:00", "scheduled", "none"),
    ]


def test_seats_are_pseudonyms_whatever_the_spelling_of_the_mail(tmp_path: Path) -> None:
    lines = (*PAIR, "ATTENDEE;CUTYPE=ROOM:mailto:room7@x.org", "ORGANIZER:mailto:bo@x.org")
    frames = by_table(list(source(tmp_path, calendar(event(*lines))).batches()))
    seats = frames["conversation_participant"]
    assert list(seats["person_id"]) == sorted([pseudonym(BO), pseudonym(AL)])
    assert list(seats["slot"]) == [1, 2]
    assert "x.org" not in frames["conversation"].to_csv() + seats.to_csv()


def test_a_weekly_meeting_keeps_its_hour_when_the_clocks_change(tmp_path: Path) -> None:
    # Berlin left summer time on 25 October 2026: 9:00 was 7:00 UTC before and is 8:00 UTC after
    start = "DTSTART;TZID=Europe/Berlin:20261019T090000"
    text = calendar(event("RRULE:FREQ=WEEKLY;COUNT=3", *PAIR, start=start))
    assert [start for start, _, _ in talks(tmp_path, text)] == [
        "10-19 07:00", "10-26 08:00", "11-02 08:00"
    ]  # fmt: skip


def test_a_windows_zone_name_is_understood(tmp_path: Path) -> None:
    start = "DTSTART;TZID=W. Europe Standard Time:20261019T090000"
    assert talks(tmp_path, calendar(event(*PAIR, start=start)))[0][0] == "10-19 07:00"


def test_a_floating_time_is_in_the_zone_of_the_settings(tmp_path: Path) -> None:
    text = calendar(event(*PAIR, start="DTSTART:20261102T090000"))
    assert talks(tmp_path, text)[0][0] == "11-02 08:00"
    assert talks(tmp_path, text, zone="Asia/Kolkata")[0][0] == "11-02 03:30"


def test_dates_left_out_moved_and_cancelled(tmp_path: Path) -> None:
    # 5 Mondays from 5 October: one left out, one moved to Tuesday, one cancelled after moving
    start = "DTSTART;TZID=Europe/Berlin:20261005T090000"
    master = event("RRULE:FREQ=WEEKLY;COUNT=5", "EXDATE;TZID=Europe/Berlin:20261012T090000",
                   *PAIR, start=start)  # fmt: skip
    moved = event("RECURRENCE-ID;TZID=Europe/Berlin:20261019T090000", *PAIR,
                  start="DTSTART;TZID=Europe/Berlin:20261020T100000")  # fmt: skip
    cancelled = event("RECURRENCE-ID;TZID=Europe/Berlin:20261026T090000", "STATUS:CANCELLED", *PAIR,
                      start="DTSTART;TZID=Europe/Berlin:20261027T090000")  # fmt: skip
    found = [(start, status) for start, status, _ in
             talks(tmp_path, calendar(moved, master, cancelled))]  # fmt: skip
    assert found == [
        ("10-05 07:00", "unknown"),
        ("10-12 07:00", "cancelled"),
        ("10-20 08:00", "unknown"),
        ("10-27 08:00", "cancelled"),
        ("11-02 08:00", "unknown"),
    ]


def test_a_moved_meeting_keeps_its_key(tmp_path: Path) -> None:
    start = "DTSTART:20261019T090000Z"
    series = event("RRULE:FREQ=WEEKLY;COUNT=1", *PAIR, start=start)
    moved = event("RECURRENCE-ID:20261019T090000Z", *PAIR, start="DTSTART:20261021T090000Z")
    first = by_table(list(source(tmp_path, calendar(series)).batches()))["conversation"]
    later = by_table(list(source(tmp_path, calendar(series, moved)).batches()))["conversation"]
    assert list(first["conversation_id"]) == list(later["conversation_id"])


def test_the_latest_version_of_an_event_wins(tmp_path: Path) -> None:
    old = event("SEQUENCE:1", *PAIR)
    new = event("SEQUENCE:2", *PAIR, start="DTSTART:20261103T090000Z")
    assert [start for start, _, _ in talks(tmp_path, calendar(new, old))] == ["11-03 09:00"]


def test_a_rule_ends_with_its_last_day_and_may_name_further_dates(tmp_path: Path) -> None:
    rule = ("RRULE:FREQ=WEEKLY;UNTIL=20261026T090000Z", "RDATE:20261028T150000Z")
    text = calendar(event(*rule, *PAIR, start="DTSTART:20261019T090000Z"))
    found = [start for start, _, _ in talks(tmp_path, text)]
    assert found == ["10-19 09:00", "10-26 09:00", "10-28 15:00"]


def test_a_rule_without_end_is_read_within_the_window_only(tmp_path: Path) -> None:
    text = calendar(event("RRULE:FREQ=DAILY", *PAIR, start="DTSTART:19900101T090000Z"))
    # 9:00 on each day from 9 days before 6 November, 12:00, to 10 days after
    assert len(talks(tmp_path, text, past_days=9, future_days=10)) == 19


def test_a_meeting_that_everybody_declined_is_cancelled(tmp_path: Path) -> None:
    lines = [f"ATTENDEE;PARTSTAT=DECLINED:mailto:{mail}" for mail in (BO, AL)]
    text = calendar(event(*lines, "ORGANIZER:mailto:cy@x.org"))
    assert talks(tmp_path, text)[0][1:] == ("cancelled", "none")


def test_the_organiser_has_a_seat_unless_an_office_invites(tmp_path: Path) -> None:
    text = calendar(event(*PAIR, f"ORGANIZER:mailto:{CY}"))
    seats = by_table(list(source(tmp_path, text).batches()))["conversation_participant"]
    assert pseudonym(CY) in set(seats["person_id"])
    office = source(tmp_path, text, organiser_takes_part=False)
    seats = by_table(list(office.batches()))["conversation_participant"]
    assert set(seats["person_id"]) == {pseudonym(BO), pseudonym(AL)}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (event(*PAIR).replace("UID:u1\r\n", ""), "no_uid"),
        (event(*PAIR, start="DTSTART:yesterday"), "unreadable"),
        (event(*PAIR, start="DTSTART;VALUE=DATE:20261102"), "all_day"),
        (event(*PAIR, "DTEND:20261102T080000Z"), "ends_early"),
        (event(*PAIR, "RRULE:FREQ=MINUTELY"), "too_frequent"),
    ],
)
def test_an_event_that_is_no_meeting_is_set_aside_and_the_others_are_read(
    tmp_path: Path, text: str, code: str
) -> None:
    batches = list(source(tmp_path, calendar(text, event(*PAIR, uid="u2"))).batches())
    assert reasons(batches) == [(1, code)]
    assert len(by_table(batches)["conversation"]) == 1


def test_an_event_with_one_guest_is_left_out_and_counted(tmp_path: Path) -> None:
    batches = list(source(tmp_path, calendar(event(PAIR[0]))).batches())
    assert batches[0].notes == ("events left out, since fewer than two people are invited: 1",)
    assert by_table(batches)["conversation"].empty


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<html>log in</html>", "found no calendar"),
        ("", "found no calendar"),
        (calendar(event(*PAIR))[:-20], "breaks off"),
        (b"\xff\xfe\x00", "found no calendar"),
    ],
)
def test_what_is_no_whole_calendar_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        list(source(tmp_path, text).batches())


COMING = event(*PAIR, uid="u9", start="DTSTART:20261120T090000Z")


def test_a_coming_meeting_that_is_gone_from_the_calendar_is_cancelled(tmp_path: Path) -> None:
    first = source(tmp_path, calendar(event(*PAIR), COMING))
    list(first.batches())
    second = source(tmp_path, calendar(), first.memory.state)
    assert next(iter(second.batches())).notes == (
        "coming meetings gone and therefore cancelled: 1",
    )
    assert second.memory.withdrawn == {"conversation": set(first.memory.state["coming"])}


def test_an_emptied_calendar_is_no_mass_cancellation(tmp_path: Path) -> None:
    many = [event(*PAIR, uid=f"m{n}", start="DTSTART:20261120T090000Z") for n in range(30)]
    first = source(tmp_path, calendar(*many))
    list(first.batches())
    second = source(tmp_path, calendar(), first.memory.state)
    assert (
        "coming meetings gone at once, none of them cancelled: 30" in next(second.batches()).notes
    )
    assert second.memory.withdrawn == {}
    assert len(second.memory.state["coming"]) == 30


@pytest.fixture
def service() -> Iterator[FakeService]:
    with fake_service() as started:
        yield started


def fetched(service: FakeService, state: dict) -> CalendarSource:
    settings = IcalendarSettings(kind="icalendar", address_from="CALENDAR", programme="pairs")
    at_door = door({"CALENDAR": f"{service.address}/private-t0ken/basic.ics"})
    return CalendarSource("office", settings, state, at_door)


def test_an_unchanged_calendar_is_not_fetched_again_until_a_meeting_has_passed(
    service: FakeService,
) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.headers.get("If-None-Match") == '"v1"':
            return Reply(None, 304)
        return Reply(calendar(COMING), headers={"ETag": '"v1"'}, kind="text/calendar")

    service.at("/private-t0ken/basic.ics", answer)
    first = fetched(service, {})
    assert len(by_table(list(first.batches()))["conversation"]) == 1
    second = fetched(service, first.memory.state)
    assert list(second.batches()) == []
    assert second.memory.unchanged
    # the same calendar says something new once the meeting of 20 November has passed
    passed = first.memory.state | {"passes": "2026-11-06T11:00:00+00:00"}
    assert len(by_table(list(fetched(service, passed).batches()))["conversation"]) == 1


def test_a_private_address_is_in_no_message(service: FakeService) -> None:
    with pytest.raises(SourceError) as refused:
        list(fetched(service, {}).batches())
    assert "t0ken" not in str(refused.value)
    assert service.address not in str(refused.value)


def test_a_run_stores_seats_of_known_people_and_removes_those_who_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEFT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("WEFT_STORE_URL", raising=False)
    monkeypatch.setenv("WEFT_IDENTITY_KEY", "0123456789abcdef0123456789abcdefx")
    home = Home(tmp_path / "home")
    home.prepare(BO, AL)
    file = tmp_path / "calendar.ics"
    home.settings(office={"kind": "icalendar", "file": str(file), "programme": "pairs"})
    # within the window whenever the test is run
    start = f"DTSTART:{datetime.now(UTC) + timedelta(days=9):%Y%m%dT090000Z}"
    third = f"ATTENDEE:mailto:{CY}"
    file.write_text(calendar(event(*PAIR, third, start=start)))
    assert home.run() == 0
    people = [person for _, person in home.rows("conversation_participant", "slot", "person_id")]
    assert sorted(str(one) for one in people) == sorted([pseudonym(BO), pseudonym(AL), "None"])
    file.write_text(calendar(event(*PAIR, start=start)))
    assert home.run() == 0
    left = home.rows("conversation_participant", "slot", "person_id")
    assert left == list(zip((1, 2), sorted([pseudonym(BO), pseudonym(AL)]), strict=True))
