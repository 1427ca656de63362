"""The large sentence of the profiles page, and what may be done for each kind."""

from __future__ import annotations

from release import Cell, Release
from release.contents import WHOLE
from ui.actions import Finding, actions_for
from ui.answers import across
from ui.moved_values import KIND
from ui.pictures.profiles import (
    NEW,
    ORGANISATION,
    PROFILE,
    SHARE,
    habits_of,
    kind_name,
    shares,
    spelt,
    tracked,
)
from ui.words import badge, capital, coloured, counted, listed, safe

NOTHING = "This release says nothing about kinds of participation."
HIDDEN = "Too few people take part to look for kinds of participation."
GRADUAL = "no stable segments"
MOST_WORDS = 30
MOVED = {"above": "up since last quarter", "below": "down since last quarter"}


def profiles_sentence(release: Release) -> str:
    """Return what kinds of participation there are, in at most 35 words."""
    found = list(shares(release).values())
    if found:
        return _kinds(found)
    none = release.cell(SHARE, ORGANISATION, PROFILE)
    if none is None:
        return NOTHING
    if none.is_hidden:
        return HIDDEN
    if none.reason.startswith(GRADUAL):
        return "There are no stable segments: participation varies gradually."
    return f"No kinds of participation can be told yet: {safe(none.reason)}."


def _kinds(found: list[Cell]) -> str:
    """Name as many kinds as fit, the most common first; one colour, for what moved."""
    told: list[str] = []
    words = 8
    for cell in found:
        said = _told(cell, coloured_already=any("[" in one for one in told))
        words += len(said.split())
        if told and words > MOST_WORDS:
            break
        told.append(said)
    rest = len(found) - len(told)
    more = [counted(rest, "further kind", "further kinds")] if rest else []
    return f"{spelt(len(found))} kinds of participation stand out: {listed([*told, *more])}."


def _told(cell: Cell, *, coloured_already: bool) -> str:
    said = f"“{kind_name(cell)}” ({safe(cell.printed)}"
    if cell.verdict in MOVED and not coloured_already:
        return f"{said}, {coloured(MOVED[cell.verdict], cell.verdict)})"
    return f"{said})"


def profiles_badges(release: Release) -> list[str]:
    """Return how stable the kinds are, who is too new, and which attribute they track."""
    found = list(shares(release).values())
    badges = [badge("tested on resampled people")] if found else []
    new = release.cell(SHARE, ORGANISATION, PROFILE, NEW)
    if new is not None and new.is_drawn:
        badges.append(badge(f"{safe(new.printed)} too new for a kind"))
    return badges + [
        badge(f"segments track {across(release, attribute)}", "above")
        for attribute in tracked(release)[:1]
    ]


def profiles_findings(release: Release) -> list[Finding]:
    """Return what may be done for each kind: its name, and at most three actions."""
    found = []
    for kind, cell in shares(release).items():
        far = [
            f"{habit}_{one.phrase}"
            for habit, one in habits_of(release, kind).items()
            if one.verdict in ("above", "below")
        ]
        actions = tuple(actions_for(far))
        if actions:
            # kinds are numbered by size, which may change; what they are called tells them apart
            key = f"{KIND}{cell.phrase}"
            found.append(Finding(capital(kind_name(cell)), ORGANISATION, key, actions))
    return found


def standing_reason(release: Release) -> str:
    """Return why kinds are hidden, as a caption; why there are none stands in the answer."""
    none = release.cell(SHARE, ORGANISATION, PROFILE, WHOLE)
    return safe(none.sentence) if none is not None and none.is_hidden else ""
