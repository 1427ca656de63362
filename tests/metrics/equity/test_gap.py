"""Gaps of a group to everybody else: known tables, other libraries, and plain counting."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.proportion import confint_proportions_2indep

from metrics.definition import Status
from metrics.equity.gap import (
    FEWEST_PEOPLE,
    equity_gap,
    equity_gap_adjusted,
    equity_rate,
    gap_shift,
)
from metrics.equity.sums import GROUP, REST
from tests.metrics.equity.tables import BERKELEY, berkeley, repeated, shared, single


def test_admissions_at_berkeley_turn_round_within_departments():
    """Expected: men +14.2 points as it is, −1.8 within departments (Bickel et al. 1975)."""
    assert equity_gap(berkeley()).estimate == pytest.approx(0.142, abs=5e-4)
    assert equity_gap_adjusted(berkeley()).estimate == pytest.approx(-0.018, abs=5e-4)


def test_the_gap_within_departments_is_that_of_the_formula_written_out():
    """Expected: sum of (a n0 - b n1) / n over sum of n1 n0 / n (Greenland & Robins 1985)."""
    top = bottom = 0.0
    for admitted, rejected, women_admitted, women_rejected in BERKELEY.values():
        men, women = admitted + rejected, women_admitted + women_rejected
        top += (admitted * women - women_admitted * men) / (men + women)
        bottom += men * women / (men + women)
    assert equity_gap_adjusted(berkeley()).estimate == pytest.approx(top / bottom)


def test_the_gap_within_departments_is_as_far_from_nothing_as_in_statsmodels():
    """Expected: the Mantel-Haenszel test without correction, χ² 1.5246066 (R, statsmodels)."""
    tables = [np.array(row, dtype=float).reshape(2, 2) for row in BERKELEY.values()]
    expected = StratifiedTable(tables).test_null_odds(correction=False).statistic
    result = equity_gap_adjusted(berkeley())
    assert expected == pytest.approx(1.5246066)
    assert (result.estimate / result.expected_error) ** 2 == pytest.approx(expected, rel=0.03)


def test_a_single_trial_each_gives_the_interval_of_statsmodels():
    result = equity_gap(single([40, 80], [12, 48]))
    expected = confint_proportions_2indep(48, 80, 12, 40, method="newcomb")
    assert result.estimate == pytest.approx(0.3)
    # the floor at the pooled variance may make it a little wider, never narrower
    assert result.low <= expected[0] + 1e-9
    assert result.high >= expected[1] - 1e-9
    assert (result.low, result.high) == pytest.approx(expected, abs=0.02)


def test_rates_have_the_interval_of_wilson():
    """Expected: 81 of 263 gives 0.2553 to 0.3662 (Newcombe 1998)."""
    result = equity_rate(single([100, 263], [10, 81]))
    assert (result.low, result.high) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_the_other_side_has_the_same_gap_with_the_other_sign():
    rng = np.random.default_rng(1)
    side, pairs = rng.integers(0, 2, 60), rng.integers(0, 60, (300, 2))
    pairs = np.unique(np.sort(pairs[pairs[:, 0] != pairs[:, 1]], axis=1), axis=0)
    held = rng.integers(0, 2, len(pairs))
    one, other = (shared(sides, pairs, held**0, held) for sides in (side, 1 - side))
    gap, mirrored = equity_gap(one), equity_gap(other)
    assert gap.estimate == pytest.approx(-mirrored.estimate)
    assert gap.expected_error == pytest.approx(mirrored.expected_error)


def test_offers_to_two_people_have_the_variance_of_the_double_sum():
    """Expected: sum of z_a z_b over all pairs of offers that share a person, counted one by one."""
    rng = np.random.default_rng(2)
    side, pairs = rng.integers(0, 2, 12), rng.integers(0, 12, (80, 2))
    pairs = np.unique(np.sort(pairs[pairs[:, 0] != pairs[:, 1]], axis=1), axis=0)
    d = rng.integers(1, 4, len(pairs)).astype(float)
    x = rng.binomial(d.astype(int), 0.4).astype(float)
    sums = shared(side, pairs, d, x)
    weights = np.array([[-1.0, 1.0]]) / sums.trials * 3.0
    p = sums.shares[0]
    z = np.array([
        sum(weights[0, side[end]] * (held - p[side[end]] * count) for end in pair)
        for pair, count, held in zip(pairs, d, x, strict=True)
    ])  # fmt: skip
    share_person = (pairs[:, None, :, None] == pairs[None, :, None, :]).any(axis=(2, 3))
    expected = float(z @ share_person @ z)
    independent = sums._independent(weights)[0]
    assert sums.variance(weights, sums.shares)[0] == pytest.approx(max(expected, independent))


def test_people_who_repeat_themselves_count_once():
    """Expected: 20 identical trials each are one trial each; so the error is that of 80 people."""
    side = np.repeat([REST, GROUP], 40)
    x = np.tile([0, 1, 1, 1], 20)
    often = equity_gap(repeated(side, side * 0, np.full(80, 20), 20 * x))
    once = equity_gap(repeated(side, side * 0, np.ones(80), x))
    assert often.expected_error == pytest.approx(once.expected_error)


def test_strata_with_few_people_on_a_side_do_not_count():
    """Expected by hand: the second stratum has four people on one side, so 0.5 - 0.2 remains."""
    sums = single([[50, 60], [4, 100]], [[10, 30], [4, 0]])
    result = equity_gap_adjusted(sums)
    assert result.estimate == pytest.approx(0.3)
    assert result.people == 50


def test_nobody_alike_is_no_gap():
    result = equity_gap_adjusted(single([[50, 0], [0, 50]], [[10, 0], [0, 20]]))
    assert result.status is Status.UNDEFINED
    assert str(FEWEST_PEOPLE) in result.reason


def test_the_shift_is_the_difference_of_both_gaps():
    shift, error = gap_shift(berkeley())
    crude, alike = equity_gap(berkeley()).estimate, equity_gap_adjusted(berkeley()).estimate
    assert shift == pytest.approx(crude - alike)
    assert shift > 1.96 * error > 0


def test_one_stratum_leaves_nothing_to_shift():
    shift, error = gap_shift(single([40, 80], [12, 48]))
    assert (shift, error) == pytest.approx((0.0, 0.0))


def test_a_stratum_alike_in_all_has_the_gap_as_it_is():
    sums = single([40, 80], [12, 48])
    assert equity_gap_adjusted(sums).estimate == pytest.approx(equity_gap(sums).estimate)


def test_what_one_person_adds_is_most_in_the_smallest_piece():
    """Expected by hand: 6 people of 106 have the weight 6 * 100 / 106 of 2 * that."""
    sums = single([[100, 6], [100, 6]], [[50, 3], [40, 2]])
    assert equity_gap_adjusted(sums).base == pytest.approx(0.5 / 6)


def test_people_with_many_trials_add_more():
    side = np.repeat([REST, GROUP], 20)
    d = np.tile([1.0, 9.0], 20)
    result = equity_gap_adjusted(repeated(side, side * 0, d, d * 0.5))
    assert result.base == pytest.approx((10 * 1 + 10 * 81) / 100 / 100)


def test_an_offer_between_two_people_of_a_group_is_one_trial() -> None:
    """Expected by hand: 30 of 40 offers held by 80 different people, all of one group.

    Of two people one offer is no two independent trials, so 40 of them and no 80.
    """
    pairs = np.arange(80).reshape(40, 2)
    held = (np.arange(40) < 30).astype(float)
    sums = shared(np.ones(80, dtype=int), pairs, np.ones(40), held)
    result = equity_rate(sums)
    assert (result.estimate, result.people) == (0.75, 80)
    assert result.effective_size == pytest.approx(40)
