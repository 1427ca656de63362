"""Multiples of a mean and Coleman's index: rounded in people, and never finer than the share."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disclosure.figures import published_numbers
from disclosure.printing import decimal_interval, signed_decimal, times
from disclosure.publishing import CellStatus, PublishedCell
from disclosure.rounding import round_mean_ratio
from disclosure.verdicts import standard_score
from metrics.connection.indices import inbreeding_homophily
from metrics.definition import Result, Unit

PEOPLE = st.integers(10, 3000)
SHARES = st.floats(0.02, 0.98)


def index_and_share(share, expected, people, error=0.03):
    index = float(inbreeding_homophily(1 - share, 1 - expected))
    room = expected if index >= 0 else 1 - expected
    common = {"people": people, "effective_size": float(people)}
    return (
        published_numbers(
            Unit.INDEX,
            Result(
                estimate=index,
                base=expected,
                share=share,
                expected=0.0,
                expected_error=error / room,
                **common,
            ),
        ),
        published_numbers(
            Unit.SHARE, Result(estimate=share, expected=expected, expected_error=error, **common)
        ),
    )


@given(SHARES, SHARES, PEOPLE)
def test_an_index_is_the_published_share_on_another_scale(share, expected, people):
    index, own = index_and_share(share, expected, people)
    assert -1 <= index.estimate <= 1
    assert index.low <= index.estimate <= index.high
    if own.expected < 1:
        assert index.estimate == pytest.approx(
            float(inbreeding_homophily(1 - own.estimate, 1 - own.expected))
        )


@given(SHARES, SHARES, PEOPLE)
def test_an_index_is_as_far_beyond_noise_as_its_share(share, expected, people):
    index, own = index_and_share(share, expected, people)
    if own.expected < 1:
        assert score(index) == pytest.approx(-score(own), abs=1e-6)


def score(numbers):
    reach = 1.959963984540054 * numbers.expected_error
    return standard_score(
        PublishedCell(
            estimate=numbers.estimate,
            expected=numbers.expected,
            lottery_low=numbers.expected - reach,
            lottery_high=numbers.expected + reach,
            step=numbers.step,
            status=CellStatus.SHOWN,
            printed="-",
            sentence="-",
        )
    )


def test_a_share_near_the_end_gives_a_bound_on_the_index():
    # under 25 % of ten people outside, 50 % expected: over half of the possible way inside
    index, own = index_and_share(0.0, 0.5, 10)
    assert own.printed == "under 25\u202f%"
    assert index.printed == "over +0.50"


@given(st.floats(0, 6), PEOPLE)
def test_a_multiple_moves_in_steps_of_what_five_people_carry(ratio, people):
    rounded = round_mean_ratio(ratio, people)
    least = 5 / (people + 2.5)
    assert rounded.step >= min(least, 0.01) * 0.99 or rounded.tail
    assert rounded.value > 0
    if not rounded.tail:
        assert abs(rounded.value - ratio) <= rounded.step / 2 + 1e-9


def test_steps_of_a_multiple_by_hand():
    # five of a hundred people at the mean: 0.05; at up to twice the mean: 0.10
    assert round_mean_ratio(0.93, 100).value == pytest.approx(0.95)
    assert round_mean_ratio(1.63, 100).value == pytest.approx(1.6)
    assert [round_mean_ratio(each, 100).step for each in (1.0, 1.01, 2.5)] == pytest.approx(
        [0.05, 0.1, 0.15]
    )


def test_nothing_carried_is_a_bound_like_little_carried():
    found = {round_mean_ratio(ratio, 50) for ratio in (0.0, 0.02, 0.049)}
    assert len(found) == 1
    assert found.pop().tail == "under"


def test_one_person_more_or_less_never_shows_exactly():
    # ten people, one of whom may carry anything between nothing and twice the mean
    printed = [round_mean_ratio((9 + extra / 10) / 10, 10).value for extra in range(21)]
    assert all(later - earlier in (0.0, pytest.approx(0.5)) for earlier, later in pairwise(printed))


def test_an_expected_multiple_stands_on_a_tenth_of_the_step():
    result = Result(estimate=1.83, people=100, log_error=0.1, expected=1.3321, expected_error=0.08)
    numbers = published_numbers(Unit.MEAN_RATIO, result)
    # five of a hundred people: 0.05, up to twice the mean 0.10; the expected mean on 0.005
    assert numbers.estimate == pytest.approx(1.8)
    assert numbers.expected == pytest.approx(1.33)
    assert numbers.step == pytest.approx(0.105)


def test_numbers_are_written_with_their_sign_and_unit():
    assert signed_decimal(0.2) == "+0.20"
    assert signed_decimal(-0.204) == "\u22120.20"
    assert signed_decimal(-0.001) == "0.00"
    assert decimal_interval(-0.1, 0.4) == "\u22120.10 to +0.40"
    assert times(1.63, step=0.1) == "1.6 times"
    assert times(0.952, step=0.01) == "0.95 times"
