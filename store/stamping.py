"""Derive the facts from the canonical tables: who met whom, as what, in which lottery."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from hashlib import sha256

from sqlalchemy import Column, Connection, MetaData, String, Table, delete, insert, select, text

from schema import CANONICAL
from store import distances, meetings, pairings, people, pools
from store.facts import Facts, facts_for

LAYOUT = Table("fact_layout", MetaData(), Column("signature", String(64), nullable=False))
"""Which layout the facts in the store have."""


def stamp(connection: Connection, *, peers_only: bool = False) -> Facts:
    """Rebuild all facts inside the caller's transaction and return their layout.

    ``peers_only`` keeps out of who meets whom what may be none between peers: `store.doubtful`.
    """
    facts = read_facts(connection)
    # dropped by name, so that a layout with other attributes leaves nothing behind
    for table in facts.metadata.tables.values():
        table.drop(connection, checkfirst=True)
    facts.metadata.create_all(connection)
    _refresh_statistics(connection, CANONICAL.values())
    for write in (
        people.number_people,
        people.list_groups,
        people.write_calendar,
        people.write_profiles,
        distances.write_offsets,
        meetings.list_places,
        partial(meetings.write_events, peers_only=peers_only),
        distances.list_distances,
        meetings.write_meetings,
        pairings.write_strata,
        pairings.write_pairings,
        pairings.write_seats,
        pairings.write_eligible,
        pools.write_available,
    ):
        write(connection, facts)
        _refresh_statistics(connection, facts.metadata.tables.values())
    for staging in (facts.event, facts.meeting):
        connection.execute(delete(staging))
    _remember_layout(connection, facts, peers_only)
    return facts


def _refresh_statistics(connection: Connection, tables: Iterable[Table]) -> None:
    # PostgreSQL chooses its joins by statistics, which rows of this transaction do not have yet
    if connection.dialect.name == "postgresql":
        quote = connection.dialect.identifier_preparer.format_table
        connection.execute(text(f"ANALYZE {', '.join(quote(table) for table in tables)}"))


def stamp_if_outdated(connection: Connection, *, peers_only: bool = False) -> bool:
    """Rebuild facts that another version or choice laid out otherwise; tell whether it had to."""
    LAYOUT.create(connection, checkfirst=True)
    known = connection.scalar(select(LAYOUT.c.signature))
    if known == _signature(read_facts(connection), peers_only):
        return False
    stamp(connection, peers_only=peers_only)
    return True


def _remember_layout(connection: Connection, facts: Facts, peers_only: bool) -> None:
    LAYOUT.create(connection, checkfirst=True)
    connection.execute(delete(LAYOUT))
    connection.execute(insert(LAYOUT).values(signature=_signature(facts, peers_only)))


def _signature(facts: Facts, peers_only: bool) -> str:
    """Return a hash of all fact tables and their columns, and of what they are for."""
    chosen = ["peers only"] if peers_only else []
    layout = [facts.attributes, *chosen] + [
        (table.name, [(column.name, str(column.type)) for column in table.c])
        for table in facts.metadata.sorted_tables
    ]
    return sha256(repr(layout).encode()).hexdigest()


def read_facts(connection: Connection) -> Facts:
    """Return the layout of the facts that are in the store."""
    code = CANONICAL["attribute_def"].c.attribute_code
    return facts_for(tuple(connection.scalars(select(code).order_by(code))))
