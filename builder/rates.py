"""Cells of the operational rates: participation, completion and feedback, by slice and quarter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from builder.catalogue import RATES
from builder.cells import CellKey, Draft, judged
from builder.gathering import RateData
from builder.places import ALL_TIME, Places, Slice, When, still_runs
from disclosure.gate import Verdict
from disclosure.thresholds import Thresholds
from metrics import measure
from metrics.definition import Result, Sensitivity, undefined
from metrics.participation import RateMoments
from metrics.steadiness import against_earlier
from release.contents import Cell
from store.aggregates import Span

NOT_RECORDED = {
    "participation_rate": "who could have taken part was not recorded",
    "completion_rate": "offers were not recorded",
    "feedback_rate": "feedback was not recorded",
}
NOBODY_MET = "no conversation that was held is recorded"
STILL_RUNS = "the quarter still runs, so it is not compared with those before it"
NOT_TIED = "no completed conversation was tied to an offer"


def rate_cells(
    data: RateData, places: Places, thresholds: Thresholds, as_of: date
) -> Iterator[Cell]:
    """Yield every cell of the operational rates; ``as_of`` is the day up to which the data go."""
    for key in NOT_RECORDED:
        for view in RATES:
            for slice_ in places.of_level(view.level):
                whens = places.of_span(view.span)
                results = [_result(key, data, slice_, when, view.span) for when in whens]
                if view.span == "quarter":
                    results = _against_earlier(results, whens, as_of)
                pairs = zip(whens, results, strict=True)
                yield from judged(
                    [_draft(key, slice_, when, result, thresholds) for when, result in pairs]
                )


def _against_earlier(
    results: Sequence[Result], quarters: Sequence[When], as_of: date
) -> list[Result]:
    """Return the quarters beside those before them, but for one in which people may still meet."""
    running = [still_runs(quarter, as_of) for quarter in quarters]
    whole = iter(
        against_earlier([one for one, runs in zip(results, running, strict=True) if not runs])
    )
    return [
        replace(one, reason=one.reason or STILL_RUNS) if runs else next(whole)
        for one, runs in zip(results, running, strict=True)
    ]


def _result(key: str, data: RateData, slice_: Slice, when: When, span: Span) -> Result:
    sums = data.moments(key, slice_, when, span)
    if not data.has_met:
        concerned = (data.moments(each, slice_, when, span).people for each in NOT_RECORDED)
        return undefined(NOBODY_MET, people=max(concerned))
    reason = _not_recorded(key, data.moments(key, slice_, ALL_TIME, "all"))
    if not reason:
        return measure(key).compute(sums, ())
    # nobody is counted by what was not recorded: those who met stand for the people concerned
    met = data.moments("feedback_rate", slice_, when, span).people
    return undefined(reason, people=max(sums.people, met))


def _not_recorded(key: str, whole: RateMoments) -> str:
    """Return why a slice has no such rate; no conversation at all is an answer, not a gap."""
    if not whole.denominator:
        return NOT_RECORDED[key]
    if whole.numerator or key == "participation_rate":
        return ""
    return NOT_TIED if key == "completion_rate" else NOT_RECORDED[key]


def _draft(key: str, slice_: Slice, when: When, result: Result, thresholds: Thresholds) -> Draft:
    return Draft(
        key=CellKey(key, slice_, when),
        result=result,
        verdict=Verdict.SHOWN,
        sensitivity=Sensitivity.OPERATIONAL,
        thresholds=thresholds,
    )
