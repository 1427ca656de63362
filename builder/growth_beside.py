"""Cells beside the plain change of a skill: allowing for who is missing, and drawn cohorts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import sqrt

import numpy as np
import pandas as pd

from builder.cells import Draft, judged
from builder.growth_spots import SKILL, Spot, group_spots, skill_draft, spot_of
from builder.places import Slice
from builder.rated import Item, RatingData
from builder.whole import WholeRun
from disclosure.gate import Verdict
from disclosure.rounding import round_points_change
from metrics import measure
from metrics.definition import Result, Status
from metrics.growth.gain import Scale, student_t
from metrics.growth.missing import Started
from metrics.growth.shrinkage import FEWEST_COHORTS, Shrunk, shrink
from release.contents import Cell

DISAGREES = (
    "it differs from the plain change by more than half a standard error, so those who are missing "
    "may matter"
)
AGREES = "it hardly differs from the plain change"


def _by_key(cells: list[Cell], key: str) -> dict[tuple[str, str, str], Cell]:
    return {(cell.slice, cell.breakdown, cell.group): cell for cell in cells if cell.measure == key}


def weighted_cells(run: WholeRun, data: RatingData, cells: list[Cell]) -> Iterator[Cell]:
    """Yield the change that allows for who is missing: of the whole, of programmes, of groups.

    Each stands beside a plain change that the gate let through, and is about the same people. In
    programmes and groups only where somebody is missing and enough people are left.
    """
    plain = _by_key(cells, "skill_gain")
    started, members = (data.started(), data.members()) if data.items else ({}, {})
    drafts = []
    for item in data.items:
        frame = started.get(item.number)
        if not item.first or frame is None:
            continue
        known = _started(frame, item)
        for spot, inside in _places(run, item, frame, members):
            beside = plain.get((spot.slice.key, spot.breakdown, spot.group))
            if beside is None or not beside.is_drawn:
                continue
            place = known if inside is None else known.within(inside)
            result = measure("skill_gain_weighted").compute(place, ())
            if result.status is Status.OK:
                result = replace(result, reason=_against_plain(result, beside, item.scale))
            if result.status is Status.OK or inside is None:
                drafts.append(
                    skill_draft(run, "skill_gain_weighted", item, spot, result, Verdict.SHOWN)
                )
    yield from judged(drafts)


def _places(
    run: WholeRun, item: Item, frame: pd.DataFrame, members: dict[int, np.ndarray]
) -> Iterator[tuple[Spot, np.ndarray | None]]:
    """Yield where people are looked at, and which of them are there; None for everybody."""
    whole = run.places.slices[0]
    yield spot_of(item, whole), None
    people = frame["person_no"].to_numpy()
    for slice_ in run.places.of_level("programme"):
        yield spot_of(item, slice_), np.isin(people, members.get(slice_.number, ()))
    for position, attribute in enumerate(run.runs):
        own = frame[f"g{position}"].to_numpy()
        for spot, group in group_spots(item, whole, position, attribute):
            yield spot, own == group


def _started(frame: pd.DataFrame, item: Item) -> Started:
    groups = [name for name in frame.columns if name == "programme_no" or name[:1] == "g"]
    indicators = [
        frame[name].to_numpy() == value
        for name in groups
        for value in np.unique(frame[name].to_numpy())[1:]
    ]
    x, active = frame["x"].to_numpy(float), np.log1p(frame["activity"].to_numpy(float))
    known = np.column_stack([x, active, *indicators]).astype(float)
    return Started(
        x=x, y=np.where(frame["stayed"] == 1, frame["y"], np.nan), known=known, scale=item.scale
    )


def _against_plain(weighted: Result, plain: Cell, scale: Scale) -> str:
    """Tell whether both changes, as published, differ by more than half a standard error."""
    rounded = round_points_change(weighted.estimate, weighted.people, scale).value
    half_error = (plain.high - plain.low) / 4 / student_t(max(plain.people or 2, 2) - 1)
    return DISAGREES if abs(rounded - plain.estimate) > half_error else AGREES


def shrunk_cells(run: WholeRun, data: RatingData, cells: list[Cell]) -> Iterator[Cell]:
    """Yield each cohort's change drawn towards the average, from the published changes alone."""
    published = _by_key(cells, "skill_gain")
    for item in data.items:
        if not item.first:
            continue
        own = {
            slice_: published[slice_.key, SKILL, item.skill]
            for slice_ in run.places.of_level("cohort")
        }
        drawn = [slice_ for slice_, cell in own.items() if cell.is_drawn]
        if len(drawn) < FEWEST_COHORTS:
            continue
        together = _together([own[slice_] for slice_ in drawn])
        yield from judged(
            [
                _shrunk_draft(run, item, slice_, own[slice_], together, drawn.index(slice_))
                for slice_ in drawn
            ]
        )


def _together(cells: list[Cell]) -> Shrunk:
    errors = [(cell.high - cell.low) / 2 / student_t((cell.people or 2) - 1) for cell in cells]
    return shrink([cell.estimate for cell in cells], [error**2 for error in errors])


def _shrunk_draft(
    run: WholeRun, item: Item, slice_: Slice, raw: Cell, together: Shrunk, position: int
) -> Draft:
    result = measure("skill_gain_shrunk").compute(together, (position,))
    people = raw.people or 0
    result = replace(
        result,
        people=people,
        scale=item.scale,
        spread=float(together.errors[position]) * sqrt(people),
        reason=(
            f"by itself {raw.printed}; cohorts really differ by about "
            f"±{together.spread:.2f} points (standard deviation)"
        ),
    )
    return skill_draft(run, "skill_gain_shrunk", item, spot_of(item, slice_), result, Verdict.SHOWN)
