"""Aggregates of answers: scale scores, options chosen, and who answered, by place and period.

An item is a construct on one scale. A response is scored where at least two thirds of the questions
of a construct are answered; a reversed question is turned round; the score is the mean. A person's
value of a period is the mean over the person's responses. The period is the wave, numbered one more
than itself, or else the quarter in which the response was handed in; 0 is all of them together.

A response about a conversation lies where the conversation took place, any other where the person
takes part. Somebody unknown counts as one person per response, in the cohort of the response.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import (
    FromClause,
    Select,
    Subquery,
    and_,
    case,
    func,
    or_,
    select,
    union,
    union_all,
)
from sqlalchemy.sql.elements import ColumnElement

from schema import CANONICAL
from store.aggregates import Grouping, as_double
from store.facts import Facts
from store.patterns import OUTSIDE, groups_at, numbered, places_of_people

ORGANISATION, PROGRAMME, COHORT, COMPARED, FIRST_ATTRIBUTE = range(5)
"""Kinds of places: everybody who takes part, a programme, a cohort, people who take part in none;
from `FIRST_ATTRIBUTE` on a group of the published attributes among those who take part."""
ALL, PAIRED = 0, -1
"""Periods: all together, and those who answered both at first and at last."""
PLACE = ("kind_no", "slice_no", "group_no")
FIRST_UNKNOWN = 1_000_000_000
"""From this number on a person is somebody unknown who gave one response."""
LAST = 1_000
"""Place of an option that nobody listed."""
NO_OCCASION = ("no_occasion", "not_applicable")
"""Options that say that the question does not apply; they are counted apart."""

RESPONSE, ITEM, ANSWER = (CANONICAL[name] for name in ("response", "item", "answer"))


def items() -> Select:
    """List the items: item_no, construct, kind, scale_min, scale_max (0 without), answers (given),
    after (1 where they are about conversations)."""
    listed = numbered_items()
    after = case((RESPONSE.c.conversation_id.is_not(None), 1), else_=0)
    return (
        select(*listed.c, func.count().label("answers"), func.max(after).label("after"))
        .select_from(listed)
        .join(ITEM, of_item(listed))
        .join(ANSWER, ANSWER.c.item_id == ITEM.c.item_id)
        .join(RESPONSE, RESPONSE.c.response_id == ANSWER.c.response_id)
        .where(given())
        .group_by(*listed.c)
        .order_by(listed.c.item_no)
    )


def waves() -> Select:
    """List the waves that were asked: wave_no, label (one of them where series differ)."""
    wave = CANONICAL["wave"].c
    asked = select(RESPONSE.c.wave_id).where(RESPONSE.c.wave_id.is_not(None))
    return (
        select(wave.wave_no, func.min(wave.label).label("label"))
        .where(wave.wave_id.in_(asked))
        .group_by(wave.wave_no)
        .order_by(wave.wave_no)
    )


def options() -> Select:
    """List the options, offered or chosen, by construct: construct, option_code, label, sort."""
    option, code = CANONICAL["item_option"].c, ANSWER.c.option_code
    told = union(
        select(option.item_id, option.option_code),
        select(ANSWER.c.item_id, code).where(given(), code != ""),
    ).subquery()
    named = and_(option.item_id == told.c.item_id, option.option_code == told.c.option_code)
    sort = func.min(func.coalesce(option.sort, LAST)).label("sort")
    label = func.min(func.coalesce(option.label, told.c.option_code)).label("label")
    return (
        select(ITEM.c.construct, told.c.option_code, label, sort)
        .select_from(told)
        .join(ITEM, ITEM.c.item_id == told.c.item_id)
        .join(CANONICAL["item_option"], named, isouter=True)
        .where(ITEM.c.kind == "single")
        .group_by(ITEM.c.construct, told.c.option_code)
        .order_by(ITEM.c.construct, sort, told.c.option_code)
    )


def given() -> ColumnElement[bool]:
    """Tell whether there is an answer."""
    answered = or_(ANSWER.c.value_num.is_not(None), ANSWER.c.option_code != "")
    return and_(ANSWER.c.state == "given", answered)


def _ends() -> tuple[ColumnElement[float], ColumnElement[float]]:
    """Return the ends of a question's scale; both are 0 where it has none."""
    return tuple(
        func.coalesce(as_double(ITEM.c[name]), 0.0).label(name)
        for name in ("scale_min", "scale_max")
    )


def numbered_items() -> Subquery:
    """Return item_no, construct, kind, scale_min and scale_max."""
    scored = or_(ITEM.c.kind == "single", ITEM.c.scale_max.is_not(None))
    names = (ITEM.c.construct, ITEM.c.kind, *_ends())
    distinct = select(*names).where(ITEM.c.kind.in_(("scale", "single")), scored).distinct()
    distinct = distinct.subquery()
    number = func.row_number().over(order_by=list(distinct.c))
    return select(number.label("item_no"), *distinct.c).subquery()


def of_item(listed: Subquery) -> ColumnElement[bool]:
    """Join a question to its item."""
    low, high = _ends()
    return and_(
        ITEM.c.construct == listed.c.construct,
        ITEM.c.kind == listed.c.kind,
        low == listed.c.scale_min,
        high == listed.c.scale_max,
    )


def turned() -> ColumnElement[float]:
    """Return an answer with a reversed question turned round."""
    value = as_double(ANSWER.c.value_num)
    return case((ITEM.c.reversed, ITEM.c.scale_min + ITEM.c.scale_max - value), else_=value)


def scores(responded: FromClause) -> Select:
    """Return item_no, response_id and x of the responses that are complete enough."""
    listed, asked = numbered_items(), numbered_items()
    questions = (
        select(asked.c.item_no, ITEM.c.instrument_id, func.count().label("questions"))
        .join(ITEM, of_item(asked))
        .group_by(asked.c.item_no, ITEM.c.instrument_id)
        .subquery()
    )
    return (
        select(listed.c.item_no, responded.c.response_id, func.avg(turned()).label("x"))
        .select_from(listed)
        .join(ITEM, of_item(listed))
        .join(ANSWER, ANSWER.c.item_id == ITEM.c.item_id)
        .join(responded, responded.c.code == ANSWER.c.response_id)
        .join(
            questions,
            and_(
                questions.c.item_no == listed.c.item_no,
                questions.c.instrument_id == ITEM.c.instrument_id,
            ),
        )
        .where(given(), ANSWER.c.value_num.is_not(None), ITEM.c.kind == "scale")
        .group_by(listed.c.item_no, responded.c.response_id, questions.c.questions)
        .having(3 * func.count() >= 2 * questions.c.questions)
    )


def chosen(responded: FromClause) -> Select:
    """Return item_no, response_id and option_code of questions with one answer."""
    listed = numbered_items()
    return (
        select(listed.c.item_no, responded.c.response_id, ANSWER.c.option_code)
        .select_from(listed)
        .join(ITEM, of_item(listed))
        .join(ANSWER, ANSWER.c.item_id == ITEM.c.item_id)
        .join(responded, responded.c.code == ANSWER.c.response_id)
        .where(given(), ANSWER.c.option_code != "", ITEM.c.kind == "single")
    )


def responses(facts: Facts) -> Select:
    """Return every response: who gave it, when, and what it is about.

    Columns: response_id (a running number), code (its key), person_no, wave_no (or null),
    period_no, conversation_id, cohort_id, as_of.
    """
    wave, person, month = CANONICAL["wave"], facts.person.c, facts.calendar.c
    number = func.row_number().over(order_by=RESPONSE.c.response_id)
    handed_in = RESPONSE.c.submitted_at
    in_month = and_(month.tz == "UTC", handed_in >= month.starts_at, handed_in < month.ends_at)
    return (
        select(
            number.label("response_id"),
            RESPONSE.c.response_id.label("code"),
            func.coalesce(person.person_no, FIRST_UNKNOWN + number).label("person_no"),
            wave.c.wave_no,
            func.coalesce(wave.c.wave_no + 1, month.quarter_no, ALL).label("period_no"),
            RESPONSE.c.conversation_id,
            RESPONSE.c.cohort_id,
            handed_in.label("as_of"),
        )
        .select_from(RESPONSE)
        .join(facts.person, person.person_id == RESPONSE.c.person_id, isouter=True)
        .join(wave, wave.c.wave_id == RESPONSE.c.wave_id, isouter=True)
        .join(facts.calendar, in_month, isouter=True)
    )


def placed(facts: Facts, responded: FromClause) -> Select:
    """Return response_id, person_no, programme_no and cohort_no: every place a response counts."""
    talk, cohort = CANONICAL["conversation"], CANONICAL["cohort"]
    people, known = places_of_people(facts), responded.c.person_no < FIRST_UNKNOWN
    programmes, cohorts = numbered("programme", "programme_id"), numbered("cohort", "cohort_id")
    by = (responded.c.response_id, responded.c.person_no)
    about = responded.c.conversation_id.is_not(None)
    anybody = select(func.count()).where(people.c.programme_no > 0).scalar_subquery()
    nowhere = case((anybody > 0, OUTSIDE), else_=0)
    cohort_no = func.coalesce(cohorts.c.number, 0).label("cohort_no")
    spoken = (
        select(*by, programmes.c.number.label("programme_no"), cohort_no)
        .join(talk, talk.c.conversation_id == responded.c.conversation_id)
        .join(programmes, programmes.c.code == talk.c.programme_id)
        .join(cohorts, cohorts.c.code == talk.c.cohort_id, isouter=True)
    )
    named = (
        select(*by, people.c.programme_no, people.c.cohort_no)
        .join(people, people.c.person_no == responded.c.person_no)
        .where(~about)
    )
    unnamed = (
        select(*by, func.coalesce(programmes.c.number, nowhere).label("programme_no"), cohort_no)
        .select_from(responded)
        .join(cohort, cohort.c.cohort_id == responded.c.cohort_id, isouter=True)
        .join(cohorts, cohorts.c.code == responded.c.cohort_id, isouter=True)
        .join(programmes, programmes.c.code == cohort.c.programme_id, isouter=True)
        .where(~about, ~known)
    )
    return select(union_all(spoken, named, unnamed).subquery())


def groups_of(facts: Facts, responded: FromClause, groupings: Sequence[Grouping]) -> Select:
    """Return each known person's groups as of the first response."""
    dated = (
        select(responded.c.person_no, func.min(responded.c.as_of).label("as_of"))
        .where(responded.c.person_no < FIRST_UNKNOWN)
        .group_by(responded.c.person_no)
        .subquery()
    )
    return select(groups_at(facts, dated, groupings))
