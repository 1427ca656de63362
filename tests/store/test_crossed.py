"""Aggregates of crossed groups equal plain Python over the same rows, on every engine."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from store import crossed as aggregates
from store import reading
from store.aggregates import Grouping
from store.crossed import FACTOR, NOBODY, Crossed
from store.stamping import read_facts
from tests.store import by_hand
from tests.store.small_organisation import make_rows

UNKNOWN = {"unknown", "not said"}
SUMS = ("seats", "seats_squared", "weight", "weight_squared", "crossed", "pairings")


@pytest.fixture(scope="module")
def rows():
    return make_rows(seed=7)


@pytest.fixture(scope="module")
def facts(filled):
    return read_facts(filled)


@pytest.fixture(scope="module")
def crossings(filled, facts):
    """Return function beside origin, with two crossed groups merged, and the other way round."""
    numbers = reading.groups(filled, facts).groupby("attribute_code")["group_no"].apply(sorted)
    first, second = numbers["function"][0], numbers["origin"]
    merged = {first * FACTOR + second[1]: first * FACTOR + second[0]}
    function, origin = Grouping("function"), Grouping("origin")
    return [Crossed(function, origin, merged), Crossed(origin, function)]


@pytest.fixture(scope="module")
def by_number(filled, facts, crossings):
    """Return what a crossed group's number stands for: value codes of both attributes."""
    frame = reading.groups(filled, facts)
    codes = {(row.attribute_code, row.group_no): row.value_code for row in frame.itertuples()}

    def named(crossing, number):
        crossed = crossings[crossing]
        own, beside = divmod(number, FACTOR)
        return codes[crossed.own.attribute, own], codes[crossed.beside.attribute, beside]

    return named


@pytest.fixture(scope="module")
def ends(rows, crossings, by_number):
    """Return both ends of pairings of known groups: crossing, pairing, person, own, partner, x."""
    found = []
    for number, crossed in enumerate(crossings):
        merged = {
            by_number(number, one): by_number(number, other)
            for one, other in crossed.published.items()
        }
        for pairing in by_hand.pairings(rows):
            groups = pairing["groups"][crossed.own.attribute]
            if not pairing["completed"] or UNKNOWN & set(groups):
                continue
            others = pairing["groups"][crossed.beside.attribute]
            pair = [
                None if other in UNKNOWN else merged.get((own, other), (own, other))
                for own, other in zip(groups, others, strict=True)
            ]
            crosses = groups[0] != groups[1]
            for side, partner in ((0, 1), (1, 0)):
                person = pairing["ab"[side]]
                found.append((number, pairing, person, pair[side], pair[partner], crosses))
    return found


def test_seats_and_contacts_are_those_counted_by_hand(filled, facts, crossings, ends, by_number):
    persons = defaultdict(Counter)
    for number, pairing, person, own, partner, crosses in ends:
        if own is not None:
            persons[number, pairing["stratum"], own, person].update(
                seats=1,
                weight=pairing["weight"],
                weight_squared=pairing["weight"] ** 2,
                crossed=pairing["weight"] * crosses,
                pairings=0.5 if own == partner else 1,
            )
    expected = defaultdict(Counter)
    for (number, _, own, _), sums in persons.items():
        expected[number, own].update(sums | Counter(seats_squared=sums["seats"] ** 2))
    frame = reading.read(filled, aggregates.crossed_by_lottery(facts, crossings))
    found = frame.groupby(["crossing_no", "group_no"])[list(SUMS)].sum()
    assert len(frame) == len({key[:3] for key in persons})
    assert len(found) == len(expected) > 8
    for (number, group), row in found.iterrows():
        wanted = expected[number, by_number(number, group)]
        for name in SUMS:
            assert row[name] == pytest.approx(wanted[name]), name


def test_products_are_those_counted_by_hand(filled, facts, crossings, ends, by_number):
    units = defaultdict(lambda: [0.0, 0.0])
    for number, pairing, person, own, partner, crosses in ends:
        pair = (pairing["a"], pairing["b"])
        shared = [(0, group, person) for group in (own, partner)] + [(1, own, pair)]
        for by_pair, group, unit in shared:
            if group is not None:
                units[number, by_pair, group, unit][0] += pairing["weight"]
                units[number, by_pair, group, unit][1] += pairing["weight"] * crosses
    expected = defaultdict(Counter)
    for (number, by_pair, group, _), (d, x) in units.items():
        expected[number, by_pair, group].update(dd=d * d, xd=x * d, xx=x * x)
    rows = reading.read(filled, aggregates.crossed_moments(facts, crossings)).to_dict("records")
    assert len(rows) == len(expected)
    for row in rows:
        group = by_number(row["crossing_no"], row["group_no"])
        wanted = expected[row["crossing_no"], row["by_pair"], group]
        for name in ("dd", "xd", "xx"):
            assert row[name] == pytest.approx(wanted[name]), name


def test_people_whose_second_group_is_not_known_are_in_no_crossed_group(filled, facts, crossings):
    for query in (aggregates.crossed_by_lottery, aggregates.crossed_moments):
        frame = reading.read(filled, query(facts, crossings))
        assert NOBODY not in set(frame["group_no"])
