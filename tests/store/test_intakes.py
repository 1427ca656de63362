"""Intakes in SQL, against counting row by row."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import numpy as np
import pytest
from sqlalchemy import create_engine, select

from store import intake_sums, intakes, reading
from store.database import open_store
from store.equity import people_patterns
from store.stamping import read_facts
from tests.store.small_organisation import Rows, fill, make_rows
from tests.store.test_equity import GROUPINGS, Store, alone, offers, table

STARTS = {"a1": date(2026, 1, 1), "a2": None, "b1": date(2025, 12, 31)}
QUARTERS = {"a1": 8104, "a2": 8105, "b1": 8103}
"""Four times the year, and 0 for January to March."""
ALPHA, BETA = 1, 2


@pytest.fixture(scope="module")
def rows() -> Rows:
    made = make_rows(8, 60)
    for row in made["cohort"]:
        row["starts_on"] = STARTS[row["cohort_id"]]
    for row in made["enrolment"]:
        # where the cohort has no date, the person's own counts, and first that of enrolling
        is_undated = row["cohort_id"] == "a2"
        row["enrolled_on"] = date(2026, 4, 1) if is_undated else None
        row["invited_on"] = date(2024, 1, 1)
    return made


@pytest.fixture(scope="module", params=("sqlite://", "duckdb:///:memory:"))
def store(request, rows: Rows) -> Store:
    url = request.param
    engine = create_engine(url) if url.startswith("sqlite") else open_store(url)
    fill(engine, rows)
    connection = engine.connect()
    return connection, read_facts(connection)


def began(store: Store, rows: Rows) -> dict[tuple[int, int], int]:
    """Return the first quarter of each person, by programme and (0) in any."""
    numbers = {row["person_id"]: row["person_no"] for row in table(store, "person")}
    found: dict[tuple[int, int], int] = {}
    for row in rows["enrolment"]:
        programme = BETA if row["cohort_id"] == "b1" else ALPHA
        for place in (programme, 0):
            key = numbers[row["person_id"]], place
            found[key] = min(found.get(key, 9999), QUARTERS[row["cohort_id"]])
    return found


def test_an_intake_is_the_first_quarter_in_a_programme_and_in_any(store, rows) -> None:
    connection, facts = store
    frame = reading.read(connection, select(intakes.intakes(facts)))
    expected = began(store, rows)
    found = {(row.person_no, row.programme_no): row.intake_no for row in frame.itertuples()}
    assert found == {key: value for key, value in expected.items() if key[1]}
    assert dict(zip(frame["person_no"], frame["first_no"], strict=True)) == {
        person: value for (person, programme), value in expected.items() if not programme
    }
    listed = reading.read(connection, intakes.listed_intakes(facts))
    assert set(listed.itertuples(index=False, name=None)) == {
        (programme, value) for (_, programme), value in expected.items()
    }


def test_a_person_of_several_programmes_is_one_person_over_all_of_them(store, rows) -> None:
    connection, facts = store
    first = began(store, rows)
    of_person = defaultdict(lambda: np.zeros(2))
    for (outcome, person, programme), (d, x) in alone(store).items():
        if (person, programme) not in first:
            continue
        of_person[outcome, programme, person] += (d, x)
        together = of_person[outcome, 0, person]
        if outcome == "participation":
            together[:] = 1, max(together[1], x)
        else:
            together += (d, x)
    expected = defaultdict(lambda: np.zeros(6))
    for (outcome, programme, person), (d, x) in of_person.items():
        key = outcome, programme, first[person, programme]
        expected[key] += (1, d, x, d * d, x * d, x * x)
    frame = reading.read(connection, intake_sums.intake_sums(facts))
    found = {
        (row.outcome_code, row.programme_no, row.group_no):
        (row.people, row.d, row.x, row.dd, row.xd, row.xx)
        for row in frame.itertuples()
    }  # fmt: skip
    assert found.keys() == expected.keys()
    for key, values in expected.items():
        assert found[key] == pytest.approx(values), key


def test_offers_are_counted_by_the_intakes_of_both_people(store, rows) -> None:
    connection, facts = store
    first = began(store, rows)
    pairs = defaultdict(lambda: np.zeros(2))
    for (programme, _, own, partner), value in offers(store).items():
        if (own, programme) in first and (partner, programme) in first:
            pairs[programme, own, partner] += value
            pairs[0, own, partner] += value
    expected = defaultdict(lambda: np.zeros(3))
    for (programme, own, partner), (d, x) in pairs.items():
        expected[programme, first[own, programme], first[partner, programme]] += (d, x, d * d)
    frame = reading.read(connection, intake_sums.intake_offers(facts))
    found = {
        (row.programme_no, row.own, row.partner): (row.d, row.x, row.dd)
        for row in frame[frame["kind"] == "pair"].itertuples()
    }
    assert found == {key: pytest.approx(value) for key, value in expected.items()}


def test_what_the_gate_knows_of_people_holds_their_intakes(store, rows) -> None:
    connection, facts = store
    frame = reading.read(connection, people_patterns(facts, GROUPINGS))
    own = frame[(frame["item_no"] == "participation") & (frame["programme_no"] == ALPHA)]
    own = own[own["g2"] == QUARTERS["a2"]].drop_duplicates("pattern_no")
    expected = [key for key, value in began(store, rows).items()
                if key[1] == ALPHA and value == QUARTERS["a2"]]  # fmt: skip
    assert own["people"].sum() == len(expected) > 0
