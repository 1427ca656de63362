"""Make one person of two who turned out to be the same."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, Engine, and_, delete, exists, insert, select, update

from schema import CANONICAL
from store.database import connected, prepare
from store.importing import ONE_IMPORT_AT_A_TIME
from store.links import Link, person_links
from store.objection import clear
from store.operations import OPT_OUT, PERSON_ALIAS, PERSON_IDENTIFIER
from store.previous import forget
from store.withholding import PURPOSES

MERGED = "merged"
SEATS = "conversation_participant"


def merge_people(
    engine: Engine,
    kept: str,
    other: str,
    *,
    after_merge: Callable[[Connection], object] | None = None,
) -> None:
    """Give everything of one person to another, in one transaction.

    Where both have the same fact, the kept person's stays. Later files may use the keys of either.
    """
    with ONE_IMPORT_AT_A_TIME:
        prepare(engine)
        with connected(engine) as connection:
            for link in person_links():
                _hand_over(connection, link, kept, other)
            aliases = update(PERSON_ALIAS).where(PERSON_ALIAS.c.person_id == other)
            connection.execute(aliases.values(person_id=kept))
            alias = {"alias": other, "person_id": kept, "kind": MERGED}
            connection.execute(insert(PERSON_ALIAS), {**alias, "source": MERGED, "run_id": MERGED})
            _hand_over_identifiers(connection, kept, other)
            _hand_over_objections(connection, kept, other)
            forget(connection)
            if after_merge is not None:
                after_merge(connection)
            connection.commit()


def _hand_over(connection: Connection, link: Link, kept: str, other: str) -> None:
    table, column = link.table, link.table.c[link.column]
    if table is CANONICAL["person"]:
        connection.execute(delete(table).where(column == other))
        return
    own = table.alias("own")
    shared = _shared_key(link)
    if shared is not None:
        same = and_(own.c[link.column] == kept, *(own.c[n] == table.c[n] for n in shared))
        connection.execute(delete(table).where(column == other, exists().where(same)))
    connection.execute(update(table).where(column == other).values({link.column: kept}))


def _hand_over_identifiers(connection: Connection, kept: str, other: str) -> None:
    there, own = PERSON_IDENTIFIER.c, PERSON_IDENTIFIER.alias("own")
    same = exists().where(own.c.alias == there.alias, own.c.person_id == kept)
    connection.execute(delete(PERSON_IDENTIFIER).where(there.person_id == other, same))
    moved = update(PERSON_IDENTIFIER).where(there.person_id == other).values(person_id=kept)
    connection.execute(moved)


def _hand_over_objections(connection: Connection, kept: str, other: str) -> None:
    """Let the one person object to whatever either of the two objected to."""
    purposes = set(
        connection.scalars(select(OPT_OUT.c.purpose).where(OPT_OUT.c.person_id == other))
    )
    own = set(connection.scalars(select(OPT_OUT.c.purpose).where(OPT_OUT.c.person_id == kept)))
    connection.execute(delete(OPT_OUT).where(OPT_OUT.c.person_id == other))
    for purpose in purposes - own:
        connection.execute(insert(OPT_OUT), {"person_id": kept, "purpose": purpose})
    for purpose in purposes | own:
        for place in PURPOSES[purpose]:
            clear(connection, place, [kept])


def _shared_key(link: Link) -> list[str] | None:
    """Return the columns in which two rows of one person may not agree, or None."""
    if link.table.name == SEATS:
        return ["conversation_id"]
    keys = [key.name for key in link.table.primary_key]
    return [key for key in keys if key != link.column] if link.column in keys else None
