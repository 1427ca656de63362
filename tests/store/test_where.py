"""Aggregates by mode, topic and unit equal plain Python over the same rows, on every engine."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, select

from store import reading, where
from store.aggregates import Grouping
from store.distances import spells, zone_attribute
from store.facts import NO_PLACE
from store.meetings import MOST_TOPICS
from store.stamping import read_facts
from tests.store import by_hand
from tests.store.small_organisation import fill, make_rows

MODES = ("online", "in_person", "unknown")
TOPICS = ("goals", None, "skills", "goals", "worries")
KINDS = ("mode", "topic", "distance")
PLACES = tuple(f"{when}{kind}_no" for when in ("", "planned_") for kind in KINDS)
ZONES = {"x": "Pacific/Honolulu", "y": "Pacific/Auckland", "z": "America/New_York"}
"""Of functions. Honolulu and Auckland are 23 hours apart in January, which is 1 on the clock."""
SUMMER = datetime(2026, 6, 1, tzinfo=UTC)
SUMS = ("denominator", "numerator", "dd", "xd", "xx")


def with_places(rows):
    """Give conversations a mode and a topic by their day, so that two at once have the same."""
    for talk in rows["conversation"]:
        day = talk["scheduled_start_at"].timetuple().tm_yday
        talk |= {"mode": MODES[day % 3], "topic_code": TOPICS[day % 5]}
    return rows


def with_zones(rows, attribute, zones):
    """Say in which zone the people of these values live; of others it is not known."""
    values = [
        row | {"tz": zones.get(row["value_code"])} if row["attribute_code"] == attribute else row
        for row in rows["attribute_value_def"]
    ]
    return rows | {"attribute_value_def": values}


@pytest.fixture(scope="module")
def rows():
    return with_zones(with_places(make_rows(seed=7)), "function", ZONES)


@pytest.fixture(scope="module")
def facts(filled):
    return read_facts(filled)


@pytest.fixture(scope="module")
def done(rows):
    return by_hand.pairings(rows)


@pytest.fixture(scope="module")
def codes(filled, facts):
    """Return codes of places by (kind, number)."""
    listed = reading.read(filled, where.places(facts))
    named = {(row.kind, row.place_no): row.code for row in listed.itertuples()}
    nowhere = {"mode": "unknown", "topic": None, "distance": None}
    return named | {(kind, NO_PLACE): code for kind, code in nowhere.items()}


@pytest.fixture(scope="module")
def values(filled, facts):
    """Return value codes by (attribute, group number)."""
    frame = reading.groups(filled, facts)
    known = {(row.attribute_code, row.group_no): row.value_code for row in frame.itertuples()}
    for attribute in ("function", "origin"):
        known |= {(attribute, 0): "unknown", (attribute, 1): "not said"}
    return known


def place_of(pairing, kind, when="place"):
    return pairing[when][KINDS.index(kind)]


def of_kind(frame, kind):
    return frame[frame["kind_no"] == KINDS.index(kind)]


def known(done, attribute):
    """Return completed pairings of known groups: pairing, both groups, whether they cross."""
    for pairing in done:
        groups = pairing["groups"][attribute]
        if pairing["completed"] and not {"unknown", "not said"} & set(groups):
            yield pairing, groups, groups[0] != groups[1]


def sums_by(rows):
    """Sum d and x per (place, unit), then squares per place, like the moments of a rate."""
    units = defaultdict(lambda: [0.0, 0.0])
    for place, unit, d, x in rows:
        units[place, unit][0] += d
        units[place, unit][1] += x
    found = defaultdict(Counter)
    for (place, _), (d, x) in units.items():
        found[place] += Counter(people=1, denominator=d, numerator=x)
        found[place] += Counter(dd=d * d, xd=x * d, xx=x * x)
    return found


def check_moments(frame, expected, place_of_row):
    assert len(frame) == len(expected) > 1
    for row in frame.to_dict("records"):
        wanted = expected[place_of_row(row)]
        assert row["people"] == wanted["people"]
        for name in SUMS:
            assert row[name] == pytest.approx(wanted[name]), name


def test_modes_keep_their_order_and_topics_come_by_frequency(codes, rows):
    assert [codes["mode", number] for number in (1, 2)] == ["online", "in_person"]
    held = Counter(
        talk["topic_code"] for talk in rows["conversation"] if talk["status"] == "completed"
    )
    del held[None]
    by_count = sorted(held, key=lambda code: (-held[code], code))
    assert [codes["topic", number] for number in (1, 2, 3)] == by_count


def test_a_pairing_carries_where_it_talked_first_and_where_it_had_planned_to(
    filled, facts, done, codes
):
    pairing = facts.pairing.c
    counted = Counter(
        (row.completed, row.scheduled, *(codes[_kind(name), getattr(row, name)] for name in PLACES))
        for row in filled.execute(select(*pairing))
    )
    nowhere = ("unknown", None, None)
    expected = Counter(
        (
            each["completed"],
            each["scheduled"],
            *(each["place"] or nowhere),
            *(each["planned"] or nowhere),
        )
        for each in done
    )
    assert counted == expected
    # in some pairings the first plan came to nothing, and they met elsewhere
    assert any(each["completed"] and each["place"] != each["planned"] for each in done)


def _kind(name):
    return name.removeprefix("planned_").removesuffix("_no")


def test_every_band_of_distance_occurs_and_plans_of_unknown_distance_are_counted(
    filled, facts, done, codes
):
    bands = {place_of(each, "distance") for each in done if each["completed"]}
    assert bands == {code for (kind, _), code in codes.items() if kind == "distance"}
    assert len(bands) == 5
    planned = [each for each in done if each["scheduled"]]
    ((told, known),) = filled.execute(where.planned_distances(facts)).all()
    assert told == len(planned)
    assert known == sum(place_of(each, "distance", "planned") is not None for each in planned)
    assert 0 < known < told


def test_clocks_turn_at_the_minute():
    # the European Union turns its clocks at 01:00 UTC on the last Sunday of March (2000/84/EC)
    found = list(spells("Europe/Lisbon", datetime(2026, 1, 5, 7, 15, 30, tzinfo=UTC), SUMMER))
    turn = datetime(2026, 3, 29, 1)
    assert [(begins, minutes) for begins, _, minutes in found] == [
        (datetime(2026, 1, 5, 7, 15, 30), 0), (turn, 60),
    ]  # fmt: skip
    assert [ends for _, ends, _ in found] == [turn, datetime(2026, 6, 1, 0, 1)]


def test_without_zones_nothing_is_known_of_distances(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'store.db'}")
    fill(engine, with_places(make_rows(seed=3)))
    with engine.connect() as connection:
        facts = read_facts(connection)
        listed = reading.read(connection, where.places(facts))
        assert zone_attribute(connection) is None
        assert set(connection.scalars(select(facts.pairing.c.distance_no))) == {NO_PLACE}
    engine.dispose()
    assert set(listed["kind"]) == {"mode", "topic"}


def test_topics_beyond_the_most_frequent_count_as_not_recorded(tmp_path):
    rows = make_rows(seed=3)
    for number, talk in enumerate(rows["conversation"]):
        talk["topic_code"] = f"topic{number % (MOST_TOPICS + 3):02d}"
    engine = create_engine(f"sqlite:///{tmp_path / 'store.db'}")
    fill(engine, rows)
    with engine.connect() as connection:
        facts = read_facts(connection)
        listed = reading.read(connection, where.places(facts))
        carried = set(connection.scalars(select(facts.pairing.c.topic_no)))
    engine.dispose()
    assert (listed["kind"] == "topic").sum() == MOST_TOPICS
    assert carried <= set(range(MOST_TOPICS + 1))


@pytest.mark.parametrize("kind", KINDS)
def test_crossings_by_lottery_add_up_weights_of_each_place(filled, facts, done, codes, kind):
    frame = of_kind(
        reading.read(filled, where.crossing_by_lottery(facts, Grouping("function"))), kind
    )
    expected = defaultdict(Counter)
    strata = set()
    for pairing, _, crosses in known(done, "function"):
        weight = pairing["weight"]
        strata.add((pairing["stratum"], place_of(pairing, kind)))
        expected[place_of(pairing, kind)] += Counter(
            pairings=1, weight=weight, weight_squared=weight**2, crossed=weight * crosses
        )
    assert len(frame) == len(strata)
    for number, part in frame.groupby("place_no"):
        wanted = expected.pop(codes[kind, number])
        assert {name: part[name].sum() for name in wanted} == pytest.approx(dict(wanted))
    assert not expected


@pytest.mark.parametrize("by_pair", [False, True])
@pytest.mark.parametrize("level", ["organisation", "programme"])
@pytest.mark.parametrize("kind", KINDS)
def test_crossing_moments_are_sums_of_squares(
    filled, facts, done, rows, codes, kind, level, by_pair
):
    grouping = Grouping("origin")
    query = where.crossing_moments(facts, grouping, level, by_pair=by_pair)
    frame = of_kind(reading.read(filled, query), kind)
    programmes = sorted(row["programme_id"] for row in rows["programme"])
    counted = []
    for pairing, _, crosses in known(done, "origin"):
        slice_no = 0 if level == "organisation" else programmes.index(pairing["programme"]) + 1
        place, d = (slice_no, place_of(pairing, kind)), pairing["weight"]
        people = (pairing["a"], pairing["b"])
        for unit in [people] if by_pair else people:
            counted.append((place, unit, d, d * crosses))
    check_moments(
        frame, sums_by(counted), lambda row: (row["slice_no"], codes[kind, row["part_no"]])
    )


@pytest.mark.parametrize("by_pair", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_plans_count_where_they_were_first_made(filled, facts, done, codes, kind, by_pair):
    query = where.held_moments(facts, "organisation", by_pair=by_pair)
    frame = of_kind(reading.read(filled, query), kind)
    counted = []
    for pairing in done:
        if pairing["scheduled"]:
            people = (pairing["a"], pairing["b"])
            for unit in [people] if by_pair else people:
                place = place_of(pairing, kind, "planned")
                counted.append((place, unit, 1, pairing["completed"]))
    check_moments(frame, sums_by(counted), lambda row: codes[kind, row["part_no"]])


def ends(done, attribute, unit):
    """Return each end of a pairing whose person is of a known unit."""
    for pairing, groups, crosses in known(done, attribute):
        units = pairing["groups"][unit]
        for side, person in enumerate((pairing["a"], pairing["b"])):
            if units[side] not in ("unknown", "not said"):
                yield pairing, person, units[side], groups[side], units[0] == units[1], crosses


def test_members_of_units_are_distinct_people(filled, facts, done, values):
    frame = reading.read(
        filled, where.unit_members(facts, Grouping("function"), Grouping("origin"))
    )
    counted = {
        (values["origin", row.unit_no], values["function", row.group_no]): row.people
        for row in frame.itertuples()
    }
    distinct = {
        (unit, own, person) for _, person, unit, own, *_ in ends(done, "function", "origin")
    }
    assert counted == Counter((unit, own) for unit, own, _ in distinct)


def test_contacts_of_units_count_both_ends_of_a_pairing_inside(filled, facts, done, values):
    frame = reading.read(
        filled, where.unit_contacts(facts, Grouping("function"), Grouping("origin"))
    )
    expected = defaultdict(Counter)
    for pairing, _, unit, own, inside, crosses in ends(done, "function", "origin"):
        weight = pairing["weight"]
        expected[unit, own] += Counter(
            stubs=1, inside=inside, weight=weight, crossed=weight * crosses
        )
    for (unit_no, group_no), part in frame.groupby(["unit_no", "group_no"]):
        wanted = expected.pop((values["origin", unit_no], values["function", group_no]))
        assert {name: part[name].sum() for name in wanted} == pytest.approx(dict(wanted))
    assert not expected


@pytest.mark.parametrize("by_pair", [False, True])
def test_unit_moments_add_up_everybody_who_shares_a_contact(filled, facts, done, values, by_pair):
    query = where.unit_moments(facts, Grouping("function"), Grouping("origin"), by_pair=by_pair)
    frame = reading.read(filled, query)
    counted = []
    for pairing, _, unit, _, _, crosses in ends(done, "function", "origin"):
        people, d = (pairing["a"], pairing["b"]), pairing["weight"]
        for somebody in [people] if by_pair else people:
            counted.append((unit, somebody, d, d * crosses))
    check_moments(frame, sums_by(counted), lambda row: values["origin", row["part_no"]])


def test_belongings_list_each_person_once_as_what_where_and_about_what(
    filled, facts, done, values, codes
):
    groupings = [Grouping("function"), Grouping("origin")]
    frame = reading.read_numbers(filled, where.belongings(facts, groupings))
    cells = {
        row.cell_no: (row.programme_id, row.cohort_id, row.quarter_no)
        for row in reading.cells(filled, facts).itertuples()
    }
    people = {row.person_no: row.person_id for row in filled.execute(select(facts.person))}
    counted = [
        (people[row.person_no], cells[row.cell_no],
         *(codes[kind, getattr(row, f"{kind}_no")] for kind in KINDS),
         values["function", row.own_0], values["origin", row.own_1], row.known_0, row.known_1)
        for row in frame.itertuples()
    ]  # fmt: skip
    expected = set()
    for pairing in done:
        if not pairing["completed"]:
            continue
        cell = (pairing["programme"], pairing["cohort"], pairing["quarter"])
        groups = [pairing["groups"][attribute] for attribute in ("function", "origin")]
        both_known = [int(not {"unknown", "not said"} & set(pair)) for pair in groups]
        for side, person in enumerate((pairing["a"], pairing["b"])):
            own = [pair[side] for pair in groups]
            expected.add((person, cell, *pairing["place"], *own, *both_known))
    assert len(counted) == len(expected)
    assert set(counted) == expected
