"""The indices of the literature against published values and other libraries."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.connection.counts import both_ways
from metrics.connection.indices import (
    coleman_index,
    freeman_segregation,
    gupta_anderson_may,
    headcount_baseline,
    krackhardt_stern_ei,
    krackhardt_stern_ei_by_group,
    krackhardt_stern_ei_rescaled,
    lottery_baseline,
    newman_assortativity,
    odds_ratio,
)
from tests.metrics.connection.pairing_tables import count_pairings, random_pairings, read_network

# Freeman 1978, Sociological Methods & Research 6; R netseg 1.0-4 for the other indices.
WHITE, WHITE_SIZES = np.array([[6.0, 9.0], [0.0, 7.0]]), np.array([5, 5])
# Echenique & Fryer 2007, figure III; R and Python netseg.
EF3, EF3_SIZES = np.array([[10.0, 17.0], [0.0, 22.0]]), np.array([10, 20])
# Zachary 1977 by club, weights ignored; R and Python netseg.
KARATE, KARATE_SIZES = np.array([[35.0, 11.0], [0.0, 32.0]]), np.array([17, 17])
# Dolata 2014, who likes to play with whom, givers by receivers; R netseg, README.
CLASSROOM, CLASSROOM_SIZES = np.array([[40.0, 2.0], [5.0, 41.0]]), np.array([13, 13])
# Newman 2003, Physical Review E 67, 026126, table I: men by women.
CATANIA = np.array([[506.0, 32, 26, 69], [23, 308, 38, 114], [10, 14, 32, 47], [26, 46, 68, 599]])


@pytest.mark.parametrize(
    ("mixing", "sizes", "ei", "rescaled", "newman", "freeman", "odds"),
    [
        (WHITE, WHITE_SIZES, -0.181818181818, -0.3, 0.180124223602, 0.263636363636, 3.30158730159),
        (EF3, EF3_SIZES, -0.30612244898, None, 0.26185201595, 0.245408163265, 1.69689944943),
        (KARATE, KARATE_SIZES, -0.717948717949, None, 0.717530864198, 0.726244343891, 8.259866962),
    ],
    ids=["white", "ef3", "karate"],
)
def test_undirected_indices_are_those_of_the_literature(
    mixing: np.ndarray,
    sizes: np.ndarray,
    ei: float,
    rescaled: float | None,
    newman: float,
    freeman: float,
    odds: float,
) -> None:
    assert krackhardt_stern_ei(mixing) == pytest.approx(ei, abs=1e-11)
    assert newman_assortativity(mixing) == pytest.approx(newman, abs=1e-11)
    assert gupta_anderson_may(mixing) == pytest.approx(newman, abs=1e-11)  # equal for two groups
    assert freeman_segregation(mixing, sizes) == pytest.approx(freeman, abs=1e-11)
    assert odds_ratio(mixing, sizes) == pytest.approx(odds, abs=1e-9)
    if rescaled is not None:  # UCINET's definition, by hand: 22 ties, 20 possible within, 25 across
        assert krackhardt_stern_ei_rescaled(mixing, sizes) == pytest.approx(rescaled, abs=1e-11)


def test_the_index_of_a_group_counts_a_tie_inside_from_both_ends() -> None:
    # independent R script on the same networks
    assert krackhardt_stern_ei_by_group(WHITE) == pytest.approx(
        [-0.142857142857, -0.217391304348], abs=1e-11
    )
    assert krackhardt_stern_ei_by_group(EF3) == pytest.approx(
        [-0.0810810811, -0.4426229508], abs=1e-10
    )


def test_coleman_index_of_the_karate_club_is_that_of_netseg() -> None:
    index = coleman_index(KARATE, headcount_baseline(KARATE_SIZES))
    assert index == pytest.approx([0.7363834423, 0.7152941176], abs=1e-10)


def test_directed_indices_of_the_classroom_are_those_of_netseg_and_igraph() -> None:
    assert odds_ratio(CLASSROOM, CLASSROOM_SIZES, directed=True) == pytest.approx(
        16.5807050093, abs=1e-9
    )
    index = coleman_index(CLASSROOM, headcount_baseline(CLASSROOM_SIZES), directed=True)
    assert index == pytest.approx([0.908424908425, 0.790969899666], abs=1e-11)
    assert krackhardt_stern_ei(CLASSROOM) == pytest.approx(-0.840909090909, abs=1e-11)
    assert newman_assortativity(CLASSROOM, directed=True) == pytest.approx(
        0.841073271414, abs=1e-11
    )
    # R netseg folds the table first
    assert newman_assortativity(_folded(CLASSROOM)) == pytest.approx(0.840888544492, abs=1e-11)


def test_coleman_printed_values_need_his_own_baseline() -> None:
    # Coleman 1958 takes n_g / N and prints 0.375; with (n_g - 1) / (N - 1) it is 0.38125:
    # 10 + 10 people, so 0.5 against 9/19, and 68.75 % of contacts inside.
    mixing = np.array([[68.75, 31.25], [31.25, 68.75]])
    assert coleman_index(mixing, np.array([0.5, 0.5]), directed=True)[0] == pytest.approx(0.375)


def test_newman_assortativity_of_the_catania_table_is_the_published_one() -> None:
    assert newman_assortativity(CATANIA, directed=True) == pytest.approx(0.621445875399, abs=1e-11)
    assert newman_assortativity(_folded(CATANIA)) == pytest.approx(0.620611789146, abs=1e-11)
    assert krackhardt_stern_ei(CATANIA) == pytest.approx(-0.475995914198, abs=1e-11)


def test_edge_jackknife_of_the_catania_table_gives_newmans_standard_error() -> None:
    # Newman 2003, equation 5; he prints 0.014
    r = newman_assortativity(CATANIA, directed=True)
    removed = [
        (newman_assortativity(CATANIA - _one(cell), directed=True) - r) ** 2 * CATANIA[cell]
        for cell in np.ndindex(CATANIA.shape)
    ]
    assert np.sqrt(sum(removed)) == pytest.approx(0.0138777090, abs=1e-9)


def test_directed_assortativity_is_cohens_kappa() -> None:
    from sklearn.metrics import cohen_kappa_score

    cells = list(np.ndindex(CATANIA.shape))
    counts = [int(CATANIA[cell]) for cell in cells]
    rows, columns = (np.repeat([cell[axis] for cell in cells], counts) for axis in (0, 1))
    assert newman_assortativity(CATANIA, directed=True) == pytest.approx(
        cohen_kappa_score(rows, columns), abs=1e-12
    )


def test_three_groups_agree_with_networkx_and_igraph() -> None:
    import igraph
    import networkx

    pairs, group_of, _ = random_pairings(np.random.default_rng(1), 30, 3, 90, 1)
    mixing = count_pairings(pairs, group_of).mixing
    graph = networkx.MultiGraph(pairs)
    networkx.set_node_attributes(graph, dict(enumerate(group_of)), "group")
    assert newman_assortativity(mixing) == pytest.approx(
        networkx.attribute_assortativity_coefficient(graph, "group"), abs=1e-12
    )
    other = igraph.Graph(n=30, edges=pairs)
    assert newman_assortativity(mixing) == pytest.approx(
        other.assortativity_nominal(group_of, directed=False), abs=1e-12
    )
    # networkx counts a tie inside a group twice, as we do from both ends
    theirs = networkx.attribute_mixing_matrix(
        graph, "group", mapping={0: 0, 1: 1, 2: 2}, normalized=False
    )
    assert both_ways(mixing) == pytest.approx(theirs)


def test_directed_groups_agree_with_igraph() -> None:
    import igraph

    arcs, group_of = read_network("classroom_ties.csv", "classroom_people.csv", "gender")
    graph = igraph.Graph(n=len(group_of), edges=arcs, directed=True)
    assert newman_assortativity(CLASSROOM, directed=True) == pytest.approx(
        graph.assortativity_nominal(group_of, directed=True), abs=1e-12
    )


@pytest.mark.parametrize(
    ("ties", "people", "attribute", "mixing"),
    [
        ("whitekinship_ties.csv", "whitekinship_people.csv", "gender", WHITE),
        ("ef3_ties.csv", "ef3_people.csv", "race", None),
    ],
)
def test_counts_of_the_reference_networks_are_those_used_here(
    ties: str, people: str, attribute: str, mixing: np.ndarray | None
) -> None:
    counted = count_pairings(*read_network(ties, people, attribute)).mixing
    if mixing is not None:
        assert counted == pytest.approx(mixing)
    else:  # the file's codes need not be in the order of the paper
        assert sorted(counted[np.triu_indices(2)]) == [10, 17, 22]


def test_lottery_baseline_equals_headcount_when_everybody_holds_one_seat() -> None:
    # D_g = Q_g = n_g, so both are (n_g - 1) / (N - 1)
    sizes = np.array([[6.0, 3.0, 1.0]])
    assert lottery_baseline(sizes, sizes) == pytest.approx(headcount_baseline(sizes[0]))


@pytest.mark.parametrize(
    "value",
    [
        krackhardt_stern_ei(np.zeros((2, 2))),
        krackhardt_stern_ei_rescaled(np.zeros((2, 2)), np.array([3, 3])),
        krackhardt_stern_ei_rescaled(np.array([[9.0, 0], [0, 0]]), np.array([2, 2])),
        krackhardt_stern_ei_by_group(np.array([[2.0, 0], [0, 0]]))[1],
        coleman_index(np.array([[0.0, 3], [0, 2]]), headcount_baseline(np.array([1, 9])))[0],
        newman_assortativity(np.array([[5.0]])),
        newman_assortativity(np.zeros((2, 2))),
        gupta_anderson_may(np.array([[5.0]])),
        gupta_anderson_may(np.array([[5.0, 0], [0, 0]])),
        freeman_segregation(np.array([[5.0]]), np.array([4])),
        odds_ratio(np.array([[5.0, 0], [0, 5.0]]), np.array([5, 5])),
        headcount_baseline(np.array([1]))[0],
        lottery_baseline(np.array([[4.0, 0.0]]), np.array([[4.0, 0.0]]))[1],
    ],
)
def test_what_is_not_defined_is_nan(value: float) -> None:
    assert np.isnan(value)


def _folded(table: np.ndarray) -> np.ndarray:
    return np.triu(table + np.tril(table, -1).T)


def _one(cell: tuple[int, ...]) -> np.ndarray:
    one = np.zeros_like(CATANIA)
    one[cell] = 1
    return one
