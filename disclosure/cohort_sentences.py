"""Sentences on cohorts beside their programme, and on programmes beside all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from disclosure.numbers import PublishedNumbers
from disclosure.printing import percent, signed_percent, signed_points
from metrics.definition import Measure

if TYPE_CHECKING:
    from disclosure.sentences import Labels

Words = Callable[[Measure, PublishedNumbers, "Labels"], str]
ALLOWED_FOR = "once size is allowed for,"


def _what(labels: Labels) -> str:
    return labels.groups[0] if labels.groups else "people meet outside their own group"


def _rate(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    return f"in {labels.place}, {numbers.printed} of {_what(labels)}"


def _rate_shrunk(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    return f"in {labels.place}, {ALLOWED_FOR} {numbers.printed} of {_what(labels)}"


def _ratio(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    own = f"outside their own {labels.breakdown}"
    return f"in {labels.place}, people meet {own} {numbers.printed} against a lottery"


def _ratio_shrunk(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    own = f"outside their own {labels.breakdown}"
    return f"in {labels.place}, {ALLOWED_FOR} people meet {own} {numbers.printed} against a lottery"


def _change(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    return f"in {labels.place}, {_what(labels)} changed by {numbers.printed}"


def _change_shrunk(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    return f"in {labels.place}, {ALLOWED_FOR} {_what(labels)} changed by {numbers.printed}"


def _limits(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    return f"in {labels.place}, what size alone allows: {numbers.printed}"


COHORT_SENTENCES: dict[str, Words] = {
    "cohort_rate": _rate,
    "cohort_rate_shrunk": _rate_shrunk,
    "cohort_ratio": _ratio,
    "cohort_ratio_shrunk": _ratio_shrunk,
    "cohort_change": _change,
    "cohort_change_shrunk": _change_shrunk,
    "cohort_limits": _limits,
}
COHORT_BESIDE: dict[str, Callable[[float], str]] = {
    "cohort_rate": percent,
    "cohort_ratio": signed_percent,
    "cohort_change": lambda change: signed_points(change, 0.01),
}
"""How the value of all of them together is written."""


def beside_all(measure: Measure, numbers: PublishedNumbers) -> str:
    """Return what all of them together show, as it ends a sentence."""
    if numbers.expected is None:
        return ""
    return f"; all together it is {COHORT_BESIDE[measure.key](numbers.expected)}"
