"""What a few people do in one place does not follow from cells of two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import isnan
from pathlib import Path

import pytest

from builder.auditing import audit
from builder.build import build
from builder.cohort_fields import rate_of_all
from release import Cell, Contents, open_current
from release.shelf import publish
from settings import Settings
from tests.builder.few_in_two_places import (
    also_in_another,
    came_again,
    in_another_mode,
    of_unknown_group,
)
from tests.builder.organisation import computed, filled_engine
from tests.store.small_organisation import Rows


def release_of(rows: Rows) -> Contents:
    return computed(filled_engine(rows))


def cells_of(contents: Contents, measure: str, group: str) -> dict[str, Cell]:
    return {cell.slice: cell for cell in contents.cells
            if (cell.measure, cell.group, cell.period) == (measure, group, "all")}  # fmt: skip


def told(cells: dict[str, Cell], *slices: str) -> list[bool]:
    return [slice_ in cells and cells[slice_].is_drawn for slice_ in slices]


@pytest.fixture(scope="module")
def again() -> Contents:
    return release_of(came_again(0.0))


def test_an_intake_does_not_tell_what_a_few_did_when_they_came_again(again: Contents) -> None:
    """The cohort and the intake are the same 80 people, who differ by 75 seats of three of them.

    By hand: (152 seats of the second cohort - 77 of its newcomers) / 75 is the share of the three.
    """
    rates = cells_of(again, "cohort_rate", "feedback_rate")
    assert told(rates, "cohort=a1", "cohort=a2") == [True, True]
    assert told(rates, "intake=alpha.2026-Q1", "intake=alpha.2026-Q2") == [False, False]
    # each person takes part or not, wherever: that adds nothing
    assert rates["intake=alpha.2026-Q1"].status == "protects"


def test_a_group_in_all_programmes_does_not_tell_of_a_few_in_another() -> None:
    """By hand: 135 seats of the group in all, less 60 in one programme, are 75 of three people."""
    contents = release_of(also_in_another(0.0))
    shares = cells_of(contents, "equity_rate", "feedback.x")
    assert told(shares, "programme=beta") == [False]
    assert sum(told(shares, "organisation", "programme=alpha")) == 1


def test_groups_do_not_tell_of_the_few_of_unknown_group() -> None:
    """By hand: the programme's own rate less that of all its groups is that of three people."""
    contents = release_of(of_unknown_group(0.0))
    rates = cells_of(contents, "feedback_rate", "all")
    assert told(rates, "programme=alpha", "programme=beta") == [True, True]
    for group in "xy":
        shares = cells_of(contents, "equity_rate", f"feedback.{group}")
        assert told(shares, "programme=alpha") == [False]
    # nobody of unknown group is in the other one
    assert told(cells_of(contents, "equity_rate", "feedback.z"), "programme=beta") == [True]


def test_a_cohort_beside_a_mode_does_not_tell_of_the_two_who_met_otherwise() -> None:
    """By hand: the cohort's contacts less those in person are the forty online, of two people."""
    contents = release_of(in_another_mode(of_one_group=True))
    whole = cells_of(contents, "cross_group_share", "all")
    assert told(whole, "cohort=a1") == [True]
    by_mode = [
        cell
        for cell in contents.cells
        if cell.measure == "cross_group_ratio_by_place" and cell.group == "mode=in_person"
    ]
    assert by_mode
    assert not any(cell.is_drawn for cell in by_mode)


@pytest.mark.parametrize("make", [came_again, also_in_another, of_unknown_group])
def test_what_is_shown_of_the_others_does_not_depend_on_the_few(
    make: Callable[[float], Rows], again: Contents
) -> None:
    """Whether the three always or never give feedback changes no status of a cell."""
    never = again if make is came_again else release_of(make(0.0))
    always = release_of(make(1.0))
    hidden = [{(cell.measure, cell.slice, cell.group): cell.is_hidden for cell in contents.cells
               if cell.measure in ("equity_rate", "cohort_rate")}
              for contents in (never, always)]  # fmt: skip
    assert hidden[0] == hidden[1]


def test_the_line_of_all_is_as_coarse_as_a_rate() -> None:
    """A finer one would tell, beside the rate of the programme, how many of three met twice.

    By hand: a rate of 160 people stands on a step of five of them.
    """
    found = [rate_of_all(float(met), 160.0, 160) for met in range(100, 120)]
    assert len(set(found)) in (4, 5)
    assert all(abs(rate - met / 160) <= 2.5 / 160 + 1e-9
               for met, rate in zip(range(100, 120), found, strict=True))  # fmt: skip
    assert isnan(rate_of_all(0.0, 0.0, 0))


def test_whoever_is_offered_partners_in_several_pools_is_one_person(contents: Contents) -> None:
    """In the small organisation pools change from round to round; 20 people are in each cohort."""
    published = [cell for cell in contents.cells
                 if cell.measure == "equity_rate" and cell.group.startswith("completion.")
                 and cell.people is not None]  # fmt: skip
    everybody = {cell.slice: cell.people for cell in contents.cells
                 if cell.measure == "completion_rate" and cell.period == "all"
                 and cell.people is not None}  # fmt: skip
    assert published
    for slice_ in {cell.slice for cell in published}:
        by_breakdown: dict[str, int] = {}
        for cell in published:
            if cell.slice == slice_:
                before = by_breakdown.get(cell.breakdown, 0)
                by_breakdown[cell.breakdown] = before + cell.people
        # each group is rounded to five people
        assert all(people <= everybody[slice_] + 10 for people in by_breakdown.values())


@pytest.mark.parametrize(
    ("make", "spot"),
    [
        (lambda: also_in_another(0.0), ("equity_rate", "programme=alpha", "feedback.x")),
        (
            lambda: in_another_mode(of_one_group=True),
            ("cross_group_ratio_by_place", "organisation", "mode=in_person"),
        ),
    ],
)
def test_the_audit_sees_what_a_few_did_in_another_place(
    tmp_path: Path, make: Callable[[], Rows], spot: tuple[str, str, str]
) -> None:
    """With the cell shown beside the others, as people alone would allow."""
    engine, settings = filled_engine(make()), Settings(home=tmp_path)
    build(engine, settings)
    assert audit(engine, settings) == []
    release = open_current(settings.releases)
    cells = [
        replace(cell, status="shown", estimate=0.4, low=0.3, high=0.5, people=60, printed="40 %")
        if (cell.measure, cell.slice, cell.group) == spot
        else cell
        for cell in release.contents.cells
    ]
    publish(replace(release.contents, cells=tuple(cells)), settings.releases)
    assert "effective group size" in {finding.rule for finding in audit(engine, settings)}
