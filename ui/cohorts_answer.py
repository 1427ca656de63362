"""The large sentence of the cohorts page, from published verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from release import Cell, Release
from ui.actions import Finding, actions_for
from ui.compared import (
    INTAKE,
    RATE,
    SCALE,
    SKILL,
    Compared,
    above_of,
    compared_at,
    differing,
    inside,
    name_of,
    unit_label,
    units_in,
    values_in,
)
from ui.words import badge, capital, coloured, counted, listed, safe

NOTHING = "This release holds nothing on which cohorts could be compared."
ALONE = "There is only one {level} here, and it takes two to compare."
HIDDEN = "Too few people take part in each {level} to compare them."
UNDEFINED = "No {level} has a value to compare yet."
NO_FINDING = "Nothing can be compared here yet."
MOST_WORDS = 35
MOST_NAMED = 2
MOST_FINDINGS = 3
ON_WHAT = (
    ("cohort_rate", "taking part"),
    ("cohort_ratio", "meeting across groups"),
    ("cohort_change", "growth"),
)
SOURCES = {SKILL: "skill_gain", SCALE: "scale_change"}


def cohorts_sentence(release: Release, slice_: str, level: str) -> str:
    """Return which cohorts differ beyond what their size explains, in at most 35 words."""
    units = units_in(release, slice_, level)
    found = differing(release, slice_, level)
    missing = _why_nothing(release, units, level)
    if missing:
        return missing
    who = list(dict.fromkeys(cell.slice for _, cell in found))
    if not who:
        return _none(release, units, level, compared_at(release, slice_, level))
    if len(who) > MOST_NAMED:
        which = "All" if len(who) == len(units) else f"{len(who)} of"
        beyond = "differ beyond what their size explains"
        return f"{which} {len(units)} {level}s {beyond}.{_on_what(release, found)}"
    if len(who) == 1:
        return f"{_one(release, found, level)}{_others(len(units) - 1, level)}"
    names = listed([safe(unit_label(release, key)) for key in who])
    others = _others(len(units) - len(who), level)
    beyond = "differ beyond what their size explains"
    return f"{capital(names)} {beyond}.{_on_what(release, found)}{others}"


def findings_sentence(findings: Sequence[str]) -> str:
    """Return the findings of a view's pictures as its answer, as far as 35 words hold them."""
    said = ""
    for finding in findings:
        longer = f"{said} {finding}.".strip()
        if said and len(longer.split()) > MOST_WORDS:
            break
        said = longer
    return said or NO_FINDING


def _why_nothing(release: Release, units: Sequence[str], level: str) -> str:
    """Return why nothing can be said, if so."""
    values = values_in(release, units)
    if not values:
        there = [key for key in release.slices if key.startswith(f"{level}=")]
        is_alone = len(units if level == INTAKE else there) == 1
        return ALONE.format(level=level) if is_alone else NOTHING
    if any(cell.is_drawn for cell in values):
        return ""
    return (HIDDEN if any(cell.is_hidden for cell in values) else UNDEFINED).format(level=level)


def _none(release: Release, units: Sequence[str], level: str, known: Mapping[str, Compared]) -> str:
    if len(units) == 1:
        name = safe(unit_label(release, units[0]))
        return f"{capital(name)} does not differ from the others beyond what its size explains."
    measures = {one.measure for one in known.values()}
    words = [word for measure, word in ON_WHAT if measure in measures]
    on_what = f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else "".join(words)
    return f"None of {len(units)} {level}s differs beyond what its size explains, in {on_what}."


def _one(release: Release, found: Sequence[tuple[Compared, Cell]], level: str) -> str:
    """Return on what the one that differs does so, with its value and that of all of them."""
    one, cell = found[0]
    name = safe(unit_label(release, cell.slice))
    way = "higher" if cell.verdict == "above" else "lower"
    said = coloured(f"{inside(name_of(release, one))} is {way}", cell.verdict)
    beside = _beside(release, one, cell)
    more = f", and {counted(len(found) - 1, 'more value', 'more values')}" if found[1:] else ""
    return f"In {name}, {said} than its size explains: {safe(cell.printed)}{beside}{more}."


def _beside(release: Release, one: Compared, cell: Cell) -> str:
    """Return what is published of all of them together."""
    above = above_of(cell.slice, release)
    if one.breakdown == RATE:
        source = release.cell(one.group, above, "none")
    else:
        measure = SOURCES.get(one.breakdown, "cross_group_ratio")
        source = release.cell(measure, above, one.breakdown, one.group)
    if source is None or not source.is_drawn:
        return ""
    where = safe(release.slices[above].label)
    return f", where {where} has {safe(source.printed)}"


def _others(number: int, level: str) -> str:
    if number <= 0:
        return ""
    verb = "does" if number == 1 else "do"
    return f" The other {level if number == 1 else f'{number} {level}s'} {verb} not differ."


def _on_what(release: Release, found: Sequence[tuple[Compared, Cell]]) -> str:
    """Return on what they differ, in one more sentence."""
    names = list(dict.fromkeys(inside(name_of(release, one)) for one, _ in found))
    return f" They differ in {listed(names[:MOST_NAMED])}{' and more' if names[2:] else ''}."


def cohorts_badges(release: Release, slice_: str, level: str) -> list[str]:
    """Return how many are compared, and on how much."""
    number = len(units_in(release, slice_, level))
    known = compared_at(release, slice_, level)
    if not known or not number:
        return []
    found = len({cell.slice for _, cell in differing(release, slice_, level)})
    return [
        badge(f"{counted(number, level, f'{level}s')} compared"),
        badge(f"{counted(len(known), 'quantity', 'quantities')} each"),
        badge(f"{counted(found, 'differs', 'differ')} beyond what size explains"),
    ]


def cohorts_findings(release: Release, slice_: str, level: str) -> list[Finding]:
    """Return what differs and can be acted upon, each with at most three actions."""
    found = []
    for one, cell in differing(release, slice_, level)[:MOST_FINDINGS]:
        name = inside(name_of(release, one))
        way = "higher" if cell.verdict == "above" else "lower"
        who = capital(safe(unit_label(release, cell.slice)))
        heading = f"{who}: {name} is {way} than its size explains"
        actions = tuple(actions_for([_action_key(one, cell)]))
        found.append(Finding(heading, cell.slice, one.key, actions))
    return found


def _action_key(one: Compared, cell: Cell) -> str:
    """Return for what actions are looked up."""
    if cell.verdict == "above":
        return "compared_above"
    if one.breakdown == RATE:
        return f"{one.group}_below"
    return "ratio_below" if one.kind == "ratio" else "growth_below"
