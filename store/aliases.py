"""Resolve the keys under which people come in to the people whom the store knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import choice

import pyarrow as pa
import pyarrow.compute as pc
from pandas import DataFrame, Series
from sqlalchemy import Connection, insert, select

from store.links import PERSON, person_links
from store.loading import load_stage
from store.operations import PERSON_ALIAS
from store.tombstones import without_erased
from store.withholding import Withholding, read_withholding

PSEUDONYM = "^[0-9a-f]{32}$"
"""A keyed pseudonym; any other key is kept as its file gives it."""
LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
ID_LENGTH = 26
ARROW_TEXT = pa.large_string()


@dataclass(frozen=True)
class Arrivals:
    """What an import brings, once it is known who is who.

    Attributes
    ----------
    tables : dict of str to DataFrame
        As they came in, without the rows of erased people.
    people : dict of str to str
        The store's key of a person, by each alias.
    withholding : Withholding
        What people object to.
    left_out : dict of str to int
        Rows of erased people, by table.
    """

    tables: dict[str, DataFrame]
    people: dict[str, str]
    withholding: Withholding
    left_out: dict[str, int] = field(default_factory=dict)

    def take(self, name: str) -> DataFrame:
        """Return a table in which each person has the key of the store, and let go of it."""
        frame = self.tables.pop(name)
        known = _with_people(name, frame, self.people) if self.people else frame
        return self.withholding.without(name, known)


def resolve_people(
    connection: Connection, tables: Mapping[str, DataFrame], source: str, run_id: str
) -> Arrivals:
    """Leave out erased people, and give new ones a random key.

    A person who comes in under a keyed pseudonym gets a random key, and the pseudonym becomes an
    alias of it. Keys of other forms are pseudonymous already and stay as they are.
    """
    present, left_out = without_erased(connection, tables)
    known = read_aliases(connection)
    fresh = _new_people(present.get(PERSON[0]), known)
    if fresh:
        _write_aliases(connection, fresh, source, run_id)
    return Arrivals(present, known | fresh, read_withholding(connection), left_out)


def read_aliases(connection: Connection) -> dict[str, str]:
    """Return each alias with its person's key."""
    pairs = connection.execute(select(PERSON_ALIAS.c.alias, PERSON_ALIAS.c.person_id))
    return dict(pairs.all())


def random_key() -> str:
    """Return a key of 130 random bits; its length tells it from a pseudonym."""
    return "".join(choice(LETTERS) for _ in range(ID_LENGTH))


def _new_people(frame: DataFrame | None, known: Mapping[str, str]) -> dict[str, str]:
    if frame is None or frame.empty:
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


def _one_seat_each(frame: DataFrame) -> DataFrame:
    """Leave a person one seat in a conversation; unknown people keep theirs."""
    twice = frame.duplicated(["conversation_id", "person_id"]) & frame["person_id"].notna()
    return frame[~twice] if twice.any() else frame
