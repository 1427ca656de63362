"""Patterns of people equal sets counted in plain Python, on every engine."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

import pytest
from sqlalchemy import Date, create_engine, literal, select

from store import reading
from store.aggregates import Grouping
from store.facts import FIRST_GROUP
from store.patterns import OUTSIDE, groups_at, patterns, places_of_people
from store.stamping import read_facts
from tests.store.small_organisation import fill, make_rows

DAY = date(2026, 2, 20)
ITEMS = (1, 2)


def everything():
    """Return rows in which one cohort waits, so that somebody may be outside of it all."""
    rows = make_rows(seed=3, people=60)
    rows["enrolment"] = rows["enrolment"][:25]
    rows["cohort"][1]["arm"] = "waitlist"
    return rows


@pytest.fixture(scope="module")
def rows():
    return everything()


@pytest.fixture(scope="module", params=["duckdb", "sqlite"])
def filled(request, rows, tmp_path_factory):
    engine = create_engine(f"{request.param}:///{tmp_path_factory.mktemp('store') / 'store.db'}")
    fill(engine, rows)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="module")
def facts(filled):
    return read_facts(filled)


def number_of(rows, person):
    """Return the running number of a person: people are numbered in the order of their keys."""
    return sorted(row["person_id"] for row in rows["person"]).index(person) + 1


def places_by_hand(rows):
    """Return the (programme, cohort) numbers of each person's number."""
    cohorts = {row["cohort_id"]: row for row in rows["cohort"]}
    numbers = {code: n for n, code in enumerate(sorted(cohorts), 1)}
    programmes = {"alpha": 1, "beta": 2}
    places = defaultdict(set)
    for row in rows["enrolment"]:
        cohort = cohorts[row["cohort_id"]]
        if cohort["arm"] == "delivered" and row["status"] == "active":
            place = programmes[cohort["programme_id"]], numbers[row["cohort_id"]]
            places[number_of(rows, row["person_id"])].add(place)
    talks = {row["conversation_id"]: row for row in rows["conversation"]}
    for seat in rows["conversation_participant"]:
        talk = talks[seat["conversation_id"]]
        if talk["status"] == "completed" and seat["person_id"] and seat["attended"] != "no":
            place = programmes[talk["programme_id"]], numbers.get(talk["cohort_id"], 0)
            places[number_of(rows, seat["person_id"])].add(place)
    return places


STARTS = {"a1": date(2026, 1, 1), "a2": date(2026, 4, 1), "b1": date(2025, 12, 31)}
"""Starts of cohorts in three quarters, for rows that have them."""


def intakes_by_hand(rows):
    """Return (programme, quarter) of each person's number, and (0, quarter) of the first of all.

    Of those alone who take part in a programme in which they were enrolled.
    """
    programmes, began = {"a1": 1, "a2": 1, "b1": 2}, defaultdict(dict)
    for row in rows["enrolment"]:
        day, own = STARTS[row["cohort_id"]], began[number_of(rows, row["person_id"])]
        quarter, programme = 4 * day.year + (day.month - 1) // 3, programmes[row["cohort_id"]]
        own[programme] = min(quarter, own.get(programme, quarter))
    held = places_by_hand(rows)
    found = defaultdict(set)
    for person, own in began.items():
        there = {programme for programme, _ in held[person]} & set(own)
        found[person] = {(programme, own[programme]) for programme in there}
        if there:
            found[person].add((0, min(own.values())))
    return found


def test_people_take_part_where_they_joined_or_met(filled, facts, rows):
    frame = reading.read(filled, select(places_of_people(facts)))
    found = defaultdict(set)
    for row in frame.itertuples():
        found[row.person_no].add((row.programme_no, row.cohort_no))
    taking_part = places_by_hand(rows)
    expected = {n: taking_part.get(n) or {(OUTSIDE, 0)} for n in range(1, 61)}
    assert found == expected


def _rows(facts, groupings):
    """Return people of every place, on two items: of the second every third person is missing."""
    places = places_of_people(facts)
    day = literal(DAY, Date)
    dated = select(facts.person.c.person_no, day.label("as_of")).subquery()
    groups = groups_at(facts, dated, groupings)
    both = [
        select(
            literal(item).label("item_no"),
            places.c.person_no,
            places.c.programme_no,
            places.c.cohort_no,
            literal(1).label("period_no"),
            *(groups.c[f"g{number}"] for number in range(len(groupings))),
        )
        .join(groups, groups.c.person_no == places.c.person_no)
        .where(places.c.person_no % 3 < 5 - 2 * item + 1)
        for item in ITEMS
    ]
    return both[0].union_all(both[1]).subquery()


def test_patterns_are_the_sets_of_rows_that_people_share(filled, facts, rows):
    groupings = (Grouping("function"), Grouping("origin", {FIRST_GROUP: FIRST_GROUP + 1}))
    wanted = _rows(facts, groupings)
    plain = reading.read(filled, select(wanted))
    sets = defaultdict(set)
    for row in plain.itertuples(index=False):
        sets[row.item_no, row.person_no].add(tuple(row)[2:])
    expected = Counter((item, frozenset(held)) for (item, _), held in sets.items())
    frame = reading.read(filled, patterns(wanted))
    found = {}
    for (item, _), part in frame.groupby(["item_no", "pattern_no"]):
        held = frozenset(tuple(row)[3:] for row in part.itertuples(index=False))
        found[item, held] = part["people"].iloc[0]
    assert found == expected
    numbers = frame.groupby("item_no")["pattern_no"].unique()
    assert all(sorted(each) == list(range(1, len(each) + 1)) for each in numbers)
