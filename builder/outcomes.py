"""Cells of outcomes beside taking part, and beside how often cohorts meet across groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from builder.attribute import AttributeRun
from builder.cells import CellKey, Draft, judged
from builder.items import cut_breakdown
from builder.places import ALL_TIME
from builder.whole import WholeRun
from disclosure.claim_words import with_claim_words
from disclosure.gate import Verdict
from metrics import measure
from metrics.claims.gap import CohortMeans, GapSums
from metrics.claims.ladder import Rung
from metrics.definition import Result, Sensitivity
from release.contents import Cell, Group
from release.wording import inside_sentence
from store import outcomes, reading

BREAKDOWN = "outcome"
CASE_MIX = 3
"""Attributes that people are made alike in, the first on screen that are no special category."""
IN_A_HUNDRED = 100
"""A yes or no is counted in 100 people, so that a difference is in points of a hundred."""


def outcome_cells(run: WholeRun) -> Iterator[Cell]:
    """Yield the difference to people who do not take part, and the slopes between cohorts."""
    mix = [own for own in run.runs if own.breakdown.sensitivity is not Sensitivity.SPECIAL]
    mix = mix[:CASE_MIX]
    groupings = [own.breakdown.groups.grouping for own in mix]
    frame = reading.read(run.connection, outcomes.outcome_sums(run.facts, groupings))
    if frame.empty:
        return
    by_code = {code: _gap_sums(part, len(mix)) for code, part in frame.groupby("outcome_code")}
    names = tuple(own.breakdown.label for own in mix)
    if mix:
        yield from _family(run, "outcome_gap_alike", by_code, others=names)
    yield from _family(run, "outcome_gap", by_code)
    rows = reading.read(run.connection, outcomes.outcome_sums_by_cohort(run.facts))
    for own in run.runs:
        shares = _cohort_shares(run, own)
        means = {code: _cohort_means(part, shares) for code, part in rows.groupby("outcome_code")}
        yield from _family(run, "outcome_between_cohorts", means, own)


def outcome_names(run: WholeRun) -> Iterator[Group]:
    """Yield the names of the outcomes: their codes, read as words."""
    frame = reading.read(run.connection, outcomes.outcome_sums(run.facts, ()))
    for number, code in enumerate(sorted(frame["outcome_code"].unique()) if len(frame) else ()):
        label = _label(code)
        yield Group(breakdown=BREAKDOWN, key=code, label=label, short=label, sort=number)


def _label(code: str) -> str:
    return code.replace("_", " ").capitalize()


def _unit(frame: pd.DataFrame) -> float:
    """Return what a value is multiplied by: a yes or no is counted in 100 people."""
    return IN_A_HUNDRED if frame["yes_or_no"].sum() == frame["people"].sum() else 1


def _gap_sums(frame: pd.DataFrame, attributes: int) -> GapSums:
    names = [f"g{number}" for number in range(attributes)]
    strata = frame.groupby(names).ngroup().to_numpy() if names else np.zeros(len(frame), dtype=int)
    side, unit = frame["takes_part"].to_numpy(dtype=int), _unit(frame)
    sums = {}
    for name, scale in (("people", 1), ("total", unit), ("squares", unit**2)):
        sums[name] = np.zeros((strata.max(initial=0) + 1, 2))
        np.add.at(sums[name], (strata, side), scale * frame[name].to_numpy(dtype=float))
    return GapSums(**sums)


def _cohort_shares(run: WholeRun, own: AttributeRun) -> dict[int, float]:
    compute = measure("cross_group_share").compute
    return {
        slice_.number: compute(own.data.counts(slice_, ALL_TIME, "all"), ()).estimate
        for slice_ in run.places.of_level("cohort")
    }


def _cohort_means(frame: pd.DataFrame, shares: dict[int, float]) -> CohortMeans:
    unit = _unit(frame)
    return CohortMeans(
        share=np.array([shares.get(number, np.nan) for number in frame["cohort_no"]]),
        people=frame["people"].to_numpy(dtype=float),
        total=unit * frame["total"].to_numpy(dtype=float),
        squares=unit**2 * frame["squares"].to_numpy(dtype=float),
    )


def _family(
    run: WholeRun,
    key: str,
    sums: dict[str, GapSums] | dict[str, CohortMeans],
    own: AttributeRun | None = None,
    others: Sequence[str] = (),
) -> Iterator[Cell]:
    """Yield one measure of every outcome, judged together."""
    compute = measure(key).compute
    drafts = [_draft(run, key, code, compute(each, ()), own, others) for code, each in sums.items()]
    reasons = {draft.result.reason for draft in drafts}
    if own is not None and len(reasons) == 1 and reasons != {""}:
        # one answer instead of the same for every outcome
        drafts = [replace(drafts[0], key=replace(drafts[0].key, group="", group_labels=()))]
    yield from judged(drafts, partial(with_claim_words, rung=Rung.ASSOCIATED))


def _draft(
    run: WholeRun,
    key: str,
    code: str,
    result: Result,
    own: AttributeRun | None,
    others: Sequence[str],
) -> Draft:
    breakdown = own.breakdown if own else None
    return Draft(
        key=CellKey(
            measure=key,
            slice=run.places.slices[0],
            when=ALL_TIME,
            breakdown=cut_breakdown(BREAKDOWN, breakdown.attribute if breakdown else ""),
            breakdown_label=breakdown.label if breakdown else "",
            group=code,
            group_labels=(inside_sentence(_label(code)),),
            others=tuple(others),
        ),
        result=result,
        verdict=Verdict.SHOWN,
        sensitivity=breakdown.sensitivity if breakdown else Sensitivity.ATTITUDE,
        thresholds=run.thresholds,
    )
