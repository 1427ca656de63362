"""Cells of the steps from who could take part to who met again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

import numpy as np
import pandas as pd

from builder.attribute import AttributeGate, AttributeRun
from builder.catalogue import FUNNEL_LEVELS
from builder.cells import CellKey, Draft, judged
from builder.places import ALL_TIME, Slice
from builder.rates import NOBODY_MET
from disclosure.gate import Verdict
from metrics import measure
from metrics.connection.funnel import FEW_COMPLETED, PARTS, steps
from metrics.connection.stages import (
    ARRANGED,
    COMPLETED,
    CONTINUED,
    KINDS,
    Lotteries,
    StageCounts,
)
from metrics.definition import Part, Result, Status
from release.contents import Cell
from store import aggregates, funnel, reading
from store.aggregates import LEVELS, Stage

STAGES: tuple[Stage, ...] = ("arranged", "completed", "continued")
NEEDS: dict[str, tuple[int, ...]] = {
    "matching_factor": (ARRANGED,),
    "meeting_factor": (ARRANGED, COMPLETED),
    "uptake_factor": (ARRANGED, COMPLETED),
    "continuation_factor": (COMPLETED, CONTINUED),
}
"""Stages whose shares a step puts together; all of them must be fit to show."""
OPPORTUNITY, TOTAL, COMPLETION = "opportunity_factor", "connection_factor", "completion_by_crossing"
ENOUGH_OFFERED = 0.5
"""With fewer completed pairings brought about by offers, offers count as not recorded."""

KIND_NAMES = {"same": "arranged pairings of the same {}", "cross": "arranged pairings across {}"}


def funnel_cells(run: AttributeRun) -> Iterator[Cell]:
    """Yield the steps of each slice, and the completion across and inside groups."""
    data = FunnelData(run)
    gates = StageGates(run)
    for level in FUNNEL_LEVELS:
        for slice_ in run.places.of_level(level):
            counts = data.counts(slice_)
            # what is counted has no chance to correct for, so it is judged by itself
            yield from judged([_draft(run, gates, slice_, counts, OPPORTUNITY)])
            keys = (*NEEDS, TOTAL)
            yield from judged([_draft(run, gates, slice_, counts, key) for key in keys])
            kinds = PARTS if run.has_met else ()
            yield from judged(
                [_draft(run, gates, slice_, counts, COMPLETION, kind) for kind in kinds]
            )


class StageGates:
    """The gates of the stages: contacts arranged, completed and continued are three items."""

    def __init__(self, run: AttributeRun) -> None:
        self._verdicts = {COMPLETED: run.gate.verdicts}
        slices = [slice_ for level in FUNNEL_LEVELS for slice_ in run.places.of_level(level)]
        # of conversations, the measures of connection have asked; where there are none, nobody has
        for stage in (ARRANGED, CONTINUED) if run.has_met else range(len(STAGES)):
            gate = stage_gate(run, STAGES[stage])
            for slice_ in slices:
                gate.offer(slice_, ALL_TIME, (), None)
            self._verdicts[stage] = gate.verdicts

    def verdict(self, slice_: Slice, stages: tuple[int, ...]) -> Verdict:
        """Return what the gates say together: shown only where each says so."""
        said = {self._verdicts[stage][slice_, ALL_TIME, ()] for stage in stages}
        for hidden in (Verdict.SMALL, Verdict.PROTECTS):
            if hidden in said:
                return hidden
        return Verdict.SHOWN


def stage_gate(run: AttributeRun, stage: Stage) -> AttributeGate:
    """Return an unused gate over the people who came as far as a stage."""
    query = aggregates.membership_patterns(*run.view, stage)
    memberships = reading.read(run.connection, query)
    return AttributeGate(memberships, run.cells, run.gate.thresholds, run.gate.sensitivity)


def _draft(
    run: AttributeRun,
    gates: StageGates,
    slice_: Slice,
    counts: StageCounts,
    key: str,
    kind: str = "",
) -> Draft:
    breakdown = run.breakdown
    part: Part = (PARTS[kind],) if kind else ()
    result = _told_of_meeting(measure(key).compute(counts, part), has_met=run.has_met)
    return Draft(
        key=CellKey(
            measure=key,
            slice=slice_,
            when=ALL_TIME,
            breakdown=breakdown.attribute,
            breakdown_label=breakdown.label,
            group=kind,
            group_labels=(KIND_NAMES[kind].format(breakdown.label),) if kind else (),
        ),
        result=result,
        verdict=gates.verdict(slice_, _needed(key, counts, result)),
        sensitivity=breakdown.sensitivity,
        thresholds=run.gate.thresholds,
    )


def _told_of_meeting(result: Result, *, has_met: bool) -> Result:
    """Return a result whose reason does not speak of few where nothing at all is recorded."""
    if has_met or not result.reason:
        return result
    return replace(result, reason=result.reason.replace(FEW_COMPLETED, NOBODY_MET))


def _needed(key: str, counts: StageCounts, result: Result) -> tuple[int, ...]:
    """Return the stages that must be fit to show; a reason alone needs the first one only."""
    if key == OPPORTUNITY or result.status is Status.UNDEFINED:
        return (counts.first,)
    if key == TOTAL:
        return (steps(counts).last,)
    needed = NEEDS.get(key, (ARRANGED, COMPLETED))
    return tuple(stage for stage in needed if stage >= counts.first)


class FunnelData:
    """The aggregates of the funnel of one attribute, read once, cut to any slice."""

    def __init__(self, run: AttributeRun) -> None:
        self._run = run
        self._lotteries: dict[Stage, tuple[pd.DataFrame, Lotteries]] = {}

    def counts(self, slice_: Slice) -> StageCounts:
        """Return the stage counts of a slice."""
        people, pairs = self._row(self._moments, slice_), self._row(self._pairs, slice_)
        population = self._population(slice_)
        pairings, weights, came_by_offer = self._by_kind(slice_)
        completed, offered = weights[:, 1:].sum(), came_by_offer.sum()
        recorded = bool(offered >= ENOUGH_OFFERED * completed)
        kept = np.ones((2, 3))
        if not recorded:
            kept[:, 0] = 0
        both = np.outer(kept.ravel(), kept.ravel())
        return StageCounts(
            population=population["people"],
            lotteries=self._lottery(slice_, "arranged" if recorded else "completed"),
            pairings=pairings * kept,
            weights=weights * kept,
            person_moments=_products(people) * both,
            pair_moments=_products(pairs) * both,
            people=tuple(int(people.get(name, 0)) for name in STAGES),
            people_inside=int(people.get("same", 0)),
            people_across=int(people.get("across", 0)),
            enrolment_recorded=bool(population["enrolled"].sum()),
            offers_recorded=recorded,
            all_offered=bool(np.isclose(offered, completed)),
        )

    @cached_property
    def _moments(self) -> dict[tuple[int, int], dict[str, float]]:
        return self._by_slice(funnel.stage_moments(*self._run.view))

    @cached_property
    def _pairs(self) -> dict[tuple[int, int], dict[str, float]]:
        return self._by_slice(funnel.stage_pairs(*self._run.view))

    def _by_slice(self, aggregate: object) -> dict[tuple[int, int], dict[str, float]]:
        rows = reading.rows(self._run.connection, aggregate)
        return {(int(row["level_no"]), int(row["slice_no"])): row for row in rows}

    @staticmethod
    def _row(rows: dict[tuple[int, int], dict[str, float]], slice_: Slice) -> dict[str, float]:
        return rows.get((LEVELS.index(slice_.level), slice_.number), {})

    @cached_property
    def _counts(self) -> pd.DataFrame:
        return reading.read(self._run.connection, funnel.stage_counts(*self._run.view))

    def _by_kind(self, slice_: Slice) -> list[np.ndarray]:
        """Return pairings, their weight, and that brought about by offers, each of shape (2, 3)."""
        frame = self._counts
        if slice_.number:
            frame = frame[frame[f"{slice_.level}_no"] == slice_.number]
        names = ("pairings", "weight", "offered")
        kinds = frame["kind"].to_numpy(dtype=int)
        return [np.bincount(kinds, frame[name], KINDS).reshape(2, 3) for name in names]

    @cached_property
    def _headcounts(self) -> pd.DataFrame:
        # past the view: it takes a group too small to show for one that nobody recorded
        run = self._run
        query = funnel.headcounts(run.facts, run.breakdown.groups.grouping)
        return reading.read(run.connection, query)

    def _population(self, slice_: Slice) -> dict[str, np.ndarray]:
        """Return people and enrolled people of the published groups, in the order of the axes."""
        frame = self._headcounts
        here = frame[
            (frame["level_no"] == LEVELS.index(slice_.level))
            & (frame["slice_no"] == slice_.number)
            & frame["group_no"].isin(self._run.breakdown.groups.numbers)
        ]
        found = {}
        for name in ("people", "enrolled"):
            found[name] = np.zeros(len(self._run.breakdown.groups))
            np.add.at(found[name], self._run.breakdown.groups.index(here["group_no"]), here[name])
        return found

    def _lottery(self, slice_: Slice, stage: Stage) -> Lotteries:
        if stage not in self._lotteries:
            self._lotteries[stage] = self._read_lotteries(stage)
        strata, whole = self._lotteries[stage]
        if slice_.number == 0:
            return whole
        inside = (strata[f"{slice_.level}_no"] == slice_.number).to_numpy()
        return Lotteries(**{name: getattr(whole, name)[inside] for name in LOTTERY_ARRAYS})

    def _read_lotteries(self, stage: Stage) -> tuple[pd.DataFrame, Lotteries]:
        run, groups = self._run, self._run.breakdown.groups
        seats = reading.read(run.connection, funnel.seats_by_lottery(*run.view, stage))
        heads = reading.read(run.connection, funnel.available(*run.view))
        places = ["stratum_no", "programme_no", "cohort_no"]
        strata = seats[places].drop_duplicates().sort_values("stratum_no").reset_index(drop=True)
        known = strata["stratum_no"]
        # a value that nobody met with is no published group
        published = heads["group_no"].isin(groups.numbers)
        heads = heads[published & heads["stratum_no"].isin(known)]

        def table(frame: pd.DataFrame, name: str) -> np.ndarray:
            laid_out = np.zeros((len(strata), len(groups)))
            at = np.searchsorted(known, frame["stratum_no"]), groups.index(frame["group_no"])
            laid_out[at] = frame[name].to_numpy(dtype=float)
            return laid_out

        return strata, Lotteries(
            heads=table(heads, "people"),
            seats=table(seats, "seats"),
            seats_squared=table(seats, "seats_squared"),
            # every pairing has two ends
            weight=table(seats, "weight").sum(axis=1) / 2,
            weight_squared=table(seats, "weight_squared").sum(axis=1) / 2,
            strength_squared=table(seats, "strength_squared").sum(axis=1),
        )


LOTTERY_ARRAYS = (
    "heads", "seats", "seats_squared", "weight", "weight_squared", "strength_squared",
)  # fmt: skip


def _products(row: dict[str, float]) -> np.ndarray:
    upper = np.zeros((KINDS, KINDS))
    for one in range(KINDS):
        for other in range(one, KINDS):
            upper[one, other] = upper[other, one] = row.get(f"product_{one}_{other}", 0.0)
    return upper
