"""Beyond noise or not: the verdicts on a family of published cells, from published values only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from disclosure.publishing import CellStatus, PublishedCell
from metrics.comparison import benjamini_hochberg, two_sided_p
from metrics.intervals import Z95

ABOVE = "above"
BELOW = "below"
NOISE = "noise"
FALSE_DISCOVERY_RATE = 0.05

WORDS: dict[str, str] = {
    ABOVE: "above a lottery",
    BELOW: "below a lottery",
    NOISE: "within noise",
    CellStatus.TOO_FEW: "too few to say",
    CellStatus.SMALL: "hidden",
    CellStatus.PROTECTS: "hidden",
    CellStatus.UNDEFINED: "not defined",
    "": "",
}
"""What a reader reads for each verdict."""


def judge(cells: Sequence[PublishedCell]) -> tuple[PublishedCell, ...]:
    """Return the cells of one family with their verdicts.

    A family is what is looked at together: all groups of a breakdown, all cells of a table.
    Verdicts are corrected over it (Benjamini and Hochberg 1995, 5 % false discoveries). Cells that
    show no number carry their status as verdict; cells that have no lottery carry none.
    """
    scores = np.array([standard_score(cell) for cell in cells])
    adjusted = benjamini_hochberg(two_sided_p(scores))
    return tuple(
        replace(cell, verdict=_verdict(cell, score, p_value))
        for cell, score, p_value in zip(cells, scores, adjusted, strict=True)
    )


def is_fragile(verdict: str, low: float, expected: float, high: float) -> bool:
    """Tell whether bounds hold the value of the lottery although the verdict sees a difference."""
    return verdict in (ABOVE, BELOW) and low <= expected <= high


def standard_score(cell: PublishedCell) -> float:
    """Return how many standard deviations of the lottery a cell is away from it, at least.

    Half a step is taken off, because the exact value may lie that much nearer. NaN where the cell
    shows no number, is too weak, or has no lottery.
    """
    if cell.status is not CellStatus.SHOWN or cell.lottery_high is None:
        return float("nan")
    distance = cell.estimate - cell.expected
    at_least = max(abs(distance) - cell.step / 2, 0.0)
    error = (cell.lottery_high - cell.lottery_low) / (2 * Z95)
    return float(np.sign(distance) * at_least / error) if error > 0 else 0.0


def _verdict(cell: PublishedCell, score: float, adjusted: float) -> str:
    if cell.status is not CellStatus.SHOWN:
        return str(cell.status)
    if np.isnan(score):
        return ""
    if adjusted > FALSE_DISCOVERY_RATE:
        return NOISE
    return ABOVE if score > 0 else BELOW
