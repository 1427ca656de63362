"""The executive's sentence: do people meet across groups, do skills grow, and where to worry."""

from __future__ import annotations

from collections.abc import Sequence

from release import Cell, Release
from ui.answers import ORGANISATION, connection_sentence, is_finding
from ui.pictures.skills import GAIN, SKILL, counted_of, rater_words
from ui.words import AGAINST_LOTTERY, badge, capital, plain, safe, verdict_words
from ui.worries import Worry

OVERALL = "growth_overall"
OPENING = {"above": "Yes:", "below": "Not yet:", "noise": "No sign either way:"}
IN_PART = "In part:"
NO_GROUPS = (
    "Whether people meet across groups cannot be told, since no group of people is published."
)
TREND = {"above": ", and this is rising", "below": ", and this is falling"}
GROWING = {"above": "skills grow", "below": "skills fall", "noise": "skills within noise"}
MOST_WORDS = 35


def working_sentence(release: Release, attribute: str | None, worries: Sequence[Worry] = ()) -> str:
    """Return in at most 35 words whether it is working, and the first worry if they hold it."""
    meeting = release.cell("cross_group_ratio", ORGANISATION, attribute) if attribute else None
    growth = overall_growth(release)
    if is_finding(meeting):
        said = f"{_opening(meeting, growth)} {_meeting(release, meeting, growth)}."
    else:
        said = _ended(connection_sentence(meeting, release)) if attribute else NO_GROUPS
        said += f" {capital(_growing(release, growth))}." if growth is not None else ""
    longer = f"{said} {worries[0].words}." if worries else said
    return longer if len(plain(longer).split()) <= MOST_WORDS else said


def overall_growth(release: Release) -> Cell | None:
    """Return the change of all skills together, where it can be told."""
    cell = release.cell(OVERALL, ORGANISATION, "none")
    return cell if is_finding(cell) and cell.verdict else None


def _opening(meeting: Cell, growth: Cell | None) -> str:
    """Return how the answer begins: a programme is to do both, so one of two is a part."""
    verdicts = {meeting.verdict, meeting.verdict if growth is None else growth.verdict}
    if len(verdicts) == 1:
        return OPENING[meeting.verdict]
    return IN_PART if "above" in verdicts else OPENING["below"]


def _meeting(release: Release, meeting: Cell, growth: Cell | None) -> str:
    said = connection_sentence(meeting, release, subject="people")
    if growth is not None:
        joined = "and" if growth.verdict == meeting.verdict else "but"
        return f"{said}, {joined} {_growing(release, growth)}"
    trend = release.cell("cross_group_trend", ORGANISATION, meeting.breakdown)
    return f"{said}{TREND.get(trend.verdict, '') if is_finding(trend) else ''}"


def _growing(release: Release, growth: Cell) -> str:
    """Return how many skills move the way that all of them together do."""
    who = safe(rater_words(release)).lower() or "raters"
    if growth.verdict == "noise":
        return f"{who} see no growth of skills beyond noise"
    gains = [cell for cell in release.by_group(GAIN, ORGANISATION, SKILL) if cell.is_drawn]
    moved = sum(cell.verdict == growth.verdict for cell in gains)
    way = "growing" if growth.verdict == "above" else "falling"
    which = counted_of(moved, len(gains)) if moved else "skills on the whole"
    return f"{who} see {which} {way}"


def _ended(words: str) -> str:
    return words if words.endswith(".") else f"{words}."


def working_badges(release: Release, meeting: Cell | None) -> list[str]:
    """Return the verdicts on meeting and on growth."""
    judged = ((meeting, AGAINST_LOTTERY), (overall_growth(release), GROWING))
    return [
        badge(words, cell.verdict)
        for cell, against in judged
        if cell is not None and (words := verdict_words(cell, against))
    ]
