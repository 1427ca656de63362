"""How scores spread: a bar per wave, low at the left, the middle centred, high at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import ceil

import altair as alt

from charts.leftout import linear_gaps
from charts.ratios import CENTRED, SAID
from charts.rows import Row, axis_name, drawn_verdict
from charts.theme import TOKENS, Mode, as_spec
from release import Cell

ROW_HEIGHT, BAR_HEIGHT = 34, 22
LEAST_INSIDE = 0.15
"""Share from which on its number fits into its part of the bar, on a phone as well."""
ROOM_LEFT, ROOM_RIGHT = 0.36, 0.03
"""Room beside the bars, in shares: at the left for a number such as "under 5 %"."""
BETWEEN = "|"
Bars = Mapping[str, Sequence[tuple[str, Sequence[Cell]]]]
"""By name of the scale: the waves by name, each with its cells low, middle and high."""


def band_rows(bars: Bars) -> list[Row]:
    """Return a row per part of a bar, one for the name above each scale, one for a gap."""
    rows: list[Row] = []
    for scale, waves in bars.items():
        rows.append(_blank(len({row["row"] for row in rows}), "") | {"words": scale})
        for wave, cells in waves:
            place = len({row["row"] for row in rows})
            rows += _bar(_blank(place, wave), cells)
    return rows


def _blank(place: int, name: str) -> Row:
    nothing = {"start": None, "end": None, "at": None, "band": "", "verdict": ""}
    said = {"words": "", "outside": "", "inside": "", "sentence": ""}
    return {"row": f"{place}{BETWEEN}{axis_name(name)}"} | nothing | said


def _bar(blank: Row, cells: Sequence[Cell]) -> list[Row]:
    if not all(cell.is_drawn for cell in cells):
        gap = next(cell for cell in cells if not cell.is_drawn)
        return [blank | {"verdict": drawn_verdict(gap), "sentence": gap.sentence}]
    low, middle = (cell.estimate or 0.0 for cell in cells[:2])
    starts = (-middle / 2 - low, -middle / 2, middle / 2)
    rows = []
    for band, start, cell in zip(("low", "middle", "high"), starts, cells, strict=True):
        share = cell.estimate or 0.0
        inside = band != "low" and share >= LEAST_INSIDE
        rows.append(
            blank
            | {
                "band": band,
                "start": start,
                "end": start + share,
                "at": start if band == "low" else start + share / 2,
                "inside": cell.printed if inside else "",
                "outside": cell.printed if band == "low" else "",
                "sentence": cell.sentence,
            }
        )
    return rows


def band_ends(rows: Sequence[Row]) -> tuple[float, float]:
    """Return the ends of the axis, in tenths, that hold every bar and the numbers beside it."""
    starts = [row["start"] for row in rows if row["start"] is not None]
    ends = [row["end"] for row in rows if row["end"] is not None]
    low = ceil(10 * (ROOM_LEFT - min(starts, default=-0.4))) / 10
    return -low, ceil(10 * (max(ends, default=0.6) + ROOM_RIGHT)) / 10


@lru_cache(maxsize=32)
def spread_bars(
    ends: tuple[float, float], order: tuple[str, ...], gaps: frozenset[str], mode: Mode
) -> dict:
    """Return the bars, centred on their middle part, each with its numbers.

    Rows: those of `band_rows`; ``order`` is their ``row``, each once.
    """
    token = TOKENS[mode]
    scale = alt.Scale(domain=list(ends), nice=False)
    name = f"split(split(datum.label, '{BETWEEN}')[1], '\\n')"
    y = alt.Y(
        "row:N",
        sort=None,
        scale=alt.Scale(domain=list(order)),
        axis=alt.Axis(title=None, labelExpr=name, labelColor=token["ink"], labelOffset=CENTRED),
    )

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=None)

    base = alt.Chart(height=len(order) * ROW_HEIGHT).encode(y=y)
    shown = base.transform_filter("datum.band != ''")
    # grey in three steps: position says which part is which, colour is for what is beyond noise
    fill = alt.Color(
        "band:N",
        scale=alt.Scale(
            domain=["low", "middle", "high"],
            range=[token["noise"], token["band"], token["noise_2"]],
        ),
    )
    layers = [
        shown.mark_bar(height=BAR_HEIGHT, tooltip=SAID, stroke=token["paper"]).encode(
            x("start"), x2="end:Q", color=fill
        ),
        shown.mark_text(align="right", dx=-6, color=token["ink"]).encode(x("at"), text="outside:N"),
        shown.mark_text(color=token["ink"], tooltip=SAID).encode(x("at"), text="inside:N"),
        base.transform_filter("datum.words != ''")
        .mark_text(align="left", fontWeight=600, dy=4, color=token["ink"])
        .encode(x=alt.value(0), text="words:N"),
        *linear_gaps(base, gaps, sum(ends) / 2, scale, token),
    ]
    return as_spec(alt.layer(*layers), mode)
