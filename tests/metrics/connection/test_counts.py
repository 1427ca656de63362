"""The shape and the arithmetic of the pairing counts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from metrics.connection.counts import PairingCounts
from tests.metrics.connection.pairing_tables import count_pairings


def example() -> PairingCounts:
    """Return three pairings in two strata of people 0, 1 (group 0) and 2 (group 1)."""
    return count_pairings(
        [(0, 1), (0, 2), (1, 2)], [0, 0, 1], weights=[1.0, 0.5, 0.5], strata=[0, 0, 1]
    )


def test_totals_follow_from_the_cells() -> None:
    counts = example()
    assert counts.stubs == pytest.approx(np.array([[3, 1], [1, 1]]))
    assert counts.weighted_stubs == pytest.approx(np.array([[2.5, 0.5], [0.5, 0.5]]))
    assert counts.mixing == pytest.approx(np.array([[1, 1], [0, 0]]))
    assert counts.pairings_by_stratum == pytest.approx([2, 1])
    assert counts.weight_by_stratum == pytest.approx([1.5, 0.5])
    assert counts.weight_squared_by_stratum == pytest.approx([1.25, 0.25])
    assert counts.total == 3
    assert counts.groups_present == 2


def test_a_wrong_shape_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"stubs_squared: expected shape \(2, 2\)"):
        replace(example(), stubs_squared=np.zeros((1, 2)))


def test_a_cell_below_the_diagonal_is_refused() -> None:
    with pytest.raises(ValueError, match="pair_squares: a cell below the diagonal"):
        replace(example(), pair_squares=np.array([[0, 0], [1, 0]]))


@pytest.mark.parametrize("value", [-1.0, float("nan")])
def test_a_negative_or_missing_count_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="people: a count is negative or missing"):
        replace(example(), people=np.array([1.0, value]))
