"""Ratios that are worked out from published values: rounded, printed and said."""

from __future__ import annotations

from math import exp

import pytest

from disclosure.gate import Verdict
from disclosure.pooled import ratio_derived
from disclosure.publishing import publish
from disclosure.sentences import Labels
from disclosure.thresholds import Thresholds
from metrics import measure
from metrics.definition import Result
from metrics.intervals import Z95


def result(estimate=0.8234, **facts):
    return Result(
        estimate=estimate, people=85, expected=1.0, expected_error=0.0412, log_error=0.0509, **facts
    )


def test_the_ratio_has_two_decimals_and_its_errors_are_never_made_smaller():
    numbers = ratio_derived(result())
    assert numbers.estimate == pytest.approx(0.82)
    # by hand: 0.0509 and 0.0412 to two digits upwards; half a step of 0.01 on each side
    assert numbers.low == pytest.approx(0.82 * exp(-Z95 * 0.051) - 0.005)
    assert numbers.high == pytest.approx(0.82 * exp(Z95 * 0.051) + 0.005)
    assert numbers.expected_error == pytest.approx(0.042)
    assert numbers.printed.startswith("−18")


def test_a_crossed_group_is_said_in_one_sentence_with_what_is_counted():
    labels = Labels(
        place="the whole organisation",
        breakdown="gender",
        groups=("Woman × Director",),
        among="people whose gender is Woman and whose grade is Director",
        alone="30 % less often",
    )
    cell = publish(measure("crossed_group_ratio"), result(), Verdict.SHOWN, Thresholds(), labels)
    assert cell.sentence.replace("\u202f", " ") == (
        "In the whole organisation, people whose gender is Woman and whose grade is Director met "
        "outside their own gender 18 % less often than a lottery would give (95 % interval −26 to "
        "−9 %); counted alone, 30 % less often."
    )
    assert cell.phrase.replace("\u202f", " ") == "18 % less often"
    assert cell.people == 85
