"""Steps as they are published: ratios of rounded shares, exact in their product, and in words."""

from __future__ import annotations

from itertools import pairwise
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disclosure.gate import Verdict
from disclosure.publishing import publish
from disclosure.rounding import expected_step, round_share, share_step
from disclosure.sentences import Labels
from disclosure.thresholds import Thresholds
from disclosure.verdicts import judge
from metrics import measure
from metrics.definition import Result, StageShare
from metrics.intervals import Z95

LABELS = Labels(place="Crossings", breakdown="function")
SPACE = "\u202f"
shares = st.floats(0.01, 0.99)
crowds = st.integers(10, 5000)


def stage(share: float, people: int = 1000, *, expected: bool = False) -> StageShare:
    return StageShare(share=share, people=people, expected=expected)


def factor(
    top: StageShare,
    base: StageShare,
    key: str = "uptake_factor",
    error: float | None = 0.01,
    expected_error: float | None = 0.01,
):
    result = Result(
        estimate=top.share / base.share,
        people=top.people,
        pairs=500,
        expected=1.0,
        expected_error=expected_error,
        base=base.share,
        log_error=error,
        stages=(top, base),
    )
    return publish(measure(key), result, Verdict.SHOWN, Thresholds(), LABELS)


@given(st.lists(shares, min_size=5, max_size=5), st.lists(crowds, min_size=5, max_size=5))
def test_published_steps_multiply_to_the_published_total(values, people):
    stages = [
        stage(value, crowd, expected=place < 2)
        for place, (value, crowd) in enumerate(zip(values, people, strict=True))
    ]
    steps = [factor(top, base) for base, top in pairwise(stages)]
    total = factor(stages[-1], stages[0], "connection_factor")
    assert prod(step.estimate for step in steps) == pytest.approx(total.estimate, rel=1e-9)


@given(shares, shares, crowds)
def test_a_step_holds_no_more_than_the_two_rounded_shares(top, base, people):
    cell = factor(stage(top, people), stage(base, people))
    rounded = round_share(top, people).value / round_share(base, people).value
    assert cell.estimate == pytest.approx(rounded, abs=1e-11)
    # whatever rounds to the same shares is published the same
    again = factor(
        stage(round_share(top, people).value, people),
        stage(round_share(base, people).value, people),
    )
    if not (round_share(top, people).tail or round_share(base, people).tail):
        assert (again.estimate, again.low, again.high) == (cell.estimate, cell.low, cell.high)


def test_expected_shares_are_rounded_finer_than_observed_ones():
    # 200 people: observed shares in steps of 2.5 %, expected ones in steps of 0.25 %
    assert (share_step(200), expected_step(200)) == (0.025, 0.0025)
    cell = factor(stage(0.611, 200, expected=True), stage(0.611, 200))
    assert cell.estimate == pytest.approx(0.61 / 0.6)


def test_the_interval_widens_the_rounded_value_by_error_and_half_a_step():
    cell = factor(stage(0.6), stage(0.8), error=0.02)
    # 1000 people: both shares in steps of 1 %, so the ratio in (0.01 + 0.01 * 0.75) / 0.8
    half = (0.01 + 0.01 * 0.75) / 0.8 / 2
    low, high = (0.75 * 2.718281828 ** (sign * Z95 * 0.02) + sign * half for sign in (-1, 1))
    assert (cell.low, cell.high) == pytest.approx((low, high), abs=1e-4)


def test_a_counted_step_has_no_interval_and_needs_two_per_cent():
    for share, verdict in ((0.83, "below"), (0.985, "noise"), (1.015, "noise"), (1.03, "above")):
        base = stage(0.7, 5000, expected=True)
        cell = factor(
            stage(0.7 * share, 5000, expected=True), base, "opportunity_factor", None, 0.02 / Z95
        )
        (judged,) = judge([cell])
        assert judged.verdict == verdict
        assert judged.interval == ""
        assert "interval" not in judged.sentence


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (
            "matching_factor",
            f"matching offers people partners outside their own function 25{SPACE}% ",
        ),
        ("opportunity_factor", "who is available together lets people meet outside their own"),
        ("uptake_factor", "which arranged conversations take place makes people meet outside"),
        ("continuation_factor", "who meets again makes people meet outside their own function"),
        ("connection_factor", "all steps together pair people outside their own function"),
    ],
)
def test_a_sentence_says_what_the_step_does(key, words):
    cell = factor(stage(0.6), stage(0.8), key)
    assert words in cell.sentence
    assert f"25{SPACE}% less often" in cell.sentence
    assert len(cell.sentence.split()) <= 35


def test_phrases_add_take_away_or_change_nothing():
    assert factor(stage(0.6), stage(0.5)).phrase == f"adds 20{SPACE}%"
    assert factor(stage(0.5), stage(0.6)).phrase == f"takes away 17{SPACE}%"
    assert factor(stage(0.6), stage(0.6)).phrase == "changes nothing"
    total = factor(stage(0.6), stage(0.5), "connection_factor")
    assert total.phrase == f"20{SPACE}% more often"
    assert "makes no difference" in factor(stage(0.6), stage(0.6)).sentence
    matched = factor(stage(0.6), stage(0.6), "matching_factor").sentence
    # whoever was offered a partner has not met yet
    assert (
        "matching makes no difference to how often people are offered partners outside" in matched
    )


def test_what_had_to_be_assumed_stays_with_a_shown_step():
    result = Result(
        estimate=1.0, people=100, expected=1.0, stages=(stage(0.5), stage(0.5)), reason="so it is"
    )
    cell = publish(measure("opportunity_factor"), result, Verdict.SHOWN, Thresholds(), LABELS)
    assert (cell.status, cell.reason) == ("shown", "so it is")
