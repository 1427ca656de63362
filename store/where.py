"""Aggregates of where connection happens: by mode, topic and distance, and by unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from sqlalchemy import Select, Subquery, case, func, literal, literal_column, select, union_all
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.elements import ColumnElement

from store.aggregates import Grouping, Level, as_double, kept, keys_of, total
from store.facts import FIRST_GROUP, NO_PLACE, PLACE_KINDS, Facts

Kind = Literal["mode", "topic", "distance"]

SIDES = (("a", "b"), ("b", "a"))


def places(facts: Facts) -> Select:
    """List the modes, topics and distances that conversations had: kind, place_no, code."""
    return select(facts.place).order_by(facts.place.c.kind.asc(), facts.place.c.place_no)


def belongings(facts: Facts, groupings: Sequence[Grouping]) -> Select:
    """List as what, where, how far apart and about what each person met somebody.

    The gate needs it to know which people a cell covers; it never leaves the builder.
    Columns: person_no, cell_no, mode_no, topic_no, distance_no, and for the n-th of ``groupings``
    own_n (the person's own group) and known_n (1 where the groups of both people are known).
    """
    pairing = facts.pairing.c
    ends = [
        select(
            pairing[f"person_{own}"].label("person_no"),
            pairing.cell_no,
            *(pairing[f"{kind}_no"] for kind in PLACE_KINDS),
            *(each.side(facts, own).label(f"own_{n}") for n, each in enumerate(groupings)),
            *(
                case((each.both_known(facts), 1), else_=0).label(f"known_{n}")
                for n, each in enumerate(groupings)
            ),
        ).where(pairing.completed > 0)
        for own, _ in SIDES
    ]
    rows = union_all(*ends).subquery()
    return select(*rows.c).distinct()


@kept
def crossing_by_lottery(facts: Facts, grouping: Grouping) -> Select:
    """Count pairings of each place by lottery, and the weight of those that cross groups.

    Columns: stratum_no, programme_no, kind_no (position among `PLACE_KINDS`), place_no, pairings,
    weight, weight_squared, crossed.
    """
    rows = _crossings(facts, grouping)
    keys = [rows.stratum_no, rows.programme_no, rows.kind_no, rows.place_no]
    return select(
        *keys,
        as_double(func.count()).label("pairings"),
        total(rows.d).label("weight"),
        total(rows.d * rows.d).label("weight_squared"),
        total(rows.x).label("crossed"),
    ).group_by(*keys)


@kept
def crossing_moments(
    facts: Facts, grouping: Grouping, level: Level, *, by_pair: bool = False
) -> Select:
    """Sum contacts and those across groups, by slice and place, over people or over pairs.

    Columns: slice_no, kind_no (position among `PLACE_KINDS`), part_no, people, denominator,
    numerator, dd, xd, xx.
    """
    rows = _crossings(facts, grouping)
    return _moments(rows, keys_of(level, "all"), rows.place_no, kind=rows.kind_no, by_pair=by_pair)


@kept
def held_moments(facts: Facts, level: Level, *, by_pair: bool = False) -> Select:
    """Sum planned pairings and those that were held, by slice and place of the first plan.

    Columns as `crossing_moments`; part_no 0 holds the plans whose place nobody recorded.
    """
    pairing = facts.pairing.c
    kinds = [
        select(
            *(pairing[key] for key in keys_of(level, "all")),
            pairing.person_a,
            pairing.person_b,
            literal(kind_no).label("kind_no"),
            pairing[f"planned_{kind}_no"].label("place_no"),
            pairing.scheduled.label("d"),
            case((pairing.completed > 0, 1), else_=0).label("x"),
        ).where(pairing.scheduled > 0)
        for kind_no, kind in enumerate(PLACE_KINDS)
    ]
    rows = union_all(*kinds).subquery().c
    return _moments(rows, keys_of(level, "all"), rows.place_no, kind=rows.kind_no, by_pair=by_pair)


def planned_distances(facts: Facts) -> Select:
    """Count the pairings that planned to talk, and those of them whose distance is known.

    Columns: planned, known; one row.
    """
    pairing = facts.pairing.c
    known = case((pairing.planned_distance_no != NO_PLACE, 1), else_=0)
    return select(as_double(func.count()).label("planned"), total(known).label("known")).where(
        pairing.scheduled > 0
    )


@kept
def unit_members(facts: Facts, grouping: Grouping, unit: Grouping) -> Select:
    """Count the people of each unit by group: unit_no, group_no, people."""
    ends = _unit_ends(facts, grouping, unit)
    members = select(ends.c.unit_no, ends.c.group_no, ends.c.person_no).distinct().subquery().c
    keys = [members.unit_no, members.group_no]
    return select(*keys, as_double(func.count()).label("people")).group_by(*keys)


@kept
def unit_contacts(facts: Facts, grouping: Grouping, unit: Grouping) -> Select:
    """Count the contacts of each unit's members by lottery and own group.

    Columns: stratum_no, unit_no, group_no, stubs, inside (stubs whose partner is of the unit too),
    weight, crossed.
    """
    ends = _unit_ends(facts, grouping, unit).c
    keys = [ends.stratum_no, ends.unit_no, ends.group_no]
    return select(
        *keys,
        as_double(func.count()).label("stubs"),
        total(ends.inside).label("inside"),
        total(ends.d).label("weight"),
        total(ends.x).label("crossed"),
    ).group_by(*keys)


@kept
def unit_moments(
    facts: Facts, grouping: Grouping, unit: Grouping, *, by_pair: bool = False
) -> Select:
    """Sum the contacts of each unit's members and those across groups, over people or over pairs.

    A pairing inside the unit counts from both its ends. Columns as `crossing_moments`, but for
    kind_no.
    """
    rows = _unit_ends(facts, grouping, unit).c
    return _moments(rows, [], rows.unit_no, by_pair=by_pair)


def _crossings(facts: Facts, grouping: Grouping) -> ReadOnlyColumnCollection:
    """Return the completed pairings of known groups: contacts d, and of them across groups x.

    Each stands there once for every kind of place: one statement for all kinds takes less than one
    for each, since most of its time goes into planning.
    """
    pairing = facts.pairing.c
    kinds = [
        select(
            pairing.stratum_no,
            pairing.programme_no,
            pairing.person_a,
            pairing.person_b,
            literal(kind_no).label("kind_no"),
            pairing[f"{kind}_no"].label("place_no"),
            pairing.weight.label("d"),
            _crossed(facts, grouping).label("x"),
        ).where(pairing.completed > 0, grouping.both_known(facts))
        for kind_no, kind in enumerate(PLACE_KINDS)
    ]
    return union_all(*kinds).subquery().c


def _crossed(facts: Facts, grouping: Grouping) -> ColumnElement[float]:
    one, other = (grouping.side(facts, side) for side in "ab")
    return case((one != other, facts.pairing.c.weight), else_=0.0)


def _unit_ends(facts: Facts, grouping: Grouping, unit: Grouping) -> Subquery:
    """Return each end of a pairing whose person belongs to a known unit."""
    pairing = facts.pairing.c
    ends = [
        select(
            pairing.stratum_no,
            pairing[f"person_{own}"].label("person_no"),
            pairing.person_a,
            pairing.person_b,
            unit.side(facts, own).label("unit_no"),
            case((unit.side(facts, own) == unit.side(facts, partner), 1), else_=0).label("inside"),
            grouping.side(facts, own).label("group_no"),
            pairing.weight.label("d"),
            _crossed(facts, grouping).label("x"),
        ).where(
            pairing.completed > 0,
            grouping.both_known(facts),
            unit.side(facts, own) >= FIRST_GROUP,
        )
        for own, partner in SIDES
    ]
    return union_all(*ends).subquery()


def _moments(
    rows: ReadOnlyColumnCollection,
    keys: Sequence[str],
    part: ColumnElement,
    *,
    kind: ColumnElement | None = None,
    by_pair: bool,
) -> Select:
    """Sum d and x, their squares and products, over people or over pairs of people."""
    slice_no = rows[keys[0]] if keys else None
    places = [column for column in (slice_no, kind, part) if column is not None]
    if by_pair:
        units = _summed(rows, places, [rows.person_a, rows.person_b])
    else:
        ends = [
            select(*places, person.label("somebody"), rows.d, rows.x)
            for person in (rows.person_a, rows.person_b)
        ]
        both = union_all(*ends).subquery().c
        units = _summed(both, [both[column.name] for column in places], [both.somebody])
    own, d, x = [units[column.name] for column in places], units.d, units.x
    return select(
        (literal_column("0") if slice_no is None else own[0]).label("slice_no"),
        *([] if kind is None else [units[kind.name]]),
        own[-1].label("part_no"),
        func.count().label("people"),
        total(d).label("denominator"),
        total(x).label("numerator"),
        total(d * d).label("dd"),
        total(x * d).label("xd"),
        total(x * x).label("xx"),
    ).group_by(*own)


def _summed(
    rows: ReadOnlyColumnCollection, places: Sequence[ColumnElement], unit: Sequence[ColumnElement]
) -> ReadOnlyColumnCollection:
    keys = [*places, *unit]
    sums = (total(rows.d).label("d"), total(rows.x).label("x"))
    return select(*keys, *sums).group_by(*keys).subquery().c
