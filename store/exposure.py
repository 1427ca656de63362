"""What people had done before each wave of ratings, and whom lotteries gave them as partners."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from sqlalchemy import (
    Connection,
    Date,
    Double,
    Integer,
    Select,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.sql.elements import ColumnElement

from schema import CANONICAL
from store.aggregates import Grouping, as_double, total
from store.facts import FIRST_GROUP, UNKNOWN, Facts
from store.rated import given

MOST_PEOPLE = 50_000
"""People whose rows a model reads at most; beyond that, every second, third, ... person."""


def sample_step(connection: Connection, facts: Facts) -> int:
    """Return of how many people one is read, so that at most `MOST_PEOPLE` are."""
    people = connection.scalar(select(func.count()).select_from(facts.person)) or 0
    return max(1, -(-people // MOST_PEOPLE))


def wave_days(connection: Connection) -> tuple[date, ...]:
    """Return the days on which waves opened; wave number n is the n-th of them."""
    opened = CANONICAL["wave"].c.opens_on
    return tuple(connection.scalars(select(opened).distinct().order_by(opened)))


def turn_at(moment: ColumnElement, days: Sequence[date]) -> ColumnElement[int]:
    """Return how many waves had opened at a day or an instant: 0 before the first."""
    limits: Sequence[date] = days
    if not isinstance(moment.type, Date):
        limits = [datetime.combine(day, time.min, UTC) for day in days]
    steps = [(moment < limit, number) for number, limit in enumerate(limits)]
    return case(*steps, else_=len(days)) if steps else literal_column("0")


def rater_kinds() -> Select:
    """Count the days of waves on which each kind of rater rated; columns: rater_kind, waves."""
    rating, wave = CANONICAL["skill_rating"].c, CANONICAL["wave"].c
    return (
        select(rating.rater_kind, func.count(wave.opens_on.distinct()).label("waves"))
        .join(CANONICAL["wave"], wave.wave_id == rating.wave_id)
        .where(given())
        .group_by(rating.rater_kind)
    )


def people_rated() -> Select:
    """Count the people who were rated by anybody."""
    rating = CANONICAL["skill_rating"].c
    return select(func.count(rating.person_id.distinct())).where(given())


def skills(rater: str) -> Select:
    """Return the skills that a kind of rater rates: skill_code, label, lowest, highest."""
    rating, skill = CANONICAL["skill_rating"].c, CANONICAL["skill"].c
    return (
        select(
            skill.skill_code,
            skill.label,
            as_double(func.min(rating.scale_min)).label("lowest"),
            as_double(func.max(rating.scale_max)).label("highest"),
        )
        .join(CANONICAL["skill_rating"], rating.skill_code == skill.skill_code)
        .where(rating.rater_kind == rater, rating.about_wave_id.is_(None))
        .group_by(skill.skill_code, skill.label)
        .order_by(skill.skill_code)
    )


def ratings(
    facts: Facts, rater: str, codes: Sequence[str], days: Sequence[date], step: int
) -> Select:
    """Return each person's mean rating as a part of the scale, by skill and wave.

    Columns: person_no, skill_no (position in ``codes``), wave_no (1, 2, ...), rating (0 to 1).
    """
    rating, wave, person = CANONICAL["skill_rating"].c, CANONICAL["wave"].c, facts.person.c
    numbers = {code: number for number, code in enumerate(codes)}
    rows = (
        select(
            person.person_no,
            cast(case(numbers, value=rating.skill_code, else_=0), Integer).label("skill_no"),
            turn_at(wave.opens_on, days).label("wave_no"),
            (
                as_double(rating.value_num - rating.scale_min)
                / as_double(rating.scale_max - rating.scale_min)
            ).label("part"),
        )
        .join(CANONICAL["wave"], wave.wave_id == rating.wave_id)
        .join(facts.person, person.person_id == rating.person_id)
        .where(rating.rater_kind == rater, given(), in_sample(person, step))
        .subquery()
    )
    keys = [rows.c.person_no, rows.c.skill_no, rows.c.wave_no]
    mean = total(rows.c.part) / as_double(func.count())
    return select(*keys, mean.label("rating")).group_by(*keys)


def conversations(
    facts: Facts, groupings: Sequence[Grouping], days: Sequence[date], step: int
) -> Select:
    """Sum each person's completed conversations between two waves, same-group and cross-group.

    A conversation of several people counts 1 in all, in parts by partner; a partner of unknown
    group counts as neither. Columns: person_no, turn (waves opened before), held, and for each
    attribute in order same_0, cross_0, same_1, ...
    """
    seat = _seats(facts, groupings)
    one, other = seat.alias("one").c, seat.alias("other").c
    part = as_double(cast(1.0, Double) / as_double(one.people - 1))
    sums = [total(part).label("held")]
    for number in range(len(groupings)):
        own, partner = one[f"g{number}"], other[f"g{number}"]
        known = and_(own >= FIRST_GROUP, partner >= FIRST_GROUP)
        sums.append(total(case((and_(known, own == partner), part))).label(f"same_{number}"))
        sums.append(total(case((and_(known, own != partner), part))).label(f"cross_{number}"))
    met = and_(other.conversation_id == one.conversation_id, other.person_no != one.person_no)
    turn = turn_at(one.started_at, days)
    return (
        select(one.person_no, turn.label("turn"), *sums)
        .where(met, in_sample(one, step))
        .group_by(one.person_no, turn)
    )


def _seats(facts: Facts, groupings: Sequence[Grouping]) -> Subquery:
    """Return who came to which completed conversation, with the published groups at that time."""
    talk, seat = CANONICAL["conversation"].c, CANONICAL["conversation_participant"].c
    size = (
        select(seat.conversation_id, func.count().label("people"))
        .group_by(seat.conversation_id)
        .having(func.count() > 1)
        .subquery()
    )
    started = func.coalesce(talk.actual_start_at, talk.scheduled_start_at)
    profile, person = facts.profile.c, facts.person.c
    in_force = and_(
        profile.person_no == person.person_no,
        started >= profile.holds_from,
        started < profile.holds_to,
    )
    return (
        select(
            seat.conversation_id,
            person.person_no,
            started.label("started_at"),
            size.c.people,
            *_groups(facts, groupings),
        )
        .select_from(CANONICAL["conversation_participant"])
        .join(CANONICAL["conversation"], talk.conversation_id == seat.conversation_id)
        .join(size, size.c.conversation_id == seat.conversation_id)
        .join(facts.person, person.person_id == seat.person_id)
        .join(facts.profile, in_force, isouter=True)
        .where(talk.status == "completed", seat.attended != "no")
        .subquery()
    )


def _groups(facts: Facts, groupings: Sequence[Grouping]) -> list[ColumnElement[int]]:
    return [
        func.coalesce(
            grouping.renumbered(facts.profile.c[f"g{facts.attributes.index(grouping.attribute)}"]),
            UNKNOWN,
        ).label(f"g{number}")
        for number, grouping in enumerate(groupings)
    ]


def in_sample(columns: object, step: int) -> ColumnElement[bool]:
    """Tell whether a person is among every step-th who are read."""
    return columns.person_no % step == 0 if step > 1 else true()
