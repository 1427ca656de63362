"""Who carries the mixing: conversations across groups a head, and how much of it is arithmetic."""

from __future__ import annotations

import numpy as np
from scipy.stats import chi2

from metrics.connection.cross_group import ONE_GROUP
from metrics.connection.judging import ABSENT
from metrics.connection.reach import NOBODY, Outreach
from metrics.definition import Measure, Part, Result, Sensitivity, Unit, undefined
from metrics.intervals import Z95

NONE_ACROSS = "nobody met across groups here"
FEW_PEOPLE = 0.15
HEAVY_LOAD = 1.5


def mixing_load(outreach: Outreach, part: Part) -> Result:
    """Return a group's conversations across groups a head, over those of everybody a head.

    Parameters
    ----------
    outreach : Outreach
        Sums of the slice.
    part : Part
        (g,) for one group.

    Returns
    -------
    Result
        1 = as everybody. ``log_error``: standard error of the logarithm, clustered by person:
        the root of the sum over people of the squared influence on ``log(x_g / n_g) - log(x / n)``,
        and at least what a lottery alone varies, ``2 s / D`` of the group's D seats with share s
        inside. That two people share a conversation is not taken off: intervals of large groups
        are wider than need be.
        ``expected`` = 1 with the same error. Without any such conversation: 0, with an exact
        Poisson upper bound. Undefined without people, with one group, and where nobody crossed.
    """
    reason = _no_load(outreach, part, outreach.cross)
    group = part[0]
    people = round(outreach.people[group])
    if reason:
        return undefined(reason, people=people)
    load = _relative(outreach.cross, outreach.people, group)
    if load == 0:
        a_head = outreach.cross.sum() / outreach.people.sum()
        most = float(chi2.ppf(0.975, 2) / 2 / (people * a_head))
        return Result(estimate=0.0, low=0.0, high=most, people=people, log_error=2**0.5)
    error = _log_error(outreach, group)
    return Result(
        estimate=load,
        low=load * float(np.exp(-Z95 * error)),
        high=load * float(np.exp(Z95 * error)),
        people=people,
        expected=1.0,
        expected_error=error,
        log_error=error,
    )


def unavoidable_load(outreach: Outreach, part: Part) -> Result:
    """Return what `mixing_load` would be if each pairing met once and were drawn by lottery.

    Parameters
    ----------
    outreach : Outreach
        Sums of the slice.
    part : Part
        (g,) for one group.

    Returns
    -------
    Result
        1 = as everybody; counted, not estimated, so that low = high = estimate. For two groups of
        n and N - n people with one pairing each, the loads stand as N - n to n. Undefined as
        `mixing_load`, and where the lottery would give no crossing.
    """
    reason = _no_load(outreach, part, outreach.unavoidable)
    people = round(outreach.people[part[0]])
    if reason:
        return undefined(reason, people=people)
    load = _relative(outreach.unavoidable, outreach.people, part[0])
    return Result(estimate=load, low=load, high=load, people=people, log_error=0.0)


def is_overloaded(load: float, low: float, people_share: float) -> bool:
    """Tell whether a small group carries far more than its part, beyond noise."""
    return people_share < FEW_PEOPLE and load > HEAVY_LOAD and low > 1


def _no_load(outreach: Outreach, part: Part, carried: np.ndarray) -> str:
    if np.count_nonzero(outreach.people) == 0:
        return NOBODY
    if outreach.people[part[0]] == 0:
        return ABSENT
    if np.count_nonzero(outreach.people) < 2:
        return ONE_GROUP
    return "" if carried.sum() > 0 else NONE_ACROSS


def _relative(carried: np.ndarray, people: np.ndarray, group: int) -> float:
    return float(carried[group] / people[group] / (carried.sum() / people.sum()))


def _log_error(outreach: Outreach, group: int) -> float:
    """Return the error of the logarithm of a group's mean over everybody's mean.

    The influence of a person of the group is ``(x / x_g - 1 / n_g) - (x / x - 1 / n)``, of others
    only the second bracket.
    """
    cross, people = outreach.cross, outreach.people
    slope, level = np.full(cross.size, -1 / cross.sum()), np.full(cross.size, 1 / people.sum())
    slope[group] += 1 / cross[group]
    level[group] -= 1 / people[group]
    squares = slope**2 * outreach.cross_squared + 2 * slope * level * cross + level**2 * people
    # where all are equally active people do not differ, yet whom they meet is still a lottery
    inside = outreach.inside_seats[group] / outreach.seats[group]
    by_lottery = 2 * inside / outreach.seats[group]
    return float(max(squares.sum(), by_lottery) ** 0.5)


MIXING_LOAD = Measure(
    key="mixing_load",
    title="Who carries the mixing",
    question="Do the same few people have to meet everybody else?",
    reads="outreach",
    compute=mixing_load,
    unit=Unit.MEAN_RATIO,
    sensitivity=Sensitivity.ATTITUDE,
    better="neither",
    definition=(
        "Completed conversations with people of other groups, per person of the group with any "
        "conversation, divided by the same for everybody. 1 means as everybody, 1.6 means six "
        "tenths more. A conversation of more than two people counts in part, by how many of "
        "the others are of another group. Repeated conversations of the same two people count."
    ),
    caveat=(
        "A small group meets others more often by arithmetic, even under a lottery; the "
        "unavoidable load beside it says how much. Help given and received is not recorded, so "
        "this counts meetings, not effort."
    ),
    source=(
        "Our own definition; error: influence function of a ratio of means, clustered by person "
        "(Liang & Zeger 1986)."
    ),
)

UNAVOIDABLE_LOAD = Measure(
    key="unavoidable_load",
    title="Unavoidable load",
    question="How much of the mixing would a group carry under a lottery?",
    reads="outreach",
    compute=unavoidable_load,
    unit=Unit.MEAN_RATIO,
    sensitivity=Sensitivity.ATTITUDE,
    better="neither",
    definition=(
        "Contacts with other groups per person that a lottery in every round would give to "
        "people with as many pairings as they had, divided by the same for everybody. If a group "
        "is a tenth of the people and all meet once, a member meets others nine times as often "
        "as a member of the rest."
    ),
    caveat=(
        "It takes as given how many pairings people had. A group that is asked more often has a "
        "larger unavoidable load as well."
    ),
    source="Our own definition, with the expectation of a random matching inside each round.",
)
