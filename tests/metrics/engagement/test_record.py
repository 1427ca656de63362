"""The track record of alarms: counted by hand, honest about chance, beside rules and lots."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import pytest

from metrics import measure
from metrics.definition import Status
from metrics.engagement.alarms import alarm_limit, outside_alarms
from metrics.engagement.record import (
    AlarmRecord,
    Counted,
    Record,
    by_lot,
    lasting_falls,
    track_record,
)
from metrics.engagement.rhythm import Cycles, movements, usual_share
from tests.metrics.engagement.test_alarms import cohort, exact, watched

Past = list[tuple[Cycles, object, np.ndarray]]


def past_of(programme: list[Cycles], limit: float = 4.0) -> Past:
    """Return cohorts as they are replayed, each with what its own rhythm gives."""
    found = []
    moved = movements(programme)
    for one, seen, movement in zip(programme, watched(programme, limit), moved, strict=True):
        usual, _ = usual_share(one, movement, outside_alarms(len(one), seen.alarms))
        found.append((one, seen, usual))
    return found


def test_the_record_by_hand() -> None:
    shares = np.array([0.86] * 8 + [0.4] * 6)
    past = past_of([exact(shares)])
    assert lasting_falls(shares, past[0][2]) == [(8, 13)]
    record = track_record(past)
    # raised in the cycle of position 8; beyond doubt after four, at position 11
    assert record["cusum"] == Record(
        right=Counted(1, 1, 1.0),
        noticed=Counted(1, 1, 1.0),
        lead=3.0,
        # positions 4 to 13 were judged, of which 4 to 11 notice the fall: one drawn of ten
        by_lot=pytest.approx(0.8),
    )
    assert record["random"].right == Counted(10, 10, 10.0)


def test_alarms_that_no_fall_follows_are_wrong_and_falls_without_alarm_are_missed() -> None:
    # a single low cycle is an alarm and no lasting fall; a limit of 1000 raises none at all
    dip = exact(np.array([0.86] * 8 + [0.4] + [0.86] * 7))
    fall = exact(np.array([0.86] * 8 + [0.4] * 6))
    assert track_record(past_of([dip]))["cusum"].right == Counted(0, 1, 1.0)
    assert track_record(past_of([dip]))["cusum"].noticed.of == 0
    missed = track_record(past_of([fall], limit=1000.0))["cusum"]
    assert (missed.noticed.number, missed.right.of) == (0, 0)
    assert missed.by_lot == 0.0


def test_an_alarm_too_young_to_judge_is_not_counted() -> None:
    past = past_of([exact(np.array([0.86] * 8 + [0.4] * 2))])
    assert len(past[0][1].alarms) == 1
    assert track_record(past)["cusum"].right.of == 0


def test_cycles_of_one_cohort_hang_together() -> None:
    # by hand: cohorts of 10 and 10 cycles, all and none of them right, so that the share is 1/2
    # and its variance (5^2 + 5^2) / 20^2 = 1/8: as of two trials
    fall = exact(np.array([0.86] * 8 + [0.4] * 6))
    steady = exact(np.array([0.86] * 17), day=1.0)
    found = track_record(past_of([fall, steady]))["random"].right
    # the last three of 13 cycles of the steady cohort are too young
    assert (found.number, found.of) == (10, 20)
    assert found.trials == pytest.approx(2.0)


@pytest.mark.parametrize("alarms", [0, 1, 3, 6])
def test_lots_are_counted_one_by_one(alarms: int) -> None:
    # every way to draw the cycles of the alarms out of seven; falls at 2 to 4 and at 6
    ways = list(combinations(range(7), alarms))
    windows = ({2, 3, 4}, {6})
    noticed = sum(bool(window & set(way)) for way in ways for window in windows)
    expected = noticed / (len(windows) * comb(7, alarms))
    assert by_lot(7, [3, 1], alarms) == pytest.approx(expected)


def test_without_a_fall_nothing_is_said_of_lots() -> None:
    assert np.isnan(by_lot(10, [], 3))


@pytest.mark.simulation
def test_replayed_alarms_are_right_more_often_than_simple_rules() -> None:
    """Forty cohorts, of which every fourth falls by half for good: all three ways to look at it."""
    generator = np.random.default_rng(8)
    programme = [
        cohort([0.86] * 14 + [0.43 if number % 4 == 0 else 0.86] * 10, generator, day=number)
        for number in range(40)
    ]
    records = track_record(past_of(programme, alarm_limit(40)))
    alarms, fell, any_cycle = (records[rule] for rule in ("cusum", "last_fell", "random"))
    share = {rule: one.right.number / one.right.of for rule, one in records.items()}
    assert share["cusum"] >= 0.8 > 2 * max(share["last_fell"], share["random"])
    assert alarms.noticed.of == 10 and alarms.noticed.number >= 8
    assert any_cycle.noticed.number == 10
    # as many alarms by lot would notice far fewer
    assert alarms.by_lot < 0.25
    assert alarms.lead >= 2
    assert fell.right.of > 5 * alarms.right.of


def test_a_record_is_undefined_before_anything_is_known() -> None:
    given = AlarmRecord(record=Record(Counted(0, 0, 0.0), Counted(0, 0, 0.0)), people=40)
    for key in ("alarm_record", "alarm_recall"):
        assert measure(key).compute(given, ()).status is Status.UNDEFINED


def test_the_result_counts_all_and_trusts_as_many_as_are_independent() -> None:
    # Wilson 1927 for a half of two trials, by hand: (1 + 1.92 -+ 1.96 sqrt(0.5 + 0.96)) / 5.84
    record = Record(Counted(10, 20, 2.0), Counted(1, 1, 1.0), lead=2.0, by_lot=0.06)
    given = AlarmRecord(record=record, people=40)
    right = measure("alarm_record").compute(given, ())
    assert (right.estimate, right.base) == (0.5, 20.0)
    assert (right.low, right.high) == pytest.approx((0.0945, 0.9055), abs=2e-4)
    assert right.reason == (
        "half of the right ones came at least 2 cycles before the fall was beyond doubt"
    )
    noticed = measure("alarm_recall").compute(given, ())
    assert noticed.reason == (
        "as many alarms in cycles drawn by lot would have noticed 6\u202f% of the falls"
    )
