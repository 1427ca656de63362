"""The gap of a group to everybody else: as it is, and between people alike."""

from __future__ import annotations

from math import isnan, sqrt

import numpy as np

from metrics.definition import Part, PeriodShare, Result, undefined
from metrics.division import divide
from metrics.equity.intervals import newcombe
from metrics.equity.sums import GROUP, REST, Array, GroupSums
from metrics.intervals import Z95, effective_size, wilson

FEWEST_IN_STRATUM = 5
"""People on each side from which a stratum counts: one of fewer would hang on single people."""
FEWEST_PEOPLE = 10
EMPTY = "nobody in the group, or nobody else, could reach it"
NOBODY_ALIKE = f"fewer than {FEWEST_PEOPLE} people have others alike on the other side"
SIGNS = np.array([-1.0, 1.0])
"""A gap is the group less the rest."""


def equity_rate(sums: GroupSums, part: Part = ()) -> Result:
    """Return the share of the group that reached an outcome, with its Wilson interval."""
    whole = sums.whole
    share, people = float(whole.shares[0, GROUP]), int(whole.people[0, GROUP])
    if isnan(share):
        return undefined("nobody in the group could reach it", people=people)
    size = _size(whole, GROUP)
    low, high = wilson(share, size)
    return Result(
        estimate=share, low=float(low), high=float(high), people=people, effective_size=size
    )


def equity_gap(sums: GroupSums, part: Part = ()) -> Result:
    """Return the share of the group less that of everybody else (Newcombe 1998).

    Both effective sizes are scaled together, so that the two score intervals give the variance of
    the difference, in which shared trials may count for both sides.
    """
    whole = sums.whole
    rest, group = (float(share) for share in whole.shares[0])
    people = int(whole.people[0, GROUP])
    if isnan(rest) or isnan(group):
        return undefined(EMPTY, people=people)
    sizes = _sizes(whole)
    error = sqrt(float(whole.variance(SIGNS / whole.trials, whole.shares)[0]))
    apart = sum(p * (1 - p) / size for p, size in zip((rest, group), sizes, strict=True))
    scale = apart / error**2 if error > 0 and apart > 0 else 1.0
    others, own = (size * scale for size in sizes)
    low, high = newcombe(group, own, rest, others)
    return Result(
        estimate=group - rest,
        low=low,
        high=high,
        people=people,
        expected=0.0,
        expected_error=error,
        periods=(
            PeriodShare(share=rest, people=int(whole.people[0, REST]), size=others),
            PeriodShare(share=group, people=people, size=own),
        ),
    )


def equity_gap_adjusted(sums: GroupSums, part: Part = ()) -> Result:
    """Return the gap between people of the same stratum (Mantel & Haenszel's risk difference).

    Strata of at least `FEWEST_IN_STRATUM` people on both sides count, each with the weight
    ``d1 d0 / (d1 + d0)``. ``people`` are those of the smaller side, ``base`` what one person adds
    to the number in the stratum and on the side where that is most.

    References
    ----------
    Cochran 1954; Greenland & Robins 1985.
    """
    return _between_alike(sums, *_alike_weights(sums))


def equity_gap_standardised(sums: GroupSums, part: Part = ()) -> Result:
    """Return the gap if both sides were spread over the strata as everybody is.

    The directly standardised share of the group less that of the rest, over the strata that
    `equity_gap_adjusted` takes into account. That one gives most weight to strata in which both
    sides are large; this one answers what the gap would be without the difference in spread, and
    is less certain where a large stratum holds few of one side. Same result otherwise.

    References
    ----------
    Fleiss 1981, chapter 14; variance of a weighted sum of rates as in Fay & Feuer 1997, with that
    of clustered trials in each stratum.
    """
    return _between_alike(sums, *_standard_weights(sums))


def _between_alike(sums: GroupSums, weights: Array, kept: np.ndarray) -> Result:
    """Return a gap averaged over strata, from what one success of each adds to it."""
    people = int(sums.people_within(kept).min()) if kept.any() else 0
    if people < FEWEST_PEOPLE:
        return undefined(NOBODY_ALIKE, people=people)
    shares = np.nan_to_num(sums.shares)
    estimate = float((weights * sums.successes).sum())
    error = sqrt(float(sums.variance(weights, shares).sum()))
    # trials of the person behind a random trial: who has many of them counts for more
    each = divide(sums.moments[:, :, 3, 3], sums.trials, otherwise=0.0)
    return Result(
        estimate=estimate,
        low=estimate - Z95 * error,
        high=estimate + Z95 * error,
        people=people,
        expected=0.0,
        expected_error=error,
        base=float((np.abs(weights) * each).max()),
    )


def gap_shift(sums: GroupSums) -> tuple[float, float]:
    """Return the gap as it is less that between people alike, and the error of this difference.

    The error holds for people as they are spread over the strata.
    """
    alike, _ = _alike_weights(sums)
    weights = SIGNS * divide(1.0, sums.whole.trials, otherwise=0.0) - alike
    shares = np.nan_to_num(sums.shares)
    shift = float((weights * sums.successes).sum())
    return shift, sqrt(float(sums.variance(weights, shares).sum()))


def _alike_weights(sums: GroupSums) -> tuple[Array, np.ndarray]:
    """Return what one success of each stratum and side adds, and which strata count."""
    kept = _kept(sums)
    # d1 d0 / (d1 + d0) successes of each side, each of them worth 1 / d
    other = sums.trials[:, ::-1] / np.maximum(sums.trials.sum(axis=1), 1.0)[:, None]
    weights = other * kept[:, None]
    total = float((weights[:, GROUP] * sums.trials[:, GROUP]).sum())
    return SIGNS * weights / (total or 1.0), kept


def _standard_weights(sums: GroupSums) -> tuple[Array, np.ndarray]:
    """Return the same for strata that count as much as they hold of everybody's trials."""
    kept = _kept(sums)
    standard = sums.trials.sum(axis=1) * kept
    weights = divide(standard[:, None], sums.trials, otherwise=0.0) / (standard.sum() or 1.0)
    return SIGNS * weights * kept[:, None], kept


def _kept(sums: GroupSums) -> np.ndarray:
    """Return which strata hold enough people on both sides."""
    return ((sums.people >= FEWEST_IN_STRATUM) & (sums.trials > 0)).all(axis=1)


def _sizes(whole: GroupSums) -> tuple[float, float]:
    """Return the effective number of independent trials of each side by itself."""
    rest, group = (_size(whole, side) for side in (REST, GROUP))
    return rest, group


def _size(whole: GroupSums, side: int) -> float:
    (xx, xd), (_, dd) = whole.moments[0, side, 2:, 2:].tolist()
    trials, people = float(whole.trials[0, side]), float(whole.people[0, side])
    share = float(whole.shares[0, side])
    if not 0 < share < 1:
        # nothing varies, so people are counted instead
        return min(trials, people) if trials else float("nan")
    if whole.shared:
        # an offer between two people of one side is a trial of both, and no two trials
        weights = np.where(np.arange(2) == side, 1 / trials, 0.0)[None, :]
        variance = float(whole.variance(weights, np.nan_to_num(whole.shares))[0])
    else:
        variance = (xx - 2 * share * xd + share**2 * dd) / trials**2
    return float(effective_size(share, variance, trials))
