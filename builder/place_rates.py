"""Modes, topics and distances with their names, and how many plans for each of them met."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from builder.cells import CellKey, Draft, judged
from builder.gathering import rate_moments
from builder.places import ALL_TIME, Places, Slice
from disclosure.gate import Verdict
from disclosure.thresholds import Thresholds
from metrics import measure
from metrics.connection.where import recorded_alike
from metrics.definition import Result, Sensitivity, Status, undefined
from metrics.participation import RateMoments
from release.contents import Cell, Group
from store import reading, where
from store.aggregates import Level
from store.facts import NO_PLACE, PLACE_KINDS, Facts
from store.where import Kind

LEVELS: tuple[Level, ...] = ("organisation", "programme")
MODES = {
    "online": "Online", "in_person": "In person", "hybrid": "Hybrid", "phone": "By phone",
}  # fmt: skip
DISTANCES = {
    "hours_0": "0 hours apart", "hours_under_4": "Under 4 hours apart",
    "hours_4_to_6": "4 to under 7 hours apart", "hours_7_up": "7 hours or more apart",
}  # fmt: skip
KIND_LABELS = {"mode": "mode", "topic": "topic", "distance": "hours apart"}
RECORDED_AFTERWARDS = "it is mostly written down once a conversation has taken place"
KEY = "completion_by_place"

Rows = dict[tuple[int, int], dict[str, float]]


@dataclass(frozen=True)
class Place:
    """A mode, a topic or a distance, with the number that facts carry."""

    kind: Kind
    number: int
    code: str

    @property
    def label(self) -> str:
        """Return the name on screen; a code is read as words."""
        known = {"mode": MODES, "distance": DISTANCES}.get(self.kind, {})
        return known.get(self.code, self.code.replace("_", " ").capitalize())

    @property
    def key(self) -> str:
        """Return the key among the groups of an attribute."""
        return f"{self.kind}={self.code}"


def read_kinds(connection: Connection, facts: Facts) -> dict[Kind, tuple[Place, ...]]:
    """Return the places of each kind of which there are at least two, so that they compare."""
    rows = reading.read(connection, where.places(facts)).itertuples()
    listed = [Place(row.kind, int(row.place_no), row.code) for row in rows]
    found = {kind: tuple(place for place in listed if place.kind == kind) for kind in PLACE_KINDS}
    return {kind: places for kind, places in found.items() if len(places) > 1}


def place_groups(connection: Connection, facts: Facts) -> list[Group]:
    """Return the names of modes, topics and distances as the release gives them."""
    return [
        Group(breakdown=kind, key=place.code, label=place.label, short=place.label, sort=number)
        for kind, places in read_kinds(connection, facts).items()
        for number, place in enumerate(places)
    ]


def place_rate_cells(
    connection: Connection, facts: Facts, places: Places, thresholds: Thresholds
) -> Iterator[Cell]:
    """Yield the completion of what was planned for each mode, topic and distance."""
    kinds = read_kinds(connection, facts)
    read = {
        level: [
            rows_by_kind(connection, where.held_moments(facts, level, by_pair=by_pair))
            for by_pair in (False, True)
        ]
        for level in (LEVELS if kinds else ())
    }
    for kind, listed in kinds.items():
        for level in LEVELS:
            person, pair = (rows[kind] for rows in read[level])
            for slice_ in places.of_level(level):
                drafts = [
                    _draft(place, slice_, _result(place, slice_, person, pair), thresholds)
                    for place in listed
                ]
                yield from judged(drafts)


def rows_of(connection: Connection, aggregate: object) -> Rows:
    """Return the rows of a moment aggregate by slice and part."""
    rows = reading.rows(connection, aggregate)
    return {(row["slice_no"], row["part_no"]): row for row in rows}


def rows_by_kind(connection: Connection, aggregate: object) -> dict[Kind, Rows]:
    """Return the rows of a moment aggregate of all kinds of places, kind by kind."""
    found: dict[Kind, Rows] = {kind: {} for kind in PLACE_KINDS}
    for row in reading.rows(connection, aggregate):
        found[PLACE_KINDS[row["kind_no"]]][row["slice_no"], row["part_no"]] = row
    return found


def known_distances(connection: Connection, facts: Facts) -> float:
    """Return the share of planned pairings whose distance is known; NaN without any."""
    (row,) = reading.rows(connection, where.planned_distances(facts))
    return row["known"] / row["planned"] if row["planned"] else float("nan")


def moments_at(person: Rows, pair: Rows, slice_no: int, part_no: int) -> RateMoments:
    """Return the sums of one slice and part; zeros where nothing happened."""
    one, two = (rows.get((slice_no, part_no), {}) for rows in (person, pair))
    return rate_moments(one, total=two, pair=two)


def _result(place: Place, slice_: Slice, person: Rows, pair: Rows) -> Result:
    moments = moments_at(person, pair, slice_.number, place.number)
    here = {part: row for (number, part), row in pair.items() if number == slice_.number}
    known = [row for part, row in here.items() if part != NO_PLACE]
    held, planned = _sums(list(here.values()))
    held_known, planned_known = _sums(known)
    if not recorded_alike(held, held_known, planned - held, planned_known - held_known):
        return undefined(RECORDED_AFTERWARDS, people=moments.people)
    result = measure(KEY).compute(moments, ())
    if result.status is not Status.OK:
        return result
    # the null: this place completes as often as all recorded places together
    rate = held_known / planned_known
    error = (rate * (1 - rate) / result.effective_size) ** 0.5
    return replace(result, expected=rate, expected_error=error)


def _sums(rows: list[dict[str, float]]) -> tuple[float, float]:
    return sum(row["numerator"] for row in rows), sum(row["denominator"] for row in rows)


def _draft(place: Place, slice_: Slice, result: Result, thresholds: Thresholds) -> Draft:
    return Draft(
        key=CellKey(
            measure=KEY,
            slice=slice_,
            when=ALL_TIME,
            breakdown=place.kind,
            breakdown_label=KIND_LABELS[place.kind],
            group=place.code,
            group_labels=(place.label,),
        ),
        result=result,
        verdict=Verdict.SHOWN,
        sensitivity=Sensitivity.OPERATIONAL,
        thresholds=thresholds,
    )
