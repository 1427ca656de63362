"""Aggregates of skill ratings: means by wave, the same people first and last, and who is missing.

What an item, a value of a wave, and first and last are, stands in `store.rated`.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import (
    CTE,
    Select,
    Subquery,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.sql.elements import ColumnElement

from schema import CANONICAL
from store.aggregates import Grouping, total
from store.facts import FIRST_GROUP, UNKNOWN, Facts
from store.intakes import begun, intakes, of_intakes
from store.patterns import OUTSIDE, groups_at, patterns, places_of_people
from store.rated import (
    by_wave,
    first_and_last,
    given,
    listed_items,
    looking_back,
    of_item,
    values,
)

ORGANISATION, PROGRAMME, COHORT, COMPARED, FIRST_ATTRIBUTE = range(5)
"""Kinds of places: everybody who takes part, a programme, a cohort, people who take part in none;
from `FIRST_ATTRIBUTE` on a group of the published attributes among those who take part. Below them
all stands `store.intakes.INTAKE`."""
PAIRED, RECALLED = -1, -2
"""Periods of those with a first and a last value, and of those who also recalled the first."""
SUMS = ("x", "y", "xx", "yy", "xy", "rose")


def items() -> Select:
    """List the items: item_no, skill_code, label, rater_kind, scale_min, scale_max, people."""
    listed, skill, rating = listed_items(), CANONICAL["skill"].c, CANONICAL["skill_rating"]
    return (
        select(
            *listed.c,
            skill.label,
            func.count(rating.c.person_id.distinct()).label("people"),
        )
        .select_from(listed)
        .join(rating, of_item(listed))
        .join(CANONICAL["skill"], skill.skill_code == listed.c.skill_code)
        .where(given())
        .group_by(*listed.c, skill.label)
        .order_by(listed.c.item_no)
    )


def waves() -> Select:
    """List the waves that were rated: wave_no, label (one of them where series differ)."""
    wave, rating = CANONICAL["wave"], CANONICAL["skill_rating"]
    return (
        select(wave.c.wave_no, func.min(wave.c.label).label("label"))
        .where(wave.c.wave_id.in_(select(rating.c.wave_id).where(given())))
        .group_by(wave.c.wave_no)
        .order_by(wave.c.wave_no)
    )


def skills() -> Select:
    """List all skills, rated or not: skill_code, label."""
    skill = CANONICAL["skill"].c
    return select(skill.skill_code, skill.label).order_by(skill.skill_code)


def groups_when_rated(facts: Facts, groupings: Sequence[Grouping]) -> Subquery:
    """Return each rated person's groups as of the first rating."""
    rating = CANONICAL["skill_rating"].c
    dated = (
        select(facts.person.c.person_no, func.min(rating.rated_on).label("as_of"))
        .join(facts.person, facts.person.c.person_id == rating.person_id)
        .where(given())
        .group_by(facts.person.c.person_no)
        .subquery()
    )
    return groups_at(facts, dated, groupings)


def _belonging(facts: Facts, groupings: Sequence[Grouping], *, by_intake: bool = False) -> CTE:
    """Return person_no with every place that the person counts in: kind_no, slice_no, group_no."""
    places, groups = places_of_people(facts), groups_when_rated(facts, groupings)
    programme, cohort = places.c.programme_no, places.c.cohort_no
    takes_part = programme != OUTSIDE
    zero = literal(0)
    parts = [
        _part(places.c.person_no, ORGANISATION, zero, zero).where(takes_part),
        _part(places.c.person_no, PROGRAMME, programme, zero).where(programme > 0),
        _part(places.c.person_no, COHORT, cohort, zero).where(cohort > 0),
        _part(places.c.person_no, COMPARED, zero, zero).where(~takes_part),
    ]
    for number in range(len(groupings)):
        group = groups.c[f"g{number}"]
        parts.append(
            _part(groups.c.person_no, FIRST_ATTRIBUTE + number, zero, group)
            .where(group >= FIRST_GROUP)
            .where(groups.c.person_no.in_(select(places.c.person_no).where(takes_part)))
        )
    if by_intake:
        parts.append(of_intakes(facts, places))
    return union_all(*parts).cte("belonging")


def _part(
    person: ColumnElement, kind: int, slice_no: ColumnElement, group: ColumnElement
) -> Select:
    return select(
        person.label("person_no"),
        literal(kind).label("kind_no"),
        slice_no.label("slice_no"),
        group.label("group_no"),
    ).distinct()


def _told(place: CTE, item: ColumnElement, by_group: Sequence[int]) -> ColumnElement[bool]:
    """Keep groups of attributes and intakes for the items alone that are published by group."""
    return or_(place.c.kind_no.between(ORGANISATION, COMPARED), item.in_(list(by_group)))


def wave_sums(facts: Facts, groupings: Sequence[Grouping], by_group: Sequence[int]) -> Select:
    """Sum the values of each wave by place; by group for the items in ``by_group`` alone.

    Columns: item_no, wave_no, kind_no, slice_no, group_no, people, x, xx.
    """
    value, place = by_wave(values(facts)), _belonging(facts, groupings)
    by = (
        value.c.item_no, value.c.wave_no, place.c.kind_no, place.c.slice_no, place.c.group_no,
    )  # fmt: skip
    return (
        select(
            *by,
            func.count().label("people"),
            total(value.c.x).label("x"),
            total(value.c.x * value.c.x).label("xx"),
        )
        .join(place, place.c.person_no == value.c.person_no)
        .where(_told(place, value.c.item_no, by_group))
        .group_by(*by)
    )


def pair_sums(facts: Facts, groupings: Sequence[Grouping], by_group: Sequence[int]) -> Select:
    """Sum the first and last values of the same people by place, by group as in `wave_sums`.

    Intakes are places here as well, told as groups are.

    Columns: item_no, kind_no, slice_no, group_no, started (people with a first value), people (with
    both), x, y, xx, yy, xy and rose (people whose value did).
    """
    value, place = first_and_last(values(facts)), _belonging(facts, groupings, by_intake=True)
    x, y = value.c.x, value.c.y
    by = (value.c.item_no, place.c.kind_no, place.c.slice_no, place.c.group_no)
    paired = y.is_not(None)
    terms = (x, y, x * x, y * y, x * y, case((y > x, 1.0), else_=0.0))
    return (
        select(
            *by,
            func.count().label("started"),
            func.count(y).label("people"),
            *(
                total(case((paired, term), else_=0.0)).label(name)
                for name, term in zip(SUMS, terms, strict=True)
            ),
        )
        .join(place, place.c.person_no == value.c.person_no)
        .where(_told(place, value.c.item_no, by_group))
        .group_by(*by)
    )


def then_sums(facts: Facts) -> Select:
    """Sum what people say who look back, by place; nothing where nobody was asked to.

    Columns: item_no, kind_no, slice_no, people, gain and gain_squares (last less recalled first),
    shift and shift_squares (recalled first less first).
    """
    value, place = looking_back(facts), _belonging(facts, ())
    gain, shift = value.c.y - value.c.t, value.c.t - value.c.x
    by = (value.c.item_no, place.c.kind_no, place.c.slice_no)
    return (
        select(
            *by,
            func.count().label("people"),
            total(gain).label("gain"),
            total(gain * gain).label("gain_squares"),
            total(shift).label("shift"),
            total(shift * shift).label("shift_squares"),
        )
        .join(place, place.c.person_no == value.c.person_no)
        .where(place.c.kind_no != COHORT)
        .group_by(*by)
    )


def rating_patterns(facts: Facts, groupings: Sequence[Grouping], by_group: Sequence[int]) -> Select:
    """Count people by all that cells of an item can tell apart; see `store.patterns.patterns`.

    Groups are told apart for the items in ``by_group`` alone, and are 0 for the others. After those
    of ``groupings`` stand two more: the intake of the programme, and that of the first enrolment of
    all, of people with a first and a last value (see `store.intakes`), and 0 of all others.
    ``period_no`` is one more than the number of the wave, or `PAIRED`, or `RECALLED`.
    """
    rated = values(facts)
    ends, recalled = first_and_last(rated), looking_back(facts)
    places, groups = places_of_people(facts), groups_when_rated(facts, groupings)
    own = intakes(facts)
    whens = union_all(
        select(rated.c.item_no, rated.c.person_no, (rated.c.wave_no + 1).label("period_no")),
        select(ends.c.item_no, ends.c.person_no, literal(PAIRED).label("period_no")).where(
            ends.c.y.is_not(None)
        ),
        select(recalled.c.item_no, recalled.c.person_no, literal(RECALLED).label("period_no")),
    ).subquery()
    told = whens.c.item_no.in_(list(by_group))
    columns = [groups.c[f"g{number}"] for number in range(len(groupings))]
    paired = whens.c.period_no == PAIRED
    columns += [case((paired, began)) for began in (own.c.intake_no, own.c.first_no)]
    rows = (
        select(
            whens.c.item_no,
            whens.c.person_no,
            places.c.programme_no,
            places.c.cohort_no,
            whens.c.period_no,
            *(
                func.coalesce(case((told, column)), UNKNOWN).label(f"g{number}")
                for number, column in enumerate(columns)
            ),
        )
        .join(places, places.c.person_no == whens.c.person_no)
        .join(groups, groups.c.person_no == whens.c.person_no)
        .join(own, begun(own, places), isouter=True)
        .subquery()
    )
    return patterns(rows)


def missing_people(
    facts: Facts, groupings: Sequence[Grouping], item_numbers: Sequence[int], every: int
) -> Select:
    """Return one row per item and person who started, for who is missing at the end.

    Every ``every``-th person stands for the others. Columns: item_no, person_no, x, y and
    stayed (0 where y is missing), activity (completed seats), programme_no (the first), groups.
    """
    rated = values(facts)
    ends, places = first_and_last(rated), places_of_people(facts)
    groups = groups_when_rated(facts, groupings)
    seat = facts.seat.c
    active = select(seat.person_no, total(seat.seats).label("seats")).group_by(seat.person_no)
    activity = active.subquery()
    programme = (
        select(places.c.person_no, func.min(places.c.programme_no).label("programme_no"))
        .where(places.c.programme_no != OUTSIDE)
        .group_by(places.c.person_no)
        .subquery()
    )
    number = ends.c.person_no
    return (
        select(
            ends.c.item_no,
            number,
            ends.c.x,
            func.coalesce(ends.c.y, 0.0).label("y"),
            case((ends.c.y.is_not(None), 1), else_=0).label("stayed"),
            func.coalesce(activity.c.seats, 0.0).label("activity"),
            programme.c.programme_no,
            *(groups.c[f"g{n}"] for n in range(len(groupings))),
        )
        .join(programme, programme.c.person_no == number)
        .join(groups, groups.c.person_no == number)
        .join(activity, activity.c.person_no == number, isouter=True)
        .where(ends.c.item_no.in_(list(item_numbers)), number % every == 0)
        .order_by(ends.c.item_no, number)
    )


def memberships(facts: Facts) -> Select:
    """List who takes part in which programmes: person_no, programme_no."""
    place = places_of_people(facts)
    return (
        select(place.c.person_no, place.c.programme_no).where(place.c.programme_no > 0).distinct()
    )
