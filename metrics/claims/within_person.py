"""Growth of one person against that person's own conversations: what stays the same cancels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

Array = NDArray[np.float64]
SINGULAR = 1e-9
FEWEST_PEOPLE = 3


@dataclass(frozen=True, kw_only=True)
class Contrast:
    """A difference of two doses, with its error clustered by person.

    Attributes
    ----------
    estimate, error : float
        In units of the score per unit of dose; NaN where the doses cannot be told apart.
    people : int
        People rated at least twice.
    degrees : float
        Degrees of freedom of the t interval: people less one.
    influence : float
        Largest change of the estimate if one rating of one person changed by 1.
    typical : float
        Root mean square over people of what all ratings of a person change, each by 1.
    largest_part : float
        Largest part that one person has in the squared weights of all, between 0 and 1.
    """

    estimate: float
    error: float
    people: int
    degrees: float
    influence: float = float("nan")
    typical: float = float("nan")
    largest_part: float = float("nan")

    @property
    def half_width(self) -> float:
        """Return half of the width of the 95 % interval."""
        return float(stdtrit(self.degrees, 0.975)) * self.error


def within_person(
    person: ArrayLike, wave: ArrayLike, score: ArrayLike, doses: ArrayLike, weights: ArrayLike
) -> Contrast:
    """Return a contrast of doses from a regression with person and wave fixed effects.

    ``score_it = person_i + wave_t + sum_d beta_d dose_dit + e_it``; the contrast is
    ``sum_d weights_d beta_d``. People rated once say nothing and are left out.

    Parameters
    ----------
    person, wave : array_like of int, shape (R,)
        Whose rating, in which wave.
    score : array_like of shape (R,)
        The rating; NaN is left out.
    doses : array_like of shape (R, D)
        What the person had done before that wave, summed up since the beginning.
    weights : array_like of shape (D,)
        The contrast, for instance (-1, 1).

    References
    ----------
    Wooldridge 2010, ch. 10 (fixed effects); Liang & Zeger 1986, with the small-sample factor
    ``G / (G - 1) * (R - 1) / (R - k)`` (error clustered by person).
    """
    score = np.asarray(score, dtype=float)
    kept = ~np.isnan(score)
    kept[kept] = _rated_twice(np.asarray(person)[kept])
    people, number = np.unique(np.asarray(person)[kept], return_inverse=True)
    if people.size < FEWEST_PEOPLE:
        return _nothing(people.size)
    waves = np.unique(np.asarray(wave)[kept])
    columns = np.column_stack(
        [
            score[kept],
            np.asarray(doses, dtype=float)[kept],
            *(np.asarray(wave)[kept] == each for each in waves[1:]),
        ]
    )
    demeaned = _without_person_means(columns.astype(float), number)
    return _contrast(demeaned[:, 0], demeaned[:, 1:], number, np.asarray(weights, dtype=float))


def _rated_twice(person: NDArray[np.generic]) -> NDArray[np.bool_]:
    _, number, times = np.unique(person, return_inverse=True, return_counts=True)
    return times[number] > 1


def _without_person_means(columns: Array, number: NDArray[np.intp]) -> Array:
    times = np.bincount(number)
    means = np.column_stack([np.bincount(number, weights=column) / times for column in columns.T])
    return columns - means[number]


def _contrast(
    score: Array, regressors: Array, number: NDArray[np.intp], weights: Array
) -> Contrast:
    people = int(number.max()) + 1
    cross = regressors.T @ regressors
    scale = np.sqrt(np.diag(cross))
    if (scale[: weights.size] < SINGULAR).any() or _is_singular(cross, scale):
        return _nothing(people)
    inverse = np.linalg.inv(cross)
    slopes = inverse @ (regressors.T @ score)
    wanted = np.zeros(len(slopes))
    wanted[: weights.size] = weights
    # one number per rating: what it adds to the contrast
    lever = regressors @ (inverse @ wanted)
    by_person = np.bincount(number, weights=lever * (score - regressors @ slopes))
    rows, known = len(score), len(slopes) + people
    parts = np.bincount(number, weights=lever**2)
    small = people / (people - 1) * (rows - 1) / max(rows - known + people - 1, 1)
    return Contrast(
        estimate=float(wanted @ slopes),
        error=float(np.sqrt(small * (by_person**2).sum())),
        people=people,
        degrees=people - 1.0,
        influence=float(np.abs(lever).max()),
        typical=float(np.sqrt(parts.mean())),
        largest_part=float(parts.max() / parts.sum()),
    )


def _is_singular(cross: Array, scale: Array) -> bool:
    present = scale > SINGULAR
    if not present.all():
        return True
    correlation = cross / np.outer(scale, scale)
    return bool(np.linalg.eigvalsh(correlation)[0] < SINGULAR)


def _nothing(people: int) -> Contrast:
    return Contrast(estimate=np.nan, error=np.nan, people=people, degrees=max(people - 1.0, 1.0))
