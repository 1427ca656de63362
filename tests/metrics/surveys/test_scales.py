"""Scores, differences of the same people, and shares of answers."""

from __future__ import annotations

from math import isnan, sqrt

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from metrics.definition import Result, Status
from metrics.growth.gain import WaveSums
from metrics.participation import RateMoments
from metrics.surveys import scales, shares
from metrics.surveys.scales import (
    DifferenceSums,
    feedback_difference,
    scale_change,
    scale_mean,
)
from metrics.surveys.shares import against_first, answer_share, response_rate

# Student's sleep data: extra hours under two drugs, the same ten people
ONE = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
OTHER = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])


def differences(values, started=None):
    values = np.asarray(values, dtype=float)
    return DifferenceSums(
        people=len(values),
        started=len(values) if started is None else started,
        total=float(values.sum()),
        squares=float(values @ values),
        scale=(1.0, 5.0),
    )


def chosen(counts):
    """Return the moments of (choices, answers) of each person."""
    x, d = np.array(counts, dtype=float).reshape(-1, 2).T
    return RateMoments(
        numerator=x.sum(), denominator=d.sum(), people=len(x), denominator_squared=d @ d,
        product=x @ d, numerator_squared=x @ x,
    )  # fmt: skip


def test_the_change_of_the_same_people_is_the_paired_t_test():
    # Student 1908, as R prints it: 1.58, 0.7001142 to 2.4598858
    result = scale_change(differences(OTHER - ONE))
    assert result.estimate == pytest.approx(1.58)
    assert (result.low, result.high) == (
        pytest.approx(0.7001142367), pytest.approx(2.4598857633)
    )  # fmt: skip
    t = result.estimate / result.expected_error
    assert t == pytest.approx(stats.ttest_rel(OTHER, ONE).statistic)


def test_a_difference_between_two_kinds_of_conversations_is_the_same_test():
    assert feedback_difference(differences(OTHER - ONE, 0)) == scale_change(
        differences(OTHER - ONE)
    )


def test_no_difference_at_all_is_zero_and_not_undefined():
    result = scale_change(differences([0.0] * 60))
    assert (result.estimate, result.spread, result.status) == (0.0, 0.0, Status.OK)


def test_that_most_are_gone_is_said_beside_the_change():
    assert scale_change(differences([0.1, 0.2, 0.3], started=7)).reason == scales.MANY_GONE
    assert scale_change(differences([0.1, 0.2, 0.3], started=6)).reason == ""


@pytest.mark.parametrize("people", [0, 1])
def test_a_change_of_nobody_says_why(people):
    assert scale_change(differences([0.5] * people, started=9)).reason == scales.NOBODY_TWICE
    assert feedback_difference(differences([0.5] * people, 0)).reason == scales.ONE_KIND


def test_nobody_who_answered_has_no_score():
    result = scale_mean(WaveSums(people=0, total=0.0, squares=0.0, scale=(1.0, 5.0)))
    assert isnan(result.estimate)
    assert result.reason == scales.NOBODY


def test_one_answer_a_person_gives_wilsons_interval():
    # statsmodels, method wilson
    counts = [(1, 1)] * 54 + [(0, 1)] * 46
    result = answer_share(chosen(counts))
    low, high = proportion_confint(54, 100, method="wilson")
    assert (result.low, result.high) == (pytest.approx(low), pytest.approx(high))


def test_people_who_always_answer_alike_count_once():
    # each of 100 people gives the same answer four times: as much is known as from 100 answers
    counts = [(4, 4)] * 54 + [(0, 4)] * 46
    assert answer_share(chosen(counts)).effective_size == pytest.approx(100)


def test_everybody_with_the_same_answer_has_an_interval_from_people():
    result = answer_share(chosen([(3, 3)] * 20))
    assert (result.estimate, result.effective_size) == (1.0, 20)


def test_no_answer_says_so():
    assert answer_share(chosen([])).reason == shares.NOBODY
    assert response_rate(chosen([])).reason == shares.NOBODY_ASKED


def test_a_share_is_held_against_the_first_one():
    # by hand: sqrt(0.4 * 0.6 * (1/100 + 1/50))
    later = against_first(Result(estimate=0.54, effective_size=50.0), 0.4, 100)
    assert later.expected == 0.4
    assert later.expected_error == pytest.approx(sqrt(0.4 * 0.6 * 0.03))


def test_what_is_not_defined_is_held_against_nothing():
    nothing = Result(estimate=float("nan"))
    assert against_first(nothing, 0.4, 100) is nothing
