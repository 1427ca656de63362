"""A learning record store: paging, late arrivals, poison, and what is taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from connectors.contract import SourceError
from connectors.sources.configuration import XapiSettings
from connectors.sources.signing import SignInError
from connectors.sources.web import ServiceFault
from connectors.sources.xapi import XapiSource, read_all, rows
from connectors.sources.xapi_statements import PoisonError, read_statement
from settings import ROOT
from store.source_state import read_state
from tests.connectors.fake_service import FakeService, Reply, fake_service
from tests.connectors.running import KEY, NOW, Home, by_table, door, pseudonym, reasons
from tests.connectors.statements import (
    AL,
    BO,
    CY,
    MEETING,
    FakeLrs,
    agent,
    statement,
    voiding,
)
from tests.servers import ralph

KOKEA = ROOT.parent / "shared" / "real_data" / "kokea_xapi" / "statements.json"
SECRETS = {"LRS_USER": "reader", "LRS_PASSWORD": "s3cret"}
LRS = {"kind": "xapi", "programme": "pairs", "user_from": "LRS_USER",
       "password_from": "LRS_PASSWORD"}  # fmt: skip


@pytest.fixture
def service() -> Iterator[FakeService]:
    with fake_service() as started:
        yield started


def settings(address: str = "http://localhost/xapi", **changed) -> XapiSettings:
    return XapiSettings(**LRS, address=address, **changed)


def source(service: FakeService, state: dict | None = None, **changed) -> XapiSource:
    chosen = settings(f"{service.address}/xapi", **changed)
    return XapiSource("lrs", chosen, state or {}, door(SECRETS))


def learned(source: XapiSource) -> list[int]:
    """Return the numbers of the statements that became learning activities."""
    found = by_table(list(source.batches()))["learning_activity"]["activity_id"]
    return sorted(UUID(one).int for one in found)


def test_pages_are_followed_to_the_end_over_a_relative_address(service: FakeService) -> None:
    FakeLrs(service, [statement(n) for n in range(1, 6)])
    assert learned(source(service)) == [1, 2, 3, 4, 5]
    assert len(service.asked) == 3  # two, two and one
    assert {asked.headers["X-Experience-API-Version"] for asked in service.asked} == {"1.0.3"}


def test_a_statement_becomes_a_learning_activity_under_its_own_id(service: FakeService) -> None:
    one = statement(1, result={"duration": "PT1H30M15.5S"}, context={"registration": "r"})
    one["object"]["definition"] = {"type": "http://adlnet.gov/expapi/activities/course"}
    FakeLrs(service, [one])
    modality = {"http://adlnet.gov/expapi/activities/course": "self_paced"}
    batches = list(source(service, modalities=modality).batches())
    (row,) = by_table(batches)["learning_activity"].to_dict("records")
    assert row["activity_id"] == one["id"]
    assert row["person_id"] == pseudonym(BO)
    assert (row["modality"], row["status"], row["title_code"]) == ("self_paced", "completed", "c1")
    assert row["started_at"].isoformat() == "2026-10-02T09:00:00+00:00"
    assert row["duration_s"] == 5416  # 3600 + 1800 + 15.5, rounded to the even second


def test_t11_a_statement_that_arrives_late_is_found_within_the_lag(service: FakeService) -> None:
    lrs = FakeLrs(service, [statement(10)])
    first = source(service)
    assert learned(first) == [10]
    lrs.statements.append(statement(5))  # stored on 6 October, five days before the first
    assert learned(source(service, first.memory.state)) == [5, 10]
    assert learned(source(service, first.memory.state, lag_days=2)) == [10]


def test_t11_once_in_a_while_everything_is_read_again(service: FakeService) -> None:
    lrs = FakeLrs(service, [statement(10)])
    first = source(service, whole_every_days=7)
    assert learned(first) == [10]
    # stored eight days before the first, beyond the look back of two
    lrs.statements.append(statement(2))
    later = {"lag_days": 2, "whole_every_days": 7}
    assert learned(source(service, first.memory.state, **later)) == [10]
    week = (NOW - timedelta(days=7)).isoformat()
    again = source(service, {**first.memory.state, "whole_at": week}, **later)
    assert learned(again) == [2, 10]
    assert again.memory.state["whole_at"] == NOW.isoformat()
    assert again.memory.state["stored"] == first.memory.state["stored"]


def test_t16_the_cursor_never_passes_what_the_service_calls_consistent(
    service: FakeService,
) -> None:
    lrs = FakeLrs(service, [statement(10)])
    lrs.headers = {"X-Experience-API-Consistent-Through": "2026-10-03T00:00:00Z"}
    first = source(service)
    learned(first)
    assert first.memory.state["stored"] == "2026-10-03T00:00:00+00:00"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"timestamp": "2026-10-02T09:00:00"}, "statement_timestamp"),
        ({"timestamp": "yesterday"}, "statement_timestamp"),
        ({"id": "one"}, "statement_id"),
        ({"verb": {"id": "attended"}}, "statement_verb"),
        ({"result": {"duration": "45 minutes"}}, "statement_duration"),
        ({"actor": None}, "statement_actor"),
        ({"object": "x"}, "statement_object"),
    ],
)
def test_t12_poison_is_rejected_once_and_not_told_again(
    service: FakeService, wrong: dict, code: str
) -> None:
    FakeLrs(service, [statement(1, **wrong), statement(2)])
    first = source(service)
    assert reasons(list(first.batches())) == [(1, code)]
    second = source(service, first.memory.state)
    batches = list(second.batches())
    assert reasons(batches) == []
    assert batches[-1].notes == ("statements that cannot be read, as on an earlier run: 1",)
    assert second.memory.state == first.memory.state


def test_a_null_result_and_what_is_no_statement_do_no_harm() -> None:
    assert read_statement(statement(1, result=None)).seconds is None
    for found in (None, 3, [], "x", {}):
        with pytest.raises(PoisonError):
            read_statement(found)


def test_no_message_repeats_what_a_statement_holds() -> None:
    reading = read_all("lrs", [statement(1, timestamp=BO, actor=agent(BO))], set())
    assert BO not in str(reading.rejected)
    assert BO not in repr(read_statement(statement(1)))


def test_t12_a_statement_on_which_the_service_fails_is_walked_around(service: FakeService) -> None:
    lrs = FakeLrs(service, [statement(n) for n in range(1, 6)])
    lrs.poison = {statement(3)["id"]}
    batches = list(source(service).batches())
    found = by_table(batches)["learning_activity"]["activity_id"]
    assert sorted(UUID(one).int for one in found) == [1, 2, 4, 5]
    # stored on 4 October at 9:01; the window left out is about a minute long
    (note,) = batches[-1].notes
    assert note.startswith("the service fails on statements from 2026-10-04 09:0")


def test_a_service_that_fails_on_everything_is_given_up(service: FakeService) -> None:
    service.at("/xapi/statements", Reply({}, 500))
    with pytest.raises(ServiceFault, match="fails on its side"):
        list(source(service).batches())


def test_an_address_without_statements_is_refused(service: FakeService) -> None:
    service.at("/xapi/statements", Reply({"rows": []}))
    with pytest.raises(SourceError, match="no list of statements"):
        list(source(service).batches())


def test_a_voided_statement_is_left_out_and_taken_back(service: FakeService) -> None:
    lrs = FakeLrs(service, [statement(1), statement(2)])
    first = source(service)
    assert learned(first) == [1, 2]
    # an LRS does not return a voided statement again, only the one that voids it
    lrs.statements = [statement(2), voiding(3, voided=1)]
    second = source(service, first.memory.state)
    assert learned(second) == [2]
    assert second.memory.withdrawn["learning_activity"] == {str(UUID(int=1))}


def test_statements_about_one_meeting_are_one_conversation(service: FakeService) -> None:
    talk = {"object": {"id": "http://x.org/talks/7", "definition": {"type": MEETING}},
            "context": {"registration": "r1", "instructor": agent(CY)}}  # fmt: skip
    FakeLrs(service, [
        statement(1, "attended", BO, **talk, result={"duration": "PT45M"}),
        statement(2, "attended", AL, **talk),
    ])  # fmt: skip
    frames = by_table(list(source(service).batches()))
    (held,) = frames["conversation"].to_dict("records")
    assert (held["status"], held["evidence"]) == ("completed", "platform_marked")
    assert held["duration_s"] == 2700
    seats = frames["conversation_participant"]
    came = dict(zip(seats["person_id"], seats["attended"], strict=True))
    assert came == {pseudonym(BO): "yes", pseudonym(AL): "yes", pseudonym(CY): "unknown"}
    assert frames["learning_activity"].empty


def test_a_meeting_at_the_edge_of_the_window_is_not_read_in_part(service: FakeService) -> None:
    talk = {"object": {"id": "http://x.org/talks/7", "definition": {"type": MEETING}}}
    both = [statement(1, "attended", BO, **talk), statement(1, "attended", AL, **talk)]
    both[1]["id"] = str(UUID(int=99))
    FakeLrs(service, both)
    # the window begins on 2 October at 9:00:30: half a minute before the statements arrived
    state = {"stored": "2026-10-04T09:00:30+00:00"}
    frames = by_table(list(source(service, state, lag_days=2).batches()))
    assert frames["conversation"].empty


def test_one_person_is_one_pseudonym_whether_mbox_or_account() -> None:
    actors = (
        {"mbox": f"MAILTO:{BO.upper()}"},
        {"account": {"homePage": "http://x.org", "name": BO}},
        {"objectType": "Group", "member": [agent(BO)]},
    )
    found = {pseudonym(read_statement(statement(1, actor=actor)).actors[0]) for actor in actors}
    assert found == {pseudonym(BO)}


def test_a_run_sets_poison_aside_and_keeps_cursor_and_rows_together(
    service: FakeService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEFT_HOME", str(tmp_path))
    monkeypatch.delenv("WEFT_STORE_URL", raising=False)
    monkeypatch.setenv("WEFT_IDENTITY_KEY", KEY)
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    home = Home(tmp_path)
    home.prepare(BO)
    home.settings(lrs={**LRS, "address": f"{service.address}/xapi"})
    lrs = FakeLrs(service, [statement(1), statement(2, timestamp="now"), statement(3, who=AL)])
    assert home.run() == 0
    # 2 cannot be read; 3 is about somebody whom nobody has brought
    assert home.rows("learning_activity", "activity_id") == [(str(UUID(int=1)),)]
    lrs.statements.append(voiding(4, voided=1))
    assert home.run() == 0
    assert home.rows("learning_activity", "activity_id") == []


def test_t1_a_service_that_asks_for_too_long_a_wait_leaves_the_cursor(
    service: FakeService,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    monkeypatch.setenv("WEFT_HOME", str(tmp_path))
    monkeypatch.delenv("WEFT_STORE_URL", raising=False)
    monkeypatch.setenv("WEFT_IDENTITY_KEY", KEY)
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    home = Home(tmp_path)
    home.prepare(BO)
    home.settings(lrs={**LRS, "address": f"{service.address}/xapi"})
    FakeLrs(service, [statement(1)])
    assert home.run() == 0

    def cursor() -> dict:
        engine = home.engine()
        try:
            return read_state(engine, "lrs")
        finally:
            engine.dispose()

    before = cursor()
    assert before["stored"]
    service.at("/xapi/statements", Reply({}, 429, {"Retry-After": "3600"}))
    assert home.run() == 1
    assert "the next run continues there" in capsys.readouterr().err
    assert cursor() == before
    assert home.rows("learning_activity", "activity_id") == [(str(UUID(int=1)),)]


@pytest.fixture(scope="module")
def ralph_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with ralph(tmp_path_factory.mktemp("ralph"), *SECRETS.values()) as address:
        yield address


def test_a_real_lrs_is_read_to_its_end(ralph_address: str) -> None:
    """Ralph 5.1: relative ``more``, pages of 100 at most, what it accepts is not always right."""
    good = [statement(n) for n in range(1, 251)]
    odd = [
        statement(301, verb={"id": "not-an-iri"}),
        statement(302, result={"duration": "45 minutes"}),
    ]
    for start in range(0, 250, 50):
        post(ralph_address, good[start : start + 50])
    post(ralph_address, odd)
    lrs = XapiSource("lrs", settings(ralph_address), {}, door(SECRETS))
    batches = list(lrs.batches())
    found = by_table(batches)["learning_activity"]["activity_id"]
    assert sorted(UUID(one).int for one in found) == list(range(1, 251))
    assert {code for _, code in reasons(batches)} <= {"statement_verb", "statement_duration"}
    wrong = SECRETS | {"LRS_PASSWORD": "wrong"}
    with pytest.raises(SignInError, match="sign-in was refused") as refused:
        list(XapiSource("lrs", settings(ralph_address), {}, door(wrong)).batches())
    assert "wrong" not in str(refused.value)


def post(address: str, statements: list[dict]) -> None:
    """Give statements to the LRS, as a course would."""
    answer = httpx.post(
        f"{address}/statements",
        json=[{k: v for k, v in one.items() if k != "stored"} for one in statements],
        auth=tuple(SECRETS.values()),
        headers={"X-Experience-API-Version": "1.0.3"},
        timeout=60,
        trust_env=False,
    )
    assert answer.status_code == 200, answer.text


@pytest.mark.skipif(not KOKEA.exists(), reason="the public Kokea statements are not at hand")
def test_the_statements_of_a_real_lrs_are_read() -> None:
    """Kokea Concepts (Yet Analytics, Apache-2.0): 385 statements, counted in its description."""
    raw = json.loads(KOKEA.read_text(encoding="utf-8"))
    reading = read_all("kokea", raw, set())
    assert len(reading.statements) == 385
    assert reading.rejected == ()
    chosen = settings(contact_verbs=("messaged",))
    frames = by_table(list(rows("kokea", chosen, reading, door(), NOW.replace(year=1970))))
    # attended 20 and completed 16; of 11 messages, 7 are to one person and 4 to a group
    assert len(frames["learning_activity"]) == 36
    assert len(frames["conversation"]) == 11
    assert frames["learning_activity"]["person_id"].nunique() <= 16
