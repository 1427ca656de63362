"""The steps of the funnel: they multiply, they put a gap where it arose, they say what is thin."""

from __future__ import annotations

import csv
from dataclasses import replace
from itertools import combinations
from math import log, prod

import numpy as np
import pytest

from metrics.connection.funnel import (
    FEW_COMPLETED,
    FEW_CONTINUED,
    FEW_EXPECTED,
    NO_ENROLMENT,
    NO_OFFERS,
    NO_PAIRINGS,
    NO_POOLS,
    ONE_GROUP,
    SOME_WITHOUT,
    completion_by_crossing,
    connection_factor,
    continuation_factor,
    matching_factor,
    meeting_factor,
    opportunity_factor,
    uptake_factor,
)
from metrics.connection.stages import COMPLETED, CONTINUED, Lotteries, StageCounts
from metrics.definition import Status
from metrics.intervals import Z95
from tests.metrics.connection.stage_tables import Pairing, Plan, count_stages, draw

STEPS = (opportunity_factor, matching_factor, uptake_factor, continuation_factor)


def one(seed: int = 1, **plan: object) -> StageCounts:
    return draw(Plan(**plan), np.random.default_rng(seed))


def by_hand(weights: list[list[float]], **facts: object) -> StageCounts:
    """Return counts with given pairings of each kind, one lottery of 20 + 20, and no repeats."""
    weights = np.array(weights, dtype=float)
    total = weights.sum()
    lotteries = Lotteries(
        heads=np.array([[20.0, 20.0]]),
        seats=np.array([[total, total]]),
        seats_squared=np.array([[total, total]]),
        weight=np.array([total]),
        weight_squared=np.array([total]),
        strength_squared=np.array([2 * total]),
    )
    ends = 2 * np.diag(weights.ravel())
    base = {
        "population": np.array([25.0, 75.0]), "lotteries": lotteries, "pairings": weights,
        "weights": weights, "person_moments": ends, "pair_moments": np.diag(weights.ravel()),
        "people": (40, 40, 40), "people_inside": 40, "people_across": 40,
    }  # fmt: skip
    return StageCounts(**base | facts)


@pytest.mark.parametrize("seed", range(5))
def test_steps_multiply_to_the_total(seed: int) -> None:
    counts = one(seed, sites=((40, 10), (15, 35)), completed=(0.8, 0.6), again=(0.5, 0.7))
    product = prod(step(counts).estimate for step in STEPS)
    assert product == pytest.approx(connection_factor(counts).estimate, rel=1e-9)
    meeting = matching_factor(counts).estimate * uptake_factor(counts).estimate
    assert meeting_factor(counts).estimate == pytest.approx(meeting, rel=1e-9)


def test_shares_of_a_programme_counted_by_hand() -> None:
    # inside 20 + 10 + 10, across 10 + 20 + 20: 50 of 90 arranged cross, 40 of 60, 20 of 30
    counts = by_hand([[20, 10, 10], [10, 20, 20]])
    pop = 2 * 25 * 75 / (100 * 99)
    pool = 2 * 20 * 20 / (40 * 39)
    assert opportunity_factor(counts).estimate == pytest.approx(pool / pop)
    assert matching_factor(counts).estimate == pytest.approx(50 / 90 / pool)
    assert uptake_factor(counts).estimate == pytest.approx((40 / 60) / (50 / 90))
    assert continuation_factor(counts).estimate == pytest.approx(1)
    assert connection_factor(counts).estimate == pytest.approx(20 / 30 / pop)
    assert [step(counts).pairs for step in STEPS] == [90, 90, 60, 30]


def test_uptake_is_the_completion_rate_across_over_that_of_all() -> None:
    counts = by_hand([[20, 10, 10], [10, 20, 20]])
    across, inside = (completion_by_crossing(counts, (kind,)).estimate for kind in (1, 0))
    assert (across, inside) == pytest.approx((40 / 50, 20 / 40))
    assert uptake_factor(counts).estimate == pytest.approx(across / (60 / 90))


def atlas() -> list[dict[str, str]]:
    """Return rows of the Social Capital Atlas county file (Chetty et al. 2022)."""
    lines = (
        "county,exposure,bias,connectedness",
        "Autauga,.81739998,.055259999,.77223003",
        "Baldwin,.78531998,.0295,.76214999",
        "Barbour,.41512999,.13457,.35927001",
        "Jefferson AL,.69424999,.073959999,.64289999",
        "Autauga high,1.0022,-.22747999,1.23018",
    )
    return list(csv.DictReader(lines))


@pytest.mark.parametrize("county", atlas(), ids=lambda row: row["county"])
def test_two_stages_are_exposure_times_one_minus_friending_bias(county: dict[str, str]) -> None:
    # a thousand friends: at random half of them would cross; exposure sets the pool, bias the rest
    exposure, connected = float(county["exposure"]), float(county["connectedness"])
    counts = by_hand([[0, 1000 * (1 - connected / 2), 0], [0, 1000 * connected / 2, 0]])
    seats = _seats(exposure / 2)
    pool = replace(counts.lotteries, heads=0 * seats, seats=seats, seats_squared=0 * seats + 1000)
    counts = replace(counts, lotteries=pool, offers_recorded=False, population=np.array([5e8, 5e8]))
    assert opportunity_factor(counts).estimate == pytest.approx(exposure, abs=1e-5)
    bias = 1 - meeting_factor(counts).estimate
    assert bias == pytest.approx(float(county["bias"]), abs=2e-5)
    assert connection_factor(counts).estimate == pytest.approx(connected, abs=1e-5)


def _seats(crossing: float) -> np.ndarray:
    """Return seats of two groups whose lottery crosses that often: 2 q (1 - q) = crossing."""
    # above one half no two groups can do it: three do, two equal ones and a rest
    if crossing <= 0.5:
        share = 0.5 + (0.25 - crossing / 2) ** 0.5
        return 1e9 * np.array([[share, 1 - share]])
    equal = (1 + (1 - 1.5 * crossing) ** 0.5) / 3
    return 1e9 * np.array([[equal, equal, 1 - 2 * equal]])


def test_variance_is_the_double_sum_over_pairings_that_share_a_person() -> None:
    # Aronow, Samii & Assenova 2015: every two pairings with a person in common, once each
    random = np.random.default_rng(3)
    group_of = [0] * 6 + [1] * 6
    pairings = [
        Pairing(tuple(map(int, random.choice(12, 2, replace=False))), int(random.integers(3)))
        for _ in range(60)
    ]
    counts = count_stages(pairings, group_of)
    gradient = counts.log_share_gradient(CONTINUED) - counts.log_share_gradient(COMPLETED)
    psi = [
        gradient[3 * (group_of[p.people[0]] != group_of[p.people[1]]) + p.reach] for p in pairings
    ]
    double = sum(
        psi[i] * psi[j]
        for i, first in enumerate(pairings)
        for j, second in enumerate(pairings)
        if set(first.people) & set(second.people)
    )
    independent = counts.independent_variance(gradient)
    by_person = float(gradient @ counts.person_moments @ gradient)
    assert by_person - independent == pytest.approx(double, rel=1e-9)
    assert counts.variance(gradient) == pytest.approx(max(double, independent), rel=1e-9)


def test_gradient_is_that_of_the_logarithm_of_the_share() -> None:
    counts = by_hand([[20, 10, 10], [10, 20, 25]])
    step = 1e-6
    for kind in range(6):
        more = counts.weights.ravel().copy()
        more[kind] += step
        moved = replace(counts, weights=more.reshape(2, 3))
        change = (log(moved.share(COMPLETED)) - log(counts.share(COMPLETED))) / step
        assert counts.log_share_gradient(COMPLETED)[kind] == pytest.approx(change, abs=1e-6)


def test_lottery_over_a_recorded_pool_has_the_moments_of_dealing_people_onto_the_pairings() -> None:
    # a circle of four and a pair, weights 1/3 and 1; every way to seat 3 + 4 people, one by one
    pairs = [*combinations(range(4), 2), (4, 5)]
    weights = [1 / 3] * 6 + [1.0]
    pool = [0, 0, 0, 1, 1, 1, 1]
    found = []
    for first in combinations(range(7), 3):
        group = [0 if person in first else 1 for person in range(7)]
        found.append(
            sum(w for (a, b), w in zip(pairs, weights, strict=True) if group[a] != group[b])
        )
    counts = count_stages(
        [Pairing(pair, 1, 0, w) for pair, w in zip(pairs, weights, strict=True)],
        pool,
        pools={0: range(7)},
    )
    lotteries = counts.lotteries
    assert lotteries.share * lotteries.weight.sum() == pytest.approx(np.mean(found))
    assert lotteries.variance == pytest.approx(np.var(found))


def test_lottery_without_a_recorded_pool_deals_the_same_seats_to_different_people() -> None:
    # 2 + 2 people with a seat each: 2 of 3 matchings cross twice, so 1 - (2/3)/2 = 2/3
    counts = count_stages([Pairing((0, 1), 1), Pairing((2, 3), 1)], [0, 0, 1, 1])
    assert counts.lotteries.share == pytest.approx(2 / 3)
    assert counts.lotteries.variance == pytest.approx(8 / 9)


def test_a_pool_without_people_who_were_paired_counts_as_not_recorded() -> None:
    pairings = [Pairing((0, 2), 1), Pairing((1, 3), 1)]
    counts = count_stages(pairings, [0, 0, 1, 1], pools={0: [0, 1]})
    assert not counts.lotteries.recorded.any()
    assert counts.lotteries.share == pytest.approx(2 / 3)


def test_what_was_not_recorded_is_said() -> None:
    counts = by_hand([[20, 10, 10], [10, 20, 20]])
    assert opportunity_factor(counts).reason == ""
    pools = replace(counts.lotteries, heads=np.zeros((1, 2)))
    unrecorded = replace(counts, enrolment_recorded=False, lotteries=pools, all_offered=False)
    assert opportunity_factor(unrecorded).reason == f"{NO_ENROLMENT}; {NO_POOLS}"
    assert matching_factor(unrecorded).reason == SOME_WITHOUT


def test_without_offers_matching_and_uptake_are_one_step() -> None:
    counts = by_hand([[0, 10, 10], [0, 20, 20]], offers_recorded=False)
    for step in (matching_factor, uptake_factor):
        assert step(counts).status is Status.UNDEFINED
        assert step(counts).reason == NO_OFFERS
    product = prod(
        step(counts).estimate for step in (opportunity_factor, meeting_factor, continuation_factor)
    )
    assert product == pytest.approx(connection_factor(counts).estimate, rel=1e-9)
    assert completion_by_crossing(counts, (1,)).status is Status.UNDEFINED


def test_too_few_second_meetings_end_the_steps_with_who_met() -> None:
    counts = by_hand([[20, 20, 4], [10, 40, 5]])
    assert continuation_factor(counts).reason == FEW_CONTINUED
    product = prod(step(counts).estimate for step in STEPS[:3])
    assert product == pytest.approx(connection_factor(counts).estimate, rel=1e-9)


def test_too_few_meetings_end_the_steps_with_the_offers() -> None:
    counts = by_hand([[20, 3, 1], [10, 4, 1]])
    assert uptake_factor(counts).reason == FEW_COMPLETED
    assert continuation_factor(counts).reason == FEW_COMPLETED
    product = prod(step(counts).estimate for step in STEPS[:2])
    assert product == pytest.approx(connection_factor(counts).estimate, rel=1e-9)


def test_a_step_with_fewer_than_five_crossings_expected_is_not_told() -> None:
    # 12 of 60 completed cross; 20 met again, so 4 crossings would be expected
    counts = by_hand([[10, 32, 16], [10, 8, 4]])
    assert continuation_factor(counts).reason == FEW_EXPECTED


def test_nobody_and_one_group_are_undefined_with_the_reason() -> None:
    nobody = count_stages([], [0, 1], groups=2)
    for step in (*STEPS, meeting_factor, connection_factor, completion_by_crossing):
        assert step(nobody).status is Status.UNDEFINED
        assert step(nobody).reason == NO_PAIRINGS
    alone = count_stages([Pairing((i, i + 10), 2) for i in range(10)], [0] * 20, groups=2)
    assert opportunity_factor(alone).reason == ONE_GROUP
    assert connection_factor(alone).reason == ONE_GROUP
    assert matching_factor(alone).status is Status.UNDEFINED


def test_nothing_across_is_zero_with_a_wide_interval() -> None:
    counts = by_hand([[10, 30, 30], [30, 0, 0]])
    uptake = uptake_factor(counts)
    assert uptake.estimate == 0
    assert uptake.log_error == pytest.approx(2**0.5)
    assert continuation_factor(counts).reason == FEW_EXPECTED


def test_opportunity_is_counted_and_needs_the_smallest_difference() -> None:
    result = opportunity_factor(by_hand([[20, 10, 10], [10, 20, 20]]))
    assert result.log_error is None
    assert (result.low, result.high) == (result.estimate, result.estimate)
    # 2 % are exactly the edge of what 1.96 of these deviations reach
    assert result.expected_error * Z95 == pytest.approx(0.02)


def test_counts_of_a_wrong_shape_or_sign_are_refused() -> None:
    counts = by_hand([[20, 10, 10], [10, 20, 20]])
    with pytest.raises(ValueError, match="weights: expected shape"):
        replace(counts, weights=np.zeros((3, 2)))
    with pytest.raises(ValueError, match="pairings: a count is negative"):
        replace(counts, pairings=np.full((2, 3), -1.0))
