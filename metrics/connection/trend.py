"""Whether crossing rises or falls against the lottery from period to period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from metrics.connection.counts import Array, PairingCounts
from metrics.connection.crossing import crossing
from metrics.definition import Measure, Part, Result, Sensitivity, Status, Unit, undefined
from metrics.intervals import Z95

ENOUGH_PERIODS = 3
"""Below this number of informative periods a trend is too weak to judge."""

FEW_PERIODS = "fewer than two periods in which people could cross or not"
SHORT_TREND = "fewer than three periods in which people could cross or not, too few to judge"


@dataclass(frozen=True, kw_only=True, eq=False)
class PeriodCounts:
    """Crossings by period, oldest first; all arrays of shape (T,).

    Attributes
    ----------
    labels : tuple of T str
        Names of the periods, equally spaced.
    observed, expected, variance : arrays
        Weight across groups, its mean and its variance under the lottery of the period.
    people, pairs : int
        Distinct people and pairings over all periods.
    """

    labels: tuple[str, ...]
    observed: Array
    expected: Array
    variance: Array
    people: int = 0
    pairs: int = 0

    def __post_init__(self) -> None:
        for name in ("observed", "expected", "variance"):
            array = np.asarray(getattr(self, name), dtype=float)
            if array.shape != (len(self.labels),):
                raise ValueError(f"{name}: expected {len(self.labels)} periods, got {array.shape}")
            object.__setattr__(self, name, array)

    @property
    def informative(self) -> int:
        """Return the number of periods in which the lottery had a choice."""
        return int(np.count_nonzero(self.variance > 0))


@dataclass(frozen=True, kw_only=True)
class Trend:
    """A trend test and the slope that goes with it.

    Attributes
    ----------
    z : float
        Standard normal if nothing but the lottery moves the crossings.
    slope : float
        Change of observed / expected per period.
    error : float
        Standard deviation of the slope under the lottery; ``slope / error = z``.
    """

    z: float
    slope: float
    error: float


def period_counts(
    labels: Sequence[str], counts: Sequence[PairingCounts], part: Part, people: int
) -> PeriodCounts:
    """Collect the crossings of one part from the pairing counts of each period.

    Parameters
    ----------
    labels, counts : sequences of equal length
        One entry per period, oldest first.
    part : Part
        () or (g,).
    people : int
        Distinct people over all periods, which cannot be added up from single periods.
    """
    periods = [crossing(each, part) for each in counts]
    return PeriodCounts(
        labels=tuple(labels),
        observed=np.array([each.observed for each in periods], dtype=float),
        expected=np.array([each.expected for each in periods], dtype=float),
        variance=np.array([each.variance for each in periods], dtype=float),
        people=people,
        pairs=sum(each.pairs for each in periods),
    )


def trend_test(observed: Array, expected: Array, variance: Array) -> Trend:
    """Test whether observed minus expected grows with time, and by how much.

    Parameters
    ----------
    observed, expected, variance : arrays of shape (T,)
        As in `PeriodCounts`; periods are numbered 0, 1, ... T - 1.

    Returns
    -------
    Trend
        With U = sum t (O - E) - (sum t V / sum V) sum (O - E) and
        I = sum t^2 V - (sum t V)^2 / sum V: ``z = U / sqrt(I)``. U / I is the change per period of
        the log odds of crossing; times sum V / sum E it is the change of the ratio, exactly so
        where V / E is the same in every period. All NaN with fewer than two informative periods.

    References
    ----------
    Score test for trend in stratified tables, as in the log-rank test: Tarone 1975.
    """
    total = variance.sum()
    if np.count_nonzero(variance > 0) < 2:
        return Trend(z=float("nan"), slope=float("nan"), error=float("nan"))
    time = np.arange(len(observed)) - (np.arange(len(observed)) * variance).sum() / total
    score = (time * (observed - expected)).sum()
    information = (time**2 * variance).sum()
    scale = total / expected.sum()
    return Trend(
        z=float(score / np.sqrt(information)),
        slope=float(scale * score / information),
        error=float(scale / np.sqrt(information)),
    )


def cross_group_trend(periods: PeriodCounts, part: Part = ()) -> Result:
    """Return the change of the cross-group ratio per period.

    Parameters
    ----------
    periods : PeriodCounts
        Crossings by period, already those of one part.
    part : Part
        Ignored; the periods belong to a part.

    Returns
    -------
    Result
        ``expected`` is 0 and ``estimate / expected_error`` is the z of `trend_test`. The interval
        reflects the lottery alone. Too few with two informative periods, undefined with fewer.
    """
    trend = trend_test(periods.observed, periods.expected, periods.variance)
    if np.isnan(trend.z):
        return undefined(FEW_PERIODS, people=periods.people, pairs=periods.pairs)
    few = periods.informative < ENOUGH_PERIODS
    return Result(
        estimate=trend.slope,
        low=trend.slope - Z95 * trend.error,
        high=trend.slope + Z95 * trend.error,
        people=periods.people,
        pairs=periods.pairs,
        expected=0.0,
        expected_error=trend.error,
        status=Status.TOO_FEW if few else Status.OK,
        reason=SHORT_TREND if few else "",
    )


CROSS_GROUP_TREND = Measure(
    key="cross_group_trend",
    title="Trend of crossing",
    question="Is crossing rising or falling against the lottery?",
    reads="crossings by period",
    compute=cross_group_trend,
    unit=Unit.TREND,
    sensitivity=Sensitivity.ATTITUDE,
    better="higher",
    definition=(
        "The average change of the cross-group ratio from one period to the next, with each "
        "period weighted by how much it can tell. It is tested against a lottery within each "
        "period, so that growth, hiring or a changed mix of groups cannot pose as a trend. At "
        "least three periods are needed."
    ),
    caveat=(
        "Where nobody is matched twice with the same partner, a small group runs out of "
        "partners of its own, and crossing rises by itself. A steady change is assumed; a "
        "single jump also shows as a trend."
    ),
    source=(
        "Score test for trend over strata, as in the log-rank trend test: Tarone 1975; "
        "moments of a random matching in each period."
    ),
)
