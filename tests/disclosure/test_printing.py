"""Digits, signs and sentences, as the visual grammar asks for them."""

from __future__ import annotations

import pytest

from disclosure.figures import PublishedNumbers
from disclosure.printing import (
    bounded,
    listed,
    percent,
    percent_interval,
    ratio_interval,
    signed,
    signed_change,
    signed_percent,
    whole,
)
from disclosure.sentences import Labels, sentence
from metrics.definition import Measure, Sensitivity, Unit, undefined

FUNCTION = Labels(place="the whole organisation", breakdown="function")
ENGINEERING = Labels(
    place="the whole organisation", breakdown="function", groups=("Engineering",), period="2026-Q1"
)
BOTH = Labels(place="Peer Coaching", breakdown="function", groups=("Engineering", "Sales"))
SAME = Labels(place="Peer Coaching", breakdown="function", groups=("Sales", "Sales"))


def plain(words):
    return words.replace("\u202f", "_").replace("\u2212", "-")


def numbers(estimate, tail="", bound=float("nan"), printed="62\u202f%", expected=None):
    return PublishedNumbers(
        estimate=estimate,
        low=0,
        high=0,
        expected=expected,
        expected_error=None,
        step=0.01,
        tail=tail,
        bound=bound,
        printed=printed,
        interval=ratio_interval(1.12, 1.24),
    )


def measure(key, unit):
    return Measure(
        key=key,
        title="Feeling safe",
        question="?",
        reads="-",
        compute=lambda aggregate, part: undefined("-"),
        unit=unit,
        sensitivity=Sensitivity.ATTITUDE,
        better="higher",
        definition="-",
        caveat="-",
        source="-",
    )


def test_numbers_have_real_minus_signs_and_narrow_spaces():
    # written as in the visual grammar: 1 204, +18 %, −31 %, +12 to +24 %
    assert plain(whole(1204)) == "1_204"
    assert plain(whole(-1204567)) == "-1_204_567"
    assert [plain(signed(n)) for n in (18, -31, 0, 0.2, -0.2)] == ["+18", "-31", "0", "0", "0"]
    assert plain(percent(0.618)) == "62_%"
    assert [plain(signed_percent(r)) for r in (1.18, 0.69, 1.0)] == ["+18_%", "-31_%", "±0_%"]
    assert plain(signed_change(-0.03)) == "-3_%"
    assert plain(percent_interval(0.55, 0.68)) == "55 to 68_%"
    assert plain(ratio_interval(1.12, 1.24)) == "+12 to +24_%"
    assert bounded("under", "5 %") == "under 5 %"
    assert listed(("A", "B", "C")) == "A, B and C"
    assert listed(()) == ""


SENTENCES = [
    (
        "cross_group_ratio", Unit.SHARE_RATIO, numbers(1.18), FUNCTION,
        "In the whole organisation, people met outside their own function 18_% more often than a "
        "lottery among the people available would give",
    ),
    (
        "cross_group_ratio", Unit.SHARE_RATIO, numbers(0.9), ENGINEERING,
        "In the whole organisation, 2026-Q1, people whose function is Engineering met outside "
        "their own group 10_% less often than a lottery would give",
    ),
    (
        "cross_group_ratio", Unit.SHARE_RATIO, numbers(1.6, "over", 1.58), FUNCTION,
        "In the whole organisation, people met outside their own function at least 58_% more often "
        "than a lottery among the people available would give",
    ),
    (
        "cross_group_ratio", Unit.SHARE_RATIO, numbers(1.0, "under", 1.25), FUNCTION,
        "In the whole organisation, people met outside their own function at most 25_% more often "
        "than a lottery among the people available would give",
    ),
    (
        "group_pair_ratio", Unit.COUNT_RATIO, numbers(0.69), BOTH,
        "In Peer Coaching, Engineering and Sales met 31_% less often than a lottery would give",
    ),
    (
        "group_pair_ratio", Unit.COUNT_RATIO, numbers(1.0), SAME,
        "In Peer Coaching, people whose function is Sales met each other as often as a lottery "
        "would give",
    ),
    (
        "cross_group_share", Unit.SHARE, numbers(0.62, expected=0.5), FUNCTION,
        "In the whole organisation, people met outside their own function in 62_% of their "
        "pairings",
    ),
    (
        "cross_group_trend", Unit.TREND, numbers(-0.03), FUNCTION,
        "In the whole organisation, meeting outside people's own function fell by 3_% of what a "
        "lottery gives, each quarter",
    ),
    (
        "cross_group_trend", Unit.TREND, numbers(0.0), FUNCTION,
        "In the whole organisation, meeting outside people's own function stayed level against a "
        "lottery",
    ),
    (
        "participation_rate", Unit.SHARE, numbers(0.62), Labels(place="Peer Coaching"),
        "In Peer Coaching, 62_% of those eligible had a completed conversation",
    ),
    (
        "completion_rate", Unit.SHARE, numbers(0.62), Labels(place="Peer Coaching"),
        "In Peer Coaching, 62_% of the matched pairings were completed",
    ),
    (
        "feedback_rate", Unit.SHARE, numbers(0.62), Labels(place="Peer Coaching"),
        "In Peer Coaching, feedback was given for 62_% of the seats in completed conversations",
    ),
    (
        "psychological_safety", Unit.SHARE, numbers(0.62), ENGINEERING,
        "In the whole organisation, 2026-Q1, among people whose function is Engineering, feeling "
        "safe is 62_%",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("key", "unit", "published", "labels", "words"), SENTENCES)
def test_every_kind_of_measure_has_a_plain_sentence(key, unit, published, labels, words):
    said = plain(sentence(measure(key, unit), published, labels))
    beside = "" if published.expected is None else "; a lottery gives 50_%"
    assert said == f"{words} (95_% interval +12 to +24_%){beside}."
    assert len(said.split()) <= 35
