"""Verdicts on a change in words: a real one, none larger than so much, or too early to say."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite

from disclosure.changes import ratio_per_log
from disclosure.printing import percent, whole
from disclosure.publishing import CellStatus, PublishedCell
from disclosure.rounding import FINEST_SHARE, share_step, significant
from disclosure.verdicts import ABOVE, BELOW
from metrics.connection.ratio_change import pairings_needed
from metrics.intervals import Z95

REAL = "a real change"
NONE_LARGER = "no change larger than {size}"
EARLY = "too early: about {more} more pairings would show a change of {size}"
UNSETTLED = "not settled: no change and one of {size} are both possible"
TOO_FINE = "a change of {size} is smaller than published shares can show"
DIGITS = 2


def with_change_words(cell: PublishedCell, smallest: float) -> PublishedCell:
    """Return a judged change with its verdict in words, in its sentence and as its phrase.

    Parameters
    ----------
    cell : PublishedCell
        A change of a ratio, already judged within its family.
    smallest : float
        The smallest difference that matters: 0.05 is 5 %.
    """
    if cell.status is not CellStatus.SHOWN:
        return cell
    words = change_words(cell, smallest)
    return replace(cell, phrase=words, sentence=f"{cell.sentence} {words[:1].upper()}{words[1:]}.")


def change_words(cell: PublishedCell, smallest: float) -> str:
    """Return the verdict on a judged change, from published numbers alone."""
    size = percent(smallest)
    if cell.verdict in (ABOVE, BELOW):
        return REAL
    if 1 - smallest <= cell.low and cell.high <= 1 + smallest:
        return NONE_LARGER.format(size=size)
    more = more_pairings(cell, smallest)
    if not isfinite(more):
        return TOO_FINE.format(size=size)
    if more < 1:
        return UNSETTLED.format(size=size)
    return EARLY.format(more=whole(significant(more, DIGITS)), size=size)


def more_pairings(cell: PublishedCell, smallest: float) -> float:
    """Return how many more pairings would show a change of the smallest size; see metrics."""
    error = (cell.lottery_high - cell.lottery_low) / (2 * Z95) / ratio_per_log(cell.estimate)
    half_step = cell.step / 2 / cell.estimate
    finest = half_step * FINEST_SHARE / share_step(cell.people)
    return pairings_needed(cell.pairs, error, half_step, finest, smallest)
