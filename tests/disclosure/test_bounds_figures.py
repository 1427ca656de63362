"""Bounds under unknown groups as they are published: they hold, and tell no more than the share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disclosure.gate import Verdict
from disclosure.printing import outer_interval
from disclosure.publishing import CellStatus, publish
from disclosure.rounding import round_known_share
from disclosure.sentences import Labels, fragile_sentence
from disclosure.thresholds import Thresholds
from disclosure.verdicts import is_fragile
from metrics import measure
from metrics.definition import Result

LABELS = Labels(place="the whole organisation", breakdown="function")
BOUNDS = measure("cross_group_bounds")


def published(share, known, people=1000, **facts):
    low = share * known
    result = Result(estimate=share, low=low, high=low + 1 - known, people=people, **facts)
    return publish(BOUNDS, result, Verdict.SHOWN, Thresholds(), LABELS)


@given(st.floats(0, 1), st.floats(0, 1), st.integers(10, 3000))
def test_published_bounds_hold_the_exact_ones(share, known, people):
    cell = published(share, known, people)
    # four decimals are kept
    assert cell.low <= share * known + 1e-4
    assert cell.high >= share * known + 1 - known - 1e-4
    assert cell.low <= cell.estimate <= cell.high


def test_bounds_by_hand():
    """0.6 of 90 % known: 0.595 x 0.9 to 0.605 x 0.9 + 0.1, printed outwards."""
    cell = published(0.6, 0.9, expected=0.58, expected_error=0.01, effective_size=500.0)
    assert (cell.low, cell.high) == pytest.approx((0.5355, 0.6445))
    assert cell.printed.replace("\u202f", " ") == "53 to 65 %"
    assert cell.interval == ""
    assert cell.sentence.replace("\u202f", " ") == (
        "In the whole organisation, people met outside their own function in 53 to 65 % of all "
        "pairings, whatever the unknown groups are; a lottery gives 58 %."
    )


def test_unanimity_is_not_told_by_bounds():
    assert published(0.0, 1.0) == published(0.01, 1.0)
    assert published(0.0, 1.0).status is CellStatus.SHOWN


def test_the_known_share_is_rounded_down_in_people():
    """A step is one per cent of 1 000 people, and five of 50 people."""
    assert round_known_share(0.9999, 1000) == pytest.approx(0.99)
    assert round_known_share(0.97, 50) == pytest.approx(0.9)
    assert round_known_share(1.0, 50) == pytest.approx(1.0)


def test_bounds_are_printed_outwards():
    assert outer_interval(0.5399, 0.5401).replace("\u202f", " ") == "53 to 55 %"
    assert outer_interval(-0.001, 1.0001).replace("\u202f", " ") == "0 to 100 %"


def test_a_verdict_is_fragile_where_a_lottery_lies_between_the_bounds():
    assert is_fragile("above", 0.5, 0.58, 0.65)
    assert not is_fragile("above", 0.59, 0.58, 0.65)
    assert not is_fragile("noise", 0.5, 0.58, 0.65)
    assert fragile_sentence("A sentence.").startswith("A sentence. The verdict is fragile:")


def test_what_stands_alone_and_what_is_known_follow_the_adjusted_ratio():
    labels = Labels(
        place="Sounding Board",
        breakdown="location",
        others=("function", "seniority"),
        alone="22\u202f% more often",
        known="86\u202f%",
    )
    result = Result(estimate=1.06, people=600, base=0.67, effective_size=500.0)
    adjusted = measure("adjusted_cross_group_ratio")
    cell = publish(adjusted, result, Verdict.SHOWN, Thresholds(), labels)
    words = cell.sentence.replace("\u202f", " ")
    assert words.startswith(
        "In Sounding Board, once function and seniority are taken into account, people met outside "
        "their own location 6 % more often than a lottery would give (95 % interval "
    )
    assert words.endswith(
        "; counted alone, 22 % more often; all of these are known in 86 % of pairings."
    )
