"""Programmes drawn with a known effect at one stage: found there, and intervals that hold."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from metrics.connection.funnel import (
    connection_factor,
    continuation_factor,
    matching_factor,
    opportunity_factor,
    uptake_factor,
)
from metrics.connection.stages import ACROSS, INSIDE
from tests.metrics.connection.stage_tables import Plan, draw

pytestmark = pytest.mark.simulation

STEPS = {
    "opportunity": opportunity_factor,
    "matching": matching_factor,
    "uptake": uptake_factor,
    "continuation": continuation_factor,
}
REPEATS = 1000
PLANTED = {
    "opportunity": Plan(sites=((50, 10), (10, 50)), rounds=40),
    "matching": Plan(prefer=0.6, rounds=40),
    "uptake": Plan(completed=(0.9, 0.5), rounds=40),
    "continuation": Plan(again=(0.8, 0.4), rounds=40),
}


@pytest.mark.parametrize("stage", PLANTED)
def test_an_effect_planted_in_one_stage_is_attributed_to_it(stage: str) -> None:
    parts = []
    for seed in range(12):
        counts = draw(PLANTED[stage], np.random.default_rng(seed))
        logs = {name: log(step(counts).estimate) for name, step in STEPS.items()}
        parts.append(logs[stage] / sum(logs.values()))
    # at least nine tenths of the log gap, and not much more than all of it
    assert 0.9 <= np.mean(parts) <= 1.1
    assert abs(log(connection_factor(counts).estimate)) > 0.1


def test_four_sites_of_different_composition_and_a_difference_in_completion() -> None:
    # the worked example: 0.767 x 1.007 x 0.913 = 0.705 built from four sites that hold mostly one
    # group each, fair draws, and completion of 70 % across groups against 80 % inside; the
    # expected factors of this plan follow from it alone
    sites = ((60, 20, 10), (15, 60, 15), (10, 25, 55), (45, 20, 25))
    plan = Plan(sites=sites, rounds=40, completed=(0.8, 0.7), again=(0.0, 0.0))
    counts = draw(plan, np.random.default_rng(8))
    pool = _mean_over_sites(sites)
    pop = _crossing(np.sum(sites, axis=0))
    met = 0.7 / (0.7 * pool + 0.8 * (1 - pool))
    assert opportunity_factor(counts).estimate == pytest.approx(pool / pop, abs=1e-9)
    for step, built_in in ((matching_factor, 1.0), (uptake_factor, met)):
        result = step(counts)
        assert abs(log(result.estimate / built_in)) < 3 * result.log_error
    total = connection_factor(counts)
    assert abs(log(total.estimate / (pool / pop * met))) < 3 * total.log_error
    rates = counts.weights[:, 1:].sum(axis=1) / counts.weights.sum(axis=1)
    assert rates[ACROSS] == pytest.approx(0.7, abs=0.02)
    assert rates[INSIDE] == pytest.approx(0.8, abs=0.02)


def _crossing(sizes: np.ndarray) -> float:
    people = sizes.sum()
    return float(1 - (sizes * (sizes - 1)).sum() / (people * (people - 1)))


def _mean_over_sites(sites: tuple[tuple[int, ...], ...]) -> float:
    """Return the lottery's share over all sites, each with half as many pairs as people."""
    pairs = [sum(site) // 2 for site in sites]
    return float(np.average([_crossing(np.array(site)) for site in sites], weights=pairs))


def test_intervals_hold_the_truth_in_ninety_five_of_a_hundred_programmes() -> None:
    plan = Plan(rounds=6, completed=(0.8, 0.6), again=(0.5, 0.7))
    pool = _crossing(np.array([30, 30]))
    completed = pool * 0.6 / (pool * 0.6 + (1 - pool) * 0.8)
    again = pool * 0.42 / (pool * 0.42 + (1 - pool) * 0.4)
    truths = {
        matching_factor: 1.0,
        uptake_factor: completed / pool,
        continuation_factor: again / completed,
        connection_factor: again / _crossing(np.array([60, 60])),
    }
    inside = dict.fromkeys(truths, 0)
    for seed in range(REPEATS):
        counts = draw(plan, np.random.default_rng(1000 + seed))
        for step, truth in truths.items():
            result = step(counts)
            inside[step] += result.low <= truth <= result.high
    for step, held in inside.items():
        assert 0.93 <= held / REPEATS <= 0.97, step.__name__
