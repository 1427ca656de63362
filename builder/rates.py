"""Cells of the operational rates: participation, completion and feedback, by slice and quarter."""

from __future__ import annotations

from collections.abc import Iterator

from builder.catalogue import RATES
from builder.cells import CellKey, Draft, judged
from builder.gathering import RateData
from builder.places import ALL_TIME, Places, Slice, When
from disclosure.gate import Verdict
from disclosure.thresholds import Thresholds
from metrics import measure
from metrics.definition import Result, Sensitivity, undefined
from metrics.steadiness import against_earlier
from release.contents import Cell
from store.aggregates import Span

NOT_RECORDED = {
    "participation_rate": "who could have taken part was not recorded",
    "completion_rate": "offers were not recorded",
    "feedback_rate": "feedback was not recorded",
}


def rate_cells(data: RateData, places: Places, thresholds: Thresholds) -> Iterator[Cell]:
    """Yield every cell of the operational rates."""
    for key, moments in (
        ("participation_rate", data.participation),
        ("completion_rate", data.completion),
        ("feedback_rate", data.feedback),
    ):
        for view in RATES:
            for slice_ in places.of_level(view.level):
                whens = places.of_span(view.span)
                results = [_result(key, moments, slice_, when, view.span) for when in whens]
                if view.span == "quarter":
                    results = list(against_earlier(results))
                pairs = zip(whens, results, strict=True)
                yield from judged(
                    [_draft(key, slice_, when, result, thresholds) for when, result in pairs]
                )


def _result(key: str, moments, slice_: Slice, when: When, span: Span) -> Result:
    whole = moments(slice_, ALL_TIME, "all")
    sums = whole if span == "all" else moments(slice_, when, span)
    if not whole.numerator:
        return undefined(NOT_RECORDED[key], people=sums.people)
    return measure(key).compute(sums, ())


def _draft(key: str, slice_: Slice, when: When, result: Result, thresholds: Thresholds) -> Draft:
    return Draft(
        key=CellKey(key, slice_, when),
        result=result,
        verdict=Verdict.SHOWN,
        sensitivity=Sensitivity.OPERATIONAL,
        thresholds=thresholds,
    )
