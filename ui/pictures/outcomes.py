"""Pictures of outcomes beside taking part and beside meeting across groups."""

from __future__ import annotations

from collections.abc import Sequence

from release import Cell, Release
from ui.frame import Picture
from ui.pictures.effects import (
    beyond_noise,
    effect_picture,
    refusal,
    same_way,
    whole_or_groups,
)
from ui.pictures.skills import spelt
from ui.words import listed, safe

OUTCOME = "outcome"
ALIKE, CRUDE, BETWEEN = "outcome_gap_alike", "outcome_gap", "outcome_between_cohorts"
IN_A_HUNDRED = "A yes or no is counted in 100 people."


def outcome_pictures(release: Release, slice_: str, attribute: str | None) -> list[Picture]:
    """Return outcomes of people who take part beside others, and between cohorts."""
    alike = release.by_group(ALIKE, slice_, OUTCOME)
    crude = release.by_group(CRUDE, slice_, OUTCOME)
    shown = alike if any(cell.is_drawn for cell in alike) else crude or alike
    pictures = [_gap(release, shown, crude)] if shown else []
    if attribute is not None:
        breakdown = f"{OUTCOME}.{attribute}"
        cells = whole_or_groups(
            release.by_group(BETWEEN, slice_, breakdown),
            release.cell(BETWEEN, slice_, breakdown),
        )
        pictures += [_between(release, cells, attribute)] if cells else []
    return pictures


def _names(release: Release) -> dict[str, str]:
    return {key: group.label for key, group in release.groups(OUTCOME).items()}


def _gap(release: Release, cells: Sequence[Cell], crude: Sequence[Cell]) -> Picture:
    names = _names(release)
    unlike = [f"{names[cell.group]} {cell.printed}" for cell in crude if cell.is_drawn]
    alike = cells[0].measure == ALIKE
    return effect_picture(
        cells,
        names,
        finding=gap_finding(cells, names),
        how_to_read=(
            f"People who take part less others{' who are alike' if alike else ''}. People chose to "
            f"take part, so a difference is no effect. {IN_A_HUNDRED}"
        ),
        word="associated",
        note=safe(f"Against all others: {', '.join(unlike)}") if alike and unlike else "",
    )


def gap_finding(cells: Sequence[Cell], names: dict[str, str]) -> str:
    """Return the largest difference beyond noise, as what it is."""
    if refusal(cells) or not any(cell.is_drawn for cell in cells):
        return "People who take part cannot be compared with others here"
    found = beyond_noise(cells)
    if not found:
        return "People who take part fare like others: no difference beyond noise"
    return f"{_differ(found, names)} among people who chose to take part"


def _between(release: Release, cells: Sequence[Cell], attribute: str) -> Picture:
    names, name = _names(release), safe(release.breakdowns[attribute].label)
    return effect_picture(
        cells,
        names,
        finding=between_finding(cells, names, name),
        how_to_read=(
            f"How much higher an outcome is in a cohort that meets outside its {name} 10 points "
            f"more often. {IN_A_HUNDRED}"
        ),
        word="associated",
    )


def between_finding(cells: Sequence[Cell], names: dict[str, str], name: str) -> str:
    """Return whether cohorts that meet across groups fare better."""
    if refusal(cells):
        return f"Whether outcomes go with meeting across {name} cannot be told here"
    found = beyond_noise(cells)
    if not found:
        return f"Outcomes do not go with meeting across {name}, beyond noise"
    return f"{_differ(found, names)} in cohorts that meet across {name} more"


def _differ(found: Sequence[Cell], names: dict[str, str]) -> str:
    """Return which outcomes differ the way that the largest does, such as "A is higher"."""
    way = "higher" if found[0].verdict == "above" else "lower"
    alike = [f"\u201c{safe(names.get(cell.group, cell.group))}\u201d" for cell in same_way(found)]
    others = f"{alike[0]} and {spelt(len(alike) - 1)} other outcomes"
    which = listed(alike) if len(alike) < 3 else others
    return f"{which} {'is' if len(alike) == 1 else 'are'} {way}"
