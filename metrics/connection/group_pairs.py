"""Who meets whom: the pairings of two groups against those that a lottery would give."""

from __future__ import annotations

import numpy as np
from scipy.special import chdtri

from metrics.connection.counts import PairingCounts
from metrics.connection.crossing import Crossing, cell
from metrics.connection.dyads import floored_variance, log_ratio_gradient
from metrics.connection.judging import ABSENT, judged, no_ratio
from metrics.definition import Measure, Part, Result, Sensitivity, Unit, undefined
from metrics.intervals import Z95

ALONE = "a group of one person cannot meet itself"
APART = "people of these two groups could never be drawn together"


def group_pair_ratio(counts: PairingCounts, part: Part) -> Result:
    """Return the pairings between two groups, or inside one, over those a lottery would give.

    Parameters
    ----------
    counts : PairingCounts
        Pairings of the slice and period.
    part : Part
        (g, h); (g, g) for pairings inside a group.

    Returns
    -------
    Result
        1 = as a lottery; ``base`` = the expected weighted number of pairings. ``log_error`` from
        the dyad-robust variance of the logarithm of the ratio, at least what distinct pairs or the
        lottery alone would give. Without any pairing: estimate 0, an exact Poisson upper bound,
        and the ``log_error`` of half a pairing. Undefined where the lottery cannot fill the cell,
        has no choice, or would give less than one pairing; too few below five.
    """
    g, h = sorted(part)
    found = cell(counts, g, h)
    reason = _no_cell(counts, g, h) or no_ratio(found, APART)
    if reason:
        return undefined(reason, people=found.people, pairs=found.pairs)
    ratio = found.observed / found.expected
    error = _log_error(counts, found, g, h) if found.observed > 0 else 2**0.5
    high = ratio * np.exp(Z95 * error) if ratio else chdtri(2, 0.025) / 2 / found.expected
    result = Result(
        estimate=ratio,
        low=float(ratio * np.exp(-Z95 * error)),
        high=float(high),
        people=found.people,
        pairs=found.pairs,
        expected=1.0,
        expected_error=found.variance**0.5 / found.expected,
        base=found.expected,
        log_error=error,
    )
    return judged(result, found)


def _log_error(counts: PairingCounts, found: Crossing, g: int, h: int) -> float:
    gradient = log_ratio_gradient(counts.mixing, g, h)
    variance = floored_variance(gradient, counts.contact_moments, counts.pair_squares)
    return float(max(variance, found.variance / found.expected**2) ** 0.5)


def _no_cell(counts: PairingCounts, g: int, h: int) -> str:
    if counts.people[g] == 0 or counts.people[h] == 0:
        return ABSENT
    return ALONE if g == h and counts.people[g] == 1 else ""


GROUP_PAIR_RATIO = Measure(
    key="group_pair_ratio",
    title="Who meets whom",
    question="Which two groups meet more, or less, often than a lottery would give?",
    reads="pairing counts",
    compute=group_pair_ratio,
    unit=Unit.COUNT_RATIO,
    sensitivity=Sensitivity.ATTITUDE,
    better="neither",
    definition=(
        "The number of pairings between two groups, or inside one group, divided by the number "
        "expected if partners had been drawn again by lottery in every round. 1 means as a "
        "lottery. Not defined where the two groups could not meet, or fewer than one such "
        "pairing would be expected; too few to judge below five."
    ),
    caveat=(
        "Many pairs of groups are looked at together, so some stand out by chance; only those "
        "that stay beyond noise after allowing for this are coloured. More meetings inside a "
        "group always mean fewer across, so the cells of a row move together."
    ),
    source=(
        "Observed over expected mixing: Newman 2003; moments of a random matching inside "
        "strata; interval on the logarithm with the dyad-robust variance of Fafchamps & "
        "Gubert 2007."
    ),
)
