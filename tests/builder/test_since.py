"""Changes of cohorts since each of their cycles, as a release of the sample holds them."""

from __future__ import annotations

from datetime import date

import pytest

from release import Cell, Release
from sample_data import planted

QUIET = f"cohort={planted.QUIET_COHORT}"


@pytest.fixture(scope="module")
def changes(sample_release: Release) -> list[Cell]:
    cells = sample_release.contents.cells
    return [cell for cell in cells if cell.measure == "cohort_change_since"]


def of_quiet(changes: list[Cell], cycle: int) -> Cell:
    (cell,) = (
        cell
        for cell in changes
        if cell.slice == QUIET and f"since cycle {cycle} " in f"{cell.sentence} "
    )
    return cell


def test_the_planted_fall_shows_against_the_others(changes: list[Cell]) -> None:
    cell = of_quiet(changes, planted.QUIET_FROM_ROUND)
    assert cell.verdict == "below"
    # planted: participation falls to 0.82, 0.64 and then 0.46 of what it was, over four cycles
    factors = (*planted.QUIET_FACTORS, planted.QUIET_FACTORS[-1])
    before = 0.92
    assert cell.low < -before * (1 - sum(factors) / len(factors)) < cell.high
    assert "% here" in cell.phrase


def test_once_it_is_low_nothing_moves_any_more(changes: list[Cell]) -> None:
    latest = of_quiet(changes, planted.QUIET_FROM_ROUND + 2 + len(planted.QUIET_FACTORS))
    assert latest.verdict == "noise"


def test_hardly_any_cohort_without_an_effect_is_said_to_have_moved(changes: list[Cell]) -> None:
    others = [cell for cell in changes if cell.slice != QUIET and cell.status == "shown"]
    moved = [cell for cell in others if cell.verdict != "noise"]
    # each is judged by itself: five in a hundred by chance
    assert len(others) > 100
    assert len(moved) <= 0.05 * len(others)


def test_the_period_is_the_day_on_which_the_cycle_began(changes: list[Cell]) -> None:
    days = [date.fromisoformat(cell.period) for cell in changes if cell.slice == QUIET]
    assert days == sorted(set(days))


def test_a_change_follows_from_published_cycles_alone(
    changes: list[Cell], sample_release: Release
) -> None:
    cell = of_quiet(changes, planted.QUIET_FROM_ROUND)
    first = planted.QUIET_FROM_ROUND
    before, since = (
        [sample_release.cell("cycle_participation", QUIET, "none", period=str(cycle)).estimate
         for cycle in cycles]
        for cycles in (range(first - 4, first), range(first, first + 4))
    )  # fmt: skip
    assert f"from {100 * sum(before) / 4:.0f}\u202f% to {100 * sum(since) / 4:.0f}" in cell.phrase


def test_a_cohort_with_hidden_cycles_has_no_change(
    changes: list[Cell], sample_release: Release
) -> None:
    drawn = {
        cell.slice
        for cell in sample_release.contents.cells
        if cell.measure == "cycle_participation" and cell.is_drawn
    }
    assert {cell.slice for cell in changes} <= drawn
