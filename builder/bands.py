"""Cells of how scores of a scale spread: low, in the middle, high, wave by wave.

Each band is one more equation about answers whose mean is published as well. So the bands have a
gate of their own, which is asked first and for the whole organisation alone, and what it uses up is
left to it by the gate of the mean (see docs/decisions/0009).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from builder.asked import AnswerData, Asked
from builder.asked_cells import Families, answer_draft, by_importance, slice_spots, told
from builder.items import ItemGate, cut_group
from builder.whole import WholeRun
from metrics import measure
from metrics.surveys.bands import BANDS, FREE, band_cuts
from release.contents import Group

BAND, KEY = "scale_band", "scale_band_share"
WORDS = {"low": "low", "middle": "in the middle", "high": "high"}


def add_bands(
    run: WholeRun, data: AnswerData, item: Asked, gate: ItemGate, families: Families
) -> np.ndarray:
    """Add the bands of a scale; return the leverage that they use up, by pattern."""
    spot = slice_spots(run, "organisation")[0]
    for when in by_importance(data.whens(item)):
        verdict = spot.verdict(gate, when.number)
        sums = data.bands(item, spot.place, when)
        for number, band in enumerate(BANDS):
            result = measure(KEY).compute(sums, (number,))
            families.add(
                answer_draft(
                    run, KEY, spot, result, told(result, verdict), when=when, part=BAND,
                    code=cut_group(item.construct, band), label=item.label,
                    breakdown_label=WORDS[band],
                )
            )  # fmt: skip
    return FREE * gate.leverage


def band_names(scales: list[Asked]) -> Iterator[Group]:
    """Yield which scores each band of a scale holds."""
    for number, item in enumerate(scales):
        low, high = (f"{cut:g}" for cut in band_cuts(item.scale))
        said = {"low": f"below {low}", "middle": f"{low} to {high}", "high": f"{high} or more"}
        for band in BANDS:
            key = cut_group(item.construct, band)
            yield Group(breakdown=BAND, key=key, label=said[band], short=band, sort=number)
