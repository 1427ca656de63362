"""Gains of skills by group and by people alike, for gaps between groups."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    Subquery,
    case,
    func,
    literal,
    select,
    union_all,
)

from store.aggregates import Grouping, total
from store.facts import Facts
from store.patterns import OUTSIDE, places_of_people
from store.rated import first_and_last, values
from store.ratings import groups_when_rated

NO_PLACE = 0
"""Place of everybody where no attribute says where people are."""
EVERYWHERE = 0
"""Programme of sums over everybody who takes part."""


def gain_sums(
    facts: Facts,
    groupings: Sequence[Grouping],
    beside: Sequence[int | None],
    item_numbers: Sequence[int],
) -> Select:
    """Sum the gains of those rated first and last, for every attribute and place at once.

    Once over everybody, and in each programme over those who take part in it; a person's gain is
    the same everywhere. People alike take part in the same programmes and are of the same place:
    ``beside`` gives, for each of ``groupings``, the position of the attribute that says where
    people are, or None. Groups are those as of the first rating. Columns: item_no, attribute_no
    (position in ``groupings``), programme_no (or `EVERYWHERE`), first_no, last_no and programmes
    (lowest, highest and number of a person's programmes, which tell sets of up to three apart),
    place_no, group_no (also of people of no known group), started (people with a first value),
    people (with both), gain and gain_squares.
    """
    known = _gained(facts, groupings, item_numbers)

    def place(number: int) -> ColumnElement[int]:
        position = beside[number]
        return literal(NO_PLACE) if position is None else known.c[f"g{position}"]

    own = ("item_no", "programme_no", "first_no", "last_no", "programmes")
    parts = [
        select(
            literal(number).label("attribute_no"),
            *(known.c[name] for name in own),
            place(number).label("place_no"),
            known.c[f"g{number}"].label("group_no"),
            known.c.gain,
        )
        for number in range(len(groupings))
    ]
    rows = union_all(*parts).subquery()
    keys = [column for column in rows.c if column.name != "gain"]
    gain = case((rows.c.gain.is_not(None), rows.c.gain), else_=0.0)
    return select(
        *keys,
        func.count().label("started"),
        func.count(rows.c.gain).label("people"),
        total(gain).label("gain"),
        total(gain * gain).label("gain_squares"),
    ).group_by(*keys)


def _gained(facts: Facts, groupings: Sequence[Grouping], item_numbers: Sequence[int]) -> CTE:
    """Return the gain of each person rated first and last, with where they take part.

    Columns: item_no, programme_no, first_no, last_no, programmes, g0, g1, ... and gain, NULL for
    people without a last rating.
    """
    ends, taking_part = first_and_last(values(facts)), _programmes(facts)
    groups = groups_when_rated(facts, groupings)
    columns = [groups.c[f"g{number}"] for number in range(len(groupings))]
    return (
        select(
            ends.c.item_no,
            taking_part.c.programme_no,
            taking_part.c.first_no,
            taking_part.c.last_no,
            taking_part.c.programmes,
            *columns,
            (ends.c.y - ends.c.x).label("gain"),
        )
        .select_from(ends)
        .join(taking_part, taking_part.c.person_no == ends.c.person_no)
        .join(groups, groups.c.person_no == ends.c.person_no)
        .where(ends.c.item_no.in_(list(item_numbers)))
        .cte("gained")
    )


def _programmes(facts: Facts) -> Subquery:
    """Return who takes part where, with the set of a person's programmes.

    Columns: person_no, programme_no (each of them, and `EVERYWHERE`), first_no, last_no and
    programmes.
    """
    place = places_of_people(facts)
    there = (
        select(place.c.person_no, place.c.programme_no)
        .where(place.c.programme_no != OUTSIDE)
        .distinct()
        .cte("taking_part")
    )
    sets = (
        select(
            there.c.person_no,
            func.min(there.c.programme_no).label("first_no"),
            func.max(there.c.programme_no).label("last_no"),
            func.count().label("programmes"),
        )
        .group_by(there.c.person_no)
        .cte("sets_of_programmes")
    )
    each = (
        select(sets.c.person_no, literal(EVERYWHERE).label("programme_no")),
        # where nobody is known to take part, everybody is in no programme and counts once
        select(there.c.person_no, there.c.programme_no).where(there.c.programme_no > EVERYWHERE),
    )
    places = union_all(*each).subquery()
    alike = ("first_no", "last_no", "programmes")
    return (
        select(places.c.person_no, places.c.programme_no, *(sets.c[name] for name in alike))
        .join(sets, sets.c.person_no == places.c.person_no)
        .subquery()
    )
