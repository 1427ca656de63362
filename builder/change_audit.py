"""Check the published parts of changes: they sum to the change, and single nobody out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from builder.places import Places
from disclosure.audit import Finding
from metrics.connection.change import PARTS
from release import Cell, Release
from release.contents import WHOLE

SPLIT = "change_split"
SHARE = "cross_group_share"


def audit_change(release: Release, attribute: str) -> Iterator[Finding]:
    """Yield a finding for each change whose parts do not sum to that of the printed shares."""
    for cell in _cells(release, attribute):
        if cell.group != PARTS[0]:
            continue
        place = (SPLIT, cell.slice, attribute)
        parts = [release.cell(*place, part, cell.period) for part in PARTS]
        name = " / ".join((*place, cell.period))
        if len({part.is_drawn for part in parts}) > 1:
            yield Finding(rule="parts of a change", key=name, words="only some parts are shown")
        elif cell.is_drawn and not _is_whole(parts, _compared(release, cell)):
            words = "the parts do not sum to the change of the published shares"
            yield Finding(rule="parts of a change", key=name, words=words)


def change_sets(
    release: Release, attribute: str, memberships: pd.DataFrame, places: Places
) -> Iterator[tuple[str, np.ndarray]]:
    """Yield a name and the patterns of people that each shown part is about."""
    for cell in _cells(release, attribute):
        shares = _compared(release, cell)
        if cell.is_hidden or len(shares) < 2:
            continue
        earlier, later = (_there(memberships, places, cell.slice, each.period) for each in shares)
        patterns = {
            "joiners": np.setdiff1d(later, earlier),
            "leavers": np.setdiff1d(earlier, later),
        }.get(cell.group, np.intersect1d(earlier, later))
        yield " / ".join((SPLIT, cell.slice, attribute, cell.group, cell.period)), patterns


def _cells(release: Release, attribute: str) -> list[Cell]:
    return [
        cell
        for cell in release.contents.cells
        if cell.measure == SPLIT and cell.breakdown == attribute
    ]


def _compared(release: Release, cell: Cell) -> list[Cell]:
    """Return the shares of the two quarters that a part compares, from published cells alone."""
    series = release.series(SHARE, cell.slice, cell.breakdown)
    drawn = [each for each in series if each.is_drawn]
    if cell.period == WHOLE:
        return [drawn[0], drawn[-1]] if len(drawn) > 1 else []
    keys = [each.period for each in drawn]
    if cell.period not in keys[1:]:
        return []
    number = keys.index(cell.period)
    return drawn[number - 1 : number + 1]


def _is_whole(parts: list[Cell], shares: list[Cell]) -> bool:
    if len(shares) < 2:
        return False
    earlier, later = (round(100 * each.estimate) for each in shares)
    return sum(round(100 * part.estimate) for part in parts) == later - earlier


def _there(
    memberships: pd.DataFrame, places: Places, slice_key: str, period_key: str
) -> np.ndarray:
    kind, _, code = slice_key.partition("=")
    number = {when.key: when.number for when in places.quarters}[period_key]
    here = memberships["quarter_no"] == number
    if code:
        here &= memberships[f"{kind}_id"] == code
    return memberships.loc[here, "pattern_no"].unique()
