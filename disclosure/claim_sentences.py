"""The sentences of claims: what grew by how much more, beside what."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from disclosure.printing import listed

if TYPE_CHECKING:
    from disclosure.numbers import PublishedNumbers
    from disclosure.sentences import Labels
    from metrics.definition import Measure


def _what(labels: Labels) -> str:
    by = f", as seen by {labels.by}," if labels.by else ""
    return f"in {labels.place}, {listed(labels.groups)}{by}"


def _by(numbers: PublishedNumbers, more: str, less: str) -> str:
    """Return ``0.2 points more``, or ``as much`` where nothing is left after rounding."""
    size = numbers.printed.lstrip("+\u2212±")
    return f"{size} {more if numbers.estimate > 0 else less}"


def _lottery(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    own = labels.breakdown
    if numbers.estimate == 0:
        return (
            f"{_what(labels)} grew alike whether the lottery gave people of their own {own} or not"
        )
    return (
        f"{_what(labels)} grew by {_by(numbers, 'more', 'less')} where the lottery gave only "
        f"people of another {own} than where it gave only their own"
    )


def _start(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    if numbers.estimate == 0:
        return f"{_what(labels)} grew alike whether or not the programme had begun"
    return (
        f"{_what(labels)} grew by {_by(numbers, 'more', 'less')} since the programme began than "
        "among people for whom it had not begun"
    )


def _within(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    own = labels.breakdown
    if numbers.estimate == 0:
        return (
            f"{_what(labels)} is as high after conversations with another {own} as with one's own"
        )
    return (
        f"{_what(labels)} is {_by(numbers, 'higher', 'lower')} after five conversations with "
        f"another {own} than after five with one's own, in the same person"
    )


def _held(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    if numbers.estimate == 0:
        return f"{_what(labels)} is as high after more conversations as after fewer"
    return (
        f"{_what(labels)} is {_by(numbers, 'higher', 'lower')} after five more conversations, in "
        "the same person"
    )


def _modality(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    if numbers.estimate == 0:
        return f"{_what(labels)} is as high after learning from peers as from an instructor"
    return (
        f"{_what(labels)} is {_by(numbers, 'higher', 'lower')} after an activity led by peers than "
        "after one led by an instructor, in the same person"
    )


def _activities(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    return (
        f"in {labels.place}, {numbers.printed} of learning activities of one kind were completed: "
        f"{listed(labels.groups)}"
    )


def _outcome(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    alike = f", at equal {listed(labels.others)}" if labels.others else ""
    what = f"in {labels.place}{alike}, {listed(labels.groups)}"
    if numbers.estimate == 0:
        return f"{what} is as high among people who take part as among others"
    higher = _by(numbers, "higher", "lower")
    return f"{what} is {higher} among people who take part than among others"


def _between(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    what = f"in {labels.place}, {listed(labels.groups)}"
    if numbers.estimate == 0:
        return f"{what} is as high in cohorts that meet outside their {labels.breakdown} more often"
    higher = _by(numbers, "higher", "lower")
    return (
        f"{what} is {higher} in a cohort that meets outside its {labels.breakdown} 10 points more "
        "often"
    )


CLAIM_SENTENCES: dict[str, Callable[[Measure, PublishedNumbers, Labels], str]] = {
    "growth_by_lottery": _lottery,
    "growth_since_start": _start,
    "growth_within_person": _within,
    "growth_with_conversations": _held,
    "growth_by_modality": _modality,
    "activity_completion": _activities,
    "outcome_gap": _outcome,
    "outcome_gap_alike": _outcome,
    "outcome_between_cohorts": _between,
}
"""By measure; see `disclosure.sentences`."""
