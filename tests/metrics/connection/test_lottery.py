"""The moments of the lottery against enumeration, published tests and re-drawn pairings."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

import numpy as np
import pytest

from metrics.connection.lottery import (
    activity_expected,
    cell_moments,
    directed_moments,
    headcount_expected,
    outside_shares,
    permutation_moments,
    rematch_expected,
    rematch_shares,
    within_moments,
)

# R spdep: expectation and variance of links low:low and high:high
LOW_LOW = (29.59183673, 18.89549567)
HIGH_HIGH = (27.22448980, 17.88837984)

# departments A to F: male admitted, male rejected, female admitted, female rejected
BERKELEY = [
    [512, 313, 89, 19],
    [353, 207, 17, 8],
    [120, 205, 202, 391],
    [138, 279, 131, 244],
    [53, 138, 94, 299],
    [22, 351, 24, 317],
]


def matchings(seats: list[int]) -> Iterator[list[tuple[int, int]]]:
    """Yield every way to pair the seats; each is as likely as any other."""
    if not seats:
        yield []
        return
    first, rest = seats[0], seats[1:]
    for place, partner in enumerate(rest):
        for others in matchings(rest[:place] + rest[place + 1 :]):
            yield [(first, partner), *others]


def enumerated(stubs: list[int]) -> np.ndarray:
    """Return the cell counts of every matching, shape (matchings, K, K)."""
    groups = [g for g, count in enumerate(stubs) for _ in range(count)]
    tables = []
    for matching in matchings(groups):
        table = np.zeros((len(stubs), len(stubs)))
        for pair in matching:
            table[tuple(sorted(pair))] += 1
        tables.append(table)
    return np.array(tables)


@pytest.mark.parametrize("stubs", [[1, 1], [2, 0], [2, 2], [3, 1], [4, 2, 2], [3, 3, 2], [5, 3]])
def test_moments_equal_every_matching_counted(stubs: list[int]) -> None:
    tables = enumerated(stubs)
    within = np.trace(tables, axis1=1, axis2=2)
    moments = within_moments(np.array(stubs))
    assert moments.mean == pytest.approx(within.mean())
    assert moments.variance == pytest.approx(within.var())
    cells = cell_moments(np.array(stubs))
    assert cells.mean == pytest.approx(tables.mean(axis=0))
    assert cells.variance == pytest.approx(tables.var(axis=0))
    assert activity_expected(np.array(stubs)) == pytest.approx(tables.mean(axis=0))


def test_weighted_moments_equal_every_matching_and_order_of_weights() -> None:
    weights = np.array([1.0, 0.5, 0.25])
    groups = [0, 0, 0, 1, 1, 1]
    totals = np.array(
        [
            sum(w for w, (a, b) in zip(order, matching, strict=True) if a == b)
            for matching in matchings(groups)
            for order in permutations(weights)
        ]
    )
    mean, variance = within_moments(np.array([3, 3])).weighted(3, weights.sum(), (weights**2).sum())
    assert mean == pytest.approx(totals.mean())
    assert variance == pytest.approx(totals.var())


@pytest.mark.parametrize(
    ("stubs", "mean", "variance"),
    [
        ([2, 2], 2 / 3, 8 / 9),  # by hand: of 3 matchings one has 2 pairs within, two have none
        ([3, 1], 1, 0),  # by hand: the fourth seat always crosses
        ([9, 6, 4, 3], 2.857142857, 1.926960258),  # 200,000 matchings
        ([21, 23], 10.767442, 2.367852**2),  # White's kinship network
        ([37, 61], 25.731959, 3.302738**2),  # EF3
        ([81, 75], 38.806452, 4.423557**2),  # karate club
        ([87, 89], 43.754286, 4.703261**2),  # classroom, arcs as pairings
        ([601, 155], 254.615894, 6.333002**2),  # Lazega's law firm, co-work by gender
    ],
)
def test_within_moments_are_those_of_the_reference_networks(
    stubs: list[int], mean: float, variance: float
) -> None:
    moments = within_moments(np.array(stubs))
    assert moments.mean == pytest.approx(mean, abs=5e-7)
    assert moments.variance == pytest.approx(variance, rel=5e-6)


def test_weighted_moments_are_those_of_simulated_matchings() -> None:
    # exact fractions from dealing the seats one by one; 200,000 simulated matchings gave 19.59
    weights = np.array([6.0, 1, 1, 2, 1, 3, 1, 1, 6, 1])
    mean, variance = within_moments(np.array([9, 6, 5])).weighted(
        10, weights.sum(), (weights**2).sum()
    )
    assert mean == pytest.approx(7.384210526, abs=5e-10)
    assert variance == pytest.approx(11_984_857 / 613_700, abs=5e-10)


def test_weights_of_one_change_nothing() -> None:
    moments = within_moments(np.array([[7, 5, 2], [2, 0, 0], [0, 0, 0], [3, 1, 0]]))
    m = np.array([7.0, 1, 0, 2])
    mean, variance = moments.weighted(m, m, m)
    assert mean == pytest.approx(moments.mean)
    assert variance == pytest.approx(moments.variance)


@pytest.mark.parametrize("stubs", [[0, 0], [1, 0], [2, 0], [1, 1], [2, 1], [3, 0]])
def test_fewer_than_four_seats_give_finite_moments(stubs: list[int]) -> None:
    within = within_moments(np.array(stubs))
    assert np.isfinite(within.variance)
    assert np.isfinite(cell_moments(np.array(stubs)).variance).all()
    if sum(stubs) == 2:  # one pairing whose two seats are known
        assert within.variance == 0


def test_strata_are_computed_together_as_one_by_one() -> None:
    strata = np.array([[4, 2, 2], [0, 0, 0], [2, 0, 0], [9, 6, 5]])
    together = within_moments(strata).variance
    assert together == pytest.approx([within_moments(row).variance for row in strata])
    cells = cell_moments(strata).variance
    assert cells == pytest.approx(np.array([cell_moments(row).variance for row in strata]))


def test_rematch_is_exact_when_everybody_holds_one_seat() -> None:
    stubs = np.array([4, 2, 2])
    assert rematch_expected(stubs, stubs) == pytest.approx(enumerated([4, 2, 2]).mean(axis=0))


def test_rematch_rules_out_meeting_oneself() -> None:
    # two people of different groups with two seats each can only meet each other
    assert rematch_expected(np.array([2, 2]), np.array([4, 4])) == pytest.approx(
        np.array([[0.0, 2.0], [0.0, 0.0]])
    )
    assert outside_shares(np.array([2, 2]), np.array([4, 4])) == pytest.approx([1, 1])


def test_rematch_comes_closer_than_plain_seats_when_people_hold_several() -> None:
    # 12 people, one of them in half of all pairings; re-pairings in which anybody meets
    # themself are thrown away
    degrees = np.array([8, 3, 2, 2, 1, 1, 3, 2, 2, 1, 1, 2])
    group = np.array([0] * 6 + [1] * 6)
    seats = np.repeat(np.arange(12), degrees)
    drawn = np.random.default_rng(5).permuted(np.tile(seats, (200_000, 1)), axis=1)
    left, right = drawn[:, ::2], drawn[:, 1::2]
    proper = (left != right).all(axis=1)
    within = (group[left] == group[right]).sum(axis=1)[proper].mean()
    stubs = np.array([degrees[group == g].sum() for g in (0, 1)])
    squared = np.array([(degrees[group == g] ** 2).sum() for g in (0, 1)])
    ours = np.trace(rematch_expected(stubs, squared))
    plain = within_moments(stubs).mean
    assert abs(ours - within) < 0.35 * abs(plain - within)


def test_an_empty_stratum_expects_nothing() -> None:
    assert not rematch_shares(np.zeros((1, 2)), np.zeros((1, 2))).any()
    # one person alone: T^2 = Q
    assert not rematch_shares(np.array([3, 0]), np.array([9, 0])).any()
    assert not outside_shares(np.zeros((1, 2)), np.zeros((1, 2))).any()


def test_headcount_expectation_counts_possible_pairs() -> None:
    # by hand: 3 + 2 people, 10 possible pairs: 3 inside, 6 across, 1 inside
    assert headcount_expected(10, np.array([3, 2])) == pytest.approx(np.array([[3, 6], [0, 1.0]]))
    assert np.isnan(headcount_expected(1, np.array([1, 0]))).all()


def test_expected_ei_of_the_karate_club_by_headcount() -> None:
    from metrics.connection.indices import krackhardt_stern_ei

    expected = headcount_expected(78, np.array([17, 17]))
    assert krackhardt_stern_ei(expected) == pytest.approx(0.030303030303, abs=1e-11)


@pytest.mark.parametrize(
    ("sizes", "weight", "pair_squares", "strengths", "mean", "deviation"),
    [
        ([5, 5], 22, 22, 228, 9.777778, 1.484785),  # White
        ([10, 20], 49, 49, 334, 26.471264, 3.057311),  # EF3
        ([17, 17], 78, 78, 1212, 37.818182, 3.705717),  # karate club
        ([13, 13], 88, 132, 1548, 42.24, 5.031532),  # classroom, some pairs twice
        ([53, 18], 378, 378, 10392, 232.884507, 12.53522),  # Lazega co-work, 53 men, 18 women
    ],
)
def test_label_permutation_moments_are_those_of_the_reference_networks(
    sizes: list[int],
    weight: float,
    pair_squares: float,
    strengths: float,
    mean: float,
    deviation: float,
) -> None:
    found, variance = permutation_moments(np.array(sizes), weight, pair_squares, strengths, None)
    assert found == pytest.approx(mean, abs=5e-7)
    assert variance**0.5 == pytest.approx(deviation, abs=5e-6)


def test_label_permutation_is_the_join_count_test_of_spdep() -> None:
    # R spdep, joincount.multi on Columbus crime: 49 areas, 116 links, sum of squared degrees 1284
    columbus = (np.array([25, 24]), 116, 116, 1284)
    within, variance = permutation_moments(*columbus, None)
    assert 116 - within == pytest.approx(59.18367347, abs=5e-9)
    assert variance == pytest.approx(26.23330704, abs=5e-9)
    assert (28 - (116 - within)) / variance**0.5 == pytest.approx(-6.088366, abs=5e-7)
    assert permutation_moments(*columbus, 0) == pytest.approx(LOW_LOW, abs=5e-9)
    assert permutation_moments(*columbus, 1) == pytest.approx(HIGH_HIGH, abs=5e-9)


def test_label_permutation_equals_every_labelling_counted() -> None:
    links = [(0, 1, 1.0), (1, 2, 2.0), (0, 2, 1.0), (3, 4, 0.5), (2, 3, 1.0)]
    strengths = [sum(w for i, j, w in links if person in (i, j)) for person in range(5)]
    within = [
        sum(w for i, j, w in links if labels[i] == labels[j])
        for labels in permutations([0, 0, 1, 1, 1])
    ]
    found = permutation_moments(
        np.array([2, 3]),
        sum(w for *_, w in links),
        sum(w * w for *_, w in links),
        sum(s * s for s in strengths),
        None,
    )
    assert found == pytest.approx((np.mean(within), np.var(within)))


def test_label_permutation_of_few_people_does_not_warn() -> None:
    assert np.isnan(permutation_moments(np.array([1]), 0, 0, 0, None)).all()
    # by hand: two people of two groups, one link, never within
    assert permutation_moments(np.array([1, 1]), 1, 1, 2, None) == (0, 0)


def test_directed_moments_are_those_of_simulated_tables() -> None:
    mean, variance = directed_moments([10, 7, 5], [6, 9, 7])
    assert mean == pytest.approx(7.181818182, abs=5e-10)
    assert variance == pytest.approx(4.811097993, abs=5e-10)
    lazega = np.array([[558, 72, 15], [79, 138, 6], [15, 5, 4]])  # advice by office
    mean, variance = directed_moments(lazega.sum(axis=1), lazega.sum(axis=0))
    assert mean == pytest.approx(525.880044843, abs=5e-10)
    assert variance**0.5 == pytest.approx(11.140320963, abs=5e-10)


def test_directed_moments_over_strata_are_the_cochran_mantel_haenszel_test() -> None:
    # Bickel, Hammel & O'Connell 1975, Berkeley admissions by department; R mantelhaen.test
    tables = np.array(BERKELEY).reshape(6, 2, 2)
    mean, variance = directed_moments(tables.sum(axis=2), tables.sum(axis=1))
    # When the first cell of a 2 x 2 table moves by one, its diagonal moves by two.
    first, trace = tables[:, 0, 0].sum(), np.trace(tables, axis1=1, axis2=2).sum()
    assert first == 1198
    assert first - (trace - mean.sum()) / 2 == pytest.approx(1213.3571665831, abs=5e-10)
    assert variance.sum() / 4 == pytest.approx(154.6907616094, abs=5e-10)
    chi_square = (trace - mean.sum()) ** 2 / variance.sum()
    assert chi_square == pytest.approx(1.5246066, abs=1e-7)
