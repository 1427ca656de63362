"""What people had done at the end of each cycle in SQL, against counting by hand."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations

import pytest
from sqlalchemy import Connection, create_engine, select

from store import reading
from store.behaviour_cycles import AHEAD, COUNTS, LATELY, behaviour_cycles
from store.durations import MISSES
from store.facts import Facts
from store.stamping import read_facts
from tests.store import small_organisation
from tests.store.small_organisation import Rows, fill, make_rows
from tests.store.test_engagement import COHORTS, LATER, NUMBER, furthest

ROUNDS = 9
LAST = [(number, ROUNDS) for number in COHORTS.values()]


@pytest.fixture(scope="module")
def rows() -> Rows:
    """Return the small organisation with nine rounds, in which some withdraw."""
    rows, draw = make_rows(5, 40), random.Random(5)
    for cohort, programme in (("a1", "alpha"), ("a2", "alpha"), ("b1", "beta")):
        own = [row for row in rows["enrolment"] if row["cohort_id"] == cohort]
        for number, row in enumerate(own):
            row["status"] = "withdrawn" if number % 3 == 0 else "active"
        for turn in range(4, ROUNDS + 1):
            # those who withdraw are matched for some rounds more, and not all in every round
            members = [
                row["person_id"]
                for number, row in enumerate(own)
                if (number % 3 or turn < 4 + number % 5) and draw.random() > 0.1
            ]
            small_organisation._add_round(rows, draw, cohort, programme, turn, members)
    return rows


@pytest.fixture(scope="module")
def store(rows: Rows) -> tuple[Connection, Facts]:
    engine = create_engine("sqlite://")
    fill(engine, rows)
    connection = engine.connect()
    return connection, read_facts(connection)


def gave_by_hand(rows: Rows) -> set[tuple[str, int, str]]:
    """Return who gave feedback on a conversation of which round."""
    match_of = {row["conversation_id"]: row["match_id"] for row in rows["conversation"]}
    place = {row["match_id"]: (row["cohort_id"], row["round_no"]) for row in rows["match"]}
    return {
        (*place[match_of[row["conversation_id"]]], row["person_id"])
        for row in rows["response"]
        if match_of.get(row["conversation_id"])
    }


def fresh_by_hand(rows: Rows) -> set[tuple[str, int, str]]:
    """Return who was put together with somebody for the first time, in which round."""
    together = defaultdict(list)
    for row in rows["match_member"]:
        together[row["match_id"]].append(row["person_id"])
    seen, found = set(), set()
    for match in sorted(rows["match"], key=lambda row: row["round_no"]):
        for pair in combinations(sorted(together[match["match_id"]]), 2):
            if (match["cohort_id"], pair) not in seen:
                seen.add((match["cohort_id"], pair))
                found |= {(match["cohort_id"], match["round_no"], person) for person in pair}
    return found


def by_hand(rows: Rows) -> Iterator[tuple]:
    """Yield cohort, cycle, person, counts and whether the person stopped, cycle by cycle."""
    gave, fresh, far = gave_by_hand(rows), fresh_by_hand(rows), furthest(rows)
    left = {(row["cohort_id"], row["person_id"]) for row in rows["enrolment"]
            if row["status"] == "withdrawn"}  # fmt: skip
    for code, number in COHORTS.items():
        people = {person for (place, _), found in far.items() if place == number
                  for person in found}  # fmt: skip
        for person in people:
            turns = [(turn, far[number, turn][person]) for turn in range(1, ROUNDS + 1)
                     if far[number, turn].get(person, 0) > 0]  # fmt: skip
            met = [outcome == NUMBER["met"] for _, outcome in turns]
            for place, (turn, _) in enumerate(turns):
                stops = [end for end in range(MISSES - 1, len(turns))
                         if not any(met[end - MISSES + 1 : end + 1])]  # fmt: skip
                withdraws = (code, person) in left
                if any(end <= place for end in stops) or (withdraws and place == len(turns) - 1):
                    continue
                if place < LATELY - 1:
                    continue
                lately = range(place - LATELY + 1, place + 1)
                missed = 0
                while missed <= place and not met[place - missed]:
                    missed += 1
                counts = (
                    sum(met[one] for one in lately),
                    sum(turns[one][1] == NUMBER["no_show"] for one in lately),
                    sum((code, turns[one][0], person) in gave for one in lately),
                    sum(met[one] and (code, turns[one][0], person) in fresh for one in lately),
                    missed,
                )
                soon = any(place < end <= place + AHEAD for end in stops)
                soon = soon or (withdraws and len(turns) - 1 - place <= AHEAD)
                yield number, turn, person, counts, int(soon)


def found_in(store: tuple[Connection, Facts], step: int = 1) -> list[dict]:
    connection, facts = store
    return reading.rows(connection, behaviour_cycles(facts, LATER, LAST, step))


def test_every_person_and_cycle_is_as_counted_by_hand(rows, store) -> None:
    connection, facts = store
    who = dict(connection.execute(select(facts.person.c.person_no, facts.person.c.person_id)).all())
    found = [
        (row["cohort_no"], row["cycle_no"], who[row["person_no"]],
         tuple(row[name] for name in COUNTS), row["stopped"])
        for row in found_in(store)
    ]  # fmt: skip
    expected = sorted(by_hand(rows))
    assert sorted(found) == expected
    assert 0 < sum(row[-1] for row in expected) < len(expected)


def test_outside_the_sample_people_are_counted_in_the_last_cycle_alone(store) -> None:
    every, some = found_in(store), found_in(store, step=3)
    kept = {row["person_no"] for row in some if row["person_no"]}
    assert kept
    assert all(number % 3 == 0 for number in kept)
    own = [row for row in some if row["person_no"]]
    assert own == [row for row in every if row["person_no"] in kept]
    outside = [row for row in some if not row["person_no"]]
    assert {row["cycle_no"] for row in outside} == {ROUNDS}

    # together they are all people of the last cycle, alike ones in one row
    def counted(found: list[dict]) -> Counter:
        alike = Counter()
        for row in found:
            if row["cycle_no"] == ROUNDS:
                alike[row["cohort_no"], *(row[name] for name in COUNTS)] += row["people"]
        return alike

    assert counted(some) == counted(every)


def test_without_a_last_cycle_nobody_is_read(store) -> None:
    connection, facts = store
    assert reading.rows(connection, behaviour_cycles(facts, LATER, [])) == []
