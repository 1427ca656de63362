"""One plain sentence for every published value, made from published numbers and labels alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from disclosure.figures import PublishedNumbers
from disclosure.printing import NARROW_SPACE, percent
from disclosure.thresholds import Thresholds
from metrics.definition import Measure, Unit

LOTTERY = "than a lottery would give"
LOTTERY_AVAILABLE = "than a lottery among the people available would give"

AS_OFTEN = {
    "": "as often as",
    "under": "at most as often as",
    "over": "at least as often as",
}


@dataclass(frozen=True, kw_only=True)
class Labels:
    """Names on screen.

    Attributes
    ----------
    place : str
        The slice, fit to follow "in": ``the whole organisation``.
    breakdown : str
        The attribute, singular and lower case: ``function``; empty without one.
    groups : tuple of str
        The groups that the part names: none, one, or two for a cell between groups.
    period : str
        The period, empty for all.
    """

    place: str
    breakdown: str = ""
    groups: tuple[str, ...] = ()
    period: str = ""


def small_reason(thresholds: Thresholds, least: int, between_groups: bool) -> str:
    """Return the rule that hides a small cell; it never says how small."""
    if between_groups:
        return (
            f"fewer than {thresholds.side} people on a side or "
            f"fewer than {thresholds.distinct_pairs} pairs"
        )
    return f"fewer than {least} people"


def hidden_sentence(small: bool, reason: str, labels: Labels) -> str:
    """Return why a value is hidden."""
    rule = f"{reason}, so it stays hidden" if small else f"hidden, since {reason}"
    return f"{_capital(_subject(labels))}: {rule}."


def undefined_sentence(reason: str, labels: Labels) -> str:
    """Return why there is no value."""
    why = f", since {reason}" if reason else ""
    return f"{_capital(_subject(labels))}: not defined{why}."


def sentence(measure: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    """Return what a value says, with its interval, in at most about 35 words."""
    words = BY_MEASURE.get(measure.key, BY_UNIT[measure.unit])(measure, numbers, labels)
    beside = _lottery_beside(numbers) if measure.unit is Unit.SHARE else ""
    return f"{_capital(words)} (95{NARROW_SPACE}% interval {numbers.interval}){beside}."


def phrase(measure: Measure, numbers: PublishedNumbers) -> str:
    """Return a value as it stands inside a sentence: ``18 % more often``, or as it is printed."""
    if measure.unit not in (Unit.SHARE_RATIO, Unit.COUNT_RATIO):
        return numbers.printed
    same = "as often"
    return _how_often(numbers, "").strip() or same


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _where(labels: Labels) -> str:
    return f"in {labels.place}, {labels.period}" if labels.period else f"in {labels.place}"


def _people(labels: Labels) -> str:
    if len(labels.groups) != 1:
        return "people"
    return f"people whose {labels.breakdown} is {labels.groups[0]}"


def _subject(labels: Labels) -> str:
    groups = " with ".join(dict.fromkeys(labels.groups))
    return f"{groups}, {_where(labels)}" if groups else _where(labels)


def _among(labels: Labels) -> str:
    return f"{_where(labels)}, among {_people(labels)}," if labels.groups else f"{_where(labels)},"


def _how_often(numbers: PublishedNumbers, lottery: str) -> str:
    value = numbers.bound if numbers.tail else numbers.estimate
    difference = round(100 * (value - 1))
    if difference == 0:
        return lottery.replace("than", AS_OFTEN[numbers.tail], 1)
    direction = "more" if difference > 0 else "less"
    away = (numbers.tail == "over") == (difference > 0)
    limit = "" if not numbers.tail else "at least " if away else "at most "
    return f"{limit}{percent(abs(difference) / 100)} {direction} often {lottery}"


def _share(measure: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    return f"{_among(labels)} {measure.title[:1].lower()}{measure.title[1:]} is {numbers.printed}"


def _participation(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    return f"{_among(labels)} {numbers.printed} of those eligible had a completed conversation"


def _completion(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    return f"{_among(labels)} {numbers.printed} of the matched pairings were completed"


def _feedback(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    return (
        f"{_among(labels)} feedback was given for {numbers.printed} of the seats "
        "in completed conversations"
    )


def _cross_share(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    own = f"their own {labels.breakdown}" if not labels.groups else "their own group"
    often = f"in {numbers.printed} of their pairings"
    return f"{_where(labels)}, {_people(labels)} met outside {own} {often}"


def _lottery_beside(numbers: PublishedNumbers) -> str:
    return "" if numbers.expected is None else f"; a lottery gives {percent(numbers.expected)}"


def _cross_ratio(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    own = f"their own {labels.breakdown}" if not labels.groups else "their own group"
    often = _how_often(numbers, LOTTERY if labels.groups else LOTTERY_AVAILABLE)
    return f"{_where(labels)}, {_people(labels)} met outside {own} {often}"


def _pair_ratio(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    often = _how_often(numbers, LOTTERY)
    if len(set(labels.groups)) == 1:
        inside = f"people whose {labels.breakdown} is {labels.groups[0]}"
        return f"{_where(labels)}, {inside} met each other {often}"
    return f"{_where(labels)}, {' and '.join(labels.groups)} met {often}"


def _ratio(measure: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    title = f"{measure.title[:1].lower()}{measure.title[1:]}"
    return f"{_among(labels)} {title} is {numbers.printed} against a lottery"


def _trend(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    points = round(100 * numbers.estimate)
    if points == 0:
        change = "stayed level against a lottery"
    else:
        way = "rose" if points > 0 else "fell"
        change = f"{way} by {percent(abs(points) / 100)} of a lottery's level per period"
    return f"{_among(labels)} meeting outside the own {labels.breakdown or 'group'} {change}"


BY_UNIT: dict[Unit, Callable[[Measure, PublishedNumbers, Labels], str]] = {
    Unit.SHARE: _share,
    Unit.SHARE_RATIO: _ratio,
    Unit.COUNT_RATIO: _pair_ratio,
    Unit.TREND: _trend,
}

BY_MEASURE: dict[str, Callable[[Measure, PublishedNumbers, Labels], str]] = {
    "participation_rate": _participation,
    "completion_rate": _completion,
    "feedback_rate": _feedback,
    "cross_group_share": _cross_share,
    "cross_group_ratio": _cross_ratio,
}
