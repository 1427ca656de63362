"""All answers in small temporary tables of numbers, with every place and period they count in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    Connection,
    CreateTableAs,
    FromClause,
    Select,
    Table,
    literal,
    select,
    union_all,
)
from sqlalchemy.schema import DropTable
from sqlalchemy.sql.elements import ColumnElement

from store.aggregates import Grouping
from store.answers import (
    ALL,
    COHORT,
    COMPARED,
    FIRST_ATTRIBUTE,
    ORGANISATION,
    PROGRAMME,
    chosen,
    groups_of,
    placed,
    responses,
    scores,
)
from store.facts import FIRST_GROUP, Facts
from store.patterns import OUTSIDE


def belonging(
    responded: FromClause, places: FromClause, groups: FromClause, groupings: Sequence[Grouping]
) -> Select:
    """Return each response with every place and period that it counts in.

    Columns: response_id, person_no, kind_no, slice_no, group_no, period_no. Cohorts and groups are
    told of responses about no conversation, all periods together of those without a wave.
    """
    takes_part, zero = places.c.programme_no != OUTSIDE, literal(0)
    about_none = select(responded.c.response_id).where(responded.c.conversation_id.is_(None))
    parts = [
        _part(places, ORGANISATION, zero, zero).where(takes_part),
        _part(places, PROGRAMME, places.c.programme_no, zero).where(places.c.programme_no > 0),
        _part(places, COHORT, places.c.cohort_no, zero).where(
            places.c.cohort_no > 0, places.c.response_id.in_(about_none)
        ),
        _part(places, COMPARED, zero, zero).where(~takes_part),
    ]
    for number in range(len(groupings)):
        group = groups.c[f"g{number}"]
        parts.append(
            _part(places, FIRST_ATTRIBUTE + number, zero, group)
            .join(groups, groups.c.person_no == places.c.person_no)
            .where(group >= FIRST_GROUP, takes_part, places.c.response_id.in_(about_none))
        )
    where = union_all(*parts).cte("belonging")
    when = union_all(
        select(responded.c.response_id, responded.c.period_no).where(responded.c.period_no != ALL),
        select(responded.c.response_id, literal(ALL)).where(responded.c.wave_no.is_(None)),
    ).subquery()
    return select(*where.c, when.c.period_no).join(when, when.c.response_id == where.c.response_id)


def _part(places: FromClause, kind: int, slice_no: ColumnElement, group: ColumnElement) -> Select:
    return select(
        places.c.response_id,
        places.c.person_no,
        literal(kind).label("kind_no"),
        slice_no.label("slice_no"),
        group.label("group_no"),
    ).distinct()


@dataclass(frozen=True)
class Answered:
    """All answers, brought into small tables of numbers once, since every aggregate needs them."""

    facts: Facts
    groupings: tuple[Grouping, ...]
    responded: FromClause
    scored: FromClause
    chosen: FromClause
    placed: FromClause
    grouped: FromClause
    counted: FromClause


def gather(connection: Connection, facts: Facts, groupings: Sequence[Grouping]) -> Answered:
    """Write the answers into temporary tables of this connection."""
    responded = kept(connection, "responded", responses(facts))
    places = kept(connection, "placed", placed(facts, responded))
    groups = kept(connection, "grouped", groups_of(facts, responded, groupings))
    counted = belonging(responded, places, groups, groupings)
    return Answered(
        facts=facts,
        groupings=tuple(groupings),
        responded=responded,
        scored=kept(connection, "scored", scores(responded)),
        chosen=kept(connection, "chosen", chosen(responded)),
        placed=places,
        grouped=groups,
        counted=kept(connection, "counted", counted),
    )


def kept(connection: Connection, name: str, rows: Select) -> Table:
    """Write rows into a temporary table, in place of what it held before."""
    create = CreateTableAs(rows, f"answers_{name}", temporary=True)
    connection.execute(DropTable(create.table, if_exists=True))
    connection.execute(create)
    return create.table
