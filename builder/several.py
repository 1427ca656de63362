"""Cells of several attributes at once: crossing on each, with the others taken into account."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from builder.attribute import AttributeGate, AttributeRun
from builder.catalogue import MOST_ATTRIBUTES, SEVERAL_LEVELS
from builder.cells import CellKey, Draft, judged
from builder.places import ALL_TIME, Slice
from builder.whole import WholeRun
from disclosure.gate import Verdict
from disclosure.printing import percent
from disclosure.rounding import round_known_share
from metrics import measure
from metrics.connection.patterns import DifferencePatterns
from metrics.definition import Sensitivity
from release.contents import WHOLE, Cell
from store import reading, several
from store.aggregates import Level
from store.facts import Facts
from store.several import Jointly

KEY = "adjusted_cross_group_ratio"
ALONE, SHARE = "cross_group_ratio", "cross_group_share"


class JointData:
    """The aggregates of several attributes, read once, cut to any slice."""

    def __init__(self, connection: Connection, facts: Facts, attributes: Jointly) -> None:
        self._connection, self._facts, self._jointly = connection, facts, attributes
        self._names = tuple(grouping.attribute for grouping in attributes.groupings)
        self._seen = self._read(several.difference_patterns(facts, attributes))
        strata = self._seen[["stratum_no", "programme_no"]].drop_duplicates()
        self._strata = strata.sort_values("stratum_no").reset_index(drop=True)
        agreements = self._read(several.agreements(facts, attributes))
        self._squares = self._by_stratum(agreements, "subset", "seats_squared")
        self._stubs = self._by_stratum(agreements, "subset", "stubs_squared")[:, 0]
        self._alike = self._read(several.common_partners(facts, attributes))
        self._products: dict[Level, tuple[pd.DataFrame, pd.DataFrame]] = {}

    def patterns(self, slice_: Slice, people: int) -> DifferencePatterns:
        """Return the pairings of one slice by what the two people differ on."""
        inside = np.ones(len(self._strata), dtype=bool)
        if slice_.number:
            inside = (self._strata["programme_no"] == slice_.number).to_numpy()
        person, pair = (self._product(frame, slice_) for frame in self._level(slice_.level))
        return DifferencePatterns(
            attributes=self._names,
            **{
                name: self._by_stratum(self._seen, "pattern", column)[inside]
                for name, column in (
                    ("pairings", "pairings"),
                    ("weights", "weight"),
                    ("weights_squared", "weight_squared"),
                )
            },
            seats_squared=self._squares[inside],
            stubs_squared=self._stubs[inside],
            alike=self._symmetric(self._alike.sort_values("stratum_no"), "alike")[inside],
            person_products=person,
            pair_products=pair,
            people=people,
        )

    def memberships(self) -> pd.DataFrame:
        """Return the patterns of people over the cells in which they met somebody."""
        return self._read(several.joint_memberships(self._facts, self._jointly))

    def _read(self, aggregate: object) -> pd.DataFrame:
        return reading.read(self._connection, aggregate)

    def _by_stratum(self, frame: pd.DataFrame, column: str, value: str) -> np.ndarray:
        table = np.zeros((len(self._strata), 2 ** len(self._names)))
        stratum = np.searchsorted(self._strata["stratum_no"], frame["stratum_no"])
        table[stratum, frame[column].to_numpy(dtype=int)] = frame[value].to_numpy(dtype=float)
        return table

    def _level(self, level: Level) -> tuple[pd.DataFrame, pd.DataFrame]:
        if level not in self._products:
            self._products[level] = tuple(
                self._read(products(self._facts, self._jointly, level))
                for products in (several.person_products, several.pair_products)
            )
        return self._products[level]

    def _product(self, frame: pd.DataFrame, slice_: Slice) -> np.ndarray:
        here = frame[frame["slice_no"] == slice_.number]
        size = 2 * len(self._names)
        return self._symmetric(here, "product", size)[0] if len(here) else np.zeros((size, size))

    def _symmetric(self, frame: pd.DataFrame, name: str, size: int = 0) -> np.ndarray:
        """Return the columns name_i_j of each row as a square."""
        size = size or len(self._names)
        square = np.zeros((len(frame), size, size))
        for one in range(size):
            for other in range(one, size):
                values = frame[f"{name}_{one}_{other}"].to_numpy(dtype=float)
                square[:, one, other] = square[:, other, one] = values
        return square


def adjusted_cells(run: WholeRun, found: Sequence[Cell]) -> Iterator[Cell]:
    """Yield crossing on each of the first attributes, the others taken into account.

    ``found`` holds the cells of the attributes by themselves. A slice is shown only where the
    share of every one of them is.
    """
    chosen = run.runs[:MOST_ATTRIBUTES]
    if len(chosen) < 2:
        return
    first = chosen[0]
    groupings = tuple(run.breakdown.groups.grouping for run in chosen)
    data = JointData(first.connection, first.facts, Jointly(groupings))
    gate = AttributeGate(data.memberships(), first.cells, first.gate.thresholds, _strictest(chosen))
    single = {
        (cell.measure, cell.slice, cell.breakdown): cell
        for cell in found
        if cell.group == WHOLE and cell.period == WHOLE and cell.measure in (ALONE, SHARE)
    }
    for level in SEVERAL_LEVELS:
        drafts = []
        for slice_ in first.places.of_level(level):
            verdict = _verdict(gate, slice_, chosen, single)
            patterns = data.patterns(slice_, gate.people(slice_, ALL_TIME))
            drafts += [
                _draft(number, slice_, chosen, patterns, verdict, single)
                for number in range(len(chosen))
            ]
        yield from judged(drafts)


def _known(slice_: Slice, run: AttributeRun, patterns: DifferencePatterns) -> str:
    """Return the printed share of the pairings in which all attributes are known."""
    counts = run.data.counts(slice_, ALL_TIME, "all")
    every = counts.weights.sum() + run.data.unknown_weight(slice_, ALL_TIME)
    if not every or not patterns.people:
        return ""
    share = round_known_share(patterns.weights.sum() / every, patterns.people)
    return percent(share) if share < 1 else ""


def _strictest(runs: Sequence[AttributeRun]) -> Sensitivity:
    kinds = {run.breakdown.sensitivity for run in runs}
    return Sensitivity.SPECIAL if Sensitivity.SPECIAL in kinds else Sensitivity.ATTITUDE


def _verdict(
    gate: AttributeGate,
    slice_: Slice,
    runs: Sequence[AttributeRun],
    single: dict[tuple[str, str, str], Cell],
) -> Verdict:
    """Ask the gate, and hide what stands beside a hidden share or nearly repeats a shown one."""
    shares = [single[SHARE, slice_.key, run.breakdown.attribute] for run in runs]
    hidden = [Verdict(cell.status) for cell in shares if cell.is_hidden]
    if hidden:
        return hidden[0]
    people = gate.people(slice_, ALL_TIME)
    more = [run.gate.people(slice_, ALL_TIME) - people for run in runs]
    if any(0 < number < gate.thresholds.effective for number in more):
        return Verdict.PROTECTS
    gate.offer(slice_, ALL_TIME, (), None)
    return gate.verdicts[slice_, ALL_TIME, ()]


def _draft(
    number: int,
    slice_: Slice,
    runs: Sequence[AttributeRun],
    patterns: DifferencePatterns,
    verdict: Verdict,
    single: dict[tuple[str, str, str], Cell],
) -> Draft:
    own = runs[number].breakdown
    alone = single[ALONE, slice_.key, own.attribute]
    result = measure(KEY).compute(patterns, (number,))
    return Draft(
        key=CellKey(
            measure=KEY,
            slice=slice_,
            when=ALL_TIME,
            breakdown=own.attribute,
            breakdown_label=own.label,
            others=tuple(run.breakdown.label for run in runs if run.breakdown is not own),
            alone=alone.phrase if alone.is_drawn else "",
            known=_known(slice_, runs[number], patterns),
        ),
        result=replace(result, people=patterns.people),
        verdict=verdict,
        sensitivity=_strictest(runs),
        thresholds=runs[number].gate.thresholds,
    )
