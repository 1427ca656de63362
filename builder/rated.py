"""Ratings of skills as the builder reads them: items, sums by place, and patterns of people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from builder.items import wave_key
from builder.places import Slice, When
from metrics.growth.gain import PairedSums, Scale, WaveSums
from metrics.growth.retrospective import ThenSums
from store import ratings, reading
from store.aggregates import Grouping
from store.facts import Facts

RATERS = {"peer": "peers", "self": "people themselves", "manager": "managers", "system": "a system"}
"""Kinds of raters as they stand in a sentence; the first that rated a skill is the one shown first,
since others see a change more soberly than people themselves."""
LEVEL_KINDS = {
    "organisation": ratings.ORGANISATION,
    "programme": ratings.PROGRAMME,
    "cohort": ratings.COHORT,
}
MOST_PEOPLE = 20_000
"""People from whom the chance to be missing is learnt; beyond, an evenly spaced part of them."""
Aggregate = Callable[..., object]
Place = tuple[int, int, int]
"""kind_no, slice_no and group_no of the aggregates."""
OUTSIDE: Place = (ratings.COMPARED, 0, 0)


@dataclass(frozen=True)
class Item:
    """One skill as one kind of rater sees it."""

    number: int
    skill: str
    label: str
    rater: str
    scale: Scale
    first: bool = False
    """Whether this rater's view is the one shown first."""

    @property
    def by(self) -> str:
        """Return who rates, in words."""
        return RATERS[self.rater]

    @property
    def written_scale(self) -> str:
        """Return the scale as ``1 to 5``."""
        return f"{self.scale[0]:g} to {self.scale[1]:g}"


def place_of(slice_: Slice) -> Place:
    """Return the place of a slice."""
    return LEVEL_KINDS[slice_.level], slice_.number, 0


class RatingData:
    """The aggregates of all ratings, read once."""

    def __init__(self, connection: Connection, facts: Facts, groupings: Sequence[Grouping]) -> None:
        self._connection = connection
        self._facts = facts
        self._groupings = groupings

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Return one item per skill and kind of rater: on the scale on which most are rated."""
        frame = reading.read(self._connection, ratings.items())
        usual = frame.sort_values("people", ascending=False, kind="stable")
        usual = usual.drop_duplicates(["skill_code", "rater_kind"]).sort_values("item_no")
        found = [
            Item(int(row.item_no), row.skill_code, row.label, row.rater_kind,
                 (float(row.scale_min), float(row.scale_max)))
            for row in usual.itertuples()
        ]  # fmt: skip
        return tuple(sorted((_ranked(item, found) for item in found), key=_order))

    @cached_property
    def waves(self) -> tuple[When, ...]:
        """Return the waves in order of time; numbers are those of `rating_patterns`."""
        rows = reading.read(self._connection, ratings.waves()).itertuples()
        return tuple(When(row.wave_no + 1, wave_key(row.wave_no), row.label) for row in rows)

    def paired(self, item: Item, place: Place) -> PairedSums:
        """Return the sums of the same people, first and last."""
        row = self._pairs.get((item.number, *place))
        if row is None:
            return PairedSums(
                people=0, started=0, scale=item.scale, **dict.fromkeys(("x", "y"), 0.0),
                **dict.fromkeys(("xx", "yy", "xy"), 0.0),
            )  # fmt: skip
        return PairedSums(
            people=int(row.people), started=int(row.started), x=row.x, y=row.y, xx=row.xx,
            yy=row.yy, xy=row.xy, rose=int(row.rose), scale=item.scale,
        )  # fmt: skip

    def wave(self, item: Item, place: Place, when: When) -> WaveSums:
        """Return the sums of one wave."""
        row = self._waves.get((item.number, when.number - 1, *place))
        people, total, squares = (0, 0.0, 0.0) if row is None else (int(row.people), row.x, row.xx)
        return WaveSums(people=people, total=total, squares=squares, scale=item.scale)

    def recalled(self, item: Item, place: Place) -> ThenSums:
        """Return the sums of those who looked back, if anybody there did."""
        row, paired = self._recalls.get((item.number, *place[:2])), self.paired(item, place)
        sums = dict.fromkeys(("gain", "gain_squares", "shift", "shift_squares"), 0.0)
        if row is not None:
            sums = {name: getattr(row, name) for name in sums}
        return ThenSums(
            people=0 if row is None else int(row.people),
            paired=paired.people,
            started=paired.started,
            scale=item.scale,
            **sums,
        )

    def patterns(self, item: Item) -> pd.DataFrame:
        """Return who is behind an item: rows of `store.patterns.patterns`."""
        return self._patterns[item.number]

    def started(self) -> dict[int, pd.DataFrame]:
        """Return, by number of the item, people who started, as seen by the first rater."""
        most = max((row.started for row in self._pairs.values()), default=0)
        every = max(1, int(most) // MOST_PEOPLE)
        frame = self._frame(
            ratings.missing_people(self._facts, self._groupings, self._first, every)
        )
        return dict(list(frame.groupby("item_no")))

    def members(self) -> dict[int, np.ndarray]:
        """Return, by number of a programme, the running numbers of those who take part in it."""
        frame = self._frame(ratings.memberships(self._facts))
        return {
            int(number): part.to_numpy()
            for number, part in frame.groupby("programme_no")["person_no"]
        }

    @property
    def _first(self) -> Sequence[int]:
        return [item.number for item in self.items if item.first]

    @cached_property
    def _pairs(self) -> dict[tuple[int, ...], object]:
        frame = self._frame(self._query(ratings.pair_sums))
        return {
            (row.item_no, row.kind_no, row.slice_no, row.group_no): row
            for row in frame.itertuples()
        }

    @cached_property
    def _waves(self) -> dict[tuple[int, ...], object]:
        frame = self._frame(self._query(ratings.wave_sums))
        return {
            (row.item_no, row.wave_no, row.kind_no, row.slice_no, row.group_no): row
            for row in frame.itertuples()
        }

    @cached_property
    def _recalls(self) -> dict[tuple[int, ...], object]:
        asked = (frame["period_no"] == ratings.RECALLED for frame in self._patterns.values())
        if not any(periods.any() for periods in asked):
            return {}
        frame = self._frame(ratings.then_sums(self._facts))
        return {(row.item_no, row.kind_no, row.slice_no): row for row in frame.itertuples()}

    @cached_property
    def _patterns(self) -> dict[int, pd.DataFrame]:
        frame = self._frame(self._query(ratings.rating_patterns))
        return dict(list(frame.groupby("item_no")))

    def _query(self, aggregate: Aggregate) -> object:
        return aggregate(self._facts, self._groupings, self._first)

    def _frame(self, query: object) -> pd.DataFrame:
        return reading.read_numbers(self._connection, query)


def _ranked(item: Item, items: Sequence[Item]) -> Item:
    others = [other.rater for other in items if other.skill == item.skill]
    first = next(rater for rater in RATERS if rater in others)
    return Item(item.number, item.skill, item.label, item.rater, item.scale, item.rater == first)


def _order(item: Item) -> tuple[bool, str, int]:
    return not item.first, item.skill, list(RATERS).index(item.rater)
