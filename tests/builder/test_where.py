"""Cells by mode, topic and unit equal plain Python over the same rows, and keep their promises."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest

from builder.auditing import audit_release
from disclosure.printing import percent
from disclosure.rounding import expected_step, share_step, to_five
from disclosure.thresholds import Thresholds
from metrics.connection.teams import blau_index
from release import Release
from tests.builder.organisation import computed, filled_engine, met, with_attributes
from tests.builder.organisation import organisation_rows as make_organisation
from tests.store import by_hand
from tests.store.test_where import KINDS, with_places, with_zones

ATTRIBUTES = ("site", "grade")
PLACES = ("mode=online", "mode=in_person", "topic=goals", "topic=skills", "topic=worries")
DISTANCES = ("distance=hours_0", "distance=hours_4_to_6", "distance=hours_7_up")
ZONES = {"north": "Europe/Lisbon", "south": "Asia/Kolkata", "east": "Pacific/Auckland"}
"""Of sites; in which zone people of the small sites live is not known."""
SLICES = ("organisation", "programme=alpha", "programme=beta")
UNITS = {
    "site": ["grade=junior", "grade=senior"],
    "grade": ["site=north", "site=south", "site=east", "site=other_groups"],
}
FLOATING_POINT = 1e-4  # estimates are published with four decimals


@pytest.fixture(scope="module")
def rows():
    rows = with_places(with_attributes(make_organisation(), *ATTRIBUTES))
    return with_zones(rows, "site", ZONES)


@pytest.fixture(scope="module")
def engine(rows):
    return filled_engine(rows)


@pytest.fixture(scope="module")
def contents(engine):
    return computed(engine)


@pytest.fixture(scope="module")
def open_minded(engine):
    """Return a release at the lowest effective size, in which more can be compared."""
    return computed(engine, minimum_effective=3)


def of_measure(contents, measure, attribute):
    return [c for c in contents.cells if (c.measure, c.breakdown) == (measure, attribute)]


def placed(rows, attribute):
    """Return completed pairings of known groups: (pairing, mode, topic, distance)."""
    done = [pairing for pairing in by_hand.pairings(rows) if pairing["completed"]]
    for pairing, known in zip(done, met(rows, attribute), strict=True):
        if known.is_known:
            yield known, *pairing["place"]


def inside(rows, cell):
    """Return all pairings of a slice, and those of the place of a cell."""
    kind, _, code = cell.group.partition("=")
    programme = cell.slice.partition("=")[2]
    here = [
        found
        for found in placed(rows, cell.breakdown)
        if not programme or found[0].programme == programme
    ]
    return here, [found[0] for found in here if found[1 + KINDS.index(kind)] == code]


def lottery_of(pairings):
    """Return the expected cross-group share of each lottery, every seat beside every other."""
    seats = defaultdict(list)
    for pairing in pairings:
        seats[pairing.stratum] += list(zip(pairing.people, pairing.groups, strict=True))
    shares = {}
    for stratum, taken in seats.items():
        apart = [
            own != other for person, own in taken for partner, other in taken if person != partner
        ]
        shares[stratum] = sum(apart) / len(apart)
    return shares


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_every_place_and_every_unit_has_its_cells(contents, attribute):
    by_place = of_measure(contents, "cross_group_ratio_by_place", attribute)
    assert sorted((cell.slice, cell.group) for cell in by_place) == sorted(
        (slice_, place)
        for slice_ in SLICES
        # by site, which says where people live, distance would be the crossing itself
        for place in (PLACES if attribute == "site" else PLACES + DISTANCES)
    )
    for measure in ("team_mix", "team_reach"):
        cells = of_measure(contents, measure, attribute)
        assert [cell.group for cell in cells] == UNITS[attribute]
        assert {cell.slice for cell in cells} == {"organisation"}


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_ratios_by_place_are_those_counted_by_hand(open_minded, rows, attribute):
    drawn = [
        cell
        for cell in of_measure(open_minded, "cross_group_ratio_by_place", attribute)
        if cell.is_drawn
    ]
    assert len(drawn) >= 6
    for cell in drawn:
        everything, here = inside(rows, cell)
        lottery = lottery_of([found[0] for found in everything])
        weight = sum(pairing.weight for pairing in here)
        observed = sum(pairing.weight for pairing in here if pairing.crosses) / weight
        expected = sum(pairing.weight * lottery[pairing.stratum] for pairing in here) / weight
        people = len({person for pairing in here for person in pairing.people})
        assert cell.people == to_five(people)
        assert cell.pairs == to_five(len(here))
        half = (share_step(people) + expected_step(people) * observed / expected) / 2 / expected
        if not cell.printed.startswith(("under", "over")):
            assert cell.estimate == pytest.approx(
                observed / expected, abs=half * 1.05 + FLOATING_POINT
            )


def test_the_mix_of_units_is_that_of_the_people_who_took_part(open_minded, rows):
    members, contacts = defaultdict(dict), defaultdict(lambda: [0.0, 0.0])
    units = met(rows, "site")
    for by_site, by_grade in zip(units, met(rows, "grade"), strict=True):
        if not by_grade.is_known:
            continue
        for person, unit, grade in zip(
            by_grade.people, by_site.groups, by_grade.groups, strict=True
        ):
            members[unit][person] = grade
            contacts[unit][0] += by_grade.weight
            contacts[unit][1] += by_grade.weight * by_grade.crosses
    mix = {cell.group: cell for cell in of_measure(open_minded, "team_mix", "grade")}
    reach = {cell.group: cell for cell in of_measure(open_minded, "team_reach", "grade")}
    shown = [unit for unit in members if mix[f"site={unit}"].is_drawn]
    assert len(shown) >= 3
    for unit in shown:
        grades = list(members[unit].values())
        exact = blau_index([grades.count("junior"), grades.count("senior")])
        half = share_step(len(grades)) / 2 + FLOATING_POINT
        assert mix[f"site={unit}"].estimate == pytest.approx(exact, abs=half)
        assert mix[f"site={unit}"].people == to_five(len(grades))
        weight, across = contacts[unit]
        assert reach[f"site={unit}"].estimate == pytest.approx(across / weight, abs=half)


def test_how_far_apart_plans_are_is_known_in_part(contents, rows):
    planned = [pairing for pairing in by_hand.pairings(rows) if pairing["scheduled"]]
    known = sum(pairing["planned"][2] is not None for pairing in planned) / len(planned)
    assert contents.about["distance_by"] == "site"
    assert contents.about["distance_known"] == percent(known)


def test_names_of_places_are_published_beside_their_keys(contents):
    named = {(group.breakdown, group.key): group.label for group in contents.groups}
    assert named["mode", "in_person"] == "In person"
    assert named["topic", "worries"] == "Worries"


def test_completion_by_mode_counts_first_plans(contents, rows):
    planned = [pairing for pairing in by_hand.pairings(rows) if pairing["scheduled"]]
    cells = {
        cell.group: cell
        for cell in of_measure(contents, "completion_by_place", "mode")
        if cell.slice == "organisation"
    }
    for mode in ("online", "in_person"):
        here = [pairing for pairing in planned if pairing["planned"][0] == mode]
        people = len({pairing[side] for pairing in here for side in "ab"})
        exact = sum(pairing["completed"] for pairing in here) / len(here)
        half = share_step(people) / 2 + FLOATING_POINT
        assert cells[mode].estimate == pytest.approx(exact, abs=half)
        assert cells[mode].pairs == to_five(len(here))


def test_completion_by_distance_counts_first_plans(contents, rows):
    planned = [pairing for pairing in by_hand.pairings(rows) if pairing["scheduled"]]
    cells = [
        cell
        for cell in of_measure(contents, "completion_by_place", "distance")
        if cell.slice == "organisation" and cell.is_drawn
    ]
    assert len(cells) >= 2
    for cell in cells:
        here = [pairing for pairing in planned if pairing["planned"][2] == cell.group]
        exact = sum(pairing["completed"] for pairing in here) / len(here)
        people = len({pairing[side] for pairing in here for side in "ab"})
        assert cell.estimate == pytest.approx(exact, abs=share_step(people) / 2 + FLOATING_POINT)


def test_a_topic_that_is_written_down_afterwards_has_no_completion(rows):
    talks = [
        talk | {"topic_code": talk["topic_code"] if talk["status"] == "completed" else None}
        for talk in rows["conversation"]
    ]
    found = computed(filled_engine(rows | {"conversation": talks}))
    cells = of_measure(found, "completion_by_place", "topic")
    assert len(cells) == 9
    assert {cell.status for cell in cells} == {"undefined"}
    assert {cell.reason for cell in cells} == {
        "it is mostly written down once a conversation has taken place"
    }


def test_without_modes_and_topics_there_are_no_cells_by_place(rows):
    talks = [talk | {"mode": "online", "topic_code": None} for talk in rows["conversation"]]
    nowhere = with_zones(rows | {"conversation": talks}, "site", {})
    found = computed(filled_engine(nowhere))
    assert found.about["distance_by"] == ""
    assert not [cell for cell in found.cells if "by_place" in cell.measure]
    assert [cell for cell in found.cells if cell.measure == "team_mix"]


def findings(engine, contents):
    with engine.connect() as connection:
        return audit_release(connection, Release(contents), Thresholds())


def test_the_release_keeps_every_promise(engine, contents):
    assert findings(engine, contents) == []


def lone_pairs(rows):
    """Let two people alone have met in person, and everybody else online."""
    done = [pairing for pairing in by_hand.pairings(rows) if pairing["completed"]]
    pair = {done[0]["a"], done[0]["b"]}
    seats = defaultdict(set)
    for seat in rows["conversation_participant"]:
        seats[seat["conversation_id"]].add(seat["person_id"])
    talks = [
        talk | {"mode": "in_person" if seats[talk["conversation_id"]] >= pair else "online"}
        for talk in rows["conversation"]
    ]
    return rows | {"conversation": talks}


def test_what_two_people_did_cannot_be_had_by_subtracting_a_mode_from_the_whole(rows):
    lone = lone_pairs(rows)
    engine = filled_engine(lone)
    found = computed(engine)
    cells = {
        (cell.slice, cell.group): cell
        for cell in of_measure(found, "cross_group_ratio_by_place", "site")
    }
    assert cells["organisation", "mode=in_person"].status == "small"
    assert cells["organisation", "mode=online"].status == "protects"
    assert findings(engine, found) == []
    # and the audit notices when it is shown after all
    (shown,) = (c for c in found.cells if c.measure == "cross_group_ratio" and _is_whole(c))
    online = cells["organisation", "mode=online"]
    forged = replace(shown, measure=online.measure, group=online.group)
    wrong = tuple(forged if cell == online else cell for cell in found.cells)
    rules = {finding.rule for finding in findings(engine, replace(found, cells=wrong))}
    assert "effective group size" in rules


def told_apart_by_topic(rows):
    """Let the two who met in person do so again each month, every time on another topic."""
    talks, seats = list(rows["conversation"]), list(rows["conversation_participant"])
    lone = next(t for t in talks if t["mode"] == "in_person" and t["status"] == "completed")
    mine = [seat for seat in seats if seat["conversation_id"] == lone["conversation_id"]]
    months = {(t["scheduled_start_at"].year, t["scheduled_start_at"].month): t for t in talks}
    for number, other in enumerate(months.values()):
        name = f"again-{number}"
        when = {key: other["scheduled_start_at"] for key in lone if key.endswith("_start_at")}
        own = {"conversation_id": name, "dedupe_key": name, "topic_code": f"topic-{number}"}
        talks.append(lone | when | own | {"match_id": None})
        seats += [seat | {"conversation_id": name} for seat in mine]
    return rows | {"conversation": talks, "conversation_participant": seats}


def test_two_people_are_not_taken_for_many_because_they_met_on_many_topics(rows):
    engine = filled_engine(told_apart_by_topic(lone_pairs(rows)))
    found = computed(engine)
    online = next(
        cell
        for cell in of_measure(found, "cross_group_ratio_by_place", "site")
        if (cell.slice, cell.group) == ("organisation", "mode=online")
    )
    assert online.status == "protects"
    (shown,) = (c for c in found.cells if c.measure == "cross_group_ratio" and _is_whole(c))
    forged = replace(shown, measure=online.measure, group=online.group)
    wrong = tuple(forged if cell == online else cell for cell in found.cells)
    words = [finding.words for finding in findings(engine, replace(found, cells=wrong))]
    assert any("the places shown leave 2 people" in said for said in words)


def met_once(rows):
    """Return the completed pairings of known groups whose people had one conversation in all."""
    seats, talks = defaultdict(set), defaultdict(int)
    for seat in rows["conversation_participant"]:
        seats[seat["conversation_id"]].add(seat["person_id"])
    for people in seats.values():
        for pair in combinations(sorted(map(str, people)), 2):
            talks[pair] += 1
    known = {found.people for found in met(rows, "site") if found.is_known}
    return [
        pairing
        for pairing in by_hand.pairings(rows)
        for pair in [(pairing["a"], pairing["b"])]
        if pairing["completed"] and talks[pair] == 1 and pair in known
    ]


def far_for_once(rows):
    """Let somebody have been far away on the one day on which two people met for the only time."""
    seats, days = defaultdict(list), defaultdict(list)
    for seat in rows["conversation_participant"]:
        seats[seat["conversation_id"]].append(seat["person_id"])
    for talk in rows["conversation"]:
        for person in seats[talk["conversation_id"]]:
            days[person].append(talk["scheduled_start_at"].date())
    pairs = {(pairing["a"], pairing["b"]) for pairing in met_once(rows)}
    person, day = next(
        (people[0], day)
        for talk in rows["conversation"]
        for people in [tuple(seats[talk["conversation_id"]])]
        for day in [talk["scheduled_start_at"].date()]
        if tuple(sorted(map(str, people))) in pairs and days[people[0]].count(day) == 1
    )
    home = {"attribute_code": "home", "state": "given", "asserted_by": "hr"}
    long_ago, after = date(2020, 1, 1), day + timedelta(days=1)
    spans = {each["person_id"]: [("near", long_ago, None)] for each in rows["person"]} | {
        person: [("near", long_ago, day), ("far", day, after), ("near", after, None)]
    }
    values = [
        {"attribute_code": "home", "value_code": code, "label": code, "sort": 0, "tz": zone}
        for code, zone in (("near", "Europe/Lisbon"), ("far", "Pacific/Auckland"))
    ]
    definition = rows["attribute_def"][0] | {"attribute_code": "home", "label": "home", "sort": 9}
    held = [
        home | {"person_id": who, "value_code": code, "valid_from": begins}
        | ({"valid_to": ends} if ends else {})
        for who, pieces in spans.items()
        for code, begins, ends in pieces
    ]  # fmt: skip
    return rows | {
        "attribute_def": [*rows["attribute_def"], definition],
        "attribute_value_def": [*rows["attribute_value_def"], *values],
        "person_attribute": [*rows["person_attribute"], *held],
        # everybody's zone is known where everybody is
        "conversation_participant": [s for s in rows["conversation_participant"] if s["person_id"]],
    }


def test_what_two_people_did_cannot_be_had_by_subtracting_a_distance_from_the_whole(rows):
    engine = filled_engine(far_for_once(with_zones(rows, "site", {})))
    found = computed(engine)
    cells = {
        (cell.slice, cell.group): cell
        for cell in of_measure(found, "cross_group_ratio_by_place", "site")
    }
    assert cells["organisation", "distance=hours_7_up"].status == "small"
    near = cells["organisation", "distance=hours_0"]
    assert near.status == "protects"
    (shown,) = (c for c in found.cells if c.measure == "cross_group_ratio" and _is_whole(c))
    forged = replace(shown, measure=near.measure, group=near.group)
    wrong = tuple(forged if cell == near else cell for cell in found.cells)
    rules = {finding.rule for finding in findings(engine, replace(found, cells=wrong))}
    assert "effective group size" in rules


def _is_whole(cell):
    return (cell.slice, cell.breakdown, cell.group, cell.period) == (
        "organisation", "site", "all", "all",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("measure", "group"),
    [
        ("cross_group_ratio_by_place", "mode=telepathy"),
        ("team_mix", "grade=intern"),
        ("team_reach", "site=north"),
        ("completion_by_place", "telepathy"),
    ],
)
def test_cells_of_unknown_places_and_units_are_found(engine, contents, measure, group):
    like = next(cell for cell in contents.cells if cell.measure == measure)
    breakdown = "mode" if measure == "completion_by_place" else "site"
    extra = replace(like, breakdown=breakdown, group=group)
    forged = replace(contents, cells=(*contents.cells, extra))
    assert "not published" in {finding.rule for finding in findings(engine, forged)}
