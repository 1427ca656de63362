"""Alpha, omega and the agreement of units against published values and other libraries."""

from __future__ import annotations

from math import isnan
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.multivariate.factor import Factor

from metrics.definition import Status
from metrics.surveys.reliability import (
    NOT_REVERSED,
    ONE_QUESTION,
    SAME_ANSWERS,
    TOO_FEW,
    QuestionSums,
    cronbach_alpha,
    feldt_interval,
    mcdonald_omega,
    one_factor,
    scale_alpha,
    scale_omega,
    unit_agreement,
)

ATTITUDE = Path(__file__).with_name("attitude.csv")
"""The data set `attitude` of R (Chatterjee & Price 1977): 30 departments, 7 questions."""


def attitude():
    return pd.read_csv(ATTITUDE).to_numpy(float)


def summed(answers):
    answers = np.asarray(answers, dtype=float)
    return QuestionSums(
        people=len(answers), totals=answers.sum(axis=0), products=answers.T @ answers
    )


def scale_of(people, questions, seed=1, common=1.0):
    """Return answers that share one factor as strong as what is their own."""
    draw = np.random.default_rng(seed)
    shared = draw.normal(0, common, (people, 1))
    return np.clip(np.rint(3 + shared + draw.normal(0, 1, (people, questions))), 1, 5)


def test_alpha_is_that_of_r_on_the_attitude_data():
    # R, package psych, and pingouin: 0.84314
    assert cronbach_alpha(summed(attitude()).covariance) == pytest.approx(0.8431427695, abs=1e-9)


def test_its_interval_is_that_of_feldt():
    # R, package psych: 0.739 to 0.916
    low, high = feldt_interval(0.8431427695, 30, 7)
    assert (round(low, 3), round(high, 3)) == (0.739, 0.916)


def test_omega_is_that_of_one_factor_by_maximum_likelihood_in_r():
    # R, factanal with one factor: 0.8405
    assert mcdonald_omega(summed(attitude()).covariance) == pytest.approx(0.8405, abs=1e-4)


@pytest.mark.parametrize("seed", range(3))
def test_loadings_are_those_of_statsmodels(seed):
    correlation = np.corrcoef(scale_of(400, 5, seed).T)
    theirs = Factor(corr=correlation, n_factor=1, method="ml", nobs=400).fit().loadings.ravel()
    assert one_factor(correlation) == pytest.approx(np.abs(theirs), abs=1e-4)


def test_equally_good_questions_have_the_same_alpha_and_omega():
    # by hand: covariance 1 within, 2 on the diagonal: alpha = 4/3 (1 - 8/20) = 0.8 = omega
    covariance = np.ones((4, 4)) + np.eye(4)
    assert cronbach_alpha(covariance) == pytest.approx(0.8)
    assert mcdonald_omega(covariance) == pytest.approx(0.8, abs=1e-6)


def test_a_reversed_question_that_was_not_reversed_is_called_a_data_error():
    answers = scale_of(300, 3)
    answers[:, 0] = 6 - answers[:, 0]
    answers[:, 1] = 6 - answers[:, 1]
    answers[:, 1] = np.roll(answers[:, 1], 7)
    for measured in (scale_alpha, scale_omega):
        result = measured(summed(answers))
        assert (result.status, result.reason) == (Status.UNDEFINED, NOT_REVERSED)


@pytest.mark.parametrize(
    "answers, reason",
    [
        (scale_of(300, 1), ONE_QUESTION),
        (scale_of(99, 5), TOO_FEW),
        (np.column_stack([scale_of(300, 4), np.full(300, 4.0)]), SAME_ANSWERS),
        (np.full((300, 5), 4.0), SAME_ANSWERS),
    ],
)
def test_what_cannot_be_told_says_why(answers, reason):
    for measured in (scale_alpha, scale_omega):
        assert measured(summed(answers)).reason == reason


def test_two_questions_have_an_alpha_and_no_omega():
    answers = scale_of(300, 2)
    assert scale_alpha(summed(answers)).status is Status.OK
    assert scale_omega(summed(answers)).reason == ONE_QUESTION


def test_one_question_or_no_variation_gives_no_number():
    assert isnan(cronbach_alpha([[1.0]]))
    assert isnan(cronbach_alpha(np.zeros((3, 3))))
    assert isnan(mcdonald_omega(np.diag([1.0, 1.0, 0.0])))


def test_agreement_of_units_by_hand():
    # two units, (1, 2) and (3, 4): B = 4, W = 1/2: ICC(1) = 3.5 / 4.5, ICC(2) = 3.5 / 4
    one, two = unit_agreement([1, 1, 2, 2], [1, 2, 3, 4])
    assert (one, two) == (pytest.approx(3.5 / 4.5), pytest.approx(3.5 / 4))


def test_agreement_of_units_is_not_defined_where_all_answer_alike():
    assert all(isnan(value) for value in unit_agreement([1, 1, 2, 2], [3, 3, 3, 3]))


@pytest.mark.simulation
def test_the_interval_of_alpha_holds_the_true_value_19_times_in_20():
    # true alpha of parallel questions with a common variance of 1: 5 / (5 + 1)
    draw, held = np.random.default_rng(7), 0
    for _ in range(1000):
        answers = draw.normal(0, 1, (120, 1)) + draw.normal(0, 1, (120, 5))
        low, high = feldt_interval(cronbach_alpha(np.cov(answers.T)), 120, 5)
        held += low <= 5 / 6 <= high
    assert 930 <= held <= 970
