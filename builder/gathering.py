"""Bring aggregates home and lay them out as the metrics and the gate read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sqlalchemy import Connection

from builder.places import Slice, When
from disclosure.matrix import PairTable
from metrics.connection.counts import PairingCounts
from metrics.participation import RateMoments
from store import aggregates, rates, reading
from store.aggregates import Grouping, Level, Span, Stage
from store.attribute_view import AttributeViews
from store.facts import FIRST_GROUP, Facts

MOMENTS = ["numerator", "denominator", "people", "dd", "xd", "xx"]


@dataclass(frozen=True)
class GroupNumbers:
    """The published groups of an attribute: the numbers that facts carry, and their codes."""

    grouping: Grouping
    numbers: tuple[int, ...]
    codes: tuple[str, ...]
    labels: tuple[str, ...]
    left_out: tuple[str, ...]
    """Names of groups too small to show even together."""

    def __len__(self) -> int:
        return len(self.numbers)

    def index(self, numbers: ArrayLike) -> np.ndarray:
        """Return positions on the group axes of metrics."""
        return np.searchsorted(self.numbers, np.asarray(numbers))


class AttributeData:
    """The aggregates of one attribute, read once, cut to any slice and period."""

    def __init__(self, connection: Connection, views: AttributeViews, groups: GroupNumbers) -> None:
        self._connection = connection
        self._views = views
        self._groups = groups
        self._cuts: dict[tuple[Level, Span], tuple[Cut, Cut]] = {}
        self._counts: dict[tuple[Slice, When], PairingCounts] = {}

    @cached_property
    def _mixing(self) -> pd.DataFrame:
        return self._read(aggregates.mixing(*self._seen))

    @cached_property
    def coverage(self) -> float:
        """Return the share of pairings in which both people's groups are known."""
        total = self._mixing["weight"].sum()
        return float(self._known["weight"].sum() / total) if total else float("nan")

    @cached_property
    def _known(self) -> pd.DataFrame:
        frame = self._mixing
        return frame[(frame["group_a"] >= FIRST_GROUP) & (frame["group_b"] >= FIRST_GROUP)]

    @cached_property
    def _strata(self) -> pd.DataFrame:
        """Return one row per stratum: where it lies, and its position on the axis of strata."""
        places = ["stratum_no", "programme_no", "cohort_no", "quarter_no"]
        strata = self._known[places].drop_duplicates().sort_values("stratum_no")
        return strata.reset_index(drop=True)

    @cached_property
    def _cells(self) -> dict[str, np.ndarray]:
        """Return counts by stratum and pair of groups, upper triangle."""
        size, frame = len(self._groups), self._known
        stratum = np.searchsorted(self._strata["stratum_no"], frame["stratum_no"])
        one, other = (self._groups.index(frame[name]) for name in ("group_a", "group_b"))
        low, high = np.minimum(one, other), np.maximum(one, other)
        found = {}
        for name in ("pairings", "weight", "weight_squared"):
            found[name] = np.zeros((len(self._strata), size, size))
            np.add.at(found[name], (stratum, low, high), frame[name].to_numpy(dtype=float))
        return found

    @cached_property
    def _stub_squares(self) -> np.ndarray:
        frame = self._read(aggregates.stub_squares(*self._seen))
        squares = np.zeros((len(self._strata), len(self._groups)))
        stratum = np.searchsorted(self._strata["stratum_no"], frame["stratum_no"])
        squares[stratum, self._groups.index(frame["group_no"])] = frame["stubs_squared"]
        return squares

    @cached_property
    def memberships(self) -> pd.DataFrame:
        """Return the patterns of people: pattern_no, people, cell_no, group_no."""
        return self._read(aggregates.membership_patterns(*self._seen))

    def strata(self, slice_: Slice, when: When) -> np.ndarray:
        """Return the numbers of the strata, in the order of the axis of `counts`."""
        return self._strata["stratum_no"].to_numpy()[self._inside(slice_, when)]

    def unknown_weight(self, slice_: Slice, when: When) -> float:
        """Return the weight of the pairings in which somebody's group is not known."""
        frame = self._mixing
        chosen = frame[(frame["group_a"] < FIRST_GROUP) | (frame["group_b"] < FIRST_GROUP)]
        if slice_.number:
            chosen = chosen[chosen[f"{slice_.level}_no"] == slice_.number]
        if when.number:
            chosen = chosen[chosen["quarter_no"] == when.number]
        return float(chosen["weight"].sum())

    def counts(self, slice_: Slice, when: When, span: Span) -> PairingCounts:
        """Return the pairing counts of one slice and period."""
        if (slice_, when) not in self._counts:
            self._counts[slice_, when] = self._count(slice_, when, span)
        return self._counts[slice_, when]

    def _count(self, slice_: Slice, when: When, span: Span) -> PairingCounts:
        contacts, pairs = self._view(slice_.level, span)
        inside = self._inside(slice_, when)
        size = len(self._groups)
        squares = np.zeros((size, size))
        own = pairs.at(slice_, when)
        low, high = self._sorted_sides(own)
        np.add.at(squares, (low, high), own["squares"].astype(float))
        moments, people = self._moments(contacts.at(slice_, when))
        return PairingCounts(
            groups=self._groups.codes,
            pairings=self._cells["pairings"][inside],
            weights=self._cells["weight"][inside],
            weights_squared=self._cells["weight_squared"][inside],
            stubs_squared=self._stub_squares[inside],
            contact_moments=moments,
            pair_squares=squares,
            people=people,
        )

    def pair_table(self, slice_: Slice, when: When, span: Span, own_shown: np.ndarray) -> PairTable:
        """Return what the rule for group by group tables must know."""
        contacts, pairs = self._view(slice_.level, span)
        size = len(self._groups)
        people, most, weight, distinct = (np.zeros((size, size)) for _ in range(4))
        here = contacts.at(slice_, when)
        rows = self._groups.index(here["own"])
        for number in range(size):
            people[rows, number] = here[f"people_{number}"]
            most[rows, number] = here[f"most_{number}"]
        own = pairs.at(slice_, when)
        low, high = self._sorted_sides(own)
        for one, other in ((low, high), (high, low)):
            table = np.zeros((size, size)), np.zeros((size, size))
            np.add.at(table[0], (one, other), own["distinct_pairs"].astype(float))
            np.add.at(table[1], (one, other), own["weight"].astype(float))
            distinct, weight = np.maximum(distinct, table[0]), np.maximum(weight, table[1])
        with np.errstate(invalid="ignore", divide="ignore"):
            largest = np.maximum(most, most.T) / weight
        return PairTable(
            people=people.astype(int),
            distinct_pairs=distinct.astype(int),
            largest_share=np.nan_to_num(largest, nan=0.0, posinf=0.0),
            own_shown=own_shown,
        )

    @property
    def _seen(self) -> tuple[Facts, Grouping]:
        return self._views.of(self._groups.grouping)

    def _read(self, aggregate: object) -> pd.DataFrame:
        return reading.read(self._connection, aggregate)

    def _view(self, level: Level, span: Span) -> tuple[Cut, Cut]:
        if (level, span) not in self._cuts:
            numbers = self._groups.numbers
            self._cuts[level, span] = (
                Cut(self._read(aggregates.contacts(*self._seen, numbers, level, span))),
                Cut(self._read(aggregates.pair_squares(*self._seen, level, span))),
            )
        return self._cuts[level, span]

    def _inside(self, slice_: Slice, when: When) -> np.ndarray:
        inside = np.ones(len(self._strata), dtype=bool)
        if slice_.number:
            inside &= (self._strata[f"{slice_.level}_no"] == slice_.number).to_numpy()
        if when.number:
            inside &= (self._strata["quarter_no"] == when.number).to_numpy()
        return inside

    def _sorted_sides(self, rows: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        one, other = (self._groups.index(rows[name]) for name in ("group_a", "group_b"))
        return np.minimum(one, other), np.maximum(one, other)

    def _moments(self, here: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        size = len(self._groups)
        moments, people = np.zeros((size, size, size)), np.zeros(size)
        rows = self._groups.index(here["own"])
        people[rows] = here["people"]
        one, other = np.triu_indices(size)
        names = [f"moment_{g}_{h}" for g, h in zip(one, other, strict=True)]
        values = np.array([here[name] for name in names], dtype=float).T
        moments[rows[:, None], one, other] = moments[rows[:, None], other, one] = values
        return moments, people


class Cut:
    """The rows of an aggregate by slice and period: looked up once per cell, so split once."""

    def __init__(self, frame: pd.DataFrame) -> None:
        # as arrays: frames of a few rows cost more than all that is computed from them
        self._columns = {name: frame[name].to_numpy() for name in frame.columns}
        places = frame.groupby(["slice_no", "quarter_no"]).indices
        self._rows = {place: np.asarray(rows) for place, rows in places.items()}

    def at(self, slice_: Slice, when: When) -> dict[str, np.ndarray]:
        """Return the rows of one slice and period, column by column."""
        rows = self._rows.get((slice_.number, when.number), np.empty(0, dtype=int))
        return {name: column[rows] for name, column in self._columns.items()}


class RateData:
    """The sums behind the operational rates, read once per level and span."""

    def __init__(self, connection: Connection, facts: Facts, *, has_met: bool = True) -> None:
        self.has_met = has_met
        self._connection = connection
        self._facts = facts
        self._sums: dict[tuple[str, Level, Span], dict[tuple[int, int], dict[str, float]]] = {}

    def moments(self, key: str, slice_: Slice, when: When, span: Span) -> RateMoments:
        """Return the sums behind the measure of that key."""
        read = {
            "participation_rate": self.participation,
            "completion_rate": self.completion,
            "feedback_rate": self.feedback,
        }
        return read[key](slice_, when, span)

    def participation(self, slice_: Slice, when: When, span: Span) -> RateMoments:
        """Return people eligible and those of them who met somebody; a person is one trial."""
        row = self._row("participation", rates.participation, slice_, when, span)
        people, met = (row.get(name, 0.0) for name in ("eligible", "participants"))
        return RateMoments(
            numerator=met,
            denominator=people,
            people=int(people),
            denominator_squared=people,
            product=met,
            numerator_squared=met,
        )

    def completion(self, slice_: Slice, when: When, span: Span) -> RateMoments:
        """Return pairings offered and those held, with both ends of each."""
        person = self._row("completion", rates.completion, slice_, when, span)
        pair = self._row("completion_by_pair", rates.completion_by_pair, slice_, when, span)
        return rate_moments(person, total=pair, pair=pair)

    def feedback(self, slice_: Slice, when: When, span: Span) -> RateMoments:
        """Return seats in completed conversations and those that gave feedback."""
        person = self._row("feedback", rates.feedback, slice_, when, span)
        return rate_moments(person, total=person, pair={})

    def _row(self, name: str, aggregate, slice_: Slice, when: When, span: Span) -> dict[str, float]:
        key = (name, slice_.level, span)
        if key not in self._sums:
            query = aggregate(self._facts, slice_.level, span)
            rows = reading.rows(self._connection, query)
            self._sums[key] = {(row["slice_no"], row["quarter_no"]): row for row in rows}
        return self._sums[key].get((slice_.number, when.number), {})


def rate_moments(
    person: dict[str, float], *, total: dict[str, float], pair: dict[str, float]
) -> RateMoments:
    """Return the sums behind a rate from rows over people and over pairs of people."""
    sums = {name: float(person.get(name) or 0.0) for name in MOMENTS}
    return RateMoments(
        numerator=float(total.get("numerator") or 0.0),
        denominator=float(total.get("denominator") or 0.0),
        people=int(sums["people"]),
        denominator_squared=sums["dd"],
        product=sums["xd"],
        numerator_squared=sums["xx"],
        pair_denominator_squared=float(pair.get("dd") or 0.0),
        pair_product=float(pair.get("xd") or 0.0),
        pair_numerator_squared=float(pair.get("xx") or 0.0),
    )


def group_numbers(frame: pd.DataFrame, attribute: str) -> pd.DataFrame:
    """Return the groups of one attribute, in the order on screen."""
    return frame[frame["attribute_code"] == attribute].sort_values("group_no")


def people_by_group(
    connection: Connection,
    views: AttributeViews,
    attribute: str,
    numbers: Sequence[int],
    stage: Stage,
) -> dict[int, int]:
    """Return how many distinct people of each group have come as far as the stage."""
    query = aggregates.people_by_group(*views.of(Grouping(attribute)), stage)
    counted = dict(connection.execute(query).all())
    return {number: int(counted.get(number, 0)) for number in numbers}
