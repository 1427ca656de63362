"""Who carries the mixing: conversations across groups a head, beside what is unavoidable."""

from __future__ import annotations

import numpy as np
from scipy.special import chdtri

from metrics.connection.counts import Array
from metrics.connection.cross_group import ONE_GROUP
from metrics.connection.judging import ABSENT
from metrics.connection.reach import NOBODY, Outreach
from metrics.definition import Measure, Part, Result, Sensitivity, Unit, undefined
from metrics.division import divide
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
        1 = as everybody. ``log_error``: standard error of the logarithm, clustered by person.
        ``expected``: the unavoidable load, the same ratio of the contacts across groups that a
        lottery gives to people with as many pairings. For two groups of n and N - n people with
        one pairing each, the unavoidable loads stand as N - n to n. ``expected_error``: its product
        with the error of ``log(x_g / u_g) - log(x / u)``, where what depends on activity alone
        cancels. None where a lottery would give no crossing, or nothing else.
        Without any such conversation: 0, with an exact Poisson upper bound. Undefined without
        people, with one group, and where nobody crossed.
    """
    reason = _no_load(outreach, part)
    group = part[0]
    people = round(outreach.people[group])
    if reason:
        return undefined(reason, people=people)
    expected, expected_error = _unavoidable(outreach, group)
    load = _relative(outreach.cross, outreach.people, group)
    error = _log_error(outreach, group) if load else 2**0.5
    a_head = outreach.cross.sum() / outreach.people.sum()
    most = float(chdtri(2, 0.025) / 2 / (people * a_head))
    return Result(
        estimate=load,
        low=load * float(np.exp(-Z95 * error)),
        high=load * float(np.exp(Z95 * error)) if load else most,
        people=people,
        expected=expected,
        expected_error=expected_error,
        log_error=error,
    )


def is_overloaded(load: float, low: float, people_share: float) -> bool:
    """Tell whether a small group carries far more than its part, beyond noise."""
    return people_share < FEW_PEOPLE and load > HEAVY_LOAD and low > 1


def _no_load(outreach: Outreach, part: Part) -> str:
    if np.count_nonzero(outreach.people) == 0:
        return NOBODY
    if outreach.people[part[0]] == 0:
        return ABSENT
    if np.count_nonzero(outreach.people) < 2:
        return ONE_GROUP
    return "" if outreach.cross.sum() > 0 else NONE_ACROSS


def _relative(carried: Array, people: Array, group: int) -> float:
    return float(carried[group] / people[group] / (carried.sum() / people.sum()))


def _log_error(outreach: Outreach, group: int) -> float:
    """Return the error of the logarithm of a group's mean over everybody's mean.

    That two people share a conversation is not taken off, which keeps it on the safe side.
    """
    cross, people = outreach.cross, outreach.people
    squares = _influence(cross, people, (outreach.cross_squared, cross, people), group)
    # where all are equally active people do not differ, yet whom they meet is still a lottery
    inside = outreach.inside_seats[group] / outreach.seats[group]
    return float(max(squares, 2 * inside / outreach.seats[group]) ** 0.5)


def _unavoidable(outreach: Outreach, group: int) -> tuple[float | None, float | None]:
    """Return the load under a lottery and its standard deviation, None without a choice."""
    unavoidable, cross = outreach.unavoidable, outreach.cross
    inside = divide(outreach.inside_seats, outreach.seats, otherwise=0)
    if unavoidable[group] == 0 or not ((inside > 0) & (inside < 1)).any():
        return None, None
    expected = _relative(unavoidable, outreach.people, group)
    if cross[group] == 0:
        # nobody to estimate from: a Poisson number of meetings that two people share
        return expected, expected * float((2 / unavoidable[group]) ** 0.5)
    moments = (outreach.cross_squared, outreach.cross_unavoidable, outreach.unavoidable_squared)
    squares = _influence(cross, unavoidable, moments, group)
    own = inside[group]
    # two who meet inside a group are both inside; the sum over people has half of that variance
    shared = max(2 * own - divide(own, 1 - own, otherwise=0), 0.0) / outreach.seats[group]
    return expected, expected * float((squares + shared) ** 0.5)


def _influence(top: Array, base: Array, moments: tuple[Array, Array, Array], group: int) -> float:
    """Return the sum over people of the squared influence on log(x_g / y_g) - log(x / y).

    The influence of a person of the group is ``(x_i / x_g - y_i / y_g) - (x_i / x - y_i / y)``, of
    others only the second bracket.

    Parameters
    ----------
    top, base : arrays of shape (K,)
        Sums of x and y over the people of each group.
    moments : three arrays of shape (K,)
        Sums of x^2, x y and y^2.
    group : int
        The group g.
    """
    a, b = np.full(top.size, -1 / top.sum()), np.full(top.size, -1 / base.sum())
    a[group] += 1 / top[group]
    b[group] += 1 / base[group]
    squares = a**2 * moments[0] - 2 * a * b * moments[1] + b**2 * moments[2]
    return max(float(squares.sum()), 0.0)


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
        "the others are of another group. Repeated conversations of the same two people count. "
        "Beside it stands the unavoidable load: the same ratio if each pairing had met once and "
        "partners had been drawn by lottery in every round. If a group is a tenth of the people "
        "and all meet once, a member meets others nine times as often as a member of the rest."
    ),
    caveat=(
        "A small group meets others more often by arithmetic, even under a lottery: no colour "
        "does not mean no burden, so look at the number itself. The unavoidable load takes as "
        "given how many pairings people had. It counts meetings, not effort; help given and "
        "received stands beside it, where people were asked."
    ),
    source=(
        "Our own definition, with the expectation of a random matching inside each round; error: "
        "influence function of a ratio of means, clustered by person (Liang & Zeger 1986)."
    ),
)
