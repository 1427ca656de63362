"""Ranked dots on a linear axis: shares, multiples and indices by group, beside the expected."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import ceil, floor
from typing import Literal

import altair as alt

from charts.ratios import (
    CENTRED,
    DASHES,
    DRAWN,
    HIDDEN_ROW,
    LINES,
    SAID,
    UNDEFINED_ROW,
    interval_and_mark,
)
from charts.rows import FLOATING_POINT, MOST_TICKS, Row
from charts.theme import (
    HIDDEN,
    NOT_DEFINED,
    TOKENS,
    UNDEFINED,
    Mode,
    as_spec,
    hatch,
    plate,
)

Scale = Literal["share", "times", "index", "people"]
STEPS = (0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 500.0, 2000.0)
DRAWN_NUMBERS = ("estimate", "low", "high", "chance_low", "chance_high", "expected")
LIMITS: dict[Scale, tuple[float, float]] = {
    "share": (0.0, 1.0),
    "times": (0.0, 20.0),
    "index": (-1.0, 1.0),
    "people": (0.0, 10_000.0),
}
"""Intervals beyond these are cut at the edge of the picture."""
EMPTY: dict[Scale, tuple[float, float]] = {
    "share": (0.0, 1.0),
    "times": (0.0, 2.0),
    "index": (-1.0, 1.0),
    "people": (0.0, 10.0),
}
"""What an axis spans where no number is drawn."""
NULLS: dict[Scale, float | None] = {"share": None, "times": 1.0, "index": 0.0, "people": None}
LABELS: dict[Scale, str] = {
    "share": "format(datum.value * 100, '.0f') + '\u202f%'",
    "people": "format(datum.value, '~r')",
    "times": "abs(datum.value - 1) < 0.001 ? 'mean' : format(datum.value, '~r') + ' ×'",
    "index": (
        "abs(datum.value) < 0.001 ? 'lottery' : (datum.value > 0 ? '+' : '\u2212')"
        " + format(abs(datum.value), '.2~f')"
    ),
}


def linear_ticks(rows: Sequence[Row], scale: Scale) -> tuple[float, ...]:
    """Return even ticks that hold every number drawn, within the limits of the scale."""
    lowest, highest = LIMITS[scale]
    null = [NULLS[scale]] if NULLS[scale] is not None else []
    values = null + [row[name] for row in rows for name in DRAWN_NUMBERS if row[name] is not None]
    inside = [min(max(value, lowest), highest) for value in values]
    if len(inside) < 2:
        inside = list(EMPTY[scale])
    for step in STEPS:
        first = floor(min(inside) / step + FLOATING_POINT)
        last = max(ceil(max(inside) / step - FLOATING_POINT), first + 1)
        if last - first < MOST_TICKS:
            break
    return tuple(round(step * number, 2) for number in range(first, last + 1))


@lru_cache(maxsize=64)
def dots_by_group(
    ticks: tuple[float, ...],
    rows: int,
    gaps: frozenset[str],
    scale: Scale,
    mode: Mode,
    row_height: int = 40,
) -> dict:
    """Return ranked dots: band of chance, upright tick at what is expected, interval, verdict.

    Rows: those of `group_rows`.
    """
    token = TOKENS[mode]
    linear = alt.Scale(domain=[ticks[0], ticks[-1]], nice=False, clamp=True, zero=False)
    axis = alt.Axis(
        values=list(ticks),
        labelExpr=LABELS[scale],
        title=None,
        labelOverlap="greedy",
        labelSeparation=10,
    )

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=linear, axis=axis)

    y = alt.Y(
        "group:N",
        sort=None,
        axis=alt.Axis(title=None, labelExpr=LINES, labelColor=token["ink"], labelOffset=CENTRED),
    )
    base = alt.Chart(height=rows * row_height).encode(y=y)
    shown = base.transform_filter(DRAWN)
    layers = [
        shown.mark_bar(height=18, color=token["band"]).encode(x("chance_low"), x2="chance_high:Q"),
        *_null(NULLS[scale], linear, token),
        shown.transform_filter("isValid(datum.expected)")
        .mark_tick(height=20, thickness=2, color=token["muted"])
        .encode(x("expected")),
        *interval_and_mark(shown, x, token),
        *linear_gaps(base, gaps, (ticks[0] + ticks[-1]) / 2, linear, token),
    ]
    return as_spec(alt.layer(*layers), mode)


def _null(null: float | None, scale: alt.Scale, token: dict[str, str]) -> list[alt.Chart]:
    if null is None:
        return []
    # one row carries the line, which has no row of its own
    first = alt.Chart().transform_filter("datum.first")
    rule = first.mark_rule(strokeDash=DASHES, color=token["edge"])
    return [rule.encode(x=alt.XDatum(null, scale=scale))]


def linear_gaps(
    base: alt.Chart, gaps: frozenset[str], middle: float, scale: alt.Scale, token: dict[str, str]
) -> list[alt.TopLevelMixin]:
    """Return hatching with its plate, and the plate of what is not defined."""
    centre = base.encode(x=alt.XDatum(middle, scale=scale))
    layers: list[alt.TopLevelMixin] = []
    if HIDDEN in gaps:
        veil = base.mark_rect(height=18, fill=hatch(token, aspect=18, stripes=44), tooltip=SAID)
        whole = {"x": alt.value(0), "x2": alt.value("width")}
        layers += [
            veil.transform_filter(HIDDEN_ROW).encode(**whole),
            plate(centre.transform_filter(HIDDEN_ROW), token),
        ]
    if UNDEFINED in gaps:
        layers.append(plate(centre.transform_filter(UNDEFINED_ROW), token, NOT_DEFINED))
    return layers
