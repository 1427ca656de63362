"""Resolve the keys under which people come in to the people whom the store knows."""

from __future__ import annotations

from collections.abc import Mapping
from secrets import choice

import pyarrow as pa
import pyarrow.compute as pc
from pandas import DataFrame, Series
from sqlalchemy import ColumnElement, Connection, Table, and_, delete, exists, insert, select

from schema import CANONICAL
from store.links import PERSON, person_links
from store.loading import load_stage
from store.operations import PERSON_ALIAS
from store.tombstones import read_departed
from store.withholding import read_withholding

PSEUDONYM = "^[0-9a-f]{32}$"
"""A keyed pseudonym; any other key is kept as its file gives it."""
LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
ID_LENGTH = 26
ARROW_TEXT = pa.large_string()


class Arrivals:
    """What an import brings, table by table, once it is known who is who.

    A person who comes in under a keyed pseudonym gets a random key, and the pseudonym becomes an
    alias of it. Keys of other forms are pseudonymous already and stay as they are. Erased people
    are left out, and what people object to.

    Attributes
    ----------
    departed : Departed
        Erased people, and how many of their rows came in.
    withholding : Withholding
        What people object to, and how many of these rows came in.
    people : dict of str to str
        The store's key of a person, by each alias.
    """

    def __init__(self, connection: Connection, source: str, run_id: str) -> None:
        self.departed = read_departed(connection)
        self.withholding = read_withholding(connection)
        self._connection = connection
        self._source, self._run_id = source, run_id
        self.people = read_aliases(connection)

    def resolve(self, name: str, frame: DataFrame) -> DataFrame:
        """Return a table's rows with the store's key of each person; people come before others."""
        frame = self.departed.without(name, frame)
        if name == PERSON[0]:
            self._welcome(frame)
        known = _with_people(name, frame, self.people) if self.people else frame
        return self.withholding.without(name, known)

    def keep_one_each(self, name: str, stage: Table) -> None:
        """Do for rows that came in several parts what `resolve` does within each."""
        if self.people and any(link.table.name == name for link in person_links()):
            self._connection.execute(delete(stage).where(exists().where(_doubles(name, stage))))

    def _welcome(self, frame: DataFrame) -> None:
        fresh = _new_people(frame, self.people)
        if fresh:
            _write_aliases(self._connection, fresh, self._source, self._run_id)
            self.people |= fresh


def read_aliases(connection: Connection) -> dict[str, str]:
    """Return each alias with its person's key."""
    pairs = connection.execute(select(PERSON_ALIAS.c.alias, PERSON_ALIAS.c.person_id))
    return dict(pairs.all())


def random_key() -> str:
    """Return a key of 130 random bits; its length tells it from a pseudonym."""
    return "".join(choice(LETTERS) for _ in range(ID_LENGTH))


def _new_people(frame: DataFrame, known: Mapping[str, str]) -> dict[str, str]:
    if frame.empty:
        return {}
    keys = _text_of(frame[PERSON[1]])
    shaped = pc.fill_null(pc.match_substring_regex(keys, PSEUDONYM), False)
    given = keys.filter(shaped).to_pylist()
    return {alias: random_key() for alias in given if alias not in known}


def _text_of(column: Series) -> pa.Array:
    array = pa.array(column, ARROW_TEXT, from_pandas=True)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _write_aliases(
    connection: Connection, people: Mapping[str, str], source: str, run_id: str
) -> None:
    size = len(people)
    rows = pa.table(
        {
            "alias": pa.array(list(people), ARROW_TEXT),
            "person_id": pa.array(list(people.values()), ARROW_TEXT),
            "kind": pa.array(["pseudonym"] * size, ARROW_TEXT),
            "source": pa.array([source] * size, ARROW_TEXT),
            "run_id": pa.array([run_id] * size, ARROW_TEXT),
            "row_number": pa.array(range(1, size + 1), pa.int64()),
        }
    )
    stage = load_stage(connection, PERSON_ALIAS, rows)
    names = [column.name for column in PERSON_ALIAS.c]
    staged = select(*(stage.c[name] for name in names))
    connection.execute(insert(PERSON_ALIAS).from_select(names, staged))
    stage.drop(connection, checkfirst=False)


def _with_people(name: str, frame: DataFrame, people: Mapping[str, str]) -> DataFrame:
    columns = [link.column for link in person_links() if link.table.name == name]
    for column in columns:
        own = _text_of(frame[column]).dictionary_encode()
        keys = pa.array([people.get(key, key) for key in own.dictionary.to_pylist()], ARROW_TEXT)
        frame = frame.assign(**{column: keys.take(own.indices).to_pandas().array})
    return _once(name, frame) if columns else frame


def _once(name: str, frame: DataFrame) -> DataFrame:
    """Keep one row a key where two aliases of one person brought the same fact."""
    table = next(link.table for link in person_links() if link.table.name == name)
    keys = [column.name for column in table.primary_key]
    if name == "conversation_participant":
        return _one_seat_each(frame)
    if not set(keys) <= set(frame) or not frame.duplicated(keys).any():
        return frame
    return frame.drop_duplicates(keys, keep="last")


def _doubles(name: str, stage: Table) -> ColumnElement[bool]:
    """Return what tells a staged row from the one that stays in its place."""
    other = stage.alias("other")
    keys = [key.name for key in CANONICAL[name].primary_key]
    stays = other.c.row_number > stage.c.row_number
    if name == "conversation_participant":
        keys = ["conversation_id", "person_id"]
        stays = other.c.row_number < stage.c.row_number
    return and_(stays, *(other.c[key] == stage.c[key] for key in keys))


def _one_seat_each(frame: DataFrame) -> DataFrame:
    """Leave a person one seat in a conversation; unknown people keep theirs."""
    twice = frame.duplicated(["conversation_id", "person_id"]) & frame["person_id"].notna()
    return frame[~twice] if twice.any() else frame
