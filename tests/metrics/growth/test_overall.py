"""All skills together: by hand, and an interval that covers whatever ratings have in common."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.definition import Status
from metrics.growth.overall import PublishedSkills, overall
from metrics.intervals import Z95

NAN = float("nan")


def published_skills(values, reach, expected=None, people=(100, 60)):
    values = np.array(values, dtype=float)
    reach = np.broadcast_to(np.array(reach, dtype=float), values.shape)
    return PublishedSkills(
        values=values,
        low=values - reach,
        high=values + reach,
        expected=np.full(values.size, NAN) if expected is None else np.array(expected, dtype=float),
        people=np.array(people[: values.size], dtype=int),
        scale=(1.0, 5.0),
    )


def test_the_mean_by_hand():
    """(0.3 + 0.1) / 2, intervals 0.1 and 0.2 to either side, of 60 people at least."""
    found = overall(published_skills([0.3, 0.1], [0.1, 0.2], expected=[0.0, 0.1]))
    assert found.estimate == pytest.approx(0.2)
    assert (found.low, found.high) == pytest.approx((0.05, 0.35))
    assert found.expected == pytest.approx(0.05)
    assert found.expected_error == pytest.approx(0.15 / Z95)
    assert found.spread == pytest.approx(0.15 / Z95 * 60**0.5)
    assert (found.people, found.scale) == (60, (1.0, 5.0))


def test_levels_are_compared_with_nothing():
    found = overall(published_skills([3.2, 3.4], 0.1))
    assert (found.expected, found.expected_error) == (None, None)


def test_without_a_skill_it_is_undefined():
    assert overall(published_skills([], [])).status is Status.UNDEFINED


@pytest.mark.parametrize(("together", "most"), [(0.0, 1.0), (0.5, 1.0), (1.0, 0.965)])
def test_the_interval_covers_at_least_as_often_as_it_says(together, most):
    """2,000 draws of nine skills of correlation r: coverage of 95 % or more; exact where r is 1.

    Tolerance: three standard errors of 2,000 draws around 95 % are 1.5 points.
    """
    random = np.random.default_rng(7)
    common, own = random.standard_normal((2000, 1)), random.standard_normal((2000, 9))
    drawn = 0.1 * (together**0.5 * common + (1 - together) ** 0.5 * own)
    covered = [
        found.low <= 0 <= found.high
        for row in drawn
        for found in [overall(published_skills(row, 0.1 * Z95, people=(100,) * 9))]
    ]
    assert 0.935 <= np.mean(covered) <= most
