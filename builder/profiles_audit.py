"""Check the published kinds of participation: large enough, known, and nobody singled out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import numpy as np
from sqlalchemy import Connection

from builder.gathering import GroupNumbers
from builder.items import cut_breakdown, cut_group
from builder.profile_cells import HABIT, HABIT_LABELS, MOST_KINDS, NEW, PROFILE, kind_key
from disclosure.audit import Finding, audit_item
from disclosure.thresholds import Thresholds
from metrics.profiles import measures as profiles
from metrics.profiles.habits import FEWEST_CYCLES
from metrics.profiles.segments import SMALLEST
from release import Cell, Release
from release.contents import WHOLE
from store import profiles as behaviour
from store import reading
from store.facts import Facts

PROFILE_MEASURES = frozenset(measure.key for measure in profiles.MEASURES)
BY_GROUP = "profile_share_by_group"
OF_HABIT = "profile_habit"
FIVE = 5


def audit_profiles(
    connection: Connection,
    facts: Facts,
    release: Release,
    published: Mapping[str, GroupNumbers],
    thresholds: Thresholds,
) -> list[Finding]:
    """Return every promise that the kinds of participation break.

    Not noticed: kinds that are no stable ones, and a wrong name or level.
    """
    cells = [cell for cell in release.contents.cells if cell.measure in PROFILE_MEASURES]
    if not cells:
        return []
    allowed = {key: groups for key, groups in published.items() if not _special(key, connection)}
    return [
        *_unknown(cells, allowed),
        *_small(cells),
        *_isolated(connection, facts, cells, allowed, thresholds),
    ]


def _special(attribute: str, connection: Connection) -> bool:
    frame = reading.attributes(connection).set_index("attribute_code")
    return frame.loc[attribute, "sensitivity"] == "special"


def _unknown(cells: list[Cell], allowed: Mapping[str, GroupNumbers]) -> Iterator[Finding]:
    """Yield cells of an unknown part, of a special category, or of a group in no union."""
    kinds = [kind_key(number) for number in range(MOST_KINDS)]
    known = {
        PROFILE: {WHOLE, NEW, *kinds},
        cut_breakdown(PROFILE, HABIT): {*HABIT_LABELS}
        | {cut_group(kind, habit) for kind in kinds for habit in HABIT_LABELS},
    }
    for attribute, groups in allowed.items():
        codes = {cut_group(kind, code) for kind in kinds for code in groups.codes}
        known[cut_breakdown(PROFILE, attribute)] = {WHOLE, *codes}
    for cell in cells:
        if cell.group not in known.get(cell.breakdown, set()):
            words = "a kind of participation by something that is not published"
            yield Finding(rule="not published", key=_key(cell), words=words)


def _small(cells: list[Cell]) -> Iterator[Finding]:
    """Yield habits of kinds that hold fewer people than a kind may."""
    for cell in cells:
        # published to the nearest five
        if cell.measure == OF_HABIT and cell.is_drawn and cell.people < SMALLEST - FIVE / 2:
            words = f"shown although the kind holds fewer than {SMALLEST} people"
            yield Finding(rule="people of a kind", key=_key(cell), words=words)


def _isolated(
    connection: Connection,
    facts: Facts,
    cells: list[Cell],
    allowed: Mapping[str, GroupNumbers],
    thresholds: Thresholds,
) -> list[Finding]:
    """Check that the groups shown together single nobody out, counted anew from the store."""
    as_of = _as_of(connection)
    sums = reading.read_numbers(connection, behaviour.behaviour(facts, as_of))
    groupings = [groups.grouping for groups in allowed.values()]
    shown = {(cell.breakdown, cell.group) for cell in cells if cell.measure == BY_GROUP
             and not cell.is_hidden}  # fmt: skip
    if not groupings or not shown:
        return []
    people = reading.read_numbers(connection, behaviour.groups_of_people(facts, as_of, groupings))
    experienced = sums.loc[sums["cycles"] >= FEWEST_CYCLES, "person_no"]
    people = people[people["person_no"].isin(experienced)]
    masks, names = [np.ones(len(people), dtype=bool)], ["everybody"]
    for position, (attribute, groups) in enumerate(allowed.items()):
        for number, code in zip(groups.numbers, groups.codes, strict=True):
            key = cut_breakdown(PROFILE, attribute), cut_group(kind_key(0), code)
            if key in shown:
                masks.append(people[f"g{position}"].to_numpy() == number)
                names.append(" / ".join((BY_GROUP, *key)))
    one_each = np.ones(len(people), dtype=int)
    return audit_item(one_each, np.array(masks), thresholds, keys=names)


def _as_of(connection: Connection) -> date:
    return reading.as_of(connection).date()


def _key(cell: Cell) -> str:
    return " / ".join((cell.measure, cell.slice, cell.breakdown, cell.group, cell.period))
