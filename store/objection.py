"""Keep a person out of one purpose, such as skills: what is held for it goes, and stays out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, insert, select, update

from schema import CANONICAL
from store.database import connected, prepare
from store.erasure import people_behind
from store.importing import ONE_IMPORT_AT_A_TIME
from store.operations import OPT_OUT
from store.previous import forget
from store.withholding import PURPOSES, Place


def object_to(
    engine: Engine,
    aliases: Collection[str],
    purposes: Sequence[str],
    *,
    after_objection: Callable[[Connection], object] | None = None,
) -> int:
    """Keep the person behind these keys out of purposes, in one transaction.

    What the store holds of the person for them is removed, and imports leave it out from then on.
    A seat in a conversation stays a seat, with the person unknown; everything else stays.

    Parameters
    ----------
    engine : Engine
        From `store.database.open_store`.
    aliases : collection of str
        Keys under which the person may be known.
    purposes : sequence of str
        Out of `store.withholding.PURPOSES`.
    after_objection : callable, optional
        Called with the connection inside the transaction, to derive the facts again.

    Returns
    -------
    int
        People found; 0 where nobody is known under the keys, and nothing was changed.
    """
    with ONE_IMPORT_AT_A_TIME:
        prepare(engine)
        with connected(engine) as connection:
            people = people_behind(connection, aliases)
            if not people:
                return 0
            _remember(connection, people, purposes)
            for purpose in purposes:
                for place in PURPOSES[purpose]:
                    clear(connection, place, people)
            # earlier versions of rows would still hold what was objected to
            forget(connection)
            if after_objection is not None:
                after_objection(connection)
            connection.commit()
    return len(people)


def take_back(engine: Engine, aliases: Collection[str], purposes: Sequence[str]) -> int:
    """End objections; what was removed comes back with the next import of its files."""
    with ONE_IMPORT_AT_A_TIME:
        prepare(engine)
        with connected(engine) as connection:
            people = people_behind(connection, aliases)
            connection.execute(delete(OPT_OUT).where(_of(people, purposes)))
            connection.commit()
    return len(people)


def _of(people: Collection[str], purposes: Collection[str]) -> ColumnElement[bool]:
    return and_(OPT_OUT.c.person_id.in_(people), OPT_OUT.c.purpose.in_(purposes))


def _remember(connection: Connection, people: Sequence[str], purposes: Sequence[str]) -> None:
    connection.execute(delete(OPT_OUT).where(_of(people, purposes)))
    rows = [{"person_id": one, "purpose": purpose} for one in people for purpose in purposes]
    connection.execute(insert(OPT_OUT), rows)


def clear(connection: Connection, place: Place, people: Sequence[str]) -> None:
    """Remove what a place holds of people, or the people from it."""
    table = CANONICAL[place.table]
    own = table.c[place.column].in_(people)
    if place.kept:
        connection.execute(update(table).where(own).values({place.column: None}))
        return
    if place.parts:
        part = CANONICAL[place.parts]
        gone = select(table.c[place.key]).where(own)
        connection.execute(delete(part).where(part.c[place.key].in_(gone)))
    connection.execute(delete(table).where(own))
