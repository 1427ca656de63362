"""Check the published steps of the funnel: they multiply to their total and single nobody out."""

from __future__ import annotations

from collections.abc import Iterator
from math import isclose, prod

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from builder.gathering import GroupNumbers
from disclosure.audit import Finding, audit_item
from disclosure.thresholds import Thresholds
from release import Cell, Release
from store import aggregates, reading
from store.aggregates import Stage
from store.facts import Facts

STEPS = ("opportunity_factor", "matching_factor", "uptake_factor", "continuation_factor")
WITHOUT_OFFERS = ("opportunity_factor", "meeting_factor", "continuation_factor")
TOTAL = "connection_factor"
RESTS_ON: dict[Stage, tuple[str, ...]] = {
    "arranged": ("matching_factor", "uptake_factor", "completion_by_crossing"),
    "continued": ("continuation_factor",),
}
"""Measures that show a number about the people of a stage."""
EXACT = 1e-9


def audit_funnel(
    connection: Connection,
    facts: Facts,
    release: Release,
    attribute: str,
    groups: GroupNumbers,
    thresholds: Thresholds,
) -> list[Finding]:
    """Return every promise that the steps of one attribute break."""
    findings = [
        finding for slice_ in release.slices for finding in _product(release, slice_, attribute)
    ]
    cells = reading.cells(connection, facts)
    for stage, measures in RESTS_ON.items():
        query = aggregates.membership_patterns(facts, groups.grouping, stage)
        memberships = reading.read(connection, query).merge(cells, on="cell_no")
        findings += _isolation(release, attribute, stage, measures, memberships, thresholds)
    return findings


def _product(release: Release, slice_: str, attribute: str) -> Iterator[Finding]:
    """Yield a finding where the steps shown do not multiply to the total shown."""
    total = release.cell(TOTAL, slice_, attribute)
    matching = release.cell("matching_factor", slice_, attribute)
    if total is None or matching is None or not total.is_drawn:
        return
    meeting = release.cell("meeting_factor", slice_, attribute)
    merged = matching.status == "undefined" and meeting.is_drawn
    steps = [release.cell(key, slice_, attribute) for key in (WITHOUT_OFFERS if merged else STEPS)]
    if any(step.is_hidden for step in steps):
        return
    product = prod(step.estimate for step in steps if step.is_drawn)
    if not isclose(product, total.estimate, rel_tol=EXACT):
        words = "the steps do not multiply to their total"
        yield Finding(rule="steps", key=f"{TOTAL} / {slice_} / {attribute}", words=words)


def _isolation(
    release: Release,
    attribute: str,
    stage: Stage,
    measures: tuple[str, ...],
    memberships: pd.DataFrame,
    thresholds: Thresholds,
) -> list[Finding]:
    """Return what is wrong with the slices in which a number about a stage is shown."""
    shown = sorted({c.slice for c in _drawn(release, attribute, measures)})
    if not shown:
        return []
    people = memberships.drop_duplicates("pattern_no").set_index("pattern_no")["people"]
    masks = [people.index.isin(_covered(memberships, slice_)) for slice_ in shown]
    names = [f"{attribute} / {slice_} / {stage}" for slice_ in shown]
    return audit_item(people.to_numpy(dtype=int), np.array(masks), thresholds, keys=names)


def _drawn(release: Release, attribute: str, measures: tuple[str, ...]) -> Iterator[Cell]:
    for cell in release.contents.cells:
        if cell.measure in measures and cell.breakdown == attribute and cell.is_drawn:
            yield cell


def _covered(memberships: pd.DataFrame, slice_key: str) -> pd.Series:
    kind, _, code = slice_key.partition("=")
    inside = memberships[memberships[f"{kind}_id"] == code] if code else memberships
    return inside["pattern_no"].unique()
