"""The audit passes on what the gate let through, and fails on what it should have stopped."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

import numpy as np
import pytest

import disclosure.matrix
from builder.__main__ import main
from builder.auditing import audit_release
from disclosure.gate import Gate, Verdict
from disclosure.thresholds import Thresholds
from release import Release
from release.shelf import publish
from tests.builder.organisation import computed, filled_engine, inside, met, with_attributes
from tests.store.small_organisation import make_rows

ONLY_IN_BETA = 2
OF_THEIR_OWN = ("cross_group_share", "group_pair_ratio")
"""Measures whose cells rest on people or pairs of their own."""
NUMBERS = (
    "estimate", "low", "high", "expected", "lottery_low", "lottery_high", "people", "pairs"
)  # fmt: skip
LEAN = ("site", "grade", "belief")
"""A union and a group left out, hidden cells of both kinds, and one attribute switched off."""


@pytest.fixture(scope="module")
def lean(rows):
    """Return an organisation with few attributes, so that many audits take little time."""
    return filled_engine(with_attributes(rows, *LEAN))


@pytest.fixture(scope="module")
def release_of(lean):
    return computed(lean)


def findings(engine, contents, thresholds=None):
    with engine.connect() as connection:
        return audit_release(connection, Release(contents), thresholds or Thresholds())


def rules(engine, contents):
    return {finding.rule for finding in findings(engine, contents)}


def with_cell(contents, index, **changes):
    cells = list(contents.cells)
    cells[index] = replace(cells[index], **changes)
    return replace(contents, cells=tuple(cells))


def position(contents, status, **wanted):
    """Return the place of the first cell of that status."""
    return next(
        number
        for number, cell in enumerate(contents.cells)
        if cell.status == status and all(getattr(cell, k) == v for k, v in wanted.items())
    )


def unmasked(contents, index):
    """Return the contents with one hidden cell filled in as if the gate had shown it."""
    like = contents.cells[position(contents, "shown", measure=contents.cells[index].measure)]
    hidden = contents.cells[index]
    keys = {name: getattr(hidden, name) for name in ("slice", "group", "period", "breakdown")}
    return with_cell(contents, index, **{
        name: getattr(like, name) for name in like.__dataclass_fields__ if name not in keys
    })  # fmt: skip


def by_size_alone(gate, members):
    """Decide as many dashboards do: count the people of each cell by itself."""
    inside = np.asarray(members, dtype=bool)[gate._occupied]
    enough = gate._pattern_people[inside].sum() >= gate._least
    return Verdict.SHOWN if enough else Verdict.SMALL


@pytest.fixture
def thresholds_only(monkeypatch):
    """Take out of the gate all that looks at more than one cell at a time."""
    monkeypatch.setattr(Gate, "offer", by_size_alone)
    monkeypatch.setattr(disclosure.matrix, "_rows_in_trouble", lambda *_: np.zeros(1, dtype=bool))


@pytest.fixture(scope="module")
def nested_engine():
    """Return an organisation in which two people make all the difference.

    Everybody who meets somebody does so in the programme alpha, except two people, who meet
    others in beta alone. What is said of the whole less what is said of alpha is about those two.
    """
    rows = make_rows(seed=3, people=60)
    pairings = met(rows, "function")
    in_beta = Counter(one for each in pairings if each.programme == "beta" for one in each.people)
    two = {person for person, _ in in_beta.most_common(ONLY_IN_BETA)}
    in_alpha = {
        person
        for pairing in pairings
        if pairing.programme == "alpha" and not two & set(pairing.people)
        for person in pairing.people
    }
    seats = defaultdict(set)
    for row in rows["conversation_participant"]:
        seats[row["conversation_id"]] |= {row["person_id"]} - {None}
    rows["conversation"] = [
        row
        for row in rows["conversation"]
        if (row["programme_id"] == "alpha" and not two & seats[row["conversation_id"]])
        or (row["programme_id"] == "beta" and seats[row["conversation_id"]] <= in_alpha | two)
    ]
    return filled_engine(with_attributes(rows, "function")), rows


def test_the_release_of_the_small_organisation_keeps_every_promise(engine, contents):
    assert findings(engine, contents) == []


def test_a_group_that_nobody_of_met_anybody_keeps_every_promise(rows):
    """One enrolled person of a site of their own; without care the rest of a gap tells of them."""
    chosen = with_attributes(rows, "badge", "site")
    alone = chosen["enrolment"][0]["person_id"]
    chosen["attribute_value_def"] = [
        *chosen["attribute_value_def"],
        {"attribute_code": "site", "value_code": "attic", "label": "Attic", "sort": 9},
    ]
    chosen["person_attribute"] = [
        row | {"value_code": "attic"}
        if (row["person_id"], row["attribute_code"]) == (alone, "site")
        else row
        for row in chosen["person_attribute"]
    ]
    chosen["conversation_participant"] = [
        row | {"person_id": None} if row["person_id"] == alone else row
        for row in chosen["conversation_participant"]
    ]
    engine = filled_engine(chosen)
    contents = computed(engine)
    assert not any("attic" in group.label.lower() for group in contents.groups)
    assert findings(engine, contents) == []


def test_releases_with_other_thresholds_keep_theirs(engine, stricter, lean):
    assert findings(engine, stricter, Thresholds(people=20)) == []
    lowered = computed(lean, minimum_people=5, minimum_effective=3)
    assert findings(lean, lowered, Thresholds(people=5, effective=3)) == []


def test_a_release_is_held_against_the_thresholds_in_force_and_not_its_own(engine, contents):
    assert findings(engine, contents, Thresholds(people=20)) != []


def test_two_people_are_not_told_apart_from_everybody_else(nested_engine):
    engine, rows = nested_engine
    pairings = met(rows, "function")
    everybody, alpha = (
        {person for pairing in inside(pairings, slice_, "all") for person in pairing.people}
        for slice_ in ("organisation", "programme=alpha")
    )
    assert len(everybody) > 30 and len(everybody - alpha) == ONLY_IN_BETA
    contents = computed(engine)
    assert findings(engine, contents) == []
    share = contents.cells[position(contents, "protects", slice="programme=alpha", group="all")]
    assert share.measure == "cross_group_share"


@pytest.mark.usefixtures("thresholds_only")
def test_a_size_check_alone_tells_two_people_apart_and_fails(nested_engine):
    engine, _ = nested_engine
    found = rules(engine, computed(engine))
    assert {"effective group size", "nested cells"} <= found


@pytest.mark.usefixtures("thresholds_only")
def test_tables_without_further_hiding_can_be_solved_and_fail(lean):
    assert "solvable cell" in rules(lean, computed(lean))


def test_the_sample_release_keeps_every_promise(sample_copy, monkeypatch, capsys):
    monkeypatch.setenv("WEFT_HOME", str(sample_copy))
    assert main(["audit"]) == 0
    assert capsys.readouterr().out == "audit: every promise is kept\n"


def test_the_command_fails_on_a_release_with_one_hidden_cell_filled_in(
    sample_copy, sample_release, monkeypatch, capsys
):
    monkeypatch.setenv("WEFT_HOME", str(sample_copy))
    contents = sample_release.contents
    index = position(contents, "small", measure="cross_group_share")
    publish(with_cell(contents, index, estimate=0.5), sample_copy / "releases")
    assert main(["audit"]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("hidden number: cross_group_share / ")
    assert told[-1] == "audit: 1 findings"


HIDDEN_CHANGES = (
    *(({name: 0}, "hidden number") for name in NUMBERS),
    ({"printed": "8\u202f%"}, "hidden words"),
    ({"reason": ""}, "hidden reason"),
)
SHOWN_CHANGES = (
    ({"estimate": None}, "interval"),
    ({"low": None}, "interval"),
    ({"low": 0.99}, "interval"),
    ({"people": 61}, "people in fives"),
    ({"pairs": 62}, "people in fives"),
    ({"people": None}, "minimum size"),
    ({"printed": "100\u202f%"}, "unanimous"),
    ({"printed": "0\u202f%"}, "unanimous"),
)


def changed_one_by_one(contents, places, changes):
    """Return the contents with one change in each of so many cells, and what should be found."""
    wanted = set()
    for index, (change, rule) in zip(places, changes, strict=False):
        cell = contents.cells[index]
        key = (cell.measure, cell.slice, cell.breakdown, cell.group, cell.period)
        wanted.add((rule, " / ".join(key)))
        contents = with_cell(contents, index, **change)
    assert len(wanted) == len(changes)
    return contents, wanted


def places_of(contents, status, measures):
    return [
        number
        for number, cell in enumerate(contents.cells)
        if cell.status == status and cell.measure in measures
    ]


@pytest.mark.parametrize("status", ["small", "protects"])
def test_any_number_in_a_hidden_cell_and_any_missing_word_is_found(engine, contents, status):
    places = [number for number, cell in enumerate(contents.cells) if cell.status == status]
    changed, wanted = changed_one_by_one(contents, places, HIDDEN_CHANGES)
    assert wanted <= {(finding.rule, finding.key) for finding in findings(engine, changed)}


def test_a_small_cell_that_is_shown_after_all_is_found(lean, release_of):
    small = places_of(release_of, "small", OF_THEIR_OWN)
    assert len(small) > 4
    for number in small[::2]:
        assert findings(lean, unmasked(release_of, number)), release_of.cells[number]


def test_cells_that_protect_others_are_found_when_they_are_all_shown(lean, release_of):
    protecting = places_of(release_of, "protects", OF_THEIR_OWN)
    assert len(protecting) >= 8
    shown = release_of
    for number in protecting:
        shown = unmasked(shown, number)
    assert "solvable cell" in rules(lean, shown)


def test_a_shown_cell_that_says_too_much_or_too_little_is_found(lean, release_of):
    places = places_of(release_of, "shown", ["cross_group_share"])
    changed, wanted = changed_one_by_one(release_of, places, SHOWN_CHANGES)
    assert wanted <= {(finding.rule, finding.key) for finding in findings(lean, changed)}


def test_values_of_an_attribute_that_is_switched_off_are_found(lean, release_of):
    index = position(release_of, "shown", measure="cross_group_share")
    assert "not published" in rules(lean, with_cell(release_of, index, breakdown="belief"))


def test_values_of_a_group_that_is_not_published_are_found(lean, release_of):
    index = position(release_of, "shown", breakdown="grade", group="junior")
    assert "not published" in rules(lean, with_cell(release_of, index, group="intern"))


def test_findings_name_no_person(lean, release_of, rows):
    index = position(release_of, "small", measure="group_pair_ratio")
    words = " ".join(str(finding) for finding in findings(lean, unmasked(release_of, index)))
    assert words and not any(row["person_id"] in words for row in rows["person"])
