"""Erasing a person: gone from every table, kept away by every later import, seats still counted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine, func, select

from connectors.identity import Pseudonyms
from schema import CANONICAL
from store.aliases import read_aliases
from store.database import open_store
from store.erasure import erase, foresee
from store.importing import ImportReport, import_tables
from store.links import person_links
from store.operations import TOMBSTONE
from store.stamping import stamp
from store.undo import undo_import
from tests.connectors.small_files import gather, write_csv

PSEUDONYMS = Pseudonyms(bytes(range(32)))


@pytest.fixture(params=("duckdb", "sqlite"))
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    opened = open_store(f"{request.param}:///{tmp_path / 'home' / 'store'}")
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    return gather(write_csv(tmp_path_factory.mktemp("small")))[0]


@pytest.fixture(scope="module")
def mapped(frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the same rows as they come in with identifiers turned into pseudonyms."""
    changed = dict(frames)
    for link in person_links():
        name, column = link.table.name, link.column
        changed[name] = changed[name].assign(**{column: PSEUDONYMS.of(changed[name][column])})
    return changed


def bring_in(engine: Engine, frames: dict[str, pd.DataFrame]) -> ImportReport:
    return import_tables(engine, frames, source="small", after_import=stamp, undoable=True)


def rows(engine: Engine, name: str) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(CANONICAL[name]))


def people_named(engine: Engine) -> set[str]:
    """Return every key of a person that stands in any canonical column."""
    with engine.connect() as connection:
        return {
            key
            for link in person_links()
            for key in connection.scalars(select(link.table.c[link.column]))
            if key is not None
        }


def test_a_person_is_gone_from_every_table_and_seats_stay(
    engine: Engine, frames: dict[str, pd.DataFrame]
) -> None:
    bring_in(engine, frames)
    foreseen = foresee(engine, ["p1"])
    erased = erase(engine, ["p1"], after_erasure=stamp)
    assert erased == foreseen
    # counted by hand in the small files: two seats; one response with its two answers
    assert erased.people == 1
    assert erased.emptied == {"conversation_participant": 2}
    assert (erased.deleted["response"], erased.deleted["answer"]) == (1, 2)
    assert "p1" not in people_named(engine)
    assert rows(engine, "conversation_participant") == 4
    assert rows(engine, "person") == 3


def test_the_next_file_does_not_bring_an_erased_person_back(
    engine: Engine, frames: dict[str, pd.DataFrame]
) -> None:
    bring_in(engine, frames)
    erase(engine, ["p1"], after_erasure=stamp)
    report = bring_in(engine, frames)
    assert report.status == "ok"
    assert "p1" not in people_named(engine)
    counts = {count.table: count for count in report.tables}
    assert (counts["person"].read, counts["person"].rejected) == (4, 1)
    assert (counts["answer"].read, counts["answer"].rejected) == (2, 2)
    assert {row.code for row in report.rejected} == {"erased"}
    assert not any("p1" in row.message for row in report.rejected)
    # once more: what is left out now is no change either
    again = bring_in(engine, frames)
    assert not any(count.new or count.changed for count in again.tables)


def test_an_erased_pseudonym_stays_away_and_nothing_of_it_is_kept(
    engine: Engine, mapped: dict[str, pd.DataFrame]
) -> None:
    bring_in(engine, mapped)
    alias = PSEUDONYMS.of(pd.Series(["p1"], dtype="str"))[0]
    with engine.connect() as connection:
        key = read_aliases(connection)[alias]
    erase(engine, [alias], after_erasure=stamp)
    bring_in(engine, mapped)
    with engine.connect() as connection:
        assert alias not in read_aliases(connection)
        hashes = list(connection.scalars(select(TOMBSTONE.c.alias_hash)))
    # one for the pseudonym, one for the random key
    assert len(hashes) == 2
    assert not {alias, key} & {*hashes, *people_named(engine)}
    assert rows(engine, "person") == 3


def test_an_erasure_cannot_be_undone_and_keeps_no_earlier_row(
    engine: Engine, frames: dict[str, pd.DataFrame]
) -> None:
    bring_in(engine, frames)
    erase(engine, ["p1"], after_erasure=stamp)
    assert undo_import(engine, after_undo=stamp) is None


def test_somebody_unknown_is_said_to_be_unknown(
    engine: Engine, frames: dict[str, pd.DataFrame]
) -> None:
    bring_in(engine, frames)
    assert erase(engine, ["nobody"]).people == 0
    assert rows(engine, "person") == 4
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(TOMBSTONE)) == 0
