"""Aggregates of taking part: what became of everybody in each cycle of a cohort."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Select,
    SmallInteger,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    select,
    union_all,
)

from schema import CANONICAL
from store.aggregates import total
from store.facts import Facts
from store.meetings import FREE_CYCLE
from store.patterns import numbered

OUTCOMES = ("no_offer", "no_date", "cancelled", "unknown", "no_show", "open", "met")
"""How far somebody came in a cycle: the furthest counts. Open: planned for later than the data."""
NO_OFFER, NO_DATE, CANCELLED, UNKNOWN, NO_SHOW, OPEN, MET = range(len(OUTCOMES))


def cycles(facts: Facts, as_of: datetime) -> Select:
    """Count people by cohort, cycle and what became of them.

    A cycle is a round of matches; in cohorts without any, a quarter. Columns: cohort_no, cycle_no,
    people, and one count for each of `OUTCOMES`.
    """
    rows = _with_rounds(facts, as_of)
    unit = [rows.c.cohort_no, rows.c.cycle_no, rows.c.person_no]
    person = select(*unit, func.max(rows.c.outcome).label("outcome")).group_by(*unit).subquery()
    keys = [person.c.cohort_no, person.c.cycle_no]
    counts = [
        total(case((person.c.outcome == number, 1), else_=0)).label(name)
        for number, name in enumerate(OUTCOMES)
    ]
    return select(*keys, total(literal(1)).label("people"), *counts).group_by(*keys).order_by(*keys)


def offers(facts: Facts) -> Select:
    """Count offers by cohort and round: cohort_no, cycle_no, offers, seats, starts_at."""
    match, member = CANONICAL["match"], CANONICAL["match_member"]
    cohort = numbered("cohort", "cohort_id")
    size = (
        select(member.c.match_id, func.count().label("seats"))
        .group_by(member.c.match_id)
        .having(func.count() > 1)
        .subquery()
    )
    keys = [cohort.c.number.label("cohort_no"), match.c.round_no.label("cycle_no")]
    return (
        select(
            *keys,
            total(literal(1)).label("offers"),
            total(size.c.seats).label("seats"),
            func.min(match.c.offered_at).label("starts_at"),
        )
        .join(cohort, cohort.c.code == match.c.cohort_id)
        .join(size, size.c.match_id == match.c.match_id)
        .where(match.c.round_no.is_not(None))
        .group_by(cohort.c.number, match.c.round_no)
    )


def _with_rounds(facts: Facts, as_of: datetime) -> Subquery:
    """Return who came how far in which cycle: cohort_no, cycle_no, person_no, outcome."""
    by_round = (_available(facts), offered(facts), seated(facts, as_of))
    by_quarter = (_eligible_in_quarter(facts), _met_in_quarter(facts))
    return union_all(*by_round, *by_quarter).subquery()


def _outcome(number: int) -> ColumnElement[int]:
    return cast(literal(number), SmallInteger).label("outcome")


def _available(facts: Facts) -> Select:
    """Return who was in a pool that was drawn from."""
    available, stratum, cell = facts.available.c, facts.stratum.c, facts.cell.c
    # a lottery across pools stands there once for each pool
    place = select(stratum.stratum_no, stratum.cycle_no, stratum.cell_no).distinct().subquery()
    return (
        select(cell.cohort_no, place.c.cycle_no, available.person_no, _outcome(NO_OFFER))
        .join(place, place.c.stratum_no == available.stratum_no)
        .join(facts.cell, cell.cell_no == place.c.cell_no)
        .where(place.c.cycle_no < FREE_CYCLE, cell.cohort_no > 0)
    )


def offered(facts: Facts) -> Select:
    """Return everybody in an offer of a round: cohort_no, cycle_no, person_no, outcome."""
    match, member = CANONICAL["match"].c, CANONICAL["match_member"].c
    cohort = numbered("cohort", "cohort_id")
    return (
        select(
            cohort.c.number.label("cohort_no"),
            match.round_no.label("cycle_no"),
            facts.person.c.person_no,
            _outcome(NO_DATE),
        )
        .select_from(CANONICAL["match_member"])
        .join(CANONICAL["match"], match.match_id == member.match_id)
        .join(cohort, cohort.c.code == match.cohort_id)
        .join(facts.person, facts.person.c.person_id == member.person_id)
        .where(match.round_no.is_not(None))
    )


def seated(facts: Facts, as_of: datetime) -> Select:
    """Return seats in conversations that a round brought about; columns as of `offered`."""
    talk, seat, match = (
        CANONICAL[name].c for name in ("conversation", "conversation_participant", "match")
    )
    cohort = numbered("cohort", "cohort_id")
    came = seat.attended != "no"
    outcome = case(
        (and_(talk.status == "completed", came), MET),
        (talk.status.in_(("completed", "no_show")), NO_SHOW),
        (and_(talk.status == "scheduled", talk.scheduled_start_at > as_of), OPEN),
        (talk.status == "cancelled", CANCELLED),
        else_=UNKNOWN,
    )
    return (
        select(
            cohort.c.number.label("cohort_no"),
            match.round_no.label("cycle_no"),
            facts.person.c.person_no,
            cast(outcome, SmallInteger).label("outcome"),
        )
        .select_from(CANONICAL["conversation"])
        .join(CANONICAL["match"], match.match_id == talk.match_id)
        .join(cohort, cohort.c.code == match.cohort_id)
        .join(CANONICAL["conversation_participant"], seat.conversation_id == talk.conversation_id)
        .join(facts.person, facts.person.c.person_id == seat.person_id)
        .where(match.round_no.is_not(None))
    )


def _without_rounds(cohort_no: ColumnElement[int]) -> ColumnElement[bool]:
    match, cohort = CANONICAL["match"].c, numbered("cohort", "cohort_id")
    with_rounds = (
        select(cohort.c.number)
        .join(CANONICAL["match"], match.cohort_id == cohort.c.code)
        .where(match.round_no.is_not(None))
    )
    return and_(cohort_no > 0, cohort_no.not_in(with_rounds))


def _eligible_in_quarter(facts: Facts) -> Select:
    eligible = facts.eligible.c
    return select(
        eligible.cohort_no,
        eligible.quarter_no.label("cycle_no"),
        eligible.person_no,
        _outcome(NO_DATE),
    ).where(_without_rounds(eligible.cohort_no))


def _met_in_quarter(facts: Facts) -> Select:
    seat = facts.seat.c
    return select(
        seat.cohort_no, seat.quarter_no.label("cycle_no"), seat.person_no, _outcome(MET)
    ).where(_without_rounds(seat.cohort_no))
