"""Charts over all attributes: alone beside adjusted, and what unknown groups leave open."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import altair as alt

from charts.ratios import (
    CENTRED,
    DASHES,
    DRAWN,
    HIDDEN_ROW,
    LINES,
    SAID,
    UNDEFINED_ROW,
    Gaps,
    Ticks,
    ratio_axis,
    ratio_scale,
)
from charts.rows import Row, axis_name, drawn_verdict
from charts.theme import (
    HIDDEN,
    NOT_DEFINED,
    TOKENS,
    UNDEFINED,
    Mode,
    as_spec,
    hatch,
    plate,
    verdict_colour,
    verdict_fill,
    verdict_shape,
)
from release import Cell

SHARE_LABEL = "format(datum.value * 100, '.0f') + '\u202f%'"
ROW_HEIGHT = 44


def attribute_rows(
    cells: Sequence[Cell], names: dict[str, str], alone: dict[str, Cell | None]
) -> list[Row]:
    """Return one row per attribute, with what is published on it alone where there is."""
    rows = []
    for number, cell in enumerate(cells):
        other = alone.get(cell.breakdown)
        drawn = cell.is_drawn and other is not None and other.is_drawn
        rows.append(
            {
                "group": axis_name(names[cell.breakdown]),
                "first": number == 0,
                "estimate": cell.estimate,
                "low": cell.low,
                "high": cell.high,
                "alone": other.estimate if drawn else None,
                # the axis makes room for these two
                "chance_low": cell.expected,
                "chance_high": other.estimate if drawn else None,
                "expected": cell.expected,
                "verdict": drawn_verdict(cell),
                "sentence": cell.sentence,
            }
        )
    return rows


@lru_cache(maxsize=64)
def alone_beside_adjusted(ticks: Ticks, rows: int, gaps: Gaps, mode: Mode) -> dict:
    """Return a dumbbell per attribute: a ring for it alone, a filled shape once adjusted.

    Rows: group, first, alone, estimate, low, high, verdict, sentence.
    """
    token = TOKENS[mode]
    scale, axis = ratio_scale(ticks), ratio_axis(ticks)

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    base = alt.Chart(height=rows * ROW_HEIGHT).encode(y=_names(token))
    shown, both = base.transform_filter(DRAWN), base.transform_filter("isValid(datum.alone)")
    layers = [
        alt.Chart()
        .transform_filter("datum.first")
        .mark_rule(strokeDash=DASHES, color=token["edge"])
        .encode(x=alt.XDatum(1.0, scale=scale)),
        shown.mark_rule(strokeWidth=1.5).encode(x("low"), x2="high:Q", color=verdict_colour(token)),
        both.mark_rule(strokeWidth=5, color=token["band"]).encode(x("alone"), x2="estimate:Q"),
        both.mark_point(
            size=110, opacity=1, fill=token["paper"], stroke=token["muted"], strokeWidth=1.75
        ).encode(x("alone")),
        shown.mark_point(size=110, opacity=1, tooltip=SAID).encode(
            x("estimate"),
            color=verdict_colour(token),
            fill=verdict_fill(token),
            shape=verdict_shape(),
        ),
    ]
    middle = base.encode(x=alt.XDatum(1.0, scale=scale))
    return as_spec(alt.layer(*layers, *_gaps(base, middle, gaps, token)), mode)


@lru_cache(maxsize=64)
def bounds_by_attribute(domain: tuple[float, float], rows: int, gaps: Gaps, mode: Mode) -> dict:
    """Return a strip per attribute: what the share may be, the known value, the lottery's tick.

    Rows: group, estimate, low, high, expected, verdict, sentence.
    """
    token = TOKENS[mode]
    scale = alt.Scale(domain=list(domain), nice=False, zero=False, clamp=True)
    axis = alt.Axis(
        labelExpr=SHARE_LABEL, title=None, tickCount=6, labelOverlap="greedy", labelSeparation=10
    )

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    base = alt.Chart(height=rows * ROW_HEIGHT).encode(y=_names(token))
    shown = base.transform_filter(DRAWN)
    layers = [
        shown.mark_bar(height=7, color=token["edge"], cornerRadius=2).encode(x("low"), x2="high:Q"),
        shown.transform_filter("isValid(datum.expected)")
        .mark_tick(thickness=2.5, size=26, color=token["ink"])
        .encode(x("expected")),
        shown.mark_point(size=110, opacity=1, tooltip=SAID).encode(
            x("estimate"),
            color=verdict_colour(token),
            fill=verdict_fill(token),
            shape=verdict_shape(),
        ),
    ]
    middle = base.encode(x=alt.XDatum(sum(domain) / 2, scale=scale))
    return as_spec(alt.layer(*layers, *_gaps(base, middle, gaps, token)), mode)


def _names(token: dict[str, str]) -> alt.Y:
    axis = alt.Axis(title=None, labelExpr=LINES, labelColor=token["ink"], labelOffset=CENTRED)
    return alt.Y("group:N", sort=None, axis=axis)


def _gaps(
    base: alt.Chart, middle: alt.Chart, gaps: Gaps, token: dict[str, str]
) -> list[alt.TopLevelMixin]:
    """Return the layers of rows without a number; only those that occur."""
    layers: list[alt.TopLevelMixin] = []
    if HIDDEN in gaps:
        veil = base.mark_rect(height=18, fill=hatch(token, aspect=18, stripes=44), tooltip=SAID)
        whole = {"x": alt.value(0), "x2": alt.value("width")}
        layers += [
            veil.transform_filter(HIDDEN_ROW).encode(**whole),
            plate(middle.transform_filter(HIDDEN_ROW), token),
        ]
    if UNDEFINED in gaps:
        layers.append(plate(middle.transform_filter(UNDEFINED_ROW), token, NOT_DEFINED))
    return layers
