"""The steps of a release: found where they were planted, exact, and guarded like the rest."""

from __future__ import annotations

from dataclasses import replace
from math import prod

import pytest

from builder.auditing import audit_release
from disclosure.rounding import expected_step, share_step
from disclosure.thresholds import Thresholds
from release import Release
from sample_data import planted
from tests.builder.organisation import computed, filled_engine, with_attributes

STEPS = ("opportunity_factor", "matching_factor", "uptake_factor", "continuation_factor")
TOTAL = "connection_factor"
ALL = (*STEPS, "meeting_factor", TOTAL)
CROSSINGS, SOUNDING_BOARD = "programme=crossings", "programme=sounding-board"
ROUNDING = 0.02


@pytest.fixture(scope="module")
def lean(rows):
    return filled_engine(with_attributes(rows, "site", "grade"))


@pytest.fixture(scope="module")
def lean_contents(lean):
    return computed(lean)


def step(release, key, slice_, attribute):
    return release.cell(f"{key}_factor", slice_, attribute)


def test_opportunity_is_lost_where_pools_are_locations_and_the_draw_is_fair(sample_release):
    lost = step(sample_release, "opportunity", CROSSINGS, "function")
    # sample_data/README.md: pool against headcount 0.83, offers against the pool's lottery 1.01
    assert lost.verdict == "below"
    assert lost.estimate == pytest.approx(0.83, abs=ROUNDING)
    matching = step(sample_release, "matching", CROSSINGS, "function")
    assert matching.verdict == "noise"
    assert matching.estimate == pytest.approx(1.01, abs=ROUNDING)


def test_matching_adds_what_the_mentoring_rule_prefers(sample_release):
    cell = step(sample_release, "matching", SOUNDING_BOARD, "function")
    assert cell.verdict == "above"
    assert cell.low <= planted.FUNCTION_RATIO <= cell.high
    assert step(sample_release, "uptake", SOUNDING_BOARD, "function").verdict == "noise"


def test_uptake_falls_where_levels_of_seniority_meet_less_often(sample_release):
    assert step(sample_release, "uptake", CROSSINGS, "seniority").verdict == "below"
    assert step(sample_release, "matching", CROSSINGS, "seniority").verdict == "noise"
    rates = {
        kind: sample_release.cell("completion_by_crossing", CROSSINGS, "seniority", kind)
        for kind in ("cross", "same")
    }
    # planted is the completion of planned conversations; some offers were never planned at all
    planted_ratio = planted.COMPLETION_CROSS_SENIORITY / planted.COMPLETION_SAME_SENIORITY
    ratio = rates["cross"].estimate / rates["same"].estimate
    assert ratio == pytest.approx(planted_ratio, abs=ROUNDING)
    assert rates["same"].estimate <= planted.COMPLETION_SAME_SENIORITY


def test_nothing_is_found_where_nothing_was_planted(sample_release):
    for slice_ in ("organisation", CROSSINGS, SOUNDING_BOARD):
        for key in ALL:
            cell = sample_release.cell(key, slice_, planted.NULL_ATTRIBUTE)
            assert cell.verdict == "noise", (key, slice_)


def test_steps_multiply_to_their_total_in_every_slice(sample_release):
    told = 0
    for slice_ in sample_release.slices:
        for attribute in sample_release.breakdowns:
            total = sample_release.cell(TOTAL, slice_, attribute)
            if total is None or not total.is_drawn:
                continue
            cells = [sample_release.cell(key, slice_, attribute) for key in STEPS]
            if not any(cell.is_hidden for cell in cells):
                product = prod(cell.estimate for cell in cells if cell.is_drawn)
                assert product == pytest.approx(total.estimate, rel=1e-9)
                told += 1
    assert told > 30


def test_who_met_among_those_available_agrees_with_the_ratio_beside_it(sample_release):
    # the ratio deals the seats of completed pairings anew, the step the people of the pools
    for slice_ in ("organisation", CROSSINGS, SOUNDING_BOARD):
        meeting = step(sample_release, "meeting", slice_, "function")
        ratio = sample_release.cell("cross_group_ratio", slice_, "function")
        assert meeting.estimate == pytest.approx(ratio.estimate, abs=2 * ROUNDING)


def test_every_slice_has_every_step_once(lean_contents):
    slices = {scope.key for scope in lean_contents.scopes if scope.kind == "slice"}
    for attribute in ("site", "grade"):
        found = [
            (cell.measure, cell.slice)
            for cell in lean_contents.cells
            if cell.breakdown == attribute and cell.measure in ALL
        ]
        assert sorted(found) == sorted((key, slice_) for key in ALL for slice_ in slices)


def test_the_share_at_a_stage_is_that_of_the_people_who_came_so_far(lean_contents):
    # the share that is published of completed pairings is the one that the steps rest on
    for cell in lean_contents.cells:
        if (cell.measure, cell.period, cell.group) != ("cross_group_share", "all", "all"):
            continue
        release = Release(lean_contents)
        meeting = release.cell("meeting_factor", cell.slice, cell.breakdown)
        opportunity = release.cell("opportunity_factor", cell.slice, cell.breakdown)
        if meeting.is_drawn and cell.is_drawn:
            pool = cell.estimate / meeting.estimate
            # the pool's share stands on the finer step of expected shares
            step_ = expected_step(opportunity.people)
            slack = share_step(cell.people)
            assert abs(pool / step_ - round(pool / step_)) < max(0.05, slack)


def test_the_audit_passes_on_what_was_built_and_notices_a_wrong_step(lean, lean_contents):
    with lean.connect() as connection:
        assert audit_release(connection, Release(lean_contents), Thresholds()) == []
        place = next(
            number
            for number, cell in enumerate(lean_contents.cells)
            if cell.measure == TOTAL and cell.is_drawn
        )
        cells = list(lean_contents.cells)
        cells[place] = replace(cells[place], estimate=cells[place].low)
        wrong = replace(lean_contents, cells=tuple(cells))
        found = audit_release(connection, Release(wrong), Thresholds())
    assert [finding.rule for finding in found] == ["steps"]
