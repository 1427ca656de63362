"""Results beyond the programmes, summed up by who takes part and how people are made up."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Integer, Select, Subquery, and_, case, cast, func, select

from schema import CANONICAL
from store.aggregates import Grouping, as_double, total
from store.facts import UNKNOWN, Facts
from store.patterns import OUTSIDE, places_of_people


def outcome_sums(facts: Facts, groupings: Sequence[Grouping]) -> Select:
    """Sum the last value of each outcome, by taking part and by the groups at that time.

    Columns: outcome_code, takes_part (1 or 0), g0, g1, ... in the order of ``groupings``, people,
    total, squares, yes_or_no (how many values are 0 or 1).
    """
    last, profile = last_values(facts), facts.profile.c
    place = places_of_people(facts)
    there = (
        select(place.c.person_no, func.max(place.c.programme_no).label("programme_no"))
        .group_by(place.c.person_no)
        .subquery()
    )
    in_force = and_(
        profile.person_no == last.c.person_no,
        last.c.as_of_on >= profile.holds_from,
        last.c.as_of_on < profile.holds_to,
    )
    takes_part = cast(case((there.c.programme_no == OUTSIDE, 0), else_=1), Integer)
    rows = (
        select(
            last.c.outcome_code,
            takes_part.label("takes_part"),
            *(
                func.coalesce(
                    grouping.renumbered(profile[f"g{facts.attributes.index(grouping.attribute)}"]),
                    UNKNOWN,
                ).label(f"g{number}")
                for number, grouping in enumerate(groupings)
            ),
            last.c.value_num,
        )
        .select_from(last)
        .join(there, there.c.person_no == last.c.person_no)
        .join(facts.profile, in_force, isouter=True)
        .subquery()
    )
    keys = [column for column in rows.c if column.name != "value_num"]
    return select(*keys, *_sums(rows)).group_by(*keys)


def outcome_sums_by_cohort(facts: Facts) -> Select:
    """Sum the last value of each outcome by cohort: outcome_code, cohort_no, people, total, ..."""
    last, place = last_values(facts), places_of_people(facts)
    rows = (
        select(last.c.outcome_code, place.c.cohort_no, last.c.value_num)
        .join(place, place.c.person_no == last.c.person_no)
        .where(place.c.cohort_no > 0)
        .subquery()
    )
    keys = [rows.c.outcome_code, rows.c.cohort_no]
    return select(*keys, *_sums(rows)).group_by(*keys)


def _sums(rows: Subquery) -> list:
    value = as_double(rows.c.value_num)
    return [
        func.count().label("people"),
        total(value).label("total"),
        total(value * value).label("squares"),
        func.count(case((rows.c.value_num.in_((0, 1)), 1))).label("yes_or_no"),
    ]


def last_values(facts: Facts) -> Subquery:
    """Return the last value of each outcome and person: person_no, outcome_code, as_of_on, ..."""
    outcome, person = CANONICAL["outcome"].c, facts.person.c
    place = func.row_number().over(
        partition_by=(outcome.person_id, outcome.outcome_code), order_by=outcome.as_of_on.desc()
    )
    rows = (
        select(
            person.person_no,
            outcome.outcome_code,
            outcome.as_of_on,
            outcome.value_num,
            place.label("place"),
        )
        .select_from(CANONICAL["outcome"])
        .join(facts.person, person.person_id == outcome.person_id)
        .subquery()
    )
    return select(*rows.c).where(rows.c.place == 1).subquery()
