"""What cohorts are compared on in a release, looked up and named for the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from charts.cohorts import Kind
from release import Cell, Release
from release.contents import WHOLE
from release.wording import inside_sentence
from ui.place_names import place_names
from ui.words import safe

ORGANISATION = "organisation"
RATE, SKILL, SCALE = "rate", "skill", "scale"
MEASURES: dict[str, Kind] = {
    "cohort_rate": "share", "cohort_ratio": "ratio", "cohort_change": "points",
}  # fmt: skip
FIRST = "completion_rate"
SAFETY = "psychological_safety"
BEYOND = ("above", "below")
PROGRAMME, LOCATION, UNIT = "programme", "location", "unit"
INTAKE, INTAKES = "intake", "intakes"
LEVELS = {
    "cohort": "Cohorts", PROGRAMME: "Programmes", LOCATION: "Locations", INTAKE: "Intakes",
}  # fmt: skip
"""What can be compared, as a choice names it."""


@dataclass(frozen=True)
class Compared:
    """One quantity that cohorts are compared on."""

    measure: str
    breakdown: str
    group: str

    @property
    def key(self) -> str:
        """Return what names it in a link."""
        return self.breakdown if self.group == WHOLE else self.group

    @property
    def kind(self) -> Kind:
        """Return on which kind of scale it lies."""
        return MEASURES[self.measure]

    def limits_group(self, name: str) -> str:
        """Return the group under which its inner or outer limits stand."""
        return name if self.group == WHOLE else f"{self.group}.{name}"


@lru_cache(maxsize=8)
def compared_in(release: Release) -> dict[str, Compared]:
    """Return what cohorts are compared on, by key: rates first, then meeting, then growth."""
    found = (
        Compared(cell.measure, cell.breakdown, cell.group)
        for cell in release.contents.cells
        if cell.measure in MEASURES
    )
    # a release holds growth of intakes beside that of everybody, which comes before rates
    kinds = list(MEASURES)
    ordered = sorted(dict.fromkeys(found), key=lambda one: kinds.index(one.measure))
    return {one.key: one for one in ordered}


def name_of(release: Release, one: Compared) -> str:
    """Return the name of a quantity as it begins a sentence; not made safe for Markdown."""
    label = label_of(release, one)
    if one.breakdown == SKILL:
        return f"Growth of {inside_sentence(label)}"
    if one.breakdown == SCALE:
        return f"Change of {inside_sentence(label)}"
    return label if one.breakdown == RATE else f"Meeting across {label}"


def label_of(release: Release, one: Compared) -> str:
    """Return the name of the rate, the attribute, the skill or the scale itself."""
    if one.group == WHOLE:
        scope = release.breakdowns.get(one.breakdown)
        return one.breakdown if scope is None else scope.label
    group = release.groups(one.breakdown).get(one.group)
    return one.group.replace("_", " ") if group is None else group.label


def inside(name: str) -> str:
    """Return a name as it stands inside a sentence, safe for Markdown."""
    first, space, rest = name.partition(" ")
    return safe(f"{inside_sentence(first)}{space}{rest}")


def levels_in(release: Release) -> dict[str, str]:
    """Return what can be compared in a release: locations and intakes only where there are any."""
    return {
        level: name
        for level, name in LEVELS.items()
        if level not in (LOCATION, INTAKE) or _named(release, level)
    }


def _named(release: Release, level: str) -> list[str]:
    """Return the locations or intakes of a release, which are no slices."""
    return [unit for unit in release.groups(UNIT) if unit.startswith(f"{level}=")]


def unit_label(release: Release, unit: str) -> str:
    """Return the name of a unit as it stands in a sentence; not made safe for Markdown."""
    return place_names(release).get(unit) or release.groups(UNIT)[unit].label


def unit_short(release: Release, unit: str) -> str:
    """Return the name of a unit among others of its kind; not made safe for Markdown."""
    return place_names(release).get(unit) or release.groups(UNIT)[unit].short


def place_compared(release: Release, slice_: str, level: str) -> str:
    """Return where units of a level are compared, of what a reader has chosen.

    Locations over all programmes, intakes within a programme or over all of them.
    """
    if level == LOCATION:
        return ORGANISATION
    is_cohort = level == INTAKE and slice_.startswith("cohort=")
    return release.slices[slice_].part_of if is_cohort else slice_


def intakes_of(slice_: str) -> str:
    """Return the key of all intakes of a programme, or of the organisation, together."""
    code = slice_.partition("=")[2]
    return f"{INTAKES}={code}" if code else INTAKES


def above_of(unit: str, release: Release) -> str:
    """Return the slice that a unit is part of."""
    scope = release.slices.get(unit)
    if scope is not None:
        return scope.part_of
    # the intake of a programme ends with its quarter, that of the organisation is nothing else
    code = unit.removeprefix(f"{INTAKE}=").rpartition(".")[0]
    return f"{PROGRAMME}={code}" if unit.startswith(f"{INTAKE}=") and code else ORGANISATION


def units_in(release: Release, slice_: str, level: str) -> list[str]:
    """Return the cohorts of a slice, or all units of another level there."""
    if level == LOCATION:
        return _named(release, level)
    if level == INTAKE:
        where = place_compared(release, slice_, level)
        return [unit for unit in _named(release, level) if above_of(unit, release) == where]
    if slice_.startswith(f"{level}="):
        return [slice_]
    if slice_.startswith("cohort="):
        return [release.slices[slice_].part_of]
    return [
        key
        for key, scope in release.slices.items()
        if key.startswith(f"{level}=") and slice_ in (ORGANISATION, scope.part_of)
    ]


def compared_at(release: Release, slice_: str, level: str) -> dict[str, Compared]:
    """Return on what the units of a level are compared: locations on less than cohorts."""
    units = units_in(release, slice_, level)
    return {
        key: one
        for key, one in compared_in(release).items()
        if any(value_of(release, one, unit) is not None for unit in units)
    }


def value_of(release: Release, one: Compared, unit: str) -> Cell | None:
    """Return a unit's value beside all of them."""
    return release.cell(one.measure, unit, one.breakdown, one.group)


def values_in(release: Release, units: Sequence[str]) -> list[Cell]:
    """Return every value of these units, shown or not."""
    found = (
        value_of(release, one, unit) for one in compared_in(release).values() for unit in units
    )
    return [cell for cell in found if cell is not None]


def limits_of(release: Release, one: Compared, whole: str, name: str) -> list[Cell]:
    """Return the inner or outer limits for the members of a whole, by size."""
    group = one.limits_group(name)
    found = [
        cell
        for cell in release.contents.cells
        if cell.measure == "cohort_limits"
        and (cell.slice, cell.breakdown, cell.group) == (whole, one.breakdown, group)
        and cell.is_drawn
    ]
    return sorted(found, key=lambda cell: int(cell.period))


def differing(release: Release, slice_: str, level: str) -> list[tuple[Compared, Cell]]:
    """Return every value beyond what size explains, in the order on screen."""
    found = []
    for one in compared_in(release).values():
        cells = (value_of(release, one, unit) for unit in units_in(release, slice_, level))
        found += [(one, cell) for cell in cells if cell is not None and cell.verdict in BEYOND]
    return found


def first_compared(release: Release, slice_: str, level: str) -> str | None:
    """Return what a reader sees first: where something differs, else completion."""
    known = compared_in(release)
    for one, _ in differing(release, slice_, level):
        return one.key
    return FIRST if FIRST in known else next(iter(known), None)
