"""Aggregates of the steps from who could take part to who met again."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)

from store.aggregates import Grouping, Stage, as_double, kept, reached, total
from store.facts import FIRST_GROUP, NOT_SAID, Facts

KINDS = 6
"""Kinds of pairings: 3 x crosses groups + reach (0 arranged, 1 completed, 2 met again)."""

SLICE = ("level_no", "slice_no")
"""Position of the level in `LEVELS`, and the number of the slice in it; all levels in one scan."""


@kept
def headcounts(facts: Facts, grouping: Grouping) -> Select:
    """Count who could have taken part by slice and latest group: the enrolled, and whoever met.

    Columns: level_no, slice_no, group_no, people, enrolled.
    """
    present = _present(facts)
    calendar, profile = facts.calendar.c, facts.profile.c
    ends = (
        select(calendar.quarter_no, func.max(calendar.ends_at).label("ends_at"))
        .where(calendar.tz == "UTC")
        .group_by(calendar.quarter_no)
        .subquery()
    )
    held = profile[f"g{facts.attributes.index(grouping.attribute)}"]
    unit = [present.c[name] for name in (*SLICE, "person_no")]
    newest = func.row_number().over(partition_by=unit, order_by=profile.holds_from.desc())
    latest = (
        select(
            *present.c, _published(grouping, held).label("group_no"), newest.label("from_newest")
        )
        .join(ends, ends.c.quarter_no == present.c.quarter_no)
        .join(
            facts.profile,
            and_(
                profile.person_no == present.c.person_no,
                profile.holds_from < ends.c.ends_at,
                held >= NOT_SAID,
            ),
        )
        .subquery()
    )
    by_group = [latest.c[name] for name in (*SLICE, "group_no")]
    return (
        select(
            *by_group,
            func.count().label("people"),
            total(latest.c.enrolled).label("enrolled"),
        )
        .where(latest.c.from_newest == 1, latest.c.group_no >= FIRST_GROUP)
        .group_by(*by_group)
    )


def _present(facts: Facts) -> Subquery:
    """Return each person of a slice once, with the last quarter that knows of them."""
    pairing, eligible = facts.pairing.c, facts.eligible.c
    places = ("programme_no", "cohort_no")
    sources = [
        select(
            *(eligible[name] for name in places),
            eligible.person_no,
            eligible.quarter_no,
            literal(1).label("enrolled"),
        ),
        *(
            select(
                *(pairing[name] for name in places),
                person.label("person_no"),
                pairing.quarter_no,
                literal(0).label("enrolled"),
            )
            for person in (pairing.person_a, pairing.person_b)
        ),
    ]
    # once by cohort, where all rows are, and then by every level, where few are left
    in_cohort = _last(union_all(*sources).subquery(), places)
    return _last(at_every_level(in_cohort), SLICE)


def _last(rows: Subquery, places: Sequence[str]) -> Subquery:
    by_person = [rows.c[name] for name in (*places, "person_no")]
    return (
        select(
            *by_person,
            func.max(rows.c.quarter_no).label("quarter_no"),
            func.max(rows.c.enrolled).label("enrolled"),
        )
        .group_by(*by_person)
        .subquery()
    )


def at_every_level(rows: Subquery) -> Subquery:
    """Return the rows three times: for the organisation, for their programme, for their cohort."""
    kept = [column for column in rows.c if column.name not in ("programme_no", "cohort_no")]
    slices = (literal(0), rows.c.programme_no, rows.c.cohort_no)
    return union_all(
        *(
            select(
                literal(level_no).label("level_no"),
                cast(slice_no, Integer).label("slice_no"),
                *kept,
            )
            for level_no, slice_no in enumerate(slices)
        )
    ).subquery()


def _published(grouping: Grouping, column: ColumnElement[int]) -> ColumnElement[int]:
    if not grouping.published:
        return column
    return case(dict(grouping.published), value=column, else_=column)


@kept
def available(facts: Facts, grouping: Grouping) -> Select:
    """Count the people who could have been drawn, by lottery and group.

    Columns: stratum_no, group_no, people.
    """
    held = facts.available.c[f"g{facts.attributes.index(grouping.attribute)}"]
    rows = (
        select(facts.available.c.stratum_no, _published(grouping, held).label("group_no"))
        .where(_published(grouping, held) >= FIRST_GROUP)
        .subquery()
    )
    return select(*rows.c, func.count().label("people")).group_by(*rows.c)


@kept
def seats_by_lottery(facts: Facts, grouping: Grouping, stage: Stage) -> Select:
    """Sum seats in pairings of known groups, and squares over people, by lottery and group.

    Columns: stratum_no, programme_no, cohort_no, group_no, seats, seats_squared, weight (of both
    ends, so each pairing counts in the group of either person), weight_squared, strength_squared
    (sum over people of the square of their summed weight).
    """
    pairing = facts.pairing.c
    places = ("stratum_no", "programme_no", "cohort_no")
    ends = [
        select(
            *(pairing[name] for name in places),
            pairing[f"person_{side}"].label("person_no"),
            grouping.side(facts, side).label("group_no"),
            pairing.weight,
        ).where(reached(facts, stage), grouping.both_known(facts))
        for side in "ab"
    ]
    rows = union_all(*ends).subquery()
    by_group = [rows.c[name] for name in (*places, "group_no")]
    person = (
        select(
            *by_group,
            as_double(func.count()).label("seats"),
            total(rows.c.weight).label("weight"),
            total(rows.c.weight * rows.c.weight).label("weight_squared"),
        )
        .group_by(*by_group, rows.c.person_no)
        .subquery()
    )
    seats, weight = person.c.seats, person.c.weight
    kept = [person.c[name] for name in (*places, "group_no")]
    return select(
        *kept,
        total(seats).label("seats"),
        total(seats * seats).label("seats_squared"),
        total(weight).label("weight"),
        total(person.c.weight_squared).label("weight_squared"),
        total(weight * weight).label("strength_squared"),
    ).group_by(*kept)


def _kind(facts: Facts, grouping: Grouping) -> ColumnElement[int]:
    pairing = facts.pairing.c
    crosses = case((grouping.side(facts, "a") != grouping.side(facts, "b"), 3), else_=0)
    return crosses + pairing.completed + pairing.continued


def _by_kind(rows: Subquery) -> list[ColumnElement[float]]:
    return [
        total(case((rows.c.kind == kind, rows.c.weight), else_=0.0)).label(f"w{kind}")
        for kind in range(KINDS)
    ]


def _products(units: Subquery) -> list[ColumnElement[float]]:
    return [
        total(units.c[f"w{one}"] * units.c[f"w{other}"]).label(f"product_{one}_{other}")
        for one in range(KINDS)
        for other in range(one, KINDS)
    ]


@kept
def stage_moments(facts: Facts, grouping: Grouping) -> Select:
    """Sum, over people, the products of their weighted pairings of two kinds.

    Columns: level_no, slice_no, product_i_j for i <= j, and how many people have a pairing that
    was arranged, completed or continued, and one that was arranged inside (same) or across groups.
    """
    pairing = facts.pairing.c
    ends = [
        select(
            pairing.programme_no,
            pairing.cohort_no,
            pairing[f"person_{side}"].label("person_no"),
            _kind(facts, grouping).label("kind"),
            pairing.weight,
        ).where(reached(facts, "arranged"), grouping.both_known(facts))
        for side in "ab"
    ]
    rows = union_all(*ends).subquery()
    unit = [rows.c[name] for name in ("programme_no", "cohort_no", "person_no")]
    in_cohort = select(*unit, *_by_kind(rows)).group_by(*unit).subquery()
    levels = at_every_level(in_cohort)
    by_slice = [levels.c[name] for name in SLICE]
    sums = [total(levels.c[f"w{kind}"]).label(f"w{kind}") for kind in range(KINDS)]
    person = select(*by_slice, *sums).group_by(*by_slice, levels.c.person_no).subquery()
    weight = [person.c[f"w{kind}"] for kind in range(KINDS)]
    some = {
        "arranged": or_(*(each > 0 for each in weight)),
        "completed": or_(*(weight[kind] > 0 for kind in (1, 2, 4, 5))),
        "continued": or_(*(weight[kind] > 0 for kind in (2, 5))),
        "same": or_(*(each > 0 for each in weight[:3])),
        "across": or_(*(each > 0 for each in weight[3:])),
    }
    kept = [person.c[name] for name in SLICE]
    return select(
        *kept,
        *_products(person),
        *(func.count(case((having, 1))).label(name) for name, having in some.items()),
    ).group_by(*kept)


@kept
def stage_pairs(facts: Facts, grouping: Grouping) -> Select:
    """Sum the same products over distinct pairs of people.

    Columns: level_no, slice_no, product_i_j for i <= j.
    """
    pairing = facts.pairing.c
    rows = at_every_level(
        select(
            pairing.programme_no,
            pairing.cohort_no,
            pairing.person_a,
            pairing.person_b,
            _kind(facts, grouping).label("kind"),
            pairing.weight,
        )
        .where(reached(facts, "arranged"), grouping.both_known(facts))
        .subquery()
    )
    by_slice = [rows.c[name] for name in SLICE]
    pairs = (
        select(*by_slice, *_by_kind(rows))
        .group_by(*by_slice, rows.c.person_a, rows.c.person_b)
        .subquery()
    )
    kept = [pairs.c[name] for name in SLICE]
    return select(*kept, *_products(pairs)).group_by(*kept)


@kept
def stage_counts(facts: Facts, grouping: Grouping) -> Select:
    """Count pairings of known groups by cohort and kind; these add up over cohorts.

    Columns: programme_no, cohort_no, kind, pairings, weight, and offered (weight of completed
    pairings that an offer brought about).
    """
    pairing = facts.pairing.c
    offered = and_(pairing.matched > 0, pairing.completed > 0)
    rows = (
        select(
            pairing.programme_no,
            pairing.cohort_no,
            _kind(facts, grouping).label("kind"),
            pairing.weight,
            case((offered, pairing.weight), else_=0.0).label("offered"),
        )
        .where(reached(facts, "arranged"), grouping.both_known(facts))
        .subquery()
    )
    kept = [rows.c.programme_no, rows.c.cohort_no, rows.c.kind]
    return select(
        *kept,
        as_double(func.count()).label("pairings"),
        total(rows.c.weight).label("weight"),
        total(rows.c.offered).label("offered"),
    ).group_by(*kept)
