"""A database as a source: SQLite and a real PostgreSQL, read and never written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, text

from connectors.contract import SourceError
from connectors.sources.configuration import SqlSettings
from connectors.sources.sql import SqlSource, statement
from tests.connectors.running import NOW, Home, by_table, door, pseudonym, reasons
from tests.servers import new_database, postgres

SELECTS = {
    "organisation": "SELECT 'acme' AS org_id, 'Acme' AS label",
    "person": "SELECT mail AS person_id, 'acme' AS home_org_id FROM staff",
}
ROWS = (
    "CREATE TABLE staff (mail TEXT, hired DATE, changed TIMESTAMP{zone})",
    "INSERT INTO staff VALUES ('bo@x.org', '2020-02-01', '2026-11-01 10:00:00{offset}'),"
    " ('al@x.org', '2021-03-01', '2026-11-05 10:00:00{offset}')",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[URL]:
    with postgres(tmp_path_factory.mktemp("postgres")) as address:
        yield address


@pytest.fixture
def database(server: URL) -> str:
    url = new_database(server)
    fill(url, "TZ", "+00:00")
    return url


def fill(url: str, zone: str, offset: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        for row in ROWS:
            connection.execute(text(row.format(zone=zone, offset=offset)))
    engine.dispose()


def source(url: str, select: dict, state: dict | None = None, **changed) -> SqlSource:
    settings = SqlSettings(kind="sql", url_from="HR", select=select, **changed)
    return SqlSource("hr", settings, state or {}, door({"HR": url}))


def staff(url: str) -> int:
    engine = create_engine(url)
    with engine.connect() as connection:
        count = connection.scalar(text("SELECT count(*) FROM staff"))
    engine.dispose()
    return int(count or 0)


def test_saved_selects_bring_canonical_rows_with_pseudonyms(database: str) -> None:
    found = by_table(list(source(database, SELECTS).batches()))
    assert list(found["person"]["person_id"]) == [pseudonym("bo@x.org"), pseudonym("al@x.org")]
    assert list(found["organisation"]["label"]) == ["Acme"]


def test_colons_and_percent_signs_of_a_select_are_its_own(database: str) -> None:
    select = "SELECT ':x 12:30 %' || mail::text AS person_id FROM staff WHERE mail LIKE 'b%'"
    found = by_table(list(source(database, {"person": select}, people="pseudonyms").batches()))
    assert list(found["person"]["person_id"]) == [":x 12:30 %bo@x.org"]


def test_pseudonyms_of_the_database_are_kept(database: str) -> None:
    selects = {"person": "SELECT 'k1' AS person_id"}
    found = by_table(list(source(database, selects, people="pseudonyms").batches()))
    assert list(found["person"]["person_id"]) == ["k1"]


def test_an_instant_is_the_same_moment_whatever_the_zone_of_the_session(database: str) -> None:
    # the server's own zone is Asia/Kolkata; the values were written in UTC
    select = "SELECT 'c' || mail AS cohort_id, 1 AS round_no, changed AS run_at FROM staff"
    found = by_table(list(source(database, {"match_round": select}).batches()))
    assert [moment.isoformat() for moment in found["match_round"]["run_at"]] == [
        "2026-11-01T10:00:00+00:00",
        "2026-11-05T10:00:00+00:00",
    ]


def test_a_row_that_does_not_fit_is_named_by_its_place(database: str) -> None:
    select = "SELECT mail AS person_id, 1 AS spell_no, 'soon' AS hired_on FROM staff"
    batches = list(source(database, {"employment_spell": select}).batches())
    assert reasons(batches) == [(1, "not_a_date"), (2, "not_a_date")]


@pytest.mark.parametrize(
    "select",
    [
        "WITH gone AS (DELETE FROM staff RETURNING mail) SELECT mail AS person_id FROM gone",
        "SELECT set_config('transaction_read_only', 'off', false) AS person_id",
    ],
)
def test_a_select_that_writes_is_stopped_by_the_database(database: str, select: str) -> None:
    with pytest.raises(SourceError, match="hr: "):
        list(source(database, {"person": select}).batches())
    assert staff(database) == 2


@pytest.mark.parametrize(
    "select",
    ["DELETE FROM staff", "SELECT 1 AS person_id; DROP TABLE staff", "", "set role postgres"],
)
def test_anything_but_one_reading_statement_is_never_sent(select: str) -> None:
    with pytest.raises(SourceError, match="one statement that begins with SELECT or WITH"):
        statement("hr", "person", select)


def test_a_select_that_takes_too_long_is_stopped(database: str) -> None:
    slow = {"person": "SELECT pg_sleep(30)::text AS person_id"}
    with pytest.raises(SourceError, match="took longer than timeout_seconds"):
        list(source(database, slow, timeout_seconds=0.5).batches())


def test_an_error_names_neither_value_nor_password(server: URL, database: str) -> None:
    failing = {"person": "SELECT mail::integer::text AS person_id FROM staff"}
    with pytest.raises(SourceError) as refused:
        list(source(database, failing).batches())
    assert "bo@x.org" not in str(refused.value)
    wrong = f"postgresql+psycopg://weft:s3cret@127.0.0.1:1/{server.database}"
    with pytest.raises(SourceError, match="cannot be reached") as refused:
        list(source(wrong, SELECTS).batches())
    assert "s3cret" not in str(refused.value)


def test_names_are_quoted_where_a_table_is_given_without_a_select(database: str) -> None:
    engine = create_engine(database)
    strange = 'x"; DROP TABLE staff; --'
    quoted = '"' + strange.replace('"', '""') + '"'
    with engine.begin() as connection:
        connection.execute(text(f"CREATE TABLE odd ({quoted} TEXT)"))
        connection.execute(text("INSERT INTO odd VALUES ('cy@x.org')"))
    engine.dispose()
    table = {"person": {"table": "public.odd", "columns": {"person_id": strange}}}
    found = by_table(list(source(database, table).batches()))
    assert list(found["person"]["person_id"]) == [pseudonym("cy@x.org")]
    assert staff(database) == 2


CHANGED = {
    "person": "SELECT mail AS person_id, changed AS weft_changed_at FROM staff "
    "WHERE changed > :since"
}


def test_t11_a_database_is_read_wholly_once_in_a_while(database: str) -> None:
    first = source(database, CHANGED, whole_every_days=7)
    list(first.batches())
    state = first.memory.state
    soon = source(database, CHANGED, state, whole_every_days=7, lag_days=0)
    assert len(by_table(list(soon.batches()))["person"]) == 0
    assert soon.memory.state == state
    week = (NOW - timedelta(days=7)).isoformat()
    due = source(database, CHANGED, {**state, "whole_at": week}, whole_every_days=7, lag_days=0)
    assert len(by_table(list(due.batches()))["person"]) == 2


def test_t16_the_cursor_comes_from_the_rows_and_looks_back_a_little(database: str) -> None:
    first = source(database, CHANGED)
    assert len(by_table(list(first.batches()))["person"]) == 2
    # the latest of the two rows
    assert first.memory.state == {"changed": {"person": "2026-11-05T10:00:00+00:00"}}
    # 3 days before it lies after the first row's 1 November; 5 days before it does not
    again = source(database, CHANGED, first.memory.state)
    assert len(by_table(list(again.batches()))["person"]) == 1
    longer = source(database, CHANGED, first.memory.state, lag_days=5)
    assert len(by_table(list(longer.batches()))["person"]) == 2


def test_a_large_result_is_read_in_chunks(database: str) -> None:
    select = "SELECT 'p' || n AS person_id FROM generate_series(1, 25000) AS n"
    found = by_table(list(source(database, {"person": select}, people="pseudonyms").batches()))
    assert len(found["person"]) == 25_000


def test_sqlite_is_read_and_never_written(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'hr.sqlite'}"
    fill(url, "", "")
    found = by_table(list(source(url, SELECTS).batches()))
    assert len(found["person"]) == 2
    # a moment without zone could mean any, and is refused
    naive = {"match_round": "SELECT 'c' AS cohort_id, 1 AS round_no, changed AS run_at FROM staff"}
    assert reasons(list(source(url, naive).batches())) == [(1, "no_time_zone"), (2, "no_time_zone")]


def test_an_address_that_is_none_is_refused_without_being_shown() -> None:
    for url in ("s3cret", "nosuchdatabase://reader:s3cret@x/y"):
        with pytest.raises(SourceError, match="not one that SQLAlchemy knows") as refused:
            list(source(url, SELECTS).batches())
        assert "s3cret" not in str(refused.value)


def test_a_run_imports_all_or_nothing_and_remembers(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEFT_HOME", str(tmp_path))
    monkeypatch.setenv("HR_URL", database)
    home = Home(tmp_path)
    home.settings(hr={"kind": "sql", "url_from": "HR_URL", "select": {**SELECTS, **CHANGED}})
    assert home.run() == 0
    assert len(home.rows("person", "person_id")) == 2
    assert home.run("hr") == 0
