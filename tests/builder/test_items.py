"""The gate of an item sees every cell that the same answers are cut into."""

from __future__ import annotations

import pandas as pd
import pytest

from builder.items import OUTSIDE, ItemGate, cut_breakdown, cut_group, wave_key
from builder.places import ORGANISATION, Slice
from disclosure.gate import Verdict
from disclosure.thresholds import Thresholds

WHOLE = Slice(ORGANISATION, 0, ORGANISATION, "Whole organisation")
FIRST = Slice("programme", 1, "programme=a", "A")
COLUMNS = ("pattern_no", "people", "programme_no", "cohort_no", "period_no", "g0", "g1")


def frame(*rows):
    return pd.DataFrame(rows, columns=COLUMNS)


FOUR = frame(
    # 30 people answered twice, 40 once; 8 of the 40 belong to another group; 25 are outside
    (1, 30, 1, 1, 1, 2, 2),
    (1, 30, 1, 1, 2, 2, 2),
    (2, 32, 1, 1, 1, 3, 2),
    (3, 8, 2, 2, 1, 3, 2),
    (4, 25, OUTSIDE, 0, 1, 2, 3),
)


def gate(**facts):
    return ItemGate(FOUR, Thresholds(), ("gender", "function"), **facts)


@pytest.mark.parametrize(
    ("cell", "people"),
    [
        ((WHOLE,), 70),
        ((WHOLE, 2), 30),
        ((FIRST, 1), 62),
        ((WHOLE, 1, "gender", 3), 40),
        ((FIRST, 0, "gender", 3), 32),
        ((WHOLE, 0, "function", 3), 0),
    ],
)
def test_a_cell_covers_those_who_answered_there(cell, people):
    item = gate()
    assert item.people(item.members(*cell)) == people


def test_people_who_take_part_in_nothing_are_apart():
    item = gate()
    assert item.people(item.outside(1)) == 25


def test_two_cells_that_differ_by_eight_people_are_not_told_beside_a_minimum_of_ten():
    item = gate()
    # everybody, then one programme: the other one has 8 people, and 8 hide everybody among 5
    assert item.offer(WHOLE, 1) is Verdict.SHOWN
    assert item.offer(FIRST, 1) is Verdict.SHOWN
    other = Slice("programme", 2, "programme=b", "B")
    assert item.offer(other, 1) is Verdict.SMALL


def test_groups_of_two_attributes_share_one_gate():
    # function leaves out four of those whom the gender covers
    rows = frame((1, 60, 1, 1, 1, 2, 2), (2, 4, 1, 1, 1, 2, 3), (3, 50, 1, 1, 1, 3, 3))
    item = ItemGate(rows, Thresholds(), ("gender", "function"))
    assert item.offer(WHOLE, 1, "gender", 2) is Verdict.SHOWN
    assert item.offer(WHOLE, 1, "function", 2) is Verdict.PROTECTS


def test_a_mean_may_ask_for_more_people():
    item = gate(least=50)
    assert item.offer(WHOLE, 2) is Verdict.SMALL
    assert item.offer(FIRST, 1) is Verdict.SHOWN


def test_keys_of_cut_parts():
    assert cut_breakdown("skill") == "skill"
    assert (cut_breakdown("skill", "gender"), cut_group("empathy", "women")) == (
        "skill.gender", "empathy.women",
    )  # fmt: skip
    assert wave_key(0) == "wave-0"
