"""Keep erased people away: hashes of their aliases, and frames without their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from secrets import token_hex

from pandas import DataFrame, Series
from sqlalchemy import Connection, insert, select

from store.links import RESPONSE, Link, parts_of_responses, person_links
from store.operations import TOMBSTONE

Erased = Callable[[Series], Series]
"""Tells for each key whether it belongs to somebody erased."""


def bury(connection: Connection, aliases: Iterable[str]) -> None:
    """Remember, as salted hashes, the keys under which a person must not come back."""
    salt = connection.scalar(select(TOMBSTONE.c.salt).limit(1)) or token_hex(32)
    there = set(connection.scalars(select(TOMBSTONE.c.alias_hash)))
    now = datetime.now(UTC)
    for alias_hash in {_hash(salt, alias) for alias in aliases} - there:
        row = {"alias_hash": alias_hash, "salt": salt, "erased_at": now}
        connection.execute(insert(TOMBSTONE), row)


def somebody_is_erased(connection: Connection) -> bool:
    """Tell whether anybody has ever been erased."""
    return connection.scalar(select(TOMBSTONE.c.salt).limit(1)) is not None


@dataclass
class Departed:
    """Leaves erased people out of what comes in, table by table in the order of import.

    Attributes
    ----------
    rows : dict of str to int
        Rows left out so far, by table.
    """

    rows: dict[str, int] = field(default_factory=dict)
    _erased: Erased | None = field(default=None, repr=False)
    _lost: set[str] = field(default_factory=set, repr=False)

    def without(self, name: str, frame: DataFrame) -> DataFrame:
        """Return a table's rows without those of erased people."""
        if self._erased is None:
            return frame
        for link in _links(parts_of_responses(), name, frame):
            frame = self._left_out(name, frame, frame[link.column].isin(self._lost))
        for link in _links(person_links(), name, frame):
            rows = self._erased(frame[link.column])
            if link.kept and rows.any():
                own = frame[link.column]
                frame = frame.assign(**{link.column: own.mask(rows).astype(own.dtype)})
            elif not link.kept:
                frame = self._left_out(name, frame, rows)
        return frame

    def _left_out(self, name: str, frame: DataFrame, rows: Series) -> DataFrame:
        if not rows.any():
            return frame
        self.rows[name] = self.rows.get(name, 0) + int(rows.sum())
        if name == RESPONSE[0]:
            self._lost.update(frame.loc[rows, RESPONSE[1]])
        return frame[~rows]


def read_departed(connection: Connection) -> Departed:
    """Return what recognises the people who have been erased."""
    return Departed(_erased=_recogniser(connection))


def _links(links: Iterable[Link], name: str, frame: DataFrame) -> list[Link]:
    return [link for link in links if link.table.name == name and link.column in frame]


def _recogniser(connection: Connection) -> Erased | None:
    rows = connection.execute(select(TOMBSTONE.c.alias_hash, TOMBSTONE.c.salt)).all()
    if not rows:
        return None
    buried, salt = {row.alias_hash for row in rows}, rows[0].salt

    def erased(keys: Series) -> Series:
        names = {key for key in keys.dropna().unique() if _hash(salt, key) in buried}
        return keys.isin(names)

    return erased


def _hash(salt: str, alias: str) -> str:
    return sha256(f"{salt}\x1f{alias}".encode()).hexdigest()
