"""Habits against counting by hand, and which of them tell people apart."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad

from metrics.profiles.habits import (
    CLIP,
    HABITS,
    SILENCE_BY_CHANCE,
    Habit,
    habits,
    placed,
    standardised,
    yardsticks,
)

NAMES = (
    "cycles", "met", "usual", "chance", "late_cycles", "late_met", "late_usual", "late_chance",
    "silence", "seats", "feedbacks", "feedback_usual", "feedback_chance", "dates", "held",
    "dates_usual", "dates_chance", "pairings", "partners",
)  # fmt: skip


def sums(**given: list[float]) -> dict[str, np.ndarray]:
    people = len(next(iter(given.values())))
    return {name: np.array(given.get(name, [0.0] * people), dtype=float) for name in NAMES}


def shares(rng: np.random.Generator, spread: float, people: int = 2000, trials: int = 20) -> Habit:
    """Return surpluses of people whose chances differ by a standard deviation of ``spread``."""
    chance = np.clip(0.5 + spread * rng.standard_normal(people), 0.02, 0.98)
    done = rng.binomial(trials, chance)
    return Habit(done / trials - 0.5, np.full(people, 0.25 / trials))


def test_habits_are_what_one_counts_by_hand() -> None:
    found = habits(
        sums(
            cycles=[10.0], met=[6.0], usual=[5.0], chance=[2.5], late_cycles=[5.0],
            late_met=[4.0], late_usual=[2.0], late_chance=[1.2], silence=[3.0], seats=[8.0],
            feedbacks=[2.0], feedback_usual=[4.0], feedback_chance=[2.0], dates=[4.0],
            held=[3.0], dates_usual=[2.0], dates_chance=[1.0], pairings=[4.0], partners=[3.0],
        )
    )  # fmt: skip
    assert tuple(found) == HABITS
    # (6 - 5) / 10 with variance 2.5 / 100
    assert found["meeting"].values[0] == pytest.approx(0.1)
    assert found["meeting"].chance[0] == pytest.approx(0.025)
    assert found["feedback"].values[0] == pytest.approx(-0.25)  # (2 - 4) / 8
    assert found["dates"].values[0] == pytest.approx(0.25)  # (3 - 2) / 4
    # late (4 - 2) / 5 less early (2 - 3) / 5; variances 1.2 / 25 and 1.3 / 25
    assert found["trend"].values[0] == pytest.approx(0.6)
    assert found["trend"].chance[0] == pytest.approx(0.1)
    assert found["partners"].values[0] == pytest.approx(0.0)  # alone, so as everybody
    assert found["silence"].values[0] == pytest.approx(np.log(4))


def test_what_nobody_tried_is_unknown_and_counts_as_average() -> None:
    found = habits(sums(cycles=[3.0, 3.0], seats=[0.0, 4.0], feedbacks=[0.0, 1.0]))
    assert np.isnan(found["feedback"].chance).all()
    rng = np.random.default_rng(1)
    habit = shares(rng, 0.2)
    stick = yardsticks({"one": habit})["one"]
    unknown = Habit(np.array([np.nan]), np.array([np.nan]))
    expected = np.clip((stick.mean - stick.centre) / stick.spread, -CLIP, CLIP)
    assert standardised(unknown, stick)[0] == pytest.approx(expected)


def test_the_spread_of_silence_by_chance_is_the_integral() -> None:
    # variance of log(1 + E) for E exponential with mean 1, by numerical integration
    first, second = (
        quad(lambda x, p=p: np.log1p(x) ** p * np.exp(-x), 0, np.inf)[0] for p in (1, 2)
    )
    assert pytest.approx(second - first**2, abs=1e-3) == SILENCE_BY_CHANCE


def test_a_habit_in_which_people_differ_by_chance_alone_is_left_out() -> None:
    rng = np.random.default_rng(2)
    found = {"real": shares(rng, 0.2), "chance": shares(rng, 0.0)}
    assert set(yardsticks(found)) == {"real"}


def test_a_habit_counts_by_the_part_of_its_spread_that_is_no_chance() -> None:
    rng = np.random.default_rng(3)
    stick = yardsticks({"one": shares(rng, 0.15)})["one"]
    # 0.15 squared over itself and the chance variance of about 0.2275 / 20 (p (1 - p) a person)
    assert stick.reliability == pytest.approx(0.0225 / (0.0225 + 0.0125), abs=0.05)
    habit = shares(rng, 0.15)
    points = placed({"one": habit}, {"one": stick})
    np.testing.assert_allclose(points[:, 0], stick.reliability * standardised(habit, stick))


def test_of_two_habits_that_say_the_same_one_is_kept() -> None:
    rng = np.random.default_rng(4)
    one = shares(rng, 0.2)
    same = Habit(one.values + 0.001 * rng.standard_normal(len(one.values)), one.chance)
    assert len(yardsticks({"one": one, "same": same})) == 1


def test_people_of_few_trials_are_drawn_to_the_average() -> None:
    habit = shares(np.random.default_rng(5), 0.2)
    stick = yardsticks({"one": habit})["one"]
    few = Habit(np.array([0.5, 0.5]), np.array([0.25 / 2, 0.25 / 50]))
    drawn = standardised(few, stick)
    assert 0 < drawn[0] < drawn[1] <= CLIP


def test_where_most_people_do_the_same_the_others_still_count() -> None:
    rng = np.random.default_rng(6)
    done = rng.binomial(30, np.where(rng.random(1000) < 0.2, 0.6, 0.0))
    habit = Habit(done / 30 - done.mean() / 30, np.full(1000, 0.1 / 30))
    assert yardsticks({"one": habit})["one"].spread > 0


def test_without_any_habit_people_have_no_place() -> None:
    habit = shares(np.random.default_rng(7), 0.0)
    assert placed({"one": habit}, {}).shape == (2000, 0)
