"""Check the cells by place, unit and intake: known places, nobody isolated, nothing left over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from builder.crossed_audit import CROSSED_MEASURES, Condition, crossed_conditions
from builder.gathering import GroupNumbers
from builder.intake_ratios import BY_INTAKE
from builder.intakes import INTAKE
from builder.whole import with_intakes
from disclosure.audit import Finding, audit_added, audit_item
from disclosure.thresholds import Thresholds
from metrics.definition import Sensitivity
from release import Cell, Release
from release.contents import WHOLE
from store import intake_contacts, reading, where
from store.facts import PLACE_KINDS, Facts

UNIT_MEASURES = ("team_mix", "team_reach")
BY_PLACE = "cross_group_ratio_by_place"
WHERE_MEASURES = (*UNIT_MEASURES, BY_PLACE, "completion_by_place")
WHOLE_MEASURES = ("cross_group_share", "cross_group_ratio")
INTAKE_BLOCK = ["cell_no", "intake_no", "first_no"]
BLOCKS = (
    ["programme_no", "mode_no", "topic_no"],
    ["programme_no", "distance_no"],
    ["programme_no", "mode_no", "topic_no", "distance_no"],
)
FINE_BLOCKS = (
    ["cell_no", "mode_no", "topic_no"],
    ["cell_no", "distance_no"],
    ["cell_no", "intake_no", "first_no", "mode_no", "topic_no"],
    ["cell_no", "intake_no", "first_no", "distance_no"],
)
"""The same, by cohort and quarter as well, and by intake."""


def audit_where(
    connection: Connection,
    facts: Facts,
    release: Release,
    published: Mapping[str, GroupNumbers],
    thresholds: Thresholds,
) -> Iterator[Finding]:
    """Yield every promise that the cells by place and unit break."""
    listed = reading.read(connection, where.places(facts))
    places = {(row.kind, row.code): int(row.place_no) for row in listed.itertuples()}
    yield from _unknown(release, published, places)
    attributes = list(published)
    groupings = [groups.grouping for groups in published.values()]
    frame = reading.read_numbers(connection, where.belongings(facts, groupings))
    frame = frame.merge(reading.cells(connection, facts), on="cell_no")
    people = reading.read_numbers(connection, intake_contacts.intakes_of_people(facts))
    frame = with_intakes(frame, people)
    for number, (attribute, groups) in enumerate(published.items()):
        rows = frame[frame[f"known_{number}"] == 1].assign(group_no=frame[f"own_{number}"])
        units = {
            f"{unit}={code}": ((f"own_{position}", (value,)),)
            for position, unit in enumerate(attributes)
            for code, value in zip(published[unit].codes, published[unit].numbers, strict=True)
        }
        own = {code: (("group_no", (value,)),) for code, value in _numbers(groups)}
        known = {f"{kind}={code}": ((f"{kind}_no", (no,)),) for (kind, code), no in places.items()}
        crossed = crossed_conditions(release, attribute, published)
        everything = own | units | known | crossed
        yield from _isolated(attribute, release, rows, everything, thresholds)


def _numbers(groups: GroupNumbers) -> Iterator[tuple[str, int]]:
    yield from zip(groups.codes, groups.numbers, strict=True)


def _unknown(
    release: Release,
    published: Mapping[str, GroupNumbers],
    places: Mapping[tuple[str, str], int],
) -> Iterator[Finding]:
    """Yield cells of attributes that are switched off, of unknown places, and of other groups."""
    for cell in release.contents.cells:
        if cell.measure not in WHERE_MEASURES or _is_known(cell, published, places):
            continue
        words = "a cell of an attribute, a unit or a place that is not published"
        yield Finding(rule="not published", key=_name(cell), words=words)


def _is_known(
    cell: Cell,
    published: Mapping[str, GroupNumbers],
    places: Mapping[tuple[str, str], int],
) -> bool:
    if cell.measure == "completion_by_place":
        return (cell.breakdown, cell.group) in places
    kind, _, code = cell.group.partition("=")
    if cell.breakdown not in published:
        return False
    if cell.measure == BY_PLACE:
        return (kind, code) in places
    return kind != cell.breakdown and kind in published and code in published[kind].codes


def _name(cell: Cell) -> str:
    return " / ".join((cell.measure, cell.slice, cell.breakdown, cell.group, cell.period))


def _isolated(
    attribute: str,
    release: Release,
    rows: pd.DataFrame,
    conditions: Mapping[str, Condition],
    thresholds: Thresholds,
) -> Iterator[Finding]:
    """Check people over all shown cells, and blocks over wholes and places."""
    shown = _shown(release, attribute, conditions)
    covered = [_covered(rows, key, conditions) for key in shown]
    names = [f"{attribute} by place / {' / '.join(key)}" for key in shown]
    person = rows["person_no"].to_numpy()
    people = np.unique(person)
    masks = [np.isin(people, person[inside]) for inside in covered]
    if masks:
        single = np.ones(people.size, dtype=int)
        yield from audit_item(single, np.array(masks), thresholds, keys=names)
    for block in BLOCKS:
        yield from _left_over(rows, block, shown, covered, names, thresholds)
    for block in FINE_BLOCKS:
        yield from _beside_cohorts(rows, block, shown, covered, thresholds)
    yield from _added_by_intakes(attribute, rows, shown, covered, thresholds)
    yield from _few_left(attribute, rows, shown, conditions, thresholds)


def _shown(
    release: Release, attribute: str, conditions: Mapping[str, object]
) -> list[tuple[str, str, str]]:
    """Return slice, period and group of each shown cell that sums up people's contacts."""
    wanted = (*WHOLE_MEASURES, *UNIT_MEASURES, BY_PLACE, BY_INTAKE, *CROSSED_MEASURES)
    return sorted(
        {
            (cell.slice, cell.period, cell.group)
            for cell in release.contents.cells
            if cell.measure in wanted
            and cell.breakdown == attribute
            and not cell.is_hidden
            and (cell.group == WHOLE or cell.group in conditions)
        }
    )


def _covered(
    rows: pd.DataFrame, key: tuple[str, str, str], conditions: Mapping[str, Condition]
) -> np.ndarray:
    """Return the rows that a published cell covers, worked out from its key alone."""
    slice_key, period, group = key
    inside = np.ones(len(rows), dtype=bool)
    kind, _, code = slice_key.partition("=")
    if kind == INTAKE:
        inside &= _of_intake(rows, code)
    elif code:
        inside &= (rows[f"{kind}_id"] == code).to_numpy()
    if period != WHOLE:
        year, quarter = period.split("-Q")
        inside &= (rows["quarter_no"] == int(year) * 4 + int(quarter) - 1).to_numpy()
    if group != WHOLE:
        for column, numbers in conditions[group]:
            inside &= rows[column].isin(numbers).to_numpy()
    return inside


def _of_intake(rows: pd.DataFrame, code: str) -> np.ndarray:
    """Return the rows of an intake: of a programme by its own quarter, else by the first of all."""
    programme, _, day = code.rpartition(".")
    year, quarter = day.split("-Q")
    number = int(year) * 4 + int(quarter) - 1
    if not programme:
        return (rows["first_no"] == number).to_numpy()
    return ((rows["intake_no"] == number) & (rows["programme_id"] == programme)).to_numpy()


def _left_over(
    rows: pd.DataFrame,
    block: list[str],
    shown: list[tuple[str, str, str]],
    covered: list[np.ndarray],
    names: list[str],
    thresholds: Thresholds,
) -> Iterator[Finding]:
    """Check that wholes and places leave no block of few people when subtracted."""
    blocks = rows.groupby(block)["person_no"].nunique()
    if blocks.empty:
        return
    of_row = blocks.index.get_indexer(pd.MultiIndex.from_frame(rows[block]))
    masks, keys = [], []
    for (slice_key, period, group), inside, name in zip(shown, covered, names, strict=True):
        kind = group.partition("=")[0]
        whole_or_place = group == WHOLE or (kind in PLACE_KINDS and f"{kind}_no" in block)
        is_part = slice_key.startswith(("cohort=", f"{INTAKE}="))
        if period != WHOLE or is_part or not whole_or_place:
            continue
        masks.append(np.bincount(of_row[inside], minlength=len(blocks)) > 0)
        keys.append(name)
    if masks:
        yield from audit_item(
            blocks.to_numpy(), np.array(masks), thresholds, Sensitivity.ATTITUDE, keys
        )


def _added_by_intakes(
    attribute: str,
    rows: pd.DataFrame,
    shown: list[tuple[str, str, str]],
    covered: list[np.ndarray],
    thresholds: Thresholds,
) -> Iterator[Finding]:
    """Check that no intake adds to what slices and periods tell of those who came again."""
    blocks = rows.groupby(INTAKE_BLOCK)["person_no"].nunique()
    if blocks.empty:
        return
    of_row = blocks.index.get_indexer(pd.MultiIndex.from_frame(rows[INTAKE_BLOCK]))
    masks: dict[bool, list[np.ndarray]] = {False: [], True: []}
    for (slice_key, _, group), inside in zip(shown, covered, strict=True):
        if group == WHOLE:
            is_intake = slice_key.startswith(f"{INTAKE}=")
            masks[is_intake].append(np.bincount(of_row[inside], minlength=len(blocks)) > 0)
    if masks[True]:
        for found in audit_added(blocks.to_numpy(), masks[False], masks[True], thresholds):
            yield replace(found, key=f"{attribute} by intake")


def _beside_cohorts(
    rows: pd.DataFrame,
    block: list[str],
    shown: list[tuple[str, str, str]],
    covered: list[np.ndarray],
    thresholds: Thresholds,
) -> Iterator[Finding]:
    """Check that places and intakes beside cohorts and quarters leave no block of few people."""
    blocks = rows.groupby(block)["person_no"].nunique()
    if blocks.empty:
        return
    of_row = blocks.index.get_indexer(pd.MultiIndex.from_frame(rows[block]))
    known, added = [], []
    for (slice_key, period, group), inside in zip(shown, covered, strict=True):
        is_intake = slice_key.startswith(f"{INTAKE}=")
        in_place = period == WHOLE and f"{group.partition('=')[0]}_no" in block
        if is_intake and "intake_no" not in block:
            continue
        if group == WHOLE or in_place:
            chosen = added if is_intake or in_place else known
            chosen.append(np.bincount(of_row[inside], minlength=len(blocks)) > 0)
    if added:
        yield from audit_added(blocks.to_numpy(), np.array(known), np.array(added), thresholds)


def _few_left(
    attribute: str,
    rows: pd.DataFrame,
    shown: list[tuple[str, str, str]],
    conditions: Mapping[str, Condition],
    thresholds: Thresholds,
) -> Iterator[Finding]:
    """Check that a whole without all its shown places is nobody's, or enough people's."""
    taken: dict[tuple[str, str], list[str]] = {}
    for slice_key, period, group in shown:
        kind = group.partition("=")[0]
        if period == WHOLE and kind in PLACE_KINDS and group != WHOLE:
            taken.setdefault((slice_key, kind), []).append(group)
    for (slice_key, kind), groups in taken.items():
        rest = _covered(rows, (slice_key, WHOLE, WHOLE), conditions)
        for group in groups:
            rest &= ~_covered(rows, (slice_key, WHOLE, group), conditions)
        left = rows.loc[rest, "person_no"].nunique()
        if 0 < left < thresholds.effective:
            name = f"{attribute} / {slice_key} / {kind}"
            words = f"the places shown leave {left} people, fewer than {thresholds.effective}"
            yield Finding(rule="effective group size", key=name, words=words)
