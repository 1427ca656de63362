"""Who takes part where, and how many people share all that the cells of an item can tell apart."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import BigInteger, Select, Subquery, and_, case, cast, func, select, union
from sqlalchemy.sql.elements import ColumnElement

from schema import CANONICAL
from store.aggregates import Grouping
from store.facts import UNKNOWN, Facts

OUTSIDE = -1
"""Programme of people who take part in none, where others do: they are there to compare with."""
JOINED = ("enrolled", "active", "paused", "completed", "withdrawn", "removed")
"""Statuses of people who took part, however far they came."""
MODULUS = 2**31 - 1


def places_of_people(facts: Facts) -> Subquery:
    """Return who takes part where: person_no, programme_no, cohort_no (0 = in no cohort).

    Somebody takes part who joined a delivered cohort or met in a programme; everybody else is
    `OUTSIDE`. Where the store knows of nobody who takes part, everybody is in programme 0.
    """
    there, known = union(_joined(facts), _met(facts)).subquery(), facts.person.c.person_no
    anybody = select(func.count()).select_from(there.alias()).scalar_subquery()
    elsewhere = case((anybody > 0, OUTSIDE), else_=0)
    return (
        select(
            known,
            func.coalesce(there.c.programme_no, elsewhere).label("programme_no"),
            func.coalesce(there.c.cohort_no, 0).label("cohort_no"),
        )
        .select_from(facts.person)
        .join(there, there.c.person_no == known, isouter=True)
        .subquery()
    )


def numbered(table: str, column: str) -> Subquery:
    """Return the codes of a table with the running numbers that slices carry: code, number."""
    code = CANONICAL[table].c[column]
    running = func.row_number().over(order_by=code)
    return select(code.label("code"), running.label("number")).subquery()


def _joined(facts: Facts) -> Select:
    enrolment, cohort = CANONICAL["enrolment"].c, CANONICAL["cohort"].c
    cohorts, programmes = numbered("cohort", "cohort_id"), numbered("programme", "programme_id")
    return (
        select(
            facts.person.c.person_no,
            programmes.c.number.label("programme_no"),
            cohorts.c.number.label("cohort_no"),
        )
        .select_from(CANONICAL["enrolment"])
        .join(facts.person, facts.person.c.person_id == enrolment.person_id)
        .join(CANONICAL["cohort"], cohort.cohort_id == enrolment.cohort_id)
        .join(cohorts, cohorts.c.code == cohort.cohort_id)
        .join(programmes, programmes.c.code == cohort.programme_id)
        .where(enrolment.status.in_(JOINED), cohort.arm == "delivered")
    )


def _met(facts: Facts) -> Select:
    seat = facts.seat.c
    return select(seat.person_no, seat.programme_no, seat.cohort_no)


def groups_at(facts: Facts, dated: Subquery, groupings: Sequence[Grouping]) -> Subquery:
    """Return each person's published groups on the day given, for the attributes of `groupings`.

    ``dated`` has person_no and as_of, one row per person. Columns: person_no, g0, g1, ... in the
    order of ``groupings``.
    """
    profile = facts.profile.c
    groups = [
        func.coalesce(grouping.renumbered(profile[f"g{number}"]), UNKNOWN).label(f"g{position}")
        for position, grouping in enumerate(groupings)
        for number in [facts.attributes.index(grouping.attribute)]
    ]
    in_force = and_(
        profile.person_no == dated.c.person_no,
        dated.c.as_of >= profile.holds_from,
        dated.c.as_of < profile.holds_to,
    )
    return (
        select(dated.c.person_no, *groups)
        .select_from(dated)
        .join(facts.profile, in_force, isouter=True)
        .subquery()
    )


def patterns(rows: Subquery) -> Select:
    """Count people, per item, by the set of rows that they have: what cells can tell apart.

    ``rows`` has item_no, person_no, programme_no, cohort_no, period_no, and the groups g0, g1, ...
    Columns: the same with pattern_no (1, 2, ... within an item) and people instead of person_no.
    """
    distinct = select(*rows.c).distinct().subquery()
    columns = [column for column in distinct.c if column.name not in ("item_no", "person_no")]
    code = cast(func.dense_rank().over(order_by=columns), BigInteger)
    coded = select(*distinct.c, code.label("code")).cte("coded")
    by = [coded.c.item_no, coded.c.person_no]
    person = select(*by, *_signature(coded.c.code)).group_by(*by).subquery()
    sums = [column for column in person.c if column.name.startswith("sum_")]
    pattern = (
        select(
            person.c.item_no,
            func.min(person.c.person_no).label("example"),
            func.count().label("people"),
        )
        .group_by(person.c.item_no, *sums)
        .subquery()
    )
    number = func.dense_rank().over(partition_by=pattern.c.item_no, order_by=pattern.c.example)
    same = and_(coded.c.item_no == pattern.c.item_no, coded.c.person_no == pattern.c.example)
    return (
        select(
            pattern.c.item_no,
            number.label("pattern_no"),
            pattern.c.people,
            *(coded.c[column.name] for column in columns),
        )
        .select_from(pattern)
        .join(coded, same)
    )


def _signature(code: ColumnElement[int]) -> list[ColumnElement[int]]:
    """Return sums over a set of numbers that tell the sets apart.

    Count, sum and sum of squares tell any two sets of up to two numbers apart (Newton's identities)
    and the two further sums, taken modulo a prime, those of more.
    """
    squared = (code * code) % MODULUS
    powers = (code, code * code, (squared * code) % MODULUS, (squared * squared) % MODULUS)
    sums = [func.sum(power).label(f"sum_{number}") for number, power in enumerate(powers, 1)]
    return [func.count().label("sum_0"), *sums]
