"""Cells of scales: levels by wave, change of the same people, reliability, and who answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from builder.asked import EVERYBODY, NAMES, OUTSIDE, AnswerData, Asked, Place
from builder.asked_cells import (
    Families,
    Spot,
    answer_draft,
    by_importance,
    first_and_last,
    group_spots,
    slice_spots,
    told,
)
from builder.bands import add_bands, band_names
from builder.cells import Draft
from builder.cohort_fields import scale_quantity
from builder.intake_changes import (
    IntakeChanges,
    intake_change_cells,
    known_to_gate,
    offered_intakes,
)
from builder.items import PAIRED, ItemGate
from builder.places import ALL_TIME, Slice, When
from builder.whole import WholeRun
from disclosure.gate import Verdict
from metrics import measure
from release.contents import Cell, Group
from store import ratings, reading

SCALE, NOT_TAKING_PART = "scale", "outside"
OTHERS = "people who take part in nothing"
SAFETY, INCLUSION, OTHER_SCALE = "psychological_safety", "inclusion", "scale_score"


def measure_of(item: Asked) -> str:
    """Return the measure of the level of a scale."""
    if item.construct == SAFETY:
        return SAFETY
    return "inclusion_score" if item.construct.startswith(INCLUSION) else OTHER_SCALE


def scales_of(data: AnswerData) -> list[Asked]:
    """Return the scales that are asked at waves, known ones first."""
    found = [item for item in data.items if not item.after and not item.single]
    known = list(NAMES)
    return sorted(
        found, key=lambda item: (item.construct not in known, _rank(item, known), item.construct)
    )


def _rank(item: Asked, known: list[str]) -> int:
    return known.index(item.construct) if item.construct in known else len(known)


def scale_names(run: WholeRun, data: AnswerData) -> Iterator[Group]:
    """Yield the names of scales, of what they are measured on, and of waves nobody was rated at."""
    for number, item in enumerate(scales_of(data)):
        yield Group(
            breakdown=SCALE, key=item.construct, label=item.label, short=item.short, sort=number
        )
        yield _name("scale_range", item.construct, item.written_scale, number)
    yield from band_names(scales_of(data))
    rated = set(reading.read(run.connection, ratings.waves())["wave_no"])
    for when in data.waves:
        if when.number - 1 not in rated:
            yield _name("wave", when.key, when.label, when.number - 1)


def _name(breakdown: str, key: str, label: str, sort: int) -> Group:
    return Group(breakdown=breakdown, key=key, label=label, short=label, sort=sort)


def scale_cells(run: WholeRun, data: AnswerData) -> Iterator[Cell]:
    """Yield every cell of scales; those of one scale ask one gate, the most important first."""
    families, intakes = Families(), []
    for item in scales_of(data):
        spent = add_bands(run, data, item, scale_gate(run, data, item), families)
        gate = scale_gate(run, data, item, spent)
        _changes(run, data, item, gate, families)
        _levels(run, data, item, gate, families)
        _reliability(run, data, item, families)
        intakes += _intakes(run, data, item, gate)
    _response_rates(run, data, families)
    cells = list(families.cells())
    yield from cells
    yield from intake_change_cells(run, intakes, cells)


def scale_gate(
    run: WholeRun, data: AnswerData, item: Asked, spent: np.ndarray | None = None
) -> ItemGate:
    """Return the gate of a scale, which is published as a mean; ``spent`` is left to its bands."""
    patterns, least = data.patterns(item), run.thresholds.mean
    return ItemGate(patterns, run.thresholds, known_to_gate(run), least=least, spent=spent)


def _intakes(
    run: WholeRun, data: AnswerData, item: Asked, gate: ItemGate
) -> Iterator[IntakeChanges]:
    """Yield the changes of intakes, which are published beside each other alone."""

    def draft_of(member: Slice, place: Place, verdict: Verdict) -> Draft:
        return _change(run, data, item, Spot(member, place), verdict)

    return offered_intakes(run, gate, scale_quantity(item), draft_of)


def _changes(
    run: WholeRun, data: AnswerData, item: Asked, gate: ItemGate, families: Families
) -> None:
    for spot in (*slice_spots(run, "organisation"), *slice_spots(run, "programme")):
        _add_change(run, data, item, spot, spot.verdict(gate, PAIRED), families)
    for spot in group_spots(run):
        _add_change(run, data, item, spot, spot.verdict(gate, PAIRED), families, item.construct)
    if data.change(item, OUTSIDE).started:
        spot = Spot(run.places.slices[0], OUTSIDE, NOT_TAKING_PART, NOT_TAKING_PART, among=OTHERS)
        _add_change(run, data, item, spot, gate.offer_set(gate.outside(PAIRED)), families)
    for spot in slice_spots(run, "cohort"):
        _add_change(run, data, item, spot, spot.verdict(gate, PAIRED), families)


def _add_change(
    run: WholeRun,
    data: AnswerData,
    item: Asked,
    spot: Spot,
    verdict: Verdict,
    families: Families,
    *family: str,
) -> None:
    families.add(_change(run, data, item, spot, verdict), *family)


def _change(run: WholeRun, data: AnswerData, item: Asked, spot: Spot, verdict: Verdict) -> Draft:
    result = measure("scale_change").compute(data.change(item, spot.place), ())
    return answer_draft(
        run, "scale_change", spot, result, told(result, verdict),
        part=SCALE, code=item.construct, label=item.label, scale=item.written_scale,
    )  # fmt: skip


def _levels(
    run: WholeRun, data: AnswerData, item: Asked, gate: ItemGate, families: Families
) -> None:
    whens = data.whens(item)
    for level in ("organisation", "programme"):
        for spot in slice_spots(run, level):
            for when in by_importance(whens):
                _add_level(run, data, item, spot, when, gate, families)
    for spot in (*group_spots(run), *slice_spots(run, "cohort")):
        for when in first_and_last(whens):
            _add_level(run, data, item, spot, when, gate, families)


def _add_level(
    run: WholeRun,
    data: AnswerData,
    item: Asked,
    spot: Spot,
    when: When,
    gate: ItemGate,
    families: Families,
) -> None:
    key = measure_of(item)
    result = measure(key).compute(data.score(item, spot.place, when), ())
    families.add(
        answer_draft(
            run, key, spot, result, told(result, spot.verdict(gate, when.number)), when=when,
            part=SCALE, code=item.construct, label=item.label, scale=item.written_scale,
        )
    )  # fmt: skip


def _reliability(run: WholeRun, data: AnswerData, item: Asked, families: Families) -> None:
    sums, whole = data.questions(item), slice_spots(run, "organisation")[0]
    if sums is None:
        return
    for key in ("scale_alpha", "scale_omega"):
        result = measure(key).compute(sums, ())
        families.add(
            answer_draft(
                run, key, replace(whole, place=EVERYBODY), result, Verdict.SHOWN, when=ALL_TIME,
                part=SCALE, code=item.construct, label=item.label,
            )
        )  # fmt: skip


def _response_rates(run: WholeRun, data: AnswerData, families: Families) -> None:
    for level in ("organisation", "programme", "cohort"):
        for spot in slice_spots(run, level):
            for when in data.waves:
                moments = data.response(when, spot.place)
                if moments is not None:
                    result = measure("survey_response_rate").compute(moments, ())
                    families.add(
                        answer_draft(
                            run, "survey_response_rate", spot, result, Verdict.SHOWN, when=when
                        )
                    )
