"""The counties of `mpdta` as moments: what a staggered comparison makes of them is published.

Log teen employment in 500 counties of the United States, 2003 to 2007, by the first year in which
the state raised its minimum wage (Callaway & Sant'Anna 2021; the R package `did` ships them as
`mpdta`). Kept here are, by first year, the number of counties, the mean of each year and the
covariances of years: a comparison of changes and its error depend on nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from metrics.claims.rollout import NEVER

YEARS = (2003, 2004, 2005, 2006, 2007)


@dataclass(frozen=True)
class Moments:
    """Counties, mean by year, and covariances of the years (lower triangle, divided by n)."""

    counties: int
    means: tuple[float, ...]
    covariances: tuple[tuple[float, ...], ...]


MOMENTS = {
    2004: Moments(
        20,
        (6.1796968, 6.1065636, 6.0594521, 6.0267044, 6.085388),
        (
            (2.087167944,),
            (2.116577089, 2.154883801),
            (2.173488399, 2.20940838, 2.276848897),
            (2.203955702, 2.241063197, 2.30695236, 2.343023544),
            (2.140492572, 2.172084482, 2.239579176, 2.271157962, 2.213114777),
        ),
    ),
    2006: Moments(
        40,
        (6.5739936, 6.5178837, 6.5279413, 6.5574346, 6.543041),
        (
            (1.571570524,),
            (1.554409289, 1.555184352),
            (1.580206343, 1.583317893, 1.623812924),
            (1.599313798, 1.602268672, 1.640079748, 1.66377149),
            (1.610140942, 1.612309072, 1.652010129, 1.672511211, 1.69113421),
        ),
    ),
    2007: Moments(
        131,
        (5.8429065, 5.8107831, 5.8208657, 5.8238664, 5.8200482),
        (
            (2.275581298,),
            (2.279125794, 2.29973639),
            (2.273843647, 2.291068997, 2.307988952),
            (2.271917052, 2.290794221, 2.30085141, 2.318601423),
            (2.24780561, 2.26782469, 2.277807476, 2.28840912, 2.283310775),
        ),
    ),
    NEVER: Moments(
        309,
        (5.65463, 5.592, 5.6048084, 5.6388963, 5.6611325),
        (
            (2.163469474,),
            (2.196270983, 2.258653793),
            (2.205544286, 2.258474971, 2.281007669),
            (2.179212216, 2.234164914, 2.250948411, 2.260942991),
            (2.188896158, 2.244484807, 2.259968057, 2.257691808, 2.280967225),
        ),
    ),
}
"""By first year of a higher minimum wage."""


def panel(*starts: int) -> tuple[np.ndarray, np.ndarray]:
    """Return first periods and scores of as many counties as there are, with these moments."""
    began, scores = [], []
    for start in starts or MOMENTS:
        held = MOMENTS[start]
        began.append(np.full(held.counties, start if start == NEVER else YEARS.index(start)))
        scores.append(_with_moments(held))
    return np.concatenate(began), np.concatenate(scores)


def _with_moments(held: Moments) -> np.ndarray:
    """Return a table with exactly these means and covariances."""
    covariance = np.zeros((len(YEARS), len(YEARS)))
    for number, row in enumerate(held.covariances):
        covariance[number, : number + 1] = covariance[: number + 1, number] = row
    # cosines of whole frequencies have mean 0, mean square 1 and mean products 0
    place = (np.arange(held.counties) + 0.5) / held.counties
    waves = np.sqrt(2) * np.cos(np.pi * np.outer(place, 1 + np.arange(len(YEARS))))
    return held.means + waves @ np.linalg.cholesky(covariance).T
