"""The large sentence of the engagement page, and what can be done, from published verdicts."""

from __future__ import annotations

from collections.abc import Mapping

from release import Cell, Release
from ui.actions import Finding, actions_for
from ui.pictures.engagement import (
    fallen_together,
    has_ended,
    name_of,
    not_judged,
    programme_names,
    quiet,
    standings,
    telling_outcomes,
)
from ui.pictures.taking_part import STEP, largest_loss
from ui.words import badge, coloured, listed, safe

NOTHING = "No cohort has cycles to look at in this release."
TOO_EARLY = "No cohort has enough cycles yet to know what is usual for it."
HIDDEN = "Too few people take part in each cohort to show who is going quiet."
MOST_NAMED = 2


def engagement_sentence(release: Release, slice_: str) -> str:
    """Return which cohort is going quiet and since when, in at most 35 words."""
    stand = standings(release, slice_)
    if not stand:
        return NOTHING
    if not any(cell.is_drawn for cell in stand.values()):
        return HIDDEN if all(cell.is_hidden for cell in stand.values()) else TOO_EARLY
    fallen = quiet(release, slice_)
    number = sum(cell.is_drawn for cell in stand.values())
    together = fallen_together(release, slice_)
    if together and not fallen:
        return f"{_fell(release, together)}."
    if not fallen:
        who = _nobody(release, slice_, stand, number)
        return f"{who} going quiet, beyond what chance gives.{_loss(release, slice_)}"
    words = coloured("going quiet", "below")
    if len(fallen) > MOST_NAMED:
        return f"{len(fallen)} of {number} cohorts are {words}.{_loss(release, slice_)}"
    if together:
        names = listed(programme_names(release, together))
        return f"{_who(release, fallen, words)}; all other cohorts of {names} fell together."
    rest = number - len(fallen)
    others = f"; {rest} {'other keeps its' if rest == 1 else 'others keep their'} rhythm"
    beside = others if rest else ""
    return f"{_who(release, fallen, words)}{beside}.{_loss(release, slice_)}"


def _fell(release: Release, together: Mapping[str, Cell]) -> str:
    """Return which programmes fell as a whole, so that no cohort of them stands out."""
    names = listed(programme_names(release, together))
    first = next(iter(together.values()))
    share = f": {safe(first.printed)} met in the latest cycles" if len(together) == 1 else ""
    return f"All cohorts of {names} {coloured('fell together', 'below')}{share}"


def _nobody(release: Release, slice_: str, stand: Mapping[str, Cell], judged: int) -> str:
    """Return that no cohort that can be judged is going quiet, without the last words."""
    if len(stand) == 1:
        return f"{name_of(release, next(iter(stand)))} is not"
    if not not_judged(release, slice_):
        return "No cohort is"
    those = f"None of the {judged} cohorts" if judged > 1 else "The only cohort"
    return f"{those} with enough people and cycles is{' not' if judged == 1 else ''}"


def _who(release: Release, fallen: Mapping[str, Cell], words: str) -> str:
    """Return who is going quiet, and since when."""
    if len(fallen) == 1:
        ((key, cell),) = fallen.items()
        has, when = ("had", " when it ended") if has_ended(cell) else ("has", "")
        return f"{name_of(release, key)} {has} been {words} {safe(cell.phrase)}{when}"
    named = [f"{name_of(release, key)} {safe(cell.phrase)}{_until(cell)}"
             for key, cell in fallen.items()]  # fmt: skip
    return f"{listed(named)} are {words}"


def _until(cell: Cell) -> str:
    return " until it ended" if has_ended(cell) else ""


def _loss(release: Release, slice_: str) -> str:
    lost = largest_loss(release.by_group(STEP, slice_, "step"))
    if lost is None or lost.group not in release.groups("step"):
        return ""
    name = release.groups("step")[lost.group].label
    return f" Most people are lost at the step “{safe(name[:1].lower() + name[1:])}”."


def engagement_badges(release: Release, slice_: str) -> list[str]:
    """Return alarms against their budget, and how many cohorts are watched."""
    stand = [cell for cell in standings(release, slice_).values() if cell.is_drawn]
    if not stand:
        return []
    number = len(quiet(release, slice_))
    alarms = f"{'▼ ' if number else ''}{number} {'alarm' if number == 1 else 'alarms'}"
    return [
        badge(f"{alarms}, at most one false in two cycles", "below" if number else ""),
        badge(f"{len(stand)} {'cohort' if len(stand) == 1 else 'cohorts'} watched"),
    ]


def engagement_findings(release: Release, slice_: str) -> list[Finding]:
    """Return what can be acted upon, each with at most three actions."""
    found = []
    for cohort, cell in list(quiet(release, slice_).items())[:MOST_NAMED]:
        reasons = [outcome.group for outcome in telling_outcomes(release, cohort)]
        over = ", which has ended: for the next one" if has_ended(cell) else ""
        heading = f"{name_of(release, cohort)}{over}"
        found.append(Finding(heading, cohort, "cohort_alarm", tuple(actions_for(reasons))))
    lost = largest_loss(release.by_group(STEP, slice_, "step"))
    if lost is not None and lost.group in release.groups("step"):
        name = safe(release.groups("step")[lost.group].label)
        heading = f"The step “{name[:1].lower()}{name[1:]}”"
        actions = tuple(actions_for([lost.group]))
        found.append(Finding(heading, slice_, f"{STEP}={lost.group}", actions))
    return [one for one in found if one.actions]
