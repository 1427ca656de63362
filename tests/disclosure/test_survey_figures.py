"""How answers are rounded, printed and put into sentences."""

from __future__ import annotations

import pytest

from disclosure.coefficients import coefficient
from disclosure.gate import Verdict
from disclosure.publishing import publish
from disclosure.sentences import Labels
from disclosure.thresholds import Thresholds
from metrics import measure
from metrics.definition import Result
from metrics.surveys.reliability import feldt_interval

HERE = Labels(place="Crossings", period="Spring 2025", groups=("Felt heard",), breakdown="function")


def sentence(key, labels=HERE, **numbers):
    result = Result(**({"people": 500, "effective_size": 500.0} | numbers))
    return publish(measure(key), result, Verdict.SHOWN, Thresholds(), labels).sentence


def test_a_reliability_has_two_decimals_and_the_interval_of_what_is_printed():
    numbers = coefficient(Result(estimate=0.84314, people=203, base=7.0))
    low, high = feldt_interval(0.84, 205, 7)
    assert numbers.printed == "0.84"
    assert (numbers.low, numbers.high) == (low, high)
    assert numbers.interval == f"{low:.2f} to {high:.2f}"


def test_a_reliability_without_questions_has_no_interval():
    numbers = coefficient(Result(estimate=0.846, people=203))
    assert (numbers.printed, numbers.interval) == ("0.85", "")


@pytest.mark.parametrize(
    ("key", "numbers", "words"),
    [
        ("learning_source_share", {"estimate": 0.54}, "54\u202f% say \u201cFelt heard\u201d"),
        ("survey_response_rate", {"estimate": 0.54}, "54\u202f% of those who take part answered"),
        ("ally_share", {"estimate": 0.54}, "who had occasion say that they speak up"),
        ("ally_no_occasion_share", {"estimate": 0.3}, "no occasion to speak up in 30\u202f% of"),
        ("scale_alpha", {"estimate": 0.84, "base": 7.0}, "a reliability (alpha) of 0.84"),
        ("scale_omega", {"estimate": 0.84}, "a reliability (omega) of 0.84"),
    ],
)
def test_each_measure_has_a_sentence_of_its_own(key, numbers, words):
    assert words in sentence(key, **numbers)


@pytest.mark.parametrize(
    ("estimate", "words"),
    [
        (0.3, "0.30\u202fpoints higher after conversations outside their own function"),
        (-0.3, "0.30\u202fpoints lower after conversations outside their own function"),
        (0.0, "alike after conversations outside their own function and within it"),
    ],
)
def test_a_difference_says_which_way_it_goes(estimate, words):
    said = sentence("feedback_difference", estimate=estimate, scale=(1.0, 5.0), spread=1.0)
    assert words in said


def test_a_later_share_names_the_first_one():
    later = sentence("learning_source_share", estimate=0.54, expected=0.4, expected_error=0.04)
    assert later.endswith("at first it was 40\u202f%.")
