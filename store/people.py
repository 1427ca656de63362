"""Number people and their groups, and cut each person's time wherever a group changes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, case, func, insert, literal, or_, select, union
from sqlalchemy.sql.elements import ColumnElement

from schema import CANONICAL
from store.facts import FIRST_GROUP, NOT_SAID, SEVERAL, UNKNOWN, Facts

OPEN_END = date(9999, 12, 31)


def number_people(connection: Connection, facts: Facts) -> None:
    """Give each person a dense running number."""
    person = CANONICAL["person"]
    number = func.row_number().over(order_by=person.c.person_id)
    connection.execute(
        insert(facts.person).from_select(
            ["person_no", "person_id"], select(number, person.c.person_id)
        )
    )


def list_groups(connection: Connection, facts: Facts) -> None:
    """Number the values of each attribute; codes below FIRST_GROUP are reserved for no value."""
    value = CANONICAL["attribute_value_def"]
    rows = connection.execute(
        select(value.c.attribute_code, value.c.value_code, value.c.label).order_by(
            value.c.attribute_code, value.c.sort, value.c.value_code
        )
    ).all()
    multi = CANONICAL["attribute_def"].c.multi
    several = set(
        connection.scalars(select(CANONICAL["attribute_def"].c.attribute_code).where(multi))
    )
    listed = []
    for attribute in facts.attributes:
        values = [(code, label) for code_of, code, label in rows if code_of == attribute]
        if attribute in several:
            values.append((SEVERAL, "More than one"))
        listed += [
            {"attribute_code": attribute, "group_no": number, "value_code": code, "label": label}
            for number, (code, label) in enumerate(values, FIRST_GROUP)
        ]
    if listed:
        connection.execute(insert(facts.group), listed)


def write_calendar(connection: Connection, facts: Facts) -> None:
    """Write the months that the data touch, in every time zone that occurs."""
    moments = moments_touched(connection)
    if moments is None:
        return
    zones = set(connection.scalars(select(CANONICAL["conversation"].c.tz).distinct())) | {"UTC"}
    rows = [row for zone in sorted(zones) for row in _months(zone, *moments)]
    connection.execute(insert(facts.calendar), rows)


def moments_touched(connection: Connection) -> tuple[datetime, datetime] | None:
    """Return the first and the last moment of an offer or a conversation; None without any."""
    talk, match = CANONICAL["conversation"].c, CANONICAL["match"].c
    started = func.coalesce(talk.actual_start_at, talk.scheduled_start_at)
    spans = [
        connection.execute(select(func.min(moment), func.max(moment))).one()
        for moment in (started, match.offered_at)
    ]
    moments = [_aware(moment) for span in spans for moment in span if moment is not None]
    return (min(moments), max(moments)) if moments else None


def _aware(moment: datetime | str) -> datetime:
    """Aggregates of instants come back untyped from some engines."""
    parsed = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _months(zone: str, first: datetime, last: datetime) -> list[dict[str, object]]:
    """Return the months from the one before ``first`` to the one after ``last`` in this zone."""
    rows = []
    for month_no in range(first.year * 12 + first.month - 2, last.year * 12 + last.month + 1):
        start, end = (_month_start(zone, number) for number in (month_no, month_no + 1))
        rows.append(
            {
                "tz": zone,
                "starts_at": start,
                "ends_at": end,
                "month_no": month_no,
                "quarter_no": month_no // 3,
            }
        )
    return rows


def _month_start(zone: str, month_no: int) -> datetime:
    local = datetime(month_no // 12, month_no % 12 + 1, 1, tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC).replace(tzinfo=None)


def write_profiles(connection: Connection, facts: Facts) -> None:
    """Cut each person's time wherever any attribute changes, and note all groups of each piece."""
    held = CANONICAL["person_attribute"]
    turns = union(
        select(held.c.person_id, held.c.valid_from.label("turn")),
        select(held.c.person_id, held.c.valid_to).where(held.c.valid_to.is_not(None)),
    ).subquery()
    following = func.lead(turns.c.turn).over(partition_by=turns.c.person_id, order_by=turns.c.turn)
    piece = select(
        turns.c.person_id,
        turns.c.turn.label("holds_from"),
        func.coalesce(following, literal(OPEN_END)).label("holds_to"),
    ).subquery()
    in_force = and_(
        held.c.person_id == piece.c.person_id,
        held.c.valid_from <= piece.c.holds_from,
        or_(held.c.valid_to.is_(None), piece.c.holds_from < held.c.valid_to),
    )
    named = and_(
        facts.group.c.attribute_code == held.c.attribute_code,
        facts.group.c.value_code == held.c.value_code,
    )
    several = _several_numbers(connection, facts)
    groups = [
        _group_in_force(attribute, facts, several.get(attribute, UNKNOWN)).label(f"g{number}")
        for number, attribute in enumerate(facts.attributes)
    ]
    rows = (
        select(facts.person.c.person_no, piece.c.holds_from, piece.c.holds_to, *groups)
        .join(facts.person, facts.person.c.person_id == piece.c.person_id)
        .join(held, in_force, isouter=True)
        .join(facts.group, named, isouter=True)
        .group_by(facts.person.c.person_no, piece.c.holds_from, piece.c.holds_to)
    )
    connection.execute(insert(facts.profile).from_select([c.name for c in facts.profile.c], rows))


def _several_numbers(connection: Connection, facts: Facts) -> dict[str, int]:
    group = facts.group.c
    found = select(group.attribute_code, group.group_no).where(group.value_code == SEVERAL)
    return dict(connection.execute(found).all())


def _group_in_force(attribute: str, facts: Facts, several: int) -> ColumnElement[int]:
    held = CANONICAL["person_attribute"].c
    own = held.attribute_code == attribute
    given = case((and_(own, held.state == "given"), facts.group.c.group_no))
    withheld = case((and_(own, held.state == "prefer_not_to_say"), 1))
    return case(
        (func.count(given) > 1, several),
        (func.count(given) == 1, func.max(given)),
        (func.count(withheld) > 0, NOT_SAID),
        else_=UNKNOWN,
    )


def month_of(zone: ColumnElement, moment: ColumnElement, facts: Facts) -> ColumnElement[bool]:
    """Join a moment to the month it falls in, read in the zone given."""
    month = facts.calendar.c
    return and_(month.tz == zone, moment >= month.starts_at, moment < month.ends_at)
