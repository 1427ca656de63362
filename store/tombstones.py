"""Keep erased people away: hashes of their aliases, and frames without their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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


def without_erased(
    connection: Connection, tables: Mapping[str, DataFrame]
) -> tuple[dict[str, DataFrame], dict[str, int]]:
    """Return the frames without erased people, and how many rows of each were left out."""
    erased = _recogniser(connection)
    if erased is None:
        return dict(tables), {}
    present = dict(tables)
    gone: dict[str, int] = {}
    for link in person_links():
        _leave_out(present, gone, link, erased)
    if RESPONSE[0] in gone:
        _leave_out_answers(tables, present, gone)
    return present, gone


def _recogniser(connection: Connection) -> Erased | None:
    rows = connection.execute(select(TOMBSTONE.c.alias_hash, TOMBSTONE.c.salt)).all()
    if not rows:
        return None
    buried, salt = {row.alias_hash for row in rows}, rows[0].salt

    def erased(keys: Series) -> Series:
        names = {key for key in keys.dropna().unique() if _hash(salt, key) in buried}
        return keys.isin(names)

    return erased


def _leave_out(
    present: dict[str, DataFrame], gone: dict[str, int], link: Link, erased: Erased
) -> None:
    name = link.table.name
    if name not in present or link.column not in present[name]:
        return
    frame = present[name]
    rows = erased(frame[link.column])
    if not rows.any():
        return
    if link.kept:
        own = frame[link.column]
        present[name] = frame.assign(**{link.column: own.mask(rows).astype(own.dtype)})
        return
    present[name] = frame[~rows]
    gone[name] = gone.get(name, 0) + int(rows.sum())


def _leave_out_answers(
    tables: Mapping[str, DataFrame], present: dict[str, DataFrame], gone: dict[str, int]
) -> None:
    name, key = RESPONSE
    kept = present[name][key]
    lost = set(tables[name][key]) - set(kept)
    for link in parts_of_responses():
        if link.table.name in present:
            frame = present[link.table.name]
            rows = frame[link.column].isin(lost)
            present[link.table.name] = frame[~rows]
            gone[link.table.name] = int(rows.sum())


def _hash(salt: str, alias: str) -> str:
    return sha256(f"{salt}\x1f{alias}".encode()).hexdigest()
