"""Aggregates of several attributes at once: on which of them the two people of a pairing differ."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import CTE, Integer, Select, and_, case, func, literal_column, select, union_all
from sqlalchemy.sql.elements import ColumnElement

from store.aggregates import (
    Grouping,
    Level,
    as_double,
    keys_of,
    labelled,
    membership_patterns,
    total,
)
from store.facts import FIRST_GROUP, Facts


@dataclass(frozen=True)
class Jointly:
    """Several attributes, and only those pairings in which all of them are known of both people.

    It stands where a `Grouping` stands, with everybody in one group.
    """

    groupings: tuple[Grouping, ...]

    def side(self, facts: Facts, side: str) -> ColumnElement[int]:
        """Return the one group that holds everybody."""
        return literal_column(str(FIRST_GROUP), Integer)

    def both_known(self, facts: Facts) -> ColumnElement[bool]:
        """Tell whether every attribute of both people is known."""
        return and_(*(grouping.both_known(facts) for grouping in self.groupings))


def difference_patterns(facts: Facts, jointly: Jointly) -> Select:
    """Count pairings by lottery and by the attributes on which the two people differ.

    Bit i of a pattern (2^i) is set where they differ on the i-th attribute.
    Columns: stratum_no, programme_no, pattern, pairings, weight, weight_squared.
    """
    pairing = facts.pairing.c
    bits = [2**number * differ for number, differ in enumerate(_differences(facts, jointly))]
    rows = (
        select(
            pairing.stratum_no,
            pairing.programme_no,
            sum(bits[1:], bits[0]).label("pattern"),
            pairing.weight,
        )
        .where(pairing.completed > 0, jointly.both_known(facts))
        .subquery()
    )
    keys = [rows.c.stratum_no, rows.c.programme_no, rows.c.pattern]
    return select(
        *keys,
        as_double(func.count()).label("pairings"),
        total(rows.c.weight).label("weight"),
        total(rows.c.weight * rows.c.weight).label("weight_squared"),
    ).group_by(*keys)


def _differences(facts: Facts, jointly: Jointly) -> list[ColumnElement[int]]:
    return [
        case((grouping.side(facts, "a") != grouping.side(facts, "b"), 1), else_=0)
        for grouping in jointly.groupings
    ]


def agreements(facts: Facts, jointly: Jointly) -> Select:
    """Sum, by lottery and subset of the attributes, the squared seats of each crossed category.

    A subset is a sum of 2^i; 0 is the empty one, whose only category is everybody. Pairs of seats
    that agree on the whole subset follow from it without any category by category table.
    Columns: stratum_no, subset, seats_squared, stubs_squared (own seats with own seats).
    """
    category = _categories(facts, jointly)
    size = len(jointly.groupings)
    return union_all(*(_agreement(category, subset, size) for subset in range(2**size)))


def _agreement(category: CTE, subset: int, size: int) -> Select:
    chosen = [category.c[f"g{number}"] for number in range(size) if subset >> number & 1]
    merged = (
        select(
            category.c.stratum_no,
            total(category.c.seats).label("seats"),
            total(category.c.squares).label("squares"),
        )
        .group_by(category.c.stratum_no, *chosen)
        .subquery()
    )
    return select(
        merged.c.stratum_no,
        literal_column(str(subset), Integer).label("subset"),
        total(merged.c.seats * merged.c.seats).label("seats_squared"),
        total(merged.c.squares).label("stubs_squared"),
    ).group_by(merged.c.stratum_no)


def _categories(facts: Facts, jointly: Jointly) -> CTE:
    """Return seats, and squares of each person's seats, by lottery and fully crossed category."""
    pairing, size = facts.pairing.c, range(len(jointly.groupings))
    ends = [
        select(
            pairing.stratum_no,
            pairing[f"person_{side}"].label("person_no"),
            *(
                grouping.side(facts, side).label(f"g{number}")
                for number, grouping in enumerate(jointly.groupings)
            ),
        ).where(pairing.completed > 0, jointly.both_known(facts))
        for side in "ab"
    ]
    seat = union_all(*ends).subquery()
    names = ["stratum_no", *(f"g{number}" for number in size)]
    person = (
        select(*(seat.c[name] for name in names), func.count().label("seats"))
        .group_by(*(seat.c[name] for name in names), seat.c.person_no)
        .subquery()
    )
    kept = [person.c[name] for name in names]
    return (
        select(
            *kept,
            total(person.c.seats).label("seats"),
            total(person.c.seats * person.c.seats).label("squares"),
        )
        .group_by(*kept)
        .cte("category")
    )


def common_partners(facts: Facts, jointly: Jointly) -> Select:
    """Sum, by lottery, over all seats the seats alike on one attribute times those on another.

    Columns: stratum_no, seats, stubs_squared, alike_i (sum over seats of D_i, the seats of the own
    group of the i-th attribute) and alike_i_j (sum of D_i D_j, i <= j).
    """
    category, size = _categories(facts, jointly), len(jointly.groupings)
    alike = [
        func.sum(category.c.seats)
        .over(partition_by=[category.c.stratum_no, category.c[f"g{number}"]])
        .label(f"alike_{number}")
        for number in range(size)
    ]
    rows = select(category.c.stratum_no, category.c.seats, category.c.squares, *alike).subquery()
    own = [as_double(rows.c[f"alike_{number}"]) for number in range(size)]
    return select(
        rows.c.stratum_no,
        total(rows.c.seats).label("seats"),
        total(rows.c.squares).label("stubs_squared"),
        *(total(rows.c.seats * own[number]).label(f"alike_{number}") for number in range(size)),
        *(
            total(rows.c.seats * own[one] * own[other]).label(f"alike_{one}_{other}")
            for one in range(size)
            for other in range(one, size)
        ),
    ).group_by(rows.c.stratum_no)


def person_products(facts: Facts, jointly: Jointly, level: Level) -> Select:
    """Sum, over people, the products of each person's crossings and those a lottery would give.

    Crossings on attribute i are numbers 0 to A - 1, expected ones A to 2 A - 1.
    Columns: slice_no, quarter_no, people, product_i_j for i <= j.
    """
    rows = _with_lottery(facts, jointly, level)
    ends = [
        select(*(column for column in rows.c if column.name not in ("person_a", "person_b")),
               rows.c[f"person_{side}"].label("person_no"))
        for side in "ab"
    ]  # fmt: skip
    seat = union_all(*ends).subquery()
    return _products(seat.c, [seat.c.person_no], level, len(jointly.groupings))


def pair_products(facts: Facts, jointly: Jointly, level: Level) -> Select:
    """Sum the same products over distinct pairs of people; ``people`` counts pairs here."""
    rows = _with_lottery(facts, jointly, level)
    return _products(rows.c, [rows.c.person_a, rows.c.person_b], level, len(jointly.groupings))


def _with_lottery(facts: Facts, jointly: Jointly, level: Level) -> CTE:
    """Return each pairing with its weighted differences and those its lottery expects."""
    pairing, size = facts.pairing.c, range(len(jointly.groupings))
    known = common_partners(facts, jointly).subquery()
    possible = known.c.seats * known.c.seats
    expected = [
        (possible - known.c[f"alike_{number}"])
        / func.nullif(possible - known.c.stubs_squared, as_double(literal_column("0")))
        for number in size
    ]
    return (
        select(
            *(pairing[key] for key in keys_of(level, "all")),
            pairing.person_a,
            pairing.person_b,
            *(
                (pairing.weight * differ).label(f"v{number}")
                for number, differ in enumerate(_differences(facts, jointly))
            ),
            *(
                (pairing.weight * share).label(f"v{len(size) + number}")
                for number, share in enumerate(expected)
            ),
        )
        .join(known, known.c.stratum_no == pairing.stratum_no)
        .where(pairing.completed > 0, jointly.both_known(facts))
        .cte("crossing")
    )


def _products(rows: object, unit: list[ColumnElement], level: Level, size: int) -> Select:
    keys, numbers = keys_of(level, "all"), range(2 * size)
    sums = [total(rows[f"v{number}"]).label(f"v{number}") for number in numbers]
    by = [rows[key] for key in keys] + unit
    each = select(*(rows[key] for key in keys), *sums).group_by(*by).subquery()
    return select(
        *labelled(level, "all", each.c),
        func.count().label("people"),
        *(
            total(each.c[f"v{one}"] * each.c[f"v{other}"]).label(f"product_{one}_{other}")
            for one in numbers
            for other in numbers[one:]
        ),
    ).group_by(*(each.c[key] for key in keys))


def joint_memberships(facts: Facts, jointly: Jointly) -> Select:
    """Count people by the set of cells in which they met somebody, all attributes known.

    Columns: pattern_no, people, cell_no, group_no (the same for everybody).
    """
    return membership_patterns(facts, jointly)
