"""A fall that all cohorts share: counted over all of them, beside their own earlier cycles."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.engagement.together import lately
from tests.metrics.engagement.test_alarms import exact

STEADY = np.full(10, 0.8)
FALLEN = np.array([0.8] * 7 + [0.2] * 3)


def test_by_hand_all_fall_from_four_fifths_to_one() -> None:
    given = lately([exact(FALLEN), exact(FALLEN, day=1.0)], 3)
    assert (given.share, given.expected) == (pytest.approx(0.2), pytest.approx(0.8))
    # 70 pairs in each of three cycles of two cohorts, of seven cycles before; half a trial added
    usual = (0.8 * 490 + 0.5) / 491
    assert given.trials == 420
    assert given.error == pytest.approx(np.sqrt(usual * (1 - usual) * (1 / 210 + 1 / 490) / 2))
    # a person may be in both
    assert given.people == 140


def test_by_hand_one_of_two_falls() -> None:
    given = lately([exact(FALLEN), exact(STEADY, day=1.0)], 3)
    assert given.share == pytest.approx(0.5)
    assert given.expected == pytest.approx(0.8)


def test_a_young_cohort_is_passed_over_and_one_is_no_programme() -> None:
    assert lately([exact(FALLEN), exact(STEADY[:6], day=1.0)], 3) is None
    assert lately([], 3) is None
