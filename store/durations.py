"""How many of their own cycles people took part in before they stopped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Integer, Select, Subquery, and_, case, cast, func, literal, select, union_all

from schema import CANONICAL
from store.aggregates import total
from store.engagement import MET, OPEN, offered, seated
from store.facts import Facts
from store.patterns import numbered

MISSES = 3
"""Matched cycles in a row without a meeting after which somebody counts as having stopped."""


def durations(facts: Facts, as_of: datetime, last_cycles: Sequence[tuple[int, int]]) -> Select:
    """Count people by how many of their own cycles they took part in before they stopped.

    Parameters
    ----------
    facts : Facts
        The layout.
    as_of : datetime
        Conversations planned for later are still open.
    last_cycles : sequence of (cohort_no, cycle_no)
        The last cycle of each cohort in which stopping can be told: three before its last.

    Returns
    -------
    Select
        Columns: cohort_no, cycle, stopped (1 or 0), people. Somebody stops at the first of three
        matched cycles in a row without a meeting, or with the last cycle before withdrawing.
    """
    one = _matched_cycles(facts, as_of, last_cycles)
    left = withdrawn(facts)
    unit = [one.c.cohort_no, one.c.person_no]
    person = (
        select(
            *unit,
            func.max(case((one.c.told == 1, one.c.cycle), else_=0)).label("watched"),
            func.max(one.c.cycle).label("matched"),
            func.min(case((and_(one.c.missed_all == 1, one.c.told == 1), one.c.cycle))).label(
                "missed"
            ),
        )
        .group_by(*unit)
        .subquery()
    )
    withdrew = and_(left.c.person_no.is_not(None), person.c.matched == person.c.watched)
    cycle = case((person.c.missed.is_not(None), person.c.missed), else_=person.c.watched)
    stopped = case((person.c.missed.is_not(None), 1), (withdrew, 1), else_=0)
    rows = (
        select(person.c.cohort_no, cycle.label("cycle"), cast(stopped, Integer).label("stopped"))
        .select_from(person)
        .join(
            left,
            and_(left.c.person_no == person.c.person_no, left.c.cohort_no == person.c.cohort_no),
            isouter=True,
        )
        .where(person.c.watched > 0)
        .subquery()
    )
    keys = list(rows.c)
    return select(*keys, total(literal(1)).label("people")).group_by(*keys).order_by(*keys)


def _matched_cycles(
    facts: Facts, as_of: datetime, last_cycles: Sequence[tuple[int, int]]
) -> Subquery:
    """Return each matched cycle of each person, numbered from the own first one.

    Columns: cohort_no, person_no, cycle, told (1 up to the last cycle that tells), missed_all (1
    where this cycle and the two that follow brought no meeting).
    """
    rows = union_all(offered(facts), seated(facts, as_of)).subquery()
    unit = [rows.c.cohort_no, rows.c.person_no]
    person = (
        select(*unit, rows.c.cycle_no, func.max(rows.c.outcome).label("outcome"))
        .group_by(*unit, rows.c.cycle_no)
        .having(func.max(rows.c.outcome) != OPEN)
        .subquery()
    )
    over = {
        "partition_by": (person.c.cohort_no, person.c.person_no), "order_by": person.c.cycle_no,
    }  # fmt: skip
    missed = case((person.c.outcome == MET, 0), else_=1)
    following = [func.coalesce(func.lead(missed, ahead).over(**over), 0) for ahead in (1, 2)]
    last = case(dict(last_cycles), value=person.c.cohort_no, else_=0) if last_cycles else literal(0)
    told = case((person.c.cycle_no <= last, 1), else_=0)
    return select(
        person.c.cohort_no,
        person.c.person_no,
        func.row_number().over(**over).label("cycle"),
        told.label("told"),
        (missed * following[0] * following[1]).label("missed_all"),
    ).subquery()


def withdrawn(facts: Facts) -> Subquery:
    """Return who withdrew from which cohort: cohort_no, person_no."""
    enrolment = CANONICAL["enrolment"].c
    cohort = numbered("cohort", "cohort_id")
    return (
        select(cohort.c.number.label("cohort_no"), facts.person.c.person_no)
        .select_from(CANONICAL["enrolment"])
        .join(cohort, cohort.c.code == enrolment.cohort_id)
        .join(facts.person, facts.person.c.person_id == enrolment.person_id)
        .where(enrolment.status == "withdrawn")
        .subquery()
    )
