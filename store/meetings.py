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
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.elements import ColumnElement

from schema import CANONICAL
from schema.tables import MODES
from store.distances import distances, zone_attribute
from store.doubtful import (
    offers_with_manager,
    seats_after_leaving,
    seats_before_joining,
    talks_with_manager,
)
from store.facts import NO_PLACE, PLACE_KINDS, Facts
from store.people import month_of

FREE_CYCLE = 100_000
"""Cycle numbers from here on are months: conversations that no match round brought about."""

ACROSS_POOLS = "across"

MOST_TOPICS = 12
"""Topics that are numbered, the most frequent first; rarer ones count as not recorded."""


def list_places(connection: Connection, facts: Facts) -> None:
    """Number the modes and the topics of the conversations that took place."""
    talk = CANONICAL["conversation"].c
    topics = (
        select(talk.topic_code)
        .where(talk.status == "completed", talk.topic_code.is_not(None))
        .group_by(talk.topic_code)
        .order_by(func.count().desc(), talk.topic_code)
        .limit(MOST_TOPICS)
    )
    modes = select(talk.mode).where(talk.status == "completed").distinct()
    held = set(connection.scalars(modes))
    listed = {
        "mode": [mode for mode in MODES if mode in held and mode != "unknown"],
        "topic": list(connection.scalars(topics)),
    }
    rows = [
        {"kind": kind, "place_no": number, "code": code}
        for kind, codes in listed.items()
        for number, code in enumerate(codes, NO_PLACE + 1)
    ]
    if rows:
        connection.execute(insert(facts.place), rows)


def write_events(connection: Connection, facts: Facts, *, peers_only: bool = False) -> None:
    """Write one row per offer or conversation and pair of people in it.

    ``peers_only`` leaves out what may be none between peers: `store.doubtful`.
    """
    zoned_by = zone_attribute(connection)
    for events in (_offers(facts, peers_only), _talks(facts, zoned_by, peers_only)):
        connection.execute(insert(facts.event).from_select([c.name for c in facts.event.c], events))


def _offers(facts: Facts, peers_only: bool) -> Select:
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
    rows = (
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
            *(literal(NO_PLACE) for _ in PLACE_KINDS),
        )
        .select_from(match)
        .join(cohort, cohort.c.cohort_id == match.c.cohort_id)
        .join(size, and_(size.c.match_id == match.c.match_id, size.c.people > 1))
        .join(one, one.c.match_id == match.c.match_id)
        .join(other, and_(other.c.match_id == one.c.match_id, one.c.person_no < other.c.person_no))
        .join(month, month_of(literal("UTC"), match.c.offered_at, facts))
    )
    return rows.where(match.c.match_id.not_in(offers_with_manager())) if peers_only else rows


def _talks(facts: Facts, zoned_by: str | None, peers_only: bool) -> Select:
    """Return one row per conversation and pair of known people in it.

    ``zoned_by`` is the attribute whose values have time zones, None without one.
    """
    talk, seat, match = (
        CANONICAL[name] for name in ("conversation", "conversation_participant", "match")
    )
    came = case((seat.c.attended == "no", 0), else_=1).label("came")
    seated = select(seat.c.conversation_id, facts.person.c.person_no, came).join(
        facts.person, facts.person.c.person_id == seat.c.person_id
    )
    seats = (_in_time(seated) if peers_only else seated).subquery()
    size = (
        select(seat.c.conversation_id, func.count().label("people"))
        .group_by(seat.c.conversation_id)
        .subquery()
    )
    one, other = seats.alias(), seats.alias()
    started = func.coalesce(talk.c.actual_start_at, talk.c.scheduled_start_at)
    month = facts.calendar
    mode, topic = facts.place.alias(), facts.place.alias()
    held = case((talk.c.status == "completed", one.c.came * other.c.came), else_=0)
    apart = None if zoned_by is None else distances(facts, zoned_by)
    distance = literal(NO_PLACE) if apart is None else apart.c.distance_no
    rows = (
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
            func.coalesce(mode.c.place_no, NO_PLACE),
            func.coalesce(topic.c.place_no, NO_PLACE),
            func.coalesce(distance, NO_PLACE),
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
        .join(mode, and_(mode.c.kind == "mode", mode.c.code == talk.c.mode), isouter=True)
        .join(topic, and_(topic.c.kind == "topic", topic.c.code == talk.c.topic_code), isouter=True)
    )
    if peers_only:
        rows = rows.where(talk.c.conversation_id.not_in(talks_with_manager()))
    if apart is None:
        return rows
    return rows.join(apart, apart.c.conversation_id == talk.c.conversation_id, isouter=True)


def _in_time(seated: Select) -> Select:
    """Leave out seats of people who had not joined the cohort yet, or had left."""
    seat = CANONICAL["conversation_participant"].c
    for doubtful in (seats_before_joining(), seats_after_leaving()):
        gone = doubtful.subquery()
        same = and_(
            gone.c.conversation_id == seat.conversation_id, gone.c.person_id == seat.person_id
        )
        seated = seated.join(gone, same, isouter=True).where(gone.c.person_id.is_(None))
    return seated


def _in_turn(facts: Facts) -> ReadOnlyColumnCollection:
    """Return the events, numbered within a pairing: what was held first, and what was planned."""
    event = facts.event.c
    keys = (event.programme_id, event.cohort_id, event.cycle_no, event.person_a, event.person_b)
    places = (event[f"{kind}_no"] for kind in PLACE_KINDS)
    first = (event.scheduled.desc(), event.happened_at, *places)
    turns = {"held_turn": (event.completed.desc(), *first), "planned_turn": first}
    numbered = (
        func.row_number().over(partition_by=keys, order_by=order).label(turn)
        for turn, order in turns.items()
    )
    return select(*event, *numbered).subquery().c


def write_meetings(connection: Connection, facts: Facts) -> None:
    """Join what was offered, planned and held between two people in one cycle into one pairing."""
    event, pool = _in_turn(facts), CANONICAL["match_pool"]
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
            *(
                func.max(case((event[turn] == 1, event[f"{kind}_no"]), else_=NO_PLACE)).label(
                    f"{turn}_{kind}"
                )
                for turn in ("held_turn", "planned_turn")
                for kind in PLACE_KINDS
            ),
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
