"""Intakes: people by the quarter in which they began, in one programme and in any of them."""

from __future__ import annotations

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    and_,
    case,
    cast,
    extract,
    func,
    literal,
    select,
    union_all,
)

from schema import CANONICAL
from store.facts import Facts
from store.patterns import numbered

INTAKE = -1
"""Kind of the places of people who began in the same quarter; see `of_intakes`."""
ANY_PROGRAMME = 0
"""Programme of an intake that counts the first enrolment of all."""
LAST_MONTHS = ((3, 0), (6, 1), (9, 2))


def intakes(facts: Facts) -> CTE:
    """Return person_no, programme_no, intake_no and first_no.

    ``intake_no`` is the quarter in which a person's first enrolment in the programme began, and
    ``first_no`` that of the first enrolment of all, numbered as in the facts. An enrolment begins
    when its cohort does, since whoever joins a running cohort has been chosen to; where the cohort
    has no date, when the person was enrolled or invited. Without any date it is left out.
    """
    enrolment, cohort = CANONICAL["enrolment"].c, CANONICAL["cohort"].c
    programmes, person = numbered("programme", "programme_id"), facts.person.c
    began = func.coalesce(cohort.starts_on, enrolment.enrolled_on, enrolment.invited_on)
    own = (
        select(
            person.person_no,
            programmes.c.number.label("programme_no"),
            func.min(_quarter(began)).label("intake_no"),
        )
        .select_from(CANONICAL["enrolment"])
        .join(CANONICAL["cohort"], cohort.cohort_id == enrolment.cohort_id)
        .join(programmes, programmes.c.code == cohort.programme_id)
        .join(facts.person, person.person_id == enrolment.person_id)
        .where(began.is_not(None))
        .group_by(person.person_no, programmes.c.number)
        .subquery()
    )
    first = func.min(own.c.intake_no).over(partition_by=own.c.person_no)
    return select(*own.c, first.label("first_no")).cte("intakes")


def _quarter(day: ColumnElement) -> ColumnElement[int]:
    """Return the number of a day's quarter: four times the year, and 0 to 3."""
    month = extract("month", day)
    within = case(*((month <= last, number) for last, number in LAST_MONTHS), else_=3)
    return cast(extract("year", day), BigInteger) * 4 + within


def begun(own: CTE, places: FromClause) -> ColumnElement[bool]:
    """Join the intakes of a person to the programmes that the person takes part in."""
    return and_(own.c.person_no == places.c.person_no, own.c.programme_no == places.c.programme_no)


def of_intakes(facts: Facts, places: FromClause) -> Select:
    """Return the intakes of people as places: person_no, kind_no, slice_no, group_no.

    ``places`` has person_no and programme_no, in any number of rows. ``kind_no`` is `INTAKE`,
    ``slice_no`` the programme, or `ANY_PROGRAMME`, and ``group_no`` the quarter.
    """
    own, kind = intakes(facts), literal(INTAKE).label("kind_no")
    known = (
        select(places.c.person_no, places.c.programme_no, own.c.intake_no, own.c.first_no)
        .join(own, begun(own, places))
        .distinct()
        .subquery()
    )
    one, every = known.c, literal(ANY_PROGRAMME)
    parts = (
        select(one.person_no, kind, one.programme_no.label("slice_no"),
               one.intake_no.label("group_no")),
        select(one.person_no, kind, every.label("slice_no"), one.first_no.label("group_no")),
    )  # fmt: skip
    return select(union_all(*parts).subquery()).distinct()


def listed_intakes(facts: Facts) -> Select:
    """List the intakes of each programme and of all: programme_no (0: of all), intake_no."""
    own = intakes(facts)
    every = union_all(
        select(own.c.programme_no, own.c.intake_no),
        select(literal(ANY_PROGRAMME).label("programme_no"), own.c.first_no.label("intake_no")),
    ).subquery()
    return select(*every.c).distinct().order_by(*every.c)
