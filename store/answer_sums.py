"""Sums of scores and of options chosen, by period and place, and the patterns that a gate needs."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Double, Select, Subquery, and_, case, func, literal, select, union_all
from sqlalchemy.sql.elements import ColumnElement

from store.aggregates import as_double, total
from store.answered import Answered
from store.answers import NO_OCCASION, PAIRED, PLACE
from store.facts import UNKNOWN
from store.intakes import begun, intakes, of_intakes
from store.patterns import patterns

FLOATING_POINT = 1e-9


Cuts = Mapping[int, tuple[float, float]]
"""By number of the item: below which score people are low, and from which on they are high."""


def score_sums(told: Answered, cuts: Cuts) -> Select:
    """Sum people's scores by period and place, and count who is low and high.

    Columns: item_no, period_no, kind_no, slice_no, group_no, people, x, xx, low, high.
    """
    scored, counted = told.scored, told.counted
    by = (scored.c.item_no, counted.c.period_no, *(counted.c[name] for name in PLACE))
    person = (
        select(*by, counted.c.person_no, func.avg(scored.c.x).label("x"))
        .join(counted, counted.c.response_id == scored.c.response_id)
        .group_by(*by, counted.c.person_no)
        .subquery()
    )
    keys = [person.c[column.name] for column in by]
    x = person.c.x
    low, high = (_cut(person.c.item_no, cuts, end) for end in (0, 1))
    return select(
        *keys,
        func.count().label("people"),
        total(x).label("x"),
        total(x * x).label("xx"),
        func.count(case((x < low, 1))).label("low"),
        func.count(case((x >= high, 1))).label("high"),
    ).group_by(*keys)


def _cut(item: ColumnElement[int], cuts: Cuts, end: int) -> ColumnElement[float]:
    """Return the lower or the upper cut of an item; null where it has none."""
    # means of whole numbers: what lies on a cut must not fall below it by the last digit
    steps = {number: ends[end] - FLOATING_POINT for number, ends in cuts.items()}
    return case(steps, value=item) if steps else literal(None, Double())


def _first_and_last(told: Answered) -> Subquery:
    """Return item_no, person_no, x (first) and y (last) of people who answered in both waves."""
    scored, responded = told.scored, told.responded
    wave = responded.c.wave_no
    ends = (
        select(scored.c.item_no, func.min(wave).label("first_no"), func.max(wave).label("last_no"))
        .join(responded, responded.c.response_id == scored.c.response_id)
        .group_by(scored.c.item_no)
        .subquery()
    )
    by = (scored.c.item_no, responded.c.person_no)
    later = and_(wave == ends.c.last_no, ends.c.last_no > ends.c.first_no)
    x, y = (
        func.avg(case((wave == ends.c.first_no, scored.c.x))),
        func.avg(case((later, scored.c.x))),
    )
    return (
        select(*by, x.label("x"), y.label("y"))
        .join(responded, responded.c.response_id == scored.c.response_id)
        .join(ends, ends.c.item_no == scored.c.item_no)
        .group_by(*by)
        .having(x.is_not(None))
        .subquery()
    )


def change_sums(told: Answered) -> Select:
    """Sum the changes from the first wave to the last by place, intakes among them.

    Columns: item_no, kind_no, slice_no, group_no, started (people with a first score), people (with
    both), d and dd (sums of changes and of their squares).
    """
    ends, counted = _first_and_last(told), told.counted
    place = [counted.c[name] for name in PLACE]
    belongs = union_all(
        select(counted.c.person_no, *place).distinct(), of_intakes(told.facts, told.placed)
    ).subquery()
    by = [ends.c.item_no, *(belongs.c[name] for name in PLACE)]
    change = ends.c.y - ends.c.x
    return (
        select(
            *by,
            func.count().label("started"),
            func.count(ends.c.y).label("people"),
            total(change).label("d"),
            total(change * change).label("dd"),
        )
        .join(belongs, belongs.c.person_no == ends.c.person_no)
        .group_by(*by)
    )


def option_sums(told: Answered) -> Select:
    """Sum how often people chose each option, by period and place.

    Columns: item_no, option_code, period_no, kind_no, slice_no, group_no; people, y, d, yy, yd, dd
    over the answers that apply, and all_people, z, a, zz, za, aa over all: numbers of people, sums
    of choices and of answers, and their squares and products, a person at a time.
    """
    picked, counted = told.chosen, told.counted
    by = (picked.c.item_no, counted.c.period_no, *(counted.c[name] for name in PLACE))
    applies = case((picked.c.option_code.in_(NO_OCCASION), 0.0), else_=1.0)
    person = (
        select(
            *by, counted.c.person_no, total(applies).label("d"), as_double(func.count()).label("a")
        )
        .join(counted, counted.c.response_id == picked.c.response_id)
        .group_by(*by, counted.c.person_no)
        .subquery()
    )
    choice = (
        select(*by, counted.c.person_no, picked.c.option_code, as_double(func.count()).label("y"))
        .join(counted, counted.c.response_id == picked.c.response_id)
        .group_by(*by, counted.c.person_no, picked.c.option_code)
        .subquery()
    )
    names = [column.name for column in by]
    option = select(picked.c.item_no, picked.c.option_code).distinct().subquery()
    same = and_(
        *(choice.c[name] == person.c[name] for name in (*names, "person_no")),
        choice.c.option_code == option.c.option_code,
    )
    z, d, a = func.coalesce(choice.c.y, 0.0), person.c.d, person.c.a
    y = case((option.c.option_code.in_(NO_OCCASION), 0.0), else_=z)
    sums = {
        "y": y, "d": d, "yy": y * y, "yd": y * d, "dd": d * d,
        "z": z, "a": a, "zz": z * z, "za": z * a, "aa": a * a,
    }  # fmt: skip
    keys = [person.c[name] for name in names]
    return (
        select(
            option.c.option_code,
            *keys,
            func.count(case((d > 0, 1))).label("people"),
            func.count().label("all_people"),
            *(total(term).label(name) for name, term in sums.items()),
        )
        .select_from(person)
        .join(option, option.c.item_no == person.c.item_no)
        .join(choice, same, isouter=True)
        .group_by(option.c.option_code, *keys)
    )


def answer_patterns(told: Answered) -> Select:
    """Count people by all that cells of an item can tell apart; see `store.patterns.patterns`.

    ``period_no`` is that of the answer, or `PAIRED`. Answers that do not apply are left out, and
    scores of conversations (see `store.feedback`); groups are 0 for choices after conversations.
    After the groups stand two more: the intake of the programme, and that of the first enrolment of
    all, of people who answered both first and last (see `store.intakes`), and 0 of all others.
    """
    scored, picked, responded = told.scored, told.chosen, told.responded
    places, groups = told.placed, told.grouped
    about_none = select(responded.c.response_id).where(responded.c.conversation_id.is_(None))
    answered = union_all(
        select(scored.c.item_no, scored.c.response_id).where(scored.c.response_id.in_(about_none)),
        select(picked.c.item_no, picked.c.response_id).where(
            picked.c.option_code.not_in(NO_OCCASION)
        ),
    ).subquery()
    when = (
        select(
            answered.c.item_no,
            responded.c.response_id,
            responded.c.period_no,
            case((responded.c.conversation_id.is_(None), 1), else_=0).label("by_group"),
        )
        .join(responded, responded.c.response_id == answered.c.response_id)
        .subquery()
    )
    ends = _first_and_last(told)
    spots = (places.c.person_no, places.c.programme_no, places.c.cohort_no)
    rows = union_all(
        select(when.c.item_no, *spots, when.c.period_no, when.c.by_group).join(
            places, places.c.response_id == when.c.response_id
        ),
        select(ends.c.item_no, *spots, literal(PAIRED), literal(1))
        .join(places, places.c.person_no == ends.c.person_no)
        .where(ends.c.y.is_not(None)),
    ).subquery()
    number = groups.c.person_no
    shown = [groups.c[f"g{position}"] for position in range(len(told.groupings))]
    own = [
        case((rows.c.by_group == 1, func.coalesce(group, UNKNOWN)), else_=0).label(group.name)
        for group in shown
    ]
    began, paired = intakes(told.facts), rows.c.period_no == PAIRED
    own += [
        func.coalesce(case((paired, quarter)), UNKNOWN).label(f"g{len(shown) + after}")
        for after, quarter in enumerate((began.c.intake_no, began.c.first_no))
    ]
    kept = [column for column in rows.c if column.name != "by_group"]
    return patterns(
        select(*kept, *own)
        .join(groups, number == rows.c.person_no, isouter=True)
        .join(began, begun(began, rows), isouter=True)
        .subquery()
    )
