"""What must hold for any pairings."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.connection.counts import PairingCounts
from metrics.connection.crossing import cell, crossing
from metrics.connection.indices import (
    freeman_segregation,
    krackhardt_stern_ei,
    newman_assortativity,
)
from metrics.connection.measures import cross_group_ratio, cross_group_share, group_pair_ratio
from metrics.definition import Status
from tests.metrics.connection.pairing_tables import Pair, count_pairings

PEOPLE, GROUPS = 10, 4
NUMBERS = ("estimate", "low", "high", "expected", "expected_error", "effective_size")

pairs_of_people = st.lists(
    st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, PEOPLE - 1)).filter(
        lambda pair: pair[0] != pair[1]
    ),
    min_size=1,
    max_size=40,
)
groups_of_people = st.lists(st.integers(0, GROUPS - 1), min_size=PEOPLE, max_size=PEOPLE)
weights_of_pairs = st.lists(st.sampled_from([1.0, 0.5, 0.25]), min_size=40, max_size=40)

quick = settings(max_examples=60, deadline=None, derandomize=True)


def counted(pairs: list[Pair], group_of: list[int], weights: list[float]) -> PairingCounts:
    strata = [place % 3 for place in range(len(pairs))]
    return count_pairings(
        pairs, group_of, weights=weights[: len(pairs)], strata=strata, groups=GROUPS
    )


def numbers(result: object) -> list[float]:
    return [np.nan if (x := getattr(result, name)) is None else x for name in NUMBERS]


@quick
@given(pairs_of_people, groups_of_people, weights_of_pairs, st.permutations(range(GROUPS)))
def test_renaming_groups_changes_nothing(
    pairs: list[Pair], group_of: list[int], weights: list[float], names: list[int]
) -> None:
    one = counted(pairs, group_of, weights)
    other = counted(pairs, [names[g] for g in group_of], weights)
    sizes = np.bincount(group_of, minlength=GROUPS)
    for index in (krackhardt_stern_ei, newman_assortativity):
        assert index(one.mixing) == pytest.approx(index(other.mixing), nan_ok=True)
    assert freeman_segregation(one.mixing, sizes) == pytest.approx(
        freeman_segregation(other.mixing, sizes[np.argsort(names)]), nan_ok=True
    )
    for measure in (cross_group_share, cross_group_ratio):
        for part in [(), *((g,) for g in range(GROUPS))]:
            renamed = tuple(names[g] for g in part)
            expected = numbers(measure(other, renamed))
            assert numbers(measure(one, part)) == pytest.approx(expected, nan_ok=True)


@quick
@given(pairs_of_people, groups_of_people, weights_of_pairs)
def test_merging_two_groups_moves_the_crossings_by_exactly_their_mutual_pairings(
    pairs: list[Pair], group_of: list[int], weights: list[float]
) -> None:
    apart = counted(pairs, group_of, weights)
    merged = counted(pairs, [0 if g == 1 else g for g in group_of], weights)
    mutual = apart.mixing[0, 1]
    assert crossing(apart, ()).observed - crossing(merged, ()).observed == pytest.approx(mutual)
    # the lottery agrees: what it expects between the two becomes inside
    assert crossing(apart, ()).expected - crossing(merged, ()).expected == pytest.approx(
        cell(apart, 0, 1).expected
    )


@quick
@given(pairs_of_people, groups_of_people, weights_of_pairs)
def test_the_same_strata_twice_keep_the_share_and_double_the_lottery(
    pairs: list[Pair], group_of: list[int], weights: list[float]
) -> None:
    once = counted(pairs, group_of, weights)
    strata = [place % 3 + 3 * copy for copy in (0, 1) for place in range(len(pairs))]
    twice = count_pairings(
        pairs * 2, group_of, weights=weights[: len(pairs)] * 2, strata=strata, groups=GROUPS
    )
    for part in [(), (0,)]:
        one, two = crossing(once, part), crossing(twice, part)
        assert two.expected == pytest.approx(2 * one.expected)
        assert two.variance == pytest.approx(2 * one.variance)
        first, second = cross_group_share(once, part), cross_group_share(twice, part)
        assert second.estimate == pytest.approx(first.estimate, nan_ok=True)
        # the same people meeting the same people again add nothing to what is known
        assert second.effective_size == pytest.approx(first.effective_size)


@quick
@given(pairs_of_people, groups_of_people)
def test_one_weight_for_all_gives_the_same_shares_as_weight_one(
    pairs: list[Pair], group_of: list[int]
) -> None:
    one, half = (counted(pairs, group_of, [w] * 40) for w in (1.0, 0.5))
    for part in [(), (0,), (2,)]:
        expected = numbers(cross_group_share(one, part))
        assert numbers(cross_group_share(half, part)) == pytest.approx(expected, nan_ok=True)


@quick
@given(pairs_of_people, groups_of_people, weights_of_pairs)
def test_every_result_is_well_formed(
    pairs: list[Pair], group_of: list[int], weights: list[float]
) -> None:
    counts = counted(pairs, group_of, weights)
    results = [
        measure(counts, part)
        for measure in (cross_group_share, cross_group_ratio)
        for part in [(), *((g,) for g in range(GROUPS))]
    ]
    results += [group_pair_ratio(counts, (g, h)) for g in range(GROUPS) for h in range(GROUPS)]
    for result in results:
        if result.status is Status.UNDEFINED:
            assert np.isnan(result.estimate)
            assert result.reason
        else:
            assert 0 <= result.low <= result.estimate + 1e-12 <= result.high + 2e-12
            assert np.isfinite(result.high)


@quick
@given(pairs_of_people, groups_of_people, weights_of_pairs)
def test_expected_pairings_add_up_to_those_there_are(
    pairs: list[Pair], group_of: list[int], weights: list[float]
) -> None:
    counts = counted(pairs, group_of, weights)
    cells = [cell(counts, g, h).expected for g in range(GROUPS) for h in range(g, GROUPS)]
    assert sum(cells) == pytest.approx(counts.weights.sum())
