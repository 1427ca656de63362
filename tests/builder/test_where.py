"""Cells by mode, topic and unit equal plain Python over the same rows, and keep their promises."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import pytest

from builder.auditing import audit_release
from disclosure.rounding import expected_step, share_step, to_five
from disclosure.thresholds import Thresholds
from metrics.connection.teams import blau_index
from release import Release
from tests.builder.organisation import computed, filled_engine, met, with_attributes
from tests.builder.organisation import organisation_rows as make_organisation
from tests.store import by_hand
from tests.store.test_where import with_places

ATTRIBUTES = ("site", "grade")
PLACES = ("mode=online", "mode=in_person", "topic=goals", "topic=skills", "topic=worries")
SLICES = ("organisation", "programme=alpha", "programme=beta")
UNITS = {
    "site": ["grade=junior", "grade=senior"],
    "grade": ["site=north", "site=south", "site=east", "site=other_groups"],
}
FLOATING_POINT = 1e-4  # estimates are published with four decimals


@pytest.fixture(scope="module")
def rows():
    return with_places(with_attributes(make_organisation(), *ATTRIBUTES))


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
    """Return completed pairings of known groups with their place: (pairing, mode, topic)."""
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
    return here, [found[0] for found in here if found[1 if kind == "mode" else 2] == code]


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
        (slice_, place) for slice_ in SLICES for place in PLACES
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
    found = computed(filled_engine(rows | {"conversation": talks}))
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
