"""Check the published gaps between groups: nobody singled out, enough people, no value far off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from builder.alike_audit import ALIKE, STANDARDISED, audit_alike
from builder.equity import BREAKDOWN, FOUR_FIFTHS, LEVELS
from builder.equity_sums import places_beside
from builder.gathering import GroupNumbers
from builder.intakes_audit import intake_sets
from builder.items import cut_breakdown, cut_group
from builder.places import Places
from disclosure.audit import Finding, audit_item
from disclosure.thresholds import Thresholds
from metrics.equity import measures as equity
from metrics.equity.four_fifths import FOUR_FIFTHS as LIMIT
from release import Cell, Release
from store import equity as store_equity
from store import equity_offers, reading
from store.facts import Facts

EQUITY_MEASURES = frozenset(measure.key for measure in equity.MEASURES)
RATE, GAP = "equity_rate", "equity_gap"
FIVE = 5
FLOATING_POINT = 1e-4

Where = tuple[str, str, int]
"""Outcome, attribute and number of the group that a cell is about."""
Rows = Mapping[str, np.ndarray]
Counts = dict[tuple[str, int, int], dict[int, np.ndarray]]


def audit_equity(
    connection: Connection,
    facts: Facts,
    places: Places,
    release: Release,
    published: Mapping[str, GroupNumbers],
    thresholds: Thresholds,
) -> list[Finding]:
    """Return every promise that the gaps break.

    Not noticed: a wrong ratio, and wrong wording.
    """
    cells = [cell for cell in release.contents.cells if cell.measure in EQUITY_MEASURES]
    if not cells or not published:
        return []
    groupings = [groups.grouping for groups in published.values()]
    frame = reading.read(connection, store_equity.people_patterns(facts, groupings))
    beside = places_beside(connection, list(published))
    alone = reading.read(connection, store_equity.group_sums(facts, groupings, beside))
    counted = _counted(alone)
    offers = reading.read(connection, equity_offers.offer_sums(facts, groupings))
    shared = _as_outcome(offers[offers["kind"] == "whole"])
    counted |= _counted(shared)
    programmes = {
        slice_.key: slice_.number for level in LEVELS for slice_ in places.of_level(level)
    }
    spots = dict(_spots(release, published))
    findings, alike = [], defaultdict(list)
    for cell in cells:
        where = spots.get((cell.breakdown, cell.group))
        if where is None or cell.slice not in programmes:
            words = "a gap of an unknown outcome or group"
            findings.append(Finding(rule="not published", key=_key(cell), words=words))
            continue
        findings += _people(cell, thresholds)
        findings += _far_off(cell, where, counted, list(published), programmes[cell.slice])
        if cell.measure in (ALIKE, STANDARDISED):
            outcome, attribute, group = where
            spot = outcome, list(published).index(attribute), programmes[cell.slice], group
            alike[spot].append(cell)
    findings += audit_alike(alike, alone, shared)
    intakes = partial(intake_sets, release, places=places, attributes=len(published))
    isolated = _isolated(cells, spots, frame, list(published), programmes, intakes, thresholds)
    return findings + isolated


def _spots(
    release: Release, published: Mapping[str, GroupNumbers]
) -> Iterator[tuple[tuple[str, str], Where]]:
    for outcome in release.groups(BREAKDOWN):
        for attribute, groups in published.items():
            for code, number in zip(groups.codes, groups.numbers, strict=True):
                key = cut_breakdown(BREAKDOWN, attribute), cut_group(outcome, code)
                yield key, (outcome, attribute, number)


def _people(cell: Cell, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield gaps that rest on too few people, and notes that do not hold."""
    # published to the nearest five, which may lie below the number itself
    if cell.is_drawn and cell.people + FIVE / 2 < thresholds.people:
        yield Finding(rule="few people", key=_key(cell), words="a gap that rests on too few people")
    noted = cell.phrase == FOUR_FIFTHS
    if noted and not (cell.is_drawn and cell.estimate < LIMIT and cell.high < 1):
        words = "a note on four fifths that does not hold"
        yield Finding(rule="wrong number", key=_key(cell), words=words)


def _as_outcome(offers: pd.DataFrame) -> pd.DataFrame:
    named = offers.rename(columns={"own": "group_no", "pool_no": "place_no"})
    return named.assign(outcome_code=store_equity.COMPLETION, set_no=0)


def _counted(sums: pd.DataFrame) -> Counts:
    """Return successes and trials of each group, by outcome, attribute and programme (0: all).

    Where nothing is counted over all programmes, as of offers, those of each of them are summed.
    """
    own = (sums["programme_no"] == 0).any()
    counted: Counts = defaultdict(lambda: defaultdict(lambda: np.zeros(2)))
    for row in sums.itertuples():
        for programme in (row.programme_no,) if own else (0, row.programme_no):
            place = row.outcome_code, row.attribute_no, programme
            counted[place][row.group_no] += (row.x, row.d)
    return counted


def _far_off(
    cell: Cell, where: Where, counted: Counts, attributes: Sequence[str], programme: int
) -> Iterator[Finding]:
    """Yield shares and gaps whose interval does not hold the value counted anew."""
    outcome, attribute, group = where
    groups = counted.get((outcome, attributes.index(attribute), programme))
    if cell.measure not in (RATE, GAP) or not cell.is_drawn or groups is None:
        return
    own, everybody = groups[group], sum(groups.values())
    (share, rest) = (x / d for x, d in (own, everybody - own))
    exact = share if cell.measure == RATE else share - rest
    if not cell.low - FLOATING_POINT <= exact <= cell.high + FLOATING_POINT:
        words = "a share or a gap outside its own interval"
        yield Finding(rule="wrong number", key=_key(cell), words=words)


def _isolated(
    cells: Sequence[Cell],
    spots: Mapping[tuple[str, str], Where],
    frame: pd.DataFrame,
    attributes: Sequence[str],
    programmes: Mapping[str, int],
    intakes: Callable[[str, Rows], Iterator[tuple[str, np.ndarray]]],
    thresholds: Thresholds,
) -> list[Finding]:
    """Check that the shares and gaps of each outcome together single nobody out."""
    findings = []
    for outcome, part in frame.groupby("item_no"):
        rows = {name: part[name].to_numpy() for name in part.columns}
        people = np.zeros(rows["pattern_no"].max(), dtype=int)
        people[rows["pattern_no"] - 1] = rows["people"]
        told = {
            (where, programmes.get(cell.slice, 0)): cell
            for cell in cells
            for where in [spots.get((cell.breakdown, cell.group))]
            if where is not None and where[0] == outcome and _tells(cell)
        }
        sets = {
            f"{_key(cell)} / {name}": chosen
            for (where, programme), cell in told.items()
            for name, chosen in _sets(rows, where, attributes, programme)
        } | dict(intakes(outcome, rows))
        if sets:
            masks = [_patterns_of(rows, chosen, people.size) for chosen in sets.values()]
            findings += audit_item(people, np.array(masks), thresholds, keys=list(sets))
            # what adds up over places, such as seats, is known of each part of a person as well
            parts = np.array(list(sets.values()))
            findings += audit_item(rows["people"], parts, thresholds, keys=list(sets))
    return findings


def _patterns_of(rows: Rows, chosen: np.ndarray, patterns: int) -> np.ndarray:
    mask = np.zeros(patterns, dtype=bool)
    mask[rows["pattern_no"][chosen] - 1] = True
    return mask


def _tells(cell: Cell) -> bool:
    return cell.is_drawn and cell.measure in (RATE, GAP)


def _sets(
    rows: Mapping[str, np.ndarray], where: Where, attributes: Sequence[str], programme: int
) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the rows of a group and of everybody else: a gap tells about both."""
    _, attribute, group = where
    inside = (rows["programme_no"] == programme) | (programme == 0)
    number = rows[f"g{attributes.index(attribute)}"]
    yield "group", inside & (number == group)
    yield "others", inside & (number >= store_equity.FIRST_GROUP) & (number != group)


def _key(cell: Cell) -> str:
    return " / ".join((cell.measure, cell.slice, cell.breakdown, cell.group, cell.period))
