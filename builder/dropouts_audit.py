"""Check the published numbers of people expected to stop: of enough people, and in whole people."""

from __future__ import annotations

from collections.abc import Iterator

from disclosure.audit import Finding
from disclosure.expected_people import UNDER_ONE
from disclosure.thresholds import Thresholds
from release import Cell, Release
from release.contents import WHOLE

DROPOUTS = "expected_dropouts"
ORGANISATION = "organisation"
ROUNDING = 2
"""A threshold that is no multiple of five may be printed as the multiple just below."""


def audit_dropouts(release: Release, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every promise that expected numbers break.

    Not noticed: chances that are worth less than they were said to be.
    """
    cells = [cell for cell in release.contents.cells if cell.measure == DROPOUTS]
    refused = any(cell.slice == ORGANISATION for cell in cells)
    for cell in cells:
        for rule, words in _broken(cell, refused, thresholds):
            yield Finding(rule=rule, key=f"{cell.measure} / {cell.slice}", words=words)


def _broken(cell: Cell, refused: bool, thresholds: Thresholds) -> Iterator[tuple[str, str]]:
    if (cell.breakdown, cell.group, cell.period) != ("none", WHOLE, WHOLE):
        yield "not published", "an expected number of a group or a period"
    if not cell.is_drawn:
        return
    if not cell.slice.startswith("cohort=") or refused:
        yield "expected", "shown although expected numbers were refused, or for more than a cohort"
    if (cell.people or 0) < thresholds.people - ROUNDING:
        yield "minimum size", "an expected number of too few people"
    if any(not _is_whole(number) for number in (cell.estimate, cell.expected)):
        yield "whole people", "an expected number finer than one person"


def _is_whole(number: float | None) -> bool:
    return number is None or number == UNDER_ONE or number == round(number)
