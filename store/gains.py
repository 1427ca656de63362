"""Gains of one skill by group and by people alike, for gaps between groups."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, Subquery, func, literal, select, union_all

from store.aggregates import Grouping, total
from store.facts import Facts
from store.patterns import OUTSIDE, places_of_people
from store.rated import first_and_last, values
from store.ratings import groups_when_rated

NO_PLACE = 0
"""Place of everybody where no attribute says where people are."""


def gain_sums(
    facts: Facts, groupings: Sequence[Grouping], beside: Sequence[int | None], item_no: int
) -> Select:
    """Sum the gains of those rated first and last, for every attribute at once.

    People alike take part in the same programmes and are of the same place: ``beside`` gives, for
    each of ``groupings``, the position of the attribute that says where people are, or None. Groups
    are those as of the first rating. Columns: attribute_no (position in ``groupings``), first_no,
    last_no and programmes (lowest, highest and number of a person's programmes, which tell sets of
    up to three apart), place_no, group_no (also of people of no known group), people, gain and
    gain_squares.
    """
    ends, there = first_and_last(values(facts)), _programmes(facts)
    groups = groups_when_rated(facts, groupings)
    columns = [groups.c[f"g{number}"] for number in range(len(groupings))]
    known = (
        select(
            there.c.first_no,
            there.c.last_no,
            there.c.programmes,
            *columns,
            (ends.c.y - ends.c.x).label("gain"),
        )
        .select_from(ends)
        .join(there, there.c.person_no == ends.c.person_no)
        .join(groups, groups.c.person_no == ends.c.person_no)
        .where(ends.c.item_no == item_no, ends.c.y.is_not(None))
        .cte("gained")
    )

    def place(number: int) -> ColumnElement[int]:
        position = beside[number]
        return literal(NO_PLACE) if position is None else known.c[f"g{position}"]

    parts = [
        select(
            literal(number).label("attribute_no"),
            known.c.first_no,
            known.c.last_no,
            known.c.programmes,
            place(number).label("place_no"),
            known.c[f"g{number}"].label("group_no"),
            known.c.gain,
        )
        for number in range(len(groupings))
    ]
    rows = union_all(*parts).subquery()
    keys = [column for column in rows.c if column.name != "gain"]
    return select(
        *keys,
        func.count().label("people"),
        total(rows.c.gain).label("gain"),
        total(rows.c.gain * rows.c.gain).label("gain_squares"),
    ).group_by(*keys)


def _programmes(facts: Facts) -> Subquery:
    """Return the programmes of those who take part: person_no, first_no, last_no, programmes."""
    place = places_of_people(facts)
    return (
        select(
            place.c.person_no,
            func.min(place.c.programme_no).label("first_no"),
            func.max(place.c.programme_no).label("last_no"),
            func.count(place.c.programme_no.distinct()).label("programmes"),
        )
        .where(place.c.programme_no != OUTSIDE)
        .group_by(place.c.person_no)
        .subquery()
    )
