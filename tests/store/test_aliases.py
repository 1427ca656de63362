"""People come in under pseudonyms and stand in the store under random keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine, select

from connectors.identity import Pseudonyms
from schema import CANONICAL
from store.absence import Absence, absent_people
from store.aliases import read_aliases
from store.database import open_store
from store.fetched import known_people
from store.importing import import_tables, rehearse
from store.links import person_links
from store.merging import merge_people
from store.stamping import stamp
from tests.connectors.small_files import gather, write_csv


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
    pseudonyms, changed = Pseudonyms(bytes(range(32))), dict(frames)
    for link in person_links():
        name, column = link.table.name, link.column
        changed[name] = changed[name].assign(**{column: pseudonyms.of(changed[name][column])})
    return changed


def people(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.scalars(select(CANONICAL["person"].c.person_id)))


def test_a_pseudonym_becomes_an_alias_of_a_random_key(
    engine: Engine, mapped: dict[str, pd.DataFrame]
) -> None:
    import_tables(engine, mapped, source="mapped")
    pseudonyms = set(mapped["person"]["person_id"])
    assert not pseudonyms & people(engine)
    with engine.connect() as connection:
        aliases = read_aliases(connection)
    assert set(aliases) == pseudonyms
    assert set(aliases.values()) == people(engine)
    assert known_people(engine, pseudonyms | {"nobody"}) == pseudonyms


def test_the_same_file_again_changes_nothing(
    engine: Engine, mapped: dict[str, pd.DataFrame]
) -> None:
    import_tables(engine, mapped, source="mapped")
    again = import_tables(engine, mapped, source="mapped")
    assert not any(count.new or count.changed for count in again.tables)


def test_a_rehearsal_leaves_no_alias_behind(
    engine: Engine, mapped: dict[str, pd.DataFrame]
) -> None:
    assert rehearse(engine, mapped).status == "ok"
    with engine.connect() as connection:
        assert read_aliases(connection) == {}


def test_keys_that_are_pseudonymous_already_stay_as_their_file_gives_them(
    engine: Engine, frames: dict[str, pd.DataFrame]
) -> None:
    import_tables(engine, frames, source="canonical")
    assert people(engine) == {"p1", "p2", "00123", "NA"}


def test_a_file_that_leaves_out_a_fifth_asks_and_an_empty_one_does_not(
    engine: Engine, mapped: dict[str, pd.DataFrame]
) -> None:
    import_tables(engine, mapped, source="mapped")
    frame = mapped["person"]
    # three people of the organisation in the small files; the fourth has none
    acme = frame[frame["home_org_id"] == "acme"]
    assert absent_people(engine, acme) == Absence(3, 0)
    assert absent_people(engine, acme.iloc[:2]) == Absence(3, 1)
    assert absent_people(engine, acme.iloc[:2]).asks
    assert not absent_people(engine, acme.iloc[:0]).asks
    assert not Absence(10, 2).asks


def test_two_people_who_are_the_same_become_one_for_later_files_too(
    engine: Engine, frames: dict[str, pd.DataFrame]
) -> None:
    import_tables(engine, frames, source="canonical")
    merge_people(engine, "00123", "p2", after_merge=stamp)
    assert people(engine) == {"p1", "00123", "NA"}
    again = import_tables(engine, frames, source="canonical", after_import=stamp)
    assert again.status == "ok"
    assert people(engine) == {"p1", "00123", "NA"}
    with engine.connect() as connection:
        seats = CANONICAL["conversation_participant"].c
        one_talk = select(seats.person_id).where(seats.conversation_id == "k1")
        assert sorted(connection.scalars(one_talk)) == ["00123", "p1"]
