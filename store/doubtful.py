"""Conversations that may be none between peers: too early, too late, or with one's own manager.

They are kept and count like the others, since a day may be wrong and a manager a good partner. A
deployment may choose to keep them out of who meets whom.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Table,
    and_,
    case,
    func,
    or_,
    select,
)

from schema import CANONICAL

TALK, SEAT = "conversation", "conversation_participant"
OFFER, MEMBER = "match", "match_member"


@dataclass(frozen=True, kw_only=True)
class Doubtful:
    """Conversations that took place and may be none between peers; one may be several of these.

    Attributes
    ----------
    before_joining : int
        Before the day on which somebody in them joined the cohort.
    after_leaving : int
        While somebody in them did not work here any more, or not again yet.
    with_manager : int
        Of two people, one of them the other's manager on that day.
    """

    before_joining: int
    after_leaving: int
    with_manager: int


def count_doubtful(connection: Connection) -> Doubtful:
    """Return how many of the conversations that took place are doubtful."""
    return Doubtful(
        before_joining=_held(connection, seats_before_joining()),
        after_leaving=_held(connection, seats_after_leaving()),
        with_manager=_held(connection, talks_with_manager()),
    )


def _held(connection: Connection, doubtful: Select) -> int:
    talk, found = CANONICAL[TALK].c, doubtful.subquery()
    return (
        connection.scalar(
            select(func.count(talk.conversation_id.distinct()))
            .join(found, found.c.conversation_id == talk.conversation_id)
            .where(talk.status == "completed")
        )
        or 0
    )


def _started() -> ColumnElement:
    talk = CANONICAL[TALK].c
    return func.coalesce(talk.actual_start_at, talk.scheduled_start_at)


def _seats() -> Select:
    """Return conversation_id and person_id of every seat of a known person, once."""
    talk, seat = CANONICAL[TALK], CANONICAL[SEAT]
    return (
        select(seat.c.conversation_id, seat.c.person_id)
        .select_from(seat)
        .join(talk, talk.c.conversation_id == seat.c.conversation_id)
    )


def seats_before_joining() -> Select:
    """Return conversation_id and person_id where the person joined the cohort on a later day."""
    talk, seat, match, place = (CANONICAL[name].c for name in (TALK, SEAT, OFFER, "enrolment"))
    cohort = func.coalesce(talk.cohort_id, match.cohort_id)
    own = and_(place.person_id == seat.person_id, place.cohort_id == cohort)
    return (
        _seats()
        .join(CANONICAL[OFFER], match.match_id == talk.match_id, isouter=True)
        .join(CANONICAL["enrolment"], own)
        .where(_started() < place.enrolled_on)
    )


def seats_after_leaving() -> Select:
    """Return conversation_id and person_id where the person had left and was not back again."""
    seat, spell = CANONICAL[SEAT].c, CANONICAL["employment_spell"].c
    started = _started()
    there = and_(spell.hired_on <= started, or_(spell.left_on.is_(None), spell.left_on > started))
    leavers = select(spell.person_id).where(spell.left_on.is_not(None))
    return (
        _seats()
        .join(CANONICAL["employment_spell"], spell.person_id == seat.person_id)
        .where(seat.person_id.in_(leavers))
        .group_by(seat.conversation_id, seat.person_id)
        .having(
            func.max(case((spell.left_on <= started, 1), else_=0)) == 1,
            func.max(case((there, 1), else_=0)) == 0,
        )
    )


def talks_with_manager() -> Select:
    """Return conversation_id of two people of whom one was the other's manager."""
    return _of_manager(CANONICAL[TALK], CANONICAL[SEAT], "conversation_id", _started())


def offers_with_manager() -> Select:
    """Return match_id of two people of whom one was the other's manager."""
    offer = CANONICAL[OFFER]
    return _of_manager(offer, CANONICAL[MEMBER], "match_id", offer.c.offered_at)


def _of_manager(whole: Table, seats: Table, key: str, moment: ColumnElement) -> Select:
    line = CANONICAL["reporting_line"].c
    report, manager = seats.alias("report"), seats.alias("manager")
    both = select(seats.c[key]).group_by(seats.c[key]).having(func.count() == 2)
    return (
        select(whole.c[key])
        .select_from(CANONICAL["reporting_line"])
        .join(report, report.c.person_id == line.person_id)
        .join(manager, _same_meeting(report, manager, key, line.manager_person_id))
        .join(whole, whole.c[key] == report.c[key])
        .where(
            line.valid_from <= moment,
            or_(line.valid_to.is_(None), line.valid_to > moment),
            whole.c[key].in_(both),
        )
    )


def _same_meeting(
    report: FromClause, manager: FromClause, key: str, person: ColumnElement
) -> ColumnElement[bool]:
    return and_(manager.c[key] == report.c[key], manager.c.person_id == person)
