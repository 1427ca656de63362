"""What can be said before any conversation has come in: who was offered whom."""

from __future__ import annotations

from release import Cell, Release
from ui.answers import AS_A_LOTTERY, across, is_finding
from ui.words import AGAINST_LOTTERY, badge, coloured, safe, verdict_words

MATCHING = "matching_factor"
NOT_MET = "No conversation has come in yet, so whether people meet cannot be told"
NO_GROUPS = f"{NOT_MET}; nor is any attribute published across which they could."


def only_offers(release: Release) -> bool:
    """Tell whether the release knows of no conversation that was held."""
    return bool(release.about.get("without_conversations"))


def offers_sentence(release: Release, slice_: str, attribute: str | None) -> str:
    """Return whether partners were offered across groups as a lottery would offer them."""
    if attribute is None:
        return NO_GROUPS
    cell, name = release.cell(MATCHING, slice_, attribute), across(release, attribute)
    if cell is None:
        return f"{NOT_MET}; nor are offers published here."
    if cell.status == "too_few":
        return f"{NOT_MET}; and there are too few offers across {name} to say anything of them."
    if not is_finding(cell):
        return f"{NOT_MET}; nor can offers across {name} be judged: {safe(cell.reason)}."
    return f"{NOT_MET}. Partners were offered across {name} {_against(cell)} those available gives."


def _against(cell: Cell) -> str:
    if cell.verdict not in ("above", "below"):
        return f"{AS_A_LOTTERY} a lottery among"
    often = "more" if cell.verdict == "above" else "less"
    said = f"{safe(cell.printed.lstrip('+−'))} {often} often"
    return f"{coloured(said, cell.verdict)} than a lottery among"


def offers_badges(release: Release, slice_: str, attribute: str | None) -> list[str]:
    """Return the verdict on the offers, and what it rests on."""
    cell = release.cell(MATCHING, slice_, attribute) if attribute else None
    if cell is None:
        return []
    words = verdict_words(cell, AGAINST_LOTTERY)
    return [
        *([badge(words, cell.verdict)] if words else []),
        *([badge(cell.behind)] if cell.behind else []),
    ]
