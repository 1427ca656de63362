"""Parts that add up from one share to another: each bar starts where the one above ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import ceil, floor

import altair as alt

from charts.ratios import SAID
from charts.rows import FLOATING_POINT, MOST_TICKS, SIGNS, Row, drawn_verdict
from charts.theme import FEW, LESS, MORE, NOISE, TOKENS, Mode, as_spec
from release import Cell

ROW_HEIGHT, BAR_HEIGHT = 52, 14
NAME_OVER_BAR, BAR_UNDER_NAME = -12, 9
"""How far, in pixels, the name stands above the middle of its row, and the bar below."""
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2)
PERCENT = "format(datum.value * 100, '.0f') + '\u202f%'"
SIGN_OF = SIGNS | {NOISE: "●"}


def change_rows(
    earlier: Cell, parts: Sequence[Cell], later: Cell, names: Mapping[str, str]
) -> list[Row]:
    """Return one row per part between the two shares, which stand first and last."""
    reached = round(earlier.estimate or 0.0, 2)
    rows = [_end(earlier, names["earlier"], reached)]
    for cell in parts:
        start, reached = reached, round(reached + (cell.estimate or 0.0), 2)
        rows.append(_part(cell, names[cell.group], start, reached))
    rows.append(_end(later, names["later"], reached))
    return [row | {"place": place} for place, row in enumerate(rows)]


def _end(cell: Cell, name: str, at: float) -> Row:
    return {
        "name": name,
        "kind": "share",
        "verdict": "",
        "start": at,
        "end": at,
        "low": None,
        "high": None,
        "printed": cell.printed,
        "sentence": cell.sentence,
    }


def _part(cell: Cell, name: str, start: float, end: float) -> Row:
    # what is counted has no interval and no verdict, and stays plain
    verdict = drawn_verdict(cell) if cell.verdict else "counted"
    sign = SIGN_OF.get(verdict, "")
    return {
        "name": name,
        "kind": "part",
        "verdict": verdict,
        "start": start,
        "end": end,
        "low": start + cell.low if cell.interval else None,
        "high": start + cell.high if cell.interval else None,
        "printed": f"{sign} {cell.printed}".strip(),
        "sentence": cell.sentence,
    }


def change_ticks(rows: Sequence[Row]) -> tuple[float, ...]:
    """Return even ticks that hold every bar and interval."""
    names = ("start", "end", "low", "high")
    values = [row[name] for row in rows for name in names if row[name] is not None]
    for step in STEPS:
        first = floor(min(values) / step + FLOATING_POINT)
        last = max(ceil(max(values) / step - FLOATING_POINT), first + 1)
        if last - first < MOST_TICKS:
            break
    return tuple(round(step * number, 2) for number in range(first, last + 1))


@lru_cache(maxsize=64)
def change_parts(ticks: tuple[float, ...], rows: int, mode: Mode) -> dict:
    """Return the parts of a change: name and points above each bar, the interval in ink.

    Rows: name, place, kind, verdict, start, end, low, high, printed, sentence.
    """
    token = TOKENS[mode]
    scale = alt.Scale(domain=[ticks[0], ticks[-1]], nice=False, clamp=True)
    axis = alt.Axis(values=list(ticks), labelExpr=PERCENT, title=None, labelOverlap="greedy")
    x = alt.X("start:Q", scale=scale, axis=axis)
    y = alt.Y("place:O", sort=None, axis=None, scale=alt.Scale(domain=list(range(rows))))
    base = alt.Chart(height=rows * ROW_HEIGHT).encode(y=y)
    part = base.transform_filter("datum.kind == 'part'")
    share = base.transform_filter("datum.kind == 'share'")
    layers = [
        part.mark_bar(
            height=BAR_HEIGHT, yOffset=BAR_UNDER_NAME, strokeWidth=1, tooltip=SAID
        ).encode(x, x2="end:Q", color=_colour(token, "_2"), stroke=_colour(token, "")),
        # a part of nothing has no width: the tick keeps its place visible
        part.mark_tick(
            thickness=2, size=BAR_HEIGHT, yOffset=BAR_UNDER_NAME, color=token["noise"], tooltip=SAID
        )
        .transform_filter("datum.start == datum.end")
        .encode(x),
        part.transform_filter("isValid(datum.low)")
        .mark_rule(strokeWidth=1.5, color=token["ink"], yOffset=BAR_UNDER_NAME)
        .encode(alt.X("low:Q", scale=scale, axis=axis), x2="high:Q"),
        share.mark_tick(
            thickness=3, size=22, yOffset=BAR_UNDER_NAME, color=token["ink"], tooltip=SAID
        ).encode(x),
        *_written(base, "name", token, {"align": "left", "fontWeight": 600}, alt.value(0)),
        *_written(base, "printed", token, {"align": "right"}, alt.value("width")),
    ]
    return as_spec(alt.layer(*layers), mode)


def _colour(token: dict[str, str], tint: str) -> alt.Color | alt.Stroke:
    """Colour only what is beyond noise; what is counted looks like noise and has no sign."""
    plain = token["band"] if tint else token["noise"]
    scale = alt.Scale(
        domain=[MORE, LESS, NOISE, FEW, "counted"],
        range=[token[f"more{tint}"], token[f"less{tint}"], plain, plain, plain],
    )
    return (alt.Color if tint else alt.Stroke)("verdict:N", scale=scale)


def _written(
    base: alt.Chart, field: str, token: dict[str, str], style: dict, at: object
) -> list[alt.Chart]:
    """Return words on a ground of their own, so that no line runs through them."""
    ground = {"stroke": token["paper"], "strokeWidth": 4, "strokeJoin": "round"}
    return [
        base.mark_text(dy=NAME_OVER_BAR, color=token["ink"], **style, **outline).encode(
            x=at, text=f"{field}:N"
        )
        for outline in (ground, {})
    ]
