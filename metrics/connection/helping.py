"""Help given and received: who gives more help in conversations than comes back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from metrics.connection.counts import Array
from metrics.connection.where import shared_result
from metrics.definition import (
    Measure,
    Part,
    Result,
    Sensitivity,
    StageShare,
    Status,
    Unit,
    undefined,
)
from metrics.participation import RateMoments

NOBODY_SAID = "nobody said whether a conversation with people of this group helped"
NOBODY_ANSWERED = "nobody of this group said whether a conversation helped"
NEVER_HELPED = "nobody was helped"
ENOUGH = 5
"""Below this number of answers yes on either side a balance is too weak to judge."""
FEW = "fewer than five answers that a conversation helped"


@dataclass(frozen=True, kw_only=True, eq=False)
class HelpCounts:
    """Answers whether a conversation helped, as they concern the people of one group.

    An answer of a conversation with several others is about each of them in equal parts.

    Attributes
    ----------
    sums : array of shape (4,)
        Answers yes of those who talked with people of the group, all of these answers, answers yes
        of the group's own people, and all of theirs; in answers.
    persons, pairs : arrays of shape (4, 4)
        Sums over people, and over pairs of people, of the products of those parts of ``sums`` that
        touch them. An answer touches who gave it and who helped.
    expected : tuple of two floats
        The share of answers yes about the group, and of the group, if help depended on nothing but
        the cohort in which it was given; NaN without answers.
    people : tuple of two ints
        People behind the answers about the group, and behind those of the group: the fewer of those
        who answered and those who helped.

    Raises
    ------
    ValueError
        If the shapes do not fit.
    """

    sums: Array
    persons: Array
    pairs: Array
    expected: tuple[float, float]
    people: tuple[int, int]

    def __post_init__(self) -> None:
        for name, shape in (("sums", (4,)), ("persons", (4, 4)), ("pairs", (4, 4))):
            if getattr(self, name).shape != shape:
                raise ValueError(f"{name}: expected the shape {shape}")


def help_given(counts: HelpCounts, part: Part = ()) -> Result:
    """Return the share of answers yes among those who talked with people of the group.

    Parameters
    ----------
    counts : HelpCounts
        Answers that concern one group.
    part : Part
        Ignored; the counts belong to a group.

    Returns
    -------
    Result
        In [0, 1], with a Wilson interval robust to shared people (see `shared_result`). Undefined
        without answers.
    """
    return _share(counts, 0, NOBODY_SAID)


def help_received(counts: HelpCounts, part: Part = ()) -> Result:
    """Return the share of answers yes among the group's own people; see `help_given`."""
    return _share(counts, 1, NOBODY_ANSWERED)


def _share(counts: HelpCounts, side: int, empty: str) -> Result:
    people, yes, every = counts.people[side], 2 * side, 2 * side + 1
    if counts.sums[every] == 0:
        return undefined(empty, people=people)
    one, two = (
        (table[every, every], table[yes, every], table[yes, yes])
        for table in (counts.persons, counts.pairs)
    )
    moments = RateMoments(
        numerator=counts.sums[yes],
        denominator=counts.sums[every],
        people=people,
        denominator_squared=one[0],
        product=one[1],
        numerator_squared=one[2],
        pair_denominator_squared=two[0],
        pair_product=two[1],
        pair_numerator_squared=two[2],
    )
    return shared_result(moments, people)


def help_balance(counts: HelpCounts, part: Part = ()) -> Result:
    """Return how often a group gives help, over how often it gets help.

    Parameters
    ----------
    counts : HelpCounts
        Answers that concern one group.
    part : Part
        Ignored; the counts belong to a group.

    Returns
    -------
    Result
        ``stages`` holds the two shares, whose ratio is the estimate; 1 = as often. ``log_error``:
        with g and r the shares and G, R the answers yes of either side, the influence of an answer
        on log(g / r) is ``(y - g) / G`` where it is about the group, less ``(y - r) / R`` where it
        is of the group; the variance sums its squares over people, less over pairs, since two
        answers of the same two people share both (dyad-robust), and is at least that of
        independent pairs. ``expected``: the same ratio if help depended on the cohort alone.
        Undefined without answers on either side or without an answer yes; too few below five.

    References
    ----------
    Fafchamps & Gubert 2007; Aronow, Samii & Assenova 2015.
    """
    people = min(counts.people)
    given_yes, given, got_yes, got = counts.sums
    for answers, reason in ((given, NOBODY_SAID), (got, NOBODY_ANSWERED)):
        if answers == 0:
            return undefined(reason, people=people)
    if min(given_yes, got_yes) == 0:
        return undefined(NEVER_HELPED, people=people)
    shares = given_yes / given, got_yes / got
    influence = np.array([1 / given_yes, -1 / given, -1 / got_yes, 1 / got])
    clustered, independent = (influence @ table @ influence for table in _tables(counts))
    error = float(max(clustered - independent, independent, 0.0) ** 0.5)
    ratio, expected = shares[0] / shares[1], counts.expected[0] / counts.expected[1]
    few = min(given_yes, got_yes) < ENOUGH
    return Result(
        estimate=ratio,
        low=ratio * float(np.exp(-1.96 * error)),
        high=ratio * float(np.exp(1.96 * error)),
        people=people,
        expected=expected,
        expected_error=expected * error,
        log_error=error,
        stages=tuple(
            StageShare(share=share, people=behind)
            for share, behind in zip(shares, counts.people, strict=True)
        ),
        status=Status.TOO_FEW if few else Status.OK,
        reason=FEW if few else "",
    )


def _tables(counts: HelpCounts) -> tuple[Array, Array]:
    return counts.persons, counts.pairs


WITHIN = "Of all conversations, within the own group or across."
CROSSING = "Of conversations across groups alone."
CAVEAT = (
    "It is what people say, and only of conversations after which somebody answered: those who "
    "were helped may answer more readily. Whether help was asked for, and how much it took, is not "
    "known. In a conversation of several people each of the others counts in equal parts."
)
SOURCE = (
    "Our own definition: shares of answers, so that neither how many conversations people have nor "
    "how often they answer moves them."
)
INTERVAL = "Variance robust to shared people (Fafchamps & Gubert 2007)."


def _measures(suffix: str, scope: str, where: str) -> tuple[Measure, ...]:
    given = Measure(
        key=f"help_given{suffix}",
        title=f"Help given{where}",
        question="How often do those who talk with people of a group say that it helped them?",
        reads="help counts",
        compute=help_given,
        unit=Unit.SHARE,
        sensitivity=Sensitivity.ATTITUDE,
        better="neither",
        definition=(
            "Of the answers whether a conversation with people of the group helped, the share that "
            f"say yes. {scope}"
        ),
        caveat=CAVEAT,
        source=f"{SOURCE} Interval: Wilson 1927. {INTERVAL}",
    )
    received = Measure(
        key=f"help_received{suffix}",
        title=f"Help received{where}",
        question="How often do people of a group say that a conversation helped them?",
        reads="help counts",
        compute=help_received,
        unit=Unit.SHARE,
        sensitivity=Sensitivity.ATTITUDE,
        better="neither",
        definition=(
            "Of the answers of the group's own people whether a conversation helped them, the "
            f"share that say yes. {scope}"
        ),
        caveat=CAVEAT,
        source=f"{SOURCE} Interval: Wilson 1927. {INTERVAL}",
    )
    balance = Measure(
        key=f"help_balance{suffix}",
        title=f"Help given over help received{where}",
        question="Do people of a group give help more often than they get it?",
        reads="help counts",
        compute=help_balance,
        unit=Unit.STAGE_RATIO,
        sensitivity=Sensitivity.ATTITUDE,
        better="neither",
        definition=(
            "The share of conversations in which people of the group gave help, divided by the "
            f"share in which they got help. 1 means as often. {scope} Beside it stands the same "
            "ratio if help depended on nothing but the cohort."
        ),
        caveat=CAVEAT,
        source=f"{SOURCE} {INTERVAL}",
    )
    return balance, given, received


ACROSS = "_across"
MEASURES: tuple[Measure, ...] = (
    *_measures(ACROSS, CROSSING, " across groups"),
    *_measures("", WITHIN, ""),
)
