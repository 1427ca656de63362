"""Levels, names and associations against counting by hand and other libraries."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats.contingency import association

from metrics.profiles.describing import cramers_v, distances, level, traits
from metrics.profiles.measures import Association
from metrics.profiles.measures import association as published_association


def test_distances_are_in_standard_deviations_of_everybody() -> None:
    values = np.array([[0.0], [0.0], [2.0], [2.0]])
    # mean 1, standard deviation 1
    assert distances(values, np.array([0, 0, 1, 1]), 2).ravel().tolist() == [-1.0, 1.0]


def test_a_habit_in_which_nobody_differs_is_at_no_distance() -> None:
    assert distances(np.zeros((4, 1)), np.array([0, 0, 1, 1]), 2).ravel().tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("distance", "name"),
    [(-0.5, "low"), (-0.49, "typical"), (0.0, "typical"), (0.5, "high"), (3.0, "high")],
)
def test_half_a_standard_deviation_is_low_or_high(distance: float, name: str) -> None:
    assert level(distance) == name


def test_a_kind_is_named_after_its_two_furthest_habits() -> None:
    found = traits(np.array([[0.6, -2.0, 1.0, 0.1]]))
    assert found == [[(1, "low"), (2, "high")]]


def test_kinds_of_the_same_name_get_a_further_habit() -> None:
    found = traits(np.array([[1.0, -1.5, 0.7], [1.0, -1.5, -0.7], [0.0, 0.1, 0.0]]))
    assert found[0] == [(1, "low"), (0, "high"), (2, "high")]
    assert found[1] == [(1, "low"), (0, "high"), (2, "low")]
    assert found[2] == []


def test_cramers_v_agrees_with_scipy_up_to_the_correction() -> None:
    table = np.array([[300, 100, 50], [120, 200, 90], [80, 60, 220]])
    people = table.sum(axis=1)
    own = cramers_v(list(table / people[:, None]), people)
    plain = association(table, method="cramer")
    # Bergsma 2013 takes off what chance adds, of the order (r - 1)(c - 1) / n
    assert own == pytest.approx(plain, abs=0.01)
    assert own < plain


def test_no_association_is_exactly_none() -> None:
    assert cramers_v([[0.5, 0.5], [0.5, 0.5]], [100, 200]) == 0.0


def test_a_group_that_tells_the_kind_is_a_full_association() -> None:
    assert cramers_v([[1.0, 0.0], [0.0, 1.0]], [500, 500]) == pytest.approx(1.0, abs=0.01)


def test_one_group_has_no_association() -> None:
    assert np.isnan(cramers_v([[0.5, 0.5]], [100]))
    assert published_association(Association(value=float("nan"), people=9)).status == "undefined"
