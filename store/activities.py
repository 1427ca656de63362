"""Learning besides conversations: what was completed, by the way it was taught."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, case, func, select

from schema import CANONICAL
from store.aggregates import as_double, total
from store.exposure import in_sample, turn_at
from store.facts import Facts

COMPLETED = "completed"
OPEN = ("enrolled", "in_progress", "unknown")
"""States of activities of which nobody knows yet whether they will be completed."""
KINDS: dict[str, tuple[str, ...]] = {
    "peer": ("peer", "mentoring"),
    "instructor": ("instructor_led_in_person", "instructor_led_virtual", "external_coaching"),
}
"""Ways of teaching by who leads: peers, or an instructor; all others are neither."""


def activity_moments() -> Select:
    """Sum activities that have ended and those completed, by person, for the completion rate.

    Columns: modality, people, denominator, numerator, dd, xd, xx (sums over people).
    """
    activity = CANONICAL["learning_activity"].c
    finished = case((activity.status == COMPLETED, 1), else_=0)
    person = (
        select(
            activity.modality,
            activity.person_id,
            as_double(func.count()).label("d"),
            total(finished).label("x"),
        )
        .where(activity.status.not_in(OPEN))
        .group_by(activity.modality, activity.person_id)
        .subquery()
    )
    d, x = person.c.d, person.c.x
    return select(
        person.c.modality,
        func.count().label("people"),
        total(d).label("denominator"),
        total(x).label("numerator"),
        total(d * d).label("dd"),
        total(x * d).label("xd"),
        total(x * x).label("xx"),
    ).group_by(person.c.modality)


def activities(facts: Facts, days: Sequence[date], step: int) -> Select:
    """Count each person's completed activities between two waves, by who leads.

    Columns: person_no, turn (waves opened before), and peer, instructor, other.
    """
    activity, person = CANONICAL["learning_activity"].c, facts.person.c
    turn = turn_at(activity.started_at, days)
    led = [
        total(case((activity.modality.in_(codes), 1), else_=0)).label(kind)
        for kind, codes in KINDS.items()
    ]
    known = [code for codes in KINDS.values() for code in codes]
    other = total(case((activity.modality.in_(known), 0), else_=1)).label("other")
    return (
        select(person.person_no, turn.label("turn"), *led, other)
        .select_from(CANONICAL["learning_activity"])
        .join(facts.person, person.person_id == activity.person_id)
        .where(activity.status == COMPLETED, in_sample(person, step))
        .group_by(person.person_no, turn)
    )
