"""BambooHR, Zoom and Microsoft Graph, as their published shapes say, on a service of our own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.contract import SourceError
from connectors.sources.bamboohr import BambooSource
from connectors.sources.configuration import BambooSettings, GraphSettings, ZoomSettings
from connectors.sources.graph_attendance import GraphSource
from connectors.sources.web import ExpiredPageError
from connectors.sources.zoom_reports import ZoomSource, path_of
from tests.connectors.fake_service import Asked, FakeService, Reply, fake_service
from tests.connectors.running import by_table, door, pseudonym, reasons

SECRETS = dict.fromkeys(("A", "B", "C"), "s3cret")
UUID_WITH_SLASHES = "/ajXp112QmuoKj4854875=="


@pytest.fixture
def service() -> Iterator[FakeService]:
    with fake_service() as started:
        started.at("/token", Reply({"access_token": "t"}))
        yield started


# ---- BambooHR: GET /api/v1/employees, as in docs/EmployeesApi.md of BambooHR/bhr-api-python


def employee(number: int, **changed: object) -> dict:
    return {
        "employeeId": str(number),
        "status": "Active",
        "workEmail": f"p{number}@x.org",
        "hireDate": "2020-02-01",
        "departmentName": "Sales & Service",
    } | changed


def bamboo(service: FakeService, state: dict | None = None, days: int = 0, **changed):
    department = {"code": "function", "label": "function", "sensitivity": "plain"}
    settings = BambooSettings(
        kind="bamboohr",
        address=service.address,
        key_from="A",
        attributes={"departmentName": department},
        **changed,
    )
    at = door(SECRETS)
    return BambooSource("hr", settings, state or {}, replace(at, now=at.now + timedelta(days)))


def employees(service: FakeService, *found: dict, size: int = 2) -> None:
    """Serve employees page by page; the cursor is the number of those sent."""

    def answer(asked: Asked) -> Reply:
        start = int(asked.query.get("page[after]", 0))
        after = start + size if start + size < len(found) else None
        page = {"nextCursor": str(after) if after else None}
        content = {"data": list(found[start : start + size]),
                   "meta": {"total": len(found), "page": page}}  # fmt: skip
        return Reply(content)

    service.at("/api/v1/employees", answer)


def test_employees_become_people_with_spells_and_attributes(service: FakeService) -> None:
    employees(service, *(employee(n) for n in range(1, 6)))
    frames = by_table(list(bamboo(service).batches()))
    assert list(frames["person"]["person_id"]) == [pseudonym(f"p{n}@x.org") for n in range(1, 6)]
    assert list(frames["employment_spell"]["hired_on"].dt.strftime("%Y-%m-%d").unique()) == [
        "2020-02-01"
    ]
    values = frames["attribute_value_def"]
    assert list(zip(values["value_code"], values["label"], strict=True)) == [
        ("sales_service", "Sales & Service")
    ]
    assert set(frames["person_attribute"]["value_code"]) == {"sales_service"}
    # the key is the user of Basic sign-in, the password any word
    assert service.asked[0].headers["Authorization"] == "Basic czNjcmV0Ong="
    assert service.asked[0].query["fields"] == "workEmail,hireDate,departmentName"


def test_t17_a_page_smaller_than_asked_for_loses_nobody(service: FakeService) -> None:
    employees(service, *(employee(n) for n in range(1, 6)), size=1)
    assert len(by_table(list(bamboo(service).batches()))["person"]) == 5


def test_t10_somebody_who_comes_twice_while_the_pages_are_read_is_one_person(
    service: FakeService,
) -> None:
    employees(service, employee(1), employee(2), employee(2), employee(3))
    batches = list(bamboo(service).batches())
    assert len(by_table(batches)["person"]) == 3
    assert "employees announced and not sent (run it again): 1" in batches[2].notes


def test_t7_what_may_not_be_read_does_not_overwrite_what_is_known(service: FakeService) -> None:
    employees(service, employee(1))
    first = bamboo(service)
    list(first.batches())
    hidden = employee(1, departmentName=None, _restrictedFields=["departmentName"])
    employees(service, hidden)
    second = bamboo(service, first.memory.state, days=1)
    batches = list(second.batches())
    assert by_table(batches)["person_attribute"].empty
    assert second.memory.state == first.memory.state
    assert "people whose departmentName may not be read (what was known stays): 1" in (
        batches[2].notes
    )


def test_a_changed_value_ends_the_old_one_and_begins_today(service: FakeService) -> None:
    employees(service, employee(1))
    first = bamboo(service)
    list(first.batches())
    employees(service, employee(1, departmentName="Legal"))
    second = bamboo(service, first.memory.state, days=30)
    held = by_table(list(second.batches()))["person_attribute"]
    spans = held[["value_code", "valid_from", "valid_to"]].astype(str).fillna("")
    # the run begins 30 days after 6 November
    assert spans.to_numpy().tolist() == [
        ["sales_service", "2020-02-01", "2026-12-06"],
        ["legal", "2026-12-06", ""],
    ]
    third = bamboo(service, second.memory.state, days=60)
    held = by_table(list(third.batches()))["person_attribute"]
    assert list(held["valid_from"].astype(str)) == ["2026-12-06"]


def test_t7_a_field_that_the_service_ignores_in_silence_is_named(service: FakeService) -> None:
    plain = employee(1)
    plain.pop("departmentName")
    employees(service, plain)
    with pytest.raises(SourceError, match="does not know the field departmentName"):
        list(bamboo(service).batches())


def test_an_employee_without_a_key_is_set_aside_and_an_inactive_one_has_no_open_spell(
    service: FakeService,
) -> None:
    employees(service, employee(1, workEmail=None), employee(2, status="Inactive"))
    batches = list(bamboo(service).batches())
    assert reasons(batches) == [(1, "no_person_key")]
    assert by_table(batches)["employment_spell"].empty
    by_number = bamboo(service, person_key="employeeId")
    assert list(by_table(list(by_number.batches()))["person"]["person_id"]) == [
        pseudonym("1"), pseudonym("2")
    ]  # fmt: skip


def test_t3_a_limit_inside_a_good_answer_is_waited_for(service: FakeService) -> None:
    good = {"data": [employee(1)], "meta": {"total": 1, "page": {"nextCursor": None}}}
    service.at("/api/v1/employees", Reply({"error": {"code": 429}}), Reply(good))
    assert len(by_table(list(bamboo(service).batches()))["person"]) == 1


def test_t8_a_cursor_that_never_ends_is_stopped(service: FakeService) -> None:
    endless = {"data": [employee(1)], "meta": {"total": 1, "page": {"nextCursor": "c"}}}
    service.at("/api/v1/employees", Reply(endless))
    with pytest.raises(SourceError, match="sends one twice"):
        list(bamboo(service).batches())


# ---- Zoom: /past_meetings/{id}/instances and /report/meetings/{uuid}/participants


def zoom(service: FakeService, state: dict | None = None) -> ZoomSource:
    settings = ZoomSettings(
        kind="zoom_reports", programme="pairs", meetings=("84512345678",), account_from="A",
        client_from="B", secret_from="C", address=f"{service.address}/v2/",
        token_address=f"{service.address}/token",
    )  # fmt: skip
    return ZoomSource("zoom", settings, state or {}, door(SECRETS))


def present(name: str, mail: str = "", minutes: int = 45, at: str = "09:00:00") -> dict:
    return {"id": "", "user_id": "16778240", "name": name, "user_email": mail,
            "join_time": f"2026-11-02T{at}Z", "leave_time": "2026-11-02T09:45:00Z",
            "duration": minutes * 60, "registrant_id": "", "status": "in_meeting"}  # fmt: skip


def instances(service: FakeService, *uuids: str) -> None:
    found = [{"uuid": one, "start_time": f"2026-11-0{n}T09:00:00Z"} for n, one in
             enumerate(uuids, 2)]  # fmt: skip
    service.at("/v2/past_meetings/84512345678/instances", Reply({"meetings": found}))


def participants(uuid: str) -> str:
    return f"/v2/report/meetings/{path_of(uuid)}/participants"


def report(*people: dict, mark: str = "") -> Reply:
    return Reply({"page_size": 300, "next_page_token": mark, "participants": list(people)})


def test_a_zoom_meeting_is_one_conversation_with_guests_unresolved(service: FakeService) -> None:
    instances(service, UUID_WITH_SLASHES)
    service.at(
        participants(UUID_WITH_SLASHES),
        report(present("Bo", "bo@x.org", 20), present("Bo", "BO@x.org", 20, "09:25:00"), mark="m"),
        report(present("Guest"), present("+49 30 ...", minutes=0)),
    )
    frames = by_table(list(zoom(service).batches()))
    (held,) = frames["conversation"].to_dict("records")
    assert (held["status"], held["evidence"], held["mode"]) == ("completed", "attendance", "online")
    assert held["duration_s"] == 2700  # 9:00 to 9:45
    seats = frames["conversation_participant"].fillna("")[["person_id", "attended"]]
    assert seats.to_numpy().tolist() == [
        [pseudonym("bo@x.org"), "yes"], ["", "yes"], ["", "no"]
    ]  # fmt: skip
    assert {asked.headers.get("Authorization") for asked in service.asked[1:]} == {"Bearer t"}


def test_a_uuid_with_slashes_is_encoded_twice() -> None:
    # Zoom's documentation of past meetings
    assert path_of("/aj==") == "%252Faj%253D%253D"
    assert path_of("aj//b") == "aj%252F%252Fb"
    assert path_of("a/b=") == "a%2Fb%3D"


def test_a_meeting_with_one_person_did_not_take_place(service: FakeService) -> None:
    instances(service, "u")
    service.at(participants("u"), report(present("Bo", "bo@x.org")))
    assert list(by_table(list(zoom(service).batches()))["conversation"]["status"]) == ["no_show"]


def test_t9_an_expired_page_mark_restarts_that_meeting(service: FakeService) -> None:
    instances(service, "u")
    first = report(present("Bo", "bo@x.org"), mark="m")
    service.at(
        participants("u"),
        first,
        Reply({"code": 300, "message": "The next page token is invalid or expired."}, 400),
        first,
        report(present("Al", "al@x.org")),
    )
    frames = by_table(list(zoom(service).batches()))
    assert len(frames["conversation_participant"]) == 2


def test_t9_a_page_mark_that_always_expires_is_given_up(service: FakeService) -> None:
    instances(service, "u")
    service.at(
        participants("u"),
        lambda asked: Reply({}, 400) if "next_page_token" in asked.query else report(mark="m"),
    )
    with pytest.raises(ExpiredPageError):
        list(zoom(service).batches())


def test_t2_a_daily_limit_keeps_what_was_read_and_the_next_run_goes_on(
    service: FakeService,
) -> None:
    instances(service, "u2", "u3")
    both = report(present("Bo", "bo@x.org"), present("Al", "al@x.org"))
    service.at(participants("u2"), both)
    service.at(participants("u3"), Reply({}, 429, {"Retry-After": "2099-01-01T00:00:00Z"}))
    first = zoom(service)
    batches = list(first.batches())
    assert len(by_table(batches)["conversation"]) == 1
    assert batches[0].notes == ("Zoom stopped answering; read up to 2026-11-02 09:00 UTC",)
    service.at(participants("u3"), both)
    again = by_table(list(zoom(service, first.memory.state).batches()))
    assert len(again["conversation"]) == 2


def test_zoom_meetings_already_read_are_not_read_again(service: FakeService) -> None:
    instances(service, "u2", "u3", "u4", "u5")
    for uuid in ("u2", "u3", "u4", "u5"):
        service.at(participants(uuid), report(present("Bo", "bo@x.org")))
    first = zoom(service)
    list(first.batches())
    assert first.memory.state == {"latest": "2026-11-05T09:00:00+00:00"}
    before = len(service.asked)
    list(zoom(service, first.memory.state).batches())
    # token, instances, and those of the last two days: u3, u4 and u5
    assert len(service.asked) - before == 5


# ---- Microsoft Graph: attendanceReports and attendanceRecords, v1.0


def graph(service: FakeService) -> GraphSource:
    settings = GraphSettings(
        kind="graph_attendance", programme="pairs", organisers_from="O", meetings_from="M",
        tenant_from="A", client_from="B", secret_from="C", address=f"{service.address}/v1.0/",
        token_address=f"{service.address}/",
    )  # fmt: skip
    wanted = {"O": "organiser-1", "M": "https://teams.example.org/l/it's"}
    return GraphSource("teams", settings, {}, door(SECRETS | wanted))


BELOW = "/v1.0/users/organiser-1/onlineMeetings"


def attended(mail: str | None, seconds: int | None, **changed: object) -> dict:
    interval = {"joinDateTime": "2026-11-02T09:00:00Z", "leaveDateTime": None,
                "durationInSeconds": seconds}  # fmt: skip
    record = {"id": f"r{mail}", "emailAddress": mail, "role": "Presenter", "identity": None,
              "totalAttendanceInSeconds": seconds, "attendanceIntervals": [interval]}  # fmt: skip
    return record | changed


@pytest.fixture
def teams(service: FakeService) -> FakeService:
    service.at("/s3cret/oauth2/v2.0/token", Reply({"access_token": "t"}))
    service.at(BELOW, Reply({"value": [{"id": "m1"}]}))
    start = {"id": "p1", "meetingStartDateTime": "2026-11-02T09:00:00Z"}
    service.at(f"{BELOW}/m1/attendanceReports", Reply({"value": [start]}))
    return service


RECORDS = f"{BELOW}/m1/attendanceReports/p1/attendanceRecords"


def test_a_teams_report_is_one_conversation(teams: FakeService) -> None:
    teams.at(
        RECORDS,
        Reply({"value": [attended("bo@x.org", 2400)],
               "@odata.nextLink": f"{teams.address}{RECORDS}?$skiptoken=x"}),
        Reply({"value": [attended(None, 2700), attended("al@x.org", 20)]}),
    )  # fmt: skip
    frames = by_table(list(graph(teams).batches()))
    (held,) = frames["conversation"].to_dict("records")
    assert (held["status"], held["duration_s"]) == ("completed", 2700)
    seats = frames["conversation_participant"].fillna({"person_id": ""})
    came = dict(zip(seats["person_id"], seats["attended"], strict=True))
    # somebody who was there for 20 seconds did not come; the nameless one is unresolved
    assert came == {pseudonym("bo@x.org"): "yes", pseudonym("al@x.org"): "no", "": "yes"}
    asked = next(one for one in teams.asked if one.path == BELOW)
    assert asked.query["$filter"] == "JoinWebUrl eq 'https://teams.example.org/l/it''s'"


def test_every_field_of_a_record_may_be_null(teams: FakeService) -> None:
    nothing = dict.fromkeys(attended("x", 1))
    whole = attended("bo@x.org", 600, attendanceIntervals=None)
    teams.at(RECORDS, Reply({"value": [nothing, whole, attended("al@x.org", None)]}))
    frames = by_table(list(graph(teams).batches()))
    assert list(frames["conversation"]["status"]) == ["no_show"]
    assert len(frames["conversation_participant"]) == 3


def test_as_many_reports_as_microsoft_keeps_are_noted(teams: FakeService) -> None:
    many = [{"id": "p1", "meetingStartDateTime": "2026-11-02T09:00:00Z"}] * 50
    teams.at(f"{BELOW}/m1/attendanceReports", Reply({"value": many}))
    teams.at(RECORDS, Reply({"value": []}))
    assert "as many as Microsoft keeps" in next(iter(graph(teams).batches())).notes[0]


def test_a_next_page_on_another_host_is_not_followed(teams: FakeService) -> None:
    teams.at(RECORDS, Reply({"value": [], "@odata.nextLink": "https://example.org/x"}))
    with pytest.raises(SourceError, match="next page is on another host"):
        list(graph(teams).batches())


def test_no_secret_and_no_address_of_a_meeting_is_in_a_message(teams: FakeService) -> None:
    teams.at(RECORDS, Reply({"odd": []}))
    with pytest.raises(SourceError) as refused:
        list(graph(teams).batches())
    assert "teams.example.org" not in str(refused.value)
    teams.at("/s3cret/oauth2/v2.0/token", Reply({"error": "invalid_client s3cret"}, 401))
    with pytest.raises(SourceError, match="no token was given") as refused:
        list(graph(teams).batches())
    assert "s3cret" not in str(refused.value)
