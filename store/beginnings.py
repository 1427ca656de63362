"""When a programme began for whom, counted in waves of ratings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, case, func, literal_column, select

from schema import CANONICAL
from store.exposure import in_sample, turn_at
from store.facts import Facts
from store.patterns import JOINED, numbered


def beginnings(facts: Facts, days: Sequence[date], step: int) -> Select:
    """Return the first start of everybody who joined a delivered cohort.

    Columns: person_no, cohort_no, turn (waves opened by the start; -1 where it has no date).
    """
    enrolment, cohort, person = (
        CANONICAL["enrolment"].c,
        CANONICAL["cohort"].c,
        facts.person.c,
    )
    cohorts = numbered("cohort", "cohort_id")
    later = enrolment.enrolled_on > cohort.starts_on
    started = case(
        (later, enrolment.enrolled_on),
        else_=func.coalesce(cohort.starts_on, enrolment.enrolled_on),
    )
    rank = func.row_number().over(
        partition_by=person.person_no, order_by=(started, cohorts.c.number)
    )
    rows = (
        select(
            person.person_no,
            cohorts.c.number.label("cohort_no"),
            case((started.is_(None), literal_column("-1")), else_=turn_at(started, days)).label(
                "turn"
            ),
            rank.label("place"),
        )
        .select_from(CANONICAL["enrolment"])
        .join(CANONICAL["cohort"], cohort.cohort_id == enrolment.cohort_id)
        .join(cohorts, cohorts.c.code == cohort.cohort_id)
        .join(facts.person, person.person_id == enrolment.person_id)
        .where(enrolment.status.in_(JOINED), cohort.arm == "delivered", in_sample(person, step))
        .subquery()
    )
    return select(rows.c.person_no, rows.c.cohort_no, rows.c.turn).where(rows.c.place == 1)
