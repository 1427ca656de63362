"""Reach, load and people without a conversation equal plain Python, on every engine at hand."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine

from store import leftout, reading
from store.aggregates import Grouping
from store.stamping import read_facts
from tests.store import by_hand
from tests.store.small_organisation import fill, make_rows

SLICES = {"organisation": {"": 0}, "programme": {"alpha": 1, "beta": 2}}


@pytest.fixture(scope="module", params=["duckdb", "sqlite"])
def filled(request, tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp(request.param)
    engine = create_engine(f"{request.param}:///{folder / 'store.db'}")
    fill(engine, rows)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="module")
def rows():
    return make_rows(seed=7)


@pytest.fixture(scope="module")
def facts(filled):
    return read_facts(filled)


def numbered(filled, facts, attribute):
    return {
        row.group_no: row.value_code
        for row in reading.groups(filled, facts).itertuples()
        if row.attribute_code == attribute
    }


def conversations(rows):
    """Return how many completed conversations two people had, by cohort, cycle and programme."""
    counted: Counter = Counter()
    match_of = {row["match_id"]: row for row in rows["match"]}
    seats = defaultdict(list)
    for row in rows["conversation_participant"]:
        if row["person_id"] and row["attended"] != "no":
            seats[row["conversation_id"]].append(row["person_id"])
    for talk in rows["conversation"]:
        if talk["status"] == "completed":
            match = match_of.get(talk["match_id"])
            local = talk["scheduled_start_at"].astimezone(ZoneInfo(talk["tz"]))
            month = local.year * 12 + local.month - 1
            cycle = ("round", match["round_no"]) if match else ("month", month)
            people = sorted(seats[talk["conversation_id"]])
            for n, one in enumerate(people):
                for other in people[n + 1 :]:
                    counted[talk["programme_id"], talk["cohort_id"] or "", cycle, one, other] += 1
    return counted


def stubs_with_talks(rows, attribute):
    """Return both ends of each pairing with the number of its conversations."""
    counted = conversations(rows)
    for end in by_hand.stubs(by_hand.pairings(rows), attribute, "completed"):
        pairing, person, own, partner, weight = end
        free = pairing["cycle"] - 100_000  # conversations without a round stand in months
        key = ("month", free) if free >= 0 else ("round", pairing["cycle"])
        talks = counted[pairing["programme"], pairing["cohort"], key, pairing["a"], pairing["b"]]
        yield pairing, person, own, partner, weight, talks


@pytest.mark.parametrize("level", SLICES)
@pytest.mark.parametrize("attribute", ["function", "origin"])
def test_outreach_sums_each_person_and_group(filled, facts, rows, attribute, level):
    names = numbered(filled, facts, attribute)
    frame = reading.read(filled, leftout.outreach(facts, Grouping(attribute), level))
    for code, number in SLICES[level].items():
        ends = [
            end
            for end in stubs_with_talks(rows, attribute)
            if not code or end[0]["programme"] == code
        ]
        expected = sums_by_hand(ends)
        found = frame[frame["slice_no"] == number]
        assert {names[own] for own in found["own"]} == set(expected)
        for row in found.to_dict("records"):
            wanted = expected[names[row["own"]]]
            assert {key: row[key] for key in wanted} == pytest.approx(wanted)
        whole = whole_by_hand(ends)
        assert {key: found[key].sum() for key in whole} == pytest.approx(whole)


def inside_by_hand(ends):
    """Return the chance of a seat of a group to lie inside, seat by seat."""
    seats = defaultdict(list)
    for pairing, person, own, *_ in ends:
        seats[pairing["stratum"]].append((person, own))
    share = {}
    for stratum, there in seats.items():
        for group in {own for _, own in there}:
            possible = inside = 0
            for person, own in there:
                for partner, other in there:
                    if own == group and person != partner:
                        possible += 1
                        inside += other == group
            share[stratum, group] = inside / possible
    return share


def sums_by_hand(ends):
    share = inside_by_hand(ends)
    missed, crossed, cross, seats = defaultdict(lambda: 1.0), Counter(), Counter(), Counter()
    avoided: Counter = Counter()
    sums = defaultdict(Counter)
    for pairing, person, own, partner, weight, talks in ends:
        s = share[pairing["stratum"], own]
        missed[own, person] *= s
        seats[own, person] += 1
        crossed[own, person] += own != partner
        cross[own, person] += (own != partner) * weight * talks
        sums[own].update(inside_seats=s, unavoidable=weight * (1 - s), seats=1)
        avoided[own, person] += weight * (1 - s)
    for (own, person), q in missed.items():
        x, d, u = cross[own, person], seats[own, person], avoided[own, person]
        sums[own].update(
            people=1, reached=crossed[own, person] > 0, expected_reached=1 - q,
            independent=q * (1 - q), missed_seats=d * q, cross=x, cross_squared=x * x,
            unavoidable_squared=u * u, cross_unavoidable=x * u,
        )  # fmt: skip
        sums[own]["most"] = max(sums[own]["most"], x)
    return {own: dict(found) for own, found in sums.items()}


def whole_by_hand(ends):
    share = inside_by_hand(ends)
    missed, crossed = defaultdict(lambda: 1.0), Counter()
    for pairing, person, own, partner, *_ in ends:
        missed[person] *= share[pairing["stratum"], own]
        crossed[person] += own != partner
    return {
        "whole_people": len(missed),
        "whole_reached": sum(number > 0 for number in crossed.values()),
        "whole_expected": sum(1 - q for q in missed.values()),
        "whole_independent": sum(q * (1 - q) for q in missed.values()),
    }


@pytest.mark.parametrize("attribute", ["function", "origin"])
def test_silence_counts_the_eligible_by_their_last_group(filled, facts, rows, attribute):
    names = numbered(filled, facts, attribute) | {0: "unknown", 1: "not said"}
    frame = reading.read(filled, leftout.silence(facts, Grouping(attribute), (1, 2)))
    programme_of = {row["cohort_id"]: row["programme_id"] for row in rows["cohort"]}
    could, met = defaultdict(set), defaultdict(set)
    for row in rows["enrolment"]:
        could[row["person_id"]].add(programme_of[row["cohort_id"]])
    for pairing in by_hand.pairings(rows):
        if pairing["completed"]:
            for person in (pairing["a"], pairing["b"]):
                met[person].add(pairing["programme"])
    last = datetime(2030, 1, 1)
    expected = defaultdict(Counter)
    for person, programmes in could.items():
        own = by_hand.group_at(rows, person, attribute, last)
        expected[own, "alpha" in programmes, "beta" in programmes].update(
            people=1, met=len(met[person]) > 0,
            met_0="alpha" in met[person], met_1="beta" in met[person],
        )  # fmt: skip
    counted = {
        (names[row["own"]], bool(row["in_0"]), bool(row["in_1"])): {
            key: row[key] for key in ("people", "met", "met_0", "met_1")
        }
        for row in frame.to_dict("records")
    }
    assert counted == {key: dict(found) for key, found in expected.items()}
    assert sum(row["people"] for row in counted.values()) == len(could)


def test_people_of_no_known_group_stand_under_zero(filled, facts):
    nobody = Grouping("function", dict.fromkeys(range(2, 9), 0))
    frame = reading.read(filled, leftout.silence(facts, nobody, (1, 2)))
    assert set(frame["own"]) == {0}
