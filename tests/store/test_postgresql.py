"""The store on a real PostgreSQL: the same imports and the same answers as on the embedded one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pandas import DataFrame
from pandas.testing import assert_frame_equal
from sqlalchemy import URL, Connection, Engine, func, select

from schema import CANONICAL
from settings import ROOT
from store import (
    aggregates,
    equity,
    equity_offers,
    funnel,
    helping,
    intake_contacts,
    intake_sums,
    intakes,
    rates,
    reading,
    where,
)
from store.aggregates import Grouping
from store.database import StoreError, open_store, prepare
from store.importing import import_tables, rehearse
from store.operations import IMPORT_RUN
from store.source_state import read_state, write_state
from store.stamping import read_facts, stamp
from tests.connectors.small_files import gather, write_csv
from tests.servers import new_database, postgres
from tests.store.small_organisation import fill, make_rows
from tests.store.test_helping import with_help
from tests.store.test_where import ZONES, with_zones

FUNCTION = Grouping("function")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[URL]:
    with postgres(tmp_path_factory.mktemp("postgres")) as address:
        yield address


@pytest.fixture
def engine(server: URL) -> Iterator[Engine]:
    made = open_store(new_database(server))
    yield made
    made.dispose()


def test_an_import_is_repeatable_and_all_or_nothing(engine: Engine, tmp_path: Path) -> None:
    frames, _, _ = gather(write_csv(tmp_path / "files"))
    first = import_tables(engine, frames, source="files", after_import=stamp)
    assert first.status == "ok"
    assert sum(count.new for count in first.tables) == sum(map(len, frames.values()))
    again = import_tables(engine, frames, source="files", after_import=stamp)
    assert {(count.new, count.changed) for count in again.tables} == {(0, 0)}
    broken = dict(frames)
    broken["outcome"] = frames["outcome"].assign(person_id="nobody")
    assert import_tables(engine, broken, source="files").status == "refused"
    assert rehearse(engine, broken).status == "refused"
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(CANONICAL["person"])) == 4


def test_an_instant_comes_back_as_it_went_in(engine: Engine, tmp_path: Path) -> None:
    # the server's own zone is Asia/Kolkata
    frames, _, _ = gather(write_csv(tmp_path / "files"))
    import_tables(engine, frames, source="files")
    starts = select(CANONICAL["conversation"].c.actual_start_at).order_by("actual_start_at")
    with engine.connect() as connection:
        found = [moment.isoformat() for moment in connection.scalars(starts)]
    # small_files has 14:30 at +01:00
    assert found == ["2026-01-12T13:30:00+00:00", "2026-01-26T13:30:00+00:00"]


def test_what_a_source_remembers_is_stored_with_its_rows_or_not_at_all(engine: Engine) -> None:
    prepare(engine)
    with engine.connect() as connection:
        write_state(connection, "hr", {"stored": "x"})
        connection.rollback()
    assert read_state(engine, "hr") == {}
    with engine.begin() as connection:
        write_state(connection, "hr", {"stored": "x"})
    assert read_state(engine, "hr") == {"stored": "x"}


def test_t14_two_imports_at_once_wait_for_each_other(server: URL, tmp_path: Path) -> None:
    folder = write_csv(tmp_path / "files")
    home = {"WEFT_HOME": str(tmp_path), "WEFT_STORE_URL": new_database(server)}
    words = (sys.executable, "-m", "connectors", "import", str(folder))
    started = [
        subprocess.Popen(words, cwd=ROOT, env={**os.environ, **home}, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    ended = [(one.communicate(timeout=300)[1], one.returncode) for one in started]
    assert [code for _, code in ended] == [0, 0, 0], ended


def test_t15_a_database_that_is_down_is_said_so() -> None:
    engine = open_store("postgresql+psycopg://weft@127.0.0.1:1/weft")
    with pytest.raises(StoreError, match="cannot be reached"):
        prepare(engine)


ENDED_BY_FORCE = """
import os, signal, sys
from pathlib import Path
from connectors.commands import run
run.write_state = lambda *given: os.kill(os.getpid(), signal.SIGKILL)
from connectors.__main__ import main
main(["run", "--once", "--sources", sys.argv[1]])
"""


def test_t13_a_run_that_is_killed_leaves_neither_rows_nor_state(
    server: URL, tmp_path: Path
) -> None:
    landing = write_csv(tmp_path / "landing")
    sources = tmp_path / "sources.yaml"
    sources.write_text("hr: {kind: drop_folder, folder: landing, quiet_seconds: 0}")
    url = new_database(server)
    home = {"WEFT_HOME": str(tmp_path), "WEFT_STORE_URL": url}
    words = (sys.executable, "-c", ENDED_BY_FORCE, str(sources))
    killed = subprocess.run(words, cwd=ROOT, env={**os.environ, **home}, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert (landing / "person.csv").exists()
    engine = open_store(url)
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(CANONICAL["person"])) == 0
    assert read_state(engine, "hr") == {}
    prepare(engine)
    with engine.connect() as connection:
        assert set(connection.scalars(select(IMPORT_RUN.c.status))) == {"abandoned"}
    engine.dispose()


AGGREGATES = {
    "mixing": lambda facts: aggregates.mixing(facts, FUNCTION),
    "stubs": lambda facts: aggregates.stub_squares(facts, FUNCTION, "matched"),
    "contacts": lambda facts: aggregates.contacts(facts, FUNCTION, (2, 3, 4), "cohort", "quarter"),
    "participation": lambda facts: rates.participation(facts, "programme", "quarter"),
    "completion": lambda facts: rates.completion(facts, "cohort", "quarter"),
    "feedback": lambda facts: rates.feedback(facts, "programme", "all"),
    "stages": lambda facts: funnel.stage_counts(facts, Grouping("origin")),
    "places": where.places,
    "crossing by place": lambda facts: where.crossing_moments(facts, FUNCTION, "programme"),
    "gaps": lambda facts: equity.group_sums(facts, (FUNCTION,), (None,)),
    "intakes": intakes.listed_intakes,
    "sums by intake": intake_sums.intake_sums,
    "offers by intake": intake_sums.intake_offers,
    "contacts by intake": lambda facts: intake_contacts.intake_contacts(facts, FUNCTION),
    "offers by group": lambda facts: equity_offers.offer_sums(facts, (FUNCTION,)),
}


@pytest.mark.parametrize("name", AGGREGATES)
def test_an_aggregate_says_the_same_as_on_another_engine(
    both_filled: tuple[Connection, Connection], name: str
) -> None:
    """SQLite's answers are compared with arithmetic by hand in the other tests of this room."""
    check_alike(
        [
            reading.read(connection, AGGREGATES[name](read_facts(connection)))
            for connection in both_filled
        ]
    )


def check_alike(frames: list[DataFrame]) -> None:
    ordered = [frame.sort_values(list(frame.columns)).reset_index(drop=True) for frame in frames]
    assert len(ordered[0]) > 0
    assert_frame_equal(*ordered, check_dtype=False, check_exact=False, rtol=1e-12)


@pytest.mark.parametrize("by_pair", [False, True])
def test_help_is_the_same_as_on_another_engine(
    both_filled: tuple[Connection, Connection], by_pair: bool
) -> None:
    frames = []
    for connection in both_filled:
        helped = helping.gather_helped(connection, read_facts(connection), [FUNCTION])
        frames.append(reading.read(connection, helping.help_moments(helped, 1, by_pair=by_pair)))
    check_alike(frames)


@pytest.fixture(scope="module")
def both_filled(
    server: URL, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Connection, Connection]]:
    file = tmp_path_factory.mktemp("both") / "store.sqlite"
    engines = [open_store(new_database(server)), open_store(f"sqlite:///{file}")]
    for one in engines:
        fill(one, with_help(with_zones(make_rows(seed=7), "function", ZONES)))
    with engines[0].connect() as first, engines[1].connect() as second:
        yield first, second
    for one in engines:
        one.dispose()
