"""Charts of cohorts beside each other: the overview, the funnel, and values drawn in by size."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import ceil, floor
from typing import Literal

import altair as alt

from charts.leftout import STEPS, linear_gaps
from charts.point_names import AWAY, LETTERS, OVER, UNDER
from charts.ratios import CENTRED, DASHES, DRAWN, HIDDEN_ROW, LINES, SAID, interval_and_mark
from charts.rows import FLOATING_POINT, Row
from charts.theme import (
    LESS,
    MORE,
    RATIO_LABEL,
    TOKENS,
    Mode,
    as_spec,
    hatch,
    plate,
    verdict_colour,
    verdict_fill,
    verdict_shape,
)

Kind = Literal["share", "ratio", "points"]
FUNNEL_HEIGHT, ROW_HEIGHT, BOX_HEIGHT = 340, 40, 36
LABELS: dict[Kind, str] = {
    "share": "format(datum.value * 100, '.0f') + '\u202f%'",
    "ratio": RATIO_LABEL,
    "points": "(datum.value > 0 ? '+' : datum.value < 0 ? '\u2212' : '±')"
    " + format(abs(datum.value), '.2~f')",
}
EDGES: dict[Kind, tuple[float, float]] = {
    "share": (0.0, 1.0), "ratio": (0.25, 4.0), "points": (-100.0, 100.0),
}  # fmt: skip
"""Where a picture ends whatever an interval says."""
DEFAULT: dict[Kind, tuple[float, float]] = {
    "share": (0.0, 1.0), "ratio": (0.9, 1.1), "points": (-0.5, 0.5),
}  # fmt: skip
"""What an axis spans where nothing is drawn."""
MOST_TICKS = 6
OUTER_SEEN = 0.5
VEIL = 22
LEANING = {
    "padding": {"left": 4, "top": 4, "right": 26, "bottom": 4},
    "autosize": {"type": "fit-x", "contains": "padding"},
}
MANY_COLUMNS = 6
HEAD_WIDTH = 100
"""Pixels that a column needs so that its heading may lie flat."""
COUNT = "replace(format(datum.value, ','), ',', '\u202f')"


@lru_cache(maxsize=32)
def overview(order: tuple[str, ...], columns: tuple[str, ...], hidden: bool, mode: Mode) -> dict:
    """Return the table of cohorts by quantity, a value in every box.

    Rows: those of `cohort_rows.overview_rows`.
    """
    token = TOKENS[mode]
    narrow = f"width < {max(len(columns), 1) * HEAD_WIDTH}"
    x = alt.X(
        "column:N",
        sort=list(columns),
        scale=alt.Scale(domain=list(columns), paddingInner=0.04, paddingOuter=0),
        axis=alt.Axis(
            orient="top", title=None, labelAngle=alt.ExprRef(f"{narrow} ? -35 : 0"),
            labelAlign=alt.ExprRef(f"{narrow} ? 'left' : 'center'"), labelLimit=140,
            labelColor=token["ink"], labelOverlap=False, labelFontSize=12,
        ),
    )  # fmt: skip
    y = alt.Y(
        "row:N",
        sort=None,
        scale=alt.Scale(domain=list(order), paddingInner=0.08),
        axis=alt.Axis(title=None, labelExpr=LINES, labelColor=token["ink"], labelOffset=CENTRED),
    )
    base = alt.Chart(height=max(len(order), 1) * BOX_HEIGHT).encode(x=x, y=y)
    tones = {"none": token["paper"], "more_2": token["more_2"], "less_2": token["less_2"]}
    scale = alt.Scale(domain=list(tones), range=list(tones.values()))
    drawn = base.transform_filter("datum.words != ''")
    letters = 11 if len(columns) > MANY_COLUMNS else 12
    layers = [
        drawn.mark_rect(stroke=token["line"], strokeWidth=1, tooltip=SAID).encode(
            color=alt.Color("tone:N", scale=scale)
        ),
        drawn.transform_filter("datum.tone == 'none'").mark_text(
            fontSize=letters, color=token["muted"]
        ).encode(text="words:N"),
        drawn.transform_filter("datum.tone != 'none'").mark_text(
            fontSize=letters, fontWeight=600, color=token["ink"]
        ).encode(text="words:N"),
    ]  # fmt: skip
    if hidden:
        layers.append(
            base.transform_filter(HIDDEN_ROW).mark_rect(
                fill=hatch(token, aspect=3, stripes=14), tooltip=SAID
            )
        )
    # the last heading leans out to the right
    return as_spec(alt.layer(*layers), mode) | LEANING


def ticks_of(rows: Sequence[Row], kind: Kind) -> tuple[float, ...]:
    """Return even ticks that hold every number of the rows, within the edges of the picture."""
    fields = ("estimate", "low", "high", "chance_low", "chance_high", "expected")
    values = [row[name] for row in rows for name in fields if row.get(name) is not None]
    lowest, highest = EDGES[kind]
    inside = [min(max(value, lowest), highest) for value in values] or list(DEFAULT[kind])
    for step in STEPS:
        first = floor(min(inside) / step + FLOATING_POINT)
        last = max(ceil(max(inside) / step - FLOATING_POINT), first + 1)
        if last - first < MOST_TICKS:
            break
    ticks = (round(step * number, 2) for number in range(first, last + 1))
    return tuple(max(tick, lowest) for tick in ticks)


@lru_cache(maxsize=64)
def funnel(
    ticks: tuple[float, ...], sizes: tuple[int, int], title: str, kind: Kind, hidden: bool,
    mode: Mode,
) -> dict:  # fmt: skip
    """Return values against size, within the limits that size alone sets.

    Rows: those of `cohort_rows.funnel_rows`. ``sizes`` are the ends of the axis, ``title`` says
    what they count.
    """
    token = TOKENS[mode]
    x = alt.X(
        "order:Q",
        scale=alt.Scale(domain=list(sizes), nice=False),
        axis=alt.Axis(title=title, grid=False, tickCount=5, labelExpr=COUNT),
    )
    scale = alt.Scale(domain=[ticks[0], ticks[-1]], nice=False, clamp=True, zero=False)
    axis = alt.Axis(values=list(ticks), labelExpr=LABELS[kind], title=None)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=scale, axis=axis)

    base = alt.Chart(height=FUNNEL_HEIGHT).encode(x=x)
    limit = base.transform_filter("datum.tone == 'limit'")
    point = base.transform_filter(f"datum.tone == 'cohort' && {DRAWN}")
    line = {"strokeWidth": 1, "color": token["edge"], "interpolate": "monotone"}
    layers = [
        limit.mark_area(
            color=token["band"], opacity=OUTER_SEEN, interpolate="monotone"
        ).encode(y("chance_low"), y2="chance_high:Q"),
        limit.mark_area(color=token["band"], interpolate="monotone").encode(
            y("low"), y2="high:Q"
        ),
        limit.mark_line(strokeDash=DASHES, **line).encode(y("estimate")),
        *_names(point, y("estimate"), token),
        point.mark_point(size=110, opacity=1, tooltip=SAID).encode(
            y("estimate"),
            color=verdict_colour(token),
            fill=verdict_fill(token),
            shape=verdict_shape(),
        ),
    ]  # fmt: skip
    if hidden:
        veil = alt.Chart().transform_filter(f"datum.tone == 'cohort' && {HIDDEN_ROW}")
        strip = veil.mark_rect(fill=hatch(token, aspect=0.06, stripes=60), tooltip=SAID)
        whole = {"y": alt.value(0), "y2": alt.value(FUNNEL_HEIGHT)}
        layers.append(strip.encode(x=alt.value(0), x2=alt.value(VEIL), **whole))
        middle = veil.encode(x=alt.value(VEIL / 2), y=alt.value(FUNNEL_HEIGHT / 2))
        layers.append(plate(middle, token, turned=True))
    return as_spec(alt.layer(*layers), mode)


def _names(point: alt.Chart, level: alt.Y, token: dict[str, str]) -> list[alt.Chart]:
    """Return the name of each point, on ground of its own; bold where it is beyond noise."""
    beyond = f"(datum.verdict == '{MORE}' || datum.verdict == '{LESS}')"
    paper = {"stroke": token["paper"], "strokeWidth": 4, "strokeJoin": "round"}
    found = []
    for left in (True, False):
        for above in (True, False):
            side = f"{'' if left else '!'}datum.last && {'' if above else '!'}datum.first"
            place = {"align": "right" if left else "left", "dx": -AWAY if left else AWAY,
                     "dy": OVER if above else UNDER, "fontSize": LETTERS}  # fmt: skip
            here = point.transform_filter(side)
            plain, bold = here.transform_filter(f"!{beyond}"), here.transform_filter(beyond)
            found += [
                here.mark_text(**place, **paper).encode(y=level, text="words:N"),
                plain.mark_text(**place, color=token["muted"]).encode(y=level, text="words:N"),
                bold.mark_text(**place, fontWeight=600).encode(
                    y=level, text="words:N", color=verdict_colour(token)
                ),
            ]
    return found


@lru_cache(maxsize=64)
def caterpillar(
    ticks: tuple[float, ...],
    order: tuple[str, ...],
    gaps: frozenset[str],
    kind: Kind,
    mode: Mode,
) -> dict:
    """Return values drawn in by size with their intervals, over what size alone allows.

    Rows: those of `cohort_rows.drawn_in_rows`. They keep their order, which is no ranking.
    """
    token = TOKENS[mode]
    scale = alt.Scale(domain=[ticks[0], ticks[-1]], nice=False, clamp=True, zero=False)
    axis = alt.Axis(
        values=list(ticks), labelExpr=LABELS[kind], title=None, labelOverlap="greedy",
        labelSeparation=10,
    )  # fmt: skip

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    y = alt.Y(
        "group:N",
        sort=None,
        scale=alt.Scale(domain=list(order)),
        axis=alt.Axis(title=None, labelExpr=LINES, labelColor=token["ink"], labelOffset=CENTRED),
    )
    base = alt.Chart(height=max(len(order), 1) * ROW_HEIGHT).encode(y=y)
    shown = base.transform_filter(DRAWN)
    layers = [
        shown.mark_bar(height=18, color=token["band"]).encode(x("chance_low"), x2="chance_high:Q"),
        shown.transform_filter("isValid(datum.expected)")
        .mark_tick(height=20, thickness=2, color=token["muted"])
        .encode(x("expected")),
        *interval_and_mark(shown, x, token),
        *linear_gaps(base, gaps, (ticks[0] + ticks[-1]) / 2, scale, token),
    ]
    return as_spec(alt.layer(*layers), mode)
