"""One plain sentence for every published value, made from published numbers and labels alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

from scipy.special import ndtr

from disclosure.claim_sentences import CLAIM_SENTENCES
from disclosure.cohort_sentences import COHORT_BESIDE, COHORT_SENTENCES, beside_all
from disclosure.engagement_sentences import ENGAGEMENT_BESIDE, ENGAGEMENT_SENTENCES
from disclosure.expected_people import beside_average
from disclosure.figures import PublishedNumbers
from disclosure.gaps import EQUITY_SENTENCES
from disclosure.growth_sentences import GROWTH_SENTENCES
from disclosure.help_sentences import HELP_SENTENCES
from disclosure.printing import NARROW_SPACE, listed, percent, times
from disclosure.profile_sentences import PROFILE_BESIDE, PROFILE_SENTENCES
from disclosure.survey_sentences import SURVEY_BESIDE, SURVEY_SENTENCES, coefficient_sentence
from disclosure.thresholds import Thresholds
from metrics.definition import Measure, Unit

FRAGILE = "people of unknown group could overturn it"
LOTTERY = "than a lottery would give"
LOTTERY_AVAILABLE = "than a lottery among the people available would give"

RATIOS = (Unit.SHARE_RATIO, Unit.COUNT_RATIO, Unit.STAGE_RATIO, Unit.RATIO_DERIVED)

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
    others : tuple of str
        Attributes that are taken into account beside the breakdown.
    alone : str
        What is published on the breakdown without them, as it stands inside a sentence.
    known : str
        Share of the pairings in which all of these attributes are known; empty for all.
    by : str
        Who rates or answers, fit to begin a clause: ``peers``, ``people themselves``.
    among : str
        The people that the value is about, where not all: ``people whose gender is women``.
    scale : str
        The scale of an answer: ``1 to 5``.
    """

    place: str
    breakdown: str = ""
    groups: tuple[str, ...] = ()
    period: str = ""
    others: tuple[str, ...] = ()
    alone: str = ""
    known: str = ""
    by: str = ""
    among: str = ""
    scale: str = ""


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
    interval = f" (95{NARROW_SPACE}% interval {numbers.interval})" if numbers.interval else ""
    return f"{_capital(words)}{interval}{_beside(measure, numbers, labels)}."


def overload_sentence(sentence: str) -> str:
    """Return the sentence on the load of a small group that carries far more than its part."""
    few = f"fewer than 15{NARROW_SPACE}% of the people here"
    return f"{sentence} They are {few}: the same few meet everybody else."


def fragile_sentence(sentence: str) -> str:
    """Return the sentence on bounds between which a lottery lies, although the share differs."""
    return f"{sentence} The verdict is fragile: {FRAGILE}."


def phrase(measure: Measure, numbers: PublishedNumbers) -> str:
    """Return a value as it stands inside a sentence: ``18 % more often``, or as it is printed."""
    if measure.key in STEPS and measure.key != "connection_factor":
        return _adds(numbers)
    if measure.unit not in RATIOS:
        return numbers.printed
    same = "as often"
    return _how_often(numbers, "").strip() or same


def _adds(numbers: PublishedNumbers) -> str:
    difference = round(100 * (numbers.estimate - 1))
    if difference == 0:
        return "changes nothing"
    return f"{'adds' if difference > 0 else 'takes away'} {percent(abs(difference) / 100)}"


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


BESIDE = {
    "team_mix": "; over everybody it is",
    "completion_by_place": "; over all of them it is",
    "activity_completion": "; over all of them it is",
    **SURVEY_BESIDE,
    **ENGAGEMENT_BESIDE,
    **PROFILE_BESIDE,
}
"""What an expected share is where it is not what a lottery gives."""


def _beside(measure: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    if measure.key in COHORT_BESIDE:
        return beside_all(measure, numbers)
    if measure.key in BESIDE and numbers.expected is not None:
        return f"{BESIDE[measure.key]} {percent(numbers.expected)}"
    if measure.unit is Unit.EXPECTED_COUNT:
        return beside_average(numbers)
    if measure.key == "no_conversation_share" and numbers.expected is not None:
        return f"; among everybody it is {percent(numbers.expected)}"
    if measure.unit is Unit.MEAN_RATIO and numbers.expected is not None:
        return f"; a lottery gives {times(numbers.expected, numbers.step)}"
    if labels.alone:
        return f"; counted alone, {labels.alone}{_known(labels)}"
    shares = (Unit.SHARE, Unit.SHARE_BOUNDS)
    return _lottery_beside(numbers) if measure.unit in shares else ""


def _known(labels: Labels) -> str:
    return f"; all of these are known in {labels.known} of pairings" if labels.known else ""


def _cross_bounds(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    own = f"outside their own {labels.breakdown}"
    return (
        f"{_where(labels)}, {_people(labels)} met {own} in {numbers.printed} of all pairings, "
        "whatever the unknown groups are"
    )


def _adjusted_ratio(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    others = listed(labels.others) or "nothing else"
    often = _how_often(numbers, LOTTERY)
    verb = "are" if len(labels.others) > 1 else "is"
    return (
        f"{_where(labels)}, once {others} {verb} taken into account, "
        f"people met outside their own {labels.breakdown} {often}"
    )


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
        change = f"{way} by {percent(abs(points) / 100)} of what a lottery gives, each quarter"
    return f"{_among(labels)} meeting outside people's own {labels.breakdown or 'group'} {change}"


def _reach(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    own = f"their own {labels.breakdown}" if not labels.groups else "their own group"
    return f"{_among(labels)} {numbers.printed} have met somebody outside {own}"


def _silent(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    return f"{_among(labels)} {numbers.printed} of those eligible have met nobody yet"


def _index(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    value = numbers.bound if numbers.tail else numbers.estimate
    way = round(100 * value)
    if way == 0:
        return f"{_where(labels)}, {_people(labels)} kept to themselves as much as a lottery gives"
    # over +0.20 and under -0.20 go further, the other two less far
    away = (numbers.tail == "over") == (way > 0)
    limit = "" if not numbers.tail else "at least " if away else "at most "
    inside = "kept to themselves" if way > 0 else "met others"
    part = f"{limit}{percent(abs(way) / 100)} of the possible way"
    return f"{_where(labels)}, {_people(labels)} {inside} {part} beyond a lottery"


def _load(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    return (
        f"{_where(labels)}, {_people(labels)} have {numbers.printed} the cross-group conversations "
        "a head of everybody there"
    )


STEPS = {
    "opportunity_factor": ("who is available together", "lets people meet"),
    "matching_factor": ("matching", "offers people partners"),
    "meeting_factor": ("who meets of those available", "makes people meet"),
    "uptake_factor": ("which arranged conversations take place", "makes people meet"),
    "continuation_factor": ("who meets again", "makes people meet"),
    "connection_factor": ("all steps together", "pair people"),
}
"""What a step is, and what it does. Whoever is available or offered has not met yet, and the total
may end with the offers."""
SAME_WITHOUT = {
    "opportunity_factor": "people can meet",
    "matching_factor": "people are offered partners",
    "connection_factor": "people are paired",
}
"""What a step that changes nothing leaves as it is, where that is not how often people meet."""


def _step(measure: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    who, does = STEPS[measure.key]
    own = f"outside their own {labels.breakdown}"
    often = _how_often(numbers, "").strip()
    if often:
        return f"{_where(labels)}, {who} {does} {own} {often}"
    verb = "make" if measure.key == "connection_factor" else "makes"
    what = SAME_WITHOUT.get(measure.key, "people meet")
    return f"{_where(labels)}, {who} {verb} no difference to how often {what} {own}"


def _completion_by_crossing(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    kind = labels.groups[0] if labels.groups else "arranged pairings"
    return f"{_where(labels)}, {numbers.printed} of {kind} took place"


def _ratio_by_place(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    marked = f"in conversations marked {listed(labels.groups)}"
    often = _how_often(numbers, LOTTERY)
    return f"{_where(labels)}, {marked}, people met outside their own {labels.breakdown} {often}"


def _crossed_ratio(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    often = _how_often(numbers, LOTTERY)
    return f"{_of_whom(labels)} met outside their own {labels.breakdown} {often}"


def _completion_by_place(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    return f"{_where(labels)}, {numbers.printed} of pairings planned as {listed(labels.groups)} met"


def _team_mix(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    unit = listed(labels.groups)
    return (
        f"in {unit}, the chance that two people differ in {labels.breakdown} is {numbers.printed}"
    )


def _team_reach(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    own = f"outside their own {labels.breakdown}"
    return f"in {listed(labels.groups)}, people met {own} in {numbers.printed} of their contacts"


def _part_of_change(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    who, own = labels.groups[0], f"outside their own {labels.breakdown}"
    change = round(100 * numbers.estimate)
    if change == 0:
        return f"{_where(labels)}, {who}: no difference to the share of pairings {own}"
    way = "more" if change > 0 else "less"
    noun = "percentage point" if abs(change) == 1 else "percentage points"
    return f"{_where(labels)}, {who}: {abs(change)} {noun} {way} of all pairings {own}"


def _ratio_change(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    change = round(100 * (numbers.estimate - 1))
    if change == 0:
        moved = "stayed level"
    else:
        moved = f"{'rose' if change > 0 else 'fell'} by {percent(abs(change) / 100)}"
    own = f"people's own {labels.breakdown}"
    return f"{_where(labels)}, meeting outside {own} {moved} against a lottery"


def _of_whom(labels: Labels) -> str:
    return f"{_where(labels)}, {labels.among}" if labels.among else _where(labels)


def _points(measure: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    what = listed(labels.groups) or f"{measure.title[:1].lower()}{measure.title[1:]}"
    by = f", as seen by {labels.by}," if labels.by else ""
    scale = f" on a scale from {labels.scale}" if labels.scale else ""
    return f"{_of_whom(labels)}: {what}{by} is {numbers.printed}{scale}"


def _points_change(measure: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    what = listed(labels.groups) or f"{measure.title[:1].lower()}{measure.title[1:]}"
    by = f", as seen by {labels.by}," if labels.by else ""
    if numbers.estimate == 0:
        return f"{_of_whom(labels)}: {what}{by} stayed where it was"
    way = "rose" if numbers.estimate > 0 else "fell"
    return f"{_of_whom(labels)}: {what}{by} {way} by {_size(numbers)}"


def _size(numbers: PublishedNumbers) -> str:
    return numbers.printed.lstrip("+\u2212±")


def _standardised_change(_: Measure, numbers: PublishedNumbers, labels: Labels) -> str:
    what, by = listed(labels.groups), f", as seen by {labels.by}," if labels.by else ""
    chance = percent(float(ndtr(numbers.estimate / sqrt(2))))
    return (
        f"{_of_whom(labels)}: {what}{by} moved by {numbers.printed} standard deviations; a random "
        f"person after is higher than a random person before in {chance} of cases"
    )


BY_UNIT: dict[Unit, Callable[[Measure, PublishedNumbers, Labels], str]] = {
    Unit.SHARE: _share,
    Unit.COUNTED: _share,
    Unit.SHARE_DERIVED: _share,
    Unit.RATIO_COMPARED: _ratio,
    Unit.POINTS_COMPARED: _points_change,
    Unit.SHARE_CHANGE_DERIVED: ENGAGEMENT_SENTENCES["cohort_change_since"],
    Unit.LIMITS: _share,
    Unit.EXPECTED_COUNT: ENGAGEMENT_SENTENCES["expected_dropouts"],
    Unit.SHARE_RATIO: _ratio,
    Unit.SHARE_BOUNDS: _share,
    Unit.COUNT_RATIO: _pair_ratio,
    Unit.STAGE_RATIO: _step,
    Unit.RATIO_DERIVED: _ratio,
    Unit.TREND: _trend,
    Unit.INDEX: _index,
    Unit.MEAN_RATIO: _load,
    Unit.SHARE_CHANGE: _part_of_change,
    Unit.SHARE_GAP: EQUITY_SENTENCES["equity_gap"],
    Unit.RATIO_CHANGE: _ratio_change,
    Unit.POINTS: _points,
    Unit.POINTS_CHANGE: _points_change,
    Unit.POINTS_DERIVED: _points_change,
    Unit.STANDARDISED_CHANGE: _standardised_change,
    Unit.COEFFICIENT: coefficient_sentence,
}

BY_MEASURE: dict[str, Callable[[Measure, PublishedNumbers, Labels], str]] = {
    "participation_rate": _participation,
    "completion_rate": _completion,
    "feedback_rate": _feedback,
    "cross_group_share": _cross_share,
    "cross_group_ratio": _cross_ratio,
    "completion_by_crossing": _completion_by_crossing,
    "cross_group_reach": _reach,
    "no_conversation_share": _silent,
    "adjusted_cross_group_ratio": _adjusted_ratio,
    "cross_group_bounds": _cross_bounds,
    "cross_group_ratio_by_place": _ratio_by_place,
    "cross_group_ratio_by_intake": _cross_ratio,
    "completion_by_place": _completion_by_place,
    "crossed_group_ratio": _crossed_ratio,
    "crossed_group_ratio_alone": _crossed_ratio,
    "team_mix": _team_mix,
    "team_reach": _team_reach,
    **CLAIM_SENTENCES,
    **GROWTH_SENTENCES,
    **HELP_SENTENCES,
    **SURVEY_SENTENCES,
    **ENGAGEMENT_SENTENCES,
    **PROFILE_SENTENCES,
    **COHORT_SENTENCES,
    **EQUITY_SENTENCES,
}
