"""Write who could have been drawn in which lottery, from the pools that were recorded."""

from __future__ import annotations

from sqlalchemy import Connection, and_, func, insert, select
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause

from schema import CANONICAL
from store.facts import UNKNOWN, Facts
from store.meetings import ACROSS_POOLS


def write_available(connection: Connection, facts: Facts) -> None:
    """Write each person of a recorded pool into its lottery, with the groups of that time.

    Where a pair crossed pools, all pools of the round are one lottery. Pools in which nobody was
    paired belong to no lottery and are left out.
    """
    pool, cohort, meeting = CANONICAL["match_pool"], CANONICAL["cohort"], facts.meeting.c
    drawn = (
        select(
            meeting.programme_id,
            meeting.cohort_id,
            meeting.cycle_no,
            func.min(meeting.happened_at).label("drawn_at"),
        )
        .group_by(meeting.programme_id, meeting.cohort_id, meeting.cycle_no)
        .subquery()
    )
    own, across = facts.stratum.alias(), facts.stratum.alias()
    lottery = func.coalesce(across.c.stratum_no, own.c.stratum_no)
    profile = facts.profile.c
    groups = [
        func.coalesce(profile[f"g{number}"], UNKNOWN) for number in range(len(facts.attributes))
    ]
    in_force = and_(
        profile.person_no == facts.person.c.person_no,
        drawn.c.drawn_at >= profile.holds_from,
        drawn.c.drawn_at < profile.holds_to,
    )
    rows = (
        select(lottery, facts.person.c.person_no, *groups)
        .select_from(pool)
        .join(cohort, cohort.c.cohort_id == pool.c.cohort_id)
        .join(facts.person, facts.person.c.person_id == pool.c.person_id)
        .join(
            drawn,
            and_(
                drawn.c.programme_id == cohort.c.programme_id,
                drawn.c.cohort_id == pool.c.cohort_id,
                drawn.c.cycle_no == pool.c.round_no,
            ),
        )
        .join(own, _lottery_of(own, drawn, pool.c.pool_code), isouter=True)
        .join(across, _lottery_of(across, drawn, ACROSS_POOLS), isouter=True)
        .join(facts.profile, in_force, isouter=True)
        .where(lottery.is_not(None))
    )
    names = [column.name for column in facts.available.c]
    connection.execute(insert(facts.available).from_select(names, rows))


def _lottery_of(
    stratum: FromClause, drawn: FromClause, pool_code: ColumnElement[str] | str
) -> ColumnElement[bool]:
    keys = ("programme_id", "cohort_id", "cycle_no")
    same = (stratum.c[key] == drawn.c[key] for key in keys)
    return and_(*same, stratum.c.pool_code == pool_code)
