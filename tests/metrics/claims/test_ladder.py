"""Which word the data allow, and the reasons that forbid a stronger one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from metrics.claims import ladder
from metrics.claims.ladder import (
    DoseEvidence,
    LotteryEvidence,
    RolloutEvidence,
    growth_by_lottery,
    growth_since_start,
    growth_within_person,
)
from metrics.claims.rollout import NEVER
from metrics.definition import Status
from tests.metrics.claims.lotteries import draw, draws_of


def lottery(rng, people=200, effect=0.0, steered=False, rounds=4):
    groups = rng.choice(3, people, p=(0.5, 0.3, 0.2))
    before = np.clip(rng.normal(0.5, 0.15, people), 0, 1)
    drawn = [draw(rng, groups, 2, before if steered else None) for _ in range(rounds)]
    draws = draws_of(drawn)
    share = draws.mean_by_person(draws.crossed, people)
    after = before + effect * share + rng.normal(0, 0.15, people)
    return LotteryEvidence(
        draws=draws,
        before=before,
        after=after,
        covariates=np.eye(3)[groups][:, 1:],
        width=4.0,
    )


def test_a_fair_lottery_gives_a_number_in_points_of_the_scale():
    """Expected: 0.15 of a scale 4 points wide is 0.6 points."""
    result = growth_by_lottery(lottery(np.random.default_rng(1), people=600, effect=0.15))
    assert result.status is Status.OK
    assert result.low < 0.6 < result.high
    assert result.expected == 0
    assert abs(result.estimate) > 1.96 * result.expected_error


def test_a_lottery_that_follows_the_first_rating_is_refused():
    result = growth_by_lottery(lottery(np.random.default_rng(2), steered=True))
    assert result.status is Status.UNDEFINED
    assert result.reason in (ladder.NOT_BY_LOT, ladder.UNBALANCED)


def test_partners_that_no_lottery_gives_are_refused():
    """Expected: in every round people of group 0 sit beside group 1 and 2 as far as they go."""
    rng = np.random.default_rng(3)
    groups = np.repeat([0, 1], 60)
    seating = np.arange(120).reshape(2, 60).T.ravel()
    draws = draws_of([(seating, groups, [2] * 60)])
    evidence = replace(
        lottery(rng, people=120), draws=draws, covariates=groups[:, None].astype(float)
    )
    assert ladder.unfair(evidence) == ladder.NOT_BY_LOT


def test_ratings_that_go_missing_by_the_partners_given_are_refused():
    evidence = lottery(np.random.default_rng(4), people=300)
    share = evidence.draws.mean_by_person(evidence.draws.crossed, 300)
    after = np.where(share > np.median(share), np.nan, evidence.after)
    assert growth_by_lottery(replace(evidence, after=after)).reason == ladder.MISSING


def test_few_people_are_refused():
    result = growth_by_lottery(lottery(np.random.default_rng(5), people=40))
    assert (result.status, result.reason) == (Status.UNDEFINED, ladder.FEW)


def dose(rng, people=80, slope=0.02):
    steps = rng.poisson(1.5, (people, 4, 2)).cumsum(axis=1).astype(float)
    rating = 0.5 + slope * steps[:, :, 1] + rng.normal(0, 0.05, (people, 4))
    return DoseEvidence(
        person=np.repeat(np.arange(people), 4),
        wave=np.tile(np.arange(4), people),
        rating=rating.ravel(),
        doses=steps.reshape(-1, 2),
        weights=(-5, 5),
        width=4.0,
    )


def test_five_conversations_are_told_in_points():
    """Expected: 0.02 of a scale 4 points wide, five times, is 0.4 points."""
    result = growth_within_person(dose(np.random.default_rng(6)))
    assert result.low < 0.4 < result.high
    assert result.people == 80


def test_what_rests_on_one_person_is_refused():
    evidence = dose(np.random.default_rng(7))
    doses = np.zeros_like(evidence.doses)
    doses[2:4, 1] = 1.0
    doses[6, 0] = 1.0
    assert growth_within_person(replace(evidence, doses=doses)).reason == ladder.ONE_PERSON


def rollout_evidence(rng, drift=0.0, controls=True, waves=4):
    began = rng.choice([2, 3, NEVER] if controls else [2, 2], 200)
    wave = np.arange(waves)
    scores = 0.4 + rng.normal(0, 0.05, (200, waves)) + 0.1 * (wave >= began[:, None])
    scores = scores + drift * np.outer(began < NEVER, wave)
    cohort = np.where(began < NEVER, began, -1 - np.arange(200))
    return RolloutEvidence(began=began, scores=scores, cohort=cohort, cohorts=2, width=4.0)


def test_a_start_with_parallel_trends_gives_points():
    """Expected: 0.1 of a scale 4 points wide is 0.4 points."""
    result = growth_since_start(rollout_evidence(np.random.default_rng(8)))
    assert result.low < 0.4 < result.high


def test_a_start_is_refused_without_control_or_with_other_trends_before():
    rng = np.random.default_rng(9)
    assert growth_since_start(rollout_evidence(rng, controls=False)).reason == ladder.NO_CONTROL
    assert growth_since_start(rollout_evidence(rng, drift=0.05)).reason == ladder.LEADS


def test_a_start_is_refused_where_nobody_was_rated_twice_before():
    evidence = rollout_evidence(np.random.default_rng(10))
    began = np.where(evidence.began < NEVER, 1, NEVER)
    assert growth_since_start(replace(evidence, began=began)).reason == ladder.UNTESTED


@pytest.mark.parametrize("compute", [growth_by_lottery])
def test_the_step_hides_any_single_person(compute):
    """Expected: what five people add on the widened scale is no less than one person's point."""
    result = compute(lottery(np.random.default_rng(11)))
    step = 5 * (result.scale[1] - result.scale[0]) / 4 / result.people
    effect = ladder.dose_effect
    evidence = lottery(np.random.default_rng(11))
    with_before = np.column_stack([evidence.covariates, evidence.before])
    found = effect(evidence.draws, evidence.after - evidence.before, with_before)
    assert step >= found.influence * 4.0 / 4 - 1e-12
