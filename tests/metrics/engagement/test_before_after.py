"""Before and after beside other cohorts: by hand, and how often the interval is right."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from metrics.definition import Status
from metrics.engagement.before_after import (
    LONGEST,
    BeforeAfter,
    Change,
    KnownCycles,
    before_and_after,
    change_against_others,
)
from metrics.intervals import wilson


def cycles(shares: list[float], first: float = 0.0, error: float = 0.02) -> KnownCycles:
    number = len(shares)
    return KnownCycles(
        starts=first + 28.0 * np.arange(number),
        shares=np.array(shares),
        errors=np.full(number, error),
        people=np.arange(50.0, 50.0 - number, -1),
    )


def since(number: int, own: KnownCycles, *others: KnownCycles) -> BeforeAfter:
    return next(one for one in before_and_after(own, others) if one.number == number)


def test_by_hand_a_rise_is_counted_beside_that_of_the_others() -> None:
    others = [cycles([0.7, 0.7, 0.8, 0.8], first=days) for days in (-5.0, 0.0, 5.0)]
    found = since(2, cycles([0.5, 0.6, 0.8, 0.9]), *others)
    # (0.8 + 0.9) / 2 - (0.5 + 0.6) / 2; two cycles a side: 2 * (2 * 0.0004) / 4
    assert found.own.by == pytest.approx(0.3)
    assert found.own.variance == pytest.approx(0.0004)
    assert found.people == 47
    result = change_against_others(found)
    # the others rose by 0.1 each, so tau is 0 and the variance of their mean 0.0004 / 3
    assert result.estimate == pytest.approx(0.2)
    wider = stats.t(2).ppf(0.975) / stats.norm.ppf(0.975)
    error = np.sqrt(0.0004 + wider**2 * 0.0004 / 3)
    assert result.expected_error == pytest.approx(error)
    assert result.low == pytest.approx(0.2 - 1.959964 * error)
    assert result.expected == 0.0


def test_by_hand_others_that_differ_widen_the_interval() -> None:
    own = Change(before=0.5, since=0.6, variance=1e-9)
    others = tuple(Change(before=0.5, since=0.5 + by, variance=1e-9) for by in (-0.1, 0.0, 0.1))
    result = change_against_others(BeforeAfter(own=own, others=others, people=60))
    # nearly without chance: tau^2 = ((0.1)^2 + 0 + (0.1)^2) / 2 = 0.01, of the mean a third of it
    wider = stats.t(2).ppf(0.975) / stats.norm.ppf(0.975)
    assert result.estimate == pytest.approx(0.1)
    assert result.expected_error == pytest.approx(wider * np.sqrt(0.01 * 4 / 3), rel=1e-3)


def test_a_fall_that_all_share_is_no_change() -> None:
    shares = [0.8, 0.8, 0.8, 0.5, 0.5, 0.5]
    result = change_against_others(since(3, cycles(shares), *[cycles(shares)] * 4))
    assert result.estimate == pytest.approx(0.0)
    assert result.low < 0 < result.high


def test_no_more_than_four_cycles_stand_on_each_side() -> None:
    shares = [0.0] * 3 + [0.5] * LONGEST + [0.7] * LONGEST + [1.0] * 3
    found = since(3 + LONGEST, cycles(shares), cycles(shares))
    assert (found.own.before, found.own.since) == pytest.approx((0.5, 0.7))
    assert (found.others[0].before, found.others[0].since) == pytest.approx((0.5, 0.7))


def test_a_cohort_that_ran_on_one_side_only_is_no_comparison() -> None:
    own, ended, ran = cycles([0.5] * 6), cycles([0.5] * 3), cycles([0.6] * 6)
    assert len(since(3, own, ended, ran).others) == 1


def test_two_others_are_too_few_to_tell_one_from_all() -> None:
    result = change_against_others(since(2, *[cycles([0.5] * 4)] * 3))
    assert result.status is Status.UNDEFINED
    assert "fewer than three other cohorts" in result.reason


@pytest.mark.parametrize("number", [0, 1])
def test_without_a_cycle_before_there_is_nothing_to_say(number: int) -> None:
    assert list(before_and_after(cycles([0.5] * number), [cycles([0.5] * 4)])) == []


def _simulated(draw: np.random.Generator, others: int, differ: float, people: int) -> BeforeAfter:
    """Return eight cycles of each cohort, published in steps of five people."""
    common = draw.normal(0, 0.05, 2)

    def cohort(effect: float) -> KnownCycles:
        halves = draw.uniform(0.6, 0.8) + common + draw.normal(0, differ / np.sqrt(2), 2)
        share = np.clip(np.repeat(halves + np.array([0.0, effect]), 4), 0.03, 0.97)
        pairs, step = people // 2, 5 / people
        met = draw.binomial(pairs, share) / pairs
        published = np.clip(np.round(met / step) * step, step / 2, 1 - step / 2)
        low, high = wilson(published, pairs)
        errors = (high - low + step) / (2 * 1.959964)
        starts = 28.0 * np.arange(8) + draw.uniform(-10, 10)
        return KnownCycles(starts=starts, shares=published, errors=errors,
                           people=np.full(8, people))  # fmt: skip

    return since(4, cohort(0.1), *(cohort(0.0) for _ in range(others)))


@pytest.mark.simulation
@pytest.mark.parametrize("others", [3, 5, 11])
@pytest.mark.parametrize("differ", [0.0, 0.03, 0.1])
@pytest.mark.parametrize("people", [60, 200])
def test_the_interval_holds_the_true_effect(others: int, differ: float, people: int) -> None:
    draw = np.random.default_rng(7)
    results = [change_against_others(_simulated(draw, others, differ, people)) for _ in range(200)]
    covered = np.mean([result.low <= 0.1 <= result.high for result in results])
    # 95 % promised; of 200 runs three standard errors are 0.046
    assert covered >= 0.95 - 0.046
