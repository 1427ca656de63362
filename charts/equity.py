"""Gaps of groups to everybody else: as they are hollow, between people alike filled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor, inf
from typing import Literal

import altair as alt

from charts.leftout import linear_gaps
from charts.ratios import CENTRED, DASHES, LINES, SAID
from charts.rows import FLOATING_POINT, MOST_TICKS, Row, axis_name, drawn_verdict
from charts.theme import (
    SHAPES,
    TOKENS,
    VERDICTS,
    Mode,
    as_spec,
    verdict_colour,
    verdict_fill,
    verdict_shape,
)
from release import Cell

STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
NUMBERS = ("estimate", "low", "high", "crude", "crude_low", "crude_high")
FURTHEST = 0.6
"""Intervals beyond so large a gap between shares are cut at the edge of the picture."""
NO_GAP = "no gap"
Kind = Literal["share", "points"]
WRITTEN: dict[Kind, str] = {
    "share": "format(abs(datum.value) * 100, '.0f')",
    "points": "format(abs(datum.value), '.2~f')",
}
"""How a gap is written on the axis: of shares in points of a hundred, else in points of a scale."""
ROW_HEIGHT = 44
APART = 7
"""Pixels by which the two marks of a row stand above and below its middle."""
INVISIBLE, HEADS = "\u200b", "\u200c"
"""Letters that nobody sees: the first tells rows of one name apart, the other ends a heading."""
HEADING = f"indexof(datum.label, '{HEADS}') >= 0"


@dataclass(frozen=True, kw_only=True)
class GapRow:
    """A group with its gap as it is and between people alike, or a heading without either."""

    name: str
    crude: Cell | None = None
    alike: Cell | None = None


def gap_rows(entries: Sequence[GapRow], unit: float = 1.0) -> list[Row]:
    """Return one row per entry, in the order given; ``unit`` of the values is the whole, 100 %."""
    rows = []
    for number, entry in enumerate(entries):
        crude = entry.crude if entry.crude and entry.crude.is_drawn else None
        alike = entry.alike if entry.alike and entry.alike.is_drawn else None
        shown = alike or crude or entry.crude or entry.alike
        rows.append(
            {
                "group": axis_name(entry.name) + INVISIBLE * number + HEADS * (shown is None),
                "heading": shown is None,
                "first": number == 0,
                **_numbers("estimate", "low", "high", alike, unit),
                **_numbers("crude", "crude_low", "crude_high", crude, unit),
                "paired": crude is not None and alike is not None,
                "verdict": "" if shown is None else drawn_verdict(shown),
                "crude_verdict": "" if crude is None else drawn_verdict(crude),
                "sentence": "" if shown is None else shown.sentence,
                "crude_sentence": "" if crude is None else crude.sentence,
            }
        )
    return rows


def _numbers(value: str, low: str, high: str, cell: Cell | None, unit: float) -> Row:
    found = (cell.estimate, cell.low, cell.high) if cell else (None, None, None)
    scaled = [None if number is None else number / unit for number in found]
    return dict(zip((value, low, high), scaled, strict=True))


def gap_ticks(rows: Sequence[Row], kind: Kind = "share") -> tuple[float, ...]:
    """Return even ticks around no gap that hold every number drawn."""
    values = [row[name] for row in rows for name in NUMBERS if row[name] is not None]
    # how far points may go apart depends on their scale
    furthest = FURTHEST if kind == "share" else inf
    inside = [0.0, *(min(max(value, -furthest), furthest) for value in values)]
    if len(inside) == 1:
        inside = [-0.1, 0.1]
    for step in STEPS:
        first = floor(min(inside) / step + FLOATING_POINT)
        last = max(ceil(max(inside) / step - FLOATING_POINT), first + 1)
        if last - first < MOST_TICKS:
            break
    return tuple(round(step * number, 2) for number in range(first, last + 1))


@lru_cache(maxsize=64)
def paired_gaps(
    ticks: tuple[float, ...],
    rows: int,
    gaps: frozenset[str],
    headings: bool,
    mode: Mode,
    kind: Kind = "share",
) -> dict:
    """Return paired dots: hollow above for the gap as it is, filled below between people alike.

    Rows: those of `gap_rows`.
    """
    token = TOKENS[mode]
    scale = alt.Scale(domain=[ticks[0], ticks[-1]], nice=False, clamp=True, zero=False)
    axis = alt.Axis(
        values=list(ticks),
        labelExpr=_labels(kind),
        title=None,
        labelOverlap="greedy",
        labelSeparation=10,
    )

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    base = alt.Chart(height=rows * ROW_HEIGHT).encode(y=_names(token))
    zero = (
        alt.Chart()
        .transform_filter("datum.first")
        .mark_rule(strokeDash=DASHES, color=token["edge"])
    )
    layers = [
        # the order of the names is that in which they first occur
        base.mark_tick(opacity=0),
        zero.encode(x=alt.XDatum(0.0, scale=scale)),
        *(_crude(base, x, token, paired=paired) for paired in (True, False)),
        *_alike(base, x, token),
        *([_headings(base, token)] if headings else []),
        *linear_gaps(base, gaps, (ticks[0] + ticks[-1]) / 2, scale, token),
    ]
    return as_spec(alt.layer(*layers), mode)


def _labels(kind: Kind) -> str:
    sign = "(datum.value > 0 ? '+' : '\u2212')"
    return f"abs(datum.value) < 0.001 ? '{NO_GAP}' : {sign} + {WRITTEN[kind]}"


def _names(token: dict[str, str]) -> alt.Y:
    axis = alt.Axis(
        title=None,
        labelExpr=LINES,
        labelColor=token["ink"],
        labelOffset=CENTRED,
        labelFontWeight={"condition": {"test": HEADING, "value": 600}, "value": 400},
    )
    return alt.Y("group:N", sort=None, axis=axis)


def _crude(base: alt.Chart, x: object, token: dict[str, str], *, paired: bool) -> alt.LayerChart:
    """Return the gap as it is, above the middle where another stands below it."""
    shift = -APART if paired else 0
    shown = base.transform_filter("isValid(datum.crude)").transform_filter(
        "datum.paired" if paired else "!datum.paired"
    )
    colours = [token["more"], token["less"], token["noise"], token["noise"]]
    scale = alt.Scale(domain=VERDICTS, range=colours)
    shape = alt.Shape("crude_verdict:N", scale=alt.Scale(domain=VERDICTS, range=SHAPES))
    return alt.layer(
        shown.mark_rule(strokeWidth=1.25, yOffset=shift).encode(
            x("crude_low"), x2="crude_high:Q", color=alt.Color("crude_verdict:N", scale=scale)
        ),
        shown.mark_point(
            size=90,
            opacity=1,
            fill=token["paper"],
            strokeWidth=1.75,
            yOffset=shift,
            tooltip={"expr": "datum.crude_sentence"},
        ).encode(x("crude"), stroke=alt.Stroke("crude_verdict:N", scale=scale), shape=shape),
    )


def _alike(base: alt.Chart, x: object, token: dict[str, str]) -> list[alt.LayerChart]:
    layers = []
    for paired in (True, False):
        shift = APART if paired else 0
        shown = base.transform_filter("isValid(datum.estimate)").transform_filter(
            "datum.paired" if paired else "!datum.paired"
        )
        layers.append(
            alt.layer(
                shown.mark_rule(strokeWidth=2, yOffset=shift).encode(
                    x("low"), x2="high:Q", color=verdict_colour(token)
                ),
                shown.mark_point(size=110, opacity=1, yOffset=shift, tooltip=SAID).encode(
                    x("estimate"),
                    color=verdict_colour(token),
                    fill=verdict_fill(token),
                    shape=verdict_shape(),
                ),
            )
        )
    return layers


def _headings(base: alt.Chart, token: dict[str, str]) -> alt.Chart:
    """Return a line under each name that stands over the rows below it."""
    return (
        base.transform_filter("datum.heading")
        .mark_rule(color=token["line"], yOffset=14, strokeWidth=1.5)
        .encode(x=alt.value(0), x2=alt.value("width"))
    )
