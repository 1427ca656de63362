"""What is planted is found at the promised rate, and what is not planted is not."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.growth.gain import PairedSums, skill_gain
from tests.metrics.growth.test_gain import low_start, paired

pytestmark = pytest.mark.simulation
ROUNDS = 400


def rounded(values):
    return np.clip(np.rint(values), 1, 5)


def test_planted_growth_lies_in_the_interval_nineteen_times_in_twenty():
    draw, held = np.random.default_rng(21), 0
    for _ in range(ROUNDS):
        level = draw.normal(3.2, 0.45, 80)
        x, y = (level + shift + draw.normal(0, 0.6, 80) for shift in (0.0, 0.35))
        result = skill_gain(paired(x, y))
        held += result.low <= 0.35 <= result.high
    # binomial 95 % range of 400 intervals of 95 %: 0.927 to 0.970
    assert 0.927 <= held / ROUNDS <= 0.97


def test_regression_to_the_mean_alone_is_hardly_ever_called_growth():
    called = {"alone": 0, "beside": 0}
    for seed in range(ROUNDS):
        own, other, _ = low_start(seed, people=60)
        for name, sums in (
            ("alone", own),
            ("beside", PairedSums(**{**vars(own), "compared": other})),
        ):
            result = skill_gain(sums)
            grew = result.estimate - result.expected > 1.96 * result.expected_error
            called[name] += grew
    # without a comparison the artefact passes for growth; with one, one side of 5 %
    assert called["alone"] / ROUNDS > 0.9
    assert called["beside"] / ROUNDS < 0.05


def test_other_people_alone_change_nothing_within_people():
    draw, found, risen = np.random.default_rng(6), [], []
    for _ in range(ROUNDS):
        # those who come later are half a point higher; nobody changes
        level = draw.normal(3.0, 0.4, 100)
        x, y = (level + draw.normal(0, 0.4, 100) for _ in range(2))
        newcomers = draw.normal(3.5, 0.6, 60)
        risen.append(np.concatenate([y, newcomers]).mean() - x.mean())
        result = skill_gain(paired(x, y))
        found.append(abs(result.estimate) > 1.96 * result.expected_error)
    assert np.mean(risen) == pytest.approx(0.5 * 60 / 160, abs=0.02)
    # binomial 95 % range of 400 false alarms at 5 %: 0.030 to 0.073
    assert 0.03 <= np.mean(found) <= 0.073


def test_a_moving_yardstick_is_bracketed_by_both_views():
    draw, held = np.random.default_rng(9), 0
    for _ in range(ROUNDS):
        level = draw.normal(3.3, 0.45, 120)
        truth = 0.25
        # people's own yardstick rises by 0.4; peers in half of it share the programme's kindness
        own = paired(level, level + truth - 0.4 + draw.normal(0, 0.6, 120))
        peers = paired(level, level + truth + 0.1 + draw.normal(0, 0.6, 120))
        held += skill_gain(own).low <= truth <= skill_gain(peers).high
    assert held / ROUNDS > 0.97
