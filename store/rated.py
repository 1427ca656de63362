"""What one person's ratings come to: the value of a wave, first and last, and looking back.

An item is one skill as one kind of rater sees it on one scale. A person's value of a wave is the
mean over raters. First and last are the first and last wave of a series: the waves of a cohort, of
a programme, or of everybody.

A rating that looks back (a then-test) is no rating of the wave at which it is given nor of the one
it is about: `given` leaves it out of everything, and `looking_back` alone reads it.
"""

from __future__ import annotations

from sqlalchemy import CTE, Subquery, and_, case, func, select, true
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.expression import FromClause

from schema import CANONICAL
from store.aggregates import as_double
from store.facts import Facts

OWN = "self"
"""The raters who can look back: people themselves."""


def given() -> ColumnElement[bool]:
    """Keep ratings of the present that have a value."""
    rating = CANONICAL["skill_rating"].c
    return and_(_answered(), rating.about_wave_id.is_(None))


def _answered() -> ColumnElement[bool]:
    rating = CANONICAL["skill_rating"].c
    return and_(rating.state == "given", rating.value_num.is_not(None))


def listed_items() -> Subquery:
    """Return item_no with skill_code, rater_kind, scale_min and scale_max."""
    rating = CANONICAL["skill_rating"].c
    names = (rating.skill_code, rating.rater_kind, rating.scale_min, rating.scale_max)
    distinct = select(*names).where(given()).distinct().subquery()
    number = func.row_number().over(order_by=list(distinct.c))
    return select(number.label("item_no"), *distinct.c).subquery()


def of_item(listed: Subquery) -> ColumnElement[bool]:
    """Keep the ratings of each item."""
    rating = CANONICAL["skill_rating"].c
    names = ("skill_code", "rater_kind", "scale_min", "scale_max")
    return and_(*(rating[name] == listed.c[name] for name in names))


def values(facts: Facts, *, recalled_alone: bool = False) -> CTE:
    """Return item_no, person_no, series, wave_no and x: the mean over raters.

    Of all items, or of those alone at which somebody looked back.
    """
    rating, wave, listed = CANONICAL["skill_rating"], CANONICAL["wave"], listed_items()
    by = (listed.c.item_no, facts.person.c.person_no, _series(wave), wave.c.wave_no)
    return (
        select(*by, func.avg(as_double(rating.c.value_num)).label("x"))
        .select_from(rating)
        .join(listed, of_item(listed))
        .join(wave, wave.c.wave_id == rating.c.wave_id)
        .join(facts.person, facts.person.c.person_id == rating.c.person_id)
        .where(given(), _looked_back_at() if recalled_alone else true())
        .group_by(*by)
        .cte("recalled" if recalled_alone else "rated")
    )


def _looked_back_at() -> ColumnElement[bool]:
    rating, other = CANONICAL["skill_rating"].c, CANONICAL["skill_rating"].alias("other").c
    asked = select(other.skill_code).where(other.about_wave_id.is_not(None))
    return and_(rating.rater_kind == OWN, rating.skill_code.in_(asked))


def _series(wave: FromClause) -> ColumnElement[str]:
    return func.coalesce(wave.c.cohort_id, wave.c.programme_id, "").label("series")


def by_wave(rated: CTE) -> Subquery:
    """Return item_no, person_no, wave_no, x."""
    by = (rated.c.item_no, rated.c.person_no, rated.c.wave_no)
    return select(*by, func.avg(rated.c.x).label("x")).group_by(*by).subquery()


def _ends(rated: CTE) -> Subquery:
    """Return item_no, series, and the numbers of its first and last wave."""
    series = [rated.c.item_no, rated.c.series]
    first, last = func.min(rated.c.wave_no), func.max(rated.c.wave_no)
    return (
        select(*series, first.label("first_no"), last.label("last_no")).group_by(*series).subquery()
    )


def _by_series(rated: CTE) -> Subquery:
    """Return item_no, person_no, series, x (first) and y (last), either of which may be missing."""
    ends = _ends(rated)
    same = and_(ends.c.item_no == rated.c.item_no, ends.c.series == rated.c.series)
    by = (rated.c.item_no, rated.c.person_no, rated.c.series)
    later = and_(rated.c.wave_no == ends.c.last_no, ends.c.last_no > ends.c.first_no)
    return (
        select(
            *by,
            func.avg(case((rated.c.wave_no == ends.c.first_no, rated.c.x))).label("x"),
            func.avg(case((later, rated.c.x))).label("y"),
        )
        .select_from(rated)
        .join(ends, same)
        .group_by(*by)
        .subquery()
    )


def first_and_last(rated: CTE) -> Subquery:
    """Return item_no, person_no, x (first, never missing) and y (last, or missing)."""
    each = _by_series(rated)
    person = (each.c.item_no, each.c.person_no)
    # who is in two series counts with those in which both ends are known, where there are any
    both = case((each.c.y.is_not(None), each.c.x))
    return (
        select(
            *person,
            func.coalesce(func.avg(both), func.avg(each.c.x)).label("x"),
            func.avg(case((each.c.x.is_not(None), each.c.y))).label("y"),
        )
        .where(each.c.x.is_not(None))
        .group_by(*person)
        .subquery()
    )


def looking_back(facts: Facts) -> Subquery:
    """Return item_no, person_no, x (first), t (first, as recalled at last) and y (last).

    Only those who have all three in one series; who has them in two counts with the mean.
    """
    rated = values(facts, recalled_alone=True)
    each, recalled = _by_series(rated), _recalled(facts, rated)
    same = and_(*(recalled.c[name] == each.c[name] for name in ("item_no", "person_no", "series")))
    person = (each.c.item_no, each.c.person_no)
    return (
        select(
            *person,
            func.avg(each.c.x).label("x"),
            func.avg(recalled.c.t).label("t"),
            func.avg(each.c.y).label("y"),
        )
        .select_from(each)
        .join(recalled, same)
        .where(each.c.x.is_not(None), each.c.y.is_not(None))
        .group_by(*person)
        .subquery()
    )


def _recalled(facts: Facts, rated: CTE) -> Subquery:
    """Return item_no, person_no, series and t: the first wave, as recalled at the last one."""
    rating, listed, ends = CANONICAL["skill_rating"], listed_items(), _ends(rated)
    now, then = CANONICAL["wave"].alias("now"), CANONICAL["wave"].alias("then")
    by = (listed.c.item_no, facts.person.c.person_no, ends.c.series)
    at_the_end = and_(
        ends.c.item_no == listed.c.item_no,
        ends.c.series == _series(now),
        ends.c.series == _series(then),
        ends.c.first_no == then.c.wave_no,
        ends.c.last_no == now.c.wave_no,
        ends.c.last_no > ends.c.first_no,
    )
    return (
        select(*by, func.avg(as_double(rating.c.value_num)).label("t"))
        .select_from(rating)
        .join(listed, of_item(listed))
        .join(now, now.c.wave_id == rating.c.wave_id)
        .join(then, then.c.wave_id == rating.c.about_wave_id)
        .join(ends, at_the_end)
        .join(facts.person, facts.person.c.person_id == rating.c.person_id)
        .where(_answered(), rating.c.rater_kind == OWN)
        .group_by(*by)
        .subquery()
    )
