"""The connection measures on cases small enough to work out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.connection.counts import PairingCounts
from metrics.connection.crossing import crossing
from metrics.connection.measures import cross_group_ratio, cross_group_share, group_pair_ratio
from metrics.definition import Result, Status
from metrics.intervals import wilson
from tests.metrics.connection.pairing_tables import Pair, count_pairings

# One round of 20 people, 12 of group 0 and 8 of group 1, everybody once: 4 pairs inside group 0,
# 4 across, 2 inside group 1.
ROUND: list[Pair] = [(0, 1), (2, 3), (4, 5), (6, 7), (8, 12), (9, 13), (10, 14), (11, 15)]
ROUND += [(16, 17), (18, 19)]
GROUPS = [0] * 12 + [1] * 8
# a lottery crosses with probability 2 x 12 x 8 / (20 x 19)
EXPECTED = 192 / 380


def one_round() -> PairingCounts:
    return count_pairings(ROUND, GROUPS)


def test_share_of_one_round_is_that_of_independent_pairs() -> None:
    result = cross_group_share(one_round())
    assert result.status is Status.OK
    assert result.estimate == pytest.approx(0.4)
    assert (result.pairs, result.people) == (10, 20)
    assert result.expected == pytest.approx(EXPECTED)
    # nobody meets twice, so ten pairings are ten trials
    assert result.effective_size == pytest.approx(10)
    assert (result.low, result.high) == pytest.approx(wilson(0.4, 10))


def test_deviation_of_one_round_is_that_of_random_matchings() -> None:
    # E[W] = (66 + 28) / 19; pairs of pairs by the falling factorials
    # 12 x 11 x 10 x 9 = 11880 and 8 x 7 x 6 x 5 = 1680
    second = ((11880 + 1680) / 4 + 94**2 - 66**2 - 28**2) / (19 * 17)
    variance = second + 94 / 19 - (94 / 19) ** 2
    assert cross_group_share(one_round()).expected_error == pytest.approx(variance**0.5 / 10)


def test_share_of_a_group_counts_contacts() -> None:
    result = cross_group_share(one_round(), (1,))
    assert result.estimate == pytest.approx(0.5)  # 4 of 8 contacts
    assert result.expected == pytest.approx(12 / 19)  # everybody else is equally likely
    assert (result.pairs, result.people) == (6, 8)


def test_ratio_is_the_share_over_the_lottery() -> None:
    share, ratio = cross_group_share(one_round()), cross_group_ratio(one_round())
    assert ratio.estimate == pytest.approx(0.4 / EXPECTED)
    assert ratio.base == pytest.approx(EXPECTED)
    assert ratio.expected == 1
    assert ratio.expected_error == pytest.approx(share.expected_error / EXPECTED)
    assert (ratio.low, ratio.high) == pytest.approx((share.low / EXPECTED, share.high / EXPECTED))


def test_pair_of_groups_is_compared_with_its_own_expectation() -> None:
    result = group_pair_ratio(one_round(), (1, 0))
    assert result.base == pytest.approx(10 * EXPECTED)
    assert result.estimate == pytest.approx(4 / (10 * EXPECTED))
    assert (result.pairs, result.people) == (4, 20)
    assert result.high / result.estimate == pytest.approx(np.exp(1.959963985 * result.log_error))
    inside = group_pair_ratio(one_round(), (1, 1))
    assert inside.base == pytest.approx(28 / 19)
    assert inside.people == 8
    assert inside.status is Status.TOO_FEW


def test_activity_is_not_mistaken_for_separation() -> None:
    # Lazega's law firm, co-work by gender: 255 of 378 ties inside, 254.6 expected; 71 lawyers.
    # Squares of seats are not published, so seats count as one each: the plain lottery.
    mixing = np.array([[[239.0, 123.0], [0.0, 16.0]]])
    moments = np.ones((2, 2, 2))
    counts = PairingCounts(
        groups=("men", "women"),
        pairings=mixing,
        weights=mixing,
        weights_squared=mixing,
        stubs_squared=np.array([[601.0, 155.0]]),
        contact_moments=moments,
        pair_squares=mixing[0],
        people=np.array([53, 18]),
    )
    found = crossing(counts, ())
    assert found.total - found.expected == pytest.approx(254.615894, abs=5e-7)
    assert found.variance**0.5 == pytest.approx(6.333002, abs=5e-7)
    z = (found.expected - found.observed) / found.variance**0.5
    assert z == pytest.approx(0.0607, abs=5e-5)


def test_strata_of_one_group_carry_no_information() -> None:
    # the same round, and besides it a site where only people of group 0 can meet
    alone = [(20 + 2 * pair, 21 + 2 * pair) for pair in range(5)]
    counts = count_pairings(ROUND + alone, GROUPS + [0] * 10, strata=[0] * 10 + [1] * 5)
    found, before = crossing(counts, ()), crossing(one_round(), ())
    assert (found.pairs, found.informative) == (15, 10)
    assert (found.observed, found.expected) == pytest.approx((before.observed, before.expected))
    assert found.variance == pytest.approx(before.variance)
    assert cross_group_ratio(counts).estimate == pytest.approx(
        cross_group_ratio(one_round()).estimate
    )


def test_a_conversation_of_three_counts_like_one_contact_each() -> None:
    # three people of two groups: three pairings of weight 1/2
    counts = count_pairings([(0, 1), (0, 2), (1, 2)], [0, 0, 1], weights=[0.5] * 3)
    found = crossing(counts, ())
    assert (found.observed, found.total, found.pairs) == (1, 1.5, 3)


def test_unanimity_rests_on_people_and_not_on_repeated_meetings() -> None:
    inside = [(i, j) for i in range(6) for j in range(i)] * 3
    counts = count_pairings([*inside, (6, 7)], [0] * 6 + [1] * 2)
    result = cross_group_share(counts)
    assert result.estimate == 0
    assert result.effective_size == 8  # 46 pairings, 16 distinct pairs, 8 people
    assert result.high == pytest.approx(wilson(0, 8)[1])


def test_a_cell_without_pairings_is_zero_with_an_upper_bound() -> None:
    pairs = [(i, i + 6) for i in range(6)] + [(12, 13), (14, 15)]
    counts = count_pairings(pairs, [0] * 12 + [1] * 4)
    result = group_pair_ratio(counts, (0, 1))
    assert result.estimate == 0
    assert result.low == 0
    # exact Poisson: -log(0.025) pairings, over 8 x 2 x 12 x 4 / (16 x 15) expected
    assert result.high == pytest.approx(-np.log(0.025) / 3.2)
    assert np.isfinite(result.log_error)


def _one_group() -> Result:
    return cross_group_share(count_pairings([(0, 1)], [0, 0, 1], groups=2))


def _absent() -> Result:
    return cross_group_share(count_pairings([(0, 1)], [0, 0, 1], groups=2), (1,))


def _apart() -> Result:
    return cross_group_ratio(count_pairings([(0, 1), (2, 3)], [0, 0, 1, 1], strata=[0, 1]))


def _apart_pair() -> Result:
    return group_pair_ratio(count_pairings([(0, 1), (2, 3)], [0, 0, 1, 1], strata=[0, 1]), (0, 1))


def _no_choice() -> Result:
    return cross_group_ratio(count_pairings([(0, 1)] * 3, [0, 1]))


def _alone() -> Result:
    return group_pair_ratio(count_pairings([(0, 1), (0, 2)], [0, 1, 1]), (0, 0))


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (_one_group, "only one group"),
        (_absent, "nobody of this group"),
        (_apart, "nobody could cross"),
        (_apart_pair, "never be drawn together"),
        (_no_choice, "no choice"),
        (_alone, "one person cannot meet itself"),
    ],
)
def test_what_cannot_be_computed_says_why(case: object, words: str) -> None:
    result = case()
    assert result.status is Status.UNDEFINED
    assert words in result.reason
    assert np.isnan([result.estimate, result.low, result.high]).all()


def test_less_than_one_expected_crossing_is_undefined_and_less_than_five_is_too_few() -> None:
    rare = count_pairings([(0, 1), (2, 3), (4, 5)], [0, 0, 0, 0, 0, 1])
    # by hand: 3 pairings x 2 x 5 x 1 / (6 x 5) = 1 crossing for certain, so no choice
    assert cross_group_ratio(rare).reason.startswith("who could meet whom left no choice")
    few = cross_group_ratio(count_pairings(ROUND[:4] + ROUND[8:], GROUPS))
    # by hand: 6 pairings x 2 x 8 x 4 / (12 x 11) = 2.9 expected
    assert few.status is Status.TOO_FEW
    assert few.estimate == 0
    # by hand: weight 1 x 2 x 2 x 2 / (4 x 3) = 2/3 expected
    half = count_pairings([(0, 1), (2, 3)], [0, 0, 1, 1], weights=[0.5, 0.5])
    assert "less than one" in cross_group_ratio(half).reason


def test_a_share_of_two_groups_is_refused() -> None:
    with pytest.raises(ValueError, match="got a pair"):
        cross_group_share(one_round(), (0, 1))
