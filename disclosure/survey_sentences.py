"""The sentences of answers: where people learn, scales, and feedback after conversations."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from disclosure.printing import listed

if TYPE_CHECKING:
    from disclosure.numbers import PublishedNumbers
    from disclosure.sentences import Labels
    from metrics.definition import Measure

SURVEY_BESIDE = {
    "learning_source_share": "; at first it was",
    "ally_share": "; at first it was",
}
"""What an expected share of answers is."""


def _where(labels: Labels) -> str:
    parts = (f"in {labels.place}", labels.period, labels.among)
    return ", ".join(filter(None, parts))


def _learning_source(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    said = listed(labels.groups)
    return f"{_where(labels)}: {numbers.printed} say \u201c{said}\u201d"


def _response_rate(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    return f"{_where(labels)}: {numbers.printed} of those who take part answered"


def coefficient_sentence(measure: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    """Return how reliable a scale is."""
    name = measure.title.partition("(")[2].rstrip(")")
    return f"{listed(labels.groups)} is measured with a reliability ({name}) of {numbers.printed}"


def _feedback(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    scale = f" on a scale from {labels.scale}" if labels.scale else ""
    return f"{_where(labels)}: \u201c{listed(labels.groups)}\u201d is {numbers.printed}{scale}"


def _difference(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    asked = f"{_where(labels)}, the same people rate \u201c{listed(labels.groups)}\u201d"
    own = f"their own {labels.breakdown}"
    if numbers.estimate == 0:
        return f"{asked} alike after conversations outside {own} and within it"
    size = numbers.printed.lstrip("+\u2212±")
    way = "higher" if numbers.estimate > 0 else "lower"
    return f"{asked} {size} {way} after conversations outside {own} than within it"


def _band(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    score = f"{numbers.printed} score {labels.breakdown} on {listed(labels.groups)}"
    return f"{_where(labels)}: {score}"


def _ally(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    return f"{_where(labels)}: {numbers.printed} of those who had occasion say that they speak up"


def _no_occasion(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    return f"{_where(labels)}: there was no occasion to speak up in {numbers.printed} of answers"


SURVEY_SENTENCES: dict[str, Callable[[Measure, PublishedNumbers, Labels], str]] = {
    "learning_source_share": _learning_source,
    "survey_response_rate": _response_rate,
    "scale_band_share": _band,
    "feedback_mean": _feedback,
    "feedback_difference": _difference,
    "ally_share": _ally,
    "ally_no_occasion_share": _no_occasion,
}
