"""Cells of crossed groups: people told apart by two attributes, and whom they meet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import hypot, isnan, log, nan, sqrt

import numpy as np
import pandas as pd

from builder.attribute import AttributeRun
from builder.catalogue import MOST_BESIDE, MOST_CROSSED
from builder.cells import CellKey, Draft, judged, published, unjudged
from builder.crossed_groups import CrossedGroup, crossed_groups
from builder.gathering import rate_moments
from builder.places import ALL_TIME, Slice
from builder.where_gate import WhereGate
from disclosure.publishing import CellStatus, PublishedCell
from metrics import measure
from metrics.connection.crossed import CrossedCounts
from metrics.connection.pooling import CrossedRatios
from metrics.definition import Result, Sensitivity
from metrics.division import divide
from metrics.intervals import Z95
from metrics.participation import RateMoments
from release.contents import Cell
from store import crossed as store_crossed
from store import reading
from store.crossed import Crossed

KEY, ALONE = "crossed_group_ratio", "crossed_group_ratio_alone"
SQUARES = ("dd", "xd", "xx")
UNIFORM = 12
"""The variance of a rounding is its step squared over this."""


@dataclass(frozen=True)
class Crossing:
    """The attribute that contacts may cross, the one beside it, and their crossed groups."""

    run: AttributeRun
    beside: AttributeRun
    position: int
    """Place of the second attribute among all."""
    groups: tuple[CrossedGroup, ...]

    @property
    def crossed(self) -> Crossed:
        """Return how the store tells the crossed groups apart."""
        merged = {number: group.number for group in self.groups for number in group.numbers}
        return Crossed(
            self.run.breakdown.groups.grouping,
            self.beside.breakdown.groups.grouping,
            {number: into for number, into in merged.items() if number != into},
        )


def crossed_cells(
    run: AttributeRun, runs: Sequence[AttributeRun], gate: WhereGate, belongs: pd.DataFrame
) -> Iterator[Cell]:
    """Yield crossing by crossed groups of one attribute, as counted and steadied.

    ``gate`` knows what the attribute already shows, and ``belongs`` as what people met somebody.
    """
    crossings = [
        Crossing(run, beside, position, crossed_groups(run, beside, belongs, f"own_{position}"))
        for position, beside in attributes_beside(run, runs)
    ]
    if not crossings:
        return
    tables = CrossedTables(crossings)
    for number, crossing in enumerate(crossings):
        yield from _cells(crossing, tables, number, gate)


def attributes_beside(
    run: AttributeRun, runs: Sequence[AttributeRun]
) -> list[tuple[int, AttributeRun]]:
    """Return the attributes that one is crossed with, with their positions among all.

    The leading one first, then personal ones; for an attribute that is neither, the first of them
    alone. Special categories are never crossed.
    """
    frame = reading.attributes(run.connection)
    personal = set(frame.loc[frame["sensitivity"] == "personal", "attribute_code"])
    leading = next((each for each in runs if each.leads), runs[0])
    others = [pair for pair in enumerate(runs) if pair[1] is not run and _may_cross(run, pair[1])]
    others.sort(
        key=lambda pair: (pair[1] is not leading, pair[1].breakdown.attribute not in personal)
    )
    central = run is leading or run.breakdown.attribute in personal
    return others[: MOST_BESIDE if central else 1]


def _may_cross(one: AttributeRun, other: AttributeRun) -> bool:
    special = Sensitivity.SPECIAL in (one.breakdown.sensitivity, other.breakdown.sensitivity)
    number = len(one.breakdown.groups) * len(other.breakdown.groups)
    return not special and number <= MOST_CROSSED


class CrossedTables:
    """The aggregates of all crossings, read at once, laid out for one of them."""

    def __init__(self, crossings: Sequence[Crossing]) -> None:
        self._crossings = crossings
        first = crossings[0].run
        chosen = [crossing.crossed for crossing in crossings]
        self._lottery, self._moments = (
            reading.read_numbers(first.connection, query)
            for query in (
                store_crossed.crossed_by_lottery(first.facts, chosen),
                store_crossed.crossed_moments(first.facts, chosen),
            )
        )

    def counts(self, number: int, whole: Slice, people: Sequence[int]) -> CrossedCounts:
        """Return the contacts of the crossed groups of one crossing."""
        crossing, data = self._crossings[number], self._crossings[number].run.data
        stubs = data.counts(whole, ALL_TIME, "all").stubs
        strata, groups = data.strata(whole, ALL_TIME), crossing.groups
        frame = self._lottery[self._lottery["crossing_no"] == number]
        place = np.searchsorted(strata, frame["stratum_no"].to_numpy(dtype=int))
        column = _columns(groups, frame)
        names = ("seats", "seats_squared", "weight", "weight_squared", "crossed", "pairings")
        table = {name: np.zeros((len(strata), len(groups))) for name in names}
        for name in names:
            table[name][place, column] = frame[name]
        return CrossedCounts(
            stubs=stubs,
            own=np.array([group.own for group in groups], dtype=int),
            seats=table["seats"],
            seats_squared=table["seats_squared"],
            weights=table["weight"],
            weights_squared=table["weight_squared"],
            pairings=table["pairings"].sum(axis=0),
            contacts=self._contacts(number, table, people),
            people=np.array(people, dtype=int),
        )

    def _contacts(
        self, number: int, table: dict[str, np.ndarray], people: Sequence[int]
    ) -> tuple[RateMoments, ...]:
        groups = self._crossings[number].groups
        squares = np.zeros((2, len(groups), len(SQUARES)))
        frame = self._moments[self._moments["crossing_no"] == number]
        by_pair = frame["by_pair"].to_numpy(dtype=int)
        squares[by_pair, _columns(groups, frame)] = frame[list(SQUARES)]
        across, every = (table[name].sum(axis=0) for name in ("crossed", "weight"))
        person, pair = (
            [dict(zip(SQUARES, row, strict=True)) for row in rows] for rows in squares.tolist()
        )
        return tuple(
            rate_moments(
                person[place] | {"people": people[place]},
                total={"numerator": across[place], "denominator": every[place]},
                pair=pair[place],
            )
            for place in range(len(groups))
        )


def _columns(groups: Sequence[CrossedGroup], frame: pd.DataFrame) -> np.ndarray:
    """Return the position of each row's crossed group."""
    position = {group.number: place for place, group in enumerate(groups)}
    return frame["group_no"].map(position).to_numpy(dtype=int)


def _cells(
    crossing: Crossing, tables: CrossedTables, number: int, gate: WhereGate
) -> Iterator[Cell]:
    run, groups = crossing.run, crossing.groups
    (whole,) = run.places.of_level("organisation")
    asked = [
        (run.breakdown.groups.numbers[group.own], crossing.position, group.beside)
        for group in groups
    ]
    people, verdicts = zip(*(gate.offer_crossed(*each) for each in asked), strict=True)
    counts = tables.counts(number, whole, people)
    alone = [
        Draft(
            key=_key(ALONE, whole, crossing, group),
            result=measure(ALONE).compute(counts, (place,)),
            verdict=verdict,
            sensitivity=run.breakdown.sensitivity,
            thresholds=run.gate.thresholds,
        )
        for place, (group, verdict) in enumerate(zip(groups, verdicts, strict=True))
    ]
    cells = published(alone)
    ratios = ratios_of(crossing, counts, cells)
    steadied = [
        replace(
            draft,
            key=_key(KEY, whole, crossing, group, cell.phrase),
            result=_steadied(ratios, place, cell),
        )
        for place, (draft, group, cell) in enumerate(zip(alone, groups, cells, strict=True))
    ]
    yield from judged(steadied)
    yield from unjudged(alone, cells)


def _steadied(ratios: CrossedRatios, place: int, cell: PublishedCell) -> Result:
    """Return the steadied ratio; where there is none, for the reason that there is no other."""
    result = measure(KEY).compute(ratios, (place,))
    return replace(result, reason=cell.reason or result.reason)


def ratios_of(
    crossing: Crossing, counts: CrossedCounts, cells: Sequence[PublishedCell]
) -> CrossedRatios:
    """Return the ratios to be steadied, from what is published of them.

    Roundings count as noise, so that they neither make a finding nor a difference between groups.
    """
    errors = [_log_error(cell) for cell in cells]
    covariance = counts.lottery_covariance
    deviation = np.sqrt(np.diagonal(covariance))
    return CrossedRatios(
        ratios=np.array(
            [
                nan if isnan(error) else cell.estimate
                for cell, error in zip(cells, errors, strict=True)
            ]
        ),
        errors=np.array(errors),
        lottery_errors=np.array([_lottery_error(cell) for cell in cells]),
        correlation=divide(covariance, np.outer(deviation, deviation), otherwise=0),
        own=np.array([group.own for group in crossing.groups], dtype=int),
        beside=np.array([group.level for group in crossing.groups], dtype=int),
        people=np.array(counts.people),
    )


def _log_error(cell: PublishedCell) -> float:
    """Return the standard error of the logarithm of a published ratio; NaN without one."""
    if cell.status is not CellStatus.SHOWN:
        return nan
    # the interval is wider by half a step on each side, which is more than a rounding errs
    low, high = cell.low + cell.step / 2, cell.high - cell.step / 2
    if not 0 < low < high:
        return nan
    return hypot(log(high / low) / (2 * Z95), _rounding(cell) / cell.estimate)


def _lottery_error(cell: PublishedCell) -> float:
    if cell.lottery_high is None:
        return nan
    return hypot((cell.lottery_high - cell.lottery_low) / (2 * Z95), _rounding(cell))


def _rounding(cell: PublishedCell) -> float:
    """Return the standard deviation of what a rounding adds."""
    return cell.step / sqrt(UNIFORM)


def _key(
    measure_key: str, whole: Slice, crossing: Crossing, group: CrossedGroup, alone: str = ""
) -> CellKey:
    own, beside = crossing.run.breakdown, crossing.beside.breakdown
    first = own.groups.labels[group.own]
    second = " or ".join(beside.groups.labels[place] for place in group.members)
    codes = [beside.groups.codes[place] for place in group.members]
    return CellKey(
        measure=measure_key,
        slice=whole,
        when=ALL_TIME,
        breakdown=own.attribute,
        breakdown_label=own.label,
        group="|".join([own.groups.codes[group.own], f"{beside.attribute}={codes[0]}", *codes[1:]]),
        group_labels=(f"{first} × {second}",),
        alone=alone,
        among=(f"people whose {own.label} is {first} and whose {beside.label} is {second}"),
    )
