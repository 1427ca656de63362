"""Gaps as they are published: from rounded shares, and never finer than one person's part."""

from __future__ import annotations

from dataclasses import replace

import pytest

from disclosure.gaps import share_gap
from metrics.definition import PeriodShare, Result
from metrics.equity.intervals import newcombe

REST = PeriodShare(share=0.604, people=400, size=400)
OWN = PeriodShare(share=0.519, people=60, size=60)
OF_TWO = Result(
    estimate=-0.085, expected=0.0, expected_error=0.0651, people=60, periods=(REST, OWN)
)
ALIKE = Result(estimate=0.0349, expected=0.0, expected_error=0.0123, people=800, base=0.002)


def test_a_gap_is_the_difference_of_both_printed_shares():
    """Expected by hand: 52.5 → 50 % in steps of 5/60, 60.4 → 60 % in steps of 5/400."""
    numbers = share_gap(OF_TWO)
    assert numbers.estimate == pytest.approx(0.5 - 0.6)
    assert numbers.step == pytest.approx(5 / 60 + 5 / 400)
    low, high = newcombe(0.5, 60, 0.6, 400)
    assert numbers.low == pytest.approx(low - numbers.step / 2)
    assert numbers.high == pytest.approx(high + numbers.step / 2)


def test_people_whose_shares_round_alike_have_the_same_gap():
    other = replace(OF_TWO, estimate=-0.07, periods=(REST, replace(OWN, share=0.53)))
    assert share_gap(other).printed == share_gap(OF_TWO).printed


def test_a_gap_between_people_alike_moves_in_steps_of_five_people():
    numbers = share_gap(ALIKE)
    assert numbers.estimate == pytest.approx(0.03)
    assert numbers.step == pytest.approx(0.01)
    few = share_gap(replace(ALIKE, people=50))
    assert few.step == pytest.approx(0.1)


def test_a_gap_is_never_finer_than_what_one_person_adds():
    assert share_gap(replace(ALIKE, base=0.04)).step == pytest.approx(0.04)


def test_what_is_printed_is_in_points():
    assert share_gap(ALIKE).printed == "+3\u202fpoints"
    assert share_gap(ALIKE).interval == "0 to +6\u202fpoints"


def test_a_gap_without_an_error_is_refused():
    with pytest.raises(ValueError, match="error"):
        share_gap(replace(ALIKE, expected_error=None))
