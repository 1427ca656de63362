"""Health: what came in, what was refused and why, how complete and how fresh it is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine

from connectors.contract import Rejected
from store.database import connected, open_store
from store.health import Coverage, Health, read_health
from store.importing import import_tables
from store.reading import as_of
from tests.connectors.small_files import FILES, gather, write_csv


@pytest.fixture(params=("duckdb", "sqlite"))
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    return open_store(f"{request.param}:///{tmp_path / 'home' / 'store'}")


def health(engine: Engine) -> Health:
    return read_health(engine, date(2026, 3, 1))


def test_an_empty_store_is_empty_and_not_ill(engine: Engine) -> None:
    found = health(engine)
    assert (found.people, found.seats, found.sources, found.coverage) == (0, 0, (), ())
    assert found.last_conversation is None
    engine.dispose()


def test_counts_are_those_of_the_small_files(engine: Engine, tmp_path: Path) -> None:
    frames = gather(write_csv(tmp_path / "files"))[0]
    report = import_tables(engine, frames, source="hr", undoable=True)
    found = health(engine)
    # by hand: 4 people, 2 conversations of 2 seats, one seat of nobody known
    assert (found.people, found.conversations) == (4, 2)
    assert (found.seats, found.unmatched_seats) == (4, 1)
    # gender is known of p1 from 2020-02-01, and both conversations are of 2026
    assert (found.offers, found.known_from, found.earlier) == (1, date(2020, 2, 1), 0)
    # the later conversation began at 14:30 in Berlin
    assert found.last_conversation == datetime(2026, 1, 26, 13, 30, tzinfo=UTC)
    assert found.coverage == (
        Coverage(attribute="gender", label="gender", sensitivity="personal", given=1, withheld=1),
    )
    assert found.undoable == report.run_id
    assert found.sources[0].rows["new"] == sum(map(len, frames.values()))
    engine.dispose()


def test_the_last_conversation_is_the_day_that_a_release_is_as_of(
    engine: Engine, tmp_path: Path
) -> None:
    frames = gather(write_csv(tmp_path / "files"))[0]
    talks = frames["conversation"]
    planned = talks.iloc[[1]].assign(conversation_id="c9", status="scheduled", evidence="none")
    for column in ("scheduled_start_at", "actual_start_at"):
        planned[column] += pd.Timedelta(days=7)
    cancelled = planned.assign(conversation_id="c10", status="cancelled")
    cancelled["scheduled_start_at"] += pd.Timedelta(days=7)
    frames["conversation"] = pd.concat([talks, planned, cancelled], ignore_index=True)
    import_tables(engine, frames, source="hr")
    found = health(engine)
    assert found.last_conversation == datetime(2026, 1, 26, 13, 30, tzinfo=UTC)
    assert found.planned_until == datetime(2026, 2, 2, 13, 30, tzinfo=UTC)
    with connected(engine) as connection:
        assert as_of(connection) == found.last_conversation
    engine.dispose()


@pytest.mark.parametrize("left_out", [(), ("conversation", "conversation_participant")])
def test_what_happened_before_any_group_was_known_is_counted(
    left_out: tuple[str, ...], engine: Engine, tmp_path: Path
) -> None:
    late = FILES["person_attribute"].replace("2020-02-01", "2026-01-20")
    frames = gather(write_csv(tmp_path / "files", person_attribute=late))[0]
    import_tables(engine, {k: v for k, v in frames.items() if k not in left_out}, source="hr")
    found = health(engine)
    # one of the conversations of 12 and 26 January; without them, the offer of the 5th
    assert (found.known_from, found.earlier) == (date(2026, 1, 20), 1)
    engine.dispose()


def test_reasons_are_counted_and_the_last_import_of_a_source_is_told(
    engine: Engine, tmp_path: Path
) -> None:
    frames = gather(write_csv(tmp_path / "files"))[0]
    import_tables(engine, frames, source="hr")
    wrong = [Rejected("person", row, "kind", "not_listed", "not a listed word") for row in (2, 5)]
    import_tables(engine, {}, source="hr", rejected=wrong)
    [source] = health(engine).sources
    assert source.status == "refused"
    assert [(each.message, each.rows) for each in source.refused] == [("not a listed word", 2)]
    engine.dispose()
