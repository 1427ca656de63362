"""The large sentence of the growth page, from published verdicts and phrases."""

from __future__ import annotations

from collections.abc import Sequence

from release import Cell, Release
from release.wording import inside_sentence
from ui.answers import ORGANISATION
from ui.pictures.skills import (
    GAIN,
    SKILL,
    counted_of,
    nothing_drawn,
    rated_skills,
    rater_words,
    shifted,
)
from ui.words import badge, coloured, listed, safe

NOT_RATED = "No skills were rated in this release."
MOST_NAMED = 2


def growth_sentence(release: Release, slice_: str) -> str:
    """Return which skills move and who sees it, in at most about 35 words."""
    gains = release.by_group(GAIN, slice_, SKILL)
    if not gains:
        return (
            NOT_RATED if not rated_skills(release) else f"{_place(release, slice_)}nothing rated."
        )
    drawn = [cell for cell in gains if cell.is_drawn]
    if not drawn:
        return f"{nothing_drawn(gains)}."
    who = safe(rater_words(release))
    who = who if slice_ == ORGANISATION else f"{_place(release, slice_)}{who.lower()}"
    return f"{who} see {_moving(release, drawn)}.{_own_view(release, slice_, gains)}"


def _place(release: Release, slice_: str) -> str:
    return f"In {safe(release.slices[slice_].label)}, "


def _moving(release: Release, drawn: Sequence[Cell]) -> str:
    up, down = ([cell for cell in drawn if cell.verdict == way] for way in ("above", "below"))
    if not up and not down:
        return "no skill move beyond noise"
    if not up:
        fallen = f"{counted_of(len(down), len(drawn))} falling"
        return coloured(fallen, "below")
    growing = coloured(f"{counted_of(len(up), len(drawn))} growing", "above")
    most = max(up, key=lambda cell: cell.estimate)
    name = safe(rated_skills(release)[most.group])
    also = f", and {counted_of(len(down), len(drawn))} falling" if down else ""
    return f"{growing}{also}, most of all {inside_sentence(name)}"


def _own_view(release: Release, slice_: str, gains: Sequence[Cell]) -> str:
    """Say where people see themselves fall while others see a rise."""
    skills = [inside_sentence(name) for name in shifted(release, slice_, gains)]
    if not skills:
        return ""
    named = listed(skills) if len(skills) <= MOST_NAMED else f"{len(skills)} skills"
    return f" In {named} people see themselves fall: their yardstick may have moved."


def growth_badges(release: Release, slice_: str) -> list[str]:
    """Return how many changes are beyond noise, and the people behind the first."""
    gains = [cell for cell in release.by_group(GAIN, slice_, SKILL) if cell.is_drawn]
    if not gains:
        return []
    beyond = [cell for cell in gains if cell.verdict in ("above", "below")]
    verdict = beyond[0].verdict if len({cell.verdict for cell in beyond}) == 1 else ""
    return [
        badge(f"{len(beyond)} of {len(gains)} beyond noise", verdict),
        badge(f"about {gains[0].behind} rated first and last"),
    ]


def unrated(release: Release) -> str:
    """Name the skills that are listed and that nobody rated."""
    names = [safe(group.label) for group in release.groups("skill_not_rated").values()]
    return f"Not rated by anybody: {listed(names)}." if names else ""
