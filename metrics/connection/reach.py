"""Who is left out: people whom nobody outside their group met, and people who met nobody at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from metrics.connection.counts import Array
from metrics.connection.cross_group import ONE_GROUP
from metrics.connection.judging import ABSENT
from metrics.definition import Measure, Part, Result, Sensitivity, Unit, undefined
from metrics.division import divide
from metrics.intervals import wilson

NOBODY = "nobody here had a conversation with a known partner"
NOT_RECORDED = "who could have taken part was not recorded"


@dataclass(frozen=True, kw_only=True, eq=False)
class Outreach:
    """Whom the people of each group reached in one slice, beside what a lottery would give.

    Attributes
    ----------
    people, reached : arrays of shape (K,)
        People of each group with a pairing, and those of them with a pairing outside the group.
    expected, independent : arrays of shape (K,)
        Mean of ``reached`` under the lottery, given everybody's number of pairings, and its
        variance if people were independent: sums of ``1 - q`` and ``q (1 - q)``, with q the
        product, over a person's seats, of the lottery's share inside the group.
    seats, inside_seats, missed_seats : arrays of shape (K,)
        Seats in pairings; those expected inside the group; and the sum over people of their
        number of seats times q.
    cross, cross_squared : arrays of shape (K,)
        Sums over people of their number of conversations outside the group, and of its square.
    unavoidable, unavoidable_squared, cross_unavoidable : arrays of shape (K,)
        Sums over people of the contacts outside the group that a lottery would give them, of their
        squares, and of their products with the conversations outside the group.
    whole_people, whole_reached, whole_expected, whole_independent : float
        The same four over everybody; a person who belonged to two groups counts once.
    """

    people: Array
    reached: Array
    expected: Array
    independent: Array
    seats: Array
    inside_seats: Array
    missed_seats: Array
    cross: Array
    cross_squared: Array
    unavoidable: Array
    unavoidable_squared: Array
    cross_unavoidable: Array
    whole_people: float
    whole_reached: float
    whole_expected: float
    whole_independent: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Silence:
    """People who could have taken part, and those who met nobody.

    Attributes
    ----------
    people, silent : arrays of shape (K,)
        By the group that people belonged to last.
    whole_people, whole_silent : float
        Everybody, people of unknown group included.
    """

    people: Array
    silent: Array
    whole_people: float
    whole_silent: float


def cross_group_reach(outreach: Outreach, part: Part = ()) -> Result:
    """Return the share of people with at least one completed pairing outside their group.

    Parameters
    ----------
    outreach : Outreach
        Sums of the slice.
    part : Part
        () for everybody, (g,) for one group.

    Returns
    -------
    Result
        A share in [0, 1]; interval: Wilson over people. ``expected``: the reach that activity
        alone explains, the mean over people of ``1 - q``; ``expected_error`` from
        `reach_variance`; both None where the lottery has no choice. Undefined without people and
        with a single group.
    """
    if np.count_nonzero(outreach.people) == 0:
        return undefined(NOBODY)
    people, reached, expected = _reached(outreach, part)
    if people == 0:
        return undefined(ABSENT)
    if np.count_nonzero(outreach.people) < 2:
        return undefined(ONE_GROUP, people=round(people))
    variance = reach_variance(outreach, part)
    low, high = wilson(reached / people, people)
    return Result(
        estimate=reached / people,
        low=float(low),
        high=float(high),
        people=round(people),
        expected=expected / people if variance > 0 else None,
        expected_error=variance**0.5 / people if variance > 0 else None,
        effective_size=people,
    )


def _reached(outreach: Outreach, part: Part) -> tuple[float, float, float]:
    if not part:
        return outreach.whole_people, outreach.whole_reached, outreach.whole_expected
    columns = (outreach.people, outreach.reached, outreach.expected)
    return tuple(float(column[part[0]]) for column in columns)


def reach_variance(outreach: Outreach, part: Part = ()) -> float:
    """Return the variance, under the lottery, of how many people reach outside their group.

    People are not independent: two who meet inside a group are both inside. To first order the
    covariance of two seats, weighted by how much each matters to its owner, adds
    ``A^2 (1 - s) (1 - 2 s) / (s^2 T)`` for a group and ``2 A_g A_h / T`` for two groups, with A the
    missed seats, s the share inside, T all seats. For one seat a person this is the variance of a
    random matching. It treats the strata of a slice as alike, which is exact for one of them.

    Parameters
    ----------
    outreach : Outreach
        Sums of the slice.
    part : Part
        () for everybody, (g,) for one group.

    Returns
    -------
    float
        0 where the lottery has no choice.
    """
    inside = divide(outreach.inside_seats, outreach.seats, otherwise=0)
    missed, seats = outreach.missed_seats, outreach.seats.sum()
    own = divide(missed**2 * (1 - inside) * (1 - 2 * inside), inside**2 * seats, otherwise=0)
    if part:
        group = part[0]
        return max(float(outreach.independent[group] + own[group]), 0.0)
    between = 2 * divide(missed.sum() ** 2 - (missed**2).sum(), seats, otherwise=0)
    return max(float(outreach.whole_independent + own.sum() + between), 0.0)


def no_conversation_share(silence: Silence, part: Part = ()) -> Result:
    """Return the share of the people who could have taken part that met nobody.

    Parameters
    ----------
    silence : Silence
        People of the slice.
    part : Part
        () for everybody, (g,) for one group.

    Returns
    -------
    Result
        A share in [0, 1]; interval: Wilson over people. For a group, ``expected`` is the share
        among everybody and ``expected_error`` its standard deviation for as many people drawn at
        random from everybody (hypergeometric); None for everybody, and where all or none met.
        Undefined where nobody could have taken part.
    """
    if silence.whole_people == 0:
        return undefined(NOT_RECORDED)
    people = float(silence.people[part[0]]) if part else silence.whole_people
    if people == 0:
        return undefined("nobody of this group could have taken part")
    share = float(silence.silent[part[0]]) / people if part else _silent(silence)
    low, high = wilson(share, people)
    error = _drawn_error(silence, people) if part else 0.0
    return Result(
        estimate=share,
        low=float(low),
        high=float(high),
        people=round(people),
        expected=_silent(silence) if error > 0 else None,
        expected_error=error if error > 0 else None,
        effective_size=people,
    )


def _silent(silence: Silence) -> float:
    return silence.whole_silent / silence.whole_people


def _drawn_error(silence: Silence, people: float) -> float:
    share, everybody = _silent(silence), silence.whole_people
    left = divide(everybody - people, everybody - 1, otherwise=0)
    return float((share * (1 - share) / people * left) ** 0.5)


CROSS_GROUP_REACH = Measure(
    key="cross_group_reach",
    title="Reach across groups",
    question="How many people have met anybody outside their own group?",
    reads="outreach",
    compute=cross_group_reach,
    unit=Unit.SHARE,
    sensitivity=Sensitivity.ATTITUDE,
    better="higher",
    definition=(
        "Of the people with a completed pairing, the share with at least one outside their own "
        "group. Beside it stands the reach that activity alone explains: the share expected if "
        "everybody's partners had been drawn by lottery in every round, given how many pairings "
        "each person had. Who has more pairings reaches further by arithmetic, and small groups "
        "further than large ones. The range of lotteries allows for people who meet each other "
        "being inside or outside together; it is approximate for conversations of more than two."
    ),
    caveat=(
        "One meeting is enough to count. People who met nobody at all are not in it; see the "
        "share without a conversation. Over a long time nearly everybody reaches somebody, so "
        "look at single programmes."
    ),
    source=(
        "Our own definition; the lottery as in the cross-group ratio. Interval: Wilson 1927. "
        "Covariance of seats under a random matching, to first order."
    ),
)

NO_CONVERSATION_SHARE = Measure(
    key="no_conversation_share",
    title="Without a conversation",
    question="How many of those who could take part have met nobody yet?",
    reads="silence",
    compute=no_conversation_share,
    unit=Unit.SHARE,
    sensitivity=Sensitivity.OPERATIONAL,
    better="lower",
    definition=(
        "Of the people who could have taken part, the share without any completed conversation "
        "with a known partner. People stand in the group they belonged to last. A group is "
        "compared with everybody: the range is what as many people drawn at random would show."
    ),
    caveat=(
        "It says neither why nobody was met nor whether anybody tried. People who joined shortly "
        "before the data end had little time."
    ),
    source=(
        "Our own definition: isolates of a network among those eligible. Interval: Wilson 1927; "
        "range: hypergeometric distribution."
    ),
)
