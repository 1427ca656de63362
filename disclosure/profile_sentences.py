"""Sentences on kinds of participation: how common, what is done in them, and by whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from disclosure.numbers import PublishedNumbers
from metrics.definition import Measure

if TYPE_CHECKING:
    from disclosure.sentences import Labels

STRONG = 0.3
"""Association from which on kinds track groups."""


def _quoted(labels: Labels) -> str:
    return f"\u201c{labels.groups[0]}\u201d"


def _share(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    when = f", {labels.period}" if labels.period else ""
    return f"in {labels.place}{when}: {_quoted(labels)} is {numbers.printed} of people"


def _habit(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    return f"{_quoted(labels)}: {numbers.printed} {labels.groups[1]}"


def _by_group(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    return f"{labels.among}: {_quoted(labels)} is {numbers.printed}"


def _association(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    strong = numbers.estimate > STRONG
    words = "track" if strong else "do not track"
    return f"the kinds of participation {words} {labels.breakdown} (Cramér's V {numbers.printed})"


PROFILE_SENTENCES: dict[str, Callable[[Measure, PublishedNumbers, Labels], str]] = {
    "profile_share": _share,
    "profile_habit": _habit,
    "profile_share_by_group": _by_group,
    "profile_association": _association,
}
PROFILE_BESIDE = {
    "profile_share": "; one quarter ago it was",
    "profile_habit": "; usual is",
    "profile_share_by_group": "; of everybody it is",
}
"""What an expected share of a kind is."""
