"""Pictures of one skill: for which groups it moves, and which cohorts differ beyond their size."""

from __future__ import annotations

from collections.abc import Sequence

from release import Cell, Release
from ui.answers import ORGANISATION, across
from ui.frame import Picture
from ui.pictures.point_changes import points_picture
from ui.pictures.skills import GAIN, SKILL, rated_skills, spelt, telling_skill
from ui.words import AGAINST_NO_CHANGE, listed, safe

NO_SPREAD = "±0.00 points"
AGAINST_AVERAGE = {
    "above": "above the average cohort",
    "below": "below the average cohort",
    "noise": "within noise",
}


def skill_for_whom_pictures(
    release: Release, slice_: str, attribute: str | None, skill: str | None = None
) -> list[Picture]:
    """Return one skill by group of an attribute and by cohort, where published."""
    chosen = skill or telling_skill(release, slice_)
    if chosen is None:
        return []
    pictures = _groups(release, attribute, chosen) if slice_ == ORGANISATION else []
    return pictures + _cohorts(release, slice_, chosen)


def _groups(release: Release, attribute: str | None, skill: str) -> list[Picture]:
    if attribute is None:
        return []
    found = [
        (label, release.cell(GAIN, ORGANISATION, f"skill.{attribute}", f"{skill}.{key}"))
        for key, label in ((key, group.label) for key, group in release.groups(attribute).items())
    ]
    names = {cell.group: label for label, cell in found if cell is not None}
    cells = [cell for _, cell in found if cell is not None]
    if not cells:
        return []
    weighted = {
        cell.group: cell
        for cell in release.by_group("skill_gain_weighted", ORGANISATION, f"skill.{attribute}")
        if cell.group in names
    }
    return [
        points_picture(
            cells,
            names,
            key="skill_groups",
            finding=group_growth_finding(cells, names, rated_skills(release)[skill]),
            how_to_read=(
                f"Change of {safe(rated_skills(release)[skill])} by {across(release, attribute)}, "
                "in points of the scale, of those rated first and last. ▲ up and ▼ down beyond "
                "noise, ● within noise."
                + (" Tick: if those like the missing ones count for them too." if weighted else "")
            ),
            ticks=weighted,
            note="One group may move and another not, and the two still be alike within noise",
        )
    ]


def group_growth_finding(cells: Sequence[Cell], names: dict[str, str], skill: str) -> str:
    """Return in which groups a skill moves."""
    drawn, skill = [cell for cell in cells if cell.is_drawn], safe(skill)
    if not drawn:
        return f"{skill} by group cannot be shown here"
    up = [safe(names[cell.group]) for cell in drawn if cell.verdict == "above"]
    down = [safe(names[cell.group]) for cell in drawn if cell.verdict == "below"]
    if not up and not down:
        return f"{skill} moves in no group beyond noise"
    if len(up) == len(drawn):
        return f"{skill} grows in every group shown"
    way, some = ("grows", up) if up else ("falls", down)
    others = f" and {spelt(len(some) - 1)} other groups" if len(some) > 2 else ""
    return f"{skill} {way} for {listed(some) if len(some) <= 2 else some[0] + others}"


def _cohorts(release: Release, slice_: str, skill: str) -> list[Picture]:
    wanted = [
        scope
        for key, scope in release.slices.items()
        if key.startswith("cohort=") and slice_ in (ORGANISATION, scope.part_of)
    ]
    drawn = [release.cell("skill_gain_shrunk", scope.key, SKILL, skill) for scope in wanted]
    raw = [release.cell(GAIN, scope.key, SKILL, skill) for scope in wanted]
    shrunk = any(drawn)
    cells = [one or other for one, other in zip(drawn, raw, strict=True) if one or other]
    if not cells:
        return []
    names = {scope.key: scope.label for scope in wanted}
    ticks = {cell.slice: cell for cell in raw if cell is not None} if shrunk else None
    how = (
        "Dot: a cohort's change drawn towards the average by as much as its size leaves open, with "
        "95 % interval. Tick: by itself. Grey: the average, as far as the cohort's size tells it "
        "apart. ▲ above and ▼ below the average cohort beyond noise."
        if shrunk
        else "Change by cohort with 95 % interval; too few cohorts to say how much they differ."
    )
    label = rated_skills(release)[skill]
    return [
        points_picture(
            cells,
            names,
            key="skill_cohorts",
            finding=cohort_finding(cells, label, shrunk=shrunk),
            how_to_read=how,
            by="slice",
            ticks=ticks,
            band=shrunk,
            against=AGAINST_AVERAGE if shrunk else AGAINST_NO_CHANGE,
            note=_spread_note(cells) if shrunk else "",
        )
    ]


def _spread_note(cells: Sequence[Cell]) -> str:
    cell = next((cell for cell in cells if cell.is_drawn and ";" in cell.reason), None)
    said = (
        "" if cell is None else f"{safe(_spread(cell.reason.partition('; ')[2]))} · ".capitalize()
    )
    return f"{said}Small cohorts are drawn furthest towards the average"


def _spread(reason: str) -> str:
    """Return how far cohorts differ, of which none by itself need be told apart."""
    if NO_SPREAD in reason:
        return "size alone explains how cohorts differ"
    return reason.replace("cohorts really", "taken together, cohorts")


def cohort_finding(cells: Sequence[Cell], skill: str, *, shrunk: bool) -> str:
    """Return how many cohorts differ beyond what their size explains."""
    drawn, skill = [cell for cell in cells if cell.is_drawn], safe(skill)
    if not drawn:
        return f"{skill} cannot be shown for any single cohort"
    differ = sum(cell.verdict in ("above", "below") for cell in drawn)
    if not shrunk:
        return f"{skill} moves beyond noise in {spelt(differ)} of {spelt(len(drawn))} cohorts"
    if not differ:
        return f"{skill}: no cohort differs beyond what its size explains"
    verb = "differs" if differ == 1 else "differ"
    whose = "its" if differ == 1 else "their"
    return f"{skill}: {spelt(differ)} of {spelt(len(drawn))} cohorts {verb} beyond {whose} size"
