"""The group by group table: the rule of one cell, and what must be hidden beside it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure.audit import audit_matrix
from disclosure.gate import Verdict
from disclosure.matrix import PairTable, cell_verdicts, matrix_verdicts
from disclosure.thresholds import Thresholds

DEFAULT = Thresholds()


def table(size=4, **changes):
    """Return a table of comfortable cells, changed at ``(g, h)`` by keyword."""
    facts = {
        "people": np.full((size, size), 40),
        "distinct_pairs": np.full((size, size), 100),
        "largest_share": np.full((size, size), 0.1),
    }
    for name, cells in changes.items():
        if name in facts:
            for (g, h), value in cells.items():
                facts[name][g, h] = value
                if name != "people":
                    facts[name][h, g] = value
    own = changes.get("own_shown", np.ones(size, dtype=bool))
    return PairTable(**facts, own_shown=np.array(own))


def audit(pair_table, verdicts):
    return audit_matrix(
        pair_table.people,
        pair_table.distinct_pairs,
        pair_table.largest_share,
        verdicts.cells == Verdict.SHOWN,
        verdicts.own_shown,
        DEFAULT,
    )


def test_a_comfortable_table_is_shown_whole():
    verdicts = matrix_verdicts(table(), DEFAULT)
    assert (verdicts.cells == Verdict.SHOWN).all()
    assert verdicts.own_shown.all()


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"people": {(0, 1): 4}}, "small"),
        ({"people": {(1, 0): 4}}, "small"),
        ({"people": {(0, 1): 5, (1, 0): 5}}, "shown"),
        ({"people": {(0, 1): 0, (1, 0): 0}, "distinct_pairs": {(0, 1): 0}}, "small"),
        ({"distinct_pairs": {(0, 1): 9}}, "small"),
        ({"distinct_pairs": {(0, 1): 10}}, "shown"),
        ({"largest_share": {(0, 1): 0.51}}, "protects"),
        ({"largest_share": {(0, 1): 0.5}}, "shown"),
        ({"own_shown": [False, True, True, True]}, "protects"),
    ],
)
def test_a_cell_needs_both_sides_distinct_pairs_and_nobody_dominant(changes, verdict):
    # five people on each side, ten distinct pairs, nobody in more than half of the pairings
    assert cell_verdicts(table(**changes), DEFAULT)[0, 1] == verdict


@pytest.mark.parametrize(("people", "verdict"), [(9, "small"), (10, "shown")])
def test_a_cell_inside_one_group_needs_ten_people(people, verdict):
    assert cell_verdicts(table(people={(2, 2): people}), DEFAULT)[2, 2] == verdict


@pytest.mark.parametrize("pairs", range(10))
def test_no_pair_and_nine_pairs_look_alike(pairs):
    none = table(people={(0, 1): 0, (1, 0): 0}, distinct_pairs={(0, 1): 0})
    some = table(
        people={(0, 1): min(pairs, 4), (1, 0): min(pairs, 4)}, distinct_pairs={(0, 1): pairs}
    )
    verdicts = [matrix_verdicts(one, DEFAULT) for one in (none, some)]
    assert (verdicts[0].cells == verdicts[1].cells).all()


def test_one_hidden_cell_in_a_row_takes_others_with_it():
    small = table(distinct_pairs={(0, 1): 3})
    verdicts = matrix_verdicts(small, DEFAULT)
    hidden = verdicts.cells != Verdict.SHOWN
    assert hidden[0].sum() >= 2
    assert hidden[1].sum() >= 2
    assert (verdicts.cells == Verdict.PROTECTS).sum() > 0
    assert audit(small, verdicts) == []


def test_a_table_that_hides_only_the_small_cell_fails_the_audit():
    small = table(distinct_pairs={(0, 1): 3})
    shown = cell_verdicts(small, DEFAULT) == Verdict.SHOWN
    findings = audit_matrix(
        small.people, small.distinct_pairs, small.largest_share, shown, small.own_shown, DEFAULT
    )
    assert [(finding.rule, finding.key) for finding in findings] == [("solvable cell", "0 x 1")]


def test_a_table_of_everything_fails_the_audit_by_name():
    bad = table(people={(0, 1): 1}, distinct_pairs={(1, 2): 9}, largest_share={(2, 3): 0.9})
    shown = np.ones((4, 4), dtype=bool)
    findings = audit_matrix(
        bad.people, bad.distinct_pairs, bad.largest_share, shown, bad.own_shown, DEFAULT
    )
    named = {(finding.rule, finding.key) for finding in findings}
    assert named == {
        ("people on each side", "0 x 1"),
        ("distinct pairs", "1 x 2"),
        ("largest person", "2 x 3"),
    }


def test_with_three_groups_own_numbers_are_withdrawn_where_they_alone_tell_a_hidden_cell():
    # a, b, c outside numbers are x+y, x+z, y+z: three equations, three unknown cells
    three = table(size=3, distinct_pairs={(0, 1): 3})
    verdicts = matrix_verdicts(three, DEFAULT)
    assert verdicts.own_shown.sum() == 2
    assert audit(three, verdicts) == []


@pytest.mark.parametrize("pairs", [4, 5])
def test_two_hidden_cells_that_together_concern_too_few_people_take_a_third_with_them(pairs):
    # four hidden cells in a ring cannot be solved, but two of them add up in each row's total:
    # 4 + 4 = 8 distinct pairs are too few, 5 + 5 = 10 are enough
    ring = {(0, 1): pairs, (1, 2): pairs, (2, 3): pairs, (0, 3): pairs}
    four = table(size=5, distinct_pairs=ring)
    verdicts = matrix_verdicts(four, DEFAULT)
    hidden = (verdicts.cells != Verdict.SHOWN) & ~np.eye(5, dtype=bool)
    in_rows = np.where(hidden, four.distinct_pairs, 0).sum(axis=1)
    assert in_rows[:4].min() >= 10
    assert (hidden.sum() == 8) == (pairs == 5)
    assert audit(four, verdicts) == []


def test_two_hidden_cells_with_too_few_partners_take_a_third_with_them():
    # groups 0 and 2 meet two people each of groups 1 and 3: four partners, five are needed
    partners = {(1, 0): 2, (3, 0): 2, (1, 2): 2, (3, 2): 2}
    verdicts = matrix_verdicts(table(size=5, people=partners), DEFAULT)
    hidden = (verdicts.cells != Verdict.SHOWN) & ~np.eye(5, dtype=bool)
    assert hidden[0].sum() >= 3
    assert hidden[2].sum() >= 3


def test_cells_that_another_table_would_tell_are_not_admitted():
    admitted = np.ones((4, 4), dtype=bool)
    admitted[2, 3] = False
    verdicts = matrix_verdicts(table(), DEFAULT, admitted)
    assert verdicts.cells[2, 3] == verdicts.cells[3, 2] == Verdict.PROTECTS
    assert audit(table(), verdicts) == []


@st.composite
def tables(draw):
    size = draw(st.integers(2, 6))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    scale = draw(st.sampled_from([5, 20, 80]))
    pairs = np.triu(random.integers(0, scale, (size, size)))
    pairs = pairs + np.triu(pairs, 1).T
    people = np.minimum(pairs, random.integers(0, scale, (size, size)))
    share = random.random((size, size)) * 0.6
    return PairTable(
        people=people,
        distinct_pairs=pairs,
        largest_share=np.triu(share) + np.triu(share, 1).T,
        own_shown=random.random(size) < 0.85,
    )


@settings(max_examples=200, deadline=None)
@given(tables())
def test_no_hidden_cell_of_any_table_can_be_solved(pair_table):
    verdicts = matrix_verdicts(pair_table, DEFAULT)
    assert audit(pair_table, verdicts) == []
    assert (verdicts.own_shown <= pair_table.own_shown).all()
    assert (verdicts.cells == verdicts.cells.T).all()


@settings(max_examples=100, deadline=None)
@given(tables())
def test_a_stricter_rule_for_one_cell_only_hides(pair_table):
    strict = Thresholds(people=15, side=8, distinct_pairs=20, largest_share=0.3)
    usual = cell_verdicts(pair_table, DEFAULT) == Verdict.SHOWN
    stricter = cell_verdicts(pair_table, strict) == Verdict.SHOWN
    assert (stricter <= usual).all()


def test_a_table_of_one_group_or_of_uneven_size_is_refused():
    with pytest.raises(ValueError, match="two groups"):
        table(size=1)
    with pytest.raises(ValueError, match="rows and columns"):
        PairTable(
            people=np.zeros((2, 3)),
            distinct_pairs=np.zeros((2, 2)),
            largest_share=np.zeros((2, 2)),
            own_shown=np.ones(2, dtype=bool),
        )
