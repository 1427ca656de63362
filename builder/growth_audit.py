"""Check the published cells of skills: nobody singled out, enough people, and no value far off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from sqlalchemy import Connection

from builder.behind import Behind
from builder.gathering import GroupNumbers
from builder.growth_gaps_audit import CountedGaps, audit_growth_gap
from builder.growth_spots import GAPS, NOT_TAKING_PART, RATER, SKILL, THEN
from builder.intake_changes_audit import audit_intake_changes, changes_of_intakes, intake_sets
from builder.items import OUTSIDE, PAIRED, RECALLED, cut_breakdown, cut_group
from builder.overall_audit import SOURCES as OVERALL
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

    Not noticed: a wrong standardised, weighted or drawn value, and wrong wording.
    """
    told = [
        cell
        for cell in release.contents.cells
        # all skills together are looked at by themselves: see `builder.overall_audit`
        if cell.measure in GROWTH_MEASURES and cell.measure not in OVERALL
    ]
    if not told:
        return []
    drawn = [cell for cell in told if cell.is_drawn]
    attributes, groupings = list(published), [groups.grouping for groups in published.values()]
    data = RatingData(connection, facts, groupings)
    counted = CountedGaps(connection, facts, attributes, groupings, data.items)
    known: set[tuple[str, str]] = set()
    findings = []
    for item in data.items:
        spots = dict(_spots(item, published))
        known |= set(spots)
        intakes = changes_of_intakes(release, SKILL, item.skill) if item.first else []
        findings += _item(item, data, drawn, intakes, spots, places, attributes, thresholds)
        findings += _gaps(item, counted, drawn, spots, places, attributes, thresholds)
    return findings + [
        Finding(rule="not published", key=_key(cell), words="a cell of an unknown part or group")
        for cell in told
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
    intakes: list[Cell],
    spots: Mapping[tuple[str, str], Where],
    places: Places,
    attributes: list[str],
    thresholds: Thresholds,
) -> list[Finding]:
    behind = Behind(data.patterns(item))
    waves = {wave.key: wave for wave in data.waves}
    shown = [
        (cell, slices[cell.slice], where)
        for slices in [{slice_.key: slice_ for slice_ in places.slices}]
        for cell in cells
        if cell.measure in (*MEANS, *GAPS) and (where := spots.get((cell.breakdown, cell.group)))
    ]
    sets = dict(_sets(shown, behind, waves, attributes))
    sets |= intake_sets(intakes, behind, places, len(attributes))
    findings = [
        *audit_intake_changes(
            intakes, lambda place: _gained(data, item, place), places, item.scale, thresholds
        )
    ]
    for cell, slice_, where in shown:
        if cell.measure in MEANS:
            place = _place(slice_, where, attributes)
            findings += _means(cell, item, data, place, waves, thresholds)
    if sets:
        masks = np.array(list(sets.values()))
        findings += audit_item(behind.people, masks, thresholds, keys=list(sets))
    return findings


def _sets(
    shown: list[tuple[Cell, Slice, Where]], behind: Behind, waves: Mapping, attributes: list[str]
) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the name of each cell, and which patterns it covers; of gaps those of everybody too."""
    for cell, slice_, where in shown:
        period = PAIRED if cell.period == WHOLE else waves[cell.period].number
        period = RECALLED if cell.measure in LOOKING_BACK else period
        at = behind.columns["period_no"] == period
        yield _key(cell), behind.covered(at & _rows(behind.columns, slice_, where, attributes))
        if cell.measure in GAPS:
            everybody = _rows(behind.columns, slice_, ("", None), attributes)
            yield f"{GAPS[0]} / {slice_.key} / everybody", behind.covered(at & everybody)


def _gaps(
    item: Item,
    counted: CountedGaps,
    cells: list[Cell],
    spots: Mapping[tuple[str, str], Where],
    places: Places,
    attributes: list[str],
    thresholds: Thresholds,
) -> Iterator[Finding]:
    """Yield what is wrong with the gaps of an item."""
    programmes = {slice_.key: slice_.number for slice_ in places.slices}
    for cell in cells:
        attribute, group = spots.get((cell.breakdown, cell.group), ("", None))
        if cell.measure in GAPS and group is not None:
            spot = attributes.index(attribute), group, programmes[cell.slice]
            yield from audit_growth_gap(cell, item, spot, counted, thresholds)


def _rows(
    columns: Mapping[str, np.ndarray], slice_: Slice, where: Where, attributes: list[str]
) -> np.ndarray:
    """Return which rows of patterns lie where a cell does."""
    attribute, group = where
    outside = columns["programme_no"] == OUTSIDE
    if attribute == NOT_TAKING_PART:
        return outside
    inside = ~outside
    if slice_.number:
        inside = inside & (columns[f"{slice_.level}_no"] == slice_.number)
    if attribute:
        inside = inside & (columns[f"g{attributes.index(attribute)}"] == group)
    return inside


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
        return _gained(data, item, place)
    wave = data.wave(item, place, waves[cell.period])
    return wave.people, wave.total / max(wave.people, 1)


def _gained(data: RatingData, item: Item, place: Place) -> tuple[int, float]:
    paired = data.paired(item, place)
    return paired.people, (paired.y - paired.x) / max(paired.people, 1)


def _key(cell: Cell) -> str:
    return " / ".join((cell.measure, cell.slice, cell.breakdown, cell.group, cell.period))
