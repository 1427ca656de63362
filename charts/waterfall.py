"""Steps that multiply to a total: each bar starts where the one above ended, on a log axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import log

import altair as alt

from charts.ratios import DASHES, HIDDEN_ROW, SAID
from charts.rows import SIGNS, Row, drawn_verdict, ratio_ticks
from charts.theme import (
    FEW,
    HIDDEN,
    LESS,
    MORE,
    NOISE,
    RATIO_LABEL,
    TOKENS,
    Mode,
    as_spec,
    hatch,
    plate,
)
from release import Cell

ROW_HEIGHT, BAR_HEIGHT = 58, 14
NAME_OVER_BAR, BAR_UNDER_NAME = -12, 9
"""How far, in pixels, the name stands above the middle of its row, and the bar below."""
SIGN_OF = SIGNS | {NOISE: "●", FEW: "○"}
DRAWN = "isValid(datum.end)"
AT_RANDOM = RATIO_LABEL.replace("'lottery'", "'at random'")
"""The null is everybody at random, not a lottery inside a pool."""


def waterfall_rows(cells: Sequence[Cell], names: Mapping[str, str]) -> list[Row]:
    """Return one row per step that is defined, and the total last, which starts at 1 again.

    A hidden step keeps its row; what follows is drawn as if it changed nothing.
    """
    rows, reached = [], 1.0
    *steps, total = cells
    for cell in steps:
        if cell.status == "undefined":
            continue
        rows.append(_row(cell, names[cell.measure], reached))
        reached *= cell.estimate if cell.is_drawn else 1.0
    if total.status != "undefined":
        rows.append(_row(total, names[total.measure], 1.0))
    return [row | {"place": place} for place, row in enumerate(rows)]


def _row(cell: Cell, name: str, start: float) -> Row:
    verdict = drawn_verdict(cell)
    sign = SIGN_OF.get(verdict, "")
    estimated = cell.is_drawn and bool(cell.interval)
    row: Row = {
        "name": name,
        "verdict": verdict,
        "start": start,
        "end": start * cell.estimate if cell.is_drawn else None,
        "low": start * cell.low if estimated else None,
        "high": start * cell.high if estimated else None,
        "printed": f"{sign} {cell.printed}".strip() if cell.is_drawn else "",
        "sentence": cell.sentence,
    }
    if estimated:
        row["printed"] += f" ({cell.interval.removesuffix('%').rstrip()})"
    return row


def waterfall_ticks(rows: Sequence[Row]) -> tuple[float, ...]:
    """Return ticks that hold every bar and interval."""
    names = {"estimate": "end", "chance_low": "start", "chance_high": "start"}
    return ratio_ticks(
        [row | {name: row[source] for name, source in names.items()} for row in rows]
    )


def shares_of_total(cells: Sequence[Cell]) -> dict[str, float]:
    """Return each step's part of the total on the log scale, where steps add up; 0 of nothing."""
    *steps, total = cells
    whole = _log(total)
    return {cell.measure: _log(cell) / whole if whole else 0.0 for cell in steps}


def _log(cell: Cell) -> float:
    return log(cell.estimate) if cell.estimate else 0.0


@lru_cache(maxsize=64)
def waterfall(ticks: tuple[float, ...], rows: int, hidden: bool, mode: Mode) -> dict:
    """Return the waterfall: name and value above each bar, the interval of the step in ink.

    Rows: name, place, verdict, start, end, low, high, printed, sentence.
    """
    token = TOKENS[mode]
    scale = alt.Scale(type="log", domain=[ticks[0], ticks[-1]], nice=False, clamp=True)
    axis = alt.Axis(values=list(ticks), labelExpr=AT_RANDOM, title=None, labelOverlap="greedy")
    y = alt.Y("place:O", sort=None, axis=None, scale=alt.Scale(domain=list(range(rows))))
    base = alt.Chart(height=rows * ROW_HEIGHT).encode(y=y)
    drawn = base.transform_filter(DRAWN)
    layers = [
        alt.Chart()
        .transform_filter("datum.place == 0")
        .mark_rule(strokeDash=DASHES, color=token["edge"])
        .encode(x=alt.XDatum(1.0, scale=scale)),
        drawn.mark_bar(
            height=BAR_HEIGHT, yOffset=BAR_UNDER_NAME, strokeWidth=1, tooltip=SAID
        ).encode(
            alt.X("start:Q", scale=scale, axis=axis),
            x2="end:Q",
            color=_tint(token),
            stroke=_outline(token),
        ),
        drawn.transform_filter("isValid(datum.low)")
        .mark_rule(strokeWidth=1.5, color=token["ink"], yOffset=BAR_UNDER_NAME)
        .encode(alt.X("low:Q", scale=scale, axis=axis), x2="high:Q"),
        *_written(base, "name", token, {"align": "left", "fontWeight": 600}, alt.value(0)),
        *_written(drawn, "printed", token, {"align": "right"}, alt.value("width")),
    ]
    if hidden:
        layers += _hidden(base, scale, token)
    return as_spec(alt.layer(*layers), mode)


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


def _hidden(
    base: alt.Chart, scale: alt.Scale, token: dict[str, str]
) -> list[alt.Chart | alt.LayerChart]:
    veiled = base.transform_filter(HIDDEN_ROW)
    veil = veiled.mark_rect(
        height=BAR_HEIGHT, yOffset=BAR_UNDER_NAME, fill=hatch(token, aspect=24, stripes=44),
        tooltip=SAID,
    )  # fmt: skip
    whole = {"x": alt.value(0), "x2": alt.value("width")}
    word = veiled.encode(x=alt.XDatum(1.0, scale=scale))
    return [veil.encode(**whole), plate(word, token)]


def _tint(token: dict[str, str]) -> alt.Color:
    tints = [token["more_2"], token["less_2"], token["noise_2"], token["paper"]]
    return alt.Color("verdict:N", scale=alt.Scale(domain=[MORE, LESS, NOISE, FEW], range=tints))


def _outline(token: dict[str, str]) -> alt.Stroke:
    lines = [token["more"], token["less"], token["noise"], token["noise"]]
    return alt.Stroke("verdict:N", scale=alt.Scale(domain=[MORE, LESS, NOISE, FEW], range=lines))


def is_hidden(rows: Sequence[Row]) -> bool:
    """Tell whether a chart needs its hatching."""
    return any(row["verdict"] == HIDDEN for row in rows)
