"""Derive the facts from the canonical tables: who met whom, as what, in which lottery."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select

from schema import CANONICAL
from store import meetings, pairings, people
from store.facts import Facts, facts_for


def stamp(connection: Connection) -> Facts:
    """Rebuild all facts inside the caller's transaction and return their layout."""
    facts = read_facts(connection)
    # dropped by name, so that a layout with other attributes leaves nothing behind
    for table in facts.metadata.tables.values():
        table.drop(connection, checkfirst=True)
    facts.metadata.create_all(connection)
    for write in (
        people.number_people,
        people.list_groups,
        people.write_calendar,
        people.write_profiles,
        meetings.write_events,
        meetings.write_meetings,
        pairings.write_strata,
        pairings.write_pairings,
        pairings.write_seats,
        pairings.write_eligible,
    ):
        write(connection, facts)
    for staging in (facts.event, facts.meeting):
        connection.execute(delete(staging))
    return facts


def read_facts(connection: Connection) -> Facts:
    """Return the layout of the facts that are in the store."""
    code = CANONICAL["attribute_def"].c.attribute_code
    return facts_for(tuple(connection.scalars(select(code).order_by(code))))
