"""Gaps that turn round or fade between people alike, and gaps that do not."""

from __future__ import annotations

from functools import partial

from metrics.equity.gap import equity_gap, equity_gap_adjusted, gap_shift
from metrics.equity.simpson import turn_of_gap
from tests.metrics.equity.tables import berkeley

BOTH = {"crude_beyond_noise": True, "adjusted_beyond_noise": True}
NEITHER = {"crude_beyond_noise": False, "adjusted_beyond_noise": False}


def test_berkeley_turns_round():
    """Expected: men +14.2 points as it is, −1.8 between people alike (Bickel et al. 1975)."""
    sums = berkeley()
    found = turn_of_gap(
        equity_gap(sums).estimate,
        equity_gap_adjusted(sums).estimate,
        gap_shift(sums),
        crude_beyond_noise=True,
        adjusted_beyond_noise=False,
    )
    assert found == "reverses"


def test_words_follow_signs_sizes_and_noise():
    """Expected: by the definition; 0.01 is the error of the shift."""
    turn = partial(turn_of_gap, shift=(0.10, 0.01))
    assert turn(0.06, -0.04, **BOTH) == "reverses"
    assert turn(0.06, -0.04, **NEITHER) == ""
    assert turn(0.12, 0.02, **BOTH) == "shrinks"
    assert turn(0.20, 0.15, **BOTH) == ""
    assert turn(0.12, 0.02, crude_beyond_noise=False, adjusted_beyond_noise=True) == ""


def test_a_shift_within_noise_turns_nothing():
    assert turn_of_gap(0.02, -0.02, (0.04, 0.03), **BOTH) == ""
