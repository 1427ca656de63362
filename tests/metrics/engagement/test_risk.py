"""Expected drop-outs: scores against scikit-learn's documentation, order in time, and refusals."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from metrics.definition import Status
from metrics.engagement.chances import PastCycles, in_time_order, logistic_weights, predictors
from metrics.engagement.risk import (
    NO_SKILL,
    OFF,
    TOO_FEW,
    Evidence,
    Expectation,
    evidence,
    expected_dropouts,
    interval,
    learn,
    observed_over_expected,
)
from metrics.engagement.scores import (
    area_under_curve,
    average_precision,
    brier_score,
    poisson_limits,
)

CYCLES, AHEAD, COHORTS, CHANGE = 15, 3, 6, 11


def past_cycles(seed: int, telling: float, people: int = 900, later: float = 1.0) -> PastCycles:
    """Return people with habits of their own, who stop at a rate of their own.

    ``telling`` is how far the habits say who stops: 0 for not at all; ``later`` multiplies the
    odds to stop from cycle `CHANGE` on.
    """
    draw = np.random.default_rng(seed)
    habit, frailty = draw.normal(size=(2, people))
    logit = -3.4 + telling * habit[:, None] + 0.5 * frailty[:, None]
    logit = logit + np.log(later) * (np.arange(CYCLES + AHEAD) >= CHANGE)
    # people come all the time, so that those who stay are no others later on than at first
    first = draw.integers(0, CYCLES, size=people)[:, None]
    after = np.arange(CYCLES + AHEAD) > first
    ends = (draw.random((people, CYCLES + AHEAD)) < 1 / (1 + np.exp(-logit))) & after
    stop = np.where(ends.any(axis=1), ends.argmax(axis=1), CYCLES + AHEAD)
    there = np.arange(CYCLES)
    who, cycle = np.nonzero((there < stop[:, None]) & (there >= first))
    # what is seen of a habit: three cycles, in each of which somebody meets or does not
    seen = draw.random((3, len(who))) < 1 / (1 + np.exp(2 * habit[who] - 1))
    met = seen.sum(axis=0).astype(float)
    missed = np.where(seen[0], 0, np.where(seen[1], 1, 2)).astype(float)
    gave = draw.binomial(met.astype(int), 0.6).astype(float)
    return PastCycles(
        predictors=predictors(3, met, 3 - met, gave, met, missed, np.full(len(who), 0.7)),
        stopped=(stop[who] <= cycle + AHEAD).astype(float),
        person=who,
        begins=cycle.astype(float),
        ends=cycle + float(AHEAD),
        groups=(who % COHORTS,),
    )


def test_scores_are_those_of_the_documentation_of_scikit_learn() -> None:
    chances, happened = np.array([0.1, 0.4, 0.35, 0.8]), np.array([0.0, 0, 1, 1])
    assert area_under_curve(chances, happened) == 0.75
    assert average_precision(chances, happened) == pytest.approx(0.8333, abs=5e-5)
    assert brier_score(np.array([0.1, 0.9, 0.8, 0.3]), np.array([0.0, 1, 1, 0])) == pytest.approx(
        0.0375
    )


@pytest.mark.parametrize("seed", range(5))
def test_scores_are_those_of_scikit_learn_with_ties_too(seed: int) -> None:
    draw = np.random.default_rng(seed)
    chances = np.round(draw.random(200), 1)
    happened = (draw.random(200) < chances).astype(float)
    assert area_under_curve(chances, happened) == pytest.approx(roc_auc_score(happened, chances))
    assert average_precision(chances, happened) == pytest.approx(
        average_precision_score(happened, chances)
    )
    assert brier_score(chances, happened) == pytest.approx(brier_score_loss(happened, chances))


def test_scores_of_nobody_are_undefined() -> None:
    nobody = np.zeros(3)
    assert np.isnan(area_under_curve(nobody, nobody))
    assert np.isnan(average_precision(nobody, nobody))


def test_limits_of_a_count_are_those_of_garwood() -> None:
    # Garwood 1936, exact 95 % limits: 0 -> 0 to 3.689, 10 -> 4.795 to 18.39
    assert poisson_limits(0) == pytest.approx((0.0, 3.689), abs=5e-4)
    assert poisson_limits(10) == pytest.approx((4.795, 18.39), abs=5e-3)


def test_predictors_by_hand() -> None:
    columns = [np.array([value], dtype=float) for value in (2, 1, 1, 2, 0)]
    row = predictors(3, *columns, np.array([0.8]))[0]
    # 2 of 3 met, 1 of 3 no-show, feedback on 1 of 2, new partner in 2 of 2; logit of 0.8 is ln 4
    assert row == pytest.approx([2 / 3, 1 / 3, 1 / 2, 1, 0, 0, np.log(4)])


@pytest.mark.parametrize("ridge", [1.0, 0.001])
def test_weights_are_those_of_scikit_learn(ridge: float) -> None:
    past = past_cycles(1, telling=1.2)
    x = (past.predictors - past.predictors.mean(axis=0))[:, [0, 2, 4, 5]]
    oracle = LogisticRegression(C=1 / ridge, tol=1e-10, max_iter=1000).fit(x, past.stopped)
    weights = logistic_weights(x, past.stopped, ridge)
    assert weights[0] == pytest.approx(oracle.intercept_[0], abs=1e-5)
    assert weights[1:] == pytest.approx(oracle.coef_[0], abs=1e-5)


def test_predictors_that_tell_everything_still_give_weights() -> None:
    happened = np.repeat([0.0, 1.0], 30)
    weights = logistic_weights(happened[:, None] - 0.5, happened, 0.001)
    assert np.isfinite(weights).all()
    assert weights[1] > 5


def test_nothing_that_is_tested_was_known_when_chances_were_learnt() -> None:
    past = past_cycles(1, telling=1.0)
    learnt, set_right, tested = in_time_order(past)
    assert past.ends[learnt | set_right].max() <= past.begins[tested].min()
    assert past.begins[learnt].max() < past.begins[set_right].min()
    assert not (learnt & set_right).any()


def test_too_few_who_stopped_teach_nothing() -> None:
    assert learn(past_cycles(1, telling=1.0, people=60)) is None


def test_nobody_teaches_nothing() -> None:
    past = past_cycles(1, telling=1.0)
    assert learn(past.only(np.zeros(len(past), dtype=bool))) is None


def test_everybody_who_stopped_at_once_teaches_nothing() -> None:
    past = past_cycles(1, telling=1.0)
    assert learn(past.only(past.begins == 0)) is None


def test_repeated_rows_of_a_person_make_no_more_certain() -> None:
    draw = np.random.default_rng(4)
    chances = np.full(300, 0.2)
    stopped = (draw.random(300) < chances).astype(float)
    person = np.arange(300)
    once = observed_over_expected(chances, stopped, person)
    thrice = observed_over_expected(*(np.tile(each, 3) for each in (chances, stopped, person)))
    # three copies of the same people are the same people; taken for others they would give 0.58
    assert np.log(thrice[1] / thrice[0]) == pytest.approx(np.log(once[1] / once[0]), rel=0.2)


def test_a_group_in_which_far_more_stop_than_expected_stops_the_whole() -> None:
    past = past_cycles(2, telling=1.2, people=2000)
    found = learn(past)
    assert found is not None
    assert found[1].reason == ""
    rows = past.only(in_time_order(past)[2])
    chances = found[0].of(rows.predictors)
    worse = np.where(rows.groups[0] == 0, chances / 3, chances)
    assert evidence(worse, rows).reason == OFF
    # with fewer people than are looked at by themselves, the level over all still holds
    assert evidence(worse, rows, fewest=10_000).reason == ""


def test_a_level_that_moved_is_not_told() -> None:
    found = learn(past_cycles(3, telling=1.2, people=2000, later=3.0))
    assert found is not None
    assert found[1].reason == OFF


def known(**facts: float | str) -> Evidence:
    base = {"rate": 0.1, "skill": 0.1, "low": 0.05, "high": 0.15, "ratio": 1.0,
            "ratio_error": 0.05, "discrimination": 0.7, "precision": 0.3}  # fmt: skip
    return Evidence(**(base | facts))


def test_expected_numbers_by_hand() -> None:
    given = Expectation(
        chances=np.array([0.5, 0.1]), alike=np.array([4.0, 20.0]), spread=0.2, evidence=known()
    )
    result = expected_dropouts(given)
    # 4 * 0.5 + 20 * 0.1, of 24 people, of whom a tenth would stop on average
    assert (result.estimate, result.people) == (pytest.approx(4.0), 24)
    assert result.expected == pytest.approx(2.4)
    # 0.2 * sqrt(24) and 5 % of 4
    assert result.expected_error == pytest.approx(np.hypot(0.2 * np.sqrt(24), 0.2))
    # 4 +- 1.96 * sqrt(4 + 0.2^2), outwards
    assert (result.low, result.high) == (0.0, 8.0)
    assert "10\u202f% nearer" in result.reason


@pytest.mark.parametrize(("evidence_", "reason"), [(None, TOO_FEW), (known(reason=OFF), OFF)])
def test_what_is_not_worth_more_than_the_average_is_undefined(evidence_, reason: str) -> None:
    given = Expectation(chances=np.full(1, 0.1), alike=np.full(1, 30.0), evidence=evidence_)
    result = expected_dropouts(given)
    assert (result.status, result.reason) == (Status.UNDEFINED, reason)


def test_an_interval_never_falls_below_nobody() -> None:
    assert interval(0.5, 0.1) == (0.0, 2.0)


@pytest.mark.simulation
def test_habits_that_tell_nothing_are_refused() -> None:
    """In 200 organisations people keep habits and rates of stopping that have nothing in common."""
    found = [learn(past_cycles(seed, telling=0.0, people=600)) for seed in range(200)]
    told = [each for each in found if each is None or each[1].reason]
    assert len(told) >= 190  # 95 %
    assert all(each is None or each[1].reason in (NO_SKILL, OFF) for each in told)


@pytest.mark.simulation
def test_habits_that_tell_are_published_and_hold() -> None:
    """In 60 organisations habits tell who stops: shown nearly always, and as many stop as said."""
    published, ratios = 0, []
    for seed in range(60):
        found = learn(past_cycles(100 + seed, telling=1.2, people=2000))
        assert found is not None
        published += not found[1].reason
        ratios.append(found[1].ratio)
    assert published >= 54
    # one O/E strays by 0.09; those who have stayed long stop a little less often than the others
    assert np.mean(ratios) == pytest.approx(1.0, abs=0.05)
