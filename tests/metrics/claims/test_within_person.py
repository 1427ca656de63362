"""Growth of a person against the same person's conversations."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from metrics.claims.within_person import within_person


def panel(rng, people=60, waves=4, slopes=(0.0, 0.0), missing=0.2):
    """Return person, wave, score and doses; keen people meet more and are rated higher."""
    person = np.repeat(np.arange(people), waves)
    wave = np.tile(np.arange(waves), people)
    keen = rng.normal(size=people)
    steps = rng.poisson(np.exp(0.3 * keen)[:, None, None], (people, waves, 2))
    steps[:, 0] = 0
    doses = steps.cumsum(axis=1).reshape(-1, 2).astype(float)
    score = keen[person] + 0.1 * wave + doses @ np.array(slopes) + rng.normal(0, 0.6, person.size)
    score[rng.random(person.size) < missing] = np.nan
    return person, wave, score, doses


def test_the_contrast_is_that_of_a_regression_with_a_dummy_for_everybody():
    """Expected: statsmodels OLS with dummies; its clustered error counts the dummies too."""
    person, wave, score, doses = panel(np.random.default_rng(1), slopes=(0.05, 0.15))
    found = within_person(person, wave, score, doses, (-1, 1))
    kept = ~np.isnan(score)
    times = np.bincount(person[kept], minlength=60)
    kept &= times[person] > 1
    people = np.unique(person[kept])
    design = np.column_stack(
        [
            doses[kept],
            *(person[kept] == each for each in people),
            *(wave[kept] == each for each in (1, 2, 3)),
        ]
    ).astype(float)
    fitted = sm.OLS(score[kept], design).fit(cov_type="cluster", cov_kwds={"groups": person[kept]})
    contrast = np.zeros(design.shape[1])
    contrast[:2] = (-1, 1)
    assert found.estimate == pytest.approx(contrast @ fitted.params)
    # statsmodels takes the dummies of people for estimated, which clustering makes needless
    rows, parameters = design.shape
    slopes_only = parameters - people.size + 1
    factor = np.sqrt((rows - parameters) / (rows - slopes_only))
    error = np.sqrt(contrast @ fitted.cov_params() @ contrast)
    assert found.error == pytest.approx(error * factor, rel=1e-6)
    assert found.people == people.size


def test_what_a_person_always_was_does_not_count():
    """Expected: the same contrast when every person's ratings move by a constant."""
    person, wave, score, doses = panel(np.random.default_rng(2))
    moved = score + 10 * person
    first = within_person(person, wave, score, doses, (-1, 1))
    second = within_person(person, wave, moved, doses, (-1, 1))
    assert second.estimate == pytest.approx(first.estimate)
    assert second.error == pytest.approx(first.error)


def test_doses_that_cannot_be_told_apart_give_nothing():
    person, wave, score, doses = panel(np.random.default_rng(3))
    same = np.column_stack([doses[:, 0], doses[:, 0]])
    assert np.isnan(within_person(person, wave, score, same, (-1, 1)).estimate)
    none = np.zeros_like(doses)
    assert np.isnan(within_person(person, wave, score, none, (-1, 1)).estimate)


def test_people_rated_once_give_nothing():
    found = within_person([0, 1, 2, 3], [0, 1, 0, 1], [1.0, 2, 3, 4], np.eye(4)[:, :2], (-1, 1))
    assert found.people == 0
    assert np.isnan(found.estimate)


def test_influence_is_what_one_rating_can_change():
    person, wave, score, doses = panel(np.random.default_rng(4), people=12, missing=0.0)
    found = within_person(person, wave, score, doses, (-1, 1))
    moved = [
        within_person(person, wave, score + np.eye(score.size)[row], doses, (-1, 1)).estimate
        for row in range(score.size)
    ]
    assert np.abs(np.array(moved) - found.estimate).max() == pytest.approx(found.influence)


@pytest.mark.simulation
def test_intervals_cover_and_false_alarms_are_five_per_cent():
    rng = np.random.default_rng(21)
    covered, alarms = 0, 0
    for _ in range(1000):
        for slopes in ((0.05, 0.15), (0.1, 0.1)):
            found = within_person(*panel(rng, people=80, slopes=slopes), (-1, 1))
            covered += abs(found.estimate - (slopes[1] - slopes[0])) <= found.half_width
            if slopes[0] == slopes[1]:
                alarms += abs(found.estimate) > found.half_width
    assert 0.93 <= covered / 2000 <= 0.97
    assert 0.035 <= alarms / 1000 <= 0.067
