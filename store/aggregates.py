"""Aggregates of the facts: one portable select each, whose small result is all that metrics see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from sqlalchemy import (
    BigInteger,
    Double,
    Select,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.sql.elements import ColumnElement

from store.facts import FIRST_GROUP, Facts

Level = Literal["organisation", "programme", "cohort"]
Span = Literal["all", "quarter"]
Stage = Literal["matched", "completed", "continued", "arranged"]

kept = lru_cache(maxsize=256)
"""Keeps the statements that a function has made: one view of the facts serves all attributes."""

LEVELS: tuple[Level, ...] = ("organisation", "programme", "cohort")
SPANS: tuple[Span, ...] = ("all", "quarter")


@dataclass(frozen=True)
class Grouping:
    """An attribute, and which of its groups are published under another's number."""

    attribute: str
    published: Mapping[int, int] = field(default_factory=dict, hash=False)

    def side(self, facts: Facts, side: str) -> ColumnElement[int]:
        """Return the published group of one side ("a" or "b") of a pairing."""
        return self.renumbered(facts.column_of(self.attribute, side))

    def renumbered(self, column: ColumnElement[int]) -> ColumnElement[int]:
        """Return the published group of a column of group numbers."""
        if not self.published:
            return column
        return case(dict(self.published), value=column, else_=column)

    def both_known(self, facts: Facts) -> ColumnElement[bool]:
        """Tell whether both people of a pairing belong to a real group."""
        return and_(*(self.side(facts, side) >= FIRST_GROUP for side in "ab"))


def keys_of(level: Level, span: Span) -> list[str]:
    """Return the columns that tell the slices of a level and the periods of a span apart."""
    slices = {"organisation": [], "programme": ["programme_no"], "cohort": ["cohort_no"]}
    return slices[level] + ([] if span == "all" else ["quarter_no"])


def labelled(level: Level, span: Span, columns: Mapping[str, ColumnElement]) -> list[ColumnElement]:
    """Return slice_no and quarter_no; 0 stands for the whole (never grouped by: see GROUP BY 0)."""
    names = {"organisation": None, "programme": "programme_no", "cohort": "cohort_no"}
    slice_name = names[level]
    whole = literal_column("0")
    return [
        (whole if slice_name is None else columns[slice_name]).label("slice_no"),
        (whole if span == "all" else columns["quarter_no"]).label("quarter_no"),
    ]


def as_double(value: ColumnElement) -> ColumnElement[float]:
    """Sums of integers come home as Decimal from some engines; as double from all."""
    return cast(value, Double)


def total(value: ColumnElement) -> ColumnElement[float]:
    """Sum as double; 0 over no rows."""
    return func.coalesce(as_double(func.sum(as_double(value))), 0.0)


def reached(facts: Facts, stage: Stage) -> ColumnElement[bool]:
    """Tell whether a pairing reached a stage; arranged is what was offered, or held without."""
    pairing = facts.pairing.c
    if stage == "arranged":
        return or_(pairing.matched > 0, pairing.completed > 0)
    return pairing[stage] > 0


@kept
def mixing(facts: Facts, grouping: Grouping, stage: Stage = "completed") -> Select:
    """Count pairings by lottery and by the groups of both sides, unknown groups included.

    Columns: stratum_no, programme_no, cohort_no, quarter_no, group_a, group_b, pairings, weight,
    weight_squared.
    """
    pairing = facts.pairing.c
    places = [pairing.stratum_no, pairing.programme_no, pairing.cohort_no, pairing.quarter_no]
    one, other = grouping.side(facts, "a"), grouping.side(facts, "b")
    cells = (
        select(*places, one.label("group_a"), other.label("group_b"), pairing.weight)
        .where(reached(facts, stage))
        .subquery()
    )
    keys = [column for column in cells.c if column.name != "weight"]
    return select(
        *keys,
        as_double(func.count()).label("pairings"),
        total(cells.c.weight).label("weight"),
        total(cells.c.weight * cells.c.weight).label("weight_squared"),
    ).group_by(*keys)


def _stubs(facts: Facts, grouping: Grouping, stage: Stage, places: Sequence[str]) -> Subquery:
    """Return both ends of each pairing: person_no, own group, partner's group, weight."""
    pairing = facts.pairing.c
    ends = []
    for own, partner in (("a", "b"), ("b", "a")):
        ends.append(
            select(
                *(pairing[name] for name in places),
                pairing[f"person_{own}"].label("person_no"),
                grouping.side(facts, own).label("own"),
                grouping.side(facts, partner).label("partner"),
                pairing.weight,
            ).where(reached(facts, stage), grouping.both_known(facts))
        )
    return union_all(*ends).subquery()


@kept
def stub_squares(facts: Facts, grouping: Grouping, stage: Stage = "completed") -> Select:
    """Sum, by lottery and group, the squares of each person's number of pairings.

    Columns: stratum_no, group_no, stubs_squared.
    """
    stubs = _stubs(facts, grouping, stage, ["stratum_no"]).c
    people = (
        select(stubs.stratum_no, stubs.own, func.count().label("stubs"))
        .group_by(stubs.stratum_no, stubs.own, stubs.person_no)
        .subquery()
    )
    squared = total(people.c.stubs * people.c.stubs)
    return select(
        people.c.stratum_no, people.c.own.label("group_no"), squared.label("stubs_squared")
    ).group_by(people.c.stratum_no, people.c.own)


@kept
def contacts(
    facts: Facts,
    grouping: Grouping,
    groups: tuple[int, ...],
    level: Level,
    span: Span,
    stage: Stage = "completed",
) -> Select:
    """Sum, by slice, period and own group, the products of each person's contacts with groups.

    Columns: slice_no, quarter_no, own, people, and for the h-th and i-th of ``groups``:
    moment_h_i (sum of c[h] c[i] over people, h <= i), people_h (people with c[h] > 0) and most_h
    (largest c[h] of anybody).
    """
    keys = keys_of(level, span)
    stubs = _stubs(facts, grouping, stage, keys).c
    with_group = [
        total(case((stubs.partner == group, stubs.weight), else_=0.0)).label(f"c{number}")
        for number, group in enumerate(groups)
    ]
    people = (
        select(*(stubs[key] for key in keys), stubs.own, *with_group)
        .group_by(*(stubs[key] for key in keys), stubs.own, stubs.person_no)
        .subquery()
    )
    contact = [people.c[f"c{number}"] for number in range(len(groups))]
    moments = [
        total(contact[one] * contact[other]).label(f"moment_{one}_{other}")
        for one in range(len(groups))
        for other in range(one, len(groups))
    ]
    reached = [
        func.count(case((count > 0, 1))).label(f"people_{number}")
        for number, count in enumerate(contact)
    ]
    most = [func.max(count).label(f"most_{number}") for number, count in enumerate(contact)]
    return select(
        *labelled(level, span, people.c),
        people.c.own,
        func.count().label("people"),
        *moments,
        *reached,
        *most,
    ).group_by(*(people.c[key] for key in keys), people.c.own)


@kept
def people_by_group(facts: Facts, grouping: Grouping, stage: Stage = "completed") -> Select:
    """Count the distinct people of each group who have a pairing of known groups.

    Columns: group_no, people.
    """
    stubs = _stubs(facts, grouping, stage, []).c
    people = select(stubs.own, stubs.person_no).distinct().subquery().c
    return select(people.own.label("group_no"), func.count().label("people")).group_by(people.own)


@kept
def pair_squares(
    facts: Facts, grouping: Grouping, level: Level, span: Span, stage: Stage = "completed"
) -> Select:
    """Sum, by slice, period and cell, the squares of each two people's number of pairings.

    Columns: slice_no, quarter_no, group_a, group_b, distinct_pairs, squares, weight.
    """
    pairing, keys = facts.pairing.c, keys_of(level, span)
    rows = (
        select(
            *(pairing[key] for key in keys),
            pairing.person_a,
            pairing.person_b,
            grouping.side(facts, "a").label("group_a"),
            grouping.side(facts, "b").label("group_b"),
            pairing.weight,
        )
        .where(reached(facts, stage), grouping.both_known(facts))
        .subquery()
    )
    by_pair = [column for column in rows.c if column.name != "weight"]
    pairs = select(*by_pair, total(rows.c.weight).label("met")).group_by(*by_pair).subquery()
    cell = [*(pairs.c[key] for key in keys), pairs.c.group_a, pairs.c.group_b]
    return select(
        *labelled(level, span, pairs.c),
        pairs.c.group_a,
        pairs.c.group_b,
        as_double(func.count()).label("distinct_pairs"),
        total(pairs.c.met * pairs.c.met).label("squares"),
        total(pairs.c.met).label("weight"),
    ).group_by(*cell)


@kept
def membership_patterns(facts: Facts, grouping: Grouping, stage: Stage = "completed") -> Select:
    """Count people by the set of (cell, group) in which they met somebody.

    The gate protects people, yet needs only how many there are of each kind. Two marks a cell,
    summed over a person's memberships, tell the sets apart without listing them.
    Columns: pattern_no, people, cell_no, group_no.
    """
    stubs = _stubs(facts, grouping, stage, ["cell_no"]).c
    belonging = select(stubs.person_no, stubs.cell_no, stubs.own).distinct().subquery()
    cell, own = facts.cell.c, cast(belonging.c.own, BigInteger)
    # linear in the group and quadratic: somebody in groups 2 and 5 of one cell is not in 3 and 4
    sums = [
        func.sum(cell.mark_1 * (2 * own + 1)).label("sum_1"),
        func.sum(cell.mark_2 * (own * own + 1)).label("sum_2"),
    ]
    person = (
        select(belonging.c.person_no, *sums)
        .join(facts.cell, cell.cell_no == belonging.c.cell_no)
        .group_by(belonging.c.person_no)
        .subquery()
    )
    pattern = (
        select(func.min(person.c.person_no).label("example"), func.count().label("people"))
        .group_by(person.c.sum_1, person.c.sum_2)
        .subquery()
    )
    number = func.dense_rank().over(order_by=pattern.c.example)
    return select(
        number.label("pattern_no"),
        pattern.c.people,
        belonging.c.cell_no,
        belonging.c.own.label("group_no"),
    ).join(belonging, belonging.c.person_no == pattern.c.example)
