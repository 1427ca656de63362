"""Evidence of nobody, for the promises that every measure shares."""

from __future__ import annotations

import numpy as np

from metrics.claims.gap import CohortMeans, GapSums
from metrics.claims.ladder import DoseEvidence, LotteryEvidence, RolloutEvidence
from metrics.claims.lottery_dose import Draws, Lotteries


def claims_of_nobody() -> dict[str, object]:
    """Return what each claim is computed from, with nobody in it, by the key of its measure."""
    none, nobody = np.zeros(0), np.zeros(0, dtype=int)
    lotteries = Lotteries(
        group_people=np.zeros((0, 1)), people=none, weight=none, weight_squared=none
    )
    draws = Draws(person=nobody, lottery=nobody, group=nobody, crossed=none, lotteries=lotteries)
    lottery = LotteryEvidence(
        draws=draws, before=none, after=none, covariates=np.zeros((0, 1)), width=4.0
    )
    dose = DoseEvidence(
        person=nobody, wave=nobody, rating=none, doses=np.zeros((0, 2)), weights=(-5, 5), width=4.0
    )
    rollout = RolloutEvidence(
        began=nobody, scores=np.zeros((0, 3)), cohort=nobody, cohorts=0, width=4.0
    )
    gap = GapSums(people=np.zeros((1, 2)), total=np.zeros((1, 2)), squares=np.zeros((1, 2)))
    return {
        "growth_by_lottery": lottery,
        "growth_since_start": rollout,
        "growth_within_person": dose,
        "growth_with_conversations": dose,
        "growth_by_modality": dose,
        "outcome_gap": gap,
        "outcome_gap_alike": gap,
        "outcome_between_cohorts": CohortMeans(share=none, people=none, total=none, squares=none),
    }
