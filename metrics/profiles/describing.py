"""What tells segments apart: levels of habits, names made of them, and whom they hold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from metrics.division import divide

Floats = NDArray[np.float64]

FAR = 0.5
"""Standard deviations from everybody's mean from which on a level is low or high (Cohen 1988)."""
LOW, TYPICAL, HIGH = "low", "typical", "high"
MOST_TRAITS = 2
STRONG_ASSOCIATION = 0.3


def distances(values: Floats, labels: NDArray[np.intp], number: int) -> Floats:
    """Return how far the mean of each segment lies from that of everybody.

    Parameters
    ----------
    values : array of shape (P, F)
        Standardised habits of people.
    labels : array of shape (P,)
        Segment of each, 0 to ``number`` - 1, none empty.

    Returns
    -------
    array of shape (number, F)
        In standard deviations of all people; 0 where nobody differs.
    """
    people = np.bincount(labels, minlength=number)
    means = np.stack([np.bincount(labels, column, number) for column in values.T], axis=1)
    spread = values.std(axis=0)
    return divide(means / people[:, None] - values.mean(axis=0), spread, otherwise=0.0)


def level(distance: float) -> str:
    """Return low, typical or high."""
    if abs(distance) < FAR:
        return TYPICAL
    return HIGH if distance > 0 else LOW


def traits(found: Floats) -> list[list[tuple[int, str]]]:
    """Return what each segment is named after: the habits furthest from everybody's, at most two.

    Where two segments would have the same name, their further habits are added.

    Parameters
    ----------
    found : array of shape (K, F)
        Of `distances`.

    Returns
    -------
    list of lists
        For each segment the position of each such habit and its level, the furthest first.
    """
    ranked = [
        [(int(f), level(row[f])) for f in np.argsort(-np.abs(row), kind="stable")
         if level(row[f]) != TYPICAL]
        for row in found
    ]  # fmt: skip
    named = [one[:MOST_TRAITS] for one in ranked]
    alike = [named.count(one) > 1 for one in named]
    return [full if same else short for full, short, same in zip(ranked, named, alike, strict=True)]


def cramers_v(shares: Sequence[ArrayLike], people: ArrayLike) -> float:
    """Return Cramer's V of groups and segments, corrected for its bias.

    Parameters
    ----------
    shares : sequence of G arrays of shape (K,)
        Share of each group in each segment; scaled to sum to 1.
    people : array of shape (G,)
        People in each group.

    Returns
    -------
    float
        From 0, no association, to 1; NaN with fewer than two groups or segments.

    References
    ----------
    Cramer 1946; correction: Bergsma 2013.
    """
    table = np.array(shares, dtype=float)
    if table.ndim != 2 or min(table.shape) < 2:
        return float("nan")
    table = table / table.sum(axis=1, keepdims=True) * np.asarray(people, dtype=float)[:, None]
    table = table[:, table.sum(axis=0) > 0]
    total, (rows, columns) = table.sum(), table.shape
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / total
    chi_squared = float(((table - expected) ** 2 / expected).sum())
    phi = max(chi_squared / total - (rows - 1) * (columns - 1) / (total - 1), 0.0)
    least = min(
        rows - (rows - 1) ** 2 / (total - 1), columns - (columns - 1) ** 2 / (total - 1)
    ) - 1  # fmt: skip
    return float(np.sqrt(phi / least)) if least > 0 else float("nan")
