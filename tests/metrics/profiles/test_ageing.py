"""Earlier shares among people of the same age: by hand, and where age alone makes them grow."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.profiles.ageing import at_the_same_age


def test_shares_of_each_age_are_weighted_with_the_ages_of_today():
    """Expected by hand: none of the young and half of the old are silent; today all are old."""
    labels, spans = np.array([0, 0, 0, 1]), [1.0, 1.0, 9.0, 9.0]
    assert at_the_same_age(labels, spans, [9.0, 9.0], 2) == pytest.approx([0.5, 0.5])
    assert at_the_same_age(labels, spans, [1.0, 9.0], 2) == pytest.approx([0.75, 0.25])


def test_the_same_ages_give_the_shares_as_they_were():
    rng = np.random.default_rng(1)
    labels, spans = rng.integers(0, 3, 500), rng.exponential(5, 500)
    expected = np.bincount(labels, minlength=3) / 500
    assert at_the_same_age(labels, spans, spans, 3) == pytest.approx(expected)


def test_people_older_than_anybody_was_stand_beside_the_oldest():
    labels, spans = np.array([0, 1]), [1.0, 9.0]
    assert at_the_same_age(labels, spans, [50.0], 2) == pytest.approx([0.0, 1.0])


def test_nobody_gives_nothing():
    nobody = np.zeros(0, dtype=int)
    assert np.isnan(at_the_same_age(nobody, [], [1.0], 2)).all()
    assert np.isnan(at_the_same_age(np.array([0]), [1.0], [], 2)).all()


def test_a_programme_that_only_grows_older_shows_no_growth():
    """Expected: one in ten stops in each cycle, then and now; the raw share grows by 10 points.

    The tolerance is three standard errors of both shares of 20,000 people, and what the width of
    a band leaves.
    """
    rng, people = np.random.default_rng(2), 20_000
    earlier, today = rng.integers(1, 11, people), rng.integers(2, 13, people)
    stopped, stopped_now = (rng.geometric(0.1, people) <= spans for spans in (earlier, today))
    assert stopped_now.mean() - stopped.mean() > 0.06
    usual = at_the_same_age(stopped.astype(int), earlier, today, 2)[1]
    assert usual == pytest.approx(stopped_now.mean(), abs=0.03)
