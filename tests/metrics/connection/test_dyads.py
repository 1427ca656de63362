"""The dyad-robust variance against brute force, published moments and identities."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.connection.counts import PairingCounts
from metrics.connection.dyads import (
    cross_share_variance,
    dyad_variance,
    floored_variance,
    independent_variance,
    log_ratio_gradient,
    numerical_gradient,
    outside_gradient,
    share_gradient,
)
from metrics.connection.indices import krackhardt_stern_ei, newman_assortativity
from tests.metrics.connection.pairing_tables import (
    Pair,
    count_pairings,
    random_pairings,
    read_network,
)

# White's kinship network (Freeman 1978); moments by an independent script, checked below.
WHITE = np.array([[6.0, 9.0], [0.0, 7.0]])
WHITE_MOMENTS = np.array([[[32.0, 26], [26, 25]], [[25, 27], [27, 40]]])


def brute_force(
    pairs: list[Pair], group_of: list[int], weights: list[float], gradient: np.ndarray
) -> float:
    """Sum over all two pairings that share a person, one by one."""
    value = [
        w * gradient[group_of[i], group_of[j]] for (i, j), w in zip(pairs, weights, strict=True)
    ]
    return sum(
        value[a] * value[b]
        for a, first in enumerate(pairs)
        for b, second in enumerate(pairs)
        if set(first) & set(second)
    )


def karate() -> PairingCounts:
    import networkx

    graph = networkx.karate_club_graph()
    clubs = [int(graph.nodes[person]["club"] == "Officer") for person in graph]
    return count_pairings(list(graph.edges), clubs)


def test_moments_of_the_karate_club_are_those_of_an_independent_script() -> None:
    counts = karate()
    assert counts.stubs[0] == pytest.approx([81, 75])
    assert counts.contact_moments == pytest.approx(
        np.array([[[468, 59], [59, 29]], [[21, 77], [77, 422]]])
    )
    assert counts.pair_squares[np.triu_indices(2)] == pytest.approx([35, 11, 32])


@pytest.mark.parametrize("seed", range(6))
def test_variance_equals_the_double_sum_over_pairings(seed: int) -> None:
    rng = np.random.default_rng(seed)
    pairs, group_of, _ = random_pairings(rng, people=9, groups=3, pairings=30, strata=1)
    weights = rng.choice([1.0, 0.5, 0.25], len(pairs)).tolist()
    counts = count_pairings(pairs, group_of, weights=weights)
    gradient = numerical_gradient(newman_assortativity, counts.mixing)
    found = dyad_variance(gradient, counts.contact_moments, counts.pair_squares)
    assert found == pytest.approx(brute_force(pairs, group_of, weights, gradient), rel=1e-9)


def test_moments_of_whites_network_are_those_of_its_ties() -> None:
    counts = count_pairings(
        *read_network("whitekinship_ties.csv", "whitekinship_people.csv", "gender")
    )
    assert counts.mixing == pytest.approx(WHITE)
    assert counts.contact_moments == pytest.approx(WHITE_MOMENTS)


def test_variance_of_whites_network_is_negative_and_the_floor_holds() -> None:
    # brute-force double sums on the network: -0.012902127 and -0.011850283
    newman = numerical_gradient(newman_assortativity, WHITE)
    ei = numerical_gradient(krackhardt_stern_ei, WHITE)
    assert dyad_variance(newman, WHITE_MOMENTS, WHITE) == pytest.approx(-0.012902127, abs=5e-9)
    assert dyad_variance(ei, WHITE_MOMENTS, WHITE) == pytest.approx(-0.011850283, abs=5e-9)
    # binomial by hand: the E-I index is 2 p - 1 with p = 9 / 22
    assert floored_variance(ei, WHITE_MOMENTS, WHITE) == pytest.approx(4 * 9 * 13 / 22**3)


def test_standard_errors_of_the_karate_club_are_those_of_the_double_sum() -> None:
    _assert_errors(karate(), newman=0.08825168, ei=0.08953925)


def test_standard_errors_of_ef3_are_those_of_the_double_sum() -> None:
    counts = count_pairings(*read_network("ef3_ties.csv", "ef3_people.csv", "race"))
    _assert_errors(counts, newman=0.09284209, ei=0.09790335)


def test_standard_error_of_the_classroom_counts_pairs_met_twice_as_one_cluster() -> None:
    arcs = read_network("classroom_ties.csv", "classroom_people.csv", "gender")
    counts = count_pairings(*arcs)
    assert counts.stubs[0] == pytest.approx([87, 89])
    assert counts.pair_squares[np.triu_indices(2)] == pytest.approx([62, 9, 61])
    _assert_errors(counts, newman=0.0679051)


@pytest.mark.parametrize("seed", range(4))
def test_closed_form_of_the_cross_share_equals_its_gradient_form(seed: int) -> None:
    pairs, group_of, _ = random_pairings(np.random.default_rng(seed), 12, 3, 40, 1)
    counts = count_pairings(pairs, group_of)
    moments = counts.contact_moments, counts.pair_squares
    gradient = share_gradient(counts.mixing, ~np.eye(3, dtype=bool))
    assert cross_share_variance(counts.mixing, *moments) == pytest.approx(
        dyad_variance(gradient, *moments)
    )
    # the E-I index is 2 p - 1
    numerical = numerical_gradient(krackhardt_stern_ei, counts.mixing)
    assert gradient == pytest.approx(numerical / 2, abs=1e-8)


def test_gradient_of_the_outside_share_is_its_derivative() -> None:
    mixing = np.array([[4.0, 3.0, 2.0], [0.0, 5.0, 6.0], [0.0, 0.0, 1.0]])

    def outside(counts: np.ndarray) -> float:
        across = counts[0, 1] + counts[1, 2]
        return across / (across + 2 * counts[1, 1])

    assert outside_gradient(mixing, 1) == pytest.approx(
        numerical_gradient(outside, mixing), abs=1e-8
    )


@pytest.mark.parametrize(("g", "h"), [(0, 2), (1, 1)])
def test_gradient_of_a_log_ratio_is_its_derivative(g: int, h: int) -> None:
    mixing = np.array([[4.0, 3.0, 2.0], [0.0, 5.0, 6.0], [0.0, 0.0, 1.0]])

    def log_ratio(counts: np.ndarray) -> float:
        contacts = (counts + counts.T).sum(axis=1)
        return np.log(counts[g, h] * counts.sum() / (contacts[g] * contacts[h]))

    assert log_ratio_gradient(mixing, g, h) == pytest.approx(
        numerical_gradient(log_ratio, mixing), abs=1e-8
    )


def test_independent_pairs_give_the_binomial_variance() -> None:
    # nobody meets twice: p (1 - p) / m with p = 3 / 5
    counts = count_pairings(
        [(0, 5), (1, 6), (2, 7), (3, 4), (8, 9)], [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]
    )
    gradient = share_gradient(counts.mixing, ~np.eye(2, dtype=bool))
    moments = counts.contact_moments, counts.pair_squares
    assert dyad_variance(gradient, *moments) == pytest.approx(0.6 * 0.4 / 5)
    assert independent_variance(gradient, counts.pair_squares) == pytest.approx(0.6 * 0.4 / 5)


def test_meeting_six_times_is_one_fact_and_not_six() -> None:
    once = count_pairings([(0, 2), (1, 3), (4, 5)], [0, 0, 1, 1, 0, 0])
    often = count_pairings([(0, 2), (1, 3), (4, 5)] * 6, [0, 0, 1, 1, 0, 0])
    assert cross_share_variance(
        often.mixing, often.contact_moments, often.pair_squares
    ) == pytest.approx(cross_share_variance(once.mixing, once.contact_moments, once.pair_squares))


def _assert_errors(counts: PairingCounts, newman: float, ei: float | None = None) -> None:
    moments = counts.contact_moments, counts.pair_squares
    gradient = numerical_gradient(newman_assortativity, counts.mixing)
    assert dyad_variance(gradient, *moments) ** 0.5 == pytest.approx(newman, abs=5e-8)
    if ei is not None:
        gradient = numerical_gradient(krackhardt_stern_ei, counts.mixing)
        assert dyad_variance(gradient, *moments) ** 0.5 == pytest.approx(ei, abs=5e-9)
