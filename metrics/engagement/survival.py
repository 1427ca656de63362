"""How long people keep taking part: a life table by cycle, and how two of them differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc

from metrics.definition import Part, Result, Status, undefined
from metrics.intervals import Z95, effective_size

FEWEST = 5
"""With fewer people left to watch, a step of the curve says nothing."""

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class LifeTable:
    """People by the cycle of theirs in which they were last seen taking part.

    Attributes
    ----------
    cycles : array of shape (K,)
        Cycle since the own start (or a time), ascending.
    events, censored : arrays of shape (K,)
        People who stopped in that cycle, and people who were still there when watching ended.
    """

    cycles: Array
    events: Array
    censored: Array

    @property
    def at_risk(self) -> Array:
        """Return how many were still there before each cycle."""
        leaving = self.events + self.censored
        return leaving.sum() - np.cumsum(leaving) + leaving

    @property
    def survival(self) -> Array:
        """Return the share still taking part after each cycle (Kaplan & Meier 1958)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            hazard = np.where(self.at_risk > 0, self.events / self.at_risk, np.nan)
        return np.cumprod(1 - hazard)

    @property
    def variance(self) -> Array:
        """Return ``S^2 sum d / (n (n - d))`` for each cycle (Greenwood 1926)."""
        staying = self.at_risk - self.events
        with np.errstate(invalid="ignore", divide="ignore"):
            terms = self.events / (self.at_risk * staying)
            return self.survival**2 * np.cumsum(np.where(self.events > 0, terms, 0.0))


def life_table(times: ArrayLike, stopped: ArrayLike) -> LifeTable:
    """Return the life table of single durations.

    Parameters
    ----------
    times : array of shape (n,)
        How long each was watched.
    stopped : array of bool, shape (n,)
        Whether watching ended because they stopped.
    """
    times, stopped = np.asarray(times, dtype=float), np.asarray(stopped, dtype=bool)
    cycles = np.unique(times)
    events, censored = (
        np.array([np.sum((times == cycle) & (stopped == kind)) for cycle in cycles], dtype=float)
        for kind in (True, False)
    )
    return LifeTable(cycles=cycles, events=events, censored=censored)


def log_log_interval(share: float, variance: float) -> tuple[float, float]:
    """Return the 95 % interval of a survival share, symmetric for ``log(-log S)``.

    NaN at a share of 0 or 1, where nothing varies.

    References
    ----------
    Kalbfleisch & Prentice 1980.

    Examples
    --------
    >>> [round(bound, 3) for bound in log_log_interval(0.613636, 0.1526323**2)]
    [0.266, 0.835]
    """
    if not 0 < share < 1:
        return float("nan"), float("nan")
    reach = Z95 * np.sqrt(variance) / abs(share * np.log(share))
    return float(share ** np.exp(reach)), float(share ** np.exp(-reach))


@dataclass(frozen=True)
class Comparison:
    """A log-rank comparison of two life tables.

    Attributes
    ----------
    expected : float
        Events that the first would have had at the hazards of both together.
    statistic : float
        Chi-squared with one degree of freedom; 0 where nothing varies.
    p_value : float
        Its p value.
    """

    expected: float
    statistic: float
    p_value: float


def log_rank(one: LifeTable, other: LifeTable) -> Comparison:
    """Compare two life tables over all cycles.

    References
    ----------
    Mantel 1966; Peto & Peto 1972.
    """
    cycles = np.union1d(one.cycles, other.cycles)
    (d1, n1), (d2, n2) = (_on_axis(table, cycles) for table in (one, other))
    d, n = d1 + d2, n1 + n2
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = np.where(n > 0, d * n1 / n, 0.0).sum()
        variance = np.where(n > 1, d * n1 * n2 * (n - d) / (n**2 * (n - 1)), 0.0).sum()
    statistic = float((d1.sum() - expected) ** 2 / variance) if variance > 0 else 0.0
    return Comparison(float(expected), statistic, float(chdtrc(1, statistic)))


def _on_axis(table: LifeTable, cycles: Array) -> tuple[Array, Array]:
    """Return events and people at risk of a table on a longer axis."""
    leaving = table.events + table.censored
    events = np.zeros(len(cycles))
    events[np.searchsorted(cycles, table.cycles)] = table.events
    gone = np.concatenate([[0.0], np.cumsum(leaving)])
    at_risk = leaving.sum() - gone[np.searchsorted(table.cycles, cycles)]
    return events, at_risk


def survival(table: LifeTable, part: Part) -> Result:
    """Return the share still taking part after a number of cycles.

    Parameters
    ----------
    table : LifeTable
        The people.
    part : tuple of one int
        Position of the cycle on the axis of the table.

    Returns
    -------
    Result
        Log-log interval. ``people`` are all who started, on whom every step of the curve rests;
        the effective size is that of a share with Greenwood's variance. Undefined where nobody was
        watched, too few where fewer than five were left to watch.
    """
    if not len(table.cycles) or not table.at_risk[part[0]]:
        return undefined("nobody had a cycle that is long enough ago")
    number = part[0]
    share, variance = float(table.survival[number]), float(table.variance[number])
    left = int(table.at_risk[number])
    low, high = log_log_interval(share, variance)
    weak = left < FEWEST
    return Result(
        estimate=share,
        low=low,
        high=high,
        people=int(table.at_risk[0]),
        effective_size=float(effective_size(share, variance, table.at_risk[0])),
        status=Status.TOO_FEW if weak else Status.OK,
        reason="fewer than five people were watched so long" if weak else "",
    )


def lasting_cycle(table: LifeTable, people: int) -> int:
    """Return the position of the last cycle in which so many people were watched, -1 for none."""
    return int(np.sum(table.at_risk >= people)) - 1
