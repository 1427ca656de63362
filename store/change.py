"""Aggregate of a change between two quarters: who was there in both, who came, who left."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, Subquery, and_, case, func, literal, select, union_all
from sqlalchemy.sql.elements import ColumnElement

from store.aggregates import Grouping, Level, as_double, kept, keys_of, labelled, total
from store.facts import Facts

Comparison = tuple[int, int]
"""Numbers of an earlier and a later quarter."""
NUMBERS = ("weight", "share", "noise")


@kept
def changes(
    facts: Facts, grouping: Grouping, level: Level, comparisons: tuple[Comparison, ...]
) -> Select:
    """Sum, by slice and comparison of two quarters, what people who stay, join and leave add.

    A person's weight is the person's part of all contacts of the slice and quarter, the share that
    of the person's contacts outside the own group. No quarter may be the earlier one, or the later
    one, of two comparisons. Columns: slice_no, earlier_no; stayers, joiners, leavers (people);
    stay_weight_0, stay_weight_1, stay_share_0, stay_share_1 (weight times share), join_weight,
    join_share, leave_weight, leave_share; and over those who stay, with m = the mean of both
    weights and d = the change of the share: moved (m d), moved_squared (m^2 d^2), moved_weight
    (m^2 d), weight_squared (m^2), noise_0 and noise_1 (m^2 times the person's sum of squared
    pairing weights over the square of their sum).
    """
    keys = keys_of(level, "all")
    people = _compared(_people(facts, grouping, keys), keys, comparisons).c
    before, after = people.weight_0 > 0, people.weight_1 > 0
    stay, join, leave = and_(before, after), and_(~before, after), and_(before, ~after)
    mean = (people.weight_0 + people.weight_1) / 2.0
    change = people.share_1 - people.share_0
    sums = {
        "stayers": (stay, 1.0),
        "joiners": (join, 1.0),
        "leavers": (leave, 1.0),
        "stay_weight_0": (stay, people.weight_0),
        "stay_weight_1": (stay, people.weight_1),
        "stay_share_0": (stay, people.weight_0 * people.share_0),
        "stay_share_1": (stay, people.weight_1 * people.share_1),
        "join_weight": (join, people.weight_1),
        "join_share": (join, people.weight_1 * people.share_1),
        "leave_weight": (leave, people.weight_0),
        "leave_share": (leave, people.weight_0 * people.share_0),
        "moved": (stay, mean * change),
        "moved_squared": (stay, mean * mean * change * change),
        "moved_weight": (stay, mean * mean * change),
        "weight_squared": (stay, mean * mean),
        "noise_0": (stay, mean * mean * people.noise_0),
        "noise_1": (stay, mean * mean * people.noise_1),
    }
    return select(
        labelled(level, "all", people)[0],
        people.earlier_no,
        *(_sum_where(*wanted).label(name) for name, wanted in sums.items()),
    ).group_by(*(people[key] for key in keys), people.earlier_no)


def _sum_where(who: ColumnElement[bool], value: ColumnElement | float) -> ColumnElement[float]:
    return total(case((who, value), else_=0.0))


def _people(facts: Facts, grouping: Grouping, keys: Sequence[str]) -> Subquery:
    """Return by slice, quarter and person: weight, share, noise."""
    pairing = facts.pairing.c
    ends = (
        select(
            *(pairing[key] for key in keys),
            pairing.quarter_no,
            pairing[f"person_{own}"].label("person_no"),
            pairing.weight,
            case(
                (grouping.side(facts, "a") != grouping.side(facts, "b"), pairing.weight), else_=0.0
            ).label("across"),
        ).where(pairing.completed > 0, grouping.both_known(facts))
        for own in "ab"
    )
    end = union_all(*ends).subquery().c
    by = [*(end[key] for key in keys), end.quarter_no, end.person_no]
    person = (
        select(
            *by,
            total(end.weight).label("contacts"),
            total(end.across).label("across"),
            total(end.weight * end.weight).label("squares"),
        )
        .group_by(*by)
        .subquery()
        .c
    )
    there = [*(person[key] for key in keys), person.quarter_no]
    everybody = as_double(func.sum(person.contacts).over(partition_by=there))
    return select(
        *there,
        person.person_no,
        (person.contacts / everybody).label("weight"),
        (person.across / person.contacts).label("share"),
        (person.squares / (person.contacts * person.contacts)).label("noise"),
    ).subquery()


def _compared(people: Subquery, keys: Sequence[str], comparisons: Sequence[Comparison]) -> Subquery:
    """Return by slice, comparison and person the numbers of both quarters; 0 when not there."""
    earlier = {first: first for first, _ in comparisons}
    later = {last: first for first, last in comparisons}
    c = people.c
    sides = (
        select(
            *(c[key] for key in keys),
            c.person_no,
            *(c[name] for name in NUMBERS),
            case(numbers, value=c.quarter_no, else_=0).label("earlier_no"),
            literal(side).label("side"),
        ).where(c.quarter_no.in_(list(numbers)))
        for side, numbers in enumerate((earlier, later))
    )
    row = union_all(*sides).subquery().c
    by = [*(row[key] for key in keys), row.earlier_no, row.person_no]
    numbers = [
        _sum_where(row.side == side, row[name]).label(f"{name}_{side}")
        for name in NUMBERS
        for side in (0, 1)
    ]
    return select(*by, *numbers).group_by(*by).subquery()
