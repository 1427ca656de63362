"""The picture of the then-test: change from wave to wave, and change looking back, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from release import Cell, Release
from ui.frame import Picture
from ui.pictures.point_changes import points_picture
from ui.pictures.skills import GAIN, SKILL, beside_of, rated_skills, spelt
from ui.words import capital, safe

THEN, SHIFT = "skill_gain_then", "skill_response_shift"
BREAKDOWN = f"{SKILL}.then"
MOST_SKILLS = 4
GENEROUS = (
    "Looking back is the generous view, since people recall themselves lower than they were; where "
    "a yardstick moves, wave to wave is the cautious one"
)


@dataclass(frozen=True)
class LookedBack:
    """One skill: change looking back, the shift of the yardstick, and the same wave to wave."""

    name: str
    rater: str
    """Who rates beside people themselves, capital first."""
    then: Cell
    shift: Cell | None
    own: Cell | None
    others: Cell | None
    outside: Cell | None

    @property
    def rows(self) -> list[tuple[str, Cell]]:
        """Return what is drawn, with its name, the cautious before the generous."""
        found = (
            (self.rater, self.others),
            ("Themselves", self.own),
            ("Looking back", self.then),
            ("Not taking part, looking back", self.outside),
        )
        return [(name, cell) for name, cell in found if cell is not None]


def looking_back_pictures(release: Release, slice_: str, attribute: str | None) -> list[Picture]:
    """Return the change looking back beside the plain one; nothing where nobody was asked."""
    asked = [found for skill in rated_skills(release) if (found := _of(release, slice_, skill))]
    if not asked:
        return []
    drawn = sorted(asked, key=_moved)[:MOST_SKILLS]
    cells = [cell for skill in drawn for _, cell in skill.rows]
    names = {
        cell.group: name if len(drawn) == 1 else f"{skill.name}: {name[:1].lower()}{name[1:]}"
        for skill in drawn
        for name, cell in skill.rows
    }
    shifts = [skill.shift for skill in drawn if skill.shift and skill.shift.is_drawn]
    behind = next((f"About {skill.then.behind} looked back" for skill in drawn
                   if skill.then.is_drawn), "")  # fmt: skip
    return [
        points_picture(
            cells,
            names,
            key="skill_then",
            finding=looking_back_finding(drawn),
            how_to_read=(
                "Change in points with 95 % interval: last rating less first, wave to wave. "
                "Looking back: at the last wave people rate themselves as they are and as they now "
                "think they were at first. ▲ up and ▼ down beyond noise, ● within noise."
            ),
            as_given=True,
            behind=behind,
            note=" · ".join([GENEROUS, *(safe(one.sentence.rstrip(".")) for one in shifts[:1])]),
        )
    ]


def _of(release: Release, slice_: str, skill: str) -> LookedBack | None:
    then = release.cell(THEN, slice_, BREAKDOWN, f"{skill}.then")
    if then is None:
        return None
    first = release.cell(GAIN, slice_, SKILL, skill)
    own = beside_of(release, slice_, GAIN, skill)
    outside = release.cell(THEN, slice_, BREAKDOWN, f"{skill}.outside")
    return LookedBack(
        name=rated_skills(release)[skill],
        rater=capital(release.groups("skill_rater")[skill].label),
        then=then,
        shift=release.cell(SHIFT, slice_, BREAKDOWN, f"{skill}.then"),
        # where nobody else rates a skill, people's own view is the one that stands first
        own=own or first,
        others=first if own else None,
        outside=outside if outside is not None and outside.is_drawn else None,
    )


def _moved(skill: LookedBack) -> float:
    return -abs((skill.shift and skill.shift.estimate) or 0.0)


def looking_back_finding(asked: Sequence[LookedBack]) -> str:
    """Return what looking back says beside the plain change, in at most 14 words."""
    told = [skill for skill in asked if skill.then.is_drawn and skill.shift is not None]
    if not told:
        return "Too few looked back to show it"
    moved = [skill for skill in told if skill.shift.verdict in ("above", "below")]
    if len(told) > 1:
        some = spelt(len(moved)) if moved else "none"
        return f"Looking back differs from wave to wave in {some} of {spelt(len(told))} skills"
    only = told[0]
    name, back = safe(only.name), safe(_short(only.then))
    if only.own is None or not only.own.is_drawn:
        return f"{name}: {back} points looking back"
    if not moved:
        return f"{name}: looking back tells the same as wave to wave"
    return f"{name}: {safe(_short(only.own))} wave to wave, {back} points looking back"


def _short(cell: Cell) -> str:
    return cell.printed.removesuffix("points").rstrip()
