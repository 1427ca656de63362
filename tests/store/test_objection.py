"""Objecting to one purpose: what served it is gone and stays away; the rest and the seats stay."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine, func, select

from schema import CANONICAL
from store.database import open_store
from store.erasure import erase
from store.importing import ImportReport, import_tables
from store.merging import merge_people
from store.objection import object_to, take_back
from store.operations import OPT_OUT
from store.stamping import stamp
from store.withholding import PURPOSES
from tests.connectors.small_files import gather, write_csv

Frames = dict[str, pd.DataFrame]


@pytest.fixture(params=("duckdb", "sqlite"))
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    opened = open_store(f"{request.param}:///{tmp_path / 'home' / 'store'}")
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> Frames:
    return gather(write_csv(tmp_path_factory.mktemp("small")))[0]


def bring_in(engine: Engine, frames: Frames) -> ImportReport:
    return import_tables(engine, frames, source="small", after_import=stamp)


def rows(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(CANONICAL[table]))


def held(engine: Engine, purpose: str, person: str) -> int:
    """Return in how many rows that serve a purpose a person stands."""
    with engine.connect() as connection:
        return sum(
            connection.scalar(
                select(func.count()).where(CANONICAL[place.table].c[place.column] == person)
            )
            for place in PURPOSES[purpose]
        )


@pytest.mark.parametrize("purpose", list(PURPOSES))
def test_one_purpose_is_left_and_every_other_stays(
    engine: Engine, frames: Frames, purpose: str
) -> None:
    bring_in(engine, frames)
    before = {each: held(engine, each, "p1") for each in PURPOSES}
    assert before[purpose] > 0
    assert object_to(engine, ["p1"], [purpose], after_objection=stamp) == 1
    after = {each: held(engine, each, "p1") for each in PURPOSES}
    assert after == {**before, purpose: 0}


def test_seats_in_conversations_stay_seats(engine: Engine, frames: Frames) -> None:
    bring_in(engine, frames)
    seats = rows(engine, "conversation_participant")
    object_to(engine, ["p1"], ["connection"], after_objection=stamp)
    assert rows(engine, "conversation_participant") == seats


@pytest.mark.parametrize("purpose", list(PURPOSES))
def test_the_same_files_do_not_bring_it_back(engine: Engine, frames: Frames, purpose: str) -> None:
    bring_in(engine, frames)
    object_to(engine, ["p1"], [purpose])
    counts = {table: rows(engine, table) for table in CANONICAL}
    report = bring_in(engine, frames)
    assert report.status == "ok"
    assert held(engine, purpose, "p1") == 0
    assert {table: rows(engine, table) for table in CANONICAL} == counts


def test_the_report_counts_what_was_left_out_and_names_nobody(
    engine: Engine, frames: Frames
) -> None:
    bring_in(engine, frames)
    lost = held(engine, "skills", "p1")
    object_to(engine, ["p1"], ["skills"])
    report = bring_in(engine, frames)
    [reason] = report.rejected
    assert (reason.table, reason.code, reason.row_number) == ("skill_rating", "opted_out", None)
    assert reason.message.startswith(f"{lost} row")
    assert "p1" not in reason.message


def test_an_objection_taken_back_lets_the_next_import_bring_the_rows(
    engine: Engine, frames: Frames
) -> None:
    bring_in(engine, frames)
    before = held(engine, "skills", "p1")
    object_to(engine, ["p1"], ["skills"])
    assert take_back(engine, ["p1"], ["skills"]) == 1
    bring_in(engine, frames)
    assert held(engine, "skills", "p1") == before


def test_nobody_is_found_under_an_unknown_key(engine: Engine, frames: Frames) -> None:
    bring_in(engine, frames)
    assert object_to(engine, ["stranger"], ["skills"]) == 0


def test_an_objection_follows_a_merge_and_ends_with_an_erasure(
    engine: Engine, frames: Frames
) -> None:
    bring_in(engine, frames)
    object_to(engine, ["p1"], ["skills"])
    merge_people(engine, "p2", "p1", after_merge=stamp)
    assert held(engine, "skills", "p2") == 0
    bring_in(engine, frames)
    assert held(engine, "skills", "p2") == 0
    erase(engine, ["p2"])
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(OPT_OUT)) == 0
