"""Feedback after conversations within the own group and across, by the same people."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import (
    CTE,
    Alias,
    Connection,
    FromClause,
    Select,
    SmallInteger,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.sql.elements import ColumnElement

from schema import CANONICAL
from store.aggregates import Grouping, total
from store.answered import Answered, kept
from store.facts import FIRST_GROUP, UNKNOWN
from store.patterns import numbered, patterns

FIRST_BOTH = -10
"""Period of people who spoke of both kinds of conversations, for the first attribute; that of the
next attribute is one less."""


def _kinds(told: Answered) -> CTE:
    """Return each response with whether its conversation crossed groups.

    Columns: response_id, person_no, programme_no, and c0, c1, ... in the order of ``groupings``: 1
    where somebody else in the conversation belonged to another group, 0 where all others belonged
    to the own one, -1 where that is not known.
    """
    facts, responded, talk = told.facts, told.responded, CANONICAL["conversation"]
    seat, person = CANONICAL["conversation_participant"].c, facts.person.c
    mine, theirs = facts.profile.alias("mine"), facts.profile.alias("theirs")
    began = func.coalesce(talk.c.actual_start_at, talk.c.scheduled_start_at)
    programmes = numbered("programme", "programme_id")
    kinds = [
        _kind(grouping, f"g{facts.attributes.index(grouping.attribute)}", mine, theirs)
        for grouping in told.groupings
    ]
    by = (
        responded.c.response_id,
        responded.c.person_no,
        programmes.c.number.label("programme_no"),
    )
    return (
        select(*by, *(kind.label(f"c{position}") for position, kind in enumerate(kinds)))
        .select_from(responded)
        .join(talk, talk.c.conversation_id == responded.c.conversation_id)
        .join(programmes, programmes.c.code == talk.c.programme_id)
        .join(CANONICAL["conversation_participant"], seat.conversation_id == talk.c.conversation_id)
        .join(facts.person, person.person_id == seat.person_id, isouter=True)
        .join(mine, _in_force(mine, responded.c.person_no, began), isouter=True)
        .join(theirs, _in_force(theirs, person.person_no, began), isouter=True)
        .where(
            seat.attended != "no",
            or_(person.person_no.is_(None), person.person_no != responded.c.person_no),
        )
        .group_by(*by)
        .cte("kinds")
    )


def _in_force(profile: Alias, number: ColumnElement, moment: ColumnElement) -> ColumnElement[bool]:
    return and_(
        profile.c.person_no == number,
        moment >= profile.c.holds_from,
        moment < profile.c.holds_to,
    )


def _kind(grouping: Grouping, column: str, mine: Alias, theirs: Alias) -> ColumnElement[int]:
    own, other = (
        func.coalesce(grouping.renumbered(side.c[column]), UNKNOWN) for side in (mine, theirs)
    )
    known = and_(own >= FIRST_GROUP, other >= FIRST_GROUP)
    differs = func.max(case((and_(known, own != other), 1), else_=0))
    unknown = func.max(case((known, 0), else_=1))
    return cast(case((differs == 1, 1), (unknown == 1, -1), else_=0), SmallInteger)


@dataclass(frozen=True)
class Crossed:
    """The answers, and what people who spoke of both kinds of conversations said on either."""

    told: Answered
    both: FromClause


def gather_crossed(connection: Connection, told: Answered) -> Crossed:
    """Write both kinds into a temporary table of this connection."""
    return Crossed(told, kept(connection, "both", _both_kinds(told)))


def _both_kinds(told: Answered) -> Select:
    """Return what people who spoke of both kinds of conversations said on either.

    Columns: item_no, attribute_no, programme_no (0 = all), person_no, x (mean within) and y
    (across).
    """
    scored, count = told.scored, len(told.groupings)
    kinds = _kinds(told)
    by = (scored.c.item_no, kinds.c.person_no, kinds.c.programme_no)
    terms = {
        f"{name}{value}_{position}": case((kinds.c[f"c{position}"] == value, term), else_=0.0)
        for position in range(count)
        for value in (0, 1)
        for name, term in (("n", 1.0), ("s", scored.c.x))
    }
    each = (
        select(*by, *(total(term).label(name) for name, term in terms.items()))
        .join(kinds, kinds.c.response_id == scored.c.response_id)
        .group_by(*by)
        .cte("by_programme")
    )
    keys = (each.c.item_no, each.c.person_no)
    whole = (
        select(
            *keys,
            literal(0).label("programme_no"),
            *(total(each.c[name]).label(name) for name in terms),
        )
        .group_by(*keys)
        .cte("by_person")
    )
    parts = [_both(table, position) for table in (whole, each) for position in range(count)]
    return select(union_all(*parts).subquery())


def _both(table: CTE, position: int) -> Select:
    sums, numbers = (
        [table.c[f"{name}{value}_{position}"] for value in (0, 1)] for name in ("s", "n")
    )
    within, across = (
        value / func.nullif(number, 0.0) for value, number in zip(sums, numbers, strict=True)
    )
    return select(
        table.c.item_no,
        literal(position).label("attribute_no"),
        table.c.programme_no,
        table.c.person_no,
        within.label("x"),
        across.label("y"),
    ).where(*(number > 0 for number in numbers))


def kind_sums(crossed: Crossed) -> Select:
    """Sum the differences between both kinds of conversations, a person at a time.

    Columns: item_no, attribute_no, programme_no (0 = all), people, d and dd: sums of differences,
    across less within, and of their squares.
    """
    both = crossed.both
    by = (both.c.item_no, both.c.attribute_no, both.c.programme_no)
    change = both.c.y - both.c.x
    return select(
        *by, func.count().label("people"), total(change).label("d"),
        total(change * change).label("dd"),
    ).group_by(*by)  # fmt: skip


def feedback_patterns(crossed: Crossed) -> Select:
    """Count people by all that cells of feedback can tell apart; see `store.patterns.patterns`.

    ``period_no`` is the quarter, or `FIRST_BOTH` less the number of the attribute.
    """
    both, told = crossed.both, crossed.told
    scored, responded = told.scored, told.responded
    talk, programmes = CANONICAL["conversation"], numbered("programme", "programme_id")
    cohorts = numbered("cohort", "cohort_id")
    rows = union_all(
        select(
            scored.c.item_no,
            responded.c.person_no,
            programmes.c.number.label("programme_no"),
            func.coalesce(cohorts.c.number, 0).label("cohort_no"),
            responded.c.period_no,
        )
        .join(responded, responded.c.response_id == scored.c.response_id)
        .join(talk, talk.c.conversation_id == responded.c.conversation_id)
        .join(programmes, programmes.c.code == talk.c.programme_id)
        .join(cohorts, cohorts.c.code == talk.c.cohort_id, isouter=True),
        select(
            both.c.item_no,
            both.c.person_no,
            both.c.programme_no,
            literal(0),
            FIRST_BOTH - both.c.attribute_no,
        ),
    ).subquery()
    return patterns(rows)
