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
    COUNT_RATIO = "count_ratio"
    """An observed over an expected number of pairings; ``base`` is the expected number."""
    TREND = "trend"
    """Change of a ratio per period; printed as a direction in words."""


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
    effective_size : float or None
        For a share or a share ratio: the number of independent trials that would give the same
        standard error; the gate recomputes the interval of the rounded value from it.
    log_error : float or None
        For a count ratio: standard error of its logarithm, to the same end.
    status : Status
        ``undefined`` with a NaN estimate; ``too_few`` with an estimate too weak to judge.
    reason : str
        Why, in plain words, when the status is not ``ok``.
    """

    estimate: float
    low: float = NAN
    high: float = NAN
    people: int = 0
    pairs: int | None = None
    expected: float | None = None
    expected_error: float | None = None
    base: float | None = None
    effective_size: float | None = None
    log_error: float | None = None
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
