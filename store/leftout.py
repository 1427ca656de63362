"""Aggregates of who is left out and who carries the mixing: reach, load, and who met nobody."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, Subquery, and_, case, func, literal, select, union_all
from sqlalchemy.sql.elements import ColumnElement

from store.aggregates import Grouping, Level, as_double, kept, keys_of, labelled, total
from store.facts import UNKNOWN, Facts

CERTAIN = -600.0
"""Lowest logarithm of a chance; beyond, some engines refuse the exponential."""


@kept
def outreach(facts: Facts, grouping: Grouping, level: Level) -> Select:
    """Sum, by slice and own group, whom people reached, and what a lottery would have given them.

    The chance to meet nobody outside the own group is the product, over a person's seats, of the
    lottery's share inside the group in that stratum; conversations carry the weight of the pairing.
    Columns: slice_no, quarter_no, own, people, reached, expected_reached, independent (variance
    of ``reached`` if people were independent), seats, inside_seats (expected), missed_seats (seats
    times the chance to reach nobody), cross and cross_squared (cross-group conversations of each
    person), most (of anybody), unavoidable and unavoidable_squared (contacts outside that a lottery
    would give each person), cross_unavoidable (products of the two); and whole_people,
    whole_reached, whole_expected, whole_independent, in which a person of several groups counts
    once.
    """
    keys = keys_of(level, "all")
    people = _with_whole(_people(_seats(facts, grouping, keys), keys), keys)
    c, missed, first = people.c, _chance(people.c.log_missed), people.c.turn == 1
    whole = _chance(c.whole_log_missed)
    return select(
        *labelled(level, "all", c),
        c.own,
        as_double(func.count()).label("people"),
        _count(c.crossed > 0).label("reached"),
        total(1.0 - missed).label("expected_reached"),
        total(missed * (1.0 - missed)).label("independent"),
        total(c.seats).label("seats"),
        total(c.inside_seats).label("inside_seats"),
        total(c.seats * missed).label("missed_seats"),
        total(c.cross).label("cross"),
        total(c.cross * c.cross).label("cross_squared"),
        func.max(c.cross).label("most"),
        total(c.unavoidable).label("unavoidable"),
        total(c.unavoidable * c.unavoidable).label("unavoidable_squared"),
        total(c.cross * c.unavoidable).label("cross_unavoidable"),
        _count(first).label("whole_people"),
        _count(and_(first, c.whole_crossed > 0)).label("whole_reached"),
        total(case((first, 1.0 - whole), else_=0.0)).label("whole_expected"),
        total(case((first, whole * (1.0 - whole)), else_=0.0)).label("whole_independent"),
    ).group_by(*(c[key] for key in keys), c.own)


def _count(condition: ColumnElement[bool]) -> ColumnElement[float]:
    return total(case((condition, 1.0), else_=0.0))


def _chance(logarithm: ColumnElement[float]) -> ColumnElement[float]:
    return func.exp(case((logarithm < CERTAIN, CERTAIN), else_=logarithm))


def _seats(facts: Facts, grouping: Grouping, keys: Sequence[str]) -> Subquery:
    """Return by stratum, person and group: seats, those across, contacts, talks across."""
    pairing = facts.pairing.c
    ends = (
        select(
            *(pairing[key] for key in keys),
            pairing.stratum_no,
            pairing[f"person_{own}"].label("person_no"),
            grouping.side(facts, own).label("own"),
            grouping.side(facts, partner).label("partner"),
            pairing.weight,
            (pairing.weight * pairing.conversations).label("talks"),
        ).where(pairing.completed > 0, grouping.both_known(facts))
        for own, partner in (("a", "b"), ("b", "a"))
    )
    end = union_all(*ends).subquery().c
    across = end.own != end.partner
    by = [*(end[key] for key in keys), end.stratum_no, end.own, end.person_no]
    return (
        select(
            *by,
            as_double(func.count()).label("seats"),
            _count(across).label("crossed"),
            total(end.weight).label("contacts"),
            total(case((across, end.talks), else_=0.0)).label("cross"),
        )
        .group_by(*by)
        .subquery()
    )


def _inside(seats: Subquery) -> Subquery:
    """Return the share of a group's seats that a lottery of the stratum puts inside the group.

    (D^2 - Q) / (T D - Q): the group's seats D, their squares Q by person, all seats T.
    """
    own = (
        select(
            seats.c.stratum_no,
            seats.c.own,
            total(seats.c.seats).label("seats"),
            total(seats.c.seats * seats.c.seats).label("squares"),
        )
        .group_by(seats.c.stratum_no, seats.c.own)
        .subquery()
    )
    c = own.c
    all_seats = as_double(func.sum(c.seats).over(partition_by=c.stratum_no))
    share = (c.seats * c.seats - c.squares) / func.nullif(all_seats * c.seats - c.squares, 0.0)
    return select(c.stratum_no, c.own, func.coalesce(share, 1.0).label("inside")).subquery()


def _people(seats: Subquery, keys: Sequence[str]) -> Subquery:
    """Return each person of each group with all seats in the slice."""
    lottery = _inside(seats)
    same = and_(lottery.c.stratum_no == seats.c.stratum_no, lottery.c.own == seats.c.own)
    by = [*(seats.c[key] for key in keys), seats.c.own, seats.c.person_no]
    inside = lottery.c.inside
    logarithm = func.coalesce(func.ln(func.nullif(inside, 0.0)), CERTAIN)
    return (
        select(
            *by,
            total(seats.c.seats).label("seats"),
            total(seats.c.crossed).label("crossed"),
            total(seats.c.cross).label("cross"),
            total(seats.c.seats * inside).label("inside_seats"),
            total(seats.c.contacts * (1.0 - inside)).label("unavoidable"),
            total(seats.c.seats * logarithm).label("log_missed"),
        )
        .join(lottery, same)
        .group_by(*by)
        .subquery()
    )


def _with_whole(people: Subquery, keys: Sequence[str]) -> Subquery:
    """Add what people reached in all their groups, and a turn that counts each of them once."""
    c = people.c
    person = [*(c[key] for key in keys), c.person_no]
    return select(
        *c,
        func.row_number().over(partition_by=person, order_by=c.own).label("turn"),
        as_double(func.sum(c.crossed).over(partition_by=person)).label("whole_crossed"),
        as_double(func.sum(c.log_missed).over(partition_by=person)).label("whole_log_missed"),
    ).subquery()


@kept
def silence(facts: Facts, grouping: Grouping, programmes: tuple[int, ...]) -> Select:
    """Count the people who could have taken part, and those of them who met somebody.

    One row per latest group and set of programmes in which people could have taken part.
    Columns: own, people, met (anywhere); and for the n-th of ``programmes``: in_n (1 where these
    people could have taken part in it) and met_n (people who met somebody in it).
    """
    people = _eligible_people(facts, programmes)
    own = _latest_groups(facts, grouping)
    group = func.coalesce(own.c.own, UNKNOWN)
    inside = [people.c[f"in_{number}"] for number in range(len(programmes))]
    return (
        select(
            group.label("own"),
            *inside,
            as_double(func.count()).label("people"),
            total(people.c.met).label("met"),
            *(total(people.c[f"met_{n}"]).label(f"met_{n}") for n in range(len(programmes))),
        )
        .select_from(people)
        .join(own, own.c.person_no == people.c.person_no, isouter=True)
        .group_by(group, *inside)
    )


def _eligible_people(facts: Facts, programmes: Sequence[int]) -> Subquery:
    pairing, eligible = facts.pairing.c, facts.eligible.c
    could = select(eligible.person_no, eligible.programme_no, literal(1).label("could"))
    met = (
        select(person, pairing.programme_no, literal(0)).where(pairing.completed > 0)
        for person in (pairing.person_a, pairing.person_b)
    )
    row = union_all(could, *met).subquery().c
    there = [
        func.max(case((and_(row.programme_no == programme, row.could == could), 1), else_=0)).label(
            f"{name}_{number}"
        )
        for number, programme in enumerate(programmes)
        for name, could in (("in", 1), ("met", 0))
    ]
    anywhere = func.max(case((row.could == 0, 1), else_=0)).label("met")
    return (
        select(row.person_no, anywhere, *there)
        .group_by(row.person_no)
        .having(func.max(row.could) == 1)
        .subquery()
    )


def _latest_groups(facts: Facts, grouping: Grouping) -> Subquery:
    profile = facts.profile.c
    latest = (
        select(profile.person_no, func.max(profile.holds_from).label("holds_from"))
        .group_by(profile.person_no)
        .subquery()
    )
    number = profile[f"g{facts.attributes.index(grouping.attribute)}"]
    same = and_(latest.c.person_no == profile.person_no, latest.c.holds_from == profile.holds_from)
    return (
        select(profile.person_no, grouping.renumbered(number).label("own"))
        .join(latest, same)
        .subquery()
    )
