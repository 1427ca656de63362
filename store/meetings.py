"""Bring offers and conversations together: one row per two people, cycle and programme."""

from __future__ import annotations

from sqlalchemy import (
    Connection,
    Double,
    Select,
    and_,
    case,
    cast,
    func,
    insert,
    literal,
    or_,
    select,
)
from sqlalchemy.sql.elements import ColumnElement

from schema import CANONICAL
from store.facts import Facts
from store.people import month_of

FREE_CYCLE = 100_000
"""Cycle numbers from here on are months: conversations that no match round brought about."""

ACROSS_POOLS = "across"


def write_events(connection: Connection, facts: Facts) -> None:
    """Write one row per offer or conversation and pair of people in it."""
    for events in (_offers(facts), _talks(facts)):
        connection.execute(insert(facts.event).from_select([c.name for c in facts.event.c], events))


def _offers(facts: Facts) -> Select:
    """Return one row per pair of people who were offered to each other."""
    match, member, cohort = (CANONICAL[name] for name in ("match", "match_member", "cohort"))
    seats = (
        select(member.c.match_id, facts.person.c.person_no)
        .join(facts.person, facts.person.c.person_id == member.c.person_id)
        .subquery()
    )
    size = (
        select(member.c.match_id, func.count().label("people"))
        .group_by(member.c.match_id)
        .subquery()
    )
    one, other = seats.alias(), seats.alias()
    month = facts.calendar
    return (
        select(
            cohort.c.programme_id,
            cohort.c.cohort_id,
            func.coalesce(match.c.round_no, FREE_CYCLE + month.c.month_no),
            one.c.person_no,
            other.c.person_no,
            match.c.offered_at,
            month.c.quarter_no,
            cast(1.0, Double) / cast(size.c.people - 1, Double),
            literal(1),
            literal(0),
            literal(0),
        )
        .select_from(match)
        .join(cohort, cohort.c.cohort_id == match.c.cohort_id)
        .join(size, and_(size.c.match_id == match.c.match_id, size.c.people > 1))
        .join(one, one.c.match_id == match.c.match_id)
        .join(other, and_(other.c.match_id == one.c.match_id, one.c.person_no < other.c.person_no))
        .join(month, month_of(literal("UTC"), match.c.offered_at, facts))
    )


def _talks(facts: Facts) -> Select:
    """Return one row per conversation and pair of known people in it."""
    talk, seat, match = (
        CANONICAL[name] for name in ("conversation", "conversation_participant", "match")
    )
    came = case((seat.c.attended == "no", 0), else_=1).label("came")
    seats = (
        select(seat.c.conversation_id, facts.person.c.person_no, came)
        .join(facts.person, facts.person.c.person_id == seat.c.person_id)
        .subquery()
    )
    size = (
        select(seat.c.conversation_id, func.count().label("people"))
        .group_by(seat.c.conversation_id)
        .subquery()
    )
    one, other = seats.alias(), seats.alias()
    started = func.coalesce(talk.c.actual_start_at, talk.c.scheduled_start_at)
    month = facts.calendar
    held = case((talk.c.status == "completed", one.c.came * other.c.came), else_=0)
    return (
        select(
            talk.c.programme_id,
            func.coalesce(talk.c.cohort_id, match.c.cohort_id, ""),
            func.coalesce(match.c.round_no, FREE_CYCLE + month.c.month_no),
            one.c.person_no,
            other.c.person_no,
            started,
            month.c.quarter_no,
            cast(1.0, Double) / cast(size.c.people - 1, Double),
            literal(0),
            literal(1),
            held,
        )
        .select_from(talk)
        .join(match, match.c.match_id == talk.c.match_id, isouter=True)
        .join(size, and_(size.c.conversation_id == talk.c.conversation_id, size.c.people > 1))
        .join(one, one.c.conversation_id == talk.c.conversation_id)
        .join(
            other,
            and_(
                other.c.conversation_id == one.c.conversation_id,
                one.c.person_no < other.c.person_no,
            ),
        )
        .join(month, month_of(talk.c.tz, started, facts))
    )


def write_meetings(connection: Connection, facts: Facts) -> None:
    """Join what was offered, planned and held between two people in one cycle into one pairing."""
    event, pool = facts.event.c, CANONICAL["match_pool"]
    keys = (event.programme_id, event.cohort_id, event.cycle_no, event.person_a, event.person_b)
    held_at = func.min(case((event.completed > 0, event.happened_at)))
    pairing = (
        select(
            *keys,
            func.coalesce(held_at, func.min(event.happened_at)).label("happened_at"),
            func.min(event.quarter_no).label("quarter_no"),
            func.max(event.weight).label("weight"),
            func.max(event.matched).label("matched"),
            func.max(event.scheduled).label("scheduled"),
            func.sum(event.completed).label("completions"),
        )
        .group_by(*keys)
        .subquery()
    )
    pools = (
        select(pool.c.cohort_id, pool.c.round_no, facts.person.c.person_no, pool.c.pool_code)
        .join(facts.person, facts.person.c.person_id == pool.c.person_id)
        .subquery()
    )
    one, other = pools.alias(), pools.alias()
    code = case(
        (or_(one.c.pool_code.is_(None), other.c.pool_code.is_(None)), ACROSS_POOLS),
        (one.c.pool_code == other.c.pool_code, one.c.pool_code),
        else_=ACROSS_POOLS,
    )

    def drawn(side: object, person: ColumnElement) -> ColumnElement[bool]:
        return and_(
            side.c.cohort_id == pairing.c.cohort_id,
            side.c.round_no == pairing.c.cycle_no,
            side.c.person_no == person,
        )

    rows = (
        select(*pairing.c, code.label("pool_code"))
        .join(one, drawn(one, pairing.c.person_a), isouter=True)
        .join(other, drawn(other, pairing.c.person_b), isouter=True)
    )
    connection.execute(insert(facts.meeting).from_select([c.name for c in facts.meeting.c], rows))
