"""Who says after a conversation that it helped: help got by those who answer, given by the others.

The question is the construct `HELPED`, answered ``yes`` or ``no``. In a conversation of more than
two people the others gave the help in equal parts, so an answer stands once for each of them, with
that part as its weight.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations_with_replacement

from sqlalchemy import (
    Connection,
    FromClause,
    Select,
    Table,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.elements import ColumnElement

from schema import CANONICAL
from store.aggregates import Grouping, as_double, total
from store.answered import kept
from store.facts import FIRST_GROUP, UNKNOWN, Facts
from store.patterns import numbered

HELPED = "helped_me"
TABLES = ("answer", "item", "response", "conversation", "match", "conversation_participant")
YES, NO = "yes", "no"
SUMS = ("given_yes", "given", "got_yes", "got")
"""Of a group: answers yes of those who talked with its people, and all of these answers; answers
yes of its own people, and all of theirs."""
ALL, ACROSS = "all", "across"
PRODUCTS = tuple(combinations_with_replacement(SUMS, 2))


def is_asked(connection: Connection) -> bool:
    """Tell whether anybody was asked whether a conversation helped."""
    item = CANONICAL["item"].c
    asked = select(func.count()).where(item.construct == HELPED, item.kind == "single")
    return bool(connection.scalar(asked))


def gather_helped(connection: Connection, facts: Facts, groupings: Sequence[Grouping]) -> Table:
    """Write the answers into a temporary table of this connection.

    Columns: answered_by, helped_by, programme_no, cohort_no, weight, helped (1 or 0), and the
    published groups of both people at the start of the conversation: o0, o1, ... of who answered
    and p0, p1, ... of who helped, in the order of ``groupings``.
    """
    return kept(connection, "helped", _answers(facts, groupings))


def _answers(facts: Facts, groupings: Sequence[Grouping]) -> Select:
    answer, item, response, talk, match, seat = (CANONICAL[name] for name in TABLES)
    asked, other = facts.person.alias("asked"), facts.person.alias("other")
    mine, theirs = facts.profile.alias("mine"), facts.profile.alias("theirs")
    began = func.coalesce(talk.c.actual_start_at, talk.c.scheduled_start_at)
    programmes, cohorts = numbered("programme", "programme_id"), numbered("cohort", "cohort_id")
    cohort = func.coalesce(talk.c.cohort_id, match.c.cohort_id)
    partner = and_(
        seat.c.conversation_id == talk.c.conversation_id,
        seat.c.attended != "no",
        or_(seat.c.person_id.is_(None), seat.c.person_id != response.c.person_id),
    )
    others = as_double(func.count().over(partition_by=answer.c.response_id))
    rows = (
        select(
            asked.c.person_no.label("answered_by"),
            other.c.person_no.label("helped_by"),
            programmes.c.number.label("programme_no"),
            func.coalesce(cohorts.c.number, 0).label("cohort_no"),
            (1.0 / others).label("weight"),
            case((answer.c.option_code == YES, 1.0), else_=0.0).label("helped"),
            *_groups(facts, groupings, {"o": mine, "p": theirs}),
        )
        .select_from(answer)
        .join(item, item.c.item_id == answer.c.item_id)
        .join(response, response.c.response_id == answer.c.response_id)
        .join(asked, asked.c.person_id == response.c.person_id)
        .join(talk, talk.c.conversation_id == response.c.conversation_id)
        .join(match, match.c.match_id == talk.c.match_id, isouter=True)
        .join(programmes, programmes.c.code == talk.c.programme_id)
        .join(cohorts, cohorts.c.code == cohort, isouter=True)
        .join(seat, partner)
        .join(other, other.c.person_id == seat.c.person_id, isouter=True)
        .join(mine, _in_force(mine, asked.c.person_no, began), isouter=True)
        .join(theirs, _in_force(theirs, other.c.person_no, began), isouter=True)
        .where(item.c.construct == HELPED, item.c.kind == "single")
        .where(answer.c.state == "given", answer.c.option_code.in_((YES, NO)))
        .subquery()
    )
    # counted before this: a seat of nobody known takes its part of the help
    return select(*rows.c).where(rows.c.helped_by.is_not(None))


def _groups(
    facts: Facts, groupings: Sequence[Grouping], sides: Mapping[str, FromClause]
) -> Iterator[ColumnElement]:
    """Yield the published group of each side by each attribute."""
    for n, grouping in enumerate(groupings):
        number = facts.attributes.index(grouping.attribute)
        for side, profile in sides.items():
            group = func.coalesce(grouping.renumbered(profile.c[f"g{number}"]), UNKNOWN)
            yield group.label(f"{side}{n}")


def _in_force(
    profile: FromClause, number: ColumnElement, moment: ColumnElement
) -> ColumnElement[bool]:
    return and_(
        profile.c.person_no == number,
        moment >= profile.c.holds_from,
        moment < profile.c.holds_to,
    )


def answering(helped: Table) -> Select:
    """List who answered about whom, as what: answered_by, helped_by, o0, p0, o1, ...

    The gate needs it to know which people a cell covers; it never leaves the builder.
    """
    groups = [column for column in helped.c if column.name[0] in "op" and column.name[1:].isdigit()]
    return select(helped.c.answered_by, helped.c.helped_by, *groups).distinct()


def helped_by_groups(helped: Table, attributes: int) -> Select:
    """Sum the answers of which both people's groups are known, attribute by attribute.

    Columns: attribute_no, programme_no, cohort_no, own (group of who answered), partner (of who
    helped), answers and yes (weighted).
    """
    parts = [
        select(
            literal(n).label("attribute_no"),
            helped.c.programme_no,
            helped.c.cohort_no,
            helped.c[f"o{n}"].label("own"),
            helped.c[f"p{n}"].label("partner"),
            helped.c.weight,
            (helped.c.weight * helped.c.helped).label("yes"),
        ).where(_both_known(helped, n))
        for n in range(attributes)
    ]
    rows = union_all(*parts).subquery().c
    by = (rows.attribute_no, rows.programme_no, rows.cohort_no, rows.own, rows.partner)
    return select(*by, total(rows.weight).label("answers"), total(rows.yes).label("yes")).group_by(
        *by
    )


def help_moments(helped: Table, attributes: int, *, by_pair: bool = False) -> Select:
    """Sum products of what each person, or each two people, had to do with answers on a group.

    An answer touches two people: who gave it and who helped. Columns: attribute_no, group_no; for
    any two of `SUMS` ``<kind>_<one>_<other>``, with kind `ALL` or `ACROSS` groups; and
    ``<kind>_most_<sum>``, the largest part of ``given`` and of ``got`` that touches one person.
    """
    rows = union_all(*_touched(helped, attributes, by_pair=by_pair)).subquery().c
    unit = [rows[name] for name in (("low", "high") if by_pair else ("person_no",))]
    by = (rows.attribute_no, rows.group_no)
    each = (
        select(
            *by,
            *(total(rows[name]).label(f"{ALL}_{name}") for name in SUMS),
            *(
                total(case((rows.crosses == 1, rows[name]), else_=0.0)).label(f"{ACROSS}_{name}")
                for name in SUMS
            ),
        )
        .group_by(*by, *unit)
        .subquery()
        .c
    )
    return select(each.attribute_no, each.group_no, *_products(each)).group_by(
        each.attribute_no, each.group_no
    )


def _products(each: ReadOnlyColumnCollection) -> Iterator[ColumnElement]:
    for kind in (ALL, ACROSS):
        for one, other in PRODUCTS:
            product = each[f"{kind}_{one}"] * each[f"{kind}_{other}"]
            yield total(product).label(f"{kind}_{one}_{other}")
        for name in ("given", "got"):
            yield func.max(each[f"{kind}_{name}"]).label(f"{kind}_most_{name}")


def _touched(helped: Table, attributes: int, *, by_pair: bool) -> Iterator[Select]:
    """Yield each answer once for each group and each person (or pair) that it touches."""
    c = helped.c
    low = case((c.answered_by < c.helped_by, c.answered_by), else_=c.helped_by)
    high = case((c.answered_by < c.helped_by, c.helped_by), else_=c.answered_by)
    pair = [[low.label("low"), high.label("high")]]
    single = [[c.answered_by.label("person_no")], [c.helped_by.label("person_no")]]
    zero, yes = literal(0.0), c.weight * c.helped
    for n in range(attributes):
        own, partner = c[f"o{n}"], c[f"p{n}"]
        crosses = case((own != partner, 1), else_=0).label("crosses")
        for group, values in (
            (own, (zero, zero, yes, c.weight)),
            (partner, (yes, c.weight, zero, zero)),
        ):
            sums = [value.label(name) for value, name in zip(values, SUMS, strict=True)]
            for unit in pair if by_pair else single:
                yield select(
                    literal(n).label("attribute_no"), group.label("group_no"), *unit, crosses, *sums
                ).where(_both_known(helped, n))


def _both_known(helped: Table, number: int) -> ColumnElement[bool]:
    return and_(*(helped.c[f"{side}{number}"] >= FIRST_GROUP for side in "op"))
