"""Segments by k-means that come back in other samples, or the finding that there are none."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

Floats = NDArray[np.float64]
Labels = NDArray[np.intp]

CANDIDATES = range(2, 8)
STARTS, FEW_STARTS = 20, 2
SPLITS, FEWEST_SPLITS, REPEATS, REFERENCES = 5, 2, 20, 15
MOST_FITTED, MOST_REPEATED, CHUNK = 200_000, 1_000, 50_000
"""Most people that segments are fitted to, that repeats look at, and placed at a time."""
LEAST_AGREEMENT = 0.8
"""Mean adjusted Rand index of two halves of the people."""
HOPELESS = 0.6
"""Below this agreement a few splits are enough to know."""
LEAST_OVERLAP = 0.75
"""Mean Jaccard index of each segment over repeats with resampled people (Hennig 2007)."""
SMALLEST, SMALLEST_PART = 30, 0.02
CHANCE = 0.05
FEWEST_PEOPLE = 2 * SMALLEST


@dataclass(frozen=True, eq=False)
class Segments:
    """Stable segments.

    Attributes
    ----------
    centres : array of shape (K, F)
        The segment with most people first.
    overlap : array of shape (K,)
        Mean Jaccard index of each segment with its like in repeats, in [0, 1].
    agreement : float
        Mean adjusted Rand index of segments found in two halves of the people.
    silhouette, by_chance : float
        Simplified silhouette, and its mean where habits vary as they do but gradually.
    """

    centres: Floats
    overlap: Floats
    agreement: float
    silhouette: float
    by_chance: float

    def assign(self, points: Floats) -> Labels:
        """Return the nearest centre of each point, shape (P,); in chunks."""
        parts = (points[first : first + CHUNK] for first in range(0, len(points), CHUNK))
        found = [_distances(part, self.centres).argmin(axis=1) for part in parts]
        return np.concatenate(found) if found else np.zeros(0, dtype=np.intp)


def find_segments(points: Floats, seed: int) -> Segments | None:
    """Return the segments of people that are stable, None where participation varies gradually.

    A number of segments from 2 to 7 is kept if two halves of the people give the same ones, if
    each comes back in resampled people, if none is small, and if they stand apart further than
    they would where the same habits with the same correlations vary gradually. Of several the one
    with the highest silhouette is chosen.

    Parameters
    ----------
    points : array of shape (P, F)
        People placed by their habits, in comparable units; none the same for everybody.
    seed : int
        Of all random numbers: the same points and seed give the same segments.

    References
    ----------
    Hennig 2007 (overlap); Hubert & Arabie 1985 (agreement); Hruschka, de Castro & Campello 2004
    (simplified silhouette).
    """
    # scikit-learn takes a second to load, in every process that knows the measures
    import sklearn.cluster
    import sklearn.exceptions
    from threadpoolctl import threadpool_limits

    people, habits = points.shape
    if people < FEWEST_PEOPLE or not habits or not points.std(axis=0).all():
        return None
    rng = np.random.default_rng(seed)
    fitted = _some(points, MOST_FITTED, rng)
    sample = _some(fitted, MOST_REPEATED, rng)
    # hundreds of small fits: what is checked for each would take as long as the fit, and threads
    # would cost more than they bring, above all on a busy machine
    quick = sklearn.config_context(assume_finite=True, skip_parameter_validation=True)
    with quick, threadpool_limits(limits=1), warnings.catch_warnings():
        # fewer distinct people than segments: such a number of segments does not come back
        warnings.simplefilter("ignore", sklearn.exceptions.ConvergenceWarning)
        found = list(_survivors(fitted, sample, rng))
    return max(found, key=lambda one: one.silhouette, default=None)


def _survivors(fitted: Floats, sample: Floats, rng: np.random.Generator) -> Iterator[Segments]:
    """Yield the segments that pass each test; the cheap tests come first."""
    references = [_gradual(sample, rng) for _ in range(REFERENCES)]
    for number in CANDIDATES:
        agreement = _agreement(sample, number, rng)
        if agreement < LEAST_AGREEMENT:
            continue
        centres = _centres(fitted, number, STARTS, rng)
        labels = _distances(fitted, centres).argmin(axis=1)
        smallest = np.bincount(labels, minlength=number).min()
        if smallest < max(SMALLEST, SMALLEST_PART * len(fitted)):
            continue
        overlap = _overlap(sample, centres, rng)
        if overlap.min() < LEAST_OVERLAP:
            continue
        own = silhouette(sample, centres)
        beside = [silhouette(each, _centres(each, number, FEW_STARTS, rng)) for each in references]
        if _beyond(own, np.array(beside)):
            yield Segments(centres, overlap, agreement, own, float(np.mean(beside)))


def _some(points: Floats, most: int, rng: np.random.Generator) -> Floats:
    if len(points) <= most:
        return points
    return points[np.sort(rng.choice(len(points), most, replace=False))]


def _centres(points: Floats, number: int, starts: int, rng: np.random.Generator) -> Floats:
    """Return the centres of the best of some starts, that of most people first."""
    from sklearn.cluster import KMeans

    seed = int(rng.integers(2**31))
    centres = KMeans(number, n_init=starts, random_state=seed).fit(points).cluster_centers_
    people = np.bincount(_distances(points, centres).argmin(axis=1), minlength=number)
    return centres[np.argsort(-people, kind="stable")]


def _distances(points: Floats, centres: Floats) -> Floats:
    """Return squared distances, shape (P, K), less a part that is the same for all centres."""
    return (centres**2).sum(axis=1) - 2 * points @ centres.T


def _agreement(points: Floats, number: int, rng: np.random.Generator) -> float:
    """Return how far the segments of two halves agree on everybody (Hubert & Arabie 1985)."""
    from sklearn.metrics import adjusted_rand_score

    found: list[float] = []
    for _ in range(SPLITS):
        order = rng.permutation(len(points))
        halves = (order[: len(order) // 2], order[len(order) // 2 :])
        one, other = (
            _distances(points, _centres(points[half], number, FEW_STARTS, rng)).argmin(axis=1)
            for half in halves
        )
        found.append(float(adjusted_rand_score(one, other)))
        if len(found) >= FEWEST_SPLITS and np.mean(found) < HOPELESS:
            break
    return float(np.mean(found))


def _overlap(points: Floats, centres: Floats, rng: np.random.Generator) -> Floats:
    """Return the mean Jaccard index of each segment with its like in resampled people."""
    labels, number = _distances(points, centres).argmin(axis=1), len(centres)
    found = np.zeros((REPEATS, number))
    for repeat in range(REPEATS):
        drawn = rng.integers(0, len(points), len(points))
        again = _centres(points[drawn], number, FEW_STARTS, rng)
        here = np.unique(drawn)
        found[repeat] = jaccard(labels[here], _distances(points[here], again).argmin(axis=1))
    return found.mean(axis=0)


def jaccard(labels: Labels, others: Labels) -> Floats:
    """Return for each label the highest Jaccard index with any of the others, shape (K,).

    Examples
    --------
    >>> jaccard(np.array([0, 0, 1, 1]), np.array([1, 1, 1, 0])).round(3).tolist()
    [0.667, 0.5]
    """
    common = np.zeros((labels.max() + 1, others.max() + 1))
    np.add.at(common, (labels, others), 1)
    either = common.sum(axis=1)[:, None] + common.sum(axis=0)[None, :] - common
    return (common / either).max(axis=1)


def silhouette(points: Floats, centres: Floats) -> float:
    """Return the simplified silhouette: distances to centres instead of to everybody.

    Mean of (b - a) / max(a, b), a the distance to the own centre and b that to the next one.
    """
    squares = _distances(points, centres) + (points**2).sum(axis=1)[:, None]
    nearest = np.sqrt(np.maximum(np.partition(squares, 1, axis=1)[:, :2], 0.0))
    own, other = nearest[:, 0], nearest[:, 1]
    return float(np.mean(np.where(other > 0, 1 - own / np.where(other > 0, other, 1.0), 0.0)))


def _gradual(points: Floats, rng: np.random.Generator) -> Floats:
    """Return people with the same values of each habit and the same rank correlations, no more.

    A Gaussian copula; where habits do not correlate, it permutes each by itself.
    """
    spearman = pd.DataFrame(points).corr(method="spearman").to_numpy()
    values, vectors = np.linalg.eigh(2 * np.sin(np.pi * spearman / 6))
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    drawn = rng.standard_normal(points.shape) @ root.T
    order = drawn.argsort(axis=0).argsort(axis=0)
    return np.take_along_axis(np.sort(points, axis=0), order, axis=0)


def _beyond(own: float, beside: Floats) -> bool:
    """Tell whether a silhouette lies above what gradual data give, over all candidates together."""
    spread = float(beside.std(ddof=1)) * np.sqrt(1 + 1 / len(beside))
    limit = float(stdtrit(len(beside) - 1, 1 - CHANCE / len(CANDIDATES)))
    return bool(own - beside.mean() > limit * spread + 1e-9)
