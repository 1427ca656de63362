"""The aggregates of the funnel equal plain Python over the same rows, on every engine at hand."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime

import numpy as np
import pytest
from sqlalchemy import create_engine

from store import funnel, reading
from store.aggregates import LEVELS, Grouping
from store.funnel import KINDS
from store.stamping import read_facts
from tests.store import by_hand
from tests.store.small_organisation import fill, make_rows

ATTRIBUTES = ("function", "origin")
NOT_KNOWN = {"unknown", "not said"}


@pytest.fixture(scope="module", params=["duckdb", "sqlite"])
def engine(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    engine = create_engine(f"{request.param}:///{folder / 'store.db'}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def rows():
    return make_rows(seed=5)


@pytest.fixture(scope="module")
def connection(engine, rows):
    fill(engine, rows)
    with engine.connect() as connection:
        yield connection


@pytest.fixture(scope="module")
def facts(connection):
    return read_facts(connection)


@pytest.fixture(scope="module")
def arranged(rows):
    return [p for p in by_hand.pairings(rows) if p["matched"] or p["completed"]]


@pytest.fixture(scope="module")
def names(connection, facts):
    known = {
        (row.attribute_code, row.group_no): row.value_code
        for row in reading.groups(connection, facts).itertuples()
    }
    return known


@pytest.fixture(scope="module")
def numbers(rows):
    """Return the number of each slice by level and code, in the order of the codes."""
    found = {"organisation": defaultdict(int)}
    for level in ("programme", "cohort"):
        codes = sorted(row[f"{level}_id"] for row in rows[level])
        found[level] = {code: number for number, code in enumerate(codes, 1)} | {"": 0}
    return found


def slices(pairing, numbers):
    """Return (level, slice) of every slice that a pairing lies in."""
    for level_no, level in enumerate(LEVELS):
        yield level_no, numbers[level][pairing.get(level, "")]


def known(pairings, attribute):
    return [p for p in pairings if not NOT_KNOWN & set(p["groups"][attribute])]


def kind(pairing, attribute):
    one, other = pairing["groups"][attribute]
    return 3 * (one != other) + pairing["completed"] + pairing["continued"]


def products(weights):
    return {
        f"product_{one}_{other}": sum(w[one] * w[other] for w in weights)
        for one in range(KINDS)
        for other in range(one, KINDS)
    }


def by_slice(frame):
    return {(row["level_no"], row["slice_no"]): row for row in frame.to_dict("records")}


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_stage_moments_are_products_of_each_persons_pairings_by_kind(
    connection, facts, arranged, numbers, attribute
):
    found = by_slice(reading.read(connection, funnel.stage_moments(facts, Grouping(attribute))))
    weight = defaultdict(lambda: defaultdict(Counter))
    for pairing in known(arranged, attribute):
        for place in slices(pairing, numbers):
            for person in (pairing["a"], pairing["b"]):
                weight[place][person][kind(pairing, attribute)] += pairing["weight"]
    assert found.keys() == weight.keys()
    assert len(found) > 6
    for place, people in weight.items():
        wanted = products(people.values()) | {
            "arranged": len(people),
            "completed": sum(any(w[k] for k in (1, 2, 4, 5)) for w in people.values()),
            "continued": sum(any(w[k] for k in (2, 5)) for w in people.values()),
            "same": sum(any(w[k] for k in (0, 1, 2)) for w in people.values()),
            "across": sum(any(w[k] for k in (3, 4, 5)) for w in people.values()),
        }
        assert {name: found[place][name] for name in wanted} == pytest.approx(wanted)


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_stage_pairs_join_the_pairings_of_the_same_two_people(
    connection, facts, arranged, numbers, attribute
):
    found = by_slice(reading.read(connection, funnel.stage_pairs(facts, Grouping(attribute))))
    weight = defaultdict(lambda: defaultdict(Counter))
    for pairing in known(arranged, attribute):
        for place in slices(pairing, numbers):
            own = kind(pairing, attribute)
            weight[place][pairing["a"], pairing["b"]][own] += pairing["weight"]
    for place, pairs in weight.items():
        wanted = products(pairs.values())
        assert {name: found[place][name] for name in wanted} == pytest.approx(wanted)
    assert found.keys() == weight.keys()


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_stage_counts_are_pairings_by_cohort_and_kind(
    connection, facts, arranged, numbers, attribute
):
    frame = reading.read(connection, funnel.stage_counts(facts, Grouping(attribute)))
    counted = {
        (row.programme_no, row.cohort_no, row.kind): (row.pairings, row.weight, row.offered)
        for row in frame.itertuples()
    }
    wanted = defaultdict(lambda: np.zeros(3))
    for pairing in known(arranged, attribute):
        (_, _), (_, programme), (_, cohort) = slices(pairing, numbers)
        by_offer = pairing["matched"] and pairing["completed"]
        wanted[programme, cohort, kind(pairing, attribute)] += np.array(
            [1, pairing["weight"], pairing["weight"] * by_offer]
        )
    assert counted.keys() == wanted.keys()
    for key, numbers_of in wanted.items():
        assert counted[key] == pytest.approx(tuple(numbers_of))


@pytest.mark.parametrize("stage", ["arranged", "completed"])
@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_seats_by_lottery_count_every_pairing_at_both_ends(
    connection, facts, arranged, names, attribute, stage
):
    query = funnel.seats_by_lottery(facts, Grouping(attribute), stage)
    frame = reading.read(connection, query)
    seats = defaultdict(lambda: defaultdict(list))
    for pairing in known(arranged, attribute):
        if stage == "arranged" or pairing["completed"]:
            for side, person in enumerate((pairing["a"], pairing["b"])):
                group = pairing["groups"][attribute][side]
                seats[pairing["stratum"], group][person].append(pairing["weight"])
    wanted = sorted(
        (
            names_of[1],
            sum(len(w) for w in people.values()),
            sum(len(w) ** 2 for w in people.values()),
            round(sum(sum(w) for w in people.values()), 9),
            round(sum(x * x for w in people.values() for x in w), 9),
            round(sum(sum(w) ** 2 for w in people.values()), 9),
        )
        for names_of, people in seats.items()
    )
    counted = sorted(
        (
            names[attribute, row.group_no],
            row.seats,
            row.seats_squared,
            round(row.weight, 9),
            round(row.weight_squared, 9),
            round(row.strength_squared, 9),
        )
        for row in frame.itertuples()
    )
    assert counted == wanted
    assert len(counted) > 15


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_available_are_the_people_of_the_recorded_pools_in_which_somebody_was_paired(
    connection, facts, rows, names, attribute
):
    frame = reading.read(connection, funnel.available(facts, Grouping(attribute)))
    counted = Counter()
    for row in frame.itertuples():
        counted[names[attribute, row.group_no]] += row.people
    drawn, strata = {}, defaultdict(set)
    for pairing in by_hand.pairings(rows):
        key = pairing["cohort"], pairing["cycle"]
        strata[key].add(pairing["stratum"][-1])
    for match in rows["match"]:
        key = match["cohort_id"], match["round_no"]
        drawn[key] = min(match["offered_at"], drawn.get(key, match["offered_at"]))
    # the moment of a round is that of its first pairing: held, or offered where nobody met
    for key in drawn:
        drawn[key] = min(_moments(rows, *key))
    wanted = Counter()
    for row in rows["match_pool"]:
        key = row["cohort_id"], row["round_no"]
        if "across" in strata[key] or row["pool_code"] in strata[key]:
            group = by_hand.group_at(rows, row["person_id"], attribute, drawn[key])
            if group not in NOT_KNOWN:
                wanted[group] += 1
    assert counted == wanted
    assert sum(wanted.values()) > 30


def _moments(rows, cohort, round_no):
    """Return when each pairing of a round was first held, else first offered or planned."""
    offers = {
        m["match_id"]: m
        for m in rows["match"]
        if (m["cohort_id"], m["round_no"]) == (cohort, round_no)
    }
    seats = defaultdict(list)
    for seat in rows["conversation_participant"]:
        if seat["person_id"]:
            seats[seat["conversation_id"]].append(seat)
    members = defaultdict(list)
    for member in rows["match_member"]:
        members[member["match_id"]].append(member["person_id"])
    for match_id, match in offers.items():
        for one in members[match_id]:
            for other in members[match_id]:
                if one < other:
                    yield _moment_of(rows, match, seats, one, other)


def _moment_of(rows, match, seats, one, other):
    held = []
    for talk in rows["conversation"]:
        if talk["match_id"] == match["match_id"] and talk["status"] == "completed":
            here = {seat["person_id"]: seat["attended"] for seat in seats[talk["conversation_id"]]}
            if {one, other} <= here.keys() and "no" not in (here[one], here[other]):
                held.append(talk["scheduled_start_at"])
    return min(held, default=match["offered_at"])


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_headcounts_hold_everybody_enrolled_or_paired_once_with_their_latest_group(
    connection, facts, rows, names, numbers, attribute
):
    frame = reading.read(connection, funnel.headcounts(facts, Grouping(attribute)))
    counted = {
        (row.level_no, row.slice_no, names[attribute, row.group_no]): (row.people, row.enrolled)
        for row in frame.itertuples()
    }
    present, enrolled, last = defaultdict(set), defaultdict(set), {}
    programme_of = {row["cohort_id"]: row["programme_id"] for row in rows["cohort"]}
    # the cohorts run until the end of April: both quarters know of the enrolled
    quarters = {1: datetime(2026, 4, 1, tzinfo=UTC), 2: datetime(2026, 7, 1, tzinfo=UTC)}
    for row in rows["enrolment"]:
        place = {"programme": programme_of[row["cohort_id"]], "cohort": row["cohort_id"]}
        for slice_ in slices(place, numbers):
            present[slice_].add(row["person_id"])
            enrolled[slice_].add(row["person_id"])
            last[slice_, row["person_id"]] = 2
    for pairing in by_hand.pairings(rows):
        for slice_ in slices(pairing, numbers):
            for person in (pairing["a"], pairing["b"]):
                present[slice_].add(person)
                quarter = pairing["quarter"] - 2026 * 4 + 1
                last[slice_, person] = max(quarter, last.get((slice_, person), 0))
    wanted = defaultdict(lambda: [0, 0])
    for slice_, people in present.items():
        for person in people:
            moment = quarters[last[slice_, person]]
            group = by_hand.group_at(rows, person, attribute, moment)
            if group not in NOT_KNOWN:
                wanted[*slice_, group][0] += 1
                wanted[*slice_, group][1] += person in enrolled[slice_]
    assert counted == {key: tuple(counts) for key, counts in wanted.items()}
