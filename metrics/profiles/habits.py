"""Habits of taking part, from sums of behaviour: how far each person is from what is usual."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrics.division import divide
from metrics.growth.shrinkage import dersimonian_laird

Floats = NDArray[np.float64]

HABITS = ("meeting", "dates", "feedback", "partners", "trend", "silence")
"""Every habit, in the order on screen."""
FEWEST_CYCLES = 3
"""People with fewer cycles are new: what they do says too little about a habit."""
LEAST_RELIABLE = 0.1
"""Least part of the spread between people that chance must leave, for a habit to count."""
CLIP = 3.0
REDUNDANT = 0.9
NORMAL_QUARTILES = 1.3489795
"""Distance of the quartiles of a normal distribution, in standard deviations."""
SILENCE_BY_CHANCE = 0.1763
"""Variance of log(1 + E) where E is exponential with mean 1: how long people who meet at the usual
pace have last met nobody, counted in usual meetings."""


@dataclass(frozen=True, eq=False)
class Habit:
    """One habit of P people.

    Attributes
    ----------
    values : array of shape (P,)
        How far each person is from what is usual; NaN where nothing is known.
    chance : array of shape (P,)
        Variance of that by chance alone, more than 0; NaN where nothing is known.
    """

    values: Floats
    chance: Floats


@dataclass(frozen=True, kw_only=True)
class Yardstick:
    """How values of one habit become numbers that can be put beside those of others.

    Attributes
    ----------
    mean, between : float
        Average of the true values and their variance between people (tau squared).
    centre, spread : float
        Median and robust standard deviation of the values after shrinkage.
    reliability : float
        Part of the spread between people that is no chance, in [0, 1]; the weight of the habit.
    """

    mean: float
    between: float
    centre: float
    spread: float
    reliability: float


def habits(sums: Mapping[str, Floats]) -> dict[str, Habit]:
    """Return the habits of people, each against what others of the same cohort and time did.

    Parameters
    ----------
    sums : mapping of arrays of shape (P,)
        ``cycles, met, usual, chance``, the same of the later half of a person's cycles as
        ``late_...``, ``silence`` (usual meetings since the last one of one's own), and of seats,
        dates and pairings what came of them; see `store.profiles.SUMS`.

    Returns
    -------
    dict of Habit
        By `HABITS`. ``meeting``: surplus of cycles with a meeting, a share; ``dates``: of dates
        held; ``feedback``: of conversations with feedback; ``partners``: of meetings with somebody
        new; ``trend``: surplus of the later half less that of the earlier; ``silence``:
        log(1 + silence).
    """
    return {
        "meeting": _surplus(sums["met"], sums["cycles"], sums["usual"], sums["chance"]),
        "dates": _surplus(sums["held"], sums["dates"], sums["dates_usual"], sums["dates_chance"]),
        "feedback": _surplus(
            sums["feedbacks"], sums["seats"], sums["feedback_usual"], sums["feedback_chance"]
        ),
        "partners": _partners(sums),
        "trend": _trend(sums),
        "silence": Habit(
            np.log1p(np.maximum(sums["silence"], 0.0)),
            np.full(sums["silence"].shape, SILENCE_BY_CHANCE),
        ),
    }


def _surplus(done: Floats, trials: Floats, usual: Floats, chance: Floats) -> Habit:
    variance = divide(chance, trials**2)
    return Habit(divide(done - usual, trials), np.where(variance > 0, variance, np.nan))


def _partners(sums: Mapping[str, Floats]) -> Habit:
    met, partners = sums["pairings"], sums["partners"]
    share = float(divide(partners.sum(), met.sum(), otherwise=1.0))
    return _surplus(partners, met, share * met, share * (1 - share) * met)


def _trend(sums: Mapping[str, Floats]) -> Habit:
    late = _surplus(*(sums[f"late_{name}"] for name in ("met", "cycles", "usual", "chance")))
    early = _surplus(
        *(sums[name] - sums[f"late_{name}"] for name in ("met", "cycles", "usual", "chance"))
    )
    return Habit(late.values - early.values, late.chance + early.chance)


def yardsticks(found: Mapping[str, Habit]) -> dict[str, Yardstick]:
    """Return the yardsticks of the habits in which people differ by more than chance gives.

    Left out are habits of a reliability below `LEAST_RELIABLE`, and the less reliable one of two
    that correlate beyond `REDUNDANT`.
    """
    kept = {key: stick for key, habit in found.items()
            if (stick := _yardstick(habit)) is not None}  # fmt: skip
    by_weight = sorted(kept, key=lambda key: -kept[key].reliability)
    chosen: list[str] = []
    for key in by_weight:
        own = standardised(found[key], kept[key])
        others = (standardised(found[other], kept[other]) for other in chosen)
        if all(abs(np.corrcoef(own, other)[0, 1]) <= REDUNDANT for other in others):
            chosen.append(key)
    return {key: kept[key] for key in found if key in chosen}


def _yardstick(habit: Habit) -> Yardstick | None:
    known = np.isfinite(habit.values) & np.isfinite(habit.chance)
    if known.sum() < 2:
        return None
    values, chance = habit.values[known], habit.chance[known]
    between = dersimonian_laird(values, chance)
    weight = 1 / (chance + between)
    mean = float(weight @ values / weight.sum())
    drawn = _shrunk(habit, mean, between)
    reliability = float(_reliability(habit, between).mean())
    low, centre, high = np.percentile(drawn, [25, 50, 75])
    # where half of the people do the same, the quartiles say nothing about the others
    spread = float((high - low) / NORMAL_QUARTILES) or float(drawn.std())
    if reliability < LEAST_RELIABLE or spread <= 0:
        return None
    return Yardstick(
        mean=mean, between=between, centre=float(centre), spread=spread, reliability=reliability
    )


def _reliability(habit: Habit, between: float) -> Floats:
    return np.where(np.isfinite(habit.chance), divide(between, habit.chance + between), 0.0)


def _shrunk(habit: Habit, mean: float, between: float) -> Floats:
    """Return values drawn towards their average by how little each says by itself."""
    drawn = mean + _reliability(habit, between) * (habit.values - mean)
    return np.where(np.isfinite(drawn), drawn, mean)


def standardised(habit: Habit, stick: Yardstick) -> Floats:
    """Return values in robust standard deviations from the median, clipped at 3."""
    drawn = _shrunk(habit, stick.mean, stick.between)
    return np.clip((drawn - stick.centre) / stick.spread, -CLIP, CLIP)


def placed(found: Mapping[str, Habit], sticks: Mapping[str, Yardstick]) -> Floats:
    """Return people as points, shape (P, F): each habit counts by its reliability.

    A habit in which people differ by little more than chance would otherwise hide those in which
    they do differ, since k-means looks at the sum of all squares.

    References
    ----------
    Steinley & Brusco 2008, on variables that mask clusters.
    """
    columns = [stick.reliability * standardised(found[key], stick) for key, stick in sticks.items()]
    people = len(next(iter(found.values())).values)
    return np.column_stack(columns) if columns else np.zeros((people, 0))
