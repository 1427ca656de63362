"""Check that what compares cohorts shows nothing that is not published by itself."""

from __future__ import annotations

from collections.abc import Iterator

from builder.cohort_fields import RATE, SCALE, SKILL, CellIndex, index_of
from disclosure.audit import Finding
from release import Cell, Release
from release.contents import WHOLE

SOURCES = {SKILL: "skill_gain", SCALE: "scale_change"}
RATIO = "cross_group_ratio"
COHORT_MEASURES = (
    "cohort_rate", "cohort_rate_shrunk", "cohort_ratio", "cohort_ratio_shrunk", "cohort_change",
    "cohort_change_shrunk", "cohort_limits",
)  # fmt: skip


def audit_cohorts(release: Release) -> Iterator[Finding]:
    """Yield compared values whose own value is hidden, by looking each one up."""
    index = index_of(release.contents.cells)
    for cell in release.contents.cells:
        if cell.measure not in COHORT_MEASURES[:-1] or not cell.is_drawn:
            continue
        source = source_of(cell, index)
        if source is None or not source.is_drawn:
            key = f"{cell.measure} / {cell.slice} / {cell.breakdown} / {cell.group}"
            words = "compared although its value is not published"
            yield Finding(rule="compared", key=key, words=words)


def source_of(cell: Cell, index: CellIndex) -> Cell | None:
    """Return the published value that a compared one rests on."""
    if cell.breakdown == RATE:
        return index.get((cell.group, cell.slice, "none", WHOLE))
    source = SOURCES.get(cell.breakdown, RATIO)
    return index.get((source, cell.slice, cell.breakdown, cell.group))
