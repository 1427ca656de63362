"""The only maker of published cells: a result and a verdict become what everybody may read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import isnan

from disclosure.figures import PublishedNumbers, published_numbers, rounded_pairs
from disclosure.gate import Verdict
from disclosure.printing import HIDDEN, NOT_DEFINED
from disclosure.rounding import to_five
from disclosure.sentences import (
    Labels,
    hidden_sentence,
    phrase,
    sentence,
    small_reason,
    undefined_sentence,
)
from disclosure.thresholds import Thresholds
from metrics.definition import Measure, Result, Sensitivity, Status, Unit
from metrics.intervals import Z95

DECIMALS = 4
EXACT_DECIMALS = 12
"""Ratios of shares that are rounded already: their steps must multiply to the total."""
MEANS = (
    Unit.POINTS, Unit.POINTS_CHANGE, Unit.POINTS_COMPARED, Unit.STANDARDISED_CHANGE,
)  # fmt: skip
"""Means on a scale need more people than shares do."""
PROTECTS_REASON = "it would reveal a smaller group"


class CellStatus(StrEnum):
    """What a published cell is."""

    SHOWN = "shown"
    SMALL = "small"
    PROTECTS = "protects"
    UNDEFINED = "undefined"
    TOO_FEW = "too_few"


@dataclass(frozen=True, kw_only=True)
class PublishedCell:
    """One value as everybody may read it.

    Attributes
    ----------
    estimate, low, high : float or None
        In the unit of the measure, rounded; None where hidden or undefined.
    expected, lottery_low, lottery_high : float or None
        Value under the lottery and the range of 95 % of lotteries; None where there is none.
    people, pairs : int or None
        To the nearest five; None where hidden.
    status : CellStatus
        Whether there is a number, and if not, why.
    verdict : str
        Filled in by `disclosure.verdicts.judge` for a whole family of cells; empty before.
    printed : str
        The value as it is written.
    interval : str
        The interval as it is written; empty where there is none.
    phrase : str
        The value as it stands inside a sentence: ``18 % more often``.
    sentence : str
        The value in one plain sentence.
    reason : str
        Why it is hidden, undefined or too weak; of one that is shown, what had to be assumed.
    step : float or None
        Width of the range in which the exact distance from ``expected`` lies.
    """

    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    expected: float | None = None
    lottery_low: float | None = None
    lottery_high: float | None = None
    people: int | None = None
    pairs: int | None = None
    status: CellStatus
    verdict: str = ""
    printed: str
    interval: str = ""
    phrase: str = ""
    sentence: str
    reason: str = ""
    step: float | None = None


def publish(
    measure: Measure,
    result: Result,
    verdict: Verdict,
    thresholds: Thresholds,
    labels: Labels,
    *,
    sensitivity: Sensitivity | None = None,
) -> PublishedCell:
    """Return the published cell of a result.

    Parameters
    ----------
    measure : Measure
        What was measured.
    result : Result
        The exact result; nothing exact leaves this function.
    verdict : Verdict
        What the gate, or the rule for group by group tables, said. A result that rests on too few
        people is hidden whatever the verdict says.
    thresholds : Thresholds
        The thresholds in force.
    labels : Labels
        Names on screen of the slice, the breakdown, the groups and the period.
    sensitivity : Sensitivity, optional
        The rule in force, where it is stricter than the measure's own: an operational measure
        broken down by a personal attribute follows the rule for attitudes.
    """
    least = thresholds.least(sensitivity or measure.sensitivity)
    if measure.unit in MEANS:
        least = max(least, thresholds.mean)
    if verdict is Verdict.SMALL or result.people < least:
        return _small(measure, thresholds, labels, least)
    if verdict is Verdict.PROTECTS:
        return _hidden(CellStatus.PROTECTS, PROTECTS_REASON, labels)
    if result.status is Status.UNDEFINED or isnan(result.estimate):
        return _undefined(result, labels)
    return _shown(measure, result, labels)


def _small(measure: Measure, thresholds: Thresholds, labels: Labels, least: int) -> PublishedCell:
    between_groups = measure.unit is Unit.COUNT_RATIO
    return _hidden(CellStatus.SMALL, small_reason(thresholds, least, between_groups), labels)


def _hidden(status: CellStatus, reason: str, labels: Labels) -> PublishedCell:
    words = hidden_sentence(status is CellStatus.SMALL, reason, labels)
    return PublishedCell(status=status, printed=HIDDEN, reason=reason, sentence=words)


def _undefined(result: Result, labels: Labels) -> PublishedCell:
    return PublishedCell(
        people=to_five(result.people),
        pairs=rounded_pairs(result.pairs),
        status=CellStatus.UNDEFINED,
        printed=NOT_DEFINED,
        reason=result.reason,
        sentence=undefined_sentence(result.reason, labels),
    )


def _shown(measure: Measure, result: Result, labels: Labels) -> PublishedCell:
    numbers = published_numbers(measure.unit, result)
    lottery_low, lottery_high = _lottery(numbers)
    too_few = result.status is Status.TOO_FEW
    return PublishedCell(
        estimate=round(
            numbers.estimate, EXACT_DECIMALS if measure.unit is Unit.STAGE_RATIO else DECIMALS
        ),
        low=round(numbers.low, DECIMALS),
        high=round(numbers.high, DECIMALS),
        expected=None if numbers.expected is None else round(numbers.expected, DECIMALS),
        lottery_low=lottery_low,
        lottery_high=lottery_high,
        people=to_five(result.people),
        pairs=rounded_pairs(result.pairs),
        status=CellStatus.TOO_FEW if too_few else CellStatus.SHOWN,
        printed=numbers.printed,
        interval=numbers.interval,
        phrase=phrase(measure, numbers),
        sentence=sentence(measure, numbers, labels),
        reason=result.reason,
        step=round(numbers.step, DECIMALS),
    )


def _lottery(numbers: PublishedNumbers) -> tuple[float | None, float | None]:
    """Return the range of 95 % of lotteries, from rounded values alone."""
    if numbers.expected is None or numbers.expected_error is None:
        return None, None
    reach = Z95 * numbers.expected_error
    return numbers.expected - reach, numbers.expected + reach
