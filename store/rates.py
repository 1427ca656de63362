"""Aggregates behind the rates: who took part, which offers were held, who gave feedback."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Column, Select, Subquery, Table, and_, func, select, union_all

from store.aggregates import Level, Span, keys_of, labelled, total
from store.facts import Facts


def participation(facts: Facts, level: Level, span: Span) -> Select:
    """Count who could have taken part, and who of them met somebody.

    Columns: slice_no, quarter_no, eligible, participants.
    """
    keys = keys_of(level, span)
    eligible = _distinct_people(facts.eligible, keys, facts.eligible.c.person_no)
    met = _people_who_met(facts, keys)
    same = and_(
        met.c.person_no == eligible.c.person_no, *(met.c[key] == eligible.c[key] for key in keys)
    )
    return (
        select(
            *labelled(level, span, eligible.c),
            func.count().label("eligible"),
            func.count(met.c.person_no).label("participants"),
        )
        .select_from(eligible)
        .join(met, same, isouter=True)
        .group_by(*(eligible.c[key] for key in keys))
    )


def _distinct_people(table: Table, keys: Sequence[str], person: Column) -> Subquery:
    return select(*(table.c[key] for key in keys), person).distinct().subquery()


def _people_who_met(facts: Facts, keys: Sequence[str]) -> Subquery:
    pairing = facts.pairing.c
    sides = (
        select(*(pairing[key] for key in keys), person.label("person_no")).where(
            pairing.completed > 0
        )
        for person in (pairing.person_a, pairing.person_b)
    )
    both = union_all(*sides).subquery()
    return select(*both.c).distinct().subquery()


def completion(facts: Facts, level: Level, span: Span) -> Select:
    """Sum offers and those that were held, by person, for the completion rate.

    Columns: slice_no, quarter_no, people, denominator, numerator, dd, xd, xx.
    """
    keys = keys_of(level, span)
    pairing = facts.pairing.c
    sides = (
        select(
            *(pairing[key] for key in keys),
            person.label("person_no"),
            pairing.matched.label("d"),
            pairing.completed.label("x"),
        ).where(pairing.matched > 0)
        for person in (pairing.person_a, pairing.person_b)
    )
    return _rate_moments(union_all(*sides).subquery(), ("person_no",), level, span)


def completion_by_pair(facts: Facts, level: Level, span: Span) -> Select:
    """Sum the same by two people, whose pairings are counted twice in the sums by person."""
    keys = keys_of(level, span)
    pairing = facts.pairing.c
    rows = select(
        *(pairing[key] for key in keys),
        pairing.person_a,
        pairing.person_b,
        pairing.matched.label("d"),
        pairing.completed.label("x"),
    ).where(pairing.matched > 0)
    return _rate_moments(rows.subquery(), ("person_a", "person_b"), level, span)


def feedback(facts: Facts, level: Level, span: Span) -> Select:
    """Sum seats in completed conversations and feedback given, by person.

    Columns: slice_no, quarter_no, people, denominator, numerator, dd, xd, xx.
    """
    seat = facts.seat.c
    rows = select(
        *(seat[key] for key in keys_of(level, span)),
        seat.person_no,
        seat.seats.label("d"),
        seat.feedbacks.label("x"),
    )
    return _rate_moments(rows.subquery(), ("person_no",), level, span)


def _rate_moments(rows: Subquery, unit: Sequence[str], level: Level, span: Span) -> Select:
    keys = keys_of(level, span)
    by_unit = [rows.c[key] for key in (*keys, *unit)]
    units = (
        select(*by_unit, total(rows.c.d).label("d"), total(rows.c.x).label("x"))
        .group_by(*by_unit)
        .subquery()
    )
    d, x = units.c.d, units.c.x
    return select(
        *labelled(level, span, units.c),
        func.count().label("people"),
        total(d).label("denominator"),
        total(x).label("numerator"),
        total(d * d).label("dd"),
        total(x * d).label("xd"),
        total(x * x).label("xx"),
    ).group_by(*(units.c[key] for key in keys))
