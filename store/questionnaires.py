"""Who answered of those who were there, and how the questions of a construct go together."""

from __future__ import annotations

from sqlalchemy import (
    CTE,
    ColumnElement,
    Double,
    FromClause,
    Select,
    Subquery,
    and_,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)

from schema import CANONICAL
from store.aggregates import total
from store.answered import Answered
from store.answers import (
    ANSWER,
    COHORT,
    ITEM,
    ORGANISATION,
    PROGRAMME,
    RESPONSE,
    given,
    numbered_items,
    of_item,
    turned,
)
from store.facts import Facts
from store.patterns import OUTSIDE, places_of_people


def response_rates(told: Answered) -> Select:
    """Count who answered among who was there, by wave and slice.

    Columns: wave_no, kind_no, slice_no, asked, answered. There is who takes part in the slice and
    was employed when the wave opened; without any record of employment everybody is.
    """
    person, responded = told.facts.person, told.responded
    opened, where = _openings(responded), _slices_of_people(told.facts)
    given = select(responded.c.person_no, responded.c.wave_no).distinct().subquery()
    by = (opened.c.wave_no, where.c.kind_no, where.c.slice_no)
    same = and_(given.c.person_no == where.c.person_no, given.c.wave_no == opened.c.wave_no)
    return (
        select(
            *by,
            func.count().label("asked"),
            func.count(given.c.person_no).label("answered"),
        )
        .select_from(where)
        .join(person, person.c.person_no == where.c.person_no)
        .join(opened, _employed(person, opened.c.opens_on))
        .join(given, same, isouter=True)
        .group_by(*by)
    )


def _openings(responded: FromClause) -> Subquery:
    """Return the day on which each wave that was answered opened."""
    wave = CANONICAL["wave"]
    return (
        select(wave.c.wave_no, func.min(wave.c.opens_on).label("opens_on"))
        .where(wave.c.wave_no.in_(select(responded.c.wave_no)))
        .group_by(wave.c.wave_no)
        .subquery()
    )


def _employed(person: FromClause, day: ColumnElement) -> ColumnElement[bool]:
    """Return who was employed on a day, or of whose employment nothing is recorded."""
    spell = CANONICAL["employment_spell"].c
    then = select(spell.person_id).where(
        spell.hired_on <= day, or_(spell.left_on.is_(None), spell.left_on > day)
    )
    return or_(person.c.person_id.not_in(select(spell.person_id)), person.c.person_id.in_(then))


def _slices_of_people(facts: Facts) -> Subquery:
    """Return one row per person and slice that the person takes part in."""
    people = places_of_people(facts)
    parts = (
        (ORGANISATION, literal(0), people.c.programme_no != OUTSIDE),
        (PROGRAMME, people.c.programme_no, people.c.programme_no > 0),
        (COHORT, people.c.cohort_no, people.c.cohort_no > 0),
    )
    return union_all(
        *(
            select(people.c.person_no, literal(kind).label("kind_no"), number.label("slice_no"))
            .where(inside)
            .distinct()
            for kind, number, inside in parts
        )
    ).subquery()


def question_sums() -> Select:
    """Sum answers and their products over the complete responses of the last wave, by item.

    Columns: item_no, one_no and other_no (questions, numbered within the construct), people, x, y,
    xy. Where no wave is known, over all responses. Questions of one questionnaire only: the one
    that was answered most.
    """
    told = _told()
    complete, one, other = _complete(told), told.alias("one"), told.alias("other")
    both = and_(
        one.c.item_no == other.c.item_no,
        one.c.response_id == other.c.response_id,
        one.c.question_no <= other.c.question_no,
    )
    counted = and_(complete.c.item_no == one.c.item_no, complete.c.response_id == one.c.response_id)
    return (
        select(
            one.c.item_no,
            one.c.question_no.label("one_no"),
            other.c.question_no.label("other_no"),
            func.count().label("people"),
            total(one.c.x).label("x"),
            total(other.c.x).label("y"),
            total(one.c.x * other.c.x).label("xy"),
        )
        .select_from(one)
        .join(other, both)
        .join(complete, counted)
        .group_by(one.c.item_no, one.c.question_no, other.c.question_no)
    )


def _told() -> CTE:
    """Return one row per answer to a question with a scale that no conversation set off."""
    listed, wave = numbered_items(), CANONICAL["wave"]
    question = func.dense_rank().over(partition_by=listed.c.item_no, order_by=ITEM.c.item_id)
    return (
        select(
            listed.c.item_no,
            ITEM.c.instrument_id,
            question.label("question_no"),
            ANSWER.c.response_id,
            func.coalesce(wave.c.wave_no, 0).label("wave_no"),
            cast(turned(), Double).label("x"),
        )
        .select_from(listed)
        .join(ITEM, of_item(listed))
        .join(ANSWER, ANSWER.c.item_id == ITEM.c.item_id)
        .join(RESPONSE, RESPONSE.c.response_id == ANSWER.c.response_id)
        .join(wave, wave.c.wave_id == RESPONSE.c.wave_id, isouter=True)
        .where(given(), ANSWER.c.value_num.is_not(None), ITEM.c.kind == "scale")
        .where(RESPONSE.c.conversation_id.is_(None))
        .cte("told")
    )


def _complete(told: CTE) -> Subquery:
    """Return the responses of each item's last wave that answer every question of it."""
    last = (
        select(
            told.c.item_no,
            func.max(told.c.wave_no).label("wave_no"),
            func.count(told.c.question_no.distinct()).label("questions"),
        )
        .group_by(told.c.item_no)
        .subquery()
    )
    return (
        select(told.c.item_no, told.c.response_id)
        .join(last, and_(last.c.item_no == told.c.item_no, last.c.wave_no == told.c.wave_no))
        .group_by(told.c.item_no, told.c.response_id, last.c.questions)
        .having(func.count() == last.c.questions)
        .subquery()
    )
