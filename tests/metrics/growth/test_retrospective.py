"""Looking back: the paired t of another library, the identity, and a yardstick that moved."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from metrics.definition import Status
from metrics.growth.gain import MANY_LEFT, skill_gain
from metrics.growth.retrospective import (
    FEW_LOOKED_BACK,
    NOT_ASKED,
    ThenSums,
    skill_gain_then,
    skill_response_shift,
)
from tests.metrics.growth.test_gain import ONE_TO_FIVE, paired

FIRST = [4.0, 3.0, 4.0, 5.0, 3.0, 4.0, 2.0, 4.0]
THEN = [3.0, 3.0, 3.0, 4.0, 2.0, 4.0, 2.0, 3.0]
LAST = [4.0, 3.0, 3.0, 5.0, 3.0, 3.0, 3.0, 4.0]


def looking_back(x, t, y, **facts):
    """Return the sums that the store gives of first, recalled first and last ratings."""
    x, t, y = (np.asarray(each, float) for each in (x, t, y))
    gain, shift, people = y - t, t - x, len(x)
    return ThenSums(
        people=people, gain=gain.sum(), gain_squares=gain @ gain, shift=shift.sum(),
        shift_squares=shift @ shift, scale=ONE_TO_FIVE,
        **({"paired": people, "started": people} | facts),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("compute", "later", "earlier"),
    [(skill_gain_then, LAST, THEN), (skill_response_shift, THEN, FIRST)],
)
def test_both_are_the_paired_t_of_scipy(compute, later, earlier):
    result, other = compute(looking_back(FIRST, THEN, LAST)), stats.ttest_rel(later, earlier)
    assert result.estimate == pytest.approx(np.mean(later) - np.mean(earlier))
    assert (result.low, result.high) == pytest.approx(tuple(other.confidence_interval()))
    assert result.estimate / result.expected_error == pytest.approx(other.statistic)


def test_the_shift_is_the_plain_change_less_the_one_looking_back():
    sums = looking_back(FIRST, THEN, LAST)
    plain = skill_gain(paired(FIRST, LAST)).estimate
    shift = skill_response_shift(sums).estimate
    assert skill_gain_then(sums).estimate + shift == pytest.approx(plain)
    # by hand: 1, 0, 1, 1, 1, 0, 0, 1 lower of eight
    assert shift == pytest.approx(-5 / 8)


def test_nothing_is_told_where_too_few_looked_back_or_too_many_left():
    for compute in (skill_gain_then, skill_response_shift):
        assert compute(looking_back([], [], [])).reason == NOT_ASKED
        assert compute(looking_back([3], [3], [3])).status is Status.UNDEFINED
        # eight of thirteen are 61.5 %, of fourteen 57 %
        assert compute(looking_back(FIRST, THEN, LAST, paired=13, started=13)).status is Status.OK
        few = compute(looking_back(FIRST, THEN, LAST, paired=14, started=14))
        assert few.reason == FEW_LOOKED_BACK
        assert compute(looking_back(FIRST, THEN, LAST, started=14)).reason == MANY_LEFT


def answered(draw, level):
    """Return ratings of a level as people tick them."""
    return np.clip(np.rint(level + draw.normal(0, 0.4, len(level))), 1, 5)


@pytest.mark.simulation
def test_a_moved_yardstick_is_bracketed_by_both_estimates():
    draw, truth, yardstick, recall = np.random.default_rng(17), 0.30, 0.50, -0.10
    plain, back, held = [], [], 0
    for _ in range(400):
        level = draw.normal(3.4, 0.45, 400)
        x = answered(draw, level)
        t = answered(draw, level - yardstick + recall)
        y = answered(draw, level - yardstick + truth)
        plain.append(skill_gain(paired(x, y)))
        back.append(skill_gain_then(looking_back(x, t, y)))
        held += plain[-1].high < truth < back[-1].high
    assert np.mean([each.estimate for each in plain]) == pytest.approx(truth - yardstick, abs=0.02)
    assert np.mean([each.estimate for each in back]) == pytest.approx(truth - recall, abs=0.02)
    assert held / 400 > 0.97


@pytest.mark.simulation
def test_recall_alone_passes_for_growth_so_it_is_named_the_generous_view():
    draw, called = np.random.default_rng(3), {"plain": 0, "back": 0}
    for _ in range(400):
        # nothing is learnt and the yardstick stays; people recall themselves 0.1 too low
        level = draw.normal(3.4, 0.45, 400)
        x, t, y = (answered(draw, level + moved) for moved in (0.0, -0.1, 0.0))
        called["plain"] += skill_gain(paired(x, y)).low > 0
        called["back"] += skill_gain_then(looking_back(x, t, y)).low > 0
    # one side of a 95 % interval: 10 of 400 expected, 20 is beyond the 99.8th percentile
    assert called["plain"] < 20
    assert called["back"] > 200
