"""Which crossed groups two attributes have: small ones are merged within each first group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from builder.attribute import AttributeRun
from builder.gathering import GroupNumbers
from disclosure.thresholds import Thresholds
from disclosure.unions import OTHER, merge_small_groups
from store.crossed import FACTOR


@dataclass(frozen=True)
class CrossedGroup:
    """People of one group who also belong to one, or to one of several, of a second attribute."""

    own: int
    """Position of the group by the first attribute."""
    members: tuple[int, ...]
    """Positions of the groups by the second attribute."""
    level: int
    """What its members have in common beside others: their position, or one more for a union."""
    numbers: tuple[int, ...]
    """What the store calls each member."""
    beside: tuple[int, ...]
    """Numbers of the groups by the second attribute."""

    @property
    def number(self) -> int:
        """Return what the store calls all of them together."""
        return self.numbers[0]


def crossed_groups(
    run: AttributeRun, beside: AttributeRun, belongs: pd.DataFrame, column: str
) -> tuple[CrossedGroup, ...]:
    """Return the crossed groups of two attributes.

    Parameters
    ----------
    run, beside : AttributeRun
        The attribute that contacts may cross, and the second one.
    belongs : DataFrame
        As what people met somebody, see `belongings_of`.
    column : str
        The column of it that holds the groups by the second attribute.
    """
    counted = (
        belongs[["group_no", column, "person_no"]].drop_duplicates()
        .groupby(["group_no", column]).size()
    )  # fmt: skip
    return tuple(
        group_all(
            run.breakdown.groups, beside.breakdown.groups, counted.to_dict(), run.gate.thresholds
        )
    )


def group_all(
    own: GroupNumbers,
    beside: GroupNumbers,
    people: Mapping[tuple[int, int], int],
    thresholds: Thresholds,
) -> Iterator[CrossedGroup]:
    """Yield the crossed groups; one that nobody is in is never told from one of a few."""
    for place, number in enumerate(own.numbers):
        counts = {
            code: people.get((number, other), 0)
            for code, other in zip(beside.codes, beside.numbers, strict=True)
        }
        merged = merge_small_groups({code: n for code, n in counts.items() if n}, thresholds)
        alone = [
            position
            for position, code in enumerate(beside.codes)
            if code != OTHER and merged.get(code) == code
        ]
        rest = [position for position in range(len(beside)) if position not in alone]
        for position in alone:
            yield _group(place, number, [position], position, beside)
        if rest:
            level = rest[0] if len(rest) == 1 else len(beside)
            yield _group(place, number, rest, level, beside)


def _group(
    own: int, number: int, members: Sequence[int], level: int, beside: GroupNumbers
) -> CrossedGroup:
    numbers = tuple(beside.numbers[member] for member in members)
    return CrossedGroup(
        own=own,
        members=tuple(members),
        level=level,
        numbers=tuple(number * FACTOR + other for other in numbers),
        beside=numbers,
    )
