"""Thresholds can be raised; below their floors they are refused."""

from __future__ import annotations

import pytest

from disclosure.thresholds import Thresholds
from metrics.definition import Sensitivity


@pytest.mark.parametrize(
    "below",
    [
        {"people": 4},
        {"effective": 2},
        {"operational": 4},
        {"side": 4},
        {"distinct_pairs": 9},
        {"largest_share": 0.51},
        {"largest_share": 0.0},
    ],
)
def test_thresholds_below_their_floor_are_refused(below):
    with pytest.raises(ValueError, match=next(iter(below))):
        Thresholds(**below)


def test_lowered_thresholds_say_so():
    assert not Thresholds().lowered
    assert Thresholds(people=5).lowered
    assert Thresholds(effective=3).lowered


def test_sensitivity_decides_how_many_people_are_needed():
    thresholds = Thresholds(people=12)
    assert thresholds.least(Sensitivity.OPERATIONAL) == 5
    assert thresholds.least(Sensitivity.ATTITUDE) == thresholds.least(Sensitivity.SPECIAL) == 12
    assert thresholds.smallest_group == 12
