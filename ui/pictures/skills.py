"""Pictures of skills: which of them move, by how much, and whether who is missing matters."""

from __future__ import annotations

from collections.abc import Sequence

from charts.growth import Panel, slope_rows, slopes
from release import Cell, Release
from ui.frame import Picture, mode
from ui.pictures.point_changes import points_picture
from ui.words import AGAINST_NO_CHANGE, listed, safe

SKILL, GAIN = "skill", "skill_gain"
BESIDE = "self"
NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten",
           "Eleven", "Twelve")  # fmt: skip
MOST_PANELS = 12
NO_CAUSE = "other things changed as well, so this is no proof of a cause"


def skill_pictures(release: Release, slice_: str, attribute: str | None) -> list[Picture]:
    """Return levels and changes of all skills, and whether who is missing matters."""
    gains = release.by_group(GAIN, slice_, SKILL)
    if not gains:
        return []
    pictures = [_slopes(release, slice_, gains), _gains(release, slice_, gains)]
    return pictures + _missing(release, slice_, gains)


def rated_skills(release: Release) -> dict[str, str]:
    """Return the names of the skills that were rated, by key."""
    return {key: group.label for key, group in release.groups(SKILL).items()}


def telling_skill(release: Release, slice_: str) -> str | None:
    """Return the skill that grew most beyond noise, or else the first one shown."""
    cells = [cell for cell in release.by_group(GAIN, slice_, SKILL) if cell.is_drawn]
    above = [cell for cell in cells if cell.verdict == "above"]
    best = max(above or cells[:1], key=lambda cell: cell.estimate, default=None)
    return best.group if best else next(iter(rated_skills(release)), None)


def rater_words(release: Release) -> str:
    """Return who sees the changes that stand first: "Peers", or several kinds of raters."""
    words = list(dict.fromkeys(group.label for group in release.groups("skill_rater").values()))
    said = listed(words)
    return said[:1].upper() + said[1:]


def beside_of(release: Release, slice_: str, measure: str, skill: str) -> Cell | None:
    """Return what people say of themselves on a skill, where others' view stands first."""
    return release.cell(measure, slice_, "skill.rater", f"{skill}.{BESIDE}")


def _levels(release: Release, slice_: str, breakdown: str, group: str) -> list[Cell]:
    found = (
        release.cell("skill_mean", slice_, breakdown, group, wave)
        for wave in release.groups("wave")
    )
    return [cell for cell in found if cell is not None]


def _scale(release: Release, skill: str) -> tuple[float, float]:
    low, _, high = release.groups("skill_scale")[skill].label.partition(" to ")
    return float(low), float(high)


def _slopes(release: Release, slice_: str, gains: Sequence[Cell]) -> Picture:
    names = rated_skills(release)
    panels = [
        Panel(
            name=names[cell.group],
            change=cell,
            levels=_levels(release, slice_, SKILL, cell.group),
            beside=_levels(release, slice_, "skill.rater", f"{cell.group}.{BESIDE}"),
            scale=_scale(release, cell.group),
        )
        for cell in _by_change(gains)[:MOST_PANELS]
    ]
    rows = slope_rows(panels)
    scales = list(dict.fromkeys(group.label for group in release.groups("skill_scale").values()))
    drawn = any(row["kind"] != "name" for row in rows)
    itself = any(panel.beside for panel in panels)
    beside = " Dashed, hollow: people themselves." if itself else ""
    return Picture(
        key="skills",
        finding=skills_finding(release, gains),
        how_to_read=(
            f"Solid, filled: {safe(rater_words(release).lower())}, wave by wave, with 95 % "
            f"interval.{beside} Scale {listed(scales)}, drawn alike for all. The number is the "
            "change of those rated first and last: ▲ up and ▼ down beyond noise, ● within noise."
        ),
        spec=slopes(len(panels), mode()) if drawn else {},
        rows=rows if drawn else [],
        cells=gains,
        names=names,
        by="group",
        against=AGAINST_NO_CHANGE,
        behind=_behind(release, slice_, gains),
        note=_shift_note(release, slice_, gains),
    )


def _by_change(gains: Sequence[Cell]) -> list[Cell]:
    return sorted(gains, key=lambda cell: (not cell.is_drawn, -(cell.estimate or 0.0)))


def _behind(release: Release, slice_: str, gains: Sequence[Cell]) -> str:
    """Return the people behind the first skill drawn, and how many of those who started."""
    cell = next((cell for cell in gains if cell.is_drawn), None)
    if cell is None:
        return ""
    share = release.cell("skill_coverage", slice_, SKILL, cell.group)
    said = f", {share.printed} of those rated at first" if share and share.is_drawn else ""
    return f"About {cell.behind} rated first and last{said}"


def shifted(release: Release, slice_: str, gains: Sequence[Cell]) -> list[str]:
    """Return the skills in which people see themselves fall while others see a rise."""
    names = rated_skills(release)
    return [
        safe(names[cell.group])
        for cell in gains
        for own in [beside_of(release, slice_, GAIN, cell.group)]
        if cell.verdict == "above" and own is not None and own.verdict == "below"
    ]


def _shift_note(release: Release, slice_: str, gains: Sequence[Cell]) -> str:
    skills = shifted(release, slice_, gains)
    if not skills:
        return "Ratings can fall because people learn what they did not know"
    return (
        f"{listed(skills)}: people see themselves fall while others see a rise, so their yardstick "
        "may have moved; others' view and their own bracket the change"
    )


def skills_finding(release: Release, gains: Sequence[Cell]) -> str:
    """Return how many skills grow, in at most 14 words."""
    drawn = [cell for cell in gains if cell.is_drawn]
    if not drawn:
        return nothing_drawn(gains)
    who, number = safe(rater_words(release)), len(drawn)
    up, down = (sum(cell.verdict == way for cell in drawn) for way in ("above", "below"))
    if up and down:
        return f"{who} see {counted_of(up, number)} grow and {spelt(down)} fall"
    if up or down:
        return f"{who} see {counted_of(up or down, number)} {'grow' if up else 'fall'}"
    return f"{who} see no skill move beyond noise"


def nothing_drawn(cells: Sequence[Cell]) -> str:
    """Return why no change is shown."""
    undefined = [cell for cell in cells if cell.status == "undefined"]
    if any("both at the first" in cell.reason for cell in undefined):
        return "Rated at one wave only: whether skills change is not known yet"
    if any("40" in cell.reason for cell in undefined):
        return "Too many are missing at the end to tell a change"
    if undefined:
        return "Whether skills change is not defined here"
    return "Too few people were rated first and last to show a change"


def counted_of(some: int, all_: int) -> str:
    """Return "all nine skills", "one of nine skills" or "the one skill"."""
    if all_ == 1:
        return "the one skill rated"
    return f"all {spelt(all_)} skills" if some == all_ else f"{spelt(some)} of {spelt(all_)} skills"


def spelt(number: int) -> str:
    """Return a small number in words, lower case."""
    return NUMBERS[number].lower() if number < len(NUMBERS) else str(number)


def _gains(release: Release, slice_: str, gains: Sequence[Cell]) -> Picture:
    sizes = {
        cell.group: cell.sentence
        for cell in release.by_group("skill_gain_standardised", slice_, SKILL)
        if cell.is_drawn
    }
    low_start = [cell for cell in gains if cell.is_drawn and cell.expected]
    return points_picture(
        gains,
        rated_skills(release),
        key="skill_gains",
        finding=size_finding(release, slice_, gains),
        how_to_read=(
            "Change in points of the scale of those rated first and last, with 95 % interval. ▲ up "
            "and ▼ down beyond noise, ● within noise."
            + (" Grey: what a low start alone would give." if low_start else "")
        ),
        also=sizes,
        note=safe(low_start[0].reason) if low_start else NO_CAUSE[:1].upper() + NO_CAUSE[1:],
    )


def size_finding(release: Release, slice_: str, gains: Sequence[Cell]) -> str:
    """Return the largest change beyond noise and its size."""
    beyond = [cell for cell in gains if cell.verdict in ("above", "below")]
    if not any(cell.is_drawn for cell in gains):
        return "No size of a change can be shown here"
    if not beyond:
        return "No change is larger than noise"
    largest = max(beyond, key=lambda cell: abs(cell.estimate or 0.0))
    way = "most" if largest.verdict == "above" else "furthest down"
    name = safe(rated_skills(release)[largest.group])
    return f"{name} moves {way}: {safe(largest.printed)}"


def _missing(release: Release, slice_: str, gains: Sequence[Cell]) -> list[Picture]:
    weighted = release.by_group("skill_gain_weighted", slice_, SKILL)
    if not weighted:
        return _bounds(release, slice_)
    plain = {cell.group: cell for cell in gains}
    moved = [cell for cell in weighted if cell.reason.startswith("it differs")]
    picture = points_picture(
        weighted,
        rated_skills(release),
        key="skill_missing",
        finding=missing_finding(release, weighted, moved),
        how_to_read=(
            "Dot: the change if those like the missing ones count for them too, with 95 % "
            "interval. Tick: the change of those rated first and last."
        ),
        ticks=plain,
        against={},
        behind=_behind(release, slice_, gains),
        note="Nothing can make up for people who left because it did not help them",
    )
    return [picture, *_bounds(release, slice_)]


def missing_finding(release: Release, weighted: Sequence[Cell], moved: Sequence[Cell]) -> str:
    """Return whether both changes differ by more than half a standard error."""
    if not any(cell.is_drawn for cell in weighted):
        return "Whether the missing people matter cannot be said"
    if not moved:
        return "Allowing for who is missing hardly alters any change"
    names = [safe(rated_skills(release)[cell.group]) for cell in moved]
    said = names[0] if len(names) == 1 else f"{spelt(len(names))} skills"
    return f"People without a last rating may matter for {said}, if by little"


def _bounds(release: Release, slice_: str) -> list[Picture]:
    cells = release.by_group("skill_rise_bounds", slice_, SKILL)
    if not cells:
        return []
    said = [safe(cell.sentence) for cell in cells if cell.is_drawn]
    return [
        Picture(
            key="skill_bounds",
            finding="Too many are missing; only bounds can be told",
            how_to_read=" ".join(said[:3]) or "Nothing can be shown.",
            spec={},
            rows=[],
            cells=cells,
            names=rated_skills(release),
            by="group",
            against={},
            note="More than 40 % of those rated at first have no last rating",
        )
    ]
