"""How far apart the clocks of people who talk are, where an attribute says in which zone they live.

The distance of a conversation is the largest difference on the clock between any two of its people,
at its start: at most twelve hours, since 23 hours of difference are one hour on the clock. It is
known where the zone of everybody with a seat is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Subquery, and_, case, func, insert, select

from schema import CANONICAL
from store.facts import NO_PLACE, Facts
from store.people import moments_touched

BANDS = (("hours_0", 0), ("hours_under_4", 239), ("hours_4_to_6", 419), ("hours_7_up", 720))
"""Bands of distance, numbered from one more than `NO_PLACE`: code, most minutes."""
DAY_MINUTES = 24 * 60
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)

Spell = tuple[datetime, datetime, int]
"""From when, until when, minutes ahead of UTC."""


def zone_attribute(connection: Connection) -> str | None:
    """Return the attribute whose values have time zones: the first on screen, if several have."""
    value, attribute = CANONICAL["attribute_value_def"].c, CANONICAL["attribute_def"].c
    return connection.scalar(
        select(value.attribute_code)
        .join(CANONICAL["attribute_def"], attribute.attribute_code == value.attribute_code)
        .where(value.tz.is_not(None), value.tz != "")
        .order_by(attribute.sort, value.attribute_code)
        .limit(1)
    )


def write_offsets(connection: Connection, facts: Facts) -> None:
    """Write how far each group's clocks are ahead of UTC, over the time that the data touch."""
    attribute, moments = zone_attribute(connection), moments_touched(connection)
    if attribute is None or moments is None:
        return
    value, group = CANONICAL["attribute_value_def"].c, facts.group.c
    named = and_(group.attribute_code == value.attribute_code, group.value_code == value.value_code)
    zones = connection.execute(
        select(group.group_no, value.tz)
        .join(facts.group, named)
        .where(value.attribute_code == attribute, value.tz.is_not(None), value.tz != "")
        .order_by(group.group_no)
    ).all()
    rows = [
        {"group_no": number, "starts_at": begins, "ends_at": ends, "minutes": minutes}
        for number, zone in zones
        for begins, ends, minutes in spells(zone, *moments)
    ]
    connection.execute(insert(facts.offset), rows)


def spells(zone: str, first: datetime, last: datetime) -> Iterator[Spell]:
    """Yield the times during which a zone keeps one offset, from ``first`` to after ``last``.

    Moments are in UTC without a zone, as they are stored. A zone that turned its clocks twice
    within 24 hours would be taken not to have turned them.
    """
    place = ZoneInfo(zone)

    def offset(moment: datetime) -> int:
        return round(moment.replace(tzinfo=UTC).astimezone(place).utcoffset() / MINUTE)

    begins = day = first.astimezone(UTC).replace(tzinfo=None)
    ends = last.astimezone(UTC).replace(tzinfo=None) + MINUTE
    while day < ends:
        following = min(day + DAY, ends)
        if offset(following) != offset(day):
            turn = _turn(offset, day, following)
            yield begins, turn, offset(day)
            begins = turn
        day = following
    yield begins, ends, offset(begins)


def _turn(offset: Callable[[datetime], int], before: datetime, after: datetime) -> datetime:
    """Return the first whole minute with the offset that holds at ``after``, by halving."""
    before, after = (moment.replace(second=0, microsecond=0) for moment in (before, after + MINUTE))
    while after - before > MINUTE:
        middle = before + (after - before) // (2 * MINUTE) * MINUTE
        if offset(middle) == offset(after):
            after = middle
        else:
            before = middle
    return after


def distances(facts: Facts, attribute: str) -> Subquery:
    """Return conversation_id and distance_no of the conversations whose distance is known.

    ``attribute`` is that whose values have time zones.
    """
    clocks = _clocks(facts, attribute)
    one, other = clocks.alias(), clocks.alias()
    difference = func.abs(one.c.minutes - other.c.minutes)
    # on the clock nobody is further away than half a day
    gap = case((difference > DAY_MINUTES // 2, DAY_MINUTES - difference), else_=difference)
    furthest = func.max(gap)
    band = case(
        *((furthest <= most, number) for number, (_, most) in enumerate(BANDS, start=NO_PLACE + 1))
    )
    both = and_(other.c.conversation_id == one.c.conversation_id, one.c.slot < other.c.slot)
    return (
        select(one.c.conversation_id, band.label("distance_no"))
        .join(other, both)
        .group_by(one.c.conversation_id)
        .having(func.count(gap) == func.count())
        .subquery()
    )


def _clocks(facts: Facts, attribute: str) -> Subquery:
    """Return each seat with how far its person's clock was ahead of UTC; empty where unknown."""
    talk, seat = CANONICAL["conversation"], CANONICAL["conversation_participant"]
    profile, offset = facts.profile.c, facts.offset.c
    own = profile[f"g{facts.attributes.index(attribute)}"]
    started = func.coalesce(talk.c.actual_start_at, talk.c.scheduled_start_at)
    return (
        select(seat.c.conversation_id, seat.c.slot, offset.minutes)
        .select_from(seat)
        .join(talk, talk.c.conversation_id == seat.c.conversation_id)
        .join(facts.person, facts.person.c.person_id == seat.c.person_id, isouter=True)
        .join(
            facts.profile,
            and_(
                profile.person_no == facts.person.c.person_no,
                started >= profile.holds_from,
                started < profile.holds_to,
            ),
            isouter=True,
        )
        .join(
            facts.offset,
            and_(offset.group_no == own, started >= offset.starts_at, started < offset.ends_at),
            isouter=True,
        )
        .subquery()
    )


def list_distances(connection: Connection, facts: Facts) -> None:
    """Number the distances over which conversations took place."""
    event = facts.event.c
    held = select(event.distance_no).where(event.completed > 0, event.distance_no != NO_PLACE)
    rows = [
        {"kind": "distance", "place_no": number, "code": BANDS[number - NO_PLACE - 1][0]}
        for number in sorted(connection.scalars(held.distinct()))
    ]
    if rows:
        connection.execute(insert(facts.place), rows)
