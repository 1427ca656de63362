"""People who share an identifier are suggested as one, and a confirmation makes them one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pandas import DataFrame
from sqlalchemy import Engine, func, select

from schema import CANONICAL
from store.database import open_store
from store.erasure import erase
from store.importing import import_tables
from store.likeness import people_alike
from store.merging import merge_people
from store.operations import PERSON_IDENTIFIER
from store.undo import undo_import

MAIL, NUMBER, OTHER, TEAM = ("a" * 32, "b" * 32, "c" * 32, "d" * 32)


@pytest.fixture(params=("duckdb", "sqlite"))
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    opened = open_store(f"{request.param}:///{tmp_path / 'store'}")
    yield opened
    opened.dispose()


def people(*keys: str) -> dict[str, DataFrame]:
    rows = {"person_id": keys, "home_org_id": None, "kind": "employee"}
    frame = DataFrame(rows).astype("str")
    return {"person": frame.assign(home_org_id=None, row_number=range(1, len(keys) + 1))}


def known_by(*pairs: tuple[str, str]) -> DataFrame:
    frame = DataFrame(pairs, columns=["person_id", "alias"], dtype="str")
    return frame.assign(row_number=range(1, len(pairs) + 1))


def bring_in(engine: Engine, source: str, *keys: str, identifiers: DataFrame | None = None) -> None:
    report = import_tables(
        engine, people(*keys), source=source, identifiers=identifiers, undoable=True
    )
    assert report.status == "ok"


def count(engine: Engine, table: object) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table))


def test_a_number_in_one_file_and_a_mail_in_another_are_suggested_and_merged(
    engine: Engine,
) -> None:
    bring_in(engine, "talks", NUMBER)
    assert people_alike(engine) == []
    bring_in(engine, "people", MAIL, OTHER, identifiers=known_by((MAIL, NUMBER)))
    (pair,) = people_alike(engine)
    # who came in first is kept
    assert (pair.kept_source, pair.other_source) == ("talks", "people")
    merge_people(engine, pair.kept, pair.other)
    assert people_alike(engine) == []
    assert count(engine, CANONICAL["person"]) == 2
    # the same files again bring nobody back
    bring_in(engine, "talks", NUMBER)
    bring_in(engine, "people", MAIL, OTHER, identifiers=known_by((MAIL, NUMBER)))
    assert count(engine, CANONICAL["person"]) == 2
    assert people_alike(engine) == []


def test_the_same_number_in_two_lists_of_people_is_a_suggestion(engine: Engine) -> None:
    bring_in(engine, "hr", MAIL, identifiers=known_by((MAIL, NUMBER)))
    bring_in(engine, "payroll", OTHER, identifiers=known_by((OTHER, NUMBER)))
    assert len(people_alike(engine)) == 1


def test_what_more_than_two_people_share_says_nothing(engine: Engine) -> None:
    shared = known_by((MAIL, TEAM), (OTHER, TEAM), (NUMBER, TEAM))
    bring_in(engine, "hr", MAIL, OTHER, NUMBER, identifiers=shared)
    assert people_alike(engine) == []


def test_undoing_and_erasing_take_identifiers_with_them(engine: Engine) -> None:
    bring_in(engine, "hr", MAIL, identifiers=known_by((MAIL, NUMBER), (MAIL, TEAM)))
    bring_in(engine, "more", OTHER, identifiers=known_by((OTHER, TEAM)))
    undo_import(engine)
    assert count(engine, PERSON_IDENTIFIER) == 2
    bring_in(engine, "more", OTHER, identifiers=known_by((OTHER, TEAM)))
    erase(engine, [MAIL])
    assert count(engine, PERSON_IDENTIFIER) == 1
    # under the further number the erased person stays away; the shared one keeps nobody out
    bring_in_again = import_tables(engine, people(NUMBER, TEAM), source="talks")
    assert [(c.table, c.new) for c in bring_in_again.tables] == [("person", 1)]
