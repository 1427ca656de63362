"""The steps of taking part, from who could to who met again, counted by slice."""

from __future__ import annotations

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)

from schema import CANONICAL
from store.aggregates import Level, total
from store.facts import Facts
from store.patterns import JOINED, numbered

STEPS = (
    "eligible", "invited", "joined", "offered", "scheduled", "met", "gave_feedback", "met_again",
)  # fmt: skip
"""The steps of taking part, in order."""


def steps(facts: Facts, level: Level) -> Select:
    """Count the people of each slice who reached each step; everybody counts once in a slice.

    Columns: slice_no, and one count for each of `STEPS`.
    """
    rows = union_all(_enrolled(facts), *_taking_part(facts)).subquery()
    place = _slices()
    slice_no = {
        "organisation": literal_column("0"),
        "programme": place.c.programme_no,
        "cohort": place.c.cohort_no,
    }[level].label("slice_no")
    placed = (
        select(slice_no, rows.c.person_no, *(rows.c[step] for step in STEPS))
        .join(place, place.c.cohort_no == rows.c.cohort_no)
        .subquery()
    )
    unit = [placed.c.slice_no, placed.c.person_no]
    flags = (func.max(placed.c[step]).label(step) for step in STEPS)
    person = select(*unit, *flags).group_by(*unit).subquery()
    counts = (total(person.c[step]).label(step) for step in STEPS)
    return select(person.c.slice_no, *counts).group_by(person.c.slice_no)


def _slices() -> Subquery:
    """Return the numbers of each cohort and of its programme: cohort_no, programme_no."""
    cohort = CANONICAL["cohort"].c
    cohorts, programmes = numbered("cohort", "cohort_id"), numbered("programme", "programme_id")
    return (
        select(cohorts.c.number.label("cohort_no"), programmes.c.number.label("programme_no"))
        .select_from(CANONICAL["cohort"])
        .join(cohorts, cohorts.c.code == cohort.cohort_id)
        .join(programmes, programmes.c.code == cohort.programme_id)
        .subquery()
    )


def _enrolled(facts: Facts) -> Select:
    enrolment = CANONICAL["enrolment"].c
    cohort = numbered("cohort", "cohort_id")
    invited = or_(enrolment.invited_on.is_not(None), enrolment.status != "eligible")
    reached = {
        "eligible": literal(1),
        "invited": case((invited, 1), else_=0),
        "joined": case((enrolment.status.in_(JOINED), 1), else_=0),
    }
    return (
        select(
            cohort.c.number.label("cohort_no"),
            facts.person.c.person_no,
            *(_flag(reached.get(step, literal(0)), step) for step in STEPS),
        )
        .select_from(CANONICAL["enrolment"])
        .join(cohort, cohort.c.code == enrolment.cohort_id)
        .join(facts.person, facts.person.c.person_id == enrolment.person_id)
    )


def _taking_part(facts: Facts) -> list[Select]:
    """Return people with an offer, with a date, who met, who gave feedback, and who met again."""
    pairing = facts.pairing.c
    held = {"offered": pairing.matched, "scheduled": pairing.scheduled, "met": pairing.completed}
    reached = {name: case((column > 0, 1), else_=0) for name, column in held.items()}
    sides = [
        select(
            pairing.cohort_no,
            person.label("person_no"),
            *(_flag(reached.get(step, literal(0)), step) for step in STEPS),
        )
        for person in (pairing.person_a, pairing.person_b)
    ]
    return [*sides, _seated(facts)]


def _seated(facts: Facts) -> Select:
    seat = facts.seat.c
    unit = [seat.cohort_no, seat.person_no]
    seats, feedbacks = func.sum(seat.seats), func.sum(seat.feedbacks)
    reached = {
        "met": case((seats > 0, 1), else_=0),
        "gave_feedback": case((feedbacks > 0, 1), else_=0),
        "met_again": case((seats > 1, 1), else_=0),
    }
    flags = (_flag(reached.get(step, literal(0)), step) for step in STEPS)
    return select(*unit, *flags).group_by(*unit)


def _flag(reached: ColumnElement[int], step: str) -> ColumnElement[int]:
    return cast(reached, Integer).label(step)
