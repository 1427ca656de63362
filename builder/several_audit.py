"""Check what a release says about several attributes at once, and about unknown groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from sqlalchemy import Connection

from builder.catalogue import MOST_ATTRIBUTES, SEVERAL_LEVELS
from builder.gathering import AttributeData, GroupNumbers
from builder.places import ALL_TIME, Places, Slice
from disclosure.audit import Finding, audit_item
from disclosure.thresholds import Thresholds
from release import Cell, Release
from store import reading
from store.attribute_view import AttributeViews
from store.facts import Facts
from store.several import Jointly, joint_memberships

ADJUSTED, BOUNDS, SHARE = "adjusted_cross_group_ratio", "cross_group_bounds", "cross_group_share"
ROUNDING = 1e-4
"""Published numbers have four decimals."""


def audit_several(
    connection: Connection,
    facts: Facts,
    places: Places,
    release: Release,
    published: Mapping[str, GroupNumbers],
    thresholds: Thresholds,
) -> Iterator[Finding]:
    """Yield every broken promise about cells over several attributes."""
    slices = [slice_ for level in SEVERAL_LEVELS for slice_ in places.of_level(level)]
    chosen = [attribute for attribute in release.breakdowns if attribute in published]
    model = chosen[:MOST_ATTRIBUTES]
    shown = [slice_ for slice_ in slices if _is_shown(release, ADJUSTED, slice_, model)]
    for slice_ in shown:
        if not all(_is_shown(release, SHARE, slice_, [attribute]) for attribute in model):
            words = "shown although the share of one of its attributes is not"
            yield Finding(rule="own number", key=f"{ADJUSTED} / {slice_.key}", words=words)
    if shown:
        jointly = Jointly(tuple(published[attribute].grouping for attribute in model))
        yield from _isolation(connection, facts, jointly, shown, thresholds)
    for attribute in chosen:
        data = AttributeData(connection, AttributeViews(connection, facts), published[attribute])
        for slice_ in slices:
            yield from _open_bounds(release, data, attribute, slice_)


def _is_shown(release: Release, measure: str, slice_: Slice, attributes: list[str]) -> bool:
    """Tell whether any of these attributes has a cell that is not hidden."""
    cells = (release.cell(measure, slice_.key, attribute) for attribute in attributes)
    return any(cell is not None and not cell.is_hidden for cell in cells)


def _isolation(
    connection: Connection,
    facts: Facts,
    jointly: Jointly,
    shown: list[Slice],
    thresholds: Thresholds,
) -> list[Finding]:
    """Check that the slices that are shown together single nobody out."""
    frame = reading.read(connection, joint_memberships(facts, jointly))
    frame = frame.merge(reading.cells(connection, facts), on="cell_no")
    people = frame.groupby("pattern_no")["people"].first()
    masks = []
    for slice_ in shown:
        inside = frame[frame["programme_no"] == slice_.number] if slice_.number else frame
        masks.append(people.index.isin(inside["pattern_no"].unique()))
    keys = [f"{ADJUSTED} / {slice_.key}" for slice_ in shown]
    return audit_item(people.to_numpy(dtype=int), np.array(masks), thresholds, keys=keys)


def _open_bounds(
    release: Release, data: AttributeData, attribute: str, slice_: Slice
) -> Iterator[Finding]:
    """Check that bounds stand beside a shown share, and hold whatever the unknown groups are."""
    cell = release.cell(BOUNDS, slice_.key, attribute)
    if cell is None or cell.is_hidden:
        return
    key = f"{BOUNDS} / {slice_.key} / {attribute}"
    if not _is_shown(release, SHARE, slice_, [attribute]):
        yield Finding(rule="own number", key=key, words="shown although the share is not")
    elif cell.is_drawn and not _hold(cell, data, slice_):
        yield Finding(rule="bounds", key=key, words="the bounds do not hold what they must")


def _hold(cell: Cell, data: AttributeData, slice_: Slice) -> bool:
    mixing = data.counts(slice_, ALL_TIME, "all").mixing
    unknown = data.unknown_weight(slice_, ALL_TIME)
    across, every = np.triu(mixing, 1).sum(), mixing.sum() + unknown
    lowest, highest = across / every, (across + unknown) / every
    return cell.low <= lowest + ROUNDING and highest <= cell.high + ROUNDING
