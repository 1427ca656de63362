"""How common segments were earlier, among people who had been there as long as those of today."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from metrics.division import divide

Floats = NDArray[np.float64]

BANDS = 8
"""Bands of time in a programme, with equally many of the earlier people in each."""


def at_the_same_age(
    labels: NDArray[np.intp], spans: ArrayLike, spans_now: ArrayLike, number: int
) -> Floats:
    """Return the earlier shares of segments, standardised to how long people of today are there.

    Whoever stopped stays stopped, so that a segment of people who have not met lately grows with
    the age of a programme alone. Among people of the same age it grows only where more of them
    stop. People who are there longer than anybody was stand beside the longest band.

    Parameters
    ----------
    labels : array of shape (P,)
        Segment of each of the earlier people, 0 to ``number`` - 1.
    spans, spans_now : arrays of shape (P,) and (Q,)
        How long each earlier person, and each of today, has been there, in any one unit.
    number : int
        Segments.

    Returns
    -------
    array of shape (number,)
        Shares that sum to 1; NaN without anybody earlier or today.

    References
    ----------
    Direct standardisation: Fleiss 1981, chapter 14.

    Examples
    --------
    >>> at_the_same_age(np.array([0, 1]), [1.0, 9.0], [1.0, 9.0, 9.0, 9.0], 2).tolist()
    [0.25, 0.75]
    """
    spans, spans_now = np.asarray(spans, dtype=float), np.asarray(spans_now, dtype=float)
    if not spans.size or not spans_now.size:
        return np.full(number, np.nan)
    edges = np.unique(np.quantile(spans, np.arange(1, BANDS) / BANDS))
    band, band_now = (np.searchsorted(edges, each, side="left") for each in (spans, spans_now))
    people = np.zeros((edges.size + 1, number))
    np.add.at(people, (band, labels), 1)
    there = people.sum(axis=1)
    today = np.bincount(band_now, minlength=edges.size + 1) * (there > 0)
    shares = divide(people, there[:, None], otherwise=0.0)
    return today @ shares / today.sum() if today.sum() else np.full(number, np.nan)
