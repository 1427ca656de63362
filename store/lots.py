"""Whom lotteries gave to whom: rounds drawn at random within recorded pools."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, Subquery, and_, case, func, literal_column, select, union, union_all

from schema import CANONICAL
from store.aggregates import Grouping, total
from store.exposure import in_sample, turn_at
from store.facts import FIRST_GROUP, Facts
from store.meetings import ACROSS_POOLS

DRAWN = "random"
"""Method of a round whose pairs were drawn by lot."""


def rounds_by_method() -> Select:
    """Count the rounds of each programme by method; columns: programme_id, method, rounds."""
    rounds, cohort = CANONICAL["match_round"].c, CANONICAL["cohort"].c
    return (
        select(cohort.programme_id, rounds.method, func.count().label("rounds"))
        .join(CANONICAL["cohort"], cohort.cohort_id == rounds.cohort_id)
        .group_by(cohort.programme_id, rounds.method)
    )


def lotteries(facts: Facts, days: Sequence[date]) -> Select:
    """Return the lotteries that were drawn at random within recorded pools, and what they weigh.

    Columns: stratum_no, programme_no, cohort_no, turn (waves opened before), weight,
    weight_squared (sums over pairs put together).
    """
    pairing, drawn = facts.pairing.c, _drawn(facts, days)
    keys = [drawn.c.stratum_no, pairing.programme_no, pairing.cohort_no, drawn.c.turn]
    return (
        select(
            *keys,
            total(pairing.weight).label("weight"),
            total(pairing.weight * pairing.weight).label("weight_squared"),
        )
        .select_from(facts.pairing)
        .join(drawn, drawn.c.stratum_no == pairing.stratum_no)
        .where(pairing.matched > 0)
        .group_by(*keys)
    )


def _drawn(facts: Facts, days: Sequence[date]) -> Subquery:
    rounds, stratum = CANONICAL["match_round"].c, facts.stratum.c
    same = and_(rounds.cohort_id == stratum.cohort_id, rounds.round_no == stratum.cycle_no)
    return (
        select(stratum.stratum_no, turn_at(rounds.run_at, days).label("turn"))
        .join(CANONICAL["match_round"], same)
        .where(rounds.method == DRAWN, stratum.pool_code != ACROSS_POOLS)
        .subquery()
    )


def drawn_people(facts: Facts, groupings: Sequence[Grouping]) -> Select:
    """Count who was drawn in each lottery, by the groups of each attribute.

    Columns: stratum_no, attribute_no (position in ``groupings``), group_no, people.
    """
    return union_all(
        *(_drawn_by(facts, grouping, number) for number, grouping in enumerate(groupings))
    )


def _drawn_by(facts: Facts, grouping: Grouping, number: int) -> Select:
    pairing, drawn = facts.pairing.c, _drawn(facts, ())
    sides = [
        select(
            pairing.stratum_no,
            pairing[f"person_{side}"].label("person_no"),
            grouping.side(facts, side).label("group_no"),
        ).where(pairing.matched > 0)
        for side in "ab"
    ]
    seat = union(*sides).subquery()
    return (
        select(
            seat.c.stratum_no,
            literal_column(str(number)).label("attribute_no"),
            seat.c.group_no,
            func.count().label("people"),
        )
        .join(drawn, drawn.c.stratum_no == seat.c.stratum_no)
        .group_by(seat.c.stratum_no, seat.c.group_no)
    )


def partners(facts: Facts, groupings: Sequence[Grouping], step: int) -> Select:
    """Return the share of partners of another group that each lottery gave to each person.

    Columns: person_no, stratum_no, and for each attribute in order g0, crossed_0, g1, ...
    """
    drawn = _drawn(facts, ())
    ends = union_all(*(_end(facts, groupings, own, other) for own, other in ("ab", "ba")))
    end = ends.subquery().c
    sums = []
    for number in range(len(groupings)):
        own, partner = end[f"g{number}"], end[f"h{number}"]
        crossing = and_(own >= FIRST_GROUP, partner >= FIRST_GROUP, own != partner)
        sums.append(func.max(own).label(f"g{number}"))
        sums.append(total(case((crossing, end.weight))).label(f"crossed_{number}"))
    return (
        select(end.person_no, end.stratum_no, *sums)
        .join(drawn, drawn.c.stratum_no == end.stratum_no)
        .where(in_sample(end, step))
        .group_by(end.person_no, end.stratum_no)
    )


def _end(facts: Facts, groupings: Sequence[Grouping], own: str, other: str) -> Select:
    pairing = facts.pairing.c
    groups = [
        grouping.side(facts, side).label(f"{name}{number}")
        for number, grouping in enumerate(groupings)
        for name, side in (("g", own), ("h", other))
    ]
    return select(
        pairing[f"person_{own}"].label("person_no"), pairing.stratum_no, pairing.weight, *groups
    ).where(pairing.matched > 0)
