"""A table that comes in several parts is the table that it would be in one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from sqlalchemy import Engine, func, select

from connectors import parts
from connectors.__main__ import main
from connectors.canonical_folder import CanonicalFolder
from connectors.contract import Batch
from schema import CANONICAL
from store.database import open_store
from store.importing import ImportReport, import_parts, import_tables
from store.loading import add_rows, canonical_rows, make_stage
from store.merging import merge_people
from store.operations import IMPORT_RUN
from store.stamping import stamp
from tests.connectors.running import KEY, Home
from tests.connectors.small_files import FILES, gather, write_csv, write_one, write_parquet

SMALL = 2
PEOPLE = [f"q{number},employee\n" for number in range(7)]
SEATS = "conversation_id,slot,person_id\nk1,1,p1\nk1,2,p2\nk2,1,p1\nk2,2,p9\n"


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two rows be a part."""
    monkeypatch.setattr(parts, "PART", SMALL)
    monkeypatch.setattr(parts, "CHUNK", SMALL)


@pytest.fixture(params=("duckdb", "sqlite"))
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    opened = open_store(f"{request.param}:///{tmp_path / 'home' / 'store'}")
    yield opened
    opened.dispose()


def batches(folder: Path) -> list[Batch]:
    return list(CanonicalFolder(folder).batches())


def rows(found: list[Batch], table: str) -> pd.DataFrame:
    frame = pd.concat([b.frame for b in found if b.table == table], ignore_index=True)
    return frame.sort_values("row_number").reset_index(drop=True)


@pytest.mark.parametrize("write", [write_csv, write_parquet])
def test_parts_hold_the_rows_that_the_whole_holds(
    write: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = gather(write(tmp_path / "files"))[0]
    monkeypatch.setattr(parts, "PART", SMALL)
    found = batches(tmp_path / "files")
    assert max(len(batch.frame) for batch in found) == SMALL
    assert [b.of for b in found if b.table == "conversation_participant"] == [4, 4]
    for table, frame in whole.items():
        pd.testing.assert_frame_equal(rows(found, table), frame)


@pytest.mark.usefixtures("in_parts")
def test_a_row_with_a_mistake_keeps_its_line_in_a_later_part(tmp_path: Path) -> None:
    text = "person_id,kind\np1,employee\n\np2,employee\np3,robot\np4,employee,more\np5,employee\n"
    found = batches(write_one(tmp_path, person=text))
    assert sorted((r.row_number, r.code) for b in found for r in b.rejected) == [
        (5, "not_allowed"),
        (6, "too_many_cells"),
    ]
    assert rows(found, "person")["person_id"].tolist() == ["p1", "p2", "p5"]


@pytest.mark.usefixtures("in_parts")
def test_a_key_that_stands_in_two_parts_is_found(tmp_path: Path) -> None:
    text = "person_id,kind\np1,employee\np2,employee\np3,\np1,external\np2,employee\np2,\n"
    found = batches(write_one(tmp_path, person=text))
    assert [(r.row_number, r.code) for b in found for r in b.rejected] == [
        (2, "duplicate_key"),
        (5, "duplicate_key"),
    ]
    # p2 stands there three times, the last time with the default in words of its own
    assert rows(found, "person")["person_id"].tolist() == ["p2", "p3"]
    notes = [note for batch in found for note in batch.notes]
    assert notes == ["2 repeated rows with the same content were counted once"]


@pytest.mark.usefixtures("in_parts")
def test_keys_are_compared_as_what_they_mean_not_as_they_are_written(tmp_path: Path) -> None:
    text = "person_id,spell_no,hired_on\np1,1,2020-01-01\np2,1,2020-01-01\n p1,1.0,2021-01-01\n"
    found = batches(write_one(tmp_path, employment_spell=text))
    assert sorted(r.row_number for b in found for r in b.rejected) == [2, 4]


@pytest.mark.usefixtures("in_parts")
@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("person_id,kind\n" + "p,employee\n" * 4 + '"p5,employee\n', "unclosed_quote"),
        ("person_id,kind,knid\n" + "p,employee,\n" * 4, "unknown_column"),
    ],
)
def test_what_is_wrong_with_a_large_file_is_said_before_any_of_its_rows_comes(
    content: str, code: str, tmp_path: Path
) -> None:
    (batch,) = batches(write_one(tmp_path, person=content))
    assert batch.frame.empty
    assert [r.code for r in batch.rejected] == [code]


@pytest.mark.usefixtures("in_parts")
def test_an_import_in_parts_brings_everything_and_twice_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setenv("WEFT_HOME", str(tmp_path / "home"))
    folder = str(write_csv(tmp_path / "files"))
    assert main(["import", folder, "--progress", "lines"]) == 0
    said = capsys.readouterr().err.splitlines()
    shares = [int(line.split()[1]) for line in said]
    assert shares == sorted(shares)
    assert any(line.endswith("writing person: 2 of 4 rows") for line in said)
    assert main(["import", folder]) == 0
    assert "nothing changed" in capsys.readouterr().out


@pytest.mark.usefixtures("in_parts")
def test_an_orphan_in_the_last_part_refuses_all_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setenv("WEFT_HOME", str(tmp_path / "home"))
    assert main(["import", str(write_csv(tmp_path, conversation_participant=SEATS))]) == 1
    said = capsys.readouterr().out
    assert "conversation_participant, person_id, row 5: no row of person" in said
    assert "Nothing was imported" in said
    engine = open_store(f"duckdb:///{tmp_path / 'home' / 'store.duckdb'}")
    with engine.connect() as connection:
        assert connection.scalars(select(CANONICAL["person"].c.person_id)).all() == []
    engine.dispose()


@pytest.mark.usefixtures("in_parts")
def test_a_watched_folder_brings_every_part_and_good_rows_beside_bad_ones_do_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEFT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("WEFT_IDENTITY_KEY", KEY)
    home, many = Home(tmp_path / "home"), "person_id,kind\n" + "".join(PEOPLE)
    folder = str(write_one(tmp_path, person=many))
    home.settings(hr={"kind": "drop_folder", "folder": folder, "quiet_seconds": 0})
    assert home.run() == 0
    assert len(home.rows("person", "person_id")) == len(PEOPLE)
    bad = many.replace("q3,employee", "q3,robot").replace("q", "r")
    assert main(["import", str(write_one(tmp_path, person=bad)), "--keep-good-rows"]) == 0
    assert len(home.rows("person", "person_id")) == 2 * len(PEOPLE) - 1


def in_two(frames: dict[str, pd.DataFrame]) -> Iterator[Batch]:
    """Yield each table in two parts."""
    for table, frame in frames.items():
        for part in (frame.iloc[:1], frame.iloc[1:]):
            yield Batch(table, part.reset_index(drop=True), of=len(frame))


def content_hashes(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return connection.scalars(select(IMPORT_RUN.c.content_hash)).all()


def test_the_hash_of_the_content_does_not_depend_on_parts_or_order(
    engine: Engine, tmp_path: Path
) -> None:
    frames = gather(write_csv(tmp_path / "files"))[0]
    turned = {table: frame.iloc[::-1].reset_index(drop=True) for table, frame in frames.items()}
    import_tables(engine, frames, source="whole")
    import_tables(engine, turned, source="turned")
    import_parts(engine, in_two(frames), source="parts")
    import_tables(engine, {**frames, "skill": frames["skill"].iloc[:0]}, source="less")
    whole, turned_, parts_, less = content_hashes(engine)
    assert whole == turned_ == parts_ != less


def test_one_person_under_two_keys_takes_one_seat_also_where_they_come_in_two_parts(
    engine: Engine, tmp_path: Path
) -> None:
    import_tables(engine, gather(write_csv(tmp_path / "files"))[0], source="first")
    merge_people(engine, "00123", "p2", after_merge=stamp)
    # the talk's seats are p2's and 00123's, who are one; so are two days of enrolment
    seats = "conversation_id,slot,person_id\nk1,2,p2\nk1,3,00123\n"
    enrolled = "cohort_id,person_id,status,enrolled_on\nc1,p2,active,\nc1,00123,paused,\n"
    more = write_one(tmp_path, conversation_participant=seats, enrolment=enrolled)
    report: ImportReport = import_parts(engine, in_two(gather(more)[0]), source="second")
    assert report.status == "ok"
    with engine.connect() as connection:
        seat, place = CANONICAL["conversation_participant"].c, CANONICAL["enrolment"].c
        sat = connection.scalars(select(seat.slot).where(seat.person_id == "00123")).all()
        joined = select(place.status).where(place.person_id == "00123")
        assert (sat, connection.scalars(joined).all()) == ([2], ["paused"])


def test_the_files_of_this_test_have_parts() -> None:
    assert max(text.count("\n") - 1 for text in FILES.values()) > SMALL


def test_rows_that_the_database_has_are_not_held_until_the_commit(tmp_path: Path) -> None:
    engine, table = open_store(f"duckdb:///{tmp_path / 'store'}"), CANONICAL["person"]
    with engine.connect() as connection:
        stage = make_stage(connection, table)
        before = pa.total_allocated_bytes()
        for _ in range(3):
            frame = pd.DataFrame({"person_id": [f"p{n:030}" for n in range(20_000)]})
            frame = frame.assign(home_org_id="acme", kind="employee")
            add_rows(connection, stage, canonical_rows(table, frame, "run"))
            del frame
        # the rows of one round take three megabytes
        assert pa.total_allocated_bytes() - before < 1_000_000
        assert connection.scalar(select(func.count()).select_from(stage)) == 60_000
    engine.dispose()
