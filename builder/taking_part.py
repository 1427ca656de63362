"""Cells of the steps of taking part: how many of those at one step reach the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from builder.cells import CellKey, Draft, judged
from builder.places import ALL_TIME, Slice
from builder.whole import WholeRun
from disclosure.gate import Verdict
from metrics import measure
from metrics.definition import Result, Sensitivity, undefined
from metrics.engagement.measures import ComparedShare
from release.contents import Cell
from store import reading, steps
from store.aggregates import LEVELS

STEP = "step_share"
STEP_NAMES = {
    "invited": "Invited",
    "joined": "Joined",
    "offered": "Offered a partner",
    "scheduled": "Date set",
    "met": "Met",
    "gave_feedback": "Gave feedback",
    "met_again": "Met again",
}
STEP_WORDS = {
    "invited": "those who could take part were invited",
    "joined": "those at the step before joined",
    "offered": "those at the step before were offered a partner",
    "scheduled": "those at the step before had a date",
    "met": "those at the step before met",
    "gave_feedback": "those who met gave feedback",
    "met_again": "those who met met again",
}
NOT_RECORDED = "this step was not recorded"

Counts = Mapping[str, float]


def step_cells(run: WholeRun) -> Iterator[Cell]:
    """Yield the steps of the organisation, of each programme and of each cohort."""
    counted = {
        level: {
            int(row["slice_no"]): row
            for row in reading.rows(run.connection, steps.steps(run.facts, level))
        }
        for level in LEVELS
    }
    for slice_ in run.places.slices:
        counts = counted[slice_.level].get(slice_.number)
        if counts is None:
            continue
        siblings = [one.number for one in run.places.of_level(slice_.level)
                    if one.part_of == slice_.part_of and one != slice_]  # fmt: skip
        others = _summed(counted[slice_.level], siblings)
        yield from judged([_draft(run, slice_, counts, others, step) for step in STEP_NAMES])


def _draft(run: WholeRun, slice_: Slice, counts: Counts, others: Counts, step: str) -> Draft:
    key = CellKey(
        STEP, slice_, ALL_TIME, breakdown="step", group=step, group_labels=(STEP_WORDS[step],)
    )
    result = _result(counts, others, step)
    return Draft(key, result, Verdict.SHOWN, Sensitivity.OPERATIONAL, run.thresholds)


def _summed(counted: Mapping[int, Counts], numbers: Sequence[int]) -> dict[str, float]:
    chosen = [counted[number] for number in numbers if number in counted]
    return {step: float(sum(row[step] for row in chosen)) for step in steps.STEPS}


def _base(counts: Counts, step: str) -> float:
    """Return how many people reached the last step before that was recorded."""
    if step in ("gave_feedback", "met_again"):
        return counts["met"]
    earlier = steps.STEPS[: steps.STEPS.index(step)]
    return next((counts[name] for name in reversed(earlier) if counts[name]), 0.0)


def _result(counts: Counts, others: Counts, step: str) -> Result:
    base, reached = _base(counts, step), counts[step]
    if not base or not reached or reached > base:
        # where nobody met as far as is known, it concerns those who could have
        people = max(base, reached) or _base(counts, "met")
        return undefined(NOT_RECORDED, people=int(people))
    beside = _base(others, step)
    usual, error = None, None
    if beside and others[step] and others[step] <= beside:
        usual = others[step] / beside
        error = float(np.sqrt(max(usual * (1 - usual), 0.25 / beside) * (1 / base + 1 / beside)))
    return measure(STEP).compute(
        ComparedShare(
            share=reached / base, people=int(base), trials=base, expected=usual, error=error
        ),
        (),
    )
