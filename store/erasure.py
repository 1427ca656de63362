"""Erase a person from every table, and see to it that no later file brings them back."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Table,
    delete,
    func,
    or_,
    select,
    union,
    update,
)

from schema import CANONICAL
from store.database import connected, prepare
from store.importing import ONE_IMPORT_AT_A_TIME
from store.links import RESPONSE, Link, parts_of_responses, person_links
from store.operations import OPT_OUT, PERSON_ALIAS, PERSON_IDENTIFIER
from store.previous import forget
from store.tombstones import bury


@dataclass(frozen=True)
class Erasure:
    """What an erasure did, or would do; names nobody.

    Attributes
    ----------
    people : int
        People found; 0 where nobody is known under the identifier.
    deleted : dict of str to int
        Rows removed, by table.
    emptied : dict of str to int
        Rows that stay, with the person unknown, by table.
    """

    people: int
    deleted: dict[str, int]
    emptied: dict[str, int]


def foresee(engine: Engine, aliases: Collection[str]) -> Erasure:
    """Count what erasing the person behind these keys would touch; write nothing."""
    prepare(engine)
    with connected(engine) as connection:
        found = _counted(connection, people_behind(connection, aliases))
        connection.rollback()
    return found


def erase(
    engine: Engine,
    aliases: Collection[str],
    *,
    after_erasure: Callable[[Connection], object] | None = None,
) -> Erasure:
    """Erase the person behind these keys in one transaction.

    Seats in conversations and ratings given to others stay, with the person unknown. Every key
    under which the person came in is remembered as a salted hash, and imports leave its rows out.
    Releases that exist are not computed again: the difference would show who has gone.
    """
    with ONE_IMPORT_AT_A_TIME:
        prepare(engine)
        with connected(engine) as connection:
            people = people_behind(connection, aliases)
            if not people:
                return Erasure(0, {}, {})
            keys = {*people, *aliases, *_aliases_of(connection, people)}
            erased = _counted(connection, people)
            _remove(connection, people)
            bury(connection, keys)
            # earlier versions of rows would still hold the person
            forget(connection)
            if after_erasure is not None:
                after_erasure(connection)
            connection.commit()
    return erased


def people_behind(connection: Connection, aliases: Collection[str]) -> list[str]:
    """Return the keys of the people who are known under any of these keys."""
    person = CANONICAL["person"].c.person_id
    named = select(PERSON_ALIAS.c.person_id).where(PERSON_ALIAS.c.alias.in_(aliases))
    return sorted(
        connection.scalars(select(person).where(or_(person.in_(aliases), person.in_(named))))
    )


def _aliases_of(connection: Connection, people: Collection[str]) -> list[str]:
    own = PERSON_ALIAS.c.person_id.in_(people)
    known = select(PERSON_ALIAS.c.alias).where(own)
    # what others have too, such as a team's mailbox, must not keep them out
    there = PERSON_IDENTIFIER.c
    others = select(there.alias).where(there.person_id.not_in(people))
    further = select(there.alias).where(there.person_id.in_(people), there.alias.not_in(others))
    return list(connection.scalars(union(known, further)))


def _counted(connection: Connection, people: Collection[str]) -> Erasure:
    deleted: dict[str, int] = {}
    emptied: dict[str, int] = {}
    for table, condition, kept in _touched(people):
        count = connection.scalar(select(func.count()).select_from(table).where(condition)) or 0
        if count:
            (emptied if kept else deleted)[table.name] = count
    return Erasure(len(people), deleted, emptied)


def _touched(people: Collection[str]) -> list[tuple[Table, ColumnElement[bool], bool]]:
    """Return the rows that an erasure touches, parts before what they belong to."""
    response = CANONICAL[RESPONSE[0]]
    own = select(response.c[RESPONSE[1]]).where(response.c.person_id.in_(people))
    parts = [
        (link.table, link.table.c[link.column].in_(own), False) for link in parts_of_responses()
    ]
    return parts + [(link.table, _names(link, people), link.kept) for link in person_links()]


def _names(link: Link, people: Collection[str]) -> ColumnElement[bool]:
    return link.table.c[link.column].in_(people)


def _remove(connection: Connection, people: Collection[str]) -> None:
    for link in person_links():
        if link.kept:
            unknown = update(link.table).where(_names(link, people)).values({link.column: None})
            connection.execute(unknown)
    for table, condition, kept in _touched(people):
        if not kept:
            connection.execute(delete(table).where(condition))
    for table in (PERSON_ALIAS, PERSON_IDENTIFIER, OPT_OUT):
        connection.execute(delete(table).where(table.c.person_id.in_(people)))
