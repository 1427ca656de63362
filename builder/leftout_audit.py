"""Check the published cells of who is left out: nobody singled out, no index off its share."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from builder.gathering import GroupNumbers
from builder.places import Places
from disclosure.audit import Finding, audit_item
from disclosure.thresholds import Thresholds
from metrics.connection.indices import inbreeding_homophily
from release import Cell, Release
from release.contents import WHOLE
from store import leftout, reading
from store.facts import Facts

SILENCE = "no_conversation_share"
LOAD = "mixing_load"
MIRRORED = {"above": "below", "below": "above"}
DECIMALS = 1e-3
"""Index and share are published with four decimals; their quotient is off by a little more."""


def audit_leftout(
    connection: Connection,
    facts: Facts,
    places: Places,
    release: Release,
    attribute: str,
    groups: GroupNumbers,
    thresholds: Thresholds,
) -> list[Finding]:
    """Return every promise that these cells of one attribute break."""
    programmes = {slice_.key: slice_.number for slice_ in places.of_level("programme")}
    numbers = list(programmes.values())
    patterns = reading.read(connection, leftout.silence(facts, groups.grouping, tuple(numbers)))
    findings = _isolation(patterns, list(programmes), release, attribute, groups, thresholds)
    findings += _indices(release, attribute)
    for level in ("organisation", "programme"):
        rows = reading.read(connection, leftout.outreach(facts, groups.grouping, level))
        findings += _dominance(rows, programmes, release, attribute, groups, thresholds)
    return findings


def _isolation(
    patterns: pd.DataFrame,
    programmes: list[str],
    release: Release,
    attribute: str,
    groups: GroupNumbers,
    thresholds: Thresholds,
) -> list[Finding]:
    """Check that the shown shares without a conversation together single nobody out."""
    masks, names = [], []
    for cell in _drawn(release, SILENCE, attribute):
        inside = np.ones(len(patterns), dtype=bool)
        if cell.slice in programmes:
            inside &= patterns[f"in_{programmes.index(cell.slice)}"].to_numpy() > 0
        if cell.group != WHOLE:
            number = groups.numbers[groups.codes.index(cell.group)]
            inside &= patterns["own"].to_numpy() == number
        masks.append(inside)
        names.append(_name(cell))
    if not masks:
        return []
    people = patterns["people"].to_numpy(dtype=int)
    return audit_item(people, np.array(masks), thresholds, keys=names)


def _indices(release: Release, attribute: str) -> Iterator[Finding]:
    """Yield indices that say more, or other things, than the share that they stand for."""
    for cell in _drawn(release, "coleman_index", attribute):
        share = release.cell("cross_group_share", cell.slice, attribute, cell.group)
        if share is None or share.estimate is None or share.expected is None:
            words = "an index is shown where its share is not"
            yield Finding(rule="index and share", key=_name(cell), words=words)
            continue
        index = float(inbreeding_homophily(1 - share.estimate, 1 - share.expected))
        if not isnan(index) and abs(index - cell.estimate) > DECIMALS / min(_rooms(share)):
            words = "an index does not follow from the published share"
            yield Finding(rule="index and share", key=_name(cell), words=words)
        elif cell.verdict != MIRRORED.get(share.verdict, share.verdict):
            words = "an index has another verdict than its share"
            yield Finding(rule="index and share", key=_name(cell), words=words)


def _rooms(share: Cell) -> tuple[float, float]:
    return share.expected, 1 - share.expected


def _dominance(
    rows: pd.DataFrame,
    programmes: dict[str, int],
    release: Release,
    attribute: str,
    groups: GroupNumbers,
    thresholds: Thresholds,
) -> Iterator[Finding]:
    """Yield loads of which one person alone carries more than the limit."""
    dominated = {
        (row.slice_no, row.own)
        for row in rows.itertuples()
        if row.most > thresholds.largest_share * row.cross
    }
    whole = set(rows["slice_no"]) == {0}
    for cell in _drawn(release, LOAD, attribute):
        if (cell.slice in programmes) == whole:
            continue
        number = groups.numbers[groups.codes.index(cell.group)]
        if (programmes.get(cell.slice, 0), number) in dominated:
            words = "one person carries more than the limit of what is shown"
            yield Finding(rule="largest person", key=_name(cell), words=words)


def _drawn(release: Release, measure: str, attribute: str) -> list[Cell]:
    return [
        cell
        for cell in release.contents.cells
        if (cell.measure, cell.breakdown) == (measure, attribute) and cell.is_drawn
    ]


def _name(cell: Cell) -> str:
    return " / ".join((cell.measure, cell.slice, cell.breakdown, cell.group))
