"""Sums of what people reach by intake, in each programme and in all of them together."""

from __future__ import annotations

from sqlalchemy import CTE, ColumnElement, Select, and_, func, literal, select, union_all

from store.equity import OWN_OUTCOMES, once, products_of, reached, trials_of
from store.equity_offers import offers_by_pair, offers_summed
from store.facts import Facts
from store.intakes import ANY_PROGRAMME, intakes


def intake_sums(facts: Facts) -> Select:
    """Sum participation and feedback by intake.

    Whoever is in several programmes is one person over all of them, who took part where that holds
    of any. Columns: outcome_code, programme_no (0: all of them), place_no (0), group_no (the
    quarter), people, d (trials), x (of which reached), and the sums over people dd, xd, xx.
    """
    known = _known(facts)
    parts = (
        select(
            known.c.outcome_code,
            known.c.programme_no,
            known.c.intake_no.label("group_no"),
            known.c.d,
            known.c.x,
        ),
        _together(known),
    )
    rows = union_all(*parts).subquery()
    keys = [rows.c.outcome_code, rows.c.programme_no, rows.c.group_no]
    return select(
        *keys,
        literal(0).label("place_no"),
        func.count().label("people"),
        *trials_of(rows),
        *products_of(rows),
    ).group_by(*keys)


def _known(facts: Facts) -> CTE:
    """Return what single people reach with their intakes."""
    single, own = reached(facts), intakes(facts)
    same = and_(own.c.person_no == single.c.person_no, own.c.programme_no == single.c.programme_no)
    return (
        select(*single.c, own.c.intake_no, own.c.first_no)
        .join(own, same)
        .where(single.c.outcome_code.in_(OWN_OUTCOMES))
        .cte("reached_by_intake")
    )


def _together(known: CTE) -> Select:
    """Return the same over all programmes: one row a person and outcome."""
    keys = [known.c.outcome_code, known.c.person_no, known.c.first_no]
    return select(
        known.c.outcome_code,
        literal(ANY_PROGRAMME).label("programme_no"),
        known.c.first_no.label("group_no"),
        *once(known),
    ).group_by(*keys)


def intake_offers(facts: Facts) -> Select:
    """Sum offers and those held by the intakes of both people; see `equity_offers.offer_sums`.

    ``own`` and ``partner`` are quarters, ``programme_no`` is 0 for all of them, where the quarter
    is that of the first enrolment of all, and ``attribute_no`` and ``pool_no`` are 0.
    """
    pairs, people = offers_by_pair(facts), intakes(facts)
    own, other = people.alias("own_intake"), people.alias("partner_intake")
    known = (
        select(
            pairs.c.programme_no,
            pairs.c.person_no,
            pairs.c.partner_no,
            own.c.intake_no.label("own"),
            other.c.intake_no.label("partner"),
            own.c.first_no.label("own_first"),
            other.c.first_no.label("partner_first"),
            pairs.c.d,
            pairs.c.x,
        )
        .join(own, _in_same(own, pairs.c.person_no, pairs.c.programme_no))
        .join(other, _in_same(other, pairs.c.partner_no, pairs.c.programme_no))
        .cte("offers_by_intake")
    )
    whole = literal(ANY_PROGRAMME)
    parts = (
        _ends(known, known.c.programme_no, known.c.own, known.c.partner),
        _ends(known, whole, known.c.own_first, known.c.partner_first),
    )
    return offers_summed(union_all(*parts).cte("intake_ends"))


def _in_same(
    intake: CTE, person: ColumnElement[int], programme: ColumnElement[int]
) -> ColumnElement[bool]:
    return and_(intake.c.person_no == person, intake.c.programme_no == programme)


def _ends(
    known: CTE, programme: ColumnElement[int], own: ColumnElement[int], partner: ColumnElement[int]
) -> Select:
    """Return two people with offers in one programme, or in all of them together."""
    each = select(
        programme.label("programme_no"),
        known.c.person_no,
        known.c.partner_no,
        own.label("own"),
        partner.label("partner"),
        known.c.d,
        known.c.x,
    ).subquery()
    keys = [column for column in each.c if column.name not in ("d", "x")]
    return select(
        literal(0).label("attribute_no"),
        each.c.programme_no,
        literal(0).label("pool_no"),
        *keys[1:],
        *trials_of(each),
    ).group_by(*keys)
