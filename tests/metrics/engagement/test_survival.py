"""Survival: the acute leukaemia data against published values, and odd tables by hand."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.definition import Status
from metrics.engagement.survival import (
    LifeTable,
    lasting_cycle,
    life_table,
    log_log_interval,
    log_rank,
    survival,
)

# Miller 1997 (R package survival, data set aml): weeks, and whether a relapse ended them
MAINTAINED = life_table(
    [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161], [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0]
)
OTHERS = life_table(
    [5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45], [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1]
)


def at(table: LifeTable, time: float) -> int:
    return int(np.searchsorted(table.cycles, time))


def test_survival_is_that_of_the_r_package() -> None:
    number = at(MAINTAINED, 23)
    assert MAINTAINED.survival[number] == pytest.approx(0.613636, abs=1e-6)
    assert np.sqrt(MAINTAINED.variance[number]) == pytest.approx(0.1526323, abs=1e-7)
    assert OTHERS.survival[at(OTHERS, 23)] == pytest.approx(0.486111, abs=1e-6)


@pytest.mark.parametrize(("table", "median"), [(MAINTAINED, 31), (OTHERS, 23)])
def test_medians_are_those_of_the_r_package(table: LifeTable, median: float) -> None:
    assert table.cycles[np.argmax(table.survival <= 0.5)] == median


def test_the_log_rank_test_is_that_of_the_r_package() -> None:
    found = log_rank(MAINTAINED, OTHERS)
    assert found.expected == pytest.approx(10.689336, abs=1e-6)
    assert found.statistic == pytest.approx(3.396388699, abs=1e-8)
    assert found.p_value == pytest.approx(0.0653393, abs=1e-7)
    assert log_rank(OTHERS, MAINTAINED).expected == pytest.approx(7.310664, abs=1e-6)


def test_the_interval_holds_the_share_and_stays_inside_its_range() -> None:
    low, high = log_log_interval(0.95, 0.03**2)
    assert 0 < low < 0.95 < high < 1


@pytest.mark.parametrize(("stopped", "share"), [(1, 0.0), (0, 1.0)])
def test_everybody_left_and_nobody_left(stopped: int, share: float) -> None:
    result = survival(life_table([1] * 20, [stopped] * 20), (0,))
    assert result.estimate == share
    assert result.status is Status.OK
    assert result.effective_size == 20


def test_three_people_are_too_few_to_say() -> None:
    result = survival(life_table([1, 2, 2], [1, 0, 0]), (0,))
    assert result.estimate == pytest.approx(2 / 3)
    assert result.status is Status.TOO_FEW


def test_nobody_is_undefined() -> None:
    assert survival(life_table([], []), (0,)).status is Status.UNDEFINED
    assert log_rank(life_table([], []), MAINTAINED).statistic == 0


def test_equal_tables_do_not_differ() -> None:
    assert log_rank(MAINTAINED, MAINTAINED).statistic == pytest.approx(0, abs=1e-12)


def test_the_last_cycle_with_enough_people() -> None:
    # at risk: 11 before week 9, 10 before week 13, 8 before week 18
    assert lasting_cycle(MAINTAINED, 10) == at(MAINTAINED, 13)
    assert lasting_cycle(MAINTAINED, 12) == -1
