"""Sums of behaviour in SQL, against counting by hand in plain Python."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest
from sqlalchemy import Connection, create_engine

from store import profiles, reading
from store.aggregates import Grouping
from store.facts import Facts
from store.stamping import read_facts
from tests.store import by_hand
from tests.store.small_organisation import Rows, fill, make_rows

LATER = date(2030, 1, 1)
SECOND_QUARTER = 4 * 2026 + 1


@pytest.fixture(scope="module")
def rows() -> Rows:
    return make_rows(5, 60)


@pytest.fixture(scope="module")
def store(rows: Rows) -> tuple[Connection, Facts]:
    engine = create_engine("sqlite://")
    fill(engine, rows)
    connection = engine.connect()
    return connection, read_facts(connection)


def read(
    store: tuple[Connection, Facts], as_of: date = LATER, before: int | None = None
) -> dict[str, dict[str, float]]:
    """Return the sums of each person, by the person's key."""
    connection, facts = store
    keys = {row["person_no"]: row["person_id"] for row in
            reading.rows(connection, facts.person.select())}  # fmt: skip
    found = reading.rows(connection, profiles.behaviour(facts, as_of, before))
    return {keys[row["person_no"]]: row for row in found}


def person_cycles(rows: Rows) -> dict[tuple[str, int], dict[str, int]]:
    """Return who could take part in each round of a cohort, and whether they met."""
    found: dict[tuple[str, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for pairing in by_hand.pairings(rows):
        if pairing["cohort"] and pairing["cycle"] < 100_000:
            for person in (pairing["a"], pairing["b"]):
                people = found[pairing["cohort"], pairing["cycle"]]
                people[person] = max(people[person], int(pairing["completed"] > 0))
    for row in rows["match_pool"]:
        found[row["cohort_id"], row["round_no"]][row["person_id"]] += 0
    return found


def usual(rows: Rows) -> dict[tuple[str, int], float]:
    return {place: sum(people.values()) / len(people)
            for place, people in person_cycles(rows).items()}  # fmt: skip


def test_cycles_and_meetings_are_those_of_the_rounds(
    rows: Rows, store: tuple[Connection, Facts]
) -> None:
    found, rates = read(store), usual(rows)
    expected: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for place, people in person_cycles(rows).items():
        for person, met in people.items():
            own, rate = expected[person], rates[place]
            own["cycles"] += 1
            own["met"] += met
            own["usual"] += rate
            own["chance"] += rate * (1 - rate)
    assert set(found) == set(expected)
    for person, own in expected.items():
        for name, value in own.items():
            assert found[person][name] == pytest.approx(value), name


def test_the_later_half_is_what_comes_after_the_middle_of_the_own_cycles(
    rows: Rows, store: tuple[Connection, Facts]
) -> None:
    found, late = read(store), defaultdict(float)
    turns: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for (cohort, cycle), people in person_cycles(rows).items():
        for person, met in people.items():
            turns[person, cohort].append((cycle, met))
    for (person, _), own in turns.items():
        ordered = sorted(own)
        # of three cycles the second and third, of two the second, of one that one
        for number, (_, met) in enumerate(ordered, 1):
            late[person] += met if 2 * number > len(ordered) else 0
    assert {person: row["late_met"] for person, row in found.items()} == pytest.approx(dict(late))


def test_silence_is_what_a_usual_member_met_since(
    rows: Rows, store: tuple[Connection, Facts]
) -> None:
    found, rates = read(store), usual(rows)
    by_cohort: dict[tuple[str, str], list[float]] = defaultdict(list)
    for (cohort, _), people in person_cycles(rows).items():
        for person in people:
            by_cohort[person, cohort] = []
    silences: dict[str, list[float]] = defaultdict(list)
    cycles = person_cycles(rows)
    for person, cohort in by_cohort:
        own = [cycle for (place, cycle), people in cycles.items()
               if place == cohort and person in people]  # fmt: skip
        met = [cycle for cycle in own if cycles[cohort, cycle][person]]
        since = max(met) if met else min(own) - 1
        silences[person].append(
            sum(rate for (place, cycle), rate in rates.items() if place == cohort and cycle > since)
        )
    for person, values in silences.items():
        assert found[person]["silence"] == pytest.approx(min(values), abs=1e-9)


def test_feedback_stands_beside_that_of_others_of_the_cohort_and_quarter(
    store: tuple[Connection, Facts],
) -> None:
    connection, facts = store
    seats = reading.rows(connection, facts.seat.select())
    keys = {row["person_no"]: row["person_id"] for row in
            reading.rows(connection, facts.person.select())}  # fmt: skip
    places: dict[tuple, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for row in seats:
        place = places[row["cohort_no"], row["quarter_no"]]
        place[0] += row["seats"]
        place[1] += row["feedbacks"]
    expected: dict[str, float] = defaultdict(float)
    for row in seats:
        all_seats, given = places[row["cohort_no"], row["quarter_no"]]
        expected[keys[row["person_no"]]] += row["seats"] * given / all_seats
    for person, row in read(store).items():
        assert row["feedback_usual"] == pytest.approx(expected[person])


def test_dates_and_partners_are_those_of_the_pairings(
    rows: Rows, store: tuple[Connection, Facts]
) -> None:
    dates, held, partners = defaultdict(int), defaultdict(int), defaultdict(set)
    for pairing in by_hand.pairings(rows):
        for one, other in ((pairing["a"], pairing["b"]), (pairing["b"], pairing["a"])):
            dates[one] += int(pairing["scheduled"] > 0 or pairing["completed"] > 0)
            held[one] += int(pairing["completed"] > 0)
            if pairing["completed"]:
                partners[one].add(other)
    for person, row in read(store).items():
        assert (row["dates"], row["held"]) == (dates[person], held[person])
        assert (row["pairings"], row["partners"]) == (held[person], len(partners[person]))


def test_what_happened_from_a_quarter_on_can_be_left_out(
    rows: Rows, store: tuple[Connection, Facts]
) -> None:
    whole, earlier = read(store), read(store, before=SECOND_QUARTER)
    assert all(row["seats"] <= whole[person]["seats"] for person, row in earlier.items())
    assert sum(row["seats"] for row in earlier.values()) < sum(
        row["seats"] for row in whole.values()
    )


def test_people_who_left_are_not_counted(rows: Rows) -> None:
    person = rows["enrolment"][0]["person_id"]
    spell = {"person_id": person, "spell_no": 1, "hired_on": date(2020, 1, 1),
             "left_on": date(2026, 3, 1)}  # fmt: skip
    engine = create_engine("sqlite://")
    fill(engine, rows | {"employment_spell": [spell]})
    with engine.connect() as connection:
        there = (connection, read_facts(connection))
        assert person not in read(there)
        assert person in read(there, as_of=date(2026, 2, 1))


def test_cohorts_without_rounds_are_counted_by_quarter(rows: Rows) -> None:
    kept = {name: part for name, part in rows.items()
            if name not in ("match", "match_member", "match_pool")}  # fmt: skip
    engine = create_engine("sqlite://")
    fill(engine, kept)
    with engine.connect() as connection:
        facts = read_facts(connection)
        found = read((connection, facts))
        eligible = reading.rows(connection, facts.eligible.select())
    quarters = {(row["cohort_no"], row["quarter_no"], row["person_no"]) for row in eligible}
    assert sum(row["cycles"] for row in found.values()) >= len(quarters) > 0


def test_groups_are_those_of_the_day(rows: Rows, store: tuple[Connection, Facts]) -> None:
    connection, facts = store
    groupings = [Grouping("function")]
    found = reading.rows(connection, profiles.groups_of_people(facts, LATER, groupings))
    assert len(found) == len(rows["person"])
    assert all(set(row) == {"person_no", "g0"} for row in found)
