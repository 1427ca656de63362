"""What each person did in the cycles of their cohorts, beside what the others did: sums alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.types import Date, Integer

from schema import CANONICAL
from store.aggregates import Grouping, as_double, total
from store.facts import NO_COHORT, Facts
from store.meetings import FREE_CYCLE
from store.patterns import groups_at

SUMS = (
    "cycles", "met", "usual", "chance", "late_cycles", "late_met", "late_usual", "late_chance",
    "silence", "seats", "feedbacks", "feedback_usual", "feedback_chance", "dates", "held",
    "dates_usual", "dates_chance", "pairings", "partners", "span",
)  # fmt: skip
"""What is summed for each person; ``usual`` is what the others of the same cohort and cycle did.
``silence`` and ``span`` count usual meetings, since the last one of one's own and since joining."""


def behaviour(facts: Facts, as_of: date, before: int | None = None) -> Select:
    """Sum what everybody who is still there did: person_no, and `SUMS`.

    A cycle is a round of matches; in cohorts without any, a quarter. ``before`` leaves out what
    happened from that quarter on. No attribute of a person is read.
    """
    own = _by_cohort(facts, before)
    by_person = (
        select(
            own.c.person_no,
            func.min(own.c.silence).label("silence"),
            func.max(own.c.span).label("span"),
            *(total(own.c[name]).label(name) for name in SUMS[:8]),
        )
        .group_by(own.c.person_no)
        .subquery()
    )
    beside = [make(facts, before) for make in (_seats, _dates, _partners)]
    person_no, gone = by_person.c.person_no, _gone(facts, as_of)
    found = {column.name: func.coalesce(column, 0.0) for table in beside for column in table.c}
    found |= {column.name: column for column in by_person.c}
    chosen = select(person_no, *(as_double(found[name]).label(name) for name in SUMS))
    chosen = chosen.select_from(by_person)
    for table in beside:
        chosen = chosen.join(table, table.c.person_no == person_no, isouter=True)
    return chosen.where(person_no.not_in(select(gone.c.person_no))).order_by(person_no)


def _by_cohort(facts: Facts, before: int | None) -> Subquery:
    """Return the sums of each person in each cohort, the later half of the cycles also alone."""
    each = _person_cycles(facts, before)
    unit = [each.c.cohort_no, each.c.cycle_no]
    usual = func.avg(as_double(each.c.met)).over(partition_by=unit)
    own = [each.c.person_no, each.c.cohort_no]
    turn = func.row_number().over(partition_by=own, order_by=each.c.cycle_no)
    turns = func.count().over(partition_by=own)
    beside = select(
        *each.c, usual.label("usual"), turn.label("turn"), turns.label("turns")
    ).subquery()
    pace = _pace(beside)
    late = beside.c.turn * 2 > beside.c.turns
    met, expected = as_double(beside.c.met), beside.c.usual
    parts = {"cycles": literal(1), "met": met, "usual": expected,
             "chance": expected * (1 - expected)}  # fmt: skip
    sums = [total(value).label(name) for name, value in parts.items()]
    sums += [
        total(case((late, value), else_=0)).label(f"late_{name}") for name, value in parts.items()
    ]
    last_met = func.max(case((beside.c.met > 0, pace.c.reached)))
    started = func.min(pace.c.reached - pace.c.usual)
    silence = func.max(pace.c.whole) - func.coalesce(last_met, started)
    span = func.max(pace.c.whole) - started
    keys = [beside.c.person_no, beside.c.cohort_no]
    here = and_(pace.c.cohort_no == beside.c.cohort_no, pace.c.cycle_no == beside.c.cycle_no)
    return (
        select(*keys, silence.label("silence"), span.label("span"), *sums)
        .select_from(beside)
        .join(pace, here)
        .group_by(*keys)
        .subquery()
    )


def _pace(beside: Subquery) -> Subquery:
    """Return how many meetings a usual member of a cohort had up to each cycle, and in all."""
    keys = [beside.c.cohort_no, beside.c.cycle_no]
    line = select(*keys, func.max(beside.c.usual).label("usual")).group_by(*keys).subquery()
    so_far = {"partition_by": line.c.cohort_no, "order_by": line.c.cycle_no}
    return select(
        *line.c,
        func.sum(line.c.usual).over(**so_far).label("reached"),
        func.sum(line.c.usual).over(partition_by=line.c.cohort_no).label("whole"),
    ).subquery()


def _person_cycles(facts: Facts, before: int | None) -> Subquery:
    """Return who could take part in which cycle, and met: cohort_no, cycle_no, person_no, met."""
    parts = [_available(facts), *_paired(facts), *_in_quarters(facts)]
    rows = union_all(*parts).subquery()
    keys = [rows.c.cohort_no, rows.c.cycle_no, rows.c.person_no]
    chosen = select(*keys, func.max(rows.c.met).label("met")).group_by(*keys)
    return (chosen if before is None else chosen.where(rows.c.quarter_no < before)).subquery()


def _rounds(facts: Facts) -> Subquery:
    """Return the place of each lottery; one across pools stands in the facts once for each pool."""
    stratum, cell = facts.stratum.c, facts.cell.c
    return (
        select(stratum.stratum_no, stratum.cycle_no, cell.cohort_no, cell.quarter_no)
        .join(facts.cell, cell.cell_no == stratum.cell_no)
        .where(stratum.cycle_no < FREE_CYCLE, cell.cohort_no != NO_COHORT)
        .distinct()
        .subquery()
    )


def _met(value: ColumnElement[int]) -> ColumnElement[int]:
    return cast(value, Integer).label("met")


def _available(facts: Facts) -> Select:
    place, person = _rounds(facts), facts.available.c.person_no
    return select(
        place.c.cohort_no, place.c.cycle_no, place.c.quarter_no, person, _met(literal(0))
    ).join(place, place.c.stratum_no == facts.available.c.stratum_no)


def _paired(facts: Facts) -> list[Select]:
    place, pairing = _rounds(facts), facts.pairing.c
    met = _met(case((pairing.completed > 0, 1), else_=0))
    return [
        select(
            place.c.cohort_no, place.c.cycle_no, place.c.quarter_no, person.label("person_no"), met
        ).join(place, place.c.stratum_no == pairing.stratum_no)
        for person in (pairing.person_a, pairing.person_b)
    ]


def _in_quarters(facts: Facts) -> list[Select]:
    """Return the same of cohorts without rounds, whose cycles are quarters."""
    place = _rounds(facts)
    return [
        select(
            table.c.cohort_no,
            table.c.quarter_no.label("cycle_no"),
            table.c.quarter_no,
            table.c.person_no,
            _met(literal(met)),
        ).where(table.c.cohort_no != NO_COHORT, table.c.cohort_no.not_in(select(place.c.cohort_no)))
        for table, met in ((facts.eligible, 0), (facts.seat, 1))
    ]


def _seats(facts: Facts, before: int | None) -> Subquery:
    """Return feedback given, beside what others of the cohort gave in the same quarter."""
    seat = facts.seat.c
    rows = select(seat.person_no, seat.cohort_no, seat.quarter_no,
                  seat.seats.label("trials"), seat.feedbacks.label("done"))  # fmt: skip
    if before is not None:
        rows = rows.where(seat.quarter_no < before)
    return _beside(rows.subquery(), {"trials": "seats", "done": "feedbacks"}, "feedback")


def _dates(facts: Facts, before: int | None) -> Subquery:
    """Return dates that were held, beside what others of the cohort held in the same quarter."""
    pairing = facts.pairing.c
    held = case((pairing.completed > 0, 1), else_=0)
    sides = [
        select(person.label("person_no"), pairing.cohort_no, pairing.quarter_no,
               literal(1).label("trials"), held.label("done"))
        .where(or_(pairing.scheduled > 0, pairing.completed > 0))
        for person in (pairing.person_a, pairing.person_b)
    ]  # fmt: skip
    rows = union_all(*sides).subquery()
    chosen = (
        select(*rows.c) if before is None else select(*rows.c).where(rows.c.quarter_no < before)
    )
    return _beside(chosen.subquery(), {"trials": "dates", "done": "held"}, "dates")


def _beside(rows: Subquery, names: dict[str, str], about: str) -> Subquery:
    """Sum trials and what came of them by person, beside what is usual in the cohort and quarter.

    ``rows`` has person_no, cohort_no, quarter_no, trials, done.
    """
    place = {"partition_by": [rows.c.cohort_no, rows.c.quarter_no]}
    share = func.sum(as_double(rows.c.done)).over(**place) / func.nullif(
        func.sum(as_double(rows.c.trials)).over(**place), 0.0
    )
    told = select(*rows.c, share.label("share")).subquery()
    trials, usual = as_double(told.c.trials), func.coalesce(told.c.share, 0.0)
    return (
        select(
            told.c.person_no,
            *(total(told.c[name]).label(label) for name, label in names.items()),
            total(trials * usual).label(f"{about}_usual"),
            total(trials * usual * (1 - usual)).label(f"{about}_chance"),
        )
        .group_by(told.c.person_no)
        .subquery()
    )


def _partners(facts: Facts, before: int | None) -> Subquery:
    """Return pairings that met, and with how many partners."""
    pairing = facts.pairing.c
    sides = [
        select(one.label("person_no"), other.label("partner_no"), pairing.quarter_no)
        .where(pairing.completed > 0)
        for one, other in (
            (pairing.person_a, pairing.person_b), (pairing.person_b, pairing.person_a)
        )
    ]  # fmt: skip
    both = union_all(*sides).subquery()
    chosen = select(
        both.c.person_no,
        total(literal(1)).label("pairings"),
        as_double(func.count(both.c.partner_no.distinct())).label("partners"),
    ).group_by(both.c.person_no)
    return (chosen if before is None else chosen.where(both.c.quarter_no < before)).subquery()


def _gone(facts: Facts, as_of: date) -> Subquery:
    """Return who no longer works here: their silence says nothing about the programme."""
    spell = CANONICAL["employment_spell"].c
    here = case((or_(spell.left_on.is_(None), spell.left_on > as_of), 1), else_=0)
    return (
        select(facts.person.c.person_no)
        .join(CANONICAL["employment_spell"], spell.person_id == facts.person.c.person_id)
        .group_by(facts.person.c.person_no)
        .having(func.max(here) == 0)
        .subquery()
    )


def groups_of_people(facts: Facts, as_of: date, groupings: Sequence[Grouping]) -> Select:
    """Return the published groups of everybody on a day: person_no, g0, g1, ..."""
    dated = select(facts.person.c.person_no, cast(literal(as_of), Date).label("as_of")).subquery()
    grouped = groups_at(facts, dated, groupings)
    return select(*grouped.c)
