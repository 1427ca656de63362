"""Sentences of skills that are no plain changes: the earlier self, and gaps between groups."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from disclosure.printing import listed

if TYPE_CHECKING:
    from disclosure.numbers import PublishedNumbers
    from disclosure.sentences import Labels
    from metrics.definition import Measure


def _response_shift(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    where = ", ".join(filter(None, (f"in {labels.place}", labels.among)))
    said = f"{where}: {listed(labels.groups)} at first, as people recall it, is"
    if numbers.estimate == 0:
        return f"{said} what they rated it at the time"
    size = numbers.printed.lstrip("+\u2212±")
    way = "higher" if numbers.estimate > 0 else "lower"
    return f"{said} {size} {way} than they rated it at the time"


def _gap(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    alike = f", at equal {listed(labels.others)}" if labels.others else ""
    start = f"in {labels.place}{alike}, people whose {labels.breakdown} is {labels.groups[1]}"
    what = f"in {labels.groups[0]}, as seen by {labels.by}"
    if numbers.estimate == 0:
        return f"{start} gained as much as everybody else {what}"
    size = numbers.printed.lstrip("+\u2212±")
    way = "more" if numbers.estimate > 0 else "less"
    return f"{start} gained {size} {way} than everybody else {what}"


GROWTH_SENTENCES: dict[str, Callable[[Measure, PublishedNumbers, Labels], str]] = {
    "skill_response_shift": _response_shift,
    "growth_gap": _gap,
    "growth_gap_adjusted": _gap,
}
"""How far the yardstick, or the recall, has moved; and gaps in growth, by measure."""
