"""Sums of small, made-up tables of people and of pairs of people, counted the plain way."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from metrics.equity.sums import GroupSums

BERKELEY = {
    "A": (512, 313, 89, 19),
    "B": (353, 207, 17, 8),
    "C": (120, 205, 202, 391),
    "D": (138, 279, 131, 244),
    "E": (53, 138, 94, 299),
    "F": (22, 351, 24, 317),
}
"""Male admitted, male rejected, female admitted, female rejected, 1973 (Bickel et al. 1975)."""


def berkeley() -> GroupSums:
    """Return admissions of men beside women, by department."""
    tables = np.array(list(BERKELEY.values()), dtype=float)
    men, women = tables[:, :2], tables[:, 2:]
    return single(np.stack([women.sum(1), men.sum(1)], 1), np.stack([women[:, 0], men[:, 0]], 1))


def single(people: ArrayLike, successes: ArrayLike) -> GroupSums:
    """Return sums of one trial each: people and successes by stratum, (rest, group)."""
    n, x = np.atleast_2d(np.asarray(people, float)), np.atleast_2d(np.asarray(successes, float))
    moments = np.zeros((*n.shape, 4, 4))
    moments[:, :, 2, 2] = moments[:, :, 2, 3] = moments[:, :, 3, 2] = x
    moments[:, :, 3, 3] = n
    return _sums(n, n, x, moments)


def repeated(side: ArrayLike, stratum: ArrayLike, d: ArrayLike, x: ArrayLike) -> GroupSums:
    """Return sums of people with several trials each: one row a person."""
    side, stratum = np.asarray(side, dtype=int), np.asarray(stratum, dtype=int)
    d, x = np.asarray(d, dtype=float), np.asarray(x, dtype=float)
    shape = stratum.max() + 1, 2
    people, trials, successes = (np.zeros(shape) for _ in range(3))
    moments = np.zeros((*shape, 4, 4))
    for total, value in ((people, d > 0), (trials, d), (successes, x)):
        np.add.at(total, (stratum, side), value)
    own = np.stack([np.zeros_like(x), np.zeros_like(x), x, d], axis=1)
    np.add.at(moments, (stratum, side), own[:, :, None] * own[:, None, :])
    return _sums(people, trials, successes, moments)


def shared(side: ArrayLike, pairs: ArrayLike, d: ArrayLike, x: ArrayLike) -> GroupSums:
    """Return sums of offers to two people each, all in one stratum: one row a distinct pair."""
    side, pairs = np.asarray(side, dtype=int), np.asarray(pairs, dtype=int)
    d, x = np.asarray(d, dtype=float), np.asarray(x, dtype=float)
    vector = np.zeros((side.size, 4))
    trials = np.zeros((1, 3))
    pair_moments = np.zeros((1, 3, 2, 2))
    for (one, other), count, held in zip(pairs, d, x, strict=True):
        for person, partner in ((one, other), (other, one)):
            vector[person] += (held * side[partner], count * side[partner], held, count)
        kind = side[one] + side[other]
        trials[0, kind] += count
        pair_moments[0, kind] += np.outer((held, count), (held, count))
    met = vector[:, 3] > 0
    return GroupSums(
        people=np.array([[(met & (side == number)).sum() for number in (0, 1)]], dtype=float),
        trials=np.array([[vector[side == number, 3].sum() for number in (0, 1)]]),
        successes=np.array([[vector[side == number, 2].sum() for number in (0, 1)]]),
        moments=np.array([[vector[side == n].T @ vector[side == n] for n in (0, 1)]]),
        pair_moments=pair_moments,
        pairs=trials,
    )


def _sums(people: np.ndarray, trials: np.ndarray, x: np.ndarray, moments: np.ndarray) -> GroupSums:
    return GroupSums(
        people=people,
        trials=trials,
        successes=x,
        moments=moments,
        pair_moments=np.zeros((len(people), 3, 2, 2)),
        pairs=np.zeros((len(people), 3)),
    )
