"""Cells of feedback after conversations: over time, and across groups against within."""

from __future__ import annotations

from collections.abc import Iterator

from builder.asked import AnswerData, Asked
from builder.asked_cells import (
    Families,
    Spot,
    answer_draft,
    by_importance,
    slice_spots,
    told,
)
from builder.items import ItemGate
from builder.places import ALL_TIME, When
from builder.whole import WholeRun
from metrics import measure
from release.contents import Cell, Group
from store.feedback import FIRST_BOTH

FEEDBACK = "feedback"


def questions_of(data: AnswerData) -> list[Asked]:
    """Return the questions on a scale that are asked after conversations."""
    return [item for item in data.items if item.after and not item.single]


def feedback_names(data: AnswerData) -> Iterator[Group]:
    """Yield the names of the questions."""
    for number, item in enumerate(questions_of(data)):
        yield Group(
            breakdown=FEEDBACK, key=item.construct, label=item.label, short=item.short, sort=number
        )


def feedback_cells(run: WholeRun, data: AnswerData) -> Iterator[Cell]:
    """Yield every cell of feedback; those of one question ask one gate."""
    families = Families()
    for item in questions_of(data):
        gate = feedback_gate(run, data, item)
        for level in ("organisation", "programme"):
            for spot in slice_spots(run, level):
                _add_level(run, data, item, spot, ALL_TIME, gate, families)
                _add_differences(run, data, item, spot, gate, families)
        for level in ("organisation", "programme"):
            for spot in slice_spots(run, level):
                for when in by_importance(data.whens(item)):
                    _add_level(run, data, item, spot, when, gate, families)
    yield from families.cells()


def feedback_gate(run: WholeRun, data: AnswerData, item: Asked) -> ItemGate:
    """Return the gate of a question, which is published as a mean."""
    return ItemGate(data.patterns(item), run.thresholds, least=run.thresholds.mean)


def _add_level(
    run: WholeRun,
    data: AnswerData,
    item: Asked,
    spot: Spot,
    when: When,
    gate: ItemGate,
    families: Families,
) -> None:
    result = measure("feedback_mean").compute(data.score(item, spot.place, when), ())
    families.add(
        answer_draft(
            run, "feedback_mean", spot, result, told(result, spot.verdict(gate, when.number)),
            when=when, part=FEEDBACK, code=item.construct, label=item.label,
            scale=item.written_scale,
        )
    )  # fmt: skip


def _add_differences(
    run: WholeRun, data: AnswerData, item: Asked, spot: Spot, gate: ItemGate, families: Families
) -> None:
    for position, attribute in enumerate(run.runs):
        cut = attribute.breakdown
        verdict = gate.offer(spot.slice, FIRST_BOTH - position)
        sums = data.crossing(item, position, spot.slice.number)
        result = measure("feedback_difference").compute(sums, ())
        there = Spot(spot.slice, spot.place, cut.attribute, sensitivity=cut.sensitivity)
        families.add(
            answer_draft(
                run, "feedback_difference", there, result, told(result, verdict), part=FEEDBACK,
                code=item.construct, label=item.label, scale=item.written_scale,
                breakdown_label=cut.label,
            )
        )  # fmt: skip
