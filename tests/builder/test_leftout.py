"""Who is left out and who carries the mixing: by hand, in the sample organisation, and audited."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from builder.auditing import audit_release
from disclosure.rounding import share_step, to_five
from disclosure.thresholds import Thresholds
from release import Release
from release.contents import Contents
from tests.builder.organisation import computed, ends, filled_engine, inside, met
from tests.store import by_hand

ATTRIBUTES = ("function", "site")
MINE = (
    "coleman_index", "cross_group_reach", "no_conversation_share", "mixing_load",
)  # fmt: skip
FLOATING_POINT = 1e-4


def cells_of(contents: Contents, measure: str, attribute: str) -> list:
    return [c for c in contents.cells if (c.measure, c.breakdown) == (measure, attribute)]


def test_help_is_not_told_where_nobody_was_asked(contents):
    assert not [cell for cell in contents.cells if cell.measure.startswith("help_")]


@pytest.mark.parametrize("attribute", ATTRIBUTES)
@pytest.mark.parametrize("measure", MINE)
def test_organisation_and_programmes_have_every_group(contents, measure, attribute):
    found = Counter(cell.slice for cell in cells_of(contents, measure, attribute))
    groups = {cell.group for cell in cells_of(contents, "cross_group_share", attribute)}
    whole = measure in ("cross_group_reach", "no_conversation_share")
    size = len(groups - {"all"}) + whole
    slices = ("organisation", "programme=alpha", "programme=beta")
    assert found == dict.fromkeys(slices, size)


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_reach_is_the_share_of_people_with_anybody_outside(contents, rows, attribute):
    pairings = met(rows, attribute)
    shown = [c for c in cells_of(contents, "cross_group_reach", attribute) if c.is_drawn]
    assert shown
    for cell in shown:
        here = list(ends(inside(pairings, cell.slice, "all")))
        own = [end for end in here if cell.group in ("all", end[2])]
        people = {person for _, person, _, _ in own}
        reached = {person for _, person, mine, theirs in own if mine != theirs}
        assert cell.people == to_five(len(people))
        assert within(cell, len(reached) / len(people), len(people))


def within(cell, exact: float, people: int) -> bool:
    if cell.printed.startswith("over"):
        return exact >= 2 * cell.estimate - 1 - FLOATING_POINT
    if cell.printed.startswith("under"):
        return exact <= 2 * cell.estimate + FLOATING_POINT
    return abs(cell.estimate - exact) <= share_step(people) / 2 + FLOATING_POINT


def test_people_without_a_conversation_are_counted_among_the_eligible(contents, rows):
    # function: some people change it, and count in the last one
    programme_of = {row["cohort_id"]: row["programme_id"] for row in rows["cohort"]}
    last = {
        row["person_id"]: row["value_code"]
        for row in sorted(rows["person_attribute"], key=lambda row: row["valid_from"])
        if row["attribute_code"] == "function" and "valid_to" not in row
    }
    held = [pairing for pairing in by_hand.pairings(rows) if pairing["completed"]]
    shown = [c for c in cells_of(contents, "no_conversation_share", "function") if c.is_drawn]
    assert len(shown) == 12
    for cell in shown:
        code = cell.slice.partition("=")[2]
        could = {
            row["person_id"]
            for row in rows["enrolment"]
            if code in ("", programme_of[row["cohort_id"]])
            and cell.group in ("all", last[row["person_id"]])
        }
        talked = {
            pairing[side] for pairing in held if code in ("", pairing["programme"]) for side in "ab"
        }
        assert cell.people == to_five(len(could))
        assert within(cell, len(could - talked) / len(could), len(could))


def test_reach_load_and_index_are_hidden_where_the_share_is(contents):
    for attribute in ("function", "origin", "site", "grade"):
        shares = {
            (cell.slice, cell.group): cell.is_hidden
            for cell in cells_of(contents, "cross_group_share", attribute)
            if cell.period == "all"
        }
        for measure in set(MINE) - {"no_conversation_share"}:
            for cell in cells_of(contents, measure, attribute):
                assert cell.is_hidden or not shares[cell.slice, cell.group]


def test_without_enrolment_nobody_is_said_to_have_met_nobody(rows):
    contents = computed(filled_engine(rows | {"enrolment": []}))
    cells = cells_of(contents, "no_conversation_share", "site")
    assert {cell.status for cell in cells if not cell.is_hidden} == {"undefined"}
    reasons = {cell.reason for cell in cells if cell.status == "undefined"}
    assert reasons == {"who could have taken part was not recorded"}


def test_people_and_culture_carries_the_mixing_of_the_sample(sample_release):
    cells = sample_release.by_group("mixing_load", "programme=crossings", "function")
    loads = {cell.group: cell for cell in cells}
    most = max(cells, key=lambda cell: cell.estimate or 0)
    assert most.group == "people"
    assert most.verdict == "above"
    # planted: three conversations instead of one or two; a lottery explains less
    assert loads["people"].low > loads["people"].expected
    assert {cell.verdict for cell in cells if cell.group != "people"} == {"noise"}
    assert "fewer than 15\u202f% of the people here" in most.sentence
    assert not any("fewer than 15" in c.sentence for c in cells if c.group != "people")


def test_nobody_is_left_out_by_tenure(sample_release):
    # planted: nothing
    for measure in MINE:
        for slice_ in ("organisation", "programme=crossings", "programme=sounding-board"):
            cells = sample_release.by_group(measure, slice_, "tenure")
            assert {cell.verdict for cell in cells} <= {"noise", ""}, (measure, slice_)


@pytest.fixture(scope="module")
def found_before(engine, contents):
    """Return what the audit says of the release as it was built."""
    return findings(engine, contents)


@pytest.mark.parametrize("change", ["estimate", "verdict", "silence"])
def test_the_audit_notices_a_wrong_cell(engine, contents, found_before, change):
    assert findings(engine, tampered(contents, change)) - found_before, change


def tampered(contents: Contents, change: str) -> Contents:
    if change == "silence":
        # shown as if it rested on five people
        wrong = replace(
            next(c for c in cells_of(contents, "no_conversation_share", "function") if c.is_drawn),
            people=5,
        )
    else:
        cell = next(c for c in cells_of(contents, "coleman_index", "function") if c.is_drawn)
        wrong = replace(cell, estimate=cell.estimate - 0.1, low=cell.low - 0.1)
        if change == "verdict":
            wrong = replace(cell, verdict="above" if cell.verdict != "above" else "noise")
    same = [
        cell
        for cell in contents.cells
        if (cell.measure, cell.slice, cell.breakdown, cell.group)
        != (wrong.measure, wrong.slice, wrong.breakdown, wrong.group)
    ]
    return replace(contents, cells=(*same, wrong))


def findings(engine, contents: Contents) -> set[tuple[str, str]]:
    with engine.connect() as connection:
        found = audit_release(connection, Release(contents), Thresholds())
    return {(finding.rule, finding.key) for finding in found}
