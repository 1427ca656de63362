"""Crossing on one attribute once the others are taken into account."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from metrics.connection.counts import Array
from metrics.connection.cross_group import NO_PAIRINGS
from metrics.connection.judging import (
    ENOUGH_EXPECTED,
    FEW_EXPECTED,
    HARDLY_EXPECTED,
    LEAST_EXPECTED,
    NO_CHOICE,
)
from metrics.connection.patterns import DifferencePatterns
from metrics.definition import Measure, Part, Result, Sensitivity, Status, Unit, undefined
from metrics.division import divide
from metrics.intervals import effective_size, wilson

MOST_STEPS = 50
CONVERGED = 1e-10
LARGEST = 15.0
"""Beyond this logarithm an estimate runs away: nobody, or everybody, crosses."""
LEAST_OWN = 1e-6
"""Smallest share of what an attribute tells that the others may leave to it alone."""

INSEPARABLE = "these attributes differ together so often that they cannot be told apart"
UNSETTLED = "too few pairings cross, or too few do not, to take several attributes into account"


@dataclass(frozen=True, kw_only=True, eq=False)
class Preference:
    """How strongly each attribute moves who meets whom, the others held equal.

    Attributes
    ----------
    free : array of A booleans
        Which attributes leave the lottery a choice; the others have a ``slope`` of 0.
    slope : array of shape (A,)
        Logarithm of how much more often than a lottery two people meet who differ on the
        attribute than two who do not, alike in all others.
    information, start : arrays of shape (A, A)
        Curvature of the log likelihood at the slopes, and where all of them are 0.
    problem : str
        Why there are no slopes; empty when there are.
    """

    free: Array
    slope: Array
    information: Array
    start: Array
    problem: str = ""


def preference(patterns: DifferencePatterns) -> Preference:
    """Fit the slopes: within each stratum, chance of a pattern = lottery times exp(sum of slopes).

    The likelihood is that of a Poisson regression with offset log E and one constant per stratum,
    which keeps the number of pairings of every stratum as it was. Newton's method.

    References
    ----------
    Conditional logit: McFadden 1974; in networks: Wimmer & Lewis 2010.
    """
    shares = patterns.lottery_shares
    free = ((shares > 0) & (shares < 1)).any(axis=0)
    slope = np.zeros(patterns.size)
    start = information = _score(patterns, slope)[1]
    if _tied(start[np.ix_(free, free)]):
        return Preference(
            free=free, slope=slope, information=start, start=start, problem=INSEPARABLE
        )
    for _ in range(MOST_STEPS):
        score, information = _score(patterns, slope)
        kept = information[np.ix_(free, free)]
        if _tied(kept) or np.abs(slope).max(initial=0) > LARGEST:
            break
        step = np.linalg.solve(kept, score[free])
        # far from the top a full step may overshoot
        slope[free] += step / max(1.0, np.abs(step).max(initial=0))
        if np.abs(step).max(initial=0) < CONVERGED:
            return Preference(free=free, slope=slope, information=information, start=start)
    return Preference(
        free=free, slope=slope, information=information, start=start, problem=UNSETTLED
    )


def _score(patterns: DifferencePatterns, slope: Array) -> tuple[Array, Array]:
    """Return gradient and curvature of the log likelihood."""
    tilted = patterns.lottery * np.exp(patterns.bits @ slope)
    chance = divide(tilted, tilted.sum(axis=1, keepdims=True), otherwise=0)
    mean, weight = chance @ patterns.bits, patterns.stratum_weights
    second = np.einsum("p,pa,pb->ab", weight @ chance, patterns.bits, patterns.bits)
    return patterns.observed - weight @ mean, second - (mean * weight[:, None]).T @ mean


def _tied(information: Array) -> bool:
    """Tell whether some attribute says nothing that the others do not say."""
    if not information.size:
        return False
    scale = np.sqrt(np.diag(information))
    if not (scale > 0).all():
        return True
    alone = np.linalg.eigvalsh(information / np.outer(scale, scale)).min()
    return bool(alone < LEAST_OWN)


def adjusted_cross_group_ratio(patterns: DifferencePatterns, part: Part) -> Result:
    """Return the crossing on one attribute over a lottery, as if the others left people no reason.

    Parameters
    ----------
    patterns : DifferencePatterns
        Pairings of the slice by the attributes on which two people differ.
    part : Part
        (a,), the position of the attribute.

    Returns
    -------
    Result
        1 = as a lottery. With slope b and lottery share q_s in stratum s of weight W_s:
        ``sum W_s q_s e^b / (1 - q_s + q_s e^b) / sum W_s q_s``, the crossing that this attribute's
        own slope would give. With a single attribute exactly observed over expected. ``base`` is
        the expected share, ``effective_size`` from the dyad-robust variance of the slope,
        ``expected_error`` the standard deviation under a lottery, and beside other attributes at
        least the standard error. Undefined without a choice, with
        less than one crossing expected, and where the attributes cannot be told apart; too few
        below five.
    """
    number = part[0]
    pairs = round(patterns.pairings.sum())
    reason = _no_ratio(patterns, number)
    fitted = None if reason else preference(patterns)
    if fitted is not None:
        reason = fitted.problem
    if fitted is None or reason:
        return undefined(reason, people=patterns.people, pairs=pairs)
    return _result(patterns, fitted, number, pairs)


def _no_ratio(patterns: DifferencePatterns, number: int) -> str:
    if not patterns.pairings.any():
        return NO_PAIRINGS
    shares = patterns.lottery_shares[:, number]
    if not ((shares > 0) & (shares < 1)).any():
        return NO_CHOICE
    return HARDLY_EXPECTED if patterns.expected[number] < LEAST_EXPECTED else ""


def _result(patterns: DifferencePatterns, fitted: Preference, number: int, pairs: int) -> Result:
    weight, shares = patterns.stratum_weights, patterns.lottery_shares[:, number]
    base = patterns.expected[number] / weight.sum()
    moved = shares * np.exp(fitted.slope[number])
    own = moved / (1 - shares + moved)
    share = float(weight @ own / weight.sum())
    steep = weight @ (own * (1 - own)) / weight.sum()
    robust, floor = (variance[number, number] for variance in _variances(patterns, fitted))
    trials = share * (1 - share) / (steep**2 * floor)
    size = float(effective_size(share, steep**2 * robust, trials))
    low, high = wilson(share, size)
    flat = weight @ (shares * (1 - shares)) / weight.sum()
    chance = flat * _chance_variance(patterns, fitted)[number] ** 0.5
    if fitted.free.sum() > 1:
        # "this one does nothing" leaves the others what they do, which a lottery does not know of
        chance = max(chance, (share * (1 - share) / size) ** 0.5)
    few = patterns.expected[number] < ENOUGH_EXPECTED
    return Result(
        estimate=share / base,
        low=float(low / base),
        high=float(high / base),
        people=patterns.people,
        pairs=pairs,
        expected=1.0,
        expected_error=float(chance / base),
        base=float(base),
        effective_size=size,
        status=Status.TOO_FEW if few else Status.OK,
        reason=FEW_EXPECTED if few else "",
    )


def _variances(patterns: DifferencePatterns, fitted: Preference) -> tuple[Array, Array]:
    """Return the dyad-robust variance of the slopes, and that of independent pairs of people.

    A pairing moves the slopes by the inverse information times (what differs minus what is fitted
    in its stratum); the fitted share is the lottery's times observed over expected.
    """
    level = divide(patterns.observed, patterns.expected, otherwise=0)
    residual = np.hstack([np.eye(patterns.size), -np.diag(level)])
    bread = _inverse(fitted.information, fitted.free)
    people, pairs = (
        bread @ residual @ products @ residual.T @ bread
        for products in (patterns.person_products, patterns.pair_products)
    )
    return people - pairs, pairs


def _chance_variance(patterns: DifferencePatterns, fitted: Preference) -> Array:
    """Return the variance of each slope if only the lottery moved it, shape (A,)."""
    bread = _inverse(fitted.start, fitted.free)
    return np.maximum(np.diag(bread @ patterns.lottery_covariance @ bread), 0)


def _inverse(information: Array, free: Array) -> Array:
    inverse = np.zeros_like(information)
    chosen = np.ix_(free, free)
    inverse[chosen] = np.linalg.inv(information[chosen])
    return inverse


ADJUSTED_CROSS_GROUP_RATIO = Measure(
    key="adjusted_cross_group_ratio",
    title="Crossing, others taken into account",
    question="Is this attribute itself in the way, or others that go with it?",
    reads="difference patterns",
    compute=adjusted_cross_group_ratio,
    unit=Unit.SHARE_RATIO,
    sensitivity=Sensitivity.ATTITUDE,
    better="higher",
    definition=(
        "Attributes overlap: if functions sit at different locations, whoever meets few people "
        "of other locations also meets few of other functions. Up to four attributes are "
        "therefore looked at together. Among pairs of people who are alike in the other "
        "attributes, we see how much more or less often than in a lottery those who differ on "
        "this one meet, and translate that into the crossing that this attribute would bring "
        "about by itself. 1 means as a lottery. Only pairings in which all these attributes of "
        "both people are known are counted."
    ),
    caveat=(
        "Adjusted is not the same as true. If one attribute works through another, as when "
        "background decides who gets into which function, taking the other into account hides a "
        "gap that people do live with. Read the number beside the one for the attribute alone."
    ),
    source=(
        "Conditional logit with a lottery as its baseline: McFadden 1974, as used for ties "
        "across several attributes by Wimmer & Lewis 2010; variance: Fafchamps & Gubert 2007."
    ),
)
