"""The gate of one item that people are asked or rated on, and how its cells are keyed.

A part of a measure (a skill, a scale, an answer) is the breakdown, its code the group: breakdown
``skill``, group ``empathy``. A further cut, by the groups of an attribute or by who rates, is
joined to both with a full stop: breakdown ``skill.gender``, group ``empathy.women``; breakdown
``skill.rater``, group ``empathy.self``. Keys are put together by `cut_breakdown` and `cut_group`
and looked up, never taken apart, since a code may hold a full stop itself.

The period is a quarter, ``all``, or a wave (``wave-2``). Waves are no quarters and stand not among
the periods of a release; their names stand among its groups, breakdown ``wave``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from builder.places import Slice
from disclosure.gate import Gate, Verdict
from disclosure.thresholds import Thresholds
from metrics.definition import Sensitivity

OUTSIDE = -1
"""Programme of people who take part in none; see `store.patterns`."""
PAIRED, RECALLED = -1, -2
"""Periods of people with a first and a last value, those behind a change, and of those among them
who also said at the last what their first was."""


def cut_breakdown(part: str, cut: str = "") -> str:
    """Return the breakdown of a part, cut further or not."""
    return f"{part}.{cut}" if cut else part


def cut_group(code: str, group: str = "") -> str:
    """Return the group of a part's code, cut further or not."""
    return f"{code}.{group}" if group else code


def wave_key(number: int) -> str:
    """Return the period of a wave."""
    return f"wave-{number}"


class ItemGate:
    """The gate of one item over everything that is published of it.

    The same answers are cut by place, period and every attribute, so one gate must see all cells.
    A person's values of several periods count as one value: that protects an attitude that does not
    change as well. Offer cells in the order of their importance, wholes before parts.

    Parameters
    ----------
    frame : DataFrame
        Rows of `store.patterns.patterns` of one item: pattern_no, people, programme_no, cohort_no,
        period_no, and g0, g1, ... in the order of ``attributes``.
    thresholds : Thresholds
        What must hold.
    attributes : sequence of str
        Codes of the published attributes.
    least : int
        Fewest people of a cell where the item needs more than the thresholds ask for, such as
        ``thresholds.mean`` for a mean.
    spent : array of float, shape (P,), optional
        What further statistics of the same answers have used up; see `disclosure.gate.Gate`.
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        thresholds: Thresholds,
        attributes: Sequence[str] = (),
        *,
        least: int = 0,
        spent: np.ndarray | None = None,
    ) -> None:
        self._columns = {name: frame[name].to_numpy(dtype=int) for name in frame.columns}
        self._position = self._columns["pattern_no"] - 1
        self.pattern_people = np.zeros(self._position.max(initial=-1) + 1, dtype=int)
        self.pattern_people[self._position] = self._columns["people"]
        self._attributes = tuple(attributes)
        self._least = least
        self._gate = Gate(self.pattern_people, thresholds, Sensitivity.ATTITUDE, spent=spent)

    @property
    def leverage(self) -> np.ndarray:
        """Return what all shown cells together tell of a person, by pattern."""
        return self._gate.leverage

    def members(
        self,
        slice_: Slice,
        period: int = 0,
        attribute: str | None = None,
        group: int | None = None,
    ) -> np.ndarray:
        """Return which patterns a cell covers; period 0 is all of them together.

        The whole organisation is everybody who takes part, not those who are compared with them.
        """
        programme = self._columns["programme_no"]
        inside = programme != OUTSIDE
        if slice_.number:
            inside = self._columns[f"{slice_.level}_no"] == slice_.number
        if attribute is not None:
            inside = inside & (self._columns[f"g{self._attributes.index(attribute)}"] == group)
        return self._covered(inside, period)

    def outside(self, period: int = 0) -> np.ndarray:
        """Return the patterns of people who take part in no programme, where others do."""
        return self._covered(self._columns["programme_no"] == OUTSIDE, period)

    def _covered(self, inside: np.ndarray, period: int) -> np.ndarray:
        if period:
            inside = inside & (self._columns["period_no"] == period)
        covered = np.zeros(self.pattern_people.size, dtype=bool)
        covered[self._position[inside]] = True
        return covered

    def people(self, members: np.ndarray) -> int:
        """Return how many people a set of patterns holds."""
        return int(self.pattern_people[members].sum())

    def offer_set(self, members: np.ndarray) -> Verdict:
        """Ask the gate for a set of patterns."""
        if self.people(members) < self._least:
            return Verdict.SMALL
        return self._gate.offer(members)

    def offer(
        self,
        slice_: Slice,
        period: int = 0,
        attribute: str | None = None,
        group: int | None = None,
    ) -> Verdict:
        """Ask the gate for one cell."""
        return self.offer_set(self.members(slice_, period, attribute, group))

    def count(self, slice_: Slice) -> None:
        """Tell the gate of a place whose cell a rule of its own has published already."""
        self._gate.count(self.members(slice_))


class SummedGate(ItemGate):
    """The gate of an item that adds up over places, such as seats and what became of them.

    One gate knows people. What one knows of people leaves out what those do who are in several
    places: a cohort and the people who began in it may be the same and yet differ by what a few of
    them did in another cohort. So a second gate knows what people have in each place, and both have
    to agree. A set stands over the patterns of people, followed by their parts in places.

    Parameters
    ----------
    frame, thresholds, attributes
        As for `ItemGate`; each row of the frame is a part.
    """

    def __init__(
        self, frame: pd.DataFrame, thresholds: Thresholds, attributes: Sequence[str] = ()
    ) -> None:
        super().__init__(frame, thresholds, attributes)
        parts = frame.assign(pattern_no=np.arange(1, len(frame) + 1))
        self._parts = ItemGate(parts, thresholds, attributes)

    def members(self, *spot: object, **cut: object) -> np.ndarray:
        """Return which patterns and parts a cell covers; see `ItemGate.members`."""
        return np.concatenate([super().members(*spot, **cut), self._parts.members(*spot, **cut)])

    def people(self, members: np.ndarray) -> int:
        """Return how many people a set holds."""
        return super().people(self._split(members)[0])

    def offer_set(self, members: np.ndarray) -> Verdict:
        """Ask both gates for a set."""
        people, parts = self._split(members)
        said = {super().offer_set(people), self._parts.offer_set(parts)}
        return next(verdict for verdict in HIDDEN_FIRST if verdict in said)

    def count(self, slice_: Slice) -> None:
        """Tell both gates of a place whose cell a rule of its own has published already."""
        self._gate.count(super().members(slice_))
        self._parts.count(slice_)

    def _split(self, members: np.ndarray) -> list[np.ndarray]:
        return np.split(members, [self.pattern_people.size])


HIDDEN_FIRST = (Verdict.SMALL, Verdict.PROTECTS, Verdict.SHOWN)
"""Of several verdicts on a cell the first of these holds."""
