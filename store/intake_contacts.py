"""Contacts of the people of each intake, beside everybody whom the same lotteries drew from."""

from __future__ import annotations

from sqlalchemy import CTE, ColumnElement, Select, and_, case, func, literal, select, union_all

from store.aggregates import Grouping, as_double, kept, total
from store.facts import Facts
from store.intakes import ANY_PROGRAMME, intakes

SIDES = ("a", "b")
BY_LOTTERY, BY_PERSON, BY_PAIR = range(3)
"""What a row of `intake_contacts` sums over."""
INTAKE_COLUMNS = ("programme_no", "intake_no", "first_no")


def intakes_of_people(facts: Facts) -> Select:
    """List the intakes of each person: person_no, programme_no, intake_no, first_no."""
    own = intakes(facts)
    return select(own.c.person_no, own.c.programme_no, own.c.intake_no, own.c.first_no)


@kept
def intake_contacts(facts: Facts, grouping: Grouping) -> Select:
    """Sum the contacts of each intake's people, and those across groups.

    One statement for all intakes, those of each programme and (programme_no 0) those of all, since
    most of the time of a statement goes into planning. A pairing of two people of an intake counts
    from both ends. Columns: kind, programme_no, intake_no, stratum_no, group_no, number, d, x, dd,
    xd, xx.

    - `BY_LOTTERY`: one row for each lottery and own group; ``number`` counts the people's seats,
      and the squares are 0.
    - `BY_PERSON`, `BY_PAIR`: one row for an intake, with squares over everybody who is an end of
      these contacts, or over their pairs; ``number`` counts these people, or the pairings.
    """
    ends = _ends(facts, grouping)
    return union_all(_by_lottery(ends), _by_person(ends), _by_pair(ends))


def _ends(facts: Facts, grouping: Grouping) -> CTE:
    """Return each end of a pairing whose person has an intake, once for each kind of intake."""
    pairing, people = facts.pairing.c, intakes(facts)
    across = grouping.side(facts, "a") != grouping.side(facts, "b")
    sides = [
        select(
            own.c.programme_no,
            own.c.intake_no,
            own.c.first_no,
            pairing.stratum_no,
            literal(side).label("side"),
            grouping.side(facts, side).label("group_no"),
            pairing.person_a,
            pairing.person_b,
            pairing.weight.label("d"),
            case((across, pairing.weight), else_=0.0).label("x"),
        )
        .join(
            own,
            and_(
                own.c.person_no == pairing[f"person_{side}"],
                own.c.programme_no == pairing.programme_no,
            ),
        )
        .where(pairing.completed > 0, grouping.both_known(facts))
        for side in SIDES
        for own in [people.alias(f"intake_{side}")]
    ]
    found = union_all(*sides).cte("ends_of_intakes")
    kinds = (
        (found.c.programme_no, found.c.intake_no),
        (literal(ANY_PROGRAMME).label("programme_no"), found.c.first_no.label("intake_no")),
    )
    rest = [column for column in found.c if column.name not in INTAKE_COLUMNS]
    return union_all(*(select(*kind, *rest) for kind in kinds)).cte("contacts_of_intakes")


def _by_lottery(ends: CTE) -> Select:
    keys = [ends.c.programme_no, ends.c.intake_no, ends.c.stratum_no, ends.c.group_no]
    return select(
        literal(BY_LOTTERY).label("kind"),
        *keys,
        as_double(func.count()).label("number"),
        total(ends.c.d).label("d"),
        total(ends.c.x).label("x"),
        *(as_double(literal(0)).label(name) for name in ("dd", "xd", "xx")),
    ).group_by(*keys)


def _by_person(ends: CTE) -> Select:
    unit = [ends.c.programme_no, ends.c.intake_no]
    both = union_all(
        *(
            select(*unit, ends.c[f"person_{side}"].label("somebody"), ends.c.d, ends.c.x)
            for side in SIDES
        )
    ).subquery()
    keys = [both.c.programme_no, both.c.intake_no, both.c.somebody]
    one = select(*keys, total(both.c.d).label("d"), total(both.c.x).label("x"))
    return _squares(BY_PERSON, one.group_by(*keys), func.count())


def _by_pair(ends: CTE) -> Select:
    keys = [ends.c.programme_no, ends.c.intake_no, ends.c.person_a, ends.c.person_b]
    from_a, from_b = (total(case((ends.c.side == side, 1), else_=0)) for side in SIDES)
    pair = select(
        *keys,
        total(ends.c.d).label("d"),
        total(ends.c.x).label("x"),
        # of a pair inside the intake, each pairing is there from both ends
        case((from_a > from_b, from_a), else_=from_b).label("pairings"),
    ).group_by(*keys)
    return _squares(BY_PAIR, pair, None)


def _squares(kind: int, units: Select, number: ColumnElement | None) -> Select:
    """Sum d and x of people, or of pairs, and their squares and products, by intake."""
    each = units.subquery().c
    keys = [each.programme_no, each.intake_no]
    counted = total(each.pairings) if number is None else as_double(number)
    return select(
        literal(kind).label("kind"),
        *keys,
        literal(0).label("stratum_no"),
        literal(0).label("group_no"),
        counted.label("number"),
        total(each.d).label("d"),
        total(each.x).label("x"),
        total(each.d * each.d).label("dd"),
        total(each.x * each.d).label("xd"),
        total(each.x * each.x).label("xx"),
    ).group_by(*keys)
