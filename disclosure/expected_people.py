"""An expected number of people as it may be published: whole people, and what follows from them."""

from __future__ import annotations

from disclosure.numbers import PublishedNumbers
from disclosure.printing import bounded, whole
from disclosure.rounding import Tail, significant_up, to_five
from metrics.definition import Result
from metrics.engagement.risk import interval

ERROR_DIGITS = 2
UNDER_ONE = 0.5


def expected_people(result: Result) -> PublishedNumbers:
    """Return an expected number; the average beside it is that of as many people as are printed.

    An average of the exact people would tell how many they are, since all cohorts share it.
    """
    people = to_five(result.people)
    value = _whole(result.estimate)
    low, high = interval(value, significant_up(result.log_error or 0.0, ERROR_DIGITS))
    tail: Tail = "under" if value == UNDER_ONE else ""
    beside = None if result.base is None else _whole(result.base * people)
    return PublishedNumbers(
        estimate=value,
        low=low,
        high=max(min(high, float(people)), value),
        expected=beside,
        expected_error=significant_up(result.expected_error or 0.0, ERROR_DIGITS),
        step=1.0 if beside is None else 2.0,
        tail=tail,
        bound=1.0 if tail else float("nan"),
        printed=people_words(value),
        interval=f"{whole(low)} to {whole(max(min(high, people), value))}",
    )


def _whole(number: float) -> float:
    return max(float(round(number)), UNDER_ONE)


def people_words(number: float) -> str:
    """Return a published number of people as ``6``, or ``under 1``."""
    under = number <= UNDER_ONE
    return bounded("under" if under else "", whole(1.0 if under else number))


def beside_average(numbers: PublishedNumbers) -> str:
    """Return what the average gives, as it ends a sentence."""
    if numbers.expected is None:
        return ""
    return f"; the average gives {people_words(numbers.expected)}"
