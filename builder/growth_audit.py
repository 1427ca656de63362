"""Check the published cells of skills: nobody singled out, enough people, and no value far off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from sqlalchemy import Connection

from builder.behind import Behind
from builder.gathering import GroupNumbers
from builder.growth_spots import GAPS, NOT_TAKING_PART, RATER, SKILL, THEN
from builder.items import OUTSIDE, PAIRED, RECALLED, cut_breakdown, cut_group
from builder.places import Places, Slice
from builder.rated import OUTSIDE as COMPARED
from builder.rated import Item, Place, RatingData, place_of
from disclosure.audit import Finding, audit_item
from disclosure.rounding import point_step
from disclosure.thresholds import Thresholds
from metrics.growth import measures as growth
from release import Cell, Release
from release.contents import WHOLE
from store import rated, ratings
from store.facts import Facts

GROWTH_MEASURES = frozenset(measure.key for measure in growth.MEASURES)
LOOKING_BACK = ("skill_gain_then", "skill_response_shift")
MEANS = ("skill_gain", "skill_mean", *LOOKING_BACK)
"""Values that an item's gate let through; the other measures stand beside them."""
FLOATING_POINT = 1e-4
WHOLE_PLACE: Place = (ratings.ORGANISATION, 0, 0)

Where = tuple[str, int | None]
"""Attribute (or "" or `NOT_TAKING_PART`) and group of a cell."""


def audit_growth(
    connection: Connection,
    facts: Facts,
    places: Places,
    release: Release,
    published: Mapping[str, GroupNumbers],
    thresholds: Thresholds,
) -> list[Finding]:
    """Return every promise that the cells of skills break.

    Not noticed: a wrong standardised, weighted or drawn value, a wrong gap between people alike,
    and wrong wording.
    """
    drawn = [cell for cell in release.contents.cells if cell.measure in GROWTH_MEASURES]
    if not drawn:
        return []
    data = RatingData(connection, facts, [groups.grouping for groups in published.values()])
    known: set[tuple[str, str]] = set()
    findings = []
    for item in data.items:
        spots = dict(_spots(item, published))
        known |= set(spots)
        findings += _item(item, data, drawn, spots, places, list(published), thresholds)
    return findings + [
        Finding(rule="not published", key=_key(cell), words="a cell of an unknown part or group")
        for cell in drawn
        if (cell.breakdown, cell.group) not in known
    ]


def _spots(
    item: Item, published: Mapping[str, GroupNumbers]
) -> Iterator[tuple[tuple[str, str], Where]]:
    """Yield breakdown and group of every cell that an item may have."""
    if item.rater == rated.OWN:
        then = cut_breakdown(SKILL, THEN)
        yield (then, cut_group(item.skill, THEN)), ("", None)
        yield (then, cut_group(item.skill, NOT_TAKING_PART)), (NOT_TAKING_PART, None)
    if not item.first:
        yield (cut_breakdown(SKILL, RATER), cut_group(item.skill, item.rater)), ("", None)
        return
    yield (SKILL, item.skill), ("", None)
    outside = cut_breakdown(SKILL, NOT_TAKING_PART), cut_group(item.skill, NOT_TAKING_PART)
    yield outside, (NOT_TAKING_PART, None)
    for attribute, groups in published.items():
        for code, number in zip(groups.codes, groups.numbers, strict=True):
            key = cut_breakdown(SKILL, attribute), cut_group(item.skill, code)
            yield key, (attribute, number)


def _item(
    item: Item,
    data: RatingData,
    cells: list[Cell],
    spots: Mapping[tuple[str, str], Where],
    places: Places,
    attributes: list[str],
    thresholds: Thresholds,
) -> list[Finding]:
    behind = Behind(data.patterns(item))
    slices = {slice_.key: slice_ for slice_ in places.slices}
    waves = {wave.key: wave for wave in data.waves}
    masks, names, findings = [], [], []
    for cell in cells:
        where = spots.get((cell.breakdown, cell.group))
        if cell.measure in GAPS and cell.is_drawn and where is not None:
            place = _place(slices[cell.slice], where, attributes)
            findings += _gap(cell, item, data, place, thresholds)
        if cell.measure not in MEANS or not cell.is_drawn or where is None:
            continue
        place = _place(slices[cell.slice], where, attributes)
        period = PAIRED if cell.period == WHOLE else waves[cell.period].number
        period = RECALLED if cell.measure in LOOKING_BACK else period
        masks.append(
            behind.covered(
                _rows(behind.columns, slices[cell.slice], where, attributes)
                & (behind.columns["period_no"] == period)
            )
        )
        names.append(_key(cell))
        findings += _means(cell, item, data, place, waves, thresholds)
    if masks:
        findings += audit_item(behind.people, np.array(masks), thresholds, keys=names)
    return findings


def _rows(
    columns: Mapping[str, np.ndarray], slice_: Slice, where: Where, attributes: list[str]
) -> np.ndarray:
    """Return which rows of patterns lie where a cell does."""
    attribute, group = where
    outside = columns["programme_no"] == OUTSIDE
    if attribute == NOT_TAKING_PART:
        return outside
    if attribute:
        return ~outside & (columns[f"g{attributes.index(attribute)}"] == group)
    return ~outside & (columns[f"{slice_.level}_no"] == slice_.number if slice_.number else True)


def _place(slice_: Slice, where: Where, attributes: list[str]) -> Place:
    attribute, group = where
    if attribute == NOT_TAKING_PART:
        return COMPARED
    if attribute:
        return ratings.FIRST_ATTRIBUTE + attributes.index(attribute), 0, int(group or 0)
    return place_of(slice_)


def _means(
    cell: Cell, item: Item, data: RatingData, place: Place, waves: Mapping, thresholds: Thresholds
) -> Iterator[Finding]:
    """Yield what is wrong with a mean: too few people, or further off than its rounding allows."""
    people, exact = _exact(cell, item, data, place, waves)
    if people < thresholds.mean:
        words = f"shown although it rests on fewer than {thresholds.mean} people"
        yield Finding(rule="people behind a mean", key=_key(cell), words=words)
    bound = cell.printed.startswith(("under", "over"))
    allowed = point_step(people, item.scale) / 2 + FLOATING_POINT
    if not bound and abs(cell.estimate - exact) > allowed:
        words = "further from the exact value than its rounding allows"
        yield Finding(rule="value", key=_key(cell), words=words)


def _gap(
    cell: Cell, item: Item, data: RatingData, place: Place, thresholds: Thresholds
) -> Iterator[Finding]:
    """Yield what is wrong with a gap: too few people on a side, or far from the value as it is."""
    own, everybody = data.paired(item, place), data.paired(item, WHOLE_PLACE)
    rest = everybody.people - own.people
    if min(own.people, rest) < thresholds.mean:
        words = f"shown although a side has fewer than {thresholds.mean} people"
        yield Finding(rule="people behind a mean", key=_key(cell), words=words)
    if cell.measure != GAPS[0]:
        return
    gains = [each.y - each.x for each in (own, everybody)]
    exact = gains[0] / max(own.people, 1) - (gains[1] - gains[0]) / max(rest, 1)
    if abs(cell.estimate - exact) > point_step(cell.people, item.scale) / 2 + FLOATING_POINT:
        words = "further from the exact value than its rounding allows"
        yield Finding(rule="value", key=_key(cell), words=words)


def _exact(
    cell: Cell, item: Item, data: RatingData, place: Place, waves: Mapping
) -> tuple[int, float]:
    """Return the people behind a mean, and the mean before rounding."""
    if cell.measure in LOOKING_BACK:
        recalled = data.recalled(item, place)
        shift = cell.measure == "skill_response_shift"
        total = recalled.shift if shift else recalled.gain
        return recalled.people, total / max(recalled.people, 1)
    if cell.period == WHOLE:
        paired = data.paired(item, place)
        return paired.people, (paired.y - paired.x) / max(paired.people, 1)
    wave = data.wave(item, place, waves[cell.period])
    return wave.people, wave.total / max(wave.people, 1)


def _key(cell: Cell) -> str:
    return " / ".join((cell.measure, cell.slice, cell.breakdown, cell.group, cell.period))
