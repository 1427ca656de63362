"""Pictures of peer learning beside instructors: what is completed, and what people grow by."""

from __future__ import annotations

from collections.abc import Sequence

from charts.leftout import dots_by_group, linear_ticks
from charts.rows import gaps_in, group_rows
from release import Cell, Release
from ui.frame import Picture, mode
from ui.pictures.effects import beyond_noise, effect_picture, refusal, whole_or_groups
from ui.words import safe

COMPLETION, GROWTH, MODALITY, SKILL = (
    "activity_completion", "growth_by_modality", "modality", "skill",
)  # fmt: skip
AGAINST_ALL = {"above": "above all ways", "below": "below all ways", "noise": "within noise"}


def modality_pictures(release: Release, slice_: str, attribute: str | None) -> list[Picture]:
    """Return growth beside peers and instructors, and completion by way of teaching."""
    growth = whole_or_groups(
        release.by_group(GROWTH, slice_, SKILL), release.cell(GROWTH, slice_, SKILL)
    )
    completion = release.by_group(COMPLETION, slice_, MODALITY)
    pictures = [_growth(release, growth)] if growth else []
    return pictures + ([_completion(release, completion)] if completion else [])


def _growth(release: Release, cells: Sequence[Cell]) -> Picture:
    skills = {key: group.label for key, group in release.groups(SKILL).items()}
    return effect_picture(
        cells,
        skills,
        finding=growth_finding(cells, skills),
        how_to_read=(
            "How much higher the same person is rated after one activity led by peers than after "
            "one led by an instructor."
        ),
        word="associated",
    )


def growth_finding(cells: Sequence[Cell], skills: dict[str, str]) -> str:
    """Return whether peers or instructors go with more growth."""
    if refusal(cells):
        return "Peers and instructors cannot be compared here"
    found = beyond_noise(cells)
    if not found:
        return "Peers and instructors: no difference in growth beyond noise"
    who = "peers" if found[0].verdict == "above" else "instructors"
    skill = safe(skills.get(found[0].group, found[0].group))
    return f"{skill} goes with learning from {who} more; that proves no effect"


def _completion(release: Release, cells: Sequence[Cell]) -> Picture:
    groups = release.groups(MODALITY)
    names = {key: group.label for key, group in groups.items()}
    rows = group_rows(cells, {key: group.short for key, group in groups.items()})
    ticks = linear_ticks(rows, "share")
    return Picture(
        key=COMPLETION,
        finding=completion_finding(cells, names),
        how_to_read=(
            "Activities that were completed, of those that have ended. Tick: all ways together; "
            "grey: what noise alone would give. ▲ above and ▼ below beyond noise, ● within noise."
        ),
        spec=dots_by_group(ticks, len(rows), gaps_in(rows), "share", mode()),
        rows=rows,
        cells=cells,
        names=names,
        by="group",
        against=AGAINST_ALL,
    )


def completion_finding(cells: Sequence[Cell], names: dict[str, str]) -> str:
    """Return which way of teaching is completed more or less often than all."""
    drawn = [cell for cell in cells if cell.is_drawn]
    if not drawn:
        return "How often learning is completed cannot be shown here"
    found = [cell for cell in drawn if cell.verdict in ("above", "below")]
    if not found:
        return "Learning is completed about equally often, however it is taught"
    first = max(found, key=lambda cell: abs((cell.estimate or 0) - (cell.expected or 0)))
    way = "more" if first.verdict == "above" else "less"
    return f"{safe(names[first.group])}: completed {way} often than all ways together"
