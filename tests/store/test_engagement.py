"""Cycles, steps and durations in SQL, against counting by hand."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, create_engine

from store import durations, engagement, reading, steps
from store.facts import Facts
from store.stamping import read_facts
from tests.store.small_organisation import Rows, fill, make_rows

LATER = datetime(2030, 1, 1, tzinfo=UTC)
COHORTS = {"a1": 1, "a2": 2, "b1": 3}
NUMBER = {name: number for number, name in enumerate(engagement.OUTCOMES)}


@pytest.fixture(scope="module")
def rows() -> Rows:
    return make_rows(5, 60)


@pytest.fixture(scope="module")
def store(rows: Rows) -> tuple[Connection, Facts]:
    engine = create_engine("sqlite://")
    fill(engine, rows)
    connection = engine.connect()
    return connection, read_facts(connection)


def furthest(rows: Rows) -> dict[tuple[int, int], dict[str, int]]:
    """Return how far each person came in each cohort and round."""
    matches = {row["match_id"]: row for row in rows["match"]}
    talks = {row["conversation_id"]: row for row in rows["conversation"]}
    found: dict[tuple[int, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))

    def note(match_id: str | None, person: str | None, outcome: str) -> None:
        match = matches.get(match_id)
        if match is None or match.get("round_no") is None or person is None:
            return
        people = found[COHORTS[match["cohort_id"]], match["round_no"]]
        people[person] = max(people[person], NUMBER[outcome])

    for row in rows["match_member"]:
        note(row["match_id"], row["person_id"], "no_date")
    for row in rows["conversation_participant"]:
        talk = talks[row["conversation_id"]]
        note(talk.get("match_id"), row.get("person_id"), outcome_of(talk, row))
    for row in rows.get("match_pool", []):
        people = found.get((COHORTS[row["cohort_id"]], row["round_no"]))
        if people is not None:
            people[row["person_id"]] = max(people[row["person_id"]], 0)
    return found


def outcome_of(talk: dict, seat: dict) -> str:
    if talk["status"] == "completed":
        return "no_show" if seat.get("attended") == "no" else "met"
    known = {"no_show": "no_show", "cancelled": "cancelled"}
    return known.get(talk["status"], "unknown")


def test_cycles_count_everybody_once_by_how_far_they_came(rows, store) -> None:
    connection, facts = store
    by_hand = furthest(rows)
    found = reading.rows(connection, engagement.cycles(facts, LATER))
    found = [row for row in found if row["cycle_no"] < 100]
    assert found
    for row in found:
        people = by_hand[row["cohort_no"], row["cycle_no"]]
        assert row["met"] == sum(value == NUMBER["met"] for value in people.values())
        assert row["no_show"] == sum(value == NUMBER["no_show"] for value in people.values())
        assert row["people"] == sum(row[name] for name in engagement.OUTCOMES)


def test_steps_never_count_more_people_with_feedback_than_met(store) -> None:
    connection, facts = store
    for row in reading.rows(connection, steps.steps(facts, "cohort")):
        assert row["gave_feedback"] <= row["met"]
        assert row["met_again"] <= row["met"]
        assert row["joined"] <= row["invited"] <= row["eligible"]


def misses_by_hand(sequence: list[bool]) -> int | None:
    """Return the first of three misses in a row, counted from 1."""
    for start in range(len(sequence) - 2):
        if not any(sequence[start : start + 3]):
            return start + 1
    return None


def test_people_stop_at_the_first_of_three_misses(rows, store) -> None:
    connection, facts = store
    by_hand = furthest(rows)
    expected: dict[tuple[int, int, int], int] = defaultdict(int)
    people = {(cohort, person) for (cohort, _), found in by_hand.items() for person in found}
    for cohort, person in people:
        met = [
            found[person] == NUMBER["met"]
            for (place, _), found in sorted(by_hand.items())
            if place == cohort and found.get(person, 0) > 0
        ]
        if met:
            missed = misses_by_hand(met)
            key = (cohort, missed or len(met), int(missed is not None))
            expected[key] += 1
    last = [(number, 99) for number in COHORTS.values()]
    found = {
        (row["cohort_no"], row["cycle"], row["stopped"]): row["people"]
        for row in reading.rows(connection, durations.durations(facts, LATER, last))
    }
    assert found == dict(expected)


def test_without_a_last_cycle_nobody_was_watched(store) -> None:
    connection, facts = store
    assert reading.rows(connection, durations.durations(facts, LATER, [])) == []
