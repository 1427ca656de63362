"""Undoing the last import: the store is as it was before it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine, select

from schema import CANONICAL
from store.database import open_store
from store.importing import import_tables
from store.operations import IMPORT_RUN
from store.stamping import stamp
from store.undo import undo_import
from tests.connectors.small_files import FILES, gather, write_csv


@pytest.fixture(params=("duckdb", "sqlite"))
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    opened = open_store(f"{request.param}:///{tmp_path / 'home' / 'store'}")
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    return gather(write_csv(tmp_path_factory.mktemp("first")))[0]


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    """Return the same files with one changed and one new row."""
    outcome = FILES["outcome"].replace("0.1", "0.7") + "p2,engagement_score,2026-02-01,0.2\n"
    return gather(write_csv(tmp_path_factory.mktemp("second"), outcome=outcome))[0]


def everything(engine: Engine) -> dict[str, list[tuple]]:
    with engine.connect() as connection:
        return {
            name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for name, table in CANONICAL.items()
        }


def bring_in(engine: Engine, frames: dict[str, pd.DataFrame], *, undoable: bool = True) -> str:
    report = import_tables(engine, frames, source="s", after_import=stamp, undoable=undoable)
    return report.run_id


def test_undoing_restores_what_an_import_changed_and_removes_what_it_brought(
    engine: Engine, first: dict[str, pd.DataFrame], second: dict[str, pd.DataFrame]
) -> None:
    bring_in(engine, first)
    before = everything(engine)
    run_id = bring_in(engine, second)
    assert everything(engine) != before
    undone = undo_import(engine, after_undo=stamp)
    # one row changed and one new
    assert (undone.run_id, undone.removed, undone.restored) == (run_id, 2, 1)
    assert everything(engine) == before
    with engine.connect() as connection:
        status = connection.scalar(select(IMPORT_RUN.c.status).where(IMPORT_RUN.c.run_id == run_id))
    assert status == "undone"


def test_undoing_goes_one_import_back_and_no_further(
    engine: Engine, first: dict[str, pd.DataFrame], second: dict[str, pd.DataFrame]
) -> None:
    bring_in(engine, first)
    bring_in(engine, second)
    assert undo_import(engine) is not None
    assert undo_import(engine) is None


def test_the_first_import_can_be_undone_to_an_empty_store(
    engine: Engine, first: dict[str, pd.DataFrame]
) -> None:
    bring_in(engine, first)
    assert undo_import(engine, after_undo=stamp).removed == sum(map(len, first.values()))
    assert not any(everything(engine).values())


def test_an_import_that_cannot_be_undone_ends_what_could_be(
    engine: Engine, first: dict[str, pd.DataFrame], second: dict[str, pd.DataFrame]
) -> None:
    bring_in(engine, first)
    bring_in(engine, second, undoable=False)
    assert undo_import(engine) is None
