"""One plan: an action for a finding, who takes care of it, since when, and when to look again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from uuid import uuid4

LONGEST_OWNER = 60
LONGEST_TEXT = 300
FURTHEST = timedelta(days=730)
"""Later than this nobody looks again."""


class PlanError(ValueError):
    """A plan that cannot be kept, with what to do about it."""


class State(StrEnum):
    """Where a plan stands."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One plan; nothing in it is about a person.

    Attributes
    ----------
    id : str
        Never changes.
    page, slice, finding : str
        Where the finding stands: the page, the slice and what was found, by their keys.
    action : str
        The action as the library words it on the day.
    owner : str
        A role or a team, at most 60 characters, as somebody typed it.
    since, look_again : date
        When it began, and when to see what has moved; the second is later.
    state : State
        Open until somebody says that it is done or dropped.
    release : str
        The release on which it was made.
    """

    id: str
    page: str
    slice: str
    finding: str
    action: str
    owner: str
    since: date
    look_again: date
    state: State = State.OPEN
    release: str

    def __post_init__(self) -> None:
        """Refuse what could not be read again or would say nothing."""
        _check_owner(self.owner)
        if self.look_again <= self.since:
            raise PlanError("The day to look again must be later than the day it begins.")
        if self.look_again - self.since > FURTHEST:
            raise PlanError("The day to look again is more than two years away; choose a nearer.")
        for name in ("id", "page", "slice", "finding", "action", "release"):
            if not 0 < len(getattr(self, name)) <= LONGEST_TEXT:
                raise PlanError(f"A plan needs its {name}, in at most {LONGEST_TEXT} characters.")

    def as_text(self) -> dict[str, str]:
        """Return the plan as it is written down."""
        return {each.name: str(getattr(self, each.name)) for each in fields(self)}


def new_plan(**facts: object) -> Plan:
    """Return an open plan with an id of its own; the owner loses spaces at both ends."""
    return Plan(**facts | {"id": uuid4().hex, "owner": str(facts.get("owner", "")).strip()})


def read_plan(written: Mapping[str, str]) -> Plan:
    """Return a plan that was written down; raise PlanError where it is none."""
    try:
        dates = {name: date.fromisoformat(written[name]) for name in ("since", "look_again")}
        return Plan(**{**written, **dates, "state": State(written["state"])})
    except (KeyError, TypeError, ValueError) as error:
        raise PlanError("This is no plan.") from error


def _check_owner(owner: str) -> None:
    if not owner.strip():
        raise PlanError("Say who takes care of it: a role or a team.")
    if len(owner) > LONGEST_OWNER:
        raise PlanError(f"Who takes care of it fits into {LONGEST_OWNER} characters.")
    if not owner.isprintable():
        raise PlanError("Who takes care of it stands on one line, in plain characters.")
    if "@" in owner:
        raise PlanError("Name a role or a team rather than an address.")
