"""Aggregates of crossed groups: people told apart by two attributes, and whom they meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import CTE, Integer, Select, case, cast, func, literal_column, select, union_all
from sqlalchemy.sql.elements import ColumnElement

from store.aggregates import Grouping, as_double, total
from store.facts import FIRST_GROUP, Facts
from store.where import SIDES

FACTOR = 10_000
"""A crossed group has one number: that of the first attribute times this, plus the second's."""
NOBODY = 0
"""Number of people whose group by the second attribute is not known."""


@dataclass(frozen=True)
class Crossed:
    """The attribute that conversations may cross, and the one that tells its groups apart further.

    ``published`` maps the numbers of crossed groups that are published under another's.
    """

    own: Grouping
    beside: Grouping
    published: Mapping[int, int] = field(default_factory=dict, hash=False)

    def side(self, facts: Facts, side: str) -> ColumnElement[int]:
        """Return the published crossed group of one side ("a" or "b") of a pairing."""
        own, beside = (
            cast(grouping.side(facts, side), Integer) for grouping in (self.own, self.beside)
        )
        number = case((beside >= FIRST_GROUP, own * FACTOR + beside), else_=NOBODY)
        return case(dict(self.published), value=number, else_=number) if self.published else number

    def crosses(self, facts: Facts) -> ColumnElement[int]:
        """Return 1 where the two people of a pairing differ on the first attribute, else 0."""
        return case((self.own.side(facts, "a") != self.own.side(facts, "b"), 1), else_=0)


def _ends(facts: Facts, crossings: Sequence[Crossed]) -> CTE:
    """Return both ends of each completed pairing whose groups by the first attribute are known."""
    pairing = facts.pairing.c
    ends = [
        select(
            literal_column(str(number), Integer).label("crossing_no"),
            pairing.stratum_no,
            pairing.person_a,
            pairing.person_b,
            pairing[f"person_{own}"].label("person_no"),
            crossed.side(facts, own).label("own"),
            crossed.side(facts, partner).label("partner"),
            pairing.weight.label("d"),
            (pairing.weight * crossed.crosses(facts)).label("x"),
        ).where(pairing.completed > 0, crossed.own.both_known(facts))
        for number, crossed in enumerate(crossings)
        for own, partner in SIDES
    ]
    return union_all(*ends).cte("ends")


def crossed_by_lottery(facts: Facts, crossings: Sequence[Crossed]) -> Select:
    """Sum the seats and contacts of each crossed group, by lottery.

    Columns: crossing_no (position in ``crossings``), stratum_no, group_no, seats, seats_squared
    (over people), weight, weight_squared, crossed (weight outside the own group by the first
    attribute), pairings (one inside the crossed group counts from both its ends as a half).
    """
    ends = _ends(facts, crossings).c
    keys = [ends.crossing_no, ends.stratum_no, ends.own]
    person = (
        select(
            *keys,
            as_double(func.count()).label("seats"),
            total(ends.d).label("d"),
            total(ends.d * ends.d).label("dd"),
            total(ends.x).label("x"),
            total(case((ends.own == ends.partner, 0.5), else_=1.0)).label("pairings"),
        )
        .where(ends.own != NOBODY)
        .group_by(*keys, ends.person_no)
        .subquery()
        .c
    )
    by = [person.crossing_no, person.stratum_no, person.own]
    return select(
        person.crossing_no,
        person.stratum_no,
        person.own.label("group_no"),
        total(person.seats).label("seats"),
        total(person.seats * person.seats).label("seats_squared"),
        total(person.d).label("weight"),
        total(person.dd).label("weight_squared"),
        total(person.x).label("crossed"),
        total(person.pairings).label("pairings"),
    ).group_by(*by)


def crossed_moments(facts: Facts, crossings: Sequence[Crossed]) -> Select:
    """Sum the products of contacts d and contacts outside x, over people and over pairs of people.

    A contact of a crossed group counts for both people in it, whichever group the other is of, and
    twice where both are of the group: so two contacts depend on each other if they share anybody.
    Columns: crossing_no, group_no, by_pair (0 over people, 1 over pairs), dd, xd, xx.
    """
    ends = _ends(facts, crossings)
    shared = union_all(
        *(
            select(
                ends.c.crossing_no,
                ends.c[side].label("group_no"),
                ends.c.person_no,
                ends.c.d,
                ends.c.x,
            ).where(ends.c[side] != NOBODY)
            for side in ("own", "partner")
        )
    ).subquery()
    pair = (
        select(
            ends.c.crossing_no,
            ends.c.own.label("group_no"),
            ends.c.person_a,
            ends.c.person_b,
            ends.c.d,
            ends.c.x,
        )
        .where(ends.c.own != NOBODY)
        .subquery()
    )
    return union_all(
        _products(shared.c, [shared.c.person_no], by_pair=0),
        _products(pair.c, [pair.c.person_a, pair.c.person_b], by_pair=1),
    )


def _products(rows: object, unit: list[ColumnElement], *, by_pair: int) -> Select:
    keys = [rows.crossing_no, rows.group_no]
    each = (
        select(*keys, total(rows.d).label("d"), total(rows.x).label("x"))
        .group_by(*keys, *unit)
        .subquery()
        .c
    )
    return select(
        each.crossing_no,
        each.group_no,
        literal_column(str(by_pair), Integer).label("by_pair"),
        total(each.d * each.d).label("dd"),
        total(each.x * each.d).label("xd"),
        total(each.x * each.x).label("xx"),
    ).group_by(each.crossing_no, each.group_no)
