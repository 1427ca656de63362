"""Aggregates behind the gaps between groups: who reached what, by group and by people alike."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    select,
    true,
    union,
    union_all,
)

from schema import CANONICAL
from store.aggregates import Grouping, as_double, total
from store.facts import FIRST_GROUP, UNKNOWN, Facts
from store.intakes import intakes
from store.outcomes import last_values
from store.patterns import groups_at, patterns, places_of_people

PARTICIPATION, COMPLETION, FEEDBACK = "participation", "completion", "feedback"
OWN_OUTCOMES = (PARTICIPATION, COMPLETION, FEEDBACK)
"""Outcomes of the programmes themselves; an outcome of the table by such a name is left out."""
NO_PLACE_NO = 0
"""Place of everybody where no attribute says where people are."""
EVERYWHERE = 0
"""Programme of sums over all programmes, in which everybody is one person."""
WIDE = 10_000
"""More than there are programmes: keeps apart the numbers that tell sets of them apart."""


def group_sums(facts: Facts, groupings: Sequence[Grouping], beside: Sequence[int | None]) -> Select:
    """Sum outcomes of single people by programme, group and place, for every attribute at once.

    Once in each programme, and once over all of them (`EVERYWHERE`), where whoever is in several is
    one person, who took part if that holds of any. ``beside`` gives, for each of ``groupings``, the
    position of the attribute that says where people are, or None. A person's groups are those on
    entering a programme. Columns: outcome_code, attribute_no (position in ``groupings``),
    programme_no, set_no (0, and over all programmes the set of those in which a person could reach
    the outcome; sets of up to three are told apart), place_no, group_no, people, d (trials), x (of
    which reached), and the sums over people dd, xd, xx.
    """
    single, people = _once_more_together(reached(facts)), groups_on_entry(facts, groupings)
    parts = [
        select(
            single.c.outcome_code,
            literal(number).label("attribute_no"),
            single.c.programme_no,
            single.c.set_no,
            _place(people, beside[number]).label("place_no"),
            people.c[f"g{number}"].label("group_no"),
            single.c.d,
            single.c.x,
        )
        .join(people, people.c.person_no == single.c.person_no)
        .where(people.c[f"g{number}"] >= FIRST_GROUP)
        for number in range(len(groupings))
    ]
    rows = union_all(*parts).subquery()
    keys = [column for column in rows.c if column.name not in ("d", "x")]
    return select(
        *keys, func.count().label("people"), *trials_of(rows), *products_of(rows)
    ).group_by(*keys)


def _once_more_together(single: CTE) -> CTE:
    """Return what people reach in each programme, and once more over all of them."""
    number = cast(single.c.programme_no, BigInteger)
    sets = func.count() * WIDE * WIDE + func.min(number) * WIDE + func.max(number)
    by_programme = select(
        single.c.outcome_code,
        single.c.person_no,
        single.c.programme_no,
        literal(0).label("set_no"),
        single.c.d,
        single.c.x,
    )
    together = select(
        single.c.outcome_code,
        single.c.person_no,
        literal(EVERYWHERE).label("programme_no"),
        sets.label("set_no"),
        *once(single),
    ).group_by(single.c.outcome_code, single.c.person_no)
    return union_all(by_programme, together).cte("reached_and_together")


def once(rows: CTE) -> list[ColumnElement]:
    """Return d and x of a person over several rows: seats are summed, all else is one trial."""
    # rows are grouped by outcome, so that its code is one value of each group
    seats = rows.c.outcome_code == FEEDBACK
    return [
        case((seats, total(rows.c.d)), else_=1.0).label("d"),
        case((seats, total(rows.c.x)), else_=func.max(rows.c.x)).label("x"),
    ]


def _place(people: CTE, position: int | None) -> ColumnElement[int]:
    return literal(NO_PLACE_NO) if position is None else people.c[f"g{position}"]


def trials_of(rows: CTE | Subquery) -> list[ColumnElement]:
    """Return the sums of d and x."""
    return [total(rows.c.d).label("d"), total(rows.c.x).label("x")]


def products_of(rows: CTE | Subquery) -> list[ColumnElement]:
    """Return the sums of their products."""
    d, x = rows.c.d, rows.c.x
    return [total(d * d).label("dd"), total(x * d).label("xd"), total(x * x).label("xx")]


def groups_on_entry(facts: Facts, groupings: Sequence[Grouping]) -> CTE:
    """Return each person's groups on the first day in a cohort: person_no, g0, g1, ..."""
    entered, profile = _entered(facts), facts.profile.c
    known = (
        select(profile.person_no, func.min(profile.holds_from).label("first_on"))
        .group_by(profile.person_no)
        .subquery()
    )
    later = case((entered.c.entered_on > known.c.first_on, entered.c.entered_on))
    dated = (
        select(known.c.person_no, func.coalesce(later, known.c.first_on).label("as_of"))
        .select_from(known)
        .join(entered, entered.c.person_no == known.c.person_no, isouter=True)
        .subquery()
    )
    people = groups_at(facts, dated, groupings)
    return select(*people.c).cte("on_entry")


def _entered(facts: Facts) -> Subquery:
    """Return when somebody was first asked into a cohort: person_no, entered_on."""
    enrolment, cohort = CANONICAL["enrolment"].c, CANONICAL["cohort"].c
    day = func.coalesce(enrolment.invited_on, enrolment.enrolled_on, cohort.starts_on)
    return (
        select(facts.person.c.person_no, func.min(day).label("entered_on"))
        .select_from(CANONICAL["enrolment"])
        .join(facts.person, facts.person.c.person_id == enrolment.person_id)
        .join(CANONICAL["cohort"], cohort.cohort_id == enrolment.cohort_id)
        .group_by(facts.person.c.person_no)
        .subquery()
    )


def reached(facts: Facts) -> CTE:
    """Return outcome_code, person_no, programme_no, d and x of what single people reach."""
    parts = [_took_part(facts), _gave_feedback(facts), _from_the_table(facts)]
    return union_all(*parts).cte("reached")


def _took_part(facts: Facts) -> Select:
    eligible, met = facts.eligible.c, _met(facts)
    could = select(eligible.person_no, eligible.programme_no).distinct().subquery()
    same = and_(met.c.person_no == could.c.person_no, met.c.programme_no == could.c.programme_no)
    return (
        select(
            literal(PARTICIPATION).label("outcome_code"),
            could.c.person_no,
            could.c.programme_no,
            literal(1.0).label("d"),
            case((met.c.person_no.is_not(None), 1.0), else_=0.0).label("x"),
        )
        .select_from(could)
        .join(met, same, isouter=True)
    )


def _met(facts: Facts) -> Subquery:
    pairing = facts.pairing.c
    sides = [
        select(person.label("person_no"), pairing.programme_no).where(pairing.completed > 0)
        for person in (pairing.person_a, pairing.person_b)
    ]
    both = union_all(*sides).subquery()
    return select(*both.c).distinct().subquery()


def _gave_feedback(facts: Facts) -> Select:
    seat = facts.seat.c
    return select(
        literal(FEEDBACK).label("outcome_code"),
        seat.person_no,
        seat.programme_no,
        total(seat.seats).label("d"),
        total(seat.feedbacks).label("x"),
    ).group_by(seat.person_no, seat.programme_no)


def _from_the_table(facts: Facts) -> Select:
    """Return the last yes or no of people who take part, by programme."""
    last, place = last_values(facts), places_of_people(facts)
    there = (
        select(place.c.person_no, place.c.programme_no)
        .where(place.c.programme_no > 0)
        .distinct()
        .subquery()
    )
    return (
        select(
            last.c.outcome_code,
            last.c.person_no,
            there.c.programme_no,
            literal(1.0).label("d"),
            as_double(last.c.value_num).label("x"),
        )
        .select_from(last)
        .join(there, there.c.person_no == last.c.person_no)
        .where(last.c.outcome_code.in_(_yes_or_no()))
        .where(last.c.outcome_code.not_in(OWN_OUTCOMES))
    )


def _yes_or_no() -> Select:
    """Return the outcomes of which every value is 0 or 1."""
    outcome = CANONICAL["outcome"].c
    neither = case((outcome.value_num.in_((0, 1)), 0), else_=1)
    return (
        select(outcome.outcome_code).group_by(outcome.outcome_code).having(func.max(neither) == 0)
    )


def yes_or_no_outcomes() -> Select:
    """List the outcomes of the table of which every value is 0 or 1: outcome_code."""
    return _yes_or_no().order_by(CANONICAL["outcome"].c.outcome_code)


def people_patterns(facts: Facts, groupings: Sequence[Grouping]) -> Select:
    """Count people by all that the cells of an outcome can tell apart; see `patterns`.

    With ``outcome_code`` in place of item_no. After the groups of ``groupings`` stand two more: the
    intake of the programme, and that of the first enrolment of all (see `store.intakes`).
    """
    people, own, everybody = groups_on_entry(facts, groupings), intakes(facts), _who_could(facts)
    same = and_(
        own.c.person_no == everybody.c.person_no, own.c.programme_no == everybody.c.programme_no
    )
    columns = [people.c[f"g{number}"] for number in range(len(groupings))]
    groups = [*columns, own.c.intake_no, own.c.first_no]
    rows = (
        select(
            *everybody.c,
            literal(0).label("period_no"),
            *(func.coalesce(group, UNKNOWN).label(f"g{n}") for n, group in enumerate(groups)),
        )
        .join(people, people.c.person_no == everybody.c.person_no, isouter=True)
        .join(own, same, isouter=True)
        .subquery()
    )
    return patterns(rows)


def _who_could(facts: Facts) -> Subquery:
    """Return item_no (the outcome), person_no, programme_no and cohort_no of everybody's trials.

    Outcomes of the table are those of a programme, in no cohort.
    """
    pairing, eligible, seat = facts.pairing.c, facts.eligible.c, facts.seat.c
    parts = [
        (PARTICIPATION, eligible.person_no, eligible, None),
        (FEEDBACK, seat.person_no, seat, None),
        (COMPLETION, pairing.person_a, pairing, pairing.matched > 0),
        (COMPLETION, pairing.person_b, pairing, pairing.matched > 0),
    ]
    from_table = _from_the_table(facts).subquery()
    rows = [
        select(
            literal(code).label("item_no"),
            person.label("person_no"),
            columns.programme_no,
            columns.cohort_no,
        ).where(true() if kept is None else kept)
        for code, person, columns, kept in parts
    ]
    alone = select(
        from_table.c.outcome_code,
        from_table.c.person_no,
        from_table.c.programme_no,
        literal(0).label("cohort_no"),
    )
    return union(*rows, alone).subquery()
