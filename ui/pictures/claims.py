"""Pictures of what made the difference: the strongest claim that the data allow comes first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from release import Cell, Release
from release.wording import inside_sentence
from ui.frame import Picture
from ui.pictures.effects import (
    beyond_noise,
    effect_picture,
    refusal,
    same_way,
    whole_or_groups,
)
from ui.pictures.skills import spelt
from ui.words import safe

SKILL = "skill"


@dataclass(frozen=True)
class Rung:
    """One claim: its measure, its strongest word, how it is read, and its findings."""

    measure: str
    by_attribute: bool
    word: str
    how_to_read: str
    found: str
    nothing: str
    refused: str
    proof: str = ""
    """Why its word may be that strong, said where it found an answer."""


LADDER = (
    Rung(
        "growth_by_lottery",
        True,
        "caused, for those assigned",
        "How much more skills grew where the lottery gave only partners of another {name} than "
        "only of their own.",
        "{more} {skill} was caused by being given another {name}",
        "No skill depends on whom the lottery gave, beyond noise",
        "Whether partners of another {name} cause growth cannot be told here",
        " Chance alone decided, so a difference beyond noise is caused by it.",
    ),
    Rung(
        "growth_since_start",
        False,
        "consistent with an effect if trends were parallel",
        "Growth since the programme began, beyond that of people for whom it had not begun.",
        "{more} {skill} once begun: an effect, if trends were parallel",
        "No skill grew more once the programme had begun, beyond noise",
        "Whether the programme's start changed growth cannot be told here",
    ),
    Rung(
        "growth_with_conversations",
        False,
        "associated",
        "How much higher the same person is rated after five more conversations.",
        "{more} {skill} goes with more conversations; that proves no effect",
        "No skill goes with having more conversations, beyond noise",
        "Whether growth goes with conversations cannot be told here",
    ),
    Rung(
        "growth_within_person",
        True,
        "associated",
        "How much higher the same person is rated after five conversations with another {name} "
        "than after five within their own.",
        "{more} {skill} goes with meeting another {name}; that proves no effect",
        "No skill goes with meeting another {name}, beyond noise",
        "Whether growth goes with meeting another {name} cannot be told here",
    ),
)


def claims_pictures(release: Release, slice_: str, attribute: str | None) -> list[Picture]:
    """Return every rung of the ladder that is published here, the strongest first."""
    pictures: list[Picture] = []
    refused: list[str] = []
    for rung in LADDER:
        cells = _cells(release, slice_, attribute, rung)
        if cells:
            pictures.append(_picture(release, attribute, rung, cells, tuple(refused)))
            refused += [reason for reason in [refusal(cells)] if reason]
    return pictures


def _cells(release: Release, slice_: str, attribute: str | None, rung: Rung) -> tuple[Cell, ...]:
    if rung.by_attribute and attribute is None:
        return ()
    breakdown = f"{SKILL}.{attribute}" if rung.by_attribute else SKILL
    groups = release.by_group(rung.measure, slice_, breakdown)
    return whole_or_groups(groups, release.cell(rung.measure, slice_, breakdown))


def _picture(
    release: Release,
    attribute: str | None,
    rung: Rung,
    cells: Sequence[Cell],
    refused: Sequence[str],
) -> Picture:
    name = safe(release.breakdowns[attribute].label) if attribute else ""
    skills = {key: group.label for key, group in release.groups(SKILL).items()}
    proof = rung.proof if any(cell.is_drawn for cell in cells) else ""
    return effect_picture(
        cells,
        skills,
        finding=claim_finding(rung, cells, skills, name),
        how_to_read=f"{rung.how_to_read.format(name=name)}{proof}",
        word=rung.word,
        note=safe(f"No stronger claim can be made, since {refused[-1]}") if refused else "",
    )


def claim_finding(rung: Rung, cells: Sequence[Cell], skills: dict[str, str], name: str) -> str:
    """Return what one rung found, in the word that it allows."""
    if not any(cell.is_drawn for cell in cells):
        return rung.refused.format(name=name)
    found = beyond_noise(cells)
    if not found:
        return rung.nothing.format(name=name)
    more = "More growth in" if found[0].verdict == "above" else "Less growth in"
    alike = same_way(found)
    one = safe(inside_sentence(skills.get(found[0].group, found[0].group)))
    which = one if len(alike) == 1 else f"{spelt(len(alike))} skills"
    return rung.found.format(more=more, skill=which, name=name)
