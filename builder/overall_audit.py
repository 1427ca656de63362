"""Check that all skills together are what the published skills give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from builder.places import ORGANISATION
from disclosure.audit import Finding
from release import Cell, Release

SOURCES = {"growth_overall": "skill_gain", "growth_level": "skill_mean"}
HALF_A_STEP = 0.0051
"""Of values that are printed with two decimals; and the rounding of a binary number."""


def audit_overall(release: Release) -> Iterator[Finding]:
    """Yield means over skills that are not the mean of what is published of each."""
    scales = {key: group.label for key, group in release.groups("skill_scale").items()}
    usual = max(Counter(scales.values()).items(), key=lambda each: each[1], default=("", 0))[0]
    for cell in release.contents.cells:
        if cell.measure not in SOURCES or not cell.is_drawn:
            continue
        values = [
            one.estimate
            for one in _of(release, SOURCES[cell.measure], cell.period)
            if scales.get(one.group) == usual
        ]
        mean = sum(values) / len(values) if values else float("nan")
        if not abs(mean - cell.estimate) <= HALF_A_STEP:
            words = "not the mean of what is published of each skill"
            key = f"{cell.measure} / {cell.slice} / {cell.period}"
            yield Finding(rule="wrong number", key=key, words=words)


def _of(release: Release, measure: str, period: str) -> list[Cell]:
    return [
        cell
        for cell in release.contents.cells
        if (cell.measure, cell.slice, cell.breakdown, cell.period)
        == (measure, ORGANISATION, "skill", period)
        and cell.is_drawn
    ]
