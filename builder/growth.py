"""Cells of skills: change of the same people, levels by wave, coverage, and who is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from builder.cells import Draft
from builder.cohort_fields import skill_quantity
from builder.growth_beside import shrunk_cells, weighted_cells
from builder.growth_gaps import GainData, add_growth_gaps
from builder.growth_spots import (
    NOT_TAKING_PART,
    OTHERS,
    SKILL,
    Families,
    Spot,
    group_spots,
    skill_draft,
    spot_of,
)
from builder.growth_then import add_then_test
from builder.intake_changes import (
    IntakeChanges,
    intake_change_cells,
    known_to_gate,
    offered_intakes,
)
from builder.items import PAIRED, ItemGate
from builder.places import Slice, When
from builder.rated import OUTSIDE, Item, Place, RatingData
from builder.whole import WholeRun
from disclosure.gate import Verdict
from metrics import measure
from metrics.definition import Result, Status
from metrics.growth.gain import MANY_LEFT, PairedSums
from release.contents import Cell, Group
from store import ratings, reading

FROM_GAIN = ("skill_gain", "skill_coverage", "skill_gain_standardised")
"""What sums of the same people give; the last one for places alone, not for groups."""


def rating_data(run: WholeRun) -> RatingData:
    """Return the aggregates of ratings by the groups of all published attributes."""
    return RatingData(run.connection, run.facts, run.groupings)


def skill_names(run: WholeRun) -> Iterator[Group]:
    """Yield the names of skills, of who rates each, of skills that nobody rated, and of waves."""
    data = rating_data(run)
    first = {item.skill: item for item in data.items if item.first}
    for number, row in enumerate(reading.read(run.connection, ratings.skills()).itertuples()):
        rated = row.skill_code in first
        yield _name(SKILL if rated else f"{SKILL}_not_rated", row.skill_code, row.label, number)
        if rated:
            yield _name("skill_rater", row.skill_code, first[row.skill_code].by, number)
            yield _name("skill_scale", row.skill_code, first[row.skill_code].written_scale, number)
    for number, wave in enumerate(data.waves):
        yield _name("wave", wave.key, wave.label, number)


def _name(breakdown: str, key: str, label: str, sort: int) -> Group:
    return Group(breakdown=breakdown, key=key, label=label, short=label, sort=sort)


def skill_cells(run: WholeRun) -> Iterator[Cell]:
    """Yield every cell of skills; those of one item ask one gate, the most important first."""
    data, families, intakes = rating_data(run), Families(), []
    gains, (whole, *_) = GainData(run, data), run.places.slices
    for item in data.items:
        known, least = known_to_gate(run), run.thresholds.mean
        gate = ItemGate(data.patterns(item), run.thresholds, known, least=least)
        _changes(run, data, item, gate, families)
        _levels(run, data, item, gate, families)
        if item.first:
            add_growth_gaps(run, gains, item, whole, gate, families)
        # after all else of the whole, so that none of it depends on what people recall
        add_then_test(run, data, item, gate, families)
        if item.first:
            # and after it intakes and groups inside programmes, on which nothing else depends
            intakes += _intakes(run, data, item, gate)
            for slice_ in run.places.of_level("programme"):
                add_growth_gaps(run, gains, item, slice_, gate, families)
    cells = list(families.cells())
    yield from cells
    yield from intake_change_cells(run, intakes, cells)
    yield from weighted_cells(run, data, cells)
    yield from shrunk_cells(run, data, cells)


def _changes(
    run: WholeRun, data: RatingData, item: Item, gate: ItemGate, families: Families
) -> None:
    whole = run.places.slices[0]
    compared = data.paired(item, OUTSIDE)
    for slice_ in (whole, *run.places.of_level("programme")):
        spot = spot_of(item, slice_)
        _add_change(run, item, spot, data, compared, gate.offer(slice_, PAIRED), families)
    for attribute in run.runs if item.first else ():
        for spot, group in group_spots(item, whole, run.runs.index(attribute), attribute):
            verdict = gate.offer(whole, PAIRED, attribute.breakdown.attribute, group)
            _add_change(run, item, spot, data, None, verdict, families)
    if compared.started:
        spot = replace(
            spot_of(item, whole, NOT_TAKING_PART, NOT_TAKING_PART), place=OUTSIDE, among=OTHERS
        )
        verdict = gate.offer_set(gate.outside(PAIRED))
        if item.first:
            _add_change(run, item, spot, data, None, verdict, families)
    for slice_ in run.places.of_level("cohort"):
        spot = spot_of(item, slice_)
        _add_change(run, item, spot, data, compared, gate.offer(slice_, PAIRED), families)


def _intakes(
    run: WholeRun, data: RatingData, item: Item, gate: ItemGate
) -> Iterator[IntakeChanges]:
    """Yield the gains of intakes, which are published beside each other alone."""

    def draft_of(member: Slice, place: Place, verdict: Verdict) -> Draft:
        result = measure("skill_gain").compute(data.paired(item, place), ())
        spot = replace(spot_of(item, run.places.slices[0]), slice=member, place=place)
        told = _told(result, verdict, "skill_gain")
        return skill_draft(run, "skill_gain", item, spot, result, told)

    return offered_intakes(run, gate, skill_quantity(item), draft_of)


def _add_change(
    run: WholeRun,
    item: Item,
    spot: Spot,
    data: RatingData,
    compared: PairedSums | None,
    verdict: Verdict,
    families: Families,
) -> None:
    sums = replace(data.paired(item, spot.place), compared=compared)
    for key in FROM_GAIN if not spot.among else FROM_GAIN[:2]:
        result = measure(key).compute(sums, ())
        families.add(
            spot.family, skill_draft(run, key, item, spot, result, _told(result, verdict, key))
        )
        if key == "skill_gain" and result.reason == MANY_LEFT:
            bounds = measure("skill_rise_bounds").compute(sums, ())
            draft = skill_draft(run, "skill_rise_bounds", item, spot, bounds, verdict)
            families.add(spot.family, draft)


def _told(result: Result, verdict: Verdict, key: str) -> Verdict:
    """Return the verdict on a result: why there is no number is no answer of anybody."""
    counts = key == "skill_coverage" and verdict is Verdict.SMALL
    empty = result.status is Status.UNDEFINED and result.reason != MANY_LEFT
    return Verdict.SHOWN if counts or empty else verdict


def _levels(
    run: WholeRun, data: RatingData, item: Item, gate: ItemGate, families: Families
) -> None:
    waves = data.waves
    ends = tuple(dict.fromkeys((*waves[-1:], *waves[:1])))
    for level in ("organisation", "programme"):
        for slice_ in run.places.of_level(level):
            spot = spot_of(item, slice_)
            for when in (*ends, *(wave for wave in waves if wave not in ends)):
                verdict = gate.offer(slice_, when.number)
                _add_level(run, data, item, spot, when, verdict, families)
    if not item.first:
        return
    whole = run.places.slices[0]
    for position, attribute in enumerate(run.runs):
        for spot, group in group_spots(item, whole, position, attribute):
            for when in ends:
                code = attribute.breakdown.attribute
                verdict = gate.offer(whole, when.number, code, group)
                _add_level(run, data, item, spot, when, verdict, families)
    for slice_ in run.places.of_level("cohort"):
        for when in ends:
            verdict = gate.offer(slice_, when.number)
            _add_level(run, data, item, spot_of(item, slice_), when, verdict, families)


def _add_level(
    run: WholeRun,
    data: RatingData,
    item: Item,
    spot: Spot,
    when: When,
    verdict: Verdict,
    families: Families,
) -> None:
    sums = data.wave(item, spot.place, when)
    if sums.people:
        result = measure("skill_mean").compute(sums, ())
        draft = skill_draft(run, "skill_mean", item, spot, result, verdict, when)
        families.add(spot.family, draft)
