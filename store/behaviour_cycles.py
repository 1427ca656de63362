"""What people had done lately at the end of each cycle, and whether they stopped soon after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Integer,
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

from schema import CANONICAL
from store.aggregates import total
from store.durations import MISSES, withdrawn
from store.engagement import MET, NO_OFFER, NO_SHOW, OPEN, offered, seated
from store.exposure import in_sample
from store.facts import Facts
from store.meetings import FREE_CYCLE
from store.patterns import numbered

LATELY = 3
"""Matched cycles that say how somebody takes part."""
AHEAD = 3
"""Cycles ahead within which somebody stops, or does not."""
COUNTS = ("met", "no_show", "gave", "fresh", "missed")
NOBODY = 0
"""Stands for people who are not in the sample: they are counted, not told apart."""


def behaviour_cycles(
    facts: Facts, as_of: datetime, last_cycles: Sequence[tuple[int, int]], step: int = 1
) -> Select:
    """Count people who still took part at the end of a cycle by what they had done lately.

    Parameters
    ----------
    facts : Facts
        The layout.
    as_of : datetime
        Conversations planned for later are still open.
    last_cycles : sequence of (cohort_no, cycle_no)
        The last cycle of each cohort that is over; other cohorts are left out.
    step : int
        Every step-th person is read over all cycles, and everybody else in the last one alone.

    Returns
    -------
    Select
        Columns: cohort_no, cycle_no, person_no (`NOBODY` outside the sample), `COUNTS`, stopped (1
        or 0), people. Of the last `LATELY` matched cycles, without which nobody is counted: met,
        no_show, gave (feedback), fresh (a new partner); missed: cycles in a row without a meeting.
        Somebody stops at the third of three matched cycles in a row without a meeting, or with the
        last cycle before withdrawing. No attribute of a person is read.
    """
    one = _lately(_cycles(facts, as_of, last_cycles))
    left = withdrawn(facts)
    gone = left.c.person_no.is_not(None)
    more = one.c.all_turns - one.c.turn
    withdraws = and_(gone, more <= AHEAD)
    stopped = cast(case((or_(one.c.stops_soon > 0, withdraws), 1), else_=0), Integer)
    last = case(dict(last_cycles), value=one.c.cohort_no, else_=0) if last_cycles else literal(0)
    latest = one.c.cycle_no == last
    sampled = in_sample(one.c, step)
    person = case((sampled, one.c.person_no), else_=NOBODY).label("person_no")
    rows = (
        select(
            one.c.cohort_no,
            one.c.cycle_no,
            person,
            *(one.c[name] for name in COUNTS),
            stopped.label("stopped"),
        )
        .join(
            left,
            and_(left.c.person_no == one.c.person_no, left.c.cohort_no == one.c.cohort_no),
            isouter=True,
        )
        .where(
            one.c.turn >= LATELY,
            one.c.has_stopped == 0,
            or_(left.c.person_no.is_(None), more > 0),
            or_(sampled, latest),
        )
        .subquery()
    )
    keys = list(rows.c)
    return select(*keys, total(literal(1)).label("people")).group_by(*keys).order_by(*keys)


def _lately(cycle: Subquery) -> Subquery:
    """Return each matched cycle of each person beside what went before and what comes after."""
    unit = {"partition_by": (cycle.c.cohort_no, cycle.c.person_no)}
    in_order = unit | {"order_by": cycle.c.cycle_no}
    missed = case((cycle.c.outcome == MET, 0), else_=1)
    before, earlier = (func.coalesce(func.lag(missed, back).over(**in_order), 0) for back in (1, 2))
    met, no_show = (_flag(cycle.c.outcome == outcome) for outcome in (MET, NO_SHOW))
    counts = {"met": met, "no_show": no_show, "gave": cycle.c.gave, "fresh": cycle.c.fresh * met}
    lately = in_order | {"rows": (1 - LATELY, 0)}
    first = select(
        *(cycle.c[name] for name in ("cohort_no", "person_no", "cycle_no")),
        *(cast(func.sum(value).over(**lately), Integer).label(name)
          for name, value in counts.items()),
        cast(missed * (1 + before * (1 + earlier)), Integer).label("missed"),
        func.row_number().over(**in_order).label("turn"),
        func.count().over(**unit).label("all_turns"),
    ).subquery()  # fmt: skip
    unit = {"partition_by": (first.c.cohort_no, first.c.person_no)}
    in_order = unit | {"order_by": first.c.cycle_no}
    third = _flag(first.c.missed == MISSES)
    names = ("cohort_no", "person_no", "cycle_no", "turn", "all_turns", *COUNTS)
    return select(
        *(first.c[name] for name in names),
        func.max(third).over(**in_order, rows=(None, 0)).label("has_stopped"),
        func.coalesce(func.max(third).over(**in_order, rows=(1, AHEAD)), 0).label("stops_soon"),
    ).subquery()


def _flag(true: ColumnElement[bool]) -> ColumnElement[int]:
    return case((true, 1), else_=0)


def _cycles(facts: Facts, as_of: datetime, last_cycles: Sequence[tuple[int, int]]) -> Subquery:
    """Return each matched cycle of each person: the unit, outcome, gave, fresh.

    The outcome is the furthest that somebody came; `fresh` tells a partner never matched before.
    """
    parts = (offered(facts), seated(facts, as_of), _gave(facts), *_fresh(facts))
    rows = union_all(*(_filled(part) for part in parts)).subquery()
    unit = [rows.c.cohort_no, rows.c.cycle_no, rows.c.person_no]
    last = case(dict(last_cycles), value=rows.c.cohort_no, else_=0) if last_cycles else literal(0)
    values = [func.max(rows.c[name]).label(name) for name in ("outcome", "gave", "fresh")]
    return (
        select(*unit, *values)
        .where(rows.c.cycle_no <= last)
        .group_by(*unit)
        .having(and_(func.max(rows.c.outcome) > NO_OFFER, func.max(rows.c.outcome) != OPEN))
        .subquery()
    )


def _filled(part: Select) -> Select:
    """Return the part with an outcome, `gave` and `fresh`, whichever of them it knows."""
    rows = part.subquery()
    keys = [rows.c.cohort_no, rows.c.cycle_no, rows.c.person_no]
    values = [
        cast(rows.c[name] if name in rows.c else literal(0), Integer).label(name)
        for name in ("outcome", "gave", "fresh")
    ]
    return select(*keys, *values)


def _gave(facts: Facts) -> Select:
    """Return who gave feedback on a conversation of a round."""
    talk, match, response = (CANONICAL[name].c for name in ("conversation", "match", "response"))
    cohort = numbered("cohort", "cohort_id")
    return (
        select(
            cohort.c.number.label("cohort_no"),
            match.round_no.label("cycle_no"),
            facts.person.c.person_no,
            literal(1).label("gave"),
        )
        .select_from(CANONICAL["response"])
        .join(CANONICAL["conversation"], talk.conversation_id == response.conversation_id)
        .join(CANONICAL["match"], match.match_id == talk.match_id)
        .join(cohort, cohort.c.code == match.cohort_id)
        .join(facts.person, facts.person.c.person_id == response.person_id)
        .where(match.round_no.is_not(None))
    )


def _fresh(facts: Facts) -> list[Select]:
    """Return the first cycle of each two people together, from both sides."""
    pairing, stratum = facts.pairing.c, facts.stratum.c
    keys = [pairing.cohort_no, pairing.person_a, pairing.person_b]
    pairs = (
        select(*keys, func.min(stratum.cycle_no).label("cycle_no"))
        .join(facts.stratum, stratum.stratum_no == pairing.stratum_no)
        .where(stratum.cycle_no < FREE_CYCLE)
        .group_by(*keys)
        .subquery()
    )
    return [
        select(pairs.c.cohort_no, pairs.c.cycle_no, pairs.c[person].label("person_no"),
               literal(1).label("fresh"))
        for person in ("person_a", "person_b")
    ]  # fmt: skip
