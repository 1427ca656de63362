"""Charts of answers: shares as bars beside a figure from elsewhere, and shares over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import altair as alt

from charts.growth import SIGN_OF
from charts.leftout import HIDDEN_ROW, LABELS, linear_ticks
from charts.ratios import DRAWN, SAID, UNDEFINED_ROW
from charts.rows import Row, axis_name, drawn_verdict
from charts.theme import (
    FEW,
    HIDDEN,
    LESS,
    MORE,
    NOISE,
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

ROW_HEIGHT, BAR_HEIGHT = 58, 16
NAME_OVER_BAR, BAR_UNDER_NAME = -14, 9
"""How far, in pixels, the name stands above the middle of its row, and the bar below."""
PLOT = 240
NAMES_FROM = "width - max(110, 0.1 * width)"
"""Where the room begins, in pixels, that names at the end of lines take; more on a wide screen."""
LINE_OF_TEXT = 0.08
"""Height of a line of text, as a part of the height of the plot."""


def bar_rows(
    cells: Sequence[Cell],
    names: Mapping[str, str],
    landmarks: Mapping[str, float],
    landmark: str = "",
) -> list[Row]:
    """Return one row per answer, in the order on screen; ``landmark`` names the other figures."""
    rows = []
    for place, cell in enumerate(cells):
        verdict = drawn_verdict(cell)
        beside = landmarks.get(cell.group)
        said = "" if beside is None else f" · {landmark} {round(100 * beside)}\u202f%"
        rows.append(
            {
                "name": names[cell.group],
                "place": place,
                "estimate": cell.estimate,
                "low": cell.low,
                "high": cell.high,
                "landmark": beside,
                "verdict": verdict,
                "printed": f"{SIGN_OF.get(verdict, '')} {cell.printed}{said}".strip()
                if cell.verdict
                else f"{cell.printed}{said}",
                "sentence": cell.sentence,
            }
        )
    return rows


@lru_cache(maxsize=64)
def share_bars(rows: int, gaps: frozenset[str], mode: Mode) -> dict:
    """Return bars from 0 with name and value above, interval in ink, landmark as upright tick.

    Rows: those of `bar_rows`.
    """
    token = TOKENS[mode]
    scale = alt.Scale(domain=[0, 1], nice=False, clamp=True)
    axis = alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], labelExpr=LABELS["share"], title=None)
    x = alt.X("estimate:Q", scale=scale, axis=axis)
    y = alt.Y("place:O", sort=None, axis=None, scale=alt.Scale(domain=list(range(rows))))
    base = alt.Chart(height=rows * ROW_HEIGHT).encode(y=y)
    shown = base.transform_filter(DRAWN)
    bar = {"height": BAR_HEIGHT, "yOffset": BAR_UNDER_NAME}
    layers: list[alt.TopLevelMixin] = [
        shown.mark_bar(strokeWidth=1, tooltip=SAID, **bar).encode(
            x, x2=alt.X2Datum(0), color=_tinted(token, "_2"), stroke=_tinted(token, "")
        ),
        shown.mark_rule(strokeWidth=1.5, color=token["ink"], yOffset=BAR_UNDER_NAME).encode(
            alt.X("low:Q", scale=scale, axis=axis), x2="high:Q"
        ),
        shown.transform_filter("isValid(datum.landmark)")
        .mark_tick(thickness=2, size=BAR_HEIGHT + 10, yOffset=BAR_UNDER_NAME, color=token["muted"])
        .encode(alt.X("landmark:Q", scale=scale, axis=axis)),
        *_above(base, "name", token, alt.value(0), align="left", fontWeight=600),
        *_above(base, "printed", token, alt.value("width"), align="right"),
    ]
    if HIDDEN in gaps:
        veil = base.mark_bar(fill=hatch(token, aspect=18, stripes=44), tooltip=SAID, **bar)
        whole = {"x": alt.value(0), "x2": alt.value("width")}
        layers.append(veil.transform_filter(HIDDEN_ROW).encode(**whole))
    return as_spec(alt.layer(*layers), mode)


def _tinted(token: Mapping[str, str], tint: str) -> alt.Color | alt.Stroke:
    plain = token["band"] if tint else token["noise"]
    scale = alt.Scale(
        domain=[MORE, LESS, NOISE, FEW],
        range=[token[f"more{tint}"], token[f"less{tint}"], plain, plain],
    )
    return (alt.Color if tint else alt.Stroke)("verdict:N", scale=scale)


def _above(
    base: alt.Chart, field: str, token: Mapping[str, str], at: object, **style: object
) -> list[alt.Chart]:
    mark = base.mark_text(dy=NAME_OVER_BAR, color=token["ink"], tooltip=SAID, **style)
    return [mark.encode(x=at, text=f"{field}:N")]


def line_rows(
    lines: Mapping[str, Sequence[Cell]], whens: Mapping[str, str], names: Mapping[str, str]
) -> list[Row]:
    """Return one row per answer and period; the last one drawn carries the name of its answer.

    ``name_at`` is where that name stands: at the value, or a little away from another name.
    """
    rows = []
    order = list(whens)
    for code, cells in lines.items():
        drawn = [cell.period for cell in cells if cell.is_drawn]
        for cell in cells:
            last = bool(drawn) and cell.period == drawn[-1]
            rows.append(
                {
                    "line": code,
                    "order": order.index(cell.period),
                    "period": axis_name(whens[cell.period]),
                    "estimate": cell.estimate,
                    "low": cell.low,
                    "high": cell.high,
                    "chance_low": None,
                    "chance_high": None,
                    "expected": None,
                    "verdict": drawn_verdict(cell),
                    "words": f"{names.get(code, '')} {cell.printed}".strip() if last else "",
                    "name_at": cell.estimate,
                    "sentence": cell.sentence,
                }
            )
    return _apart(rows)


def _apart(rows: list[Row]) -> list[Row]:
    """Move the names at the ends of lines away from each other, upwards from the lowest."""
    ticks = linear_ticks(rows, "share")
    least, below = LINE_OF_TEXT * (ticks[-1] - ticks[0]), float("-inf")
    named = sorted((row for row in rows if row["words"]), key=lambda row: row["estimate"])
    for row in named:
        row["name_at"] = below = max(row["estimate"], below + least)
    return rows


def line_ticks(rows: Sequence[Row]) -> tuple[float, ...]:
    """Return even ticks that hold every share drawn."""
    return linear_ticks(rows, "share")


@lru_cache(maxsize=64)
def shares_over_time(
    ticks: tuple[float, ...], periods: tuple[str, ...], gaps: frozenset[str], mode: Mode
) -> dict:
    """Return a line per answer with intervals, its verdict at each point and its name at the end.

    Rows: those of `line_rows`. The lines are told apart by their names.
    """
    token = TOKENS[mode]
    lines = "split(datum.label, '\\n')"
    x = alt.X(
        "period:N",
        sort=None,
        scale=alt.Scale(domain=list(periods), range=[0, {"expr": NAMES_FROM}]),
        axis=alt.Axis(title=None, labelExpr=lines, labelAngle=0, labelOverlap="greedy"),
    )
    scale = alt.Scale(domain=[ticks[0], ticks[-1]], nice=False, clamp=True, zero=False)
    axis = alt.Axis(values=list(ticks), labelExpr=LABELS["share"], title=None)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=scale, axis=axis)

    base = alt.Chart(height=PLOT).encode(x=x)
    shown = base.transform_filter(DRAWN)
    line = {"detail": alt.Detail("line:N"), "order": alt.Order("order:Q")}
    layers: list[alt.TopLevelMixin] = [
        base.mark_line(strokeWidth=2, color=token["ink"]).encode(y("estimate"), **line),
        shown.mark_rule(strokeWidth=2).encode(y("low"), y2="high:Q", color=verdict_colour(token)),
        shown.mark_point(size=90, opacity=1, tooltip=SAID).encode(
            y("estimate"),
            color=verdict_colour(token),
            fill=verdict_fill(token),
            shape=verdict_shape(),
        ),
        shown.transform_filter("datum.words != ''")
        .mark_text(align="left", dx=10, fontWeight=600, color=token["ink"])
        .encode(y("name_at"), text="words:N"),
    ]
    middle = base.encode(y=alt.YDatum((ticks[0] + ticks[-1]) / 2, scale=scale))
    if HIDDEN in gaps:
        layers.append(plate(middle.transform_filter(HIDDEN_ROW), token))
    if UNDEFINED in gaps:
        layers.append(plate(middle.transform_filter(UNDEFINED_ROW), token, NOT_DEFINED))
    return as_spec(alt.layer(*layers), mode)
