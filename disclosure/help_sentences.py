"""The sentences of help given and received in conversations."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from disclosure.printing import percent

if TYPE_CHECKING:
    from disclosure.numbers import PublishedNumbers
    from disclosure.sentences import Labels
    from metrics.definition import Measure

Sentence = Callable[["Measure", "PublishedNumbers", "Labels"], str]


def _where(measure: Measure, labels: Labels) -> str:
    across = f" across {labels.breakdown}" if measure.key.endswith("_across") else ""
    return f"in {labels.place}, in conversations{across},"


def _given(measure: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    told = f"{numbers.printed} of those who talked with {labels.among} say that it helped them"
    return f"{_where(measure, labels)} {told}"


def _received(measure: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    often = f"in {numbers.printed} of their answers"
    return f"{_where(measure, labels)} {labels.among} say {often} that it helped them"


def _balance(measure: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    difference = round(100 * (numbers.estimate - 1))
    if difference == 0:
        often = "as often as they get it"
    else:
        way = "more" if difference > 0 else "less"
        often = f"{percent(abs(difference) / 100)} {way} often than they get it"
    return f"{_where(measure, labels)} {labels.among} give help {often}"


HELP_SENTENCES: dict[str, Sentence] = {
    f"{key}{scope}": words
    for key, words in (
        ("help_given", _given),
        ("help_received", _received),
        ("help_balance", _balance),
    )
    for scope in ("", "_across")
}
