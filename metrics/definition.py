"""What a measure is: its result, and the one record that defines it for every reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal


class Unit(StrEnum):
    """What one unit of an estimate is; decides how the gate rounds it and how it is printed."""

    SHARE = "share"
    """A proportion between 0 and 1."""
    SHARE_RATIO = "share_ratio"
    """An observed share over an expected share; 1 = as expected. ``base`` is the expected share."""
    SHARE_BOUNDS = "share_bounds"
    """A share known only between two bounds, ``low`` and ``high``, since some data are missing."""
    COUNT_RATIO = "count_ratio"
    """An observed over an expected number of pairings; ``base`` is the expected number."""
    STAGE_RATIO = "stage_ratio"
    """One share over another, as that of pairings at an earlier stage; ``stages`` holds both."""
    RATIO_DERIVED = "ratio_derived"
    """A ratio worked out from published values alone; ``log_error`` is that of its logarithm."""
    TREND = "trend"
    """Change of a ratio per period; printed as a direction in words."""
    INDEX = "index"
    """Place of a share between the expected share, 0, and the two ends of what is possible, -1 and
    1 (see `inbreeding_homophily`). ``base`` is the expected share outside the group."""
    MEAN_RATIO = "mean_ratio"
    """A mean over the people of a group, over the mean of everybody; 1 = as everybody."""
    SHARE_CHANGE = "share_change"
    """A part of the difference of a share between two periods; see ``periods`` and ``split``."""
    SHARE_GAP = "share_gap"
    """A share less that of other people: of two published shares where ``periods`` holds the others
    and the group; else between people alike, with ``base`` what one person adds at most."""
    RATIO_CHANGE = "ratio_change"
    """A share ratio over that of an earlier period; 1 = no change. ``periods`` holds both."""
    POINTS = "points"
    """A mean on the item's own ``scale``, in points of it."""
    POINTS_CHANGE = "points_change"
    """A difference of means in points of the ``scale``: of the same people, or of two groups."""
    POINTS_DERIVED = "points_derived"
    """A change in points worked out from published values alone, so that it needs no rounding."""
    COEFFICIENT = "coefficient"
    """A reliability between 0 and 1 of a scale of ``base`` questions."""
    COUNTED = "counted"
    """A share of ``base`` events that are no people, such as alarms; printed exactly."""
    STANDARDISED_CHANGE = "standardised_change"
    """A change in points over ``base``, the standard deviation before; ``estimate`` is in points
    still, and the gate divides what is rounded by what is rounded."""
    SHARE_DERIVED = "share_derived"
    """A share worked out from published values alone, so that it needs no rounding in people."""
    RATIO_COMPARED = "ratio_compared"
    """A ratio that is published already with its interval, beside another such ratio."""
    POINTS_COMPARED = "points_compared"
    """A change in points that is published already, beside another such change."""
    SHARE_CHANGE_DERIVED = "share_change_derived"
    """A difference of shares worked out from published values alone, so that it needs no rounding
    in people."""
    EXPECTED_COUNT = "expected_count"
    """An expected number of people; ``base`` is the share of people that the average gives."""
    LIMITS = "limits"
    """A value with the limits within which others of one size lie by chance; ``low``, ``high``."""


class Sensitivity(StrEnum):
    """Which disclosure rule applies to a measure."""

    OPERATIONAL = "operational"
    """Participation, completion, feedback rate without a personal attribute."""
    ATTITUDE = "attitude"
    """Answers, ratings, and whatever is broken down by a personal attribute."""
    SPECIAL = "special"
    """Broken down by a special category of personal data."""


class Status(StrEnum):
    """Whether a result can be read as a number."""

    OK = "ok"
    UNDEFINED = "undefined"
    TOO_FEW = "too_few"


@dataclass(frozen=True, kw_only=True)
class StageShare:
    """One of two shares whose ratio is told, such as that of pairings that cross groups at a stage.

    Attributes
    ----------
    share : float
        Between 0 and 1.
    people : int
        Distinct people behind it.
    expected : bool
        True where it follows from headcounts, False where pairings were observed.
    """

    share: float
    people: int
    expected: bool = False


@dataclass(frozen=True, kw_only=True)
class PeriodShare:
    """The cross-group share of one of the two periods that are compared.

    Attributes
    ----------
    share : float
        Between 0 and 1.
    people : int
        Distinct people behind it.
    base : float
        The expected share that a ratio is relative to; 1 where there is no ratio.
    size : float
        Effective number of independent trials; 0 where no interval is made of it.
    """

    share: float
    people: int
    base: float = 1.0
    size: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Split:
    """The parts that sum to a change, and which of them a result is about.

    Attributes
    ----------
    parts : tuple of floats
        In the unit of the change.
    which : int
        Position of the part.
    """

    parts: tuple[float, ...]
    which: int


Part = tuple[int, ...]
"""Which part of a breakdown: () = all groups together, (g,) = group g, (g, h) = groups g with h."""

NAN = float("nan")


@dataclass(frozen=True, kw_only=True)
class Result:
    """One computed number, before the gate.

    Attributes
    ----------
    estimate : float
        In the unit of the measure; NaN when undefined.
    low, high : float
        Bounds of the 95 % interval, same unit; NaN when undefined.
    people : int
        Distinct people behind the number.
    pairs : int or None
        Pairings behind it, None where a measure does not rest on pairings.
    expected : float or None
        Value under the named null, same unit; None where there is no null.
    expected_error : float or None
        Standard deviation of the estimate under that null, same unit.
    base : float or None
        For a ratio, what it is relative to (see `Unit`); None for a share.
    share : float or None
        For an index, the share outside the group that it places: carried along, since a share
        worked back from the index may fall on the other side of a rounding.
    effective_size : float or None
        For a share or a share ratio: the number of independent trials that would give the same
        standard error; the gate recomputes the interval of the rounded value from it.
    log_error : float or None
        For a count or stage ratio: standard error of its logarithm, to the same end; None where
        nothing is estimated.
    stages : tuple of two StageShare, or None
        For a stage ratio: the share above, and the share below, as that at the stage before.
    periods : tuple of two PeriodShare, or None
        For a change: the earlier and the later period.
    split : Split or None
        For a part of a change: all parts, since they are rounded together.
    scale : tuple of two floats, or None
        For points: the lowest and the highest answer possible.
    spread : float or None
        For points: the standard error of the estimate times the square root of ``people``, which
        for a plain mean is the standard deviation; the gate recomputes the interval from it.
    status : Status
        ``undefined`` with a NaN estimate; ``too_few`` with an estimate too weak to judge.
    reason : str
        Why, in plain words, when the status is not ``ok``; else what had to be assumed, if
        anything.
    """

    estimate: float
    low: float = NAN
    high: float = NAN
    people: int = 0
    pairs: int | None = None
    expected: float | None = None
    expected_error: float | None = None
    base: float | None = None
    share: float | None = None
    effective_size: float | None = None
    log_error: float | None = None
    stages: tuple[StageShare, StageShare] | None = None
    periods: tuple[PeriodShare, PeriodShare] | None = None
    split: Split | None = None
    scale: tuple[float, float] | None = None
    spread: float | None = None
    status: Status = Status.OK
    reason: str = ""


def undefined(reason: str, *, people: int = 0, pairs: int | None = None) -> Result:
    """Return the result that says why there is no number."""
    return Result(estimate=NAN, people=people, pairs=pairs, status=Status.UNDEFINED, reason=reason)


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One measure: a pure function and what a reader must know about its number.

    Attributes
    ----------
    key : str
        Never changes; names the golden file, the glossary entry and the link.
    title : str
        Name on screen.
    question : str
        The one question that the number answers, in a user's words.
    reads : str
        The aggregate that it is computed from.
    compute : callable
        ``compute(aggregate, part)`` returns a `Result`; knows nothing of slices or disclosure.
    unit : Unit
        Unit of the estimate.
    sensitivity : Sensitivity
        Which disclosure rule applies.
    better : {"higher", "lower", "neither"}
        Which direction is good news, if any.
    definition : str
        How the number is made, in plain words, for the Methods page.
    caveat : str
        What the number does not say.
    source : str
        Who defined it; the formula's reference.
    """

    key: str
    title: str
    question: str
    reads: str
    compute: Callable[[Any, Part], Result]
    unit: Unit
    sensitivity: Sensitivity
    better: Literal["higher", "lower", "neither"]
    definition: str
    caveat: str
    source: str
