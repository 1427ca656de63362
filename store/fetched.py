"""What the rows of a source need from the store: who is known, and what is taken back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

from pandas import DataFrame
from sqlalchemy import (
    Connection,
    Engine,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    union,
    update,
)

from schema import CANONICAL
from store.database import connected, prepare
from store.operations import PERSON_ALIAS
from store.previous import keep_if_undoable

CHUNK = 1_000


def known_people(engine: Engine, people: Set[str]) -> set[str]:
    """Return those of the people given that the store holds, under any of their keys."""
    key = CANONICAL["person"].c.person_id
    prepare(engine)
    with connected(engine) as connection:
        return {
            person
            for chunk in _chunks(sorted(people))
            for person in connection.scalars(
                union(
                    select(key).where(key.in_(chunk)),
                    select(PERSON_ALIAS.c.alias).where(PERSON_ALIAS.c.alias.in_(chunk)),
                )
            )
        }


def remove_leftover_seats(connection: Connection, seats: DataFrame) -> int:
    """Remove seats that a source no longer tells of; return how many conversations had some.

    ``seats`` holds all seats of its conversations, numbered from 1 without gaps.
    """
    table = CANONICAL["conversation_participant"]
    delivered = seats.groupby("conversation_id")["slot"].max()
    leftover = []
    for chunk in _chunks(list(delivered.index)):
        stored = connection.execute(
            select(table.c.conversation_id, func.max(table.c.slot))
            .where(table.c.conversation_id.in_(chunk))
            .group_by(table.c.conversation_id)
        )
        leftover += [
            {"talk": talk, "last": int(delivered[talk])}
            for talk, last in stored
            if last > delivered[talk]
        ]
    for chunk in _chunks([seat["talk"] for seat in leftover]):
        last = {talk: int(delivered[talk]) for talk in chunk}
        beyond = or_(
            *(and_(table.c.conversation_id == t, table.c.slot > n) for t, n in last.items())
        )
        keep_if_undoable(connection, table, beyond)
    if leftover:
        here = table.c.conversation_id == bindparam("talk")
        connection.execute(delete(table).where(here, table.c.slot > bindparam("last")), leftover)
    return len(leftover)


def withdraw(connection: Connection, withdrawn: Mapping[str, Set[str]]) -> None:
    """Delete learning activities and cancel conversations that a source has taken back."""
    activity, talk = CANONICAL["learning_activity"], CANONICAL["conversation"]
    for chunk in _chunks(sorted(withdrawn.get("learning_activity", ()))):
        gone = activity.c.activity_id.in_(chunk)
        keep_if_undoable(connection, activity, gone)
        connection.execute(delete(activity).where(gone))
    for chunk in _chunks(sorted(withdrawn.get("conversation", ()))):
        here = talk.c.conversation_id.in_(chunk)
        keep_if_undoable(connection, talk, here)
        connection.execute(update(talk).where(here).values(status="cancelled", evidence="none"))


def _chunks(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))
