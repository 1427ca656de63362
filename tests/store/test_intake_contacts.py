"""Contacts by intake equal plain Python over the same rows, on every engine."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

import pytest

from store import reading
from store.aggregates import Grouping
from store.intake_contacts import (
    BY_LOTTERY,
    BY_PAIR,
    BY_PERSON,
    intake_contacts,
    intakes_of_people,
)
from store.stamping import read_facts
from store.where import belongings
from tests.store import by_hand
from tests.store.small_organisation import Rows, make_rows
from tests.store.test_where import known, sums_by

STARTS = {"a1": date(2026, 1, 1), "a2": date(2026, 4, 1), "b1": date(2025, 12, 31)}
QUARTERS = {"a1": 8104, "a2": 8105, "b1": 8103}
"""Four times the year, and 0 for January to March."""
PROGRAMMES = {"alpha": 1, "beta": 2}
FUNCTION = Grouping("function")


@pytest.fixture(scope="module")
def rows() -> Rows:
    made = make_rows(8, 60)
    for row in made["cohort"]:
        row["starts_on"] = STARTS[row["cohort_id"]]
    return made


@pytest.fixture(scope="module")
def facts(filled):
    return read_facts(filled)


def first_quarters(rows) -> dict[tuple[str, int], int]:
    """Return in which quarter each person began, by programme and (0) in any."""
    found: dict[tuple[str, int], int] = {}
    for row in rows["enrolment"]:
        cohort = row["cohort_id"]
        for place in (PROGRAMMES["beta" if cohort == "b1" else "alpha"], 0):
            key = row["person_id"], place
            found[key] = min(found.get(key, 9999), QUARTERS[cohort])
    return found


def ends(rows):
    """Yield each end of a known pairing with its person's intakes: own group, whether it crosses.

    Somebody who met without being enrolled in the programme is of no intake.
    """
    first = first_quarters(rows)
    for pairing, groups, crosses in known(by_hand.pairings(rows), "function"):
        programme = PROGRAMMES[pairing["programme"]]
        for side, person in enumerate((pairing["a"], pairing["b"])):
            if (person, programme) in first:
                for place in (programme, 0):
                    yield (place, first[person, place]), pairing, groups[side], crosses


def part(filled, facts, kind):
    frame = reading.read_numbers(filled, intake_contacts(facts, FUNCTION))
    return frame[frame["kind"] == kind]


def test_contacts_by_lottery_are_those_of_each_intake_and_group(filled, facts, rows) -> None:
    codes = {row.group_no: row.value_code for row in reading.groups(filled, facts).itertuples()
             if row.attribute_code == "function"}  # fmt: skip
    expected, strata = defaultdict(Counter), set()
    for spot, pairing, own, crosses in ends(rows):
        weight = pairing["weight"]
        expected[*spot, own] += Counter(number=1, d=weight, x=weight * crosses)
        strata.add((spot, pairing["stratum"], own))
    frame = part(filled, facts, BY_LOTTERY)
    assert len(frame) == len(strata)
    for (programme, intake, group), own in frame.groupby(["programme_no", "intake_no", "group_no"]):
        wanted = expected.pop((programme, intake, codes[group]))
        assert {name: own[name].sum() for name in wanted} == pytest.approx(dict(wanted))
    assert not expected


@pytest.mark.parametrize("kind", [BY_PERSON, BY_PAIR])
def test_squares_add_up_everybody_who_shares_a_contact(filled, facts, rows, kind) -> None:
    counted = []
    for spot, pairing, _, crosses in ends(rows):
        people, d = (pairing["a"], pairing["b"]), pairing["weight"]
        for somebody in [people] if kind == BY_PAIR else people:
            counted.append((spot, somebody, d, d * crosses))
    expected, frame = sums_by(counted), part(filled, facts, kind)
    assert len(frame) == len(expected) == 6
    for row in frame.to_dict("records"):
        wanted = expected[row["programme_no"], row["intake_no"]]
        for name, own in (("d", "denominator"), ("x", "numerator"), ("dd", "dd"), ("xd", "xd"),
                          ("xx", "xx")):  # fmt: skip
            assert row[name] == pytest.approx(wanted[own]), name
        if kind == BY_PERSON:
            assert row["number"] == wanted["people"]


def test_a_pairing_inside_an_intake_is_one_pairing(filled, facts, rows) -> None:
    distinct = defaultdict(set)
    for spot, pairing, *_ in ends(rows):
        distinct[spot].add((pairing["stratum"], pairing["a"], pairing["b"]))
    frame = part(filled, facts, BY_PAIR)
    counted = {(row.programme_no, row.intake_no): row.number for row in frame.itertuples()}
    assert counted == {spot: len(found) for spot, found in distinct.items()}
    seats = Counter(spot for spot, *_ in ends(rows))
    assert any(seats[spot] not in (number, 2 * number) for spot, number in counted.items())


def test_everybody_enrolled_has_an_intake_and_some_who_met_have_none(filled, facts, rows) -> None:
    frame = reading.read_numbers(filled, intakes_of_people(facts))
    first = first_quarters(rows)
    assert len(frame) == len([place for _, place in first if place])
    met = reading.read_numbers(filled, belongings(facts, [FUNCTION]))
    assert set(met["person_no"]) - set(frame["person_no"])
