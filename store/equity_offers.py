"""Offers of conversations by the groups of both people, seen from both ends."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import CTE, ColumnElement, Select, Subquery, and_, func, literal, select, union_all

from store.aggregates import Grouping, total
from store.equity import groups_on_entry, products_of, trials_of
from store.facts import FIRST_GROUP, Facts
from store.where import SIDES


def offer_sums(facts: Facts, groupings: Sequence[Grouping]) -> Select:
    """Sum offers d and those held x by programme, pool and the groups of both people.

    An offer belongs to two people, so it is counted from both ends. Columns: attribute_no,
    programme_no, pool_no, kind, own, partner, people, d, x, dd, xd, xx, dt, du, xt, xu. By
    ``kind``: "person" sums over people of ``own`` what they have with people of ``partner``, and
    its products with their totals t (offers) and u (held); "whole" sums those totals (``partner``
    0); "pair" sums over two people, each pair seen from both of its ends.
    """
    return offers_summed(_ends(facts, groupings))


def offers_summed(ends: CTE) -> Select:
    """Sum two people's offers, given from both ends; columns as of `offer_sums`.

    ``ends`` has attribute_no, programme_no, pool_no, person_no, own, partner, d and x.
    """
    unit = [ends.c[name] for name in ("attribute_no", "programme_no", "pool_no", "person_no")]
    with_partner = _summed(ends, [*unit, ends.c.own, ends.c.partner])
    whole = _summed(ends, [*unit, ends.c.own])
    same = and_(*(whole.c[column.name] == with_partner.c[column.name] for column in unit))
    beside = (
        select(*with_partner.c, whole.c.d.label("t"), whole.c.x.label("u"))
        .join(whole, same)
        .subquery()
    )
    return union_all(
        _kind("person", beside, beside.c.partner),
        _kind("whole", whole, literal(0)),
        _kind("pair", ends, ends.c.partner),
    )


def _kind(kind: str, rows: CTE | Subquery, partner: ColumnElement[int]) -> Select:
    keys = [rows.c[name] for name in ("attribute_no", "programme_no", "pool_no", "own")]
    partners = [partner] if kind != "whole" else []
    products = [
        total(rows.c[one] * rows.c[other]).label(f"{one}{other}")
        if kind == "person"
        else literal(0.0).label(f"{one}{other}")
        for one in "dx"
        for other in "tu"
    ]
    return select(
        *keys[:3],
        literal(kind).label("kind"),
        rows.c.own,
        partner.label("partner"),
        func.count().label("people"),
        *trials_of(rows),
        *products_of(rows),
        *products,
    ).group_by(*keys, *partners)


def _summed(ends: CTE, keys: Sequence[ColumnElement]) -> Subquery:
    return select(*keys, *trials_of(ends)).group_by(*keys).subquery()


def _ends(facts: Facts, groupings: Sequence[Grouping]) -> CTE:
    """Return two people with offers, from both ends, for every attribute that is known of both."""
    pairs, people = offers_by_pair(facts), groups_on_entry(facts, groupings)
    own, other = people.alias("own_groups"), people.alias("partner_groups")
    numbers = range(len(groupings))
    known = (
        select(
            *pairs.c,
            *(own.c[f"g{number}"].label(f"own_{number}") for number in numbers),
            *(other.c[f"g{number}"].label(f"partner_{number}") for number in numbers),
        )
        .join(own, own.c.person_no == pairs.c.person_no)
        .join(other, other.c.person_no == pairs.c.partner_no)
        .cte("offers_known")
    )
    parts = [
        select(
            literal(number).label("attribute_no"),
            known.c.programme_no,
            known.c.pool_no,
            known.c.person_no,
            known.c[f"own_{number}"].label("own"),
            known.c[f"partner_{number}"].label("partner"),
            known.c.d,
            known.c.x,
        ).where(
            known.c[f"own_{number}"] >= FIRST_GROUP, known.c[f"partner_{number}"] >= FIRST_GROUP
        )
        for number in numbers
    ]
    return union_all(*parts).cte("offer_ends")


def offers_by_pair(facts: Facts) -> Subquery:
    """Return two people's offers and those held, from both ends, by programme and pool."""
    pairing, pool = facts.pairing.c, numbered_pools(facts)
    sides = [
        select(
            pairing.programme_no,
            pairing.stratum_no,
            pairing[f"person_{mine}"].label("person_no"),
            pairing[f"person_{theirs}"].label("partner_no"),
            pairing.matched.label("d"),
            pairing.completed.label("x"),
        ).where(pairing.matched > 0)
        for mine, theirs in SIDES
    ]
    both = union_all(*sides).subquery()
    keys = [both.c.programme_no, pool.c.pool_no, both.c.person_no, both.c.partner_no]
    return (
        select(*keys, *trials_of(both))
        .join(pool, pool.c.stratum_no == both.c.stratum_no)
        .group_by(*keys)
        .subquery()
    )


def numbered_pools(facts: Facts) -> Subquery:
    """Return the number of each lottery's pool, alike in all rounds: stratum_no, pool_no."""
    stratum = facts.stratum.c
    number = func.dense_rank().over(order_by=stratum.pool_code)
    return select(stratum.stratum_no, number.label("pool_no")).subquery()
