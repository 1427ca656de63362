"""An import: all or nothing, twice the same, and never a person's value in what it says."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pandas as pd
import pytest
from sqlalchemy import Engine, Table, func, insert, select, text, update

from connectors.__main__ import main
from connectors.contract import Rejected
from schema import CANONICAL
from store.database import StoreError, open_store, open_to_read, prepare
from store.importing import ImportReport, import_tables, rehearse
from store.operations import IMPORT_REJECT, IMPORT_RUN
from tests.connectors.small_files import FILES, gather, write_csv, write_one, write_parquet

PATIENCE = 180
"""Seconds to wait for another process; a busy machine starts one slowly."""

ENGINES = ("duckdb", "sqlite")
CANARY = "Quetzalcoatl"


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    opened = open_store(f"{request.param}:///{tmp_path / 'home' / 'store'}")
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    return gather(write_csv(tmp_path_factory.mktemp("small")))[0]


def rows_of(engine: Engine) -> dict[str, list[tuple]]:
    """Return every canonical row, with its hash and the run that wrote it."""
    with engine.connect() as connection:
        return {
            name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for name, table in CANONICAL.items()
        }


def hashes_of(engine: Engine) -> dict[str, list[str]]:
    with engine.connect() as connection:
        return {
            name: sorted(connection.scalars(select(table.c.row_hash)))
            for name, table in CANONICAL.items()
        }


def read_back(engine: Engine, table: Table) -> list[dict]:
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]


def totals(report: ImportReport) -> tuple[int, int, int, int]:
    """Return new, changed, same and rejected rows over all tables."""
    return tuple(
        sum(getattr(table, field) for table in report.tables)
        for field in ("new", "changed", "same", "rejected")
    )


def size(tables: dict[str, pd.DataFrame]) -> int:
    return sum(map(len, tables.values()))


def test_a_first_import_brings_every_row(engine: Engine, frames: dict) -> None:
    report = import_tables(engine, frames, source="test")
    assert report.status == "ok"
    assert totals(report) == (size(frames), 0, 0, 0)
    assert {name: len(rows) for name, rows in rows_of(engine).items()} == {
        name: text.count("\n") - 1 for name, text in FILES.items()
    }


def test_values_arrive_as_they_were_given(engine: Engine, frames: dict) -> None:
    import_tables(engine, frames, source="test")
    people = {row["person_id"] for row in read_back(engine, CANONICAL["person"])}
    assert people == {"p1", "p2", "00123", "NA"}
    talk = min(read_back(engine, CANONICAL["conversation"]), key=lambda r: r["conversation_id"])
    # 14:30 in Berlin in January is 13:30 UTC
    assert talk["actual_start_at"].isoformat() == "2026-01-12T13:30:00+00:00"
    assert talk["scheduled_start_at"] is None
    spell = min(read_back(engine, CANONICAL["employment_spell"]), key=lambda r: r["person_id"])
    assert (spell["hired_on"].isoformat(), spell["left_on"]) == ("2020-02-01", None)
    ratings = {r["rating_id"]: r["value_num"] for r in read_back(engine, CANONICAL["skill_rating"])}
    assert ratings == {"r1": 3.5, "r2": None}


def test_the_same_content_again_rewrites_nothing(engine: Engine, frames: dict) -> None:
    import_tables(engine, frames, source="test")
    before = rows_of(engine)
    report = import_tables(engine, frames, source="test")
    assert totals(report) == (0, 0, size(frames), 0)
    # the run's key stands in every row, so that equality shows that none was written again
    assert rows_of(engine) == before


def test_csv_and_parquet_of_the_same_content_are_the_same_rows(
    engine: Engine, frames: dict, tmp_path: Path
) -> None:
    import_tables(engine, frames, source="csv")
    parquet = gather(write_parquet(tmp_path / "parquet"))[0]
    assert totals(import_tables(engine, parquet, source="parquet")) == (0, 0, size(frames), 0)


def test_hashes_do_not_depend_on_the_engine(frames: dict, tmp_path: Path) -> None:
    found = []
    for name in ENGINES:
        opened = open_store(f"{name}:///{tmp_path / name}")
        import_tables(opened, frames, source="test")
        found.append(hashes_of(opened))
        opened.dispose()
    assert found[0] == found[1]


def test_only_what_changed_is_rewritten(engine: Engine, frames: dict, tmp_path: Path) -> None:
    import_tables(engine, frames, source="test")
    before = rows_of(engine)["person"]
    person = FILES["person"].replace("p2,acme", "p2,") + "p9,acme\n"
    changed = gather(write_one(tmp_path, person=person))[0]
    report = import_tables(engine, changed, source="test")
    assert totals(report) == (1, 1, 3, 0)
    assert len(set(before) & set(rows_of(engine)["person"])) == 3


def test_a_null_and_an_empty_text_do_not_hash_alike(engine: Engine, frames: dict) -> None:
    emptied = frames["person"].assign(home_org_id=["acme", "acme", "acme", ""])
    import_tables(engine, frames, source="test")
    report = import_tables(engine, {"person": emptied}, source="test")
    assert totals(report) == (0, 1, 3, 0)


RELATIONS = {
    "unknown person": (
        {"outcome": FILES["outcome"].replace("p1", "p7")},
        ("outcome", "person_id", "unknown_reference", 2),
    ),
    "unlisted value of an attribute": (
        {"person_attribute": FILES["person_attribute"].replace(",w,", ",x,")},
        ("person_attribute", "value_code", "unlisted_code", 2),
    ),
    "one person on both seats": (
        {"conversation_participant": "conversation_id,slot,person_id\nk1,1,p1\nk1,2,p1\n"},
        ("conversation_participant", "person_id", "same_person_twice", 2),
    ),
    "an offer to one person": (
        {"match_member": FILES["match_member"].replace("m1,p2\n", "")},
        ("match", "match_id", "too_few_members", 2),
    ),
    "an answer off the scale of its question": (
        {"answer": FILES["answer"].replace(",,4,", ",,9,")},
        ("answer", "value_num", "out_of_scale", 2),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), RELATIONS.values(), ids=RELATIONS)
def test_rows_that_do_not_fit_together_are_refused(
    files: dict, expected: tuple, engine: Engine, frames: dict, tmp_path: Path
) -> None:
    changed = {**frames, **gather(write_one(tmp_path, **files))[0]}
    report = import_tables(engine, changed, source="test")
    reason = report.rejected[0]
    assert report.status == "refused"
    assert (reason.table, reason.column, reason.code, reason.row_number) == expected
    assert all(rows == [] for rows in rows_of(engine).values())


def test_what_a_row_points_to_may_be_in_the_store_already(
    engine: Engine, frames: dict, tmp_path: Path
) -> None:
    import_tables(engine, frames, source="test")
    more = gather(write_one(tmp_path, outcome=FILES["outcome"].replace("2026-02", "2026-03")))[0]
    assert totals(import_tables(engine, more, source="test")) == (1, 0, 0, 0)


def test_49_a_question_keeps_the_scale_on_which_it_was_answered(
    engine: Engine, frames: dict, tmp_path: Path
) -> None:
    import_tables(engine, frames, source="test")
    # q1 was answered with 4 on 1 to 5; a vendor now asks it on 1 to 3
    item = FILES["item"].replace(",scale,1,5,", ",scale,1,3,")
    report = import_tables(engine, gather(write_one(tmp_path, item=item))[0], source="test")
    assert report.status == "refused"
    assert [(r.table, r.column, r.code) for r in report.rejected] == [
        ("item", "scale_max", "scale_changed")
    ]


def test_rules_hold_for_file_and_store_together(
    engine: Engine, frames: dict, tmp_path: Path
) -> None:
    import_tables(engine, frames, source="test")
    seat = "conversation_id,slot,person_id\nk1,3,p1\n"
    answer = "response_id,item_id,value_num\ns1,q1,6\n"
    more = gather(write_one(tmp_path, conversation_participant=seat, answer=answer))[0]
    report = import_tables(engine, more, source="test")
    assert {reason.code for reason in report.rejected} == {"same_person_twice", "out_of_scale"}


def test_one_bad_row_in_the_last_table_leaves_the_store_as_it_was(
    engine: Engine, frames: dict, tmp_path: Path
) -> None:
    import_tables(engine, frames, source="test")
    before = rows_of(engine)
    files = {
        "person": FILES["person"].replace("p2,acme", "p2,") + "p9,acme\n",
        "outcome": FILES["outcome"] + "nobody,engagement_score,2026-02-01,1\n",
    }
    report = import_tables(engine, gather(write_one(tmp_path, **files))[0], source="test")
    assert (report.status, [r.row_number for r in report.rejected]) == ("refused", [3])
    assert rows_of(engine) == before


def test_a_failure_while_deriving_leaves_the_store_as_it_was(engine: Engine, frames: dict) -> None:
    def fail(connection: object) -> None:
        raise RuntimeError("derivation failed")

    prepare(engine)
    with pytest.raises(RuntimeError, match="derivation failed"):
        import_tables(engine, frames, source="test", after_import=fail)
    assert all(rows == [] for rows in rows_of(engine).values())


def test_what_is_derived_commits_with_the_rows(engine: Engine, frames: dict) -> None:
    def derive(connection: object) -> None:
        people = connection.scalar(select(func.count()).select_from(CANONICAL["person"]))
        connection.exec_driver_sql("create table derived (people integer)")
        connection.exec_driver_sql(f"insert into derived values ({people})")

    import_tables(engine, frames, source="test", after_import=derive)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("select people from derived").scalar() == 4


def test_what_the_connector_refused_is_kept_on_account(engine: Engine, frames: dict) -> None:
    refused = Rejected("person", 7, "kind", "not_allowed", "a value is not on the list")
    report = import_tables(engine, frames, source="test", rejected=[refused])
    people = next(count for count in report.tables if count.table == "person")
    assert (report.status, people.read, people.rejected) == ("refused", 5, 1)
    (run,) = read_back(engine, IMPORT_RUN)
    assert (run["status"], run["n_rejected"], run["n_new"]) == ("refused", 1, 0)
    (reject,) = read_back(engine, IMPORT_REJECT)
    assert (reject["table_name"], reject["row_number"], reject["code"]) == (
        "person",
        7,
        "not_allowed",
    )


def test_a_rehearsal_reports_the_same_and_writes_nothing(engine: Engine, frames: dict) -> None:
    rehearsed = rehearse(engine, frames)
    assert all(rows == [] for rows in rows_of(engine).values())
    assert read_back(engine, IMPORT_RUN) == []
    assert rehearsed.tables == import_tables(engine, frames, source="test").tables


def test_t13_a_run_that_a_crash_left_running_is_swept(engine: Engine) -> None:
    prepare(engine)
    with engine.begin() as connection:
        started = pd.Timestamp("2026-01-01", tz="UTC").to_pydatetime()
        row = {"run_id": "crashed", "source": "x", "started_at": started, "status": "running"}
        connection.execute(insert(IMPORT_RUN), row)
    prepare(engine)
    assert [run["status"] for run in read_back(engine, IMPORT_RUN)] == ["abandoned"]


def test_a_store_of_an_earlier_version_gets_the_columns_it_lacks(
    engine: Engine, frames: dict
) -> None:
    rating = CANONICAL["skill_rating"]
    import_tables(engine, frames, source="test")
    before = read_back(engine, rating)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE skill_rating DROP COLUMN about_wave_id"))
    prepare(engine)
    assert read_back(engine, rating) == before
    assert totals(import_tables(engine, frames, source="test"))[:2] == (0, 0)


def test_a_frame_that_does_not_fit_is_named_without_its_values(
    engine: Engine, frames: dict
) -> None:
    talk = frames["conversation"]
    for wrong, words in (
        (talk.assign(duration_s=CANARY), "duration_s: the values are not of type int32"),
        (talk.assign(status=None), "status: a value is missing"),
        (talk.drop(columns="mode"), "mode: the column is missing"),
        (talk.assign(conversation_id=CANARY), "several rows of the frame have the same key"),
    ):
        with pytest.raises(ValueError, match=words) as caught:
            import_tables(engine, {"conversation": wrong}, source="test")
        assert CANARY not in repr(caught.getrepr(chain=False)) + str(caught.value)


def test_a_persons_value_stands_in_no_report_log_or_error(
    engine: Engine, frames: dict, tmp_path: Path, capsys: pytest.CaptureFixture,
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    planted = {
        name: text.replace("p1", CANARY).replace("k1", f"{CANARY}-talk")
        for name, text in FILES.items()
        if name not in ("person", "conversation")
    }
    folder = write_one(tmp_path, **planted)
    monkeypatch.setenv("WEFT_STORE_URL", engine.url.render_as_string())
    caplog.set_level(logging.DEBUG)
    assert main(["import", str(folder)]) == 1
    printed = capsys.readouterr()
    said = printed.out + printed.err + caplog.text + repr(read_back(engine, IMPORT_REJECT))
    assert "unknown_reference" in said
    assert CANARY not in said


def test_an_error_of_the_database_quotes_no_value(engine: Engine, frames: dict) -> None:
    def collide(connection: object) -> None:
        row = {"org_id": CANARY, "label": CANARY, "tz": "UTC", "is_external": False}
        row |= {"run_id": "x", "row_hash": "x"}
        for _ in range(2):
            connection.execute(insert(CANONICAL["organisation"]), row)

    with pytest.raises(StoreError, match="The store failed") as caught:
        import_tables(engine, frames, source="test", after_import=collide)
    assert CANARY not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_file_that_is_no_store_is_refused_in_words(engine: Engine, frames: dict) -> None:
    Path(engine.url.database).write_bytes(b"not a database at all, whatever its name " * 400)
    with pytest.raises(StoreError, match="damaged or is no store"):
        import_tables(engine, frames, source="test")


def test_t14_two_imports_in_one_process_take_turns(engine: Engine, frames: dict) -> None:
    reports: list[ImportReport] = []
    threads = [
        Thread(target=lambda: reports.append(import_tables(engine, frames, source="test")))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(totals(report)[0] for report in reports) == [0, size(frames)]


# --- other processes ------------------------------------------------------------------------

OTHER = multiprocessing.get_context("forkserver")
OTHER.set_forkserver_preload(["store.importing", "store.database"])


def hold_open(url: str, ready: object) -> None:
    """Hold a write transaction open until killed."""
    opened = open_store(url)
    prepare(opened)
    with opened.connect() as connection:
        connection.execute(update(IMPORT_RUN).values(status="running"))
        ready.set()
        time.sleep(60)


def test_t14_a_second_process_is_told_that_the_store_is_in_use(
    engine: Engine, frames: dict
) -> None:
    ready = OTHER.Event()
    url = engine.url.render_as_string()
    other = OTHER.Process(target=hold_open, args=(url, ready))
    other.start()
    try:
        assert ready.wait(PATIENCE)
        with pytest.raises(StoreError, match="in use by another process"):
            import_tables(engine, frames, source="test")
    finally:
        other.kill()
        other.join()
    assert import_tables(engine, frames, source="test").status == "ok"


def people_of_generation(generation: int, count: int) -> dict[str, pd.DataFrame]:
    """Return an organisation whose every row differs from one generation to the next."""
    label = f"generation {generation}"
    kind = ("employee", "contractor")[generation % 2]
    organisation = pd.DataFrame(
        {"org_id": ["a"], "label": [label], "tz": ["UTC"], "is_external": [False]}
    )
    keys = [f"p{number}" for number in range(count)]
    person = pd.DataFrame({"person_id": keys, "home_org_id": "a", "kind": kind})
    return {"organisation": organisation, "person": person}


def import_generation(url: str, generation: int, count: int, ready: object) -> None:
    tables = people_of_generation(generation, count)
    opened = open_store(url)
    ready.set()
    import_tables(opened, tables, source=str(generation))


def generation_in(engine: Engine, count: int) -> int:
    """Return the one generation that all rows belong to; fail if they are mixed."""
    with engine.connect() as connection:
        (label,) = connection.scalars(select(CANONICAL["organisation"].c.label))
        kinds = connection.execute(
            select(CANONICAL["person"].c.kind, func.count()).group_by(CANONICAL["person"].c.kind)
        ).all()
    generation = int(label.removeprefix("generation "))
    assert [tuple(row) for row in kinds] == [(("employee", "contractor")[generation % 2], count)]
    return generation


def import_and_wait(url: str, generation: int, count: int, ready: object) -> None:
    """Import, and stop just before the commit until killed."""

    def wait(connection: object) -> None:
        ready.set()
        time.sleep(60)

    tables = people_of_generation(generation, count)
    import_tables(open_store(url), tables, source=str(generation), after_import=wait)


def test_t13_a_kill_just_before_the_commit_leaves_the_old_rows(engine: Engine) -> None:
    import_tables(engine, people_of_generation(0, 500), source="0")
    url = engine.url.render_as_string()
    engine.dispose()
    ready = OTHER.Event()
    child = OTHER.Process(target=import_and_wait, args=(url, 1, 500, ready))
    child.start()
    assert ready.wait(PATIENCE)
    child.kill()
    child.join()
    prepare(engine)
    assert generation_in(engine, 500) == 0
    states = sorted(run["status"] for run in read_back(engine, IMPORT_RUN))
    assert states == ["abandoned", "ok"]


@pytest.mark.parametrize(("name", "kills", "count"), [("duckdb", 8, 10_000), ("sqlite", 4, 5_000)])
def test_t13_a_kill_at_any_moment_leaves_one_generation_whole(
    name: str, kills: int, count: int, tmp_path: Path
) -> None:
    url = f"{name}:///{tmp_path / 'store'}"
    opened = open_store(url)
    import_tables(opened, people_of_generation(0, count), source="0")
    begun = time.monotonic()
    import_tables(opened, people_of_generation(1, count), source="1")
    usual = time.monotonic() - begun
    opened.dispose()
    moments = random.Random(20260105)
    generation = 1
    for _ in range(kills):
        ready = OTHER.Event()
        child = OTHER.Process(target=import_generation, args=(url, generation + 1, count, ready))
        child.start()
        assert ready.wait(PATIENCE)
        time.sleep(moments.uniform(0, 1.5 * usual))
        with contextlib.suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)
        child.join()
        opened = open_store(url)
        prepare(opened)
        found = generation_in(opened, count)
        states = {run["status"] for run in read_back(opened, IMPORT_RUN)}
        opened.dispose()
        assert found in (generation, generation + 1)
        assert states <= {"ok", "abandoned"}
        generation = found


def test_t15_a_store_that_may_not_be_written_is_said_so(frames: dict, tmp_path: Path) -> None:
    address = f"duckdb:///{tmp_path / 'store.duckdb'}"
    writer = open_store(address)
    import_tables(writer, frames, source="hr")
    writer.dispose()
    reader = open_to_read(address)
    with pytest.raises(StoreError, match="may not be written to"):
        import_tables(reader, frames, source="hr")
    reader.dispose()
