"""What a release says equals plain Python over the same rows, within the rounding it admits."""

from __future__ import annotations

import pytest

from disclosure.rounding import expected_step, share_step, to_five
from tests.builder.organisation import (
    expected_by_hand,
    inside,
    met,
    people_by_hand,
    share_by_hand,
)

ATTRIBUTES = ("function", "origin", "site", "grade")
FLOATING_POINT = 1e-4  # estimates are published with four decimals
SMALLEST = 10


def cells_of(contents, measure, attribute):
    return [c for c in contents.cells if (c.measure, c.breakdown) == (measure, attribute)]


def drawn(contents, measure, attribute):
    return [cell for cell in cells_of(contents, measure, attribute) if cell.is_drawn]


def here(pairings, cell):
    return inside(pairings, cell.slice, cell.period)


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_every_share_shown_is_the_share_counted_by_hand(contents, rows, attribute):
    pairings = met(rows, attribute)
    shown = drawn(contents, "cross_group_share", attribute)
    assert len(shown) >= 15
    for cell in shown:
        exact = share_by_hand(here(pairings, cell), cell.group)
        people = people_by_hand(here(pairings, cell), cell.group)
        if cell.printed.startswith("under"):
            assert exact <= 2 * cell.estimate + FLOATING_POINT
        elif cell.printed.startswith("over"):
            assert exact >= 2 * cell.estimate - 1 - FLOATING_POINT
        else:
            half = share_step(people) / 2 + FLOATING_POINT
            assert cell.estimate == pytest.approx(exact, abs=half)


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_every_expected_share_is_that_of_a_lottery_played_out_seat_by_seat(
    contents, rows, attribute
):
    pairings = met(rows, attribute)
    shown = [c for c in drawn(contents, "cross_group_share", attribute) if c.expected is not None]
    assert len(shown) >= 15
    for cell in shown:
        exact = expected_by_hand(here(pairings, cell), cell.group)
        people = people_by_hand(here(pairings, cell), cell.group)
        half = expected_step(people) / 2 + FLOATING_POINT
        assert cell.expected == pytest.approx(exact, abs=half), cell


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_people_and_pairings_are_those_counted_by_hand_in_fives(contents, rows, attribute):
    pairings = met(rows, attribute)
    for cell in drawn(contents, "cross_group_share", attribute):
        counted = here(pairings, cell)
        touched = [p for p in counted if cell.group == "all" or cell.group in p.groups]
        assert cell.people == to_five(people_by_hand(counted, cell.group))
        assert cell.pairs == to_five(len(touched))


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_a_cell_is_small_exactly_where_fewer_than_ten_people_met(contents, rows, attribute):
    pairings = met(rows, attribute)
    for cell in cells_of(contents, "cross_group_share", attribute):
        people = people_by_hand(here(pairings, cell), cell.group)
        assert (cell.status == "small") == (people < SMALLEST)


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_every_ratio_is_the_share_beside_it_over_its_expected_share(contents, attribute):
    shares = {
        (cell.slice, cell.group, cell.period): cell
        for cell in drawn(contents, "cross_group_share", attribute)
    }
    ratios = drawn(contents, "cross_group_ratio", attribute)
    assert len(ratios) >= 15
    for cell in ratios:
        share = shares[cell.slice, cell.group, cell.period]
        assert cell.estimate == pytest.approx(share.estimate / share.expected, abs=2e-3)
        assert cell.expected == 1


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_the_pairs_of_a_table_are_those_counted_by_hand_in_fives(contents, rows, attribute):
    pairings = met(rows, attribute)
    shown = drawn(contents, "group_pair_ratio", attribute)
    assert shown
    for cell in shown:
        wanted = sorted(cell.group.split("|"))
        counted = [p for p in here(pairings, cell) if sorted(p.groups) == wanted]
        assert cell.pairs == to_five(len(counted))


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_coverage_is_the_share_of_pairings_with_two_known_groups(contents, rows, attribute):
    pairings = met(rows, attribute)
    known = sum(p.weight for p in pairings if p.is_known) / sum(p.weight for p in pairings)
    (scope,) = (scope for scope in contents.scopes if scope.key == attribute)
    # complete to half a per cent says nothing
    assert scope.coverage == ("" if known > 0.995 else f"{100 * known:.0f}\u202f%")


def test_quarters_have_cells_of_their_own(contents):
    shown = drawn(contents, "cross_group_share", "function")
    assert {cell.period for cell in shown} == {"all", "2026-Q1", "2026-Q2"}
