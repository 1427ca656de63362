"""Bounds under unknown groups, by hand."""

from __future__ import annotations

import pytest

from metrics.connection.bounds import KnownAndUnknown, cross_group_bounds
from metrics.connection.cross_group import ONE_GROUP, cross_group_share
from metrics.definition import Status
from tests.metrics.connection.pairing_tables import count_pairings

# two groups of three; three of five pairings cross
COUNTS = count_pairings([(0, 3), (1, 4), (2, 5), (0, 1), (3, 4)], [0, 0, 0, 1, 1, 1])


def test_bounds_are_all_within_and_all_across():
    """Three of five known pairings cross, five more are unknown: 3/10 to 8/10."""
    found = cross_group_bounds(KnownAndUnknown(counts=COUNTS, unknown=5.0))
    assert found.estimate == pytest.approx(0.6)
    assert (found.low, found.high) == pytest.approx((0.3, 0.8))


def test_without_unknown_groups_both_bounds_are_the_share():
    found = cross_group_bounds(KnownAndUnknown(counts=COUNTS, unknown=0.0))
    share = cross_group_share(COUNTS)
    assert (found.low, found.high) == pytest.approx((share.estimate, share.estimate))
    assert (found.expected, found.expected_error) == (share.expected, share.expected_error)


def test_where_the_share_is_not_defined_the_bounds_are_not():
    alone = count_pairings([(0, 1)], [0, 0], groups=2)
    found = cross_group_bounds(KnownAndUnknown(counts=alone, unknown=3.0))
    assert (found.status, found.reason) == (Status.UNDEFINED, ONE_GROUP)


def test_a_negative_weight_is_refused():
    with pytest.raises(ValueError, match="negative or missing"):
        KnownAndUnknown(counts=COUNTS, unknown=-1.0)
