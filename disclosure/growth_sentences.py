"""The sentences of skills that are not plain changes: how people rate their earlier self."""

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


GROWTH_SENTENCES: dict[str, Callable[[Measure, PublishedNumbers, Labels], str]] = {
    "skill_response_shift": _response_shift,
}
"""How far the yardstick, or the recall, has moved."""
