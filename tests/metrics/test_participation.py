"""The participation measures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from metrics.definition import Status
from metrics.intervals import wilson
from metrics.participation import (
    RateMoments,
    completion_rate,
    feedback_rate,
    participation_rate,
)


def moments(x: list[float], d: list[float]) -> RateMoments:
    x, d = np.array(x, dtype=float), np.array(d, dtype=float)
    return RateMoments(
        numerator=x.sum(),
        denominator=d.sum(),
        people=len(d),
        denominator_squared=(d * d).sum(),
        product=(x * d).sum(),
        numerator_squared=(x * x).sum(),
    )


def test_participation_of_people_who_count_once_is_a_plain_wilson_interval() -> None:
    result = participation_rate(moments([1, 1, 1, 0], [1, 1, 1, 1]))
    assert result.estimate == 0.75
    assert result.people == 4
    assert result.effective_size == pytest.approx(4)
    assert (result.low, result.high) == pytest.approx(wilson(0.75, 4))


def test_feedback_given_always_or_never_is_worth_one_trial_a_person() -> None:
    # by hand: 4 people with 10 seats each, two always, two never; V = 4 x 25 / 1600 = 1 / 16
    result = feedback_rate(moments([10, 10, 0, 0], [10] * 4))
    assert result.estimate == 0.5
    assert result.effective_size == pytest.approx(4)
    assert result.pairs is None


def test_completion_counts_a_pairing_once_though_it_has_two_people() -> None:
    # by hand: six separate pairs matched once, three of them completed; every pairing is a trial
    pairs = replace(
        moments([1] * 6 + [0] * 6, [1] * 12),
        numerator=3,
        denominator=6,
        pair_denominator_squared=6,
        pair_product=3,
        pair_numerator_squared=3,
    )
    result = completion_rate(pairs)
    assert result.estimate == 0.5
    assert result.pairs == 6
    assert result.people == 12
    assert result.effective_size == pytest.approx(6)


def test_even_feedback_is_not_worth_more_than_its_seats() -> None:
    # everybody gives exactly half: V = 0, floored at the binomial variance
    assert feedback_rate(moments([2] * 5, [4] * 5)).effective_size == pytest.approx(20)


def test_unanimity_of_few_people_with_many_seats_keeps_a_wide_interval() -> None:
    result = feedback_rate(moments([40, 40, 40], [40, 40, 40]))
    assert result.estimate == 1
    assert result.effective_size == 3
    assert result.low == pytest.approx(3 / (3 + 1.959963985**2), abs=1e-9)  # Wilson at p = 1


@pytest.mark.parametrize(
    ("rate", "reason"),
    [
        (participation_rate, "nobody was eligible"),
        (completion_rate, "no pairing was matched"),
        (feedback_rate, "no conversation was completed"),
    ],
)
def test_a_rate_of_nothing_is_undefined_and_says_why(rate: object, reason: str) -> None:
    result = rate(moments([], []))
    assert result.status is Status.UNDEFINED
    assert result.reason == reason
    assert np.isnan(result.estimate)
