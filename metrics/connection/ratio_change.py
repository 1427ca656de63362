"""Whether crossing against a lottery changed between two quarters, and how much more would tell."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt

from scipy.special import ndtri

from metrics.connection.counts import PairingCounts
from metrics.connection.cross_group import cross_group_ratio
from metrics.definition import (
    Measure,
    Part,
    PeriodShare,
    Result,
    Sensitivity,
    Status,
    Unit,
    undefined,
)
from metrics.intervals import Z95

POWER = 0.8
"""How often a change of the size looked for should be recognised."""
REACH = Z95 + float(ndtri(POWER))
"""Standard errors that a change must measure to be recognised that often, 2.80."""
NO_CROSSINGS = "in one of the two quarters nobody crossed, so there is no factor between them"


@dataclass(frozen=True, kw_only=True, eq=False)
class TwoPeriods:
    """Pairing counts of an earlier and a later period, with the distinct people of each."""

    earlier: PairingCounts
    later: PairingCounts
    people: tuple[int, int]


def log_error(share: float, size: float) -> float:
    """Return the standard error of the logarithm of a share with an effective size.

    ``sqrt((1 - p) / (p n))``, which is sqrt(V) / p for V = p (1 - p) / n.

    Examples
    --------
    >>> round(log_error(0.5, 100), 3)
    0.1
    """
    return sqrt((1 - share) / (share * size))


def change_error(earlier: PeriodShare, later: PeriodShare) -> float:
    """Return the standard error of the logarithm of the change of a ratio.

    ``SE^2 = V_0 / p_0^2 + V_1 / p_1^2``: the expected shares are taken as known, the two periods as
    independent. The same people in both make the true error smaller.
    """
    return sqrt(sum(log_error(each.share, each.size) ** 2 for each in (earlier, later)))


def ratio_change(periods: TwoPeriods, part: Part = ()) -> Result:
    """Return the cross-group ratio of the later period over that of the earlier one.

    Parameters
    ----------
    periods : TwoPeriods
        The slice in both periods.
    part : Part
        () for all groups together.

    Returns
    -------
    Result
        1 = no change. ``log_error`` from `change_error`; the interval is symmetric in logarithms.
        ``people`` are those of the smaller period. Undefined where a ratio is, and where nobody
        crossed; too few where a ratio is.
    """
    both = [cross_group_ratio(counts, part) for counts in (periods.earlier, periods.later)]
    people = min(periods.people)
    pairs = sum(each.pairs or 0 for each in both)
    for each in both:
        if each.status is Status.UNDEFINED:
            return undefined(each.reason, people=people, pairs=pairs)
    if any(each.estimate == 0 for each in both):
        return undefined(NO_CROSSINGS, people=people, pairs=pairs)
    return _changed(both, periods, people, pairs)


def _changed(both: list[Result], periods: TwoPeriods, people: int, pairs: int) -> Result:
    earlier, later = (
        PeriodShare(
            share=each.estimate * each.base,
            people=there,
            base=each.base,
            size=each.effective_size,
        )
        for each, there in zip(both, periods.people, strict=True)
    )
    change, error = both[1].estimate / both[0].estimate, change_error(earlier, later)
    weak = [each for each in both if each.status is Status.TOO_FEW]
    return Result(
        estimate=change,
        low=change * exp(-Z95 * error),
        high=change * exp(Z95 * error),
        people=people,
        pairs=pairs,
        expected=1.0,
        expected_error=error,
        log_error=error,
        periods=(earlier, later),
        status=weak[0].status if weak else Status.OK,
        reason=weak[0].reason if weak else "",
    )


def pairings_needed(
    pairs: float, error: float, half_step: float, finest: float, smallest: float
) -> float:
    """Return how many more pairings would recognise a change of the size looked for.

    Parameters
    ----------
    pairs : float
        Pairings so far, of both periods; 0 or more.
    error : float
        Standard error e of the logarithm of the change so far.
    half_step, finest : float
        What rounding takes off a change before it is judged, as a part of it: so far (h), and at
        the least however many people there are (f).
    smallest : float
        The change looked for: 0.05 is 5 %.

    Returns
    -------
    float
        So many more that a true change of that size is called real in four of five cases, by a
        test on its own; its interval is then narrower than the size on both sides. Where g times
        as many people meet as often as now, e falls as 1 / sqrt(g) and h as 1 / g, so g is the
        smallest with ``log(1 + smallest) >= 2.80 e / sqrt(g) + max(h / g, f)``. 0 where there are
        enough, infinite where rounding hides such a change however many there are.

    Examples
    --------
    >>> round(pairings_needed(100, 0.2, 0.0, 0.0, 0.2))
    844
    """
    room, reach = log(1 + smallest), REACH * error
    if room <= finest:
        return float("inf")
    # with u = 1 / sqrt(g): h u^2 + 2.80 e u = room, in the form that holds for h = 0 as well
    inverse_root = 2 * room / (reach + sqrt(reach**2 + 4 * half_step * room))
    growth = max(inverse_root**-2, (reach / (room - finest)) ** 2)
    return max(pairs * (growth - 1), 0.0)


RATIO_CHANGE = Measure(
    key="ratio_change",
    title="Change of crossing against a lottery",
    question="Did crossing change since the earlier quarter, beyond noise?",
    reads="pairing counts of two periods",
    compute=ratio_change,
    unit=Unit.RATIO_CHANGE,
    sensitivity=Sensitivity.ATTITUDE,
    better="higher",
    definition=(
        "The cross-group ratio of a quarter divided by that of an earlier one: 1.05 means that "
        "people cross 5 % more often against a lottery than before. It is called a real change "
        "where no change at all is ruled out, after allowing for all changes judged together; "
        "no change larger than so much where the whole interval lies that close to no change; and "
        "too early otherwise, with the number of pairings after which a change of that size would "
        "be recognised in four of five cases."
    ),
    caveat=(
        "Growth, hiring or a changed mix of groups cannot pose as a change, since every quarter is "
        "held against its own lottery. It does not say what brought the change about. The number "
        "of pairings still needed is an order of magnitude: it counts on more people who meet as "
        "often as now in both quarters. The same people meeting more often tell less."
    ),
    source=(
        "Difference of logarithms with dyad-robust variances (Fafchamps & Gubert 2007), held "
        "against a smallest difference that matters as in equivalence tests: Schuirmann 1987."
    ),
)
