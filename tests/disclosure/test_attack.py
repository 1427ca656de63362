"""An attacker who knows everybody's groups tries to recover answers from what is printed."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from disclosure.gate import Gate
from disclosure.rounding import round_share, share_step
from disclosure.thresholds import Thresholds
from metrics.definition import Sensitivity

RESPONDENTS = 148
HALF_WIDTH_EXACT = 1e-6


def organisation(seed):
    """Return yes or no answers and the cells of a lean catalogue, from whole to part."""
    random = np.random.default_rng(seed)
    programme = random.choice(4, RESPONDENTS, p=[0.4, 0.3, 0.2, 0.1])
    quarter = random.choice(2, RESPONDENTS)
    group = random.choice(5, RESPONDENTS, p=[0.5, 0.25, 0.15, 0.07, 0.03])
    slices = [np.ones(RESPONDENTS, dtype=bool)]
    slices += [programme == p for p in range(4)] + [quarter == q for q in range(2)]
    slices += [(programme == p) & (quarter == q) for p in range(4) for q in range(2)]
    cells = slices + [one & (group == g) for one in slices for g in range(5)]
    return random.random(RESPONDENTS) < 0.33, cells


def printed_range(answers, cell):
    """Return the number of yes answers that a reader of the printed share can be sure of."""
    people = int(cell.sum())
    rounded = round_share(answers[cell].mean(), people)
    half = (rounded.step if rounded.tail else share_step(people)) / 2
    return people * (rounded.value - half), people * (rounded.value + half)


def certain_people(cells, ranges):
    """Count the people whose answer follows from the ranges and 0 <= answer <= 1."""
    limits = np.array(cells, dtype=float)
    upper, lower = np.array([high for _, high in ranges]), np.array([low for low, _ in ranges])
    certain = 0
    # people in the same cells are interchangeable: one linear programme per pattern and direction
    _, first, members = np.unique(limits.T, axis=0, return_index=True, return_counts=True)
    for person, count in zip(first, members, strict=True):
        aim = np.zeros(RESPONDENTS)
        aim[person] = 1
        constraints = (np.vstack([limits, -limits]), np.concatenate([upper, -lower]))
        lowest, highest = (
            linprog(sign * aim, *constraints, bounds=(0, 1), method="highs") for sign in (1, -1)
        )
        certain += count * bool(lowest.fun > 0.01 or -highest.fun < 0.99)
    return certain


@pytest.mark.simulation
@pytest.mark.parametrize("seed", range(5))
def test_no_answer_can_be_worked_out_from_the_printed_ranges(seed):
    answers, cells = organisation(seed)
    gate = Gate(np.ones(RESPONDENTS, dtype=int), Thresholds(), Sensitivity.ATTITUDE)
    shown = [cell for cell in cells if gate.offer(cell) == "shown"]
    assert len(shown) >= 5
    assert certain_people(shown, [printed_range(answers, cell) for cell in shown]) == 0


@pytest.mark.simulation
def test_the_same_attack_succeeds_on_exact_numbers_behind_a_size_check():
    answers, cells = organisation(0)
    shown = [cell for cell in cells if cell.sum() >= 5]
    sums = [answers[cell].sum() for cell in shown]
    ranges = [(total - HALF_WIDTH_EXACT, total + HALF_WIDTH_EXACT) for total in sums]
    assert certain_people(shown, ranges) > 0
