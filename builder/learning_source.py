"""Cells of choices: where people learn, and whether they speak up for others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from builder.asked import AnswerData, Asked, Option
from builder.asked_cells import (
    Spot,
    answer_draft,
    by_importance,
    first_and_last,
    group_spots,
    slice_spots,
    told,
)
from builder.cells import Draft, judged
from builder.items import ItemGate
from builder.places import ALL_TIME, When
from builder.whole import WholeRun
from disclosure.gate import Verdict
from disclosure.printing import percent
from metrics import measure
from metrics.surveys.references import references
from metrics.surveys.shares import against_first
from release.contents import Cell, Group

LEARNING_SOURCE, REFERENCE, ABOUT = "learning_source", "learning_source_reference", "about"
ALLY, YES, NO_OCCASION = "ally", "yes", "no_occasion"


@dataclass(frozen=True)
class Question:
    """A question with options, and how its cells are keyed."""

    item: Asked
    key: str
    options: tuple[Option, ...]
    part: str = ""


def choice_names(data: AnswerData) -> Iterator[Group]:
    """Yield the names of the answers, and the figures from elsewhere that stand beside them.

    Of those, the label is the share as it is printed, and ``short`` as a number; the one called
    ``about`` says where they come from. They are left out unless every answer has one.
    """
    item, reference = data.of_construct(LEARNING_SOURCE), references().get(LEARNING_SOURCE)
    options = data.options(item) if item and item.single else ()
    for number, option in enumerate(options):
        yield Group(
            breakdown=LEARNING_SOURCE, key=option.code, label=option.label, short=option.label,
            sort=number,
        )  # fmt: skip
    if reference is None or {option.code for option in options} != set(reference.shares):
        return
    said = {code: (percent(share), f"{share:.2f}") for code, share in reference.shares.items()}
    said[ABOUT] = (reference.provenance, reference.title)
    for number, (code, (label, short)) in enumerate(said.items()):
        yield Group(breakdown=REFERENCE, key=code, label=label, short=short, sort=number)


def learning_source_cells(run: WholeRun, data: AnswerData) -> Iterator[Cell]:
    """Yield where people learn, wave by wave, by place and by group."""
    item = data.of_construct(LEARNING_SOURCE)
    if item is None or not item.single:
        return
    asked = Question(item, "learning_source_share", data.options(item), LEARNING_SOURCE)
    gate, whens = ItemGate(data.patterns(item), run.thresholds, run.attributes), data.whens(item)
    for level in ("organisation", "programme"):
        for spot in slice_spots(run, level):
            yield from _choices(run, data, asked, spot, gate, by_importance(whens), whens)
    by_cut: dict[str, list[Draft]] = {}
    for spot in group_spots(run):
        for draft in _drafts(run, data, asked, spot, gate, first_and_last(whens)):
            by_cut.setdefault(f"{spot.cut} {draft.key.when.key}", []).append(draft)
    for drafts in by_cut.values():
        yield from judged(drafts)
    for spot in slice_spots(run, "cohort"):
        ends = first_and_last(whens)
        yield from _choices(run, data, asked, spot, gate, ends, whens)


def ally_cells(run: WholeRun, data: AnswerData) -> Iterator[Cell]:
    """Yield who says that they speak up, over time, and how often there was no occasion."""
    item = data.of_construct(ALLY)
    if item is None or not item.single:
        return
    asked = Question(item, "ally_share", (Option(YES, ""),))
    gate, whens = ItemGate(data.patterns(item), run.thresholds, run.attributes), data.whens(item)
    levels = ("organisation", "programme")
    spots = [spot for level in levels for spot in slice_spots(run, level)]
    for spot in spots:
        yield from judged(_drafts(run, data, asked, spot, gate, (ALL_TIME,)))
    whole = spots[0]
    moments = data.choice_of_all(item, NO_OCCASION, whole.place, ALL_TIME)
    if moments.denominator:
        result = measure("ally_no_occasion_share").compute(moments, ())
        key = "ally_no_occasion_share"
        yield from judged([answer_draft(run, key, whole, result, Verdict.SHOWN)])
    for spot in spots:
        yield from _choices(run, data, asked, spot, gate, by_importance(whens), whens)


def _choices(
    run: WholeRun,
    data: AnswerData,
    asked: Question,
    spot: Spot,
    gate: ItemGate,
    offered: Sequence[When],
    whens: Sequence[When],
) -> Iterator[Cell]:
    """Yield the shares of all options; later ones are held against the first as published."""
    if not whens:
        return
    drafts = _drafts(run, data, asked, spot, gate, offered)
    first = {cell.group: cell for cell in judged(_at(drafts, whens[0]))}
    yield from first.values()
    for when in whens[1:]:
        yield from judged([_beside(draft, first) for draft in _at(drafts, when)])


def _at(drafts: Sequence[Draft], when: When) -> list[Draft]:
    return [draft for draft in drafts if draft.key.when == when]


def _beside(draft: Draft, first: dict[str, Cell]) -> Draft:
    cell = first.get(draft.key.group or "all")
    if cell is None or not cell.is_drawn or not cell.people:
        return draft
    result = against_first(draft.result, cell.estimate, cell.people)
    return Draft(draft.key, result, draft.verdict, draft.sensitivity, draft.thresholds)


def _drafts(
    run: WholeRun,
    data: AnswerData,
    asked: Question,
    spot: Spot,
    gate: ItemGate,
    whens: Sequence[When],
) -> list[Draft]:
    """Return the shares of all options; one verdict holds for all of them."""
    drafts = []
    for when in whens:
        verdict = spot.verdict(gate, when.number)
        for option in asked.options:
            moments = data.choice(asked.item, option.code, spot.place, when)
            result = measure(asked.key).compute(moments, ())
            drafts.append(
                answer_draft(
                    run, asked.key, spot, result, told(result, verdict), when=when,
                    part=asked.part, code=option.code, label=option.label,
                )
            )  # fmt: skip
    return drafts
