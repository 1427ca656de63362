"""The cells of change: complete, additive, and found out by the audit when they are not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builder.auditing import audit_release
from builder.change import batches
from disclosure.thresholds import Thresholds
from metrics.connection.change import PARTS
from release import Release
from tests.builder.organisation import computed

SLICES = ("organisation", "programme=alpha", "programme=beta")
RULE = "parts of a change"


def cells_of(contents, measure):
    return [cell for cell in contents.cells if cell.measure == measure]


def rules(engine, contents):
    with engine.connect() as connection:
        found = audit_release(connection, Release(contents), Thresholds())
    return {finding.rule for finding in found}


def with_cell(contents, wanted, **changes):
    cells = tuple(replace(cell, **changes) if cell is wanted else cell for cell in contents.cells)
    return replace(contents, cells=cells)


@pytest.mark.parametrize("slice_", SLICES)
def test_every_slice_has_all_parts_from_quarter_to_quarter(contents, slice_):
    release = Release(contents)
    parts = [cell.group for cell in release.by_group("change_split", slice_, "function", "2026-Q2")]
    assert parts == list(PARTS)
    assert release.cell("ratio_change", slice_, "function", period="2026-Q2") is not None


def test_cohorts_have_no_change(contents):
    changes = cells_of(contents, "change_split") + cells_of(contents, "ratio_change")
    assert changes and not any(cell.slice.startswith("cohort=") for cell in changes)


def test_parts_are_shown_together_or_not_at_all(contents):
    together = {}
    for cell in cells_of(contents, "change_split"):
        together.setdefault((cell.slice, cell.breakdown, cell.period), set()).add(cell.status)
    assert {len(statuses) for statuses in together.values()} == {1}


def test_the_sample_splits_changes_that_sum_to_the_shares(sample_release):
    release = sample_release
    shares = [
        round(100 * release.cell("cross_group_share", "organisation", "location", period=key)
              .estimate)
        for key in ("2025-Q2", "2026-Q3")
    ]  # fmt: skip
    parts = release.by_group("change_split", "organisation", "location")
    assert sum(round(100 * part.estimate) for part in parts) == shares[1] - shares[0]


def test_the_circles_really_changed_and_say_so(sample_release):
    # planted: 0.80 of a lottery in 2025, 1.15 in the third quarter of 2026
    change = sample_release.cell("ratio_change", "programme=open-table", "location")
    assert (change.verdict, change.phrase) == ("above", "a real change")
    assert change.low <= 1.15 / 0.80 <= change.high
    within = sample_release.cell("change_split", "programme=open-table", "location", "within")
    assert within.verdict == "above"


def test_nothing_changed_for_tenure_anywhere(sample_release):
    # planted: nothing, see sample_data/README.md
    changes = [
        cell for cell in cells_of(sample_release.contents, "ratio_change")
        if cell.breakdown == "tenure"
    ]  # fmt: skip
    assert changes and not any(cell.phrase == "a real change" for cell in changes)


def test_a_part_that_does_not_sum_is_found(engine, contents):
    # everything else in place, one part is a point too high
    part = next((cell for cell in cells_of(contents, "change_split") if cell.is_drawn), None)
    if part is None:
        pytest.skip("the small organisation shows no change in parts")
    assert RULE not in rules(engine, contents)
    moved = with_cell(contents, part, estimate=part.estimate + 0.01, high=part.high + 0.01)
    assert RULE in rules(engine, moved)


def test_a_smallest_difference_is_used_in_the_words(engine, contents):
    wider = computed(engine, smallest_difference=0.5)
    usual, told = (
        {cell.phrase for cell in cells_of(each, "ratio_change") if cell.is_drawn}
        for each in (contents, wider)
    )
    assert any("5\u202f%" in phrase for phrase in usual)
    assert usual != told


def test_no_quarter_is_the_earlier_or_the_later_one_twice_in_a_query():
    found = batches({(1, 2), (2, 3), (3, 4), (1, 4), (2, 4)})
    assert sorted(pair for batch in found for pair in batch) == [
        (1, 2), (1, 4), (2, 3), (2, 4), (3, 4)
    ]  # fmt: skip
    for batch in found:
        for side in zip(*batch, strict=True):
            assert len(set(side)) == len(side)
