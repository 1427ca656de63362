"""Cells of learning by the way it was taught: completion, and growth beside peers and others."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from builder.cells import CellKey, Draft, judged
from builder.claims import family
from builder.evidence import Evidence
from builder.gathering import rate_moments
from builder.places import ALL_TIME
from builder.whole import WholeRun
from disclosure.gate import Verdict
from metrics import measure
from metrics.claims.rates import against_everybody
from metrics.definition import Sensitivity
from release.contents import Cell, Group
from store import activities, reading

BREAKDOWN = "modality"
LABELS = {
    "peer": "led by peers",
    "instructor_led_in_person": "led by an instructor in person",
    "instructor_led_virtual": "led by an instructor online",
    "self_paced": "at one's own pace",
    "on_the_job": "on the job",
    "mentoring": "mentoring",
    "external_coaching": "external coaching",
    "blended": "blended",
}
"""Ways of teaching as they stand in a sentence, in the order on screen."""


def modality_cells(run: WholeRun) -> Iterator[Cell]:
    """Yield completion by way of teaching, then growth beside peers and beside instructors."""
    yield from _completion(run)
    evidence = Evidence(run)
    if not evidence.rater or not evidence.skills:
        return
    doses = evidence.activities
    if not all(dose.any() for dose in doses[:2]):
        return
    # one with an instructor less, one with peers more, other learning being equal
    made = partial(evidence.dose_evidence, doses=doses, weights=(1.0, -1.0, 0.0))
    key = "growth_by_modality"

    def result_of(skill: object) -> object:
        return measure(key).compute(made(skill), ())

    yield from family(run, evidence, key, run.places.slices[0], result_of)


def modality_names(run: WholeRun) -> Iterator[Group]:
    """Yield the names of the ways of teaching."""
    for number, (code, label) in enumerate(LABELS.items()):
        name = f"{label[:1].upper()}{label[1:]}"
        yield Group(breakdown=BREAKDOWN, key=code, label=name, short=name, sort=number)


def _completion(run: WholeRun) -> Iterator[Cell]:
    rows = reading.read(run.connection, activities.activity_moments()).to_dict("records")
    found = {row["modality"]: rate_moments(row, total=row, pair={}) for row in rows}
    known = {code: found[code] for code in LABELS if code in found}
    results = against_everybody(list(known.values()))
    yield from judged(
        [
            Draft(
                key=CellKey(
                    measure="activity_completion",
                    slice=run.places.slices[0],
                    when=ALL_TIME,
                    breakdown=BREAKDOWN,
                    breakdown_label="way of teaching",
                    group=code,
                    group_labels=(LABELS[code],),
                ),
                result=result,
                verdict=Verdict.SHOWN,
                sensitivity=Sensitivity.ATTITUDE,
                thresholds=run.thresholds,
            )
            for code, result in zip(known, results, strict=True)
        ]
    )
