"""Charts of engagement: cohorts by cycle as a strip, steps as bars, and survival as steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import altair as alt

from charts.ratios import CENTRED, HIDDEN_ROW, LINES, SAID
from charts.rows import SIGNS, Row, axis_name, axis_names, drawn_verdict
from charts.theme import FEW, HIDDEN, LESS, MORE, NOISE, TOKENS, Mode, as_spec, hatch
from release import Cell

STRIP_HEIGHT, STEP_HEIGHT, CURVE_HEIGHT = 40, 52, 280
NAMES_FROM = "width - max(100, 0.15 * width)"
"""Where curves end, in pixels, so that their names have room; more of it on a wide screen."""
ON_A_PHONE = "width < 420"
"""Where the name at the end of a curve takes two lines, else its end is cut off."""
FAR = 0.25
"""From so much of the own rhythm on, a cycle is far above or below it."""
MANY_CYCLES = 20
NAME_OVER_BAR, BAR_UNDER_NAME = -11, 9
TONES = ("more_2", "more_1", "less_1", "less_2")
PERCENT = "format(datum.value * 100, '.0f') + '\u202f%'"


def strip_rows(
    cells: Sequence[Cell], names: Mapping[str, str], alarms: frozenset[tuple[str, str]]
) -> list[Row]:
    """Return one row per cohort and cycle; ``alarms`` holds the cohort and cycle of each alarm."""
    short = axis_names({cell.slice: names[cell.slice] for cell in cells})
    return [
        {
            "row": short[cell.slice],
            "column": cell.period,
            "verdict": drawn_verdict(cell),
            "tone": _tone(cell),
            "sign": SIGNS.get(drawn_verdict(cell), "") * (2 if _is_far(cell) else 1),
            "last": (cell.slice, cell.period) in alarms,
            "printed": cell.printed,
            "sentence": cell.sentence,
        }
        for cell in cells
    ]


def _is_far(cell: Cell) -> bool:
    if cell.estimate is None or not cell.expected:
        return False
    return abs(cell.estimate / cell.expected - 1) > FAR


def _tone(cell: Cell) -> str:
    verdict = drawn_verdict(cell)
    if verdict not in (MORE, LESS):
        return "none"
    return f"{verdict}_{2 if _is_far(cell) else 1}"


@lru_cache(maxsize=64)
def strip(rows: int, cycles: tuple[str, ...], hidden: bool, mode: Mode) -> dict:
    """Return the strip: plain is ordinary, a sign and a tint beyond noise, an outline an alarm.

    Rows: those of `strip_rows`.
    """
    token = TOKENS[mode]
    many = len(cycles) > MANY_CYCLES
    every = 5 if many else 1
    labelled = [cycle for number, cycle in enumerate(cycles, 1) if number % every == 0 or not many]
    bands = alt.Scale(domain=list(cycles), paddingInner=0.08, paddingOuter=0)
    x = alt.X("column:O", sort=None, scale=bands,
              axis=alt.Axis(orient="bottom", title="Cycle", labelAngle=0, values=labelled,
                            labelOverlap="greedy"))  # fmt: skip
    y = alt.Y(
        "row:N",
        sort=None,
        scale=alt.Scale(paddingInner=0.08),
        axis=alt.Axis(title=None, labelExpr=LINES, labelColor=token["ink"], labelOffset=CENTRED),
    )
    base = alt.Chart(height=max(rows, 1) * STRIP_HEIGHT).encode(x=x, y=y)
    colours = alt.Scale(
        domain=["none", *TONES], range=[token["band"], *(token[tone] for tone in TONES)]
    )
    layers = [
        base.mark_rect(tooltip=SAID).encode(color=alt.Color("tone:N", scale=colours)),
        base.transform_filter("datum.sign != ''")
        .mark_text(fontSize=7 if many else 11, color=token["ink"], tooltip=SAID)
        .encode(text="sign:N"),
        base.transform_filter("datum.last").mark_rect(
            fillOpacity=0, stroke=token["ink"], strokeWidth=2.5
        ),
    ]
    if hidden:
        layers.append(base.transform_filter(HIDDEN_ROW).mark_rect(fill=hatch(token), tooltip=SAID))
    return as_spec(alt.layer(*layers), mode)


def step_rows(cells: Sequence[Cell], names: Mapping[str, str]) -> list[Row]:
    """Return one row per step; a bar is as long as the part of the first step that came so far."""
    rows: list[Row] = []
    reached, met = 1.0, 1.0
    for cell in cells:
        base = met if cell.group in ("gave_feedback", "met_again") else reached
        verdict = drawn_verdict(cell)
        drawn = cell.estimate is not None
        reached = base * cell.estimate if drawn else base
        met = reached if cell.group == "met" else met
        rows.append(
            {
                "group": names[cell.group],
                "order": len(rows),
                "estimate": reached if drawn else None,
                "low": base * cell.low if drawn else None,
                "high": min(base * cell.high, 1.0) if drawn else None,
                "verdict": verdict,
                "printed": f"{SIGNS.get(verdict, '')} {cell.printed}".strip(),
                "sentence": cell.sentence,
            }
        )
    return rows


@lru_cache(maxsize=32)
def step_bars(rows: int, hidden: bool, mode: Mode) -> dict:
    """Return bars, one a step, name and share of the step before above each.

    Rows: those of `step_rows`.
    """
    token = TOKENS[mode]
    scale = alt.Scale(domain=[0, 1], nice=False)
    y = alt.Y("order:O", sort=None, axis=None, scale=alt.Scale(domain=list(range(rows))))
    base = alt.Chart(height=max(rows, 1) * STEP_HEIGHT).encode(y=y)
    drawn = base.transform_filter("isValid(datum.estimate)")
    place = {"yOffset": BAR_UNDER_NAME}
    kinds = [MORE, LESS, NOISE, FEW]
    tints = [token["more_2"], token["less_2"], token["noise_2"], token["paper"]]
    lines = [token["more"], token["less"], token["noise"], token["noise"]]
    layers = [
        drawn.mark_bar(height=12, strokeWidth=1, tooltip=SAID, **place).encode(
            x=alt.X("estimate:Q", scale=scale, axis=None),
            color=alt.Color("verdict:N", scale=alt.Scale(domain=kinds, range=tints)),
            stroke=alt.Stroke("verdict:N", scale=alt.Scale(domain=kinds, range=lines)),
        ),
        drawn.mark_rule(strokeWidth=1.5, color=token["ink"], **place).encode(
            x=alt.X("low:Q", scale=scale, axis=None), x2="high:Q"
        ),
        base.mark_text(align="left", fontWeight=600, dy=NAME_OVER_BAR, color=token["ink"]).encode(
            x=alt.value(0), text="group:N"
        ),
        base.mark_text(align="right", dy=NAME_OVER_BAR, color=token["ink"]).encode(
            x=alt.value("width"), text="printed:N"
        ),
    ]
    if hidden:
        veil = base.transform_filter(HIDDEN_ROW).mark_rect(
            height=12, fill=hatch(token, aspect=24, stripes=44), tooltip=SAID, **place
        )
        layers.append(veil.encode(x=alt.value(0), x2=alt.value("width")))
    return as_spec(alt.layer(*layers), mode)


def curve_rows(curves: Mapping[str, Sequence[Cell]], verdicts: Mapping[str, str]) -> list[Row]:
    """Return one row per curve and cycle, each starting with everybody; by name of the curve."""
    rows: list[Row] = []
    for name, cells in curves.items():
        drawn = [cell for cell in cells if cell.is_drawn]
        verdict = verdicts[name]
        everybody = {"order": 0, "estimate": 1.0, "low": 1.0, "high": 1.0}
        words = {"group": name, "name": axis_name(name), "printed": "", "sentence": ""}
        start = {**words, **everybody, "verdict": verdict, "last": False}
        points = [
            start
            | {
                "order": int(cell.period),
                "estimate": cell.estimate,
                "low": cell.low,
                "high": cell.high,
                "last": cell is drawn[-1],
                "printed": cell.printed,
                "sentence": cell.sentence,
            }
            for cell in drawn
        ]
        rows += [start, *points] if points else []
    return rows


@lru_cache(maxsize=64)
def curves(longest: int, mode: Mode) -> dict:
    """Return survival as steps with pointwise intervals, the name of each curve at its end.

    Rows: those of `curve_rows`.
    """
    token = TOKENS[mode]
    x = alt.X(
        "order:Q",
        scale=alt.Scale(domain=[0, longest], nice=False, range=[0, {"expr": NAMES_FROM}]),
        axis=alt.Axis(
            title="Cycle of one's own",
            values=[number for number in range(longest + 1) if number % max(1, longest // 6) == 0],
            grid=False,
            format="d",
        ),
    )
    axis = alt.Axis(title=None, values=[0, 0.25, 0.5, 0.75, 1], labelExpr=PERCENT)
    y = alt.Scale(domain=[0, 1], nice=False)
    kinds = [MORE, LESS, NOISE]
    colour = alt.Color(
        "verdict:N",
        scale=alt.Scale(domain=kinds, range=[token["more"], token["less"], token["noise"]]),
    )
    dash = alt.StrokeDash(
        "verdict:N", scale=alt.Scale(domain=kinds, range=[[1, 0], [5, 3], [2, 2]]), legend=None
    )
    base = alt.Chart(height=CURVE_HEIGHT).encode(x=x, detail=alt.Detail("group:N"), color=colour)
    level = alt.Y("estimate:Q", scale=y, axis=axis)
    layers = [
        base.mark_area(opacity=0.18, interpolate="step-after").encode(
            y=alt.Y("low:Q", scale=y, axis=axis), y2="high:Q"
        ),
        base.mark_line(strokeWidth=2.2, interpolate="step-after").encode(y=level, strokeDash=dash),
        base.mark_point(size=60, opacity=0, tooltip=SAID).encode(y=level),
        base.transform_filter("datum.last")
        .mark_text(
            align="left",
            dx=6,
            dy={"expr": f"{ON_A_PHONE} && indexof(datum.name, '\\n') > 0 ? -7 : 0"},
            fontWeight=600,
            lineBreak="\n",
            lineHeight=14,
            text={"expr": f"{ON_A_PHONE} ? datum.name : datum.group"},
        )
        .encode(y=level),
    ]
    return as_spec(alt.layer(*layers), mode)


def is_hidden(rows: Sequence[Row]) -> bool:
    """Tell whether a chart needs its hatching."""
    return any(row["verdict"] == HIDDEN for row in rows)
