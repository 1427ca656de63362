"""Growth since a programme began, against people for whom it had not begun yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
NEVER = np.iinfo(np.int64).max
"""First wave after the start, of people for whom the programme never began."""
FEWEST = 2
"""People on either side of a comparison; one alone has no spread."""


@dataclass(frozen=True, kw_only=True)
class Since:
    """Growth of those who began together, up to one wave, beyond that of people not begun.

    Attributes
    ----------
    began, wave : int
        First wave after they began; the wave compared with the one before that.
    estimate : float
        In units of the score.
    began_people, control_people : int
        People rated in both waves.
    members, own : array of bool, shape (P,)
        Who is compared, and who of them began.
    influence : array of shape (P,)
        What each person adds to the estimate, so that sums of estimates get an error.
    """

    began: int
    wave: int
    estimate: float
    began_people: int
    control_people: int
    members: NDArray[np.bool_]
    own: NDArray[np.bool_]
    influence: Array


@dataclass(frozen=True, kw_only=True)
class Rollout:
    """A staggered start, summed up.

    Attributes
    ----------
    estimate, error : float
        Mean over all comparisons after the start, each weighted by the people who began. The
        error takes these weights as known, which makes it slightly too small (3 % on the county
        data of Callaway & Sant'Anna).
    lead, lead_error : float
        The same before the start; near 0 if the trends were parallel. NaN where nobody was rated
        twice before.
    starts : int
        How many different starts have a clean comparison.
    people : int
        People behind the comparisons after the start.
    influence : float
        Largest change of the estimate if one rating of one person changed by 1.
    typical : float
        Root mean square of those changes over people.
    """

    estimate: float
    error: float
    lead: float
    lead_error: float
    starts: int
    people: int
    influence: float
    typical: float


def comparisons(began: ArrayLike, scores: ArrayLike) -> Iterator[Since]:
    """Yield the comparison of each start and each wave that has a clean control.

    Those who began before wave g are compared, from the wave before g to wave t, with everybody
    who had not begun by t (nor by g), never with people who had begun already.

    Parameters
    ----------
    began : array_like of int, shape (P,)
        First wave after each person's start; `NEVER` for people who have not begun.
    scores : array_like of shape (P, T)
        Ratings by wave; NaN where not rated.

    References
    ----------
    Callaway & Sant'Anna 2021, without covariates, not-yet-treated controls, base period g - 1.
    """
    began, scores = np.asarray(began), np.asarray(scores, dtype=float)
    waves = scores.shape[1]
    for start in range(1, waves):
        for wave in range(waves):
            if wave != start - 1:
                found = _since(began, scores, start, wave)
                if found is not None:
                    yield found


def _since(began: NDArray[np.int64], scores: Array, start: int, wave: int) -> Since | None:
    change = scores[:, wave] - scores[:, start - 1]
    rated = ~np.isnan(change)
    own, control = rated & (began == start), rated & (began > max(wave, start))
    if min(own.sum(), control.sum()) < FEWEST:
        return None
    influence = np.zeros(len(scores))
    means = {}
    for sign, members in ((1, own), (-1, control)):
        means[sign] = change[members].mean()
        influence[members] = sign * (change[members] - means[sign]) / members.sum()
    return Since(
        began=start,
        wave=wave,
        estimate=float(means[1] - means[-1]),
        began_people=int(own.sum()),
        control_people=int(control.sum()),
        members=own | control,
        own=own,
        influence=influence,
    )


def rollout(began: ArrayLike, scores: ArrayLike, cluster: ArrayLike | None = None) -> Rollout:
    """Return the mean growth since the start beyond that of people not begun.

    Parameters
    ----------
    began, scores
        As for `comparisons`.
    cluster : array_like of int, shape (P,), optional
        Whose growth is not independent, such as people of one cohort; each person by default.

    Returns
    -------
    Rollout
        NaN with no start where there is no clean control.
    """
    scores = np.asarray(scores, dtype=float)
    found = list(comparisons(began, scores))
    cluster = np.arange(len(scores)) if cluster is None else np.asarray(cluster)
    after = [each for each in found if each.wave >= each.began]
    before = [each for each in found if each.wave < each.began - 1]
    estimate, error = _weighted(after, cluster)
    weight = np.abs(_people_weights(after, len(scores)))
    lead, lead_error = _weighted(before, cluster)
    return Rollout(
        estimate=estimate,
        error=error,
        lead=lead,
        lead_error=lead_error,
        starts=len({each.began for each in after}),
        people=int(_members(after).sum()) if after else 0,
        influence=float(weight.max(initial=0.0)),
        typical=float(np.sqrt((weight[weight > 0] ** 2).mean())) if after else np.nan,
    )


def _weighted(found: list[Since], cluster: NDArray[np.generic]) -> tuple[float, float]:
    if not found:
        return np.nan, np.nan
    weight = _weights(found)
    influence = sum(part * each.influence for part, each in zip(weight, found, strict=True))
    _, number = np.unique(cluster, return_inverse=True)
    by_cluster = np.bincount(number, weights=influence)
    counted = np.unique(number[_members(found)]).size
    error = np.sqrt((by_cluster**2).sum() * counted / max(counted - 1, 1))
    return float(weight @ [each.estimate for each in found]), float(error)


def _weights(found: list[Since]) -> Array:
    people = np.array([each.began_people for each in found], dtype=float)
    return people / people.sum()


def _members(found: list[Since]) -> NDArray[np.bool_]:
    return np.any([each.members for each in found], axis=0)


def _people_weights(found: list[Since], people: int) -> Array:
    """Return how much a change of each person's growth by 1 would change the mean, at most."""
    weights = np.zeros(people)
    if found:
        for part, each in zip(_weights(found), found, strict=True):
            weights[each.own] += part / each.began_people
            weights[each.members & ~each.own] += part / each.control_people
    return weights
