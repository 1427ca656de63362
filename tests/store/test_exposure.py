"""What claims read equals plain Python over the same rows, on every engine at hand."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime, time

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from store import activities, exposure, lots, outcomes, reading
from store.aggregates import Grouping
from store.beginnings import beginnings
from store.stamping import read_facts
from tests.store import by_hand
from tests.store.learning_rows import WAVES, learning_rows
from tests.store.small_organisation import fill

ATTRIBUTES = ("function", "origin")
GROUPINGS = tuple(Grouping(attribute) for attribute in ATTRIBUTES)
UNKNOWN = {"unknown", "not said"}


@pytest.fixture(scope="module")
def rows():
    return learning_rows()


@pytest.fixture(scope="module", params=["duckdb", "sqlite"])
def connection(request, rows, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    engine = create_engine(f"{request.param}:///{folder / 'store.db'}")
    fill(engine, rows)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="module")
def facts(connection):
    return read_facts(connection)


@pytest.fixture(scope="module")
def pairings(rows):
    return by_hand.pairings(rows)


def read(connection, query):
    return reading.read(connection, query).to_dict("records")


def number_of(rows):
    people = sorted(row["person_id"] for row in rows["person"])
    return {person: number for number, person in enumerate(people, 1)}


def turn_of(moment):
    return sum(moment >= datetime.combine(day, time.min, UTC) for day in WAVES)


def test_waves_are_numbered_by_the_day_they_open(connection, facts):
    assert exposure.wave_days(connection) == WAVES
    assert exposure.sample_step(connection, facts) == 1


def test_ratings_are_means_by_person_skill_and_wave(connection, facts, rows):
    expected = defaultdict(list)
    for row in rows["skill_rating"]:
        if row["rater_kind"] == "peer" and row["value_num"] is not None:
            key = (number_of(rows)[row["person_id"]], "st".index(row["skill_code"]),
                   int(row["wave_id"][1]))  # fmt: skip
            expected[key].append((row["value_num"] - 1) / 4)
    query = exposure.ratings(facts, "peer", "st", WAVES, 1)
    found = {
        (row["person_no"], row["skill_no"], row["wave_no"]): row["rating"]
        for row in read(connection, query)
    }
    assert found == pytest.approx({key: sum(part) / len(part) for key, part in expected.items()})


def test_a_rating_that_looks_back_is_no_rating_of_a_wave(facts, rows):
    def read_all(rows):
        engine = create_engine("sqlite://", poolclass=StaticPool)
        fill(engine, rows)
        with engine.connect() as connection:
            return [
                read(connection, query)
                for query in (exposure.rater_kinds(), exposure.people_rated(),
                              exposure.skills("self"),
                              exposure.ratings(facts, "self", "st", WAVES, 1))
            ]  # fmt: skip

    back = {"rater_kind": "self", "wave_id": "w3", "about_wave_id": "w1", "state": "given",
            "scale_min": 0.0, "scale_max": 9.0, "value_num": 9.0, "skill_code": "s",
            "rated_on": WAVES[0]}  # fmt: skip
    more = [
        back | {"rating_id": f"back {number}", "person_id": row["person_id"]}
        for number, row in enumerate(rows["person"])
    ]
    assert read_all(rows | {"skill_rating": rows["skill_rating"] + more}) == read_all(rows)


def test_every_second_person_is_read_of_twice_as_many(connection, facts):
    query = exposure.ratings(facts, "peer", "st", WAVES, 2)
    assert {row["person_no"] % 2 for row in read(connection, query)} == {0}


def conversations_by_hand(rows):
    """Return [held, same and cross of each attribute] by (person, turn), seat by seat."""
    seats, found = defaultdict(list), defaultdict(lambda: [0.0] * 5)
    for row in rows["conversation_participant"]:
        seats[row["conversation_id"]].append(row)
    for talk in rows["conversation"]:
        places = seats[talk["conversation_id"]]
        came = [seat["person_id"] for seat in places if seat["person_id"]
                and seat["attended"] != "no"]  # fmt: skip
        if talk["status"] != "completed":
            continue
        start = talk["scheduled_start_at"]
        for person in came:
            for other in came:
                if person != other:
                    sums = found[number_of(rows)[person], turn_of(start)]
                    part = 1 / (len(places) - 1)
                    sums[0] += part
                    for number, code in enumerate(ATTRIBUTES):
                        groups = [
                            by_hand.group_at(rows, who, code, start) for who in (person, other)
                        ]
                        if not UNKNOWN & set(groups):
                            sums[1 + 2 * number + (groups[0] != groups[1])] += part
    return found


def test_conversations_are_summed_between_waves(connection, facts, rows):
    found = {
        (row["person_no"], row["turn"]): [
            row[name] for name in ("held", "same_0", "cross_0", "same_1", "cross_1")
        ]
        for row in read(connection, exposure.conversations(facts, GROUPINGS, WAVES, 1))
    }
    expected = conversations_by_hand(rows)
    assert found.keys() == expected.keys()
    for key, sums in expected.items():
        assert found[key] == pytest.approx(sums)


def drawn_pairings(pairings):
    """Return the pairings offered in random rounds within a recorded pool, by lottery."""
    lotteries = defaultdict(list)
    for pairing in pairings:
        drawn = pairing["cohort"] == "a1" and pairing["cycle"] in (1, 2)
        if drawn and pairing["stratum"][-1] != "across" and pairing["matched"]:
            lotteries[pairing["stratum"]].append(pairing)
    return lotteries


def test_lotteries_are_those_drawn_at_random_within_pools(connection, facts, pairings):
    found = read(connection, lots.lotteries(facts, WAVES))
    expected = drawn_pairings(pairings)
    assert len(expected) == 4
    weights = [
        (sum(each["weight"] for each in part), sum(each["weight"] ** 2 for each in part))
        for part in expected.values()
    ]
    assert sorted((row["weight"], row["weight_squared"]) for row in found) == sorted(
        map(pytest.approx, weights), key=lambda pair: pair.expected
    )
    # round 1 was drawn before the first wave, round 2 after it
    assert sorted(row["turn"] for row in found) == [0, 0, 1, 1]


def test_people_drawn_are_counted_by_group(connection, facts, pairings):
    expected = Counter()
    for number, code in enumerate(ATTRIBUTES):
        for part in drawn_pairings(pairings).values():
            people = {
                (person, group)
                for each in part
                for person, group in zip((each["a"], each["b"]), each["groups"][code], strict=True)
            }
            expected[number] += len(people)
    found = Counter()
    for row in read(connection, lots.drawn_people(facts, GROUPINGS)):
        found[row["attribute_no"]] += row["people"]
    assert found == expected


def test_partners_of_another_group_are_shares_of_each_lottery(connection, facts, rows, pairings):
    expected = Counter()
    for part in drawn_pairings(pairings).values():
        for each in part:
            groups = each["groups"]["origin"]
            crossing = groups[0] != groups[1] and not UNKNOWN & set(groups)
            for person in (each["a"], each["b"]):
                expected[number_of(rows)[person]] += each["weight"] * crossing
    found = Counter()
    for row in read(connection, lots.partners(facts, GROUPINGS, 1)):
        found[row["person_no"]] += row["crossed_1"]
    assert dict(found) == pytest.approx(dict(expected))


def test_a_start_is_the_first_of_any_cohort_and_never_before_joining(connection, facts, rows):
    starts = {row["cohort_id"]: row["starts_on"] for row in rows["cohort"]}
    expected = {}
    for row in rows["enrolment"]:
        days = [day for day in (starts[row["cohort_id"]], row["enrolled_on"]) if day]
        day, person = max(days, default=None), number_of(rows)[row["person_id"]]
        if day is not None:
            expected[person] = min(day, expected.get(person, day))
    found = {
        row["person_no"]: row["turn"]
        for row in read(connection, beginnings(facts, WAVES, 1))
        if row["turn"] >= 0
    }
    dated = {person: sum(day >= wave for wave in WAVES) for person, day in expected.items()}
    assert {person: dated[person] for person in found} == found


def test_activities_are_counted_by_who_leads(connection, facts, rows):
    expected, ended = Counter(), Counter()
    for row in rows["learning_activity"]:
        led = {"peer": "peer", "mentoring": "peer", "self_paced": "other"}.get(
            row["modality"], "instructor"
        )
        if row["status"] == "completed":
            expected[led, turn_of(row["started_at"])] += 1
        if row["status"] != "in_progress":
            ended[row["modality"]] += 1
    found = Counter()
    for row in read(connection, activities.activities(facts, WAVES, 1)):
        for led in ("peer", "instructor", "other"):
            found[led, row["turn"]] += row[led]
    assert +found == +expected
    moments = read(connection, activities.activity_moments())
    assert {row["modality"]: row["denominator"] for row in moments} == dict(ended)


def test_outcomes_are_the_last_of_each_person(connection, facts, rows):
    last = {}
    for row in sorted(rows["outcome"], key=lambda row: row["as_of_on"]):
        last[row["person_id"], row["outcome_code"]] = row["value_num"]
    expected = Counter()
    for (_, code), value in last.items():
        expected[code] += value
    found, people = Counter(), Counter()
    for row in read(connection, outcomes.outcome_sums(facts, GROUPINGS)):
        found[row["outcome_code"]] += row["total"]
        people[row["outcome_code"]] += row["people"]
    assert found == expected
    assert sum(people.values()) == len(last)
    cohorts = {row["person_id"]: [] for row in rows["person"]}
    for row in rows["enrolment"]:
        cohorts[row["person_id"]].append(row["cohort_id"])
    by_cohort = read(connection, outcomes.outcome_sums_by_cohort(facts))
    joined = sum(len(set(cohorts[person])) for person, _ in last)
    assert sum(row["people"] for row in by_cohort) >= joined
