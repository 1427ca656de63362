"""Growth as an outcome that groups are compared in: gaps in the gain of one skill."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from builder.cells import CellKey, Draft
from builder.equity_sums import EquityData
from builder.growth_spots import GAPS, SKILL, Families
from builder.items import PAIRED, ItemGate, cut_breakdown, cut_group
from builder.places import ALL_TIME
from builder.rated import Item, Place, RatingData
from builder.whole import WholeRun
from disclosure.gate import Verdict
from metrics import measure
from metrics.definition import Result
from metrics.growth.gaps import GainSums
from store import gains, ratings, reading
from store.ratings import FIRST_ATTRIBUTE

WHOLE = (ratings.ORGANISATION, 0, 0)
STRATUM = ["first_no", "last_no", "programmes", "place_no"]
SUMS = ("people", "gain", "gain_squares")


def compared_skill(data: RatingData) -> Item | None:
    """Return the skill whose growth groups are compared in: the one with most people.

    As the raters see it whose view is shown first; of several the first by name of the code.
    """
    items = [item for item in data.items if item.first]
    most = max((data.paired(item, WHOLE).people for item in items), default=0)
    return next((item for item in items if most and data.paired(item, WHOLE).people == most), None)


def add_growth_gaps(
    run: WholeRun, data: RatingData, item: Item, gate: ItemGate, families: Families
) -> None:
    """Add the gaps of every group, once the gains of everybody and of all groups have been told.

    Everybody else are all others who take part, of known group or not: their gain then follows
    from those two, and a gap tells nothing that the gate has not been asked for.
    """
    if not run.runs or item != compared_skill(data):
        return
    beside = EquityData(run).beside
    query = gains.gain_sums(run.facts, run.groupings, beside, item.number)
    by_attribute = dict(list(reading.read_numbers(run.connection, query).groupby("attribute_no")))
    for attribute, own in enumerate(run.runs):
        table = _table(by_attribute.get(attribute), own.breakdown.groups.numbers)
        place = beside[attribute]
        others = ("programmes", *(() if place is None else (run.runs[place].breakdown.label,)))
        for position, number in enumerate(own.breakdown.groups.numbers):
            verdict = _verdict(run, gate, attribute, number)
            sums = _sums(data, item, (FIRST_ATTRIBUTE + attribute, 0, number), table, position)
            for key, alike in zip(GAPS, ((), others), strict=True):
                result = measure(key).compute(sums, ())
                draft = _draft(run, key, item, (attribute, position), alike, result, verdict)
                families.add(item.skill, draft)


def _table(frame: pd.DataFrame | None, numbers: Sequence[int]) -> np.ndarray:
    """Return the sums by stratum and group; last those of people of no published group."""
    if frame is None:
        return np.zeros((1, len(numbers) + 1, len(SUMS)))
    strata = frame.groupby(STRATUM).ngroup().to_numpy()
    positions = {number: position for position, number in enumerate(numbers)}
    groups = [positions.get(number, len(numbers)) for number in frame["group_no"].astype(int)]
    table = np.zeros((strata.max() + 1, len(numbers) + 1, len(SUMS)))
    np.add.at(table, (strata, groups), frame[list(SUMS)].to_numpy(dtype=float))
    return table


def _verdict(run: WholeRun, gate: ItemGate, attribute: int, number: int) -> Verdict:
    """Return what the gate says of a group beside everybody else."""
    whole = run.places.slices[0]
    everybody = gate.members(whole, PAIRED)
    own = gate.members(whole, PAIRED, run.attributes[attribute], number)
    told = gate.offer_set(everybody)
    verdict = gate.offer_set(own) if told is Verdict.SHOWN else told
    few = gate.people(everybody & ~own) < run.thresholds.mean
    return Verdict.SMALL if verdict is Verdict.SHOWN and few else verdict


def _sums(data: RatingData, item: Item, place: Place, table: np.ndarray, position: int) -> GainSums:
    """Return one group beside everybody else, by stratum."""
    sides = np.stack([table.sum(axis=1) - table[:, position], table[:, position]], axis=1)
    own, everybody = (data.paired(item, each).started for each in (place, WHOLE))
    return GainSums(
        people=sides[:, :, 0],
        gain=sides[:, :, 1],
        squares=sides[:, :, 2],
        started=np.array([everybody - own, own], dtype=float),
        scale=item.scale,
    )


def _draft(
    run: WholeRun,
    key: str,
    item: Item,
    spot: tuple[int, int],
    alike: tuple[str, ...],
    result: Result,
    verdict: Verdict,
) -> Draft:
    attribute, position = spot
    breakdown = run.runs[attribute].breakdown
    return Draft(
        key=CellKey(
            measure=key,
            slice=run.places.slices[0],
            when=ALL_TIME,
            breakdown=cut_breakdown(SKILL, breakdown.attribute),
            breakdown_label=breakdown.label,
            group=cut_group(item.skill, breakdown.groups.codes[position]),
            group_labels=(item.label.lower(), breakdown.groups.labels[position]),
            others=alike,
            by=item.by,
            scale=item.written_scale,
        ),
        result=result,
        verdict=verdict,
        sensitivity=breakdown.sensitivity,
        thresholds=run.thresholds,
    )
