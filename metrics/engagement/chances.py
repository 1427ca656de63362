"""The chance to stop soon, learnt from how people took part in earlier cycles."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

LEARNT, HELD_OUT = 2 / 3, 0.3
"""Part of the earlier cycles that chances are learnt on, and of all cycles that are held out."""
RIDGE, NEARLY_FREE = 1.0, 0.001
"""Penalties; on standardised predictors of so many people they hardly shrink anything."""
ROUNDS, CONVERGED, LONGEST_STEP = 50, 1e-8, 3.0
EDGE = 1e-6
RARE = 0.02
"""Shares of cohorts nearer than this to 0 or 1 are no more telling."""

Array = NDArray[np.float64]
Numbers = NDArray[np.int_]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, eq=False)
class PastCycles:
    """People at the ends of past cycles; one row per person, cohort and cycle.

    Attributes
    ----------
    predictors : array of shape (n, k)
        What each had done by then; see `predictors`. Nothing about who they are.
    stopped : array of shape (n,)
        1 where the person stopped within the time ahead, else 0.
    person : array of int, shape (n,)
        Rows of one person are resampled together.
    begins, ends : arrays of shape (n,)
        When the chance is told, and when it is known who stopped, in days.
    groups : tuple of arrays of int, shape (n,)
        For each way to group people, the group of each row; below 0 where it is not known.
    """

    predictors: Array
    stopped: Array
    person: Numbers
    begins: Array
    ends: Array
    groups: tuple[Numbers, ...] = ()

    def __len__(self) -> int:
        return len(self.stopped)

    def only(self, rows: Mask) -> PastCycles:
        """Return some of the rows."""
        return PastCycles(
            predictors=self.predictors[rows],
            stopped=self.stopped[rows],
            person=self.person[rows],
            begins=self.begins[rows],
            ends=self.ends[rows],
            groups=tuple(group[rows] for group in self.groups),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Chances:
    """A logistic regression, set right by a straight line on the logit (Platt 1999)."""

    middle: Array
    spread: Array
    weights: Array
    constant: float
    slope: float = 1.0
    shift: float = 0.0

    def of(self, predictors: Array) -> Array:
        """Return the chance of each row to stop within the time ahead."""
        return _logistic(self.shift + self.slope * self.scores(predictors))

    def scores(self, predictors: Array) -> Array:
        """Return the logits before they are set right."""
        return (predictors - self.middle) / self.spread @ self.weights + self.constant


def predictors(
    turns: float,
    met: Array,
    no_show: Array,
    gave: Array,
    fresh: Array,
    missed: Array,
    usual: Array,
) -> Array:
    """Return what foretells stopping, one column each.

    Parameters
    ----------
    turns : float
        How many matched cycles were looked at, of everybody.
    met, no_show, gave, fresh : arrays of shape (n,)
        In how many of them somebody met, somebody did not come, feedback was given, and a partner
        was new.
    missed : array of shape (n,)
        Cycles in a row without a meeting.
    usual : array of shape (n,)
        Share of the whole cohort that met in the same cycles: three misses in a row are common
        where a third meets, and rare where nearly everybody does.

    Returns
    -------
    array of shape (n, 7)
        Shares of completion, no-shows, feedback and new partners; one missed cycle, two or more;
        the logit of what is usual.
    """
    usual = np.clip(usual, RARE, 1 - RARE)
    columns = (
        met / turns,
        no_show / turns,
        gave / np.maximum(met, 1),
        fresh / np.maximum(met, 1),
        missed == 1,
        missed >= 2,
        np.log(usual / (1 - usual)),
    )
    return np.column_stack([np.asarray(column, dtype=float) for column in columns])


def in_time_order(past: PastCycles) -> tuple[Mask, Mask, Mask]:
    """Return which rows chances are learnt on, set right on, and tested on.

    What is tested begins when all that was learnt from was known, so that nothing leaks back.
    """
    tested_from = np.quantile(past.begins, 1 - HELD_OUT)
    tested = past.begins >= tested_from
    earlier = past.ends <= tested_from
    if not earlier.any():
        return earlier, earlier, tested
    set_right_from = np.quantile(past.begins[earlier], LEARNT)
    learnt = earlier & (past.begins < set_right_from)
    return learnt, earlier & ~learnt, tested


def fitted(past: PastCycles, learnt: Mask, set_right: Mask) -> Chances:
    """Return the chances learnt on some rows and set right on others, in which both kinds occur.

    References
    ----------
    Platt 1999, for setting them right.
    """
    return _set_right(_learnt(past, learnt), past, set_right)


def _learnt(past: PastCycles, rows: Mask) -> Chances:
    x = past.predictors[rows]
    middle, spread = x.mean(axis=0), x.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    weights = logistic_weights((x - middle) / spread, past.stopped[rows], RIDGE)
    return Chances(middle=middle, spread=spread, weights=weights[1:], constant=float(weights[0]))


def _set_right(chances: Chances, past: PastCycles, rows: Mask) -> Chances:
    scores = chances.scores(past.predictors[rows])[:, None]
    shift, slope = logistic_weights(scores, past.stopped[rows], NEARLY_FREE)
    return replace(chances, slope=float(slope), shift=float(shift))


def logistic_weights(x: Array, happened: Array, ridge: float) -> Array:
    """Return intercept and slopes of a logistic regression, by Newton's method.

    Parameters
    ----------
    x : array of shape (n, k)
        Predictors.
    happened : array of shape (n,)
        1 where it happened, else 0; both occur.
    ridge : float
        Penalty of half the squared slopes, above 0; the intercept has none.

    Returns
    -------
    array of shape (k + 1,)
        The intercept first.

    References
    ----------
    Cox 1958; le Cessie & van Houwelingen 1992, for the penalty.
    """
    design = np.column_stack([np.ones(len(x)), x])
    penalty = np.diag([0.0] + [ridge] * x.shape[1])
    weights = np.zeros(design.shape[1])
    for _ in range(ROUNDS):
        chance = _logistic(design @ weights)
        slope = design.T @ (happened - chance) - penalty @ weights
        curve = design.T @ (design * (chance * (1 - chance))[:, None]) + penalty
        step = np.linalg.solve(curve, slope)
        # where predictors tell nearly everything a full step leaps beyond the goal
        weights = weights + step * min(1.0, LONGEST_STEP / np.abs(step).max())
        if np.abs(step).max() < CONVERGED:
            break
    return weights


def _logistic(scores: Array) -> Array:
    return np.clip(1 / (1 + np.exp(-np.clip(scores, -30, 30))), EDGE, 1 - EDGE)
