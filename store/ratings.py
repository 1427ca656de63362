"""Aggregates of skill ratings: means by wave, the same people first and last, and who is missing.

An item is one skill as one kind of rater sees it on one scale. A person's value of a wave is the
mean over raters. First and last are the first and last wave of a series: the waves of a cohort, of
a programme, or of everybody.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import (
    CTE,
    Select,
    Subquery,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.sql.elements import ColumnElement

from schema import CANONICAL
from store.aggregates import Grouping, as_double, total
from store.facts import FIRST_GROUP, Facts
from store.patterns import OUTSIDE, groups_at, patterns, places_of_people

ORGANISATION, PROGRAMME, COHORT, COMPARED, FIRST_ATTRIBUTE = range(5)
"""Kinds of places: everybody who takes part, a programme, a cohort, people who take part in none;
from `FIRST_ATTRIBUTE` on a group of the published attributes among those who take part."""
PAIRED = -1
"""Period of those with a first and a last value."""
SUMS = ("x", "y", "xx", "yy", "xy", "rose")


def items() -> Select:
    """List the items: item_no, skill_code, label, rater_kind, scale_min, scale_max, people."""
    listed, skill, rating = _items(), CANONICAL["skill"].c, CANONICAL["skill_rating"]
    return (
        select(
            *listed.c,
            skill.label,
            func.count(rating.c.person_id.distinct()).label("people"),
        )
        .select_from(listed)
        .join(rating, _of_item(listed))
        .join(CANONICAL["skill"], skill.skill_code == listed.c.skill_code)
        .where(_given())
        .group_by(*listed.c, skill.label)
        .order_by(listed.c.item_no)
    )


def waves() -> Select:
    """List the waves that were rated: wave_no, label (one of them where series differ)."""
    wave, rating = CANONICAL["wave"], CANONICAL["skill_rating"]
    return (
        select(wave.c.wave_no, func.min(wave.c.label).label("label"))
        .where(wave.c.wave_id.in_(select(rating.c.wave_id).where(_given())))
        .group_by(wave.c.wave_no)
        .order_by(wave.c.wave_no)
    )


def skills() -> Select:
    """List all skills, rated or not: skill_code, label."""
    skill = CANONICAL["skill"].c
    return select(skill.skill_code, skill.label).order_by(skill.skill_code)


def _given() -> ColumnElement[bool]:
    rating = CANONICAL["skill_rating"].c
    return and_(rating.state == "given", rating.value_num.is_not(None))


def _items() -> Subquery:
    rating = CANONICAL["skill_rating"].c
    names = (rating.skill_code, rating.rater_kind, rating.scale_min, rating.scale_max)
    distinct = select(*names).where(_given()).distinct().subquery()
    number = func.row_number().over(order_by=list(distinct.c))
    return select(number.label("item_no"), *distinct.c).subquery()


def _of_item(listed: Subquery) -> ColumnElement[bool]:
    rating = CANONICAL["skill_rating"].c
    names = ("skill_code", "rater_kind", "scale_min", "scale_max")
    return and_(*(rating[name] == listed.c[name] for name in names))


def _values(facts: Facts) -> CTE:
    """Return item_no, person_no, series, wave_no and x: the mean over raters."""
    rating, wave, listed = CANONICAL["skill_rating"], CANONICAL["wave"], _items()
    by = (
        listed.c.item_no,
        facts.person.c.person_no,
        func.coalesce(wave.c.cohort_id, wave.c.programme_id, "").label("series"),
        wave.c.wave_no,
    )
    return (
        select(*by, func.avg(as_double(rating.c.value_num)).label("x"))
        .select_from(rating)
        .join(listed, _of_item(listed))
        .join(wave, wave.c.wave_id == rating.c.wave_id)
        .join(facts.person, facts.person.c.person_id == rating.c.person_id)
        .where(_given())
        .group_by(*by)
        .cte("rated")
    )


def _by_wave(rated: CTE) -> Subquery:
    """Return item_no, person_no, wave_no, x."""
    by = (rated.c.item_no, rated.c.person_no, rated.c.wave_no)
    return select(*by, func.avg(rated.c.x).label("x")).group_by(*by).subquery()


def _first_and_last(rated: CTE) -> Subquery:
    """Return item_no, person_no, x (first, never missing) and y (last, or missing)."""
    series = [rated.c.item_no, rated.c.series]
    ends = (
        select(
            *series,
            func.min(rated.c.wave_no).label("first_no"),
            func.max(rated.c.wave_no).label("last_no"),
        )
        .group_by(*series)
        .subquery()
    )
    same = and_(ends.c.item_no == rated.c.item_no, ends.c.series == rated.c.series)
    by = (rated.c.item_no, rated.c.person_no, rated.c.series)
    later = and_(rated.c.wave_no == ends.c.last_no, ends.c.last_no > ends.c.first_no)
    each = (
        select(
            *by,
            func.avg(case((rated.c.wave_no == ends.c.first_no, rated.c.x))).label("x"),
            func.avg(case((later, rated.c.x))).label("y"),
        )
        .select_from(rated)
        .join(ends, same)
        .group_by(*by)
        .subquery()
    )
    person = (each.c.item_no, each.c.person_no)
    # who is in two series counts with those in which both ends are known, where there are any
    both = case((each.c.y.is_not(None), each.c.x))
    return (
        select(
            *person,
            func.coalesce(func.avg(both), func.avg(each.c.x)).label("x"),
            func.avg(case((each.c.x.is_not(None), each.c.y))).label("y"),
        )
        .where(each.c.x.is_not(None))
        .group_by(*person)
        .subquery()
    )


def _groups(facts: Facts, groupings: Sequence[Grouping]) -> Subquery:
    """Return each rated person's groups as of the first rating."""
    rating = CANONICAL["skill_rating"].c
    dated = (
        select(facts.person.c.person_no, func.min(rating.rated_on).label("as_of"))
        .join(facts.person, facts.person.c.person_id == rating.person_id)
        .where(_given())
        .group_by(facts.person.c.person_no)
        .subquery()
    )
    return groups_at(facts, dated, groupings)


def _belonging(facts: Facts, groupings: Sequence[Grouping]) -> CTE:
    """Return person_no with every place that the person counts in: kind_no, slice_no, group_no."""
    places, groups = places_of_people(facts), _groups(facts, groupings)
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
    """Keep groups of attributes for the items alone that are published by group."""
    return or_(place.c.kind_no < FIRST_ATTRIBUTE, item.in_(list(by_group)))


def wave_sums(facts: Facts, groupings: Sequence[Grouping], by_group: Sequence[int]) -> Select:
    """Sum the values of each wave by place; by group for the items in ``by_group`` alone.

    Columns: item_no, wave_no, kind_no, slice_no, group_no, people, x, xx.
    """
    value, place = _by_wave(_values(facts)), _belonging(facts, groupings)
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

    Columns: item_no, kind_no, slice_no, group_no, started (people with a first value), people (with
    both), x, y, xx, yy, xy and rose (people whose value did).
    """
    value, place = _first_and_last(_values(facts)), _belonging(facts, groupings)
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


def rating_patterns(facts: Facts, groupings: Sequence[Grouping], by_group: Sequence[int]) -> Select:
    """Count people by all that cells of an item can tell apart; see `store.patterns.patterns`.

    Groups are told apart for the items in ``by_group`` alone, and are 0 for the others.
    ``period_no`` is one more than the number of the wave, or `PAIRED`.
    """
    rated = _values(facts)
    ends, places = _first_and_last(rated), places_of_people(facts)
    groups = _groups(facts, groupings)
    whens = union_all(
        select(rated.c.item_no, rated.c.person_no, (rated.c.wave_no + 1).label("period_no")),
        select(ends.c.item_no, ends.c.person_no, literal(PAIRED).label("period_no")).where(
            ends.c.y.is_not(None)
        ),
    ).subquery()
    told = whens.c.item_no.in_(list(by_group))
    rows = (
        select(
            whens.c.item_no,
            whens.c.person_no,
            places.c.programme_no,
            places.c.cohort_no,
            whens.c.period_no,
            *(
                case((told, groups.c[f"g{number}"]), else_=0).label(f"g{number}")
                for number in range(len(groupings))
            ),
        )
        .join(places, places.c.person_no == whens.c.person_no)
        .join(groups, groups.c.person_no == whens.c.person_no)
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
    rated = _values(facts)
    ends, places = _first_and_last(rated), places_of_people(facts)
    groups = _groups(facts, groupings)
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
