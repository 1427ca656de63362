"""Aggregates of several attributes equal plain Python over the same rows, on every engine."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations_with_replacement

import numpy as np
import pytest
from sqlalchemy import create_engine, select

from store import reading, several
from store.aggregates import Grouping
from store.several import Jointly
from store.stamping import read_facts
from tests.store import by_hand
from tests.store.small_organisation import fill, make_rows

ATTRIBUTES = ("function", "origin")
JOINTLY = Jointly(tuple(Grouping(code) for code in ATTRIBUTES))


@pytest.fixture(scope="module", params=["duckdb", "sqlite"])
def filled(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    engine = create_engine(f"{request.param}:///{folder / 'store.db'}")
    fill(engine, make_rows(seed=7))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="module")
def facts(filled):
    return read_facts(filled)


@pytest.fixture(scope="module")
def done():
    """Return completed pairings in which both attributes of both people are known."""
    return [
        pairing
        for pairing in by_hand.pairings(make_rows(seed=7))
        if pairing["completed"]
        and not {"unknown", "not said"}
        & {group for code in ATTRIBUTES for group in pairing["groups"][code]}
    ]


@pytest.fixture(scope="module")
def strata(filled, facts):
    """Return (programme, cohort, cycle, pool) by stratum number; merged pools read 'across'."""
    found = defaultdict(list)
    for row in filled.execute(select(facts.stratum)):
        found[row.stratum_no].append(row)
    return {
        number: (
            rows[0].programme_id,
            rows[0].cohort_id,
            rows[0].cycle_no,
            rows[0].pool_code if len(rows) == 1 else "across",
        )
        for number, rows in found.items()
    }


@pytest.fixture(scope="module")
def seats(done):
    """Return, by stratum, one (person, function, origin) for each end of a pairing."""
    found = defaultdict(list)
    for pairing in done:
        for end, person in enumerate((pairing["a"], pairing["b"])):
            own = tuple(pairing["groups"][code][end] for code in ATTRIBUTES)
            found[pairing["stratum"]].append((person, *own))
    return found


def differences(pairing):
    return [int(len(set(pairing["groups"][code])) > 1) for code in ATTRIBUTES]


def test_patterns_count_pairings_by_what_the_two_people_differ_on(filled, facts, done, strata):
    frame = reading.read(filled, several.difference_patterns(facts, JOINTLY))
    counted = {
        (strata[row.stratum_no], row.pattern): (row.pairings, row.weight, row.weight_squared)
        for row in frame.itertuples()
    }
    expected = defaultdict(lambda: np.zeros(3))
    for pairing in done:
        one, other = differences(pairing)
        weight = pairing["weight"]
        expected[pairing["stratum"], one + 2 * other] += (1, weight, weight**2)
    assert counted.keys() == expected.keys()
    assert all(counted[key] == pytest.approx(tuple(expected[key])) for key in expected)
    assert {pattern for _, pattern in counted} == {0, 1, 2, 3}


def test_agreements_square_the_seats_of_each_crossed_category(filled, facts, seats, strata):
    frame = reading.read(filled, several.agreements(facts, JOINTLY))
    counted = {
        (strata[row.stratum_no], row.subset): (row.seats_squared, row.stubs_squared)
        for row in frame.itertuples()
    }
    expected = {}
    for stratum, here in seats.items():
        own = sum(count**2 for count in Counter(here).values())
        for subset, chosen in enumerate(((), (1,), (2,), (1, 2))):
            category = Counter(tuple(seat[a] for a in chosen) for seat in here)
            expected[stratum, subset] = (sum(n**2 for n in category.values()), own)
    assert counted == expected


def alike(here, seat, attribute):
    return sum(other[attribute] == seat[attribute] for other in here)


def test_common_partners_multiply_the_seats_alike_on_two_attributes(filled, facts, seats, strata):
    frame = reading.read(filled, several.common_partners(facts, JOINTLY))
    assert len(frame) == len(seats)
    for row in frame.to_dict("records"):
        here = seats[strata[row["stratum_no"]]]
        expected = {"seats": len(here)}
        for one in (0, 1):
            expected[f"alike_{one}"] = sum(alike(here, seat, one + 1) for seat in here)
            for other in range(one, 2):
                expected[f"alike_{one}_{other}"] = sum(
                    alike(here, seat, one + 1) * alike(here, seat, other + 1) for seat in here
                )
        assert {name: row[name] for name in expected} == pytest.approx(expected)


def lottery(here):
    """Return the share of two seats of different people, as they were, that differ."""
    pairs = [(one, other) for one in here for other in here if one != other]
    return [np.mean([one[a] != other[a] for one, other in pairs]) for a in (1, 2)]


@pytest.mark.parametrize("level", ["organisation", "programme"])
@pytest.mark.parametrize("over", ["person", "pair"])
def test_products_sum_crossings_and_expected_ones(filled, facts, done, seats, level, over):
    query = {"person": several.person_products, "pair": several.pair_products}[over]
    frame = reading.read(filled, query(facts, JOINTLY, level))
    chance = {stratum: lottery(here) for stratum, here in seats.items()}
    programmes = {"alpha": 1, "beta": 2}
    sums = defaultdict(lambda: np.zeros(4))
    for pairing in done:
        place = 0 if level == "organisation" else programmes[pairing["programme"]]
        vector = np.array([*differences(pairing), *chance[pairing["stratum"]]]) * pairing["weight"]
        ends = (pairing["a"], pairing["b"])
        for unit in ends if over == "person" else (ends,):
            sums[place, unit] += vector
    assert set(frame["slice_no"]) == {place for place, _ in sums}
    for row in frame.to_dict("records"):
        here = [vector for (place, _), vector in sums.items() if place == row["slice_no"]]
        assert row["people"] == len(here)
        for i, j in combinations_with_replacement(range(4), 2):
            expected = sum(vector[i] * vector[j] for vector in here)
            assert row[f"product_{i}_{j}"] == pytest.approx(expected)


def test_memberships_count_people_by_where_they_met_somebody(filled, facts, done):
    frame = reading.read(filled, several.joint_memberships(facts, JOINTLY))
    cells = {
        row.cell_no: (row.programme_id, row.cohort_id, row.quarter_no)
        for row in reading.cells(filled, facts).itertuples()
    }
    counted = Counter()
    for _, pattern in frame.groupby("pattern_no"):
        places = frozenset(cells[number] for number in pattern["cell_no"])
        counted[places] += int(pattern["people"].iloc[0])
    met = defaultdict(set)
    for pairing in done:
        for person in (pairing["a"], pairing["b"]):
            met[person].add((pairing["programme"], pairing["cohort"], pairing["quarter"]))
    assert counted == Counter(frozenset(places) for places in met.values())
