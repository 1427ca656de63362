"""Cells of all skills together, from what is published of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from builder.cells import CellKey, Draft, judged, published, unjudged
from builder.growth_spots import SKILL
from builder.places import ALL_TIME, ORGANISATION, When
from builder.rated import Item, RatingData
from builder.whole import WholeRun
from disclosure.gate import Verdict
from metrics import measure
from metrics.definition import Sensitivity
from metrics.growth.gain import Scale
from metrics.growth.overall import PublishedSkills
from release.contents import Cell

CHANGE, LEVEL = "growth_overall", "growth_level"
SOURCES = {CHANGE: "skill_gain", LEVEL: "skill_mean"}


def overall_cells(run: WholeRun, cells: Sequence[Cell]) -> Iterator[Cell]:
    """Yield the change of all skills together and their level by wave, of the organisation.

    Only skills on the scale on which most are rated count, and only what is shown of them.
    """
    data = RatingData(run.connection, run.facts, ())
    items = _alike([item for item in data.items if item.first])
    if len(items) < 2:
        return
    raters = {item.by for item in items}
    by = raters.pop() if len(raters) == 1 else ""
    yield from judged([_draft(run, cells, items, CHANGE, ALL_TIME, by)])
    levels = [_draft(run, cells, items, LEVEL, when, by) for when in data.waves]
    yield from unjudged(levels, published(levels))


def _alike(items: Sequence[Item]) -> list[Item]:
    scales = Counter(item.scale for item in items)
    return [item for item in items if item.scale == max(scales, key=scales.__getitem__)]


def published_skills(
    cells: Sequence[Cell], skills: Sequence[str], source: str, period: str, scale: Scale
) -> PublishedSkills:
    """Return what is shown of these skills in the whole organisation."""
    found = [
        cell
        for cell in cells
        if (cell.measure, cell.slice, cell.breakdown) == (source, ORGANISATION, SKILL)
        and (cell.period, cell.is_drawn) == (period, True)
        and cell.group in skills
    ]
    numbers = {
        name: np.array([getattr(cell, name) for cell in found], dtype=float)
        for name in ("low", "high", "expected")
    }
    return PublishedSkills(
        values=np.array([cell.estimate for cell in found], dtype=float),
        people=np.array([cell.people for cell in found], dtype=int),
        scale=scale,
        **numbers,
    )


def _draft(
    run: WholeRun, cells: Sequence[Cell], items: Sequence[Item], key: str, when: When, by: str
) -> Draft:
    skills = [item.skill for item in items]
    given = published_skills(cells, skills, SOURCES[key], when.key, items[0].scale)
    result = measure(key).compute(given, ())
    return Draft(
        key=CellKey(key, run.places.slices[0], when, by=by, scale=items[0].written_scale),
        result=result,
        verdict=Verdict.SHOWN if given.values.size else Verdict.SMALL,
        sensitivity=Sensitivity.ATTITUDE,
        thresholds=run.thresholds,
    )
