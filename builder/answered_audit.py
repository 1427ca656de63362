"""Check the published cells of answers: nobody singled out, enough people, and no value far off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection

from builder.asked import OUTSIDE as COMPARED
from builder.asked import AnswerData, Asked, Place, group_place, place_of
from builder.bands import BAND, KEY
from builder.behind import Behind
from builder.feedback import FEEDBACK, questions_of
from builder.gathering import GroupNumbers
from builder.intake_changes_audit import audit_intake_changes, changes_of_intakes, intake_sets
from builder.items import OUTSIDE, PAIRED, cut_breakdown, cut_group
from builder.learning_source import ALLY, LEARNING_SOURCE, YES
from builder.places import ALL_TIME, Places, Slice, When
from builder.surveys import NOT_TAKING_PART, SCALE, scales_of
from disclosure.audit import Finding, audit_item, audit_statistics
from disclosure.rounding import point_step, share_step
from disclosure.thresholds import Thresholds
from metrics.surveys import measures as surveys
from metrics.surveys.bands import BANDS, FREE
from release import Cell, Release
from release.contents import WHOLE
from store.facts import Facts
from store.feedback import FIRST_BOTH

ANSWER_MEASURES = frozenset(measure.key for measure in surveys.MEASURES)
BESIDE = ("scale_alpha", "scale_omega", "survey_response_rate", "ally_no_occasion_share")
"""Measures that rest on everybody who answered, and ask no item's gate."""
SHARES = ("learning_source_share", "ally_share", KEY)
FLOATING_POINT = 1e-4


@dataclass(frozen=True)
class Where:
    """What a cell's breakdown and group stand for."""

    item: Asked
    option: str = ""
    attribute: int | None = None
    """Position of the attribute that cuts the answers, or whose crossing is told."""
    group: int | None = None
    outside: bool = False


def audit_answers(
    connection: Connection,
    facts: Facts,
    places: Places,
    release: Release,
    published: Mapping[str, GroupNumbers],
    thresholds: Thresholds,
) -> list[Finding]:
    """Return every promise that the cells of answers break.

    Not noticed: a wrong reliability, response rate, share without occasion, a wrong interval or
    comparison with the first period, and wrong wording.
    """
    asked = [cell for cell in release.contents.cells if cell.measure in ANSWER_MEASURES]
    asked = [cell for cell in asked if cell.measure not in BESIDE]
    if not asked:
        return []
    groupings = [groups.grouping for groups in published.values()]
    data = AnswerData(connection, facts, places, groupings)
    spots = dict(_spots(data, published))
    findings, by_item = [], {}
    for cell in asked:
        where = spots.get((_part(cell), cell.group))
        if where is None:
            words = "a cell of an unknown part or group"
            findings.append(Finding(rule="not published", key=_key(cell), words=words))
        elif cell.is_drawn:
            by_item.setdefault(where.item, []).append((cell, where))
    for item, cells in by_item.items():
        intakes = changes_of_intakes(release, SCALE, item.construct)
        findings += _item(item, cells, intakes, data, places, len(published), thresholds)
    return findings


def _part(cell: Cell) -> str:
    return ALLY if cell.measure == "ally_share" else cell.breakdown


def _spots(
    data: AnswerData, published: Mapping[str, GroupNumbers]
) -> Iterator[tuple[tuple[str, str], Where]]:
    """Yield breakdown and group of every cell that there may be."""
    for item in data.items:
        if item.construct == ALLY and item.single:
            yield (ALLY, WHOLE), Where(item, YES)
        elif item.construct == LEARNING_SOURCE and item.single:
            for option in data.options(item):
                yield from _cuts(LEARNING_SOURCE, option.code, Where(item, option.code), published)
    for item in scales_of(data):
        for band in BANDS:
            yield (BAND, cut_group(item.construct, band)), Where(item, band)
        yield from _cuts(SCALE, item.construct, Where(item), published)
        outside = cut_breakdown(SCALE, NOT_TAKING_PART), cut_group(item.construct, NOT_TAKING_PART)
        yield outside, Where(item, outside=True)
    for item in questions_of(data):
        yield (FEEDBACK, item.construct), Where(item)
        for position, attribute in enumerate(published):
            key = cut_breakdown(FEEDBACK, attribute), item.construct
            yield key, Where(item, attribute=position)


def _cuts(
    part: str, code: str, where: Where, published: Mapping[str, GroupNumbers]
) -> Iterator[tuple[tuple[str, str], Where]]:
    yield (part, code), where
    for position, (attribute, groups) in enumerate(published.items()):
        for group, number in zip(groups.codes, groups.numbers, strict=True):
            key = cut_breakdown(part, attribute), cut_group(code, group)
            yield key, Where(where.item, where.option, position, number)


def _item(
    item: Asked,
    cells: list[tuple[Cell, Where]],
    intakes: list[Cell],
    data: AnswerData,
    places: Places,
    attributes: int,
    thresholds: Thresholds,
) -> list[Finding]:
    behind = Behind(data.patterns(item))
    slices = {slice_.key: slice_ for slice_ in places.slices}
    whens = {when.key: when for when in (*data.waves, *places.quarters, ALL_TIME)}
    masks: dict[bool, list[np.ndarray]] = {True: [], False: []}
    names: dict[bool, list[str]] = {True: [], False: []}
    findings = []
    for cell, where in cells:
        slice_, when, band = slices[cell.slice], whens[cell.period], cell.measure == KEY
        masks[band].append(behind.covered(_rows(behind.columns, cell, where, slice_, when)))
        names[band].append(_key(cell))
        findings += _value(cell, where, data, slice_, when, thresholds)
    for name, covered in intake_sets(intakes, behind, places, attributes):
        masks[False].append(covered)
        names[False].append(name)
    findings += audit_intake_changes(
        intakes, lambda place: _changed(data, item, place), places, item.scale, thresholds
    )
    for band, shown in masks.items():
        if shown:
            findings += audit_item(behind.people, np.array(shown), thresholds, keys=names[band])
    if masks[True]:
        both = [(FREE if band else 1, np.array(shown)) for band, shown in masks.items() if shown]
        findings += audit_statistics(behind.people, both, thresholds)
    return findings


def _rows(
    columns: Mapping[str, np.ndarray], cell: Cell, where: Where, slice_: Slice, when: When
) -> np.ndarray:
    """Return which rows of patterns a cell covers."""
    elsewhere = columns["programme_no"] == OUTSIDE
    inside = elsewhere if where.outside else ~elsewhere
    if slice_.number:
        inside = inside & (columns[f"{slice_.level}_no"] == slice_.number)
    if where.group is not None:
        inside = inside & (columns[f"g{where.attribute}"] == where.group)
    period = when.number
    if cell.measure == "scale_change":
        period = PAIRED
    elif cell.measure == "feedback_difference":
        period = FIRST_BOTH - int(where.attribute or 0)
    return inside & (columns["period_no"] == period) if period else inside


def _place(where: Where, slice_: Slice) -> Place:
    if where.outside:
        return COMPARED
    if where.group is not None and where.attribute is not None:
        return group_place(where.attribute, where.group)
    return place_of(slice_)


def _value(
    cell: Cell,
    where: Where,
    data: AnswerData,
    slice_: Slice,
    when: When,
    thresholds: Thresholds,
) -> Iterator[Finding]:
    """Yield what is wrong with a value: too few people, or further off than rounding allows."""
    place, share = _place(where, slice_), cell.measure in SHARES
    people, exact = _exact(cell, where, data, slice_, place, when)
    least = thresholds.people if share and cell.measure != KEY else thresholds.mean
    if people < least:
        words = f"shown although it rests on fewer than {least} people"
        yield Finding(rule="people behind an answer", key=_key(cell), words=words)
    step = share_step(people) if share else point_step(people, where.item.scale)
    bound = cell.printed.startswith(("under", "over"))
    if not bound and abs((cell.estimate or 0.0) - exact) > step / 2 + FLOATING_POINT:
        words = "further from the exact value than its rounding allows"
        yield Finding(rule="value", key=_key(cell), words=words)


def _exact(
    cell: Cell, where: Where, data: AnswerData, slice_: Slice, place: Place, when: When
) -> tuple[int, float]:
    """Return how many people are behind a cell, and its exact value."""
    item = where.item
    if cell.measure == KEY:
        bands = data.bands(item, place, when)
        counts = {"low": bands.low, "high": bands.high}
        inside = counts.get(where.option, bands.people - bands.low - bands.high)
        return bands.people, inside / max(bands.people, 1)
    if cell.measure in SHARES:
        moments = data.choice(item, where.option, place, when)
        return moments.people, moments.numerator / max(moments.denominator, 1.0)
    if cell.measure in ("scale_change", "feedback_difference"):
        if cell.measure == "scale_change":
            return _changed(data, item, place)
        sums = data.crossing(item, int(where.attribute or 0), slice_.number)
        return sums.people, sums.total / max(sums.people, 1)
    level = data.score(item, place, when)
    return level.people, level.total / max(level.people, 1)


def _changed(data: AnswerData, item: Asked, place: Place) -> tuple[int, float]:
    sums = data.change(item, place)
    return sums.people, sums.total / max(sums.people, 1)


def _key(cell: Cell) -> str:
    return " / ".join((cell.measure, cell.slice, cell.breakdown, cell.group, cell.period))
