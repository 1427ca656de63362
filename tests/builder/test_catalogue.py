"""A release holds every cell of the catalogue and no other; the same store gives the same one."""

from __future__ import annotations

from collections import Counter
from itertools import combinations_with_replacement, product

import pytest

from builder.build import build
from builder.catalogue import CONNECTION, RATES, TRENDS
from builder.equity import BREAKDOWN as EQUITY
from metrics import MEASURES
from release import open_current
from settings import Settings
from tests.builder.organisation import UNION, computed, filled_engine

SLICES = {
    "organisation": ["organisation"],
    "programme": ["programme=alpha", "programme=beta"],
    "cohort": ["cohort=a1", "cohort=a2", "cohort=b1"],
}
PERIODS = {"all": ["all"], "quarter": ["2026-Q1", "2026-Q2"]}
GROUPS = {
    "function": ["x", "y", "z"],
    "grade": ["junior", "senior"],
    "origin": ["u", "v", "w", "several"],
    "site": ["north", "south", "east", "other_groups"],
}
CONNECTION_KEYS = (
    "cross_group_share",
    "cross_group_ratio",
    "group_pair_ratio",
    "cross_group_trend",
)
RATE_KEYS = ("participation_rate", "completion_rate", "feedback_rate")


def key(cell):
    return cell.measure, cell.slice, cell.breakdown, cell.group, cell.period


def expected_keys(attribute):
    """Return the keys that the views of the catalogue ask for, spelled out one by one."""
    groups = GROUPS[attribute]
    parts = {
        "whole": ["all"],
        "groups": groups,
        "pairs": [f"{one}|{other}" for one, other in combinations_with_replacement(groups, 2)],
    }
    for view in CONNECTION:
        pairs = view.parts == "pairs"
        measures = ["group_pair_ratio"] if pairs else ["cross_group_share", "cross_group_ratio"]
        places = product(measures, SLICES[view.level], [attribute], parts[view.parts])
        yield from ((*place, period) for place in places for period in PERIODS[view.span])
    for level in TRENDS:
        for slice_ in SLICES[level]:
            yield "cross_group_trend", slice_, attribute, "all", "all"


@pytest.mark.parametrize("attribute", GROUPS)
def test_every_view_yields_its_cells_for_every_slice_period_and_group(contents, attribute):
    found = Counter(
        key(cell)
        for cell in contents.cells
        if cell.breakdown == attribute and cell.measure in CONNECTION_KEYS
    )
    assert found == Counter(expected_keys(attribute))


def test_rates_have_every_slice_and_period(contents):
    found = Counter(key(cell) for cell in contents.cells if cell.measure in RATE_KEYS)
    assert found == Counter(
        (measure, slice_, "none", "all", period)
        for measure in RATE_KEYS
        for view in RATES
        for slice_ in SLICES[view.level]
        for period in PERIODS[view.span]
    )


def test_no_cell_stands_in_a_release_twice(contents):
    assert max(Counter(key(cell) for cell in contents.cells).values()) == 1


def test_there_are_no_cells_besides_those_of_published_attributes(contents):
    parts = {group.breakdown for group in contents.groups} - set(GROUPS)
    parts |= {f"{EQUITY}.{attribute}" for attribute in GROUPS}
    assert {cell.breakdown for cell in contents.cells} - parts == {"none", *GROUPS}


def test_every_key_of_a_cell_has_its_words(contents):
    named = {(group.breakdown, group.key) for group in contents.groups}
    slices = {scope.key for scope in contents.scopes if scope.kind == "slice"}
    # locations are compared like cohorts, but are no slices to look at by themselves
    slices |= {key for breakdown, key in named if breakdown in ("unit", "units")}
    periods = [period.key for period in contents.periods]
    assert periods == ["all", "2026-Q1", "2026-Q2"]
    assert {scope.key for scope in contents.scopes if scope.kind == "breakdown"} > set(GROUPS)
    for cell in contents.cells:
        assert cell.slice in slices
        # a measure by cycle has the number of the cycle as its period, or the day it began
        by_cycle = cell.period.isdigit() or cell.measure == "cohort_change_since"
        assert cell.period in periods or by_cycle
        # other measures have parts that are no groups
        for group in cell.group.split("|") if cell.measure in CONNECTION_KEYS else ():
            assert group == "all" or (cell.breakdown, group) in named
    assert [measure.key for measure in contents.measures] == [measure.key for measure in MEASURES]


def test_slices_stand_below_what_they_are_part_of(contents):
    part_of = {scope.key: scope.part_of for scope in contents.scopes if scope.kind == "slice"}
    assert part_of["cohort=a1"] == "programme=alpha"
    assert part_of["programme=beta"] == "organisation"
    assert part_of["organisation"] == ""


def test_a_union_names_its_members_and_is_short_on_an_axis(contents):
    (union,) = (group for group in contents.groups if group.key == "other_groups")
    assert union.label == "Other: Hill, Mill and Quay"
    assert union.short == "Other"
    assert not {group.key for group in contents.groups} & set(UNION)


def test_a_group_too_small_even_for_a_union_is_left_out_and_named(contents):
    (scope,) = (scope for scope in contents.scopes if scope.key == "grade")
    assert scope.left_out == "Intern"
    assert not any("intern" in cell.group for cell in contents.cells)


def test_an_attribute_with_one_group_left_says_why_it_has_no_cells(contents):
    (scope,) = (scope for scope in contents.scopes if scope.key == "badge")
    assert scope.note.startswith("Too few people in all but one group")


def test_the_same_store_gives_the_same_release_twice(engine, contents, tmp_path):
    settings = Settings(home=tmp_path)
    again = build(engine, settings)
    assert again.entry.release_id == contents.identity()
    assert sum(again.statuses.values()) == len(contents.cells)
    # what is frozen is what was computed
    assert open_current(tmp_path / "releases").contents.cells == contents.cells


def test_processes_side_by_side_give_the_same_release_as_one(rows, contents, tmp_path):
    engine = filled_engine(rows, f"duckdb:///{tmp_path / 'store.duckdb'}")
    together = build(engine, Settings(home=tmp_path), processes=2)
    assert together.entry.release_id == contents.identity()
    assert set(together.parts) > {"skill cells", "participation, completion, feedback"}


def test_another_engine_and_rows_in_another_order_give_the_same_release(rows, contents, tmp_path):
    turned = {table: list(reversed(part)) for table, part in rows.items()}
    engine = filled_engine(turned, f"duckdb:///{tmp_path / 'store.duckdb'}")
    assert computed(engine).identity() == contents.identity()
    engine.dispose()


def test_another_setting_gives_another_release(stricter, contents):
    assert stricter.identity() != contents.identity()
