"""What a file can hold, and the fields that its columns can be matched with."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import Any, Literal

Role = Literal[
    "person", "guest", "instant", "day", "number", "duration", "text", "word",
    "attribute", "answer", "option", "rating", "outcome",
]  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One thing that a column can mean.

    Attributes
    ----------
    words : str
        What it is, for the user.
    role : str
        How its cells are read.
    """

    words: str
    role: Role = "text"


@dataclass(frozen=True)
class Need:
    """Something without which a file cannot be taken in."""

    words: str
    is_met: Callable[[Set[str], Any], bool]
    part: str = ""
    """The part of a mapping that answers it, such as ``programme``."""
    fields: tuple[str, ...] = ()
    """Fields that answer it likewise."""


@dataclass(frozen=True)
class Kind:
    """What one row of a file is about.

    Attributes
    ----------
    words : str
        What the file is called towards the user.
    table : str
        The canonical table that a row's mistakes are counted in.
    fields : dict of str to Field
        What columns can mean.
    needs : tuple of Need
        What must be known.
    """

    words: str
    table: str
    fields: dict[str, Field]
    needs: tuple[Need, ...]


REPEATED = ("attribute", "answer", "option", "rating", "outcome")
"""Fields that several columns may have, each with a code."""


def _field(name: str, words: str) -> Need:
    return Need(f"a column that is {words} ({name})", lambda given, mapping: name in given)


def _any_of(words: str, *names: str) -> Need:
    return Need(words, lambda given, mapping: bool(given & set(names)))


def _code(name: str, words: str) -> Need:
    return Need(
        f"{name}: which {words} it is",
        lambda given, mapping: getattr(mapping, name) is not None,
        name,
    )


def _field_or_code(name: str, words: str) -> Need:
    return Need(
        f"{name}: a column, or which {words} it is",
        lambda given, mapping: name in given or getattr(mapping, name) is not None,
        name,
        (name,),
    )


def _day(*names: str) -> Need:
    return Need(
        "as_of: the day on which the file was true, since no column says so",
        lambda given, mapping: bool(given & set(names)) or mapping.as_of is not None,
        "as_of",
        names,
    )


def _people(count: int) -> Need:
    return Need(
        f"at least {count} columns with a person",
        lambda given, mapping: sum(t.to == "person" for _, t in mapping.targets()) >= count,
    )


def _attributes_dated(given: Set[str], mapping: Any) -> bool:
    dated = not given & {"attribute", "manager"}
    return dated or "valid_from" in given or mapping.as_of is not None


PERSON = Field("the person: work mail, employee number or another identifier", "person")
ATTRIBUTE = Field("a property of the person, such as department", "attribute")
COHORT = Field("the cohort")
DATED = Need(
    "as_of: the day on which people's properties were true, since no column says so",
    _attributes_dated,
)
MEETING_FIELDS = {
    "actual_start_at": Field("when it began", "instant"),
    "scheduled_start_at": Field("when it was to begin", "instant"),
    "status": Field("what became of it", "word"),
    "evidence": Field("how we know", "word"),
    "mode": Field("where it took place", "word"),
    "duration": Field("how long it lasted", "duration"),
    "topic": Field("what it was about"),
}

KINDS: dict[str, Kind] = {
    "people": Kind(
        "a list of people",
        "person",
        {
            "person": PERSON,
            "other_identifier": Field(
                "another identifier of the same person; finds who is in other files under it",
                "person",
            ),
            "organisation": Field("the person's organisation"),
            "kind": Field("employee, contractor or external", "word"),
            "hired_on": Field("first day of employment", "day"),
            "left_on": Field("day after the last day of employment", "day"),
            "leave_reason": Field("why the person left", "word"),
            "manager": Field("the person's manager, by the same kind of identifier", "person"),
            "valid_from": Field("day since which the properties hold", "day"),
            "cohort": COHORT,
            "status": Field("how far the person came in the cohort", "word"),
            "enrolled_on": Field("day on which the person joined the cohort", "day"),
            "ended_on": Field("day after the last day in the cohort", "day"),
            "attribute": ATTRIBUTE,
        },
        (_field("person", "the person"), DATED),
    ),
    "enrolments": Kind(
        "a list of participants",
        "enrolment",
        {
            "person": PERSON,
            "cohort": COHORT,
            "status": Field("how far the person came", "word"),
            "invited_on": Field("day of the invitation", "day"),
            "enrolled_on": Field("day on which the person joined", "day"),
            "ended_on": Field("day after the last", "day"),
        },
        (
            _field("person", "the person"),
            _field_or_code("cohort", "cohort"),
            _any_of("status: a column, or a constant such as active", "status"),
        ),
    ),
    "pairs": Kind(
        "a list of pairs",
        "match",
        {
            "person": PERSON,
            "match": Field("key of the pair"),
            "cohort": COHORT,
            "round": Field("number of the round"),
            "offered_at": Field("when the pair was put together", "instant"),
            "status": Field("what became of the offer", "word"),
            "attribute": ATTRIBUTE,
        },
        (_people(2), _field_or_code("cohort", "cohort"), _day("offered_at")),
    ),
    "conversations": Kind(
        "a list of conversations",
        "conversation",
        {
            "person": PERSON,
            "conversation": Field("key of the conversation"),
            "programme": Field("the programme"),
            "cohort": COHORT,
            "match": Field("key of the pair"),
            **MEETING_FIELDS,
            "attribute": ATTRIBUTE,
        },
        (
            _people(2),
            _field_or_code("programme", "programme"),
            _any_of("a column with the start", "actual_start_at", "scheduled_start_at"),
            DATED,
        ),
    ),
    "attendance": Kind(
        "an attendance report",
        "conversation_participant",
        {
            "person": PERSON,
            "guest": Field("name on screen; tells guests apart and is forgotten", "guest"),
            "meeting": Field("key of the meeting"),
            "joined_at": Field("when the person came", "instant"),
            "left_at": Field("when the person went", "instant"),
            "duration": Field("how long the person was there", "duration"),
            "actual_start_at": Field("when the meeting began", "instant"),
            "programme": Field("the programme"),
            "cohort": COHORT,
        },
        (
            _field("person", "the person"),
            _field_or_code("programme", "programme"),
            _any_of("a column with the start", "joined_at", "actual_start_at"),
        ),
    ),
    "survey": Kind(
        "answers to a questionnaire",
        "response",
        {
            "person": PERSON,
            "response": Field("key of the response"),
            "submitted_at": Field("when it was handed in", "instant"),
            "conversation": Field("key of the conversation it is about"),
            "cohort": COHORT,
            "answer": Field("a question answered with a number", "answer"),
            "option": Field("a question answered by ticking", "option"),
        },
        (
            _field("submitted_at", "when it was handed in"),
            _code("instrument", "questionnaire"),
            _any_of("at least one column with answers", "answer", "option"),
        ),
    ),
    "skills": Kind(
        "ratings of skills",
        "skill_rating",
        {
            "person": PERSON,
            "rater": Field("who rates", "person"),
            "rater_kind": Field("self, peer, manager or system", "word"),
            "rated_on": Field("day of the rating", "day"),
            "rating": Field("the rating of one skill", "rating"),
        },
        (
            _field("person", "the person"),
            _code("wave", "wave"),
            _day("rated_on"),
            _any_of("at least one column with ratings", "rating"),
        ),
    ),
    "learning": Kind(
        "a list of learning activities",
        "learning_activity",
        {
            "person": PERSON,
            "activity": Field("key of the activity"),
            "modality": Field("how it was taught", "word"),
            "started_at": Field("when it began", "instant"),
            "duration": Field("how long it lasted", "duration"),
            "status": Field("how far it came", "word"),
            "title": Field("which activity"),
        },
        (
            _field("person", "the person"),
            _field("started_at", "when it began"),
            _any_of("modality: a column, or a constant such as peer", "modality"),
        ),
    ),
    "outcomes": Kind(
        "results such as engagement scores",
        "outcome",
        {
            "person": PERSON,
            "as_of_on": Field("day it was taken", "day"),
            "outcome": Field("a result as a number", "outcome"),
        },
        (
            _field("person", "the person"),
            _day("as_of_on"),
            _any_of("at least one column with a result", "outcome"),
        ),
    ),
}

FIELDS: dict[str, dict[str, Field]] = {name: kind.fields for name, kind in KINDS.items()}
