"""Check the published gaps in growth: enough people on each side, and no value far off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from builder.equity_sums import places_beside
from builder.growth_spots import GAPS
from builder.rated import Item
from disclosure.audit import Finding
from disclosure.rounding import point_step
from disclosure.thresholds import Thresholds
from metrics.growth.gaps import FEWEST_IN_STRATUM
from release import Cell
from store import gains, reading
from store.aggregates import Grouping
from store.facts import Facts

FIVE = 5
FLOATING_POINT = 1e-4
PLACE = ["item_no", "attribute_no", "programme_no"]
STRATUM = ["first_no", "last_no", "programmes", "place_no"]
SIDES = ["people", "gain"]
Spot = tuple[int, int, int]
"""Position of the attribute, number of the group, and programme (0: all)."""


class CountedGaps:
    """The gains of groups as rows of strata, read once and when first needed."""

    def __init__(
        self,
        connection: Connection,
        facts: Facts,
        attributes: Sequence[str],
        groupings: Sequence[Grouping],
        items: Sequence[Item],
    ) -> None:
        self._connection, self._facts = connection, facts
        self._attributes, self._groupings = attributes, groupings
        self._items = [item.number for item in items if item.first]

    @cached_property
    def _rows(self) -> dict[tuple[int, int, int], pd.DataFrame]:
        beside = places_beside(self._connection, self._attributes)
        query = gains.gain_sums(self._facts, self._groupings, beside, self._items)
        return dict(list(reading.read_numbers(self._connection, query).groupby(PLACE)))

    def sides(self, item: Item, spot: Spot) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return people and gains by stratum, of a group and of everybody else."""
        attribute, group, programme = spot
        rows = self._rows[item.number, attribute, programme]
        own = rows[rows["group_no"] == group].groupby(STRATUM)[SIDES].sum()
        everybody = rows.groupby(STRATUM)[SIDES].sum()
        own = own.reindex(everybody.index, fill_value=0.0)
        return own, everybody - own


def audit_growth_gap(
    cell: Cell, item: Item, spot: Spot, counted: CountedGaps, thresholds: Thresholds
) -> Iterator[Finding]:
    """Yield what is wrong with a gap: too few people on a side, or far from the value as it is."""
    own, rest = counted.sides(item, spot)
    if min(own["people"].sum(), rest["people"].sum()) < thresholds.mean:
        words = f"shown although a side has fewer than {thresholds.mean} people"
        yield Finding(rule="people behind a mean", key=_key(cell), words=words)
    exact = _crude(own, rest) if cell.measure == GAPS[0] else _alike(own, rest)
    # people are published to the nearest five, and fewer of them are rounded more coarsely
    step = point_step(max(cell.people - FIVE // 2, 1), item.scale)
    if not abs(cell.estimate - exact) <= step / 2 + FLOATING_POINT:
        words = "further from the exact value than its rounding allows"
        yield Finding(rule="value", key=_key(cell), words=words)


def _crude(own: pd.DataFrame, rest: pd.DataFrame) -> float:
    means = [side["gain"].sum() / max(side["people"].sum(), 1) for side in (own, rest)]
    return float(means[0] - means[1])


def _alike(own: pd.DataFrame, rest: pd.DataFrame) -> float:
    """Return the gap as the coefficient of a least squares fit with a mean for every stratum."""
    kept = (own["people"] >= FEWEST_IN_STRATUM) & (rest["people"] >= FEWEST_IN_STRATUM)
    if not kept.any():
        return float("nan")
    sides = [side[kept].to_numpy(dtype=float) for side in (own, rest)]
    people, gain = (np.concatenate([side[:, number] for side in sides]) for number in (0, 1))
    strata = np.tile(np.eye(int(kept.sum())), (2, 1))
    is_own = np.repeat([1.0, 0.0], int(kept.sum()))
    root = np.sqrt(people)
    fit = np.linalg.lstsq(np.column_stack([is_own, strata]) * root[:, None], gain / root)
    return float(fit[0][0])


def _key(cell: Cell) -> str:
    return " / ".join((cell.measure, cell.slice, cell.breakdown, cell.group, cell.period))
