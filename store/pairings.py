"""Write the facts proper: pairings in their lotteries, and seats with the feedback given."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sqlalchemy import (
    Connection,
    Integer,
    Select,
    and_,
    case,
    cast,
    func,
    insert,
    literal,
    or_,
    select,
)
from sqlalchemy.sql.elements import ColumnElement

from schema import CANONICAL
from store.facts import NO_COHORT, PLACE_KINDS, UNKNOWN, Facts
from store.meetings import ACROSS_POOLS
from store.people import month_of

MARK_SEED = 20_260_101
PLACES = tuple(f"{when}{kind}_no" for when in ("", "planned_") for kind in PLACE_KINDS)


def write_strata(connection: Connection, facts: Facts) -> None:
    """Number the lotteries (cohort x cycle x pool) and the cells (cohort x quarter) they lie in."""
    drawn = facts.meeting.c
    found = connection.execute(
        select(
            drawn.programme_id,
            drawn.cohort_id,
            drawn.cycle_no,
            drawn.pool_code,
            func.min(drawn.quarter_no),
        )
        .group_by(drawn.programme_id, drawn.cohort_id, drawn.cycle_no, drawn.pool_code)
        .order_by(drawn.programme_id, drawn.cohort_id, drawn.cycle_no, drawn.pool_code)
    ).all()
    quarters: dict[tuple[str, str, int], int] = {}
    open_rounds = set()
    for programme, cohort, cycle, pool, quarter in found:
        key = (programme, cohort, cycle)
        quarters[key] = min(quarter, quarters.get(key, quarter))
        if pool == ACROSS_POOLS:
            # a pool that one pair crosses did not bind the lottery of that round
            open_rounds.add(key)
    cells = _cells(connection, facts, quarters)
    numbers: dict[tuple[str, str, int, str], int] = {}
    rows = []
    for programme, cohort, cycle, pool, _ in found:
        key = (programme, cohort, cycle)
        lottery = (*key, ACROSS_POOLS if key in open_rounds else pool)
        number = numbers.setdefault(lottery, len(numbers) + 1)
        rows.append(
            {
                "stratum_no": number,
                "cell_no": cells[programme, cohort, quarters[key]],
                "programme_id": programme,
                "cohort_id": cohort,
                "cycle_no": cycle,
                "pool_code": pool,
            }
        )
    if rows:
        connection.execute(insert(facts.stratum), rows)


def _cells(
    connection: Connection, facts: Facts, quarters: dict[tuple[str, str, int], int]
) -> dict[tuple[str, str, int], int]:
    """Write the cells that occur and return their numbers by (programme, cohort, quarter)."""
    wanted = sorted({(key[0], key[1], quarter) for key, quarter in quarters.items()})
    programmes, cohorts = number_slices(connection)
    marks = np.random.default_rng(MARK_SEED).integers(1, 2**40, size=(len(wanted), 2))
    rows = [
        {
            "cell_no": number,
            "programme_no": programmes[programme],
            "cohort_no": cohorts.get(cohort, NO_COHORT),
            "quarter_no": quarter,
            "programme_id": programme,
            "cohort_id": cohort,
            "mark_1": int(marks[number - 1, 0]),
            "mark_2": int(marks[number - 1, 1]),
        }
        for number, (programme, cohort, quarter) in enumerate(wanted, 1)
    ]
    if rows:
        connection.execute(insert(facts.cell), rows)
    return {key: number for number, key in enumerate(wanted, 1)}


def number_slices(connection: Connection) -> tuple[dict[str, int], dict[str, int]]:
    """Return the running numbers of programmes and cohorts, in the order of their codes."""
    return tuple(
        {code: number for number, code in enumerate(connection.scalars(codes), 1)}
        for codes in (_codes("programme", "programme_id"), _codes("cohort", "cohort_id"))
    )


def _codes(table: str, column: str) -> Select:
    code = CANONICAL[table].c[column]
    return select(code).order_by(code)


def write_pairings(connection: Connection, facts: Facts) -> None:
    """Write the fact of each pairing, with the groups both people belonged to at that time."""
    meeting, stratum, cell = facts.meeting.c, facts.stratum.c, facts.cell.c
    one, other = facts.profile.alias(), facts.profile.alias()
    groups = [
        func.coalesce(side.c[f"g{number}"], UNKNOWN)
        for number in range(len(facts.attributes))
        for side in (one, other)
    ]
    rows = (
        select(
            stratum.stratum_no,
            cell.cell_no,
            cell.programme_no,
            cell.cohort_no,
            cell.quarter_no,
            meeting.person_a,
            meeting.person_b,
            meeting.weight,
            meeting.matched,
            meeting.scheduled,
            case((meeting.completions > 0, 1), else_=0),
            case((meeting.completions > 1, 1), else_=0),
            meeting.completions,
            *(meeting[name] for name in PLACES),
            *groups,
        )
        .select_from(facts.meeting)
        .join(facts.stratum, _same_lottery(facts))
        .join(facts.cell, cell.cell_no == stratum.cell_no)
        .join(one, _as_of(one, meeting.person_a, facts), isouter=True)
        .join(other, _as_of(other, meeting.person_b, facts), isouter=True)
    )
    connection.execute(insert(facts.pairing).from_select([c.name for c in facts.pairing.c], rows))


def _same_lottery(facts: Facts) -> ColumnElement[bool]:
    names: Sequence[str] = ("programme_id", "cohort_id", "cycle_no", "pool_code")
    return and_(*(facts.stratum.c[name] == facts.meeting.c[name] for name in names))


def _as_of(profile: object, person: ColumnElement, facts: Facts) -> ColumnElement[bool]:
    return and_(
        profile.c.person_no == person,
        facts.meeting.c.happened_at >= profile.c.holds_from,
        facts.meeting.c.happened_at < profile.c.holds_to,
    )


def write_seats(connection: Connection, facts: Facts) -> None:
    """Count seats in completed talks and feedback given, per person, cohort and quarter."""
    talk, seat, response, match = (
        CANONICAL[name]
        for name in ("conversation", "conversation_participant", "response", "match")
    )
    programmes, cohorts = number_slices(connection)
    answered = (
        select(response.c.conversation_id, response.c.person_id)
        .where(response.c.conversation_id.is_not(None), response.c.person_id.is_not(None))
        .distinct()
        .subquery()
    )
    started = func.coalesce(talk.c.actual_start_at, talk.c.scheduled_start_at)
    cohort = func.coalesce(talk.c.cohort_id, match.c.cohort_id, "")
    keys = (facts.person.c.person_no, talk.c.programme_id, cohort, facts.calendar.c.quarter_no)
    counted = (
        select(
            facts.person.c.person_no,
            _lookup(talk.c.programme_id, programmes),
            _lookup(cohort, cohorts),
            facts.calendar.c.quarter_no,
            func.count(),
            func.count(answered.c.person_id),
        )
        .select_from(talk)
        .join(match, match.c.match_id == talk.c.match_id, isouter=True)
        .join(seat, seat.c.conversation_id == talk.c.conversation_id)
        .join(facts.person, facts.person.c.person_id == seat.c.person_id)
        .join(facts.calendar, month_of(talk.c.tz, started, facts))
        .join(
            answered,
            and_(
                answered.c.conversation_id == talk.c.conversation_id,
                answered.c.person_id == seat.c.person_id,
            ),
            isouter=True,
        )
        .where(talk.c.status == "completed", seat.c.attended != "no")
        .group_by(*keys)
    )
    connection.execute(insert(facts.seat).from_select([c.name for c in facts.seat.c], counted))


def write_eligible(connection: Connection, facts: Facts) -> None:
    """Write who could have taken part in which quarter: enrolled or invited while a cohort ran."""
    enrolment, cohort, cell = CANONICAL["enrolment"], CANONICAL["cohort"], facts.cell.c
    programmes, cohorts = number_slices(connection)
    month = facts.calendar.c
    first, last = connection.execute(
        select(func.min(cell.quarter_no), func.max(cell.quarter_no))
    ).one()
    if first is None:
        return
    quarter = (
        select(
            month.quarter_no,
            func.min(month.starts_at).label("starts_at"),
            func.max(month.ends_at).label("ends_at"),
        )
        .where(month.tz == "UTC", month.quarter_no >= first, month.quarter_no <= last)
        .group_by(month.quarter_no)
        .subquery()
    )
    runs = and_(
        or_(cohort.c.starts_on.is_(None), cohort.c.starts_on < quarter.c.ends_at),
        or_(cohort.c.ends_on.is_(None), cohort.c.ends_on >= quarter.c.starts_at),
        or_(enrolment.c.enrolled_on.is_(None), enrolment.c.enrolled_on < quarter.c.ends_at),
        or_(enrolment.c.ended_on.is_(None), enrolment.c.ended_on > quarter.c.starts_at),
    )
    rows = (
        select(
            facts.person.c.person_no,
            _lookup(cohort.c.programme_id, programmes),
            _lookup(cohort.c.cohort_id, cohorts),
            quarter.c.quarter_no,
        )
        .select_from(enrolment)
        .join(cohort, cohort.c.cohort_id == enrolment.c.cohort_id)
        .join(facts.person, facts.person.c.person_id == enrolment.c.person_id)
        .join(quarter, runs)
    )
    connection.execute(insert(facts.eligible).from_select([c.name for c in facts.eligible.c], rows))


def _lookup(column: ColumnElement, numbers: dict[str, int]) -> ColumnElement[int]:
    if not numbers:
        return literal(NO_COHORT)
    return cast(case(numbers, value=column, else_=NO_COHORT), Integer)
