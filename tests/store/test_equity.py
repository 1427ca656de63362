"""Sums behind the gaps between groups in SQL, against counting row by row."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pytest
from sqlalchemy import Connection, create_engine, select

from store import equity, equity_offers, reading
from store.aggregates import Grouping
from store.database import open_store
from store.facts import FIRST_GROUP, Facts
from store.stamping import read_facts
from tests.store.small_organisation import Rows, fill, make_rows

GROUPINGS = (Grouping("function"), Grouping("origin"))
BESIDE = (1, 0)
Store = tuple[Connection, Facts]


@pytest.fixture(scope="module")
def rows() -> Rows:
    made = make_rows(8, 60)
    made["outcome"] = [
        {
            "person_id": row["person_id"],
            "outcome_code": code,
            "as_of_on": made["cohort"][0]["ends_on"],
            "value_num": float(number % step == 0) if step else float(number),
        }
        for number, row in enumerate(made["person"])
        for code, step in (("retained", 3), ("score", 0))
    ]
    return made


@pytest.fixture(scope="module", params=("sqlite://", "duckdb:///:memory:"))
def store(request, rows: Rows) -> Store:
    url = request.param
    engine = create_engine(url) if url.startswith("sqlite") else open_store(url)
    fill(engine, rows)
    connection = engine.connect()
    return connection, read_facts(connection)


def table(store: Store, name: str) -> list[dict]:
    connection, facts = store
    return reading.rows(connection, select(getattr(facts, name)))


def groups_of(store: Store) -> dict[int, tuple[int, int]]:
    """Return the groups of each person on the first of January, when all cohorts start."""
    first: dict[int, tuple] = {}
    for row in table(store, "profile"):
        day = str(row["holds_from"])
        if day <= "2026-01-01" and day >= first.get(row["person_no"], ("",))[0]:
            first[row["person_no"]] = (day, (row["g0"], row["g1"]))
    return {person: groups for person, (_, groups) in first.items()}


def test_groups_are_those_on_entry(store):
    connection, facts = store
    frame = reading.read(connection, select(equity.groups_on_entry(facts, GROUPINGS)))
    found = {row.person_no: (row.g0, row.g1) for row in frame.itertuples()}
    assert found == groups_of(store)


def alone(store: Store) -> dict[tuple, list[tuple[float, float]]]:
    """Return d and x of each person by outcome and programme, counted row by row."""
    met = Counter()
    for row in table(store, "pairing"):
        for side in "ab":
            met[row[f"person_{side}"], row["programme_no"]] += row["completed"] > 0
    found = {
        ("participation", *place): (1.0, float(met[place] > 0))
        for place in {(row["person_no"], row["programme_no"]) for row in table(store, "eligible")}
    }
    seats = defaultdict(lambda: np.zeros(2))
    for row in table(store, "seat"):
        key = "feedback", row["person_no"], row["programme_no"]
        seats[key] += (row["seats"], row["feedbacks"])
    return found | {key: tuple(value) for key, value in seats.items()}


def together(store: Store) -> dict[tuple, tuple[float, float]]:
    """Return d and x of each person over all programmes, by outcome and set of programmes."""
    by_person = defaultdict(dict)
    for (outcome, person, programme), value in alone(store).items():
        by_person[outcome, person][programme] = value
    found = {}
    for (outcome, person), each in by_person.items():
        d, x = zip(*each.values(), strict=True)
        value = (sum(d), sum(x)) if outcome == "feedback" else (1.0, max(x))
        found[outcome, person, (len(each), min(each), max(each))] = value
    return found


def test_what_people_reach_alone_is_counted_by_group_and_place(store):
    """Over all programmes whoever is in several is one person."""
    connection, facts = store
    groups = groups_of(store)
    expected = defaultdict(lambda: np.zeros(6))
    each = {(outcome, person, programme, 0): value
            for (outcome, person, programme), value in alone(store).items()}  # fmt: skip
    each |= {
        (outcome, person, 0, number * equity.WIDE**2 + lowest * equity.WIDE + highest): value
        for (outcome, person, (number, lowest, highest)), value in together(store).items()
    }
    assert len(each) > len(alone(store)) and len({key[3] for key in each}) > 3
    for (outcome, person, *place), (d, x) in each.items():
        for attribute, own in enumerate(groups[person]):
            key = outcome, attribute, *place, groups[person][BESIDE[attribute]], own
            if own >= FIRST_GROUP:
                expected[key] += (1, d, x, d * d, x * d, x * x)
    frame = reading.read(connection, equity.group_sums(facts, GROUPINGS, BESIDE))
    found = {
        (row.outcome_code, row.attribute_no, row.programme_no, row.set_no, row.place_no,
         row.group_no): [row.people, row.d, row.x, row.dd, row.xd, row.xx]
        for row in frame.itertuples()
        if row.outcome_code in equity.OWN_OUTCOMES
    }  # fmt: skip
    assert found.keys() == expected.keys()
    for key, values in expected.items():
        assert found[key] == pytest.approx(values), key


def test_of_the_table_only_a_yes_or_no_is_an_outcome(store):
    connection, facts = store
    frame = reading.read(connection, equity.group_sums(facts, GROUPINGS, BESIDE))
    assert set(frame["outcome_code"]) == {"participation", "feedback", "retained"}
    listed = reading.rows(connection, equity.yes_or_no_outcomes())
    assert [row["outcome_code"] for row in listed] == ["retained"]


def offers(store: Store) -> dict[tuple, np.ndarray]:
    """Return d and x of two people, from both ends, by programme and pool."""
    pools = {row["stratum_no"]: row["pool_code"] for row in table(store, "stratum")}
    found = defaultdict(lambda: np.zeros(2))
    for row in table(store, "pairing"):
        ends = row["person_a"], row["person_b"]
        for own, partner in (ends, ends[::-1]):
            if row["matched"] > 0:
                place = row["programme_no"], pools[row["stratum_no"]]
                found[(*place, own, partner)] += (row["matched"], row["completed"])
    return found


def test_offers_are_counted_by_the_groups_of_both_people(store):
    connection, facts = store
    groups = groups_of(store)
    person, total, pair = (defaultdict(lambda: np.zeros(2)) for _ in range(3))
    for (programme, pool, own, partner), value in offers(store).items():
        one, other = groups[own][0], groups[partner][0]
        if min(one, other) >= FIRST_GROUP:
            person[programme, pool, own, one, other] += value
            total[programme, pool, own, one] += value
            pair[programme, pool, one, other] += (value[0] ** 2, value[0] * value[1])
    expected = defaultdict(lambda: np.zeros(5))
    for (programme, pool, own, one, other), (d, x) in person.items():
        t, u = total[programme, pool, own, one]
        expected[programme, pool, one, other] += (d, x, d * d, x * u, d * t)
    frame = reading.read(connection, equity_offers.offer_sums(facts, GROUPINGS))
    pools = {row["pool_code"] for row in table(store, "stratum")}
    code_of = dict(enumerate(sorted(pools), 1))
    frame = frame[frame["attribute_no"] == 0]
    rows = frame[frame["kind"] == "person"]
    found = {
        (row.programme_no, code_of[row.pool_no], row.own, row.partner): (
            row.d, row.x, row.dd, row.xu, row.dt,
        )
        for row in rows.itertuples()
    }  # fmt: skip
    assert found.keys() == expected.keys()
    for key, values in expected.items():
        assert found[key] == pytest.approx(values), key
    by_pair = {
        (row.programme_no, code_of[row.pool_no], row.own, row.partner): (row.dd, row.xd)
        for row in frame[frame["kind"] == "pair"].itertuples()
    }
    assert by_pair == {key: pytest.approx(value) for key, value in pair.items()}


def test_everybody_who_could_reach_something_is_in_one_pattern(store):
    connection, facts = store
    frame = reading.read(connection, equity.people_patterns(facts, GROUPINGS))
    groups = groups_of(store)
    known = {person for person, own in groups.items() if max(own) >= FIRST_GROUP}
    expected = {person for (_, _, person, _) in offers(store)} & known
    rows = frame[frame["item_no"] == equity.COMPLETION].drop_duplicates("pattern_no")
    assert rows["people"].sum() == len(expected)
