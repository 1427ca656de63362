"""Check that what compares cohorts shows nothing that is not published by itself."""

from __future__ import annotations

from collections.abc import Iterator

from builder.cohort_fields import RATE, SCALE, SKILL, CellIndex, index_of
from builder.equity_sums import PLACES
from builder.intake_ratios import BY_INTAKE
from builder.intakes import INTAKE
from builder.location_ratios import REACH, ratio_of_reach
from builder.locations import LOCATION, RATE_OF
from builder.places import ORGANISATION
from disclosure.audit import Finding
from release import Cell, Release
from release.contents import WHOLE

SOURCES = {SKILL: "skill_gain", SCALE: "scale_change"}
RATIO = "cross_group_ratio"
RATIOS = ("cohort_ratio", "cohort_ratio_shrunk")
COHORT_MEASURES = (
    "cohort_rate", "cohort_rate_shrunk", "cohort_ratio", "cohort_ratio_shrunk", "cohort_change",
    "cohort_change_shrunk", "cohort_limits",
)  # fmt: skip

AS_IT_IS = ("cohort_rate", "cohort_ratio", "cohort_change")
"""Measures that repeat a published value; the others draw it in."""


def audit_cohorts(release: Release) -> Iterator[Finding]:
    """Yield compared values whose own value is hidden or another, by looking each one up.

    The own values themselves are counted anew elsewhere.
    """
    index = index_of(release.contents.cells)
    for cell in release.contents.cells:
        if cell.measure not in COHORT_MEASURES[:-1] or not cell.is_drawn:
            continue
        source = source_of(cell, index)
        key = f"{cell.measure} / {cell.slice} / {cell.breakdown} / {cell.group}"
        if source is None or not source.is_drawn:
            words = "compared although its value is not published"
            yield Finding(rule="compared", key=key, words=words)
        elif cell.measure in AS_IT_IS and cell.estimate != source.estimate:
            words = "another value than the one that is published by itself"
            yield Finding(rule="wrong number", key=key, words=words)


def source_of(cell: Cell, index: CellIndex) -> Cell | None:
    """Return the published value that a compared one rests on."""
    if cell.slice.startswith(f"{INTAKE}="):
        # rates and changes are counted anew (`builder.intakes_audit`, `builder.growth_audit` and
        # `builder.answered_audit`): nothing else is published of them
        source = BY_INTAKE if cell.measure in RATIOS else cell.measure.removesuffix("_shrunk")
        return index.get((source, cell.slice, cell.breakdown, cell.group))
    if cell.slice.startswith(f"{LOCATION}="):
        return _of_location(cell, index)
    if cell.breakdown == RATE:
        return index.get((cell.group, cell.slice, "none", WHOLE))
    source = SOURCES.get(cell.breakdown, RATIO)
    return index.get((source, cell.slice, cell.breakdown, cell.group))


def _of_location(cell: Cell, index: CellIndex) -> Cell | None:
    """Return the value of a group of the attribute that says where people are."""
    code = cell.slice.removeprefix(f"{LOCATION}=")
    for attribute in PLACES:
        found = index.get(_key_of_location(cell, attribute, code))
        if found is not None:
            return ratio_of_reach(found) if cell.measure in RATIOS else found
    return None


def _key_of_location(cell: Cell, attribute: str, code: str) -> tuple[str, str, str, str]:
    if cell.measure in RATIOS:
        return REACH, ORGANISATION, cell.breakdown, f"{attribute}={code}"
    if cell.breakdown == RATE:
        outcome = next(outcome for outcome, rate in RATE_OF.items() if rate == cell.group)
        return "equity_rate", ORGANISATION, f"equity.{attribute}", f"{outcome}.{code}"
    source, breakdown = SOURCES[cell.breakdown], f"{cell.breakdown}.{attribute}"
    return source, ORGANISATION, breakdown, f"{cell.group}.{code}"
