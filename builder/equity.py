"""Cells of fairness: gaps of groups to everybody else, as they are and between people alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from builder.attribute import Breakdown
from builder.cells import CellKey, Draft, judged, published, unjudged
from builder.cohorts import family_cells
from builder.equity_sums import EquityData, Outcome
from builder.intakes import intake_cells
from builder.items import SummedGate, cut_breakdown, cut_group
from builder.locations import place_attribute, rate_field
from builder.places import ALL_TIME, Slice
from builder.whole import WholeRun
from disclosure.changes import is_bounded
from disclosure.gate import Verdict
from disclosure.publishing import CellStatus, PublishedCell
from disclosure.rounding import round_effective_size
from disclosure.verdicts import ABOVE, BELOW
from metrics import measure
from metrics.definition import Result, Status, undefined
from metrics.equity.four_fifths import GroupRates, is_below_four_fifths
from metrics.equity.gap import gap_shift
from metrics.equity.simpson import turn_of_gap
from metrics.equity.sums import GroupSums
from release.contents import Cell, Group
from release.wording import inside_sentence
from store import reading
from store.equity import OWN_OUTCOMES, yes_or_no_outcomes

BREAKDOWN = "equity"
GAP, ALIKE, RATE, RATIO = "equity_gap", "equity_gap_adjusted", "equity_rate", "equity_ratio"
STANDARDISED = "equity_gap_standardised"
LEVELS = ("organisation", "programme")
BOUNDED = "a share so near 0 or 100 % is published as a bound only"
ONE_STRATUM = "everybody here is of one programme and place"
FOUR_FIFTHS = "below four fifths"


@dataclass(frozen=True)
class Spot:
    """One outcome of one group in one slice."""

    outcome: Outcome
    attribute: int
    group: int
    slice: Slice
    verdict: Verdict
    sums: GroupSums


def equity_names(run: WholeRun) -> Iterator[Group]:
    """Yield the names of the outcomes that groups are compared in."""
    if not run.runs:
        return
    others = [row["outcome_code"] for row in reading.rows(run.connection, yes_or_no_outcomes())]
    codes = dict.fromkeys((*OWN_OUTCOMES, *others))
    for number, outcome in enumerate(Outcome(code) for code in codes):
        yield Group(
            breakdown=BREAKDOWN,
            key=outcome.code,
            label=outcome.label,
            short=outcome.label,
            sort=number,
        )


def equity_cells(run: WholeRun) -> Iterator[Cell]:
    """Yield shares, gaps and ratios of every group; what is on one screen is judged together.

    Intakes come last, from the same gates, so that nothing that is shown of groups depends on them.
    """
    data = EquityData(run)
    slices = [slice_ for level in LEVELS for slice_ in run.places.of_level(level)]
    gates = {outcome: data.gate(outcome) for outcome in data.outcomes}
    for slice_ in slices:
        for attribute in range(len(run.runs)):
            spots = [
                spot
                for outcome in data.outcomes
                for spot in _spots(run, data, gates[outcome], outcome, attribute, slice_)
            ]
            yield from _screen(run, data, spots)
    yield from intake_cells(run, data, gates)


def _spots(
    run: WholeRun,
    data: EquityData,
    gate: SummedGate,
    outcome: Outcome,
    attribute: int,
    slice_: Slice,
) -> Iterator[Spot]:
    """Yield every group of an attribute; with all groups shown, everybody else is as well."""
    groups = run.runs[attribute].breakdown.groups
    members = [
        gate.members(slice_, attribute=run.attributes[attribute], group=number)
        for number in groups.numbers
    ]
    together = np.logical_or.reduce(members)
    if not gate.people(together):
        return
    unknown = gate.people(gate.members(slice_) & ~together)
    # whoever is of no known group follows from the slice's own rate, less everybody of a known one
    is_few = 0 < unknown < run.thresholds.effective
    whole = Verdict.PROTECTS if is_few else gate.offer_set(together)
    for position, own in enumerate(members):
        verdict = gate.offer_set(own) if whole is Verdict.SHOWN else whole
        rest = gate.people(together & ~own)
        if verdict is Verdict.SHOWN and rest < run.thresholds.people:
            verdict = Verdict.SMALL
        sums = data.sums(outcome, attribute, position, slice_)
        # offers are summed by pool of partners, and one person may be in several
        distinct = np.array([rest, gate.people(own)], dtype=float)
        sums = replace(sums, distinct=distinct)
        yield Spot(outcome, attribute, position, slice_, verdict, sums)


def _screen(run: WholeRun, data: EquityData, spots: Sequence[Spot]) -> Iterator[Cell]:
    """Yield all cells of one attribute in one slice."""
    rates = [_draft(run, data, RATE, spot, _computed(RATE, spot)) for spot in spots]
    shares = published(rates)
    yield from unjudged(rates, shares)
    crude = [_draft(run, data, GAP, spot, _gap(spot)) for spot in spots]
    alike, standardised = (
        [
            _draft(run, data, key, spot, _alike(key, spot, draft.result))
            for spot, draft in zip(spots, crude, strict=True)
        ]
        for key in (ALIKE, STANDARDISED)
    )
    cells = list(judged([*crude, *alike]))
    gaps, adjusted = cells[: len(spots)], cells[len(spots) :]
    yield from gaps
    # the same question once more, so it is judged by itself and makes no other verdict harder
    yield from judged(standardised)
    for spot, gap, other in zip(spots, gaps, adjusted, strict=True):
        yield replace(other, phrase=_turn(spot, gap, other))
    yield from _locations(run, spots, rates, shares)
    if spots:
        yield from _ratios(run, data, spots, rates, shares, gaps)


def _computed(key: str, spot: Spot) -> Result:
    return measure(key).compute(spot.sums, ())


def _gap(spot: Spot) -> Result:
    result = _computed(GAP, spot)
    if result.periods is not None and is_bounded(result.periods):
        return undefined(BOUNDED, people=result.people)
    return result


def _alike(key: str, spot: Spot, crude: Result) -> Result:
    """Return the gap between people alike, where the gap itself may be told."""
    if crude.status is Status.UNDEFINED:
        return crude
    if len(spot.sums.people) < 2:
        return undefined(ONE_STRATUM, people=crude.people)
    return _computed(key, spot)


def _turn(spot: Spot, gap: Cell, alike: Cell) -> str:
    """Return in one word what becomes of a gap between people alike; empty for nothing."""
    crude, adjusted = (cell.verdict in (ABOVE, BELOW) for cell in (gap, alike))
    if gap.estimate is None or alike.estimate is None or not (crude or adjusted):
        return ""
    return turn_of_gap(
        gap.estimate,
        alike.estimate,
        gap_shift(spot.sums),
        crude_beyond_noise=crude,
        adjusted_beyond_noise=adjusted,
    )


def _ratios(
    run: WholeRun,
    data: EquityData,
    spots: Sequence[Spot],
    rates: Sequence[Draft],
    shares: Sequence[PublishedCell],
    gaps: Sequence[Cell],
) -> Iterator[Cell]:
    """Yield the ratios to the best group, from published shares; noted where below four fifths."""
    for outcome in dict.fromkeys(spot.outcome for spot in spots):
        chosen = [number for number, spot in enumerate(spots) if spot.outcome == outcome]
        known = _rates([rates[number] for number in chosen], [shares[number] for number in chosen])
        drafts = [
            _draft(run, data, RATIO, spots[number], measure(RATIO).compute(known, (place,)))
            for place, number in enumerate(chosen)
        ]
        for cell, number in zip(unjudged(drafts, published(drafts)), chosen, strict=True):
            noted = cell.estimate is not None and is_below_four_fifths(
                cell.estimate, cell.high, gap_beyond_noise=gaps[number].verdict == BELOW
            )
            yield replace(cell, phrase=FOUR_FIFTHS if noted else "")


def _locations(
    run: WholeRun, spots: Sequence[Spot], rates: Sequence[Draft], shares: Sequence[PublishedCell]
) -> Iterator[Cell]:
    """Yield the rates of locations beside each other, all of them judged together."""
    if not spots or spots[0].slice.number or spots[0].attribute != place_attribute(run):
        return
    cells = list(unjudged(rates, shares))
    fields = []
    for outcome in dict.fromkeys(spot.outcome for spot in spots):
        chosen = [number for number, spot in enumerate(spots) if spot.outcome == outcome]
        own = (
            [spots[number].sums for number in chosen],
            [rates[number].result for number in chosen],
            [cells[number] for number in chosen],
        )
        fields.append(rate_field(run, outcome, *own))
    yield from family_cells(run, [field for field in fields if field is not None])


def _rates(drafts: Sequence[Draft], shares: Sequence[PublishedCell]) -> GroupRates:
    """Return the published rates of the groups; NaN where one is hidden or a bound only."""
    told = [
        share.estimate
        if share.status is CellStatus.SHOWN and share.printed[:1].isdigit()
        else float("nan")
        for share in shares
    ]
    sizes = [round_effective_size(draft.result.effective_size or 0.0) for draft in drafts]
    return GroupRates(
        shares=np.array(told, dtype=float),
        sizes=np.array(sizes, dtype=float),
        people=np.array([share.people or 0 for share in shares], dtype=float),
    )


def _draft(run: WholeRun, data: EquityData, key: str, spot: Spot, result: Result) -> Draft:
    breakdown: Breakdown = run.runs[spot.attribute].breakdown
    among_alike = key in (ALIKE, STANDARDISED)
    alike = data.alike_in(spot.outcome, spot.attribute, spot.slice) if among_alike else ()
    return Draft(
        key=CellKey(
            measure=key,
            slice=spot.slice,
            when=ALL_TIME,
            breakdown=cut_breakdown(BREAKDOWN, breakdown.attribute),
            breakdown_label=breakdown.label,
            group=cut_group(spot.outcome.code, breakdown.groups.codes[spot.group]),
            group_labels=(inside_sentence(spot.outcome.label), breakdown.groups.labels[spot.group]),
            others=alike,
        ),
        result=result,
        verdict=spot.verdict,
        sensitivity=breakdown.sensitivity,
        thresholds=run.thresholds,
    )
