"""The picture of gaps in growth: what groups gain in one skill beside everybody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from charts.equity import GapRow, gap_rows, gap_ticks, paired_gaps
from charts.rows import gaps_in
from release import Cell, Release
from release.wording import inside_sentence
from ui.frame import Picture, mode
from ui.words import counted, listed, safe

CRUDE, ALIKE = "growth_gap", "growth_gap_adjusted"
GAIN, ORGANISATION, SKILL = "skill_gain", "organisation", "skill"
BEYOND_NOISE = ("above", "below")
JUDGED = (*BEYOND_NOISE, "noise")
TWO = 2
AGAINST_REST = {
    "above": "more than everybody else",
    "below": "less than everybody else",
    "noise": "no gap beyond noise",
}


@dataclass(frozen=True)
class GrowthGap:
    """The gap of one group: as it is, and between people alike."""

    group: str
    name: str
    crude: Cell
    alike: Cell | None

    @property
    def shown(self) -> Cell:
        """Return the gap between people alike where there is one."""
        return self.alike if self.alike is not None and self.alike.is_drawn else self.crude


def most_rated(release: Release) -> str | None:
    """Return the skill behind whose gain most people are, of several the first; None without."""
    told = [cell for cell in release.by_group(GAIN, ORGANISATION, SKILL) if cell.people]
    return max(told, key=lambda cell: cell.people).group if told else None


def skills_with_gaps(release: Release, slice_: str, attribute: str | None) -> dict[str, str]:
    """Return the names of the skills in which any gap between groups is published there."""
    if attribute is None:
        return {}
    return {
        skill: own.label
        for skill, own in release.groups(SKILL).items()
        if any(gap.crude.is_drawn for gap in growth_gaps(release, slice_, attribute, skill))
    }


def growth_gaps(release: Release, slice_: str, attribute: str, skill: str) -> list[GrowthGap]:
    """Return the gaps of the groups of an attribute in one skill, shown or not."""
    found = []
    for group, own in release.groups(attribute).items():
        crude, alike = (
            release.cell(measure, slice_, f"{SKILL}.{attribute}", f"{skill}.{group}")
            for measure in (CRUDE, ALIKE)
        )
        if crude is not None:
            found.append(GrowthGap(group, own.label, crude, alike))
    return found


def growth_gap_pictures(
    release: Release, slice_: str, attribute: str | None, skill: str | None
) -> list[Picture]:
    """Return the gaps in the growth of a skill, by default of that most people were rated on."""
    skill = skill or most_rated(release)
    if attribute is None or skill is None:
        return []
    gaps = growth_gaps(release, slice_, attribute, skill)
    if not gaps:
        return []
    # of two groups one is nearly the mirror of the other, yet each has its own interval
    rows = gap_rows([GapRow(name=gap.name, crude=gap.crude, alike=gap.alike) for gap in gaps])
    label = safe(inside_sentence(release.groups(SKILL)[skill].label))
    return [
        Picture(
            key="equity_growth",
            finding=growth_gap_finding(gaps, label, safe(release.breakdowns[attribute].label)),
            how_to_read=_how_to_read(release, skill, gaps),
            spec=paired_gaps(
                gap_ticks(rows, "points"), len(rows), gaps_in(rows), False, mode(), "points"
            ),
            rows=rows,
            cells=[gap.shown for gap in gaps],
            names={gap.shown.group: gap.name for gap in gaps},
            by="group",
            against=AGAINST_REST,
            columns={"As it is": [gap.crude.printed for gap in gaps]},
            note=_note(_comparisons(release, slice_, attribute), gaps),
        )
    ]


def _how_to_read(release: Release, skill: str, gaps: Sequence[GrowthGap]) -> str:
    rater, scale = (
        group.label if (group := release.groups(f"{SKILL}_{kind}").get(skill)) else ""
        for kind in ("rater", "scale")
    )
    by = f", as seen by {safe(rater)}" if rater else ""
    on = f" on a scale from {safe(scale)}" if scale else ""
    alike = any(gap.alike is not None and gap.alike.is_drawn for gap in gaps)
    marks = " Hollow: as it is. Filled: between people of the same programmes and place."
    return (
        f"Points{on} that a group gained more or less than everybody else{by}, with 95 % "
        f"intervals.{marks if alike else ''} ▲ more and ▼ less beyond noise, ● within noise."
    )


def _comparisons(release: Release, slice_: str, attribute: str) -> str:
    """Return over how many gaps verdicts are corrected, whichever skill is looked at."""
    judged = [
        skill
        for skill in release.groups(SKILL)
        for gap in growth_gaps(release, slice_, attribute, skill)
        for cell in (gap.crude, gap.alike)
        if cell is not None and cell.verdict in JUDGED
    ]
    if not judged:
        return ""
    skills = counted(len(set(judged)), "skill", "skills")
    comparisons = counted(len(judged), "comparison", "comparisons")
    return f"{comparisons} in {skills} judged together"


def _note(comparisons: str, gaps: Sequence[GrowthGap]) -> str:
    missing = [gap for gap in gaps if gap.crude.is_drawn and gap.shown is gap.crude]
    return " · ".join(
        filter(None, (comparisons, _without_alike(missing), "50 people on each side"))
    )


def _without_alike(gaps: Sequence[GrowthGap]) -> str:
    """Return which gaps cannot be told between people alike, and why where that is the same."""
    if not gaps:
        return ""
    names = listed([safe(gap.name) for gap in gaps])
    reasons = {"" if gap.alike is None or gap.alike.is_hidden else gap.alike.reason for gap in gaps}
    if len(reasons) == 1 and "" not in reasons:
        return f"Between people alike nothing can be told of {names}: {safe(reasons.pop())}"
    return f"Between people alike too few to say: {names}"


def growth_gap_finding(gaps: Sequence[GrowthGap], label: str, attribute: str) -> str:
    """Return which group gains more or less than everybody else, between people alike if told."""
    drawn = [gap for gap in gaps if gap.shown.is_drawn]
    if not drawn:
        return f"Too few people to say who grows more in {label} by {attribute}"
    telling = [gap for gap in drawn if gap.shown.verdict in BEYOND_NOISE]
    if not telling:
        fading = [gap for gap in drawn if gap.crude.verdict in BEYOND_NOISE]
        if fading:
            said = f"{safe(fading[0].name)} gains {_way(fading[0].crude)} in {label}"
            return f"{said}, no longer beyond noise among people alike"
        return f"No group by {attribute} grows more or less than others in {label} beyond noise"
    first = max(telling, key=lambda gap: abs(gap.shown.estimate or 0.0))
    rest = len(telling) - 1
    others = f", and {counted(rest, 'other differs', 'others differ')}" if rest else ""
    size = safe(first.shown.printed.lstrip("+\u2212±"))
    return f"{safe(first.name)} gains {size} {_way(first.shown)} in {label} than others{others}"


def _way(cell: Cell) -> str:
    return "more" if (cell.estimate or 0.0) > 0 else "less"
