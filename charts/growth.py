"""Charts of skills: a small slope per skill on one scale, and changes in points as dots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor

import altair as alt

from charts.leftout import linear_gaps
from charts.ratios import CENTRED, DASHES, DRAWN, LINES, SAID, interval_and_mark
from charts.rows import FLOATING_POINT, MOST_TICKS, SIGNS, Row, axis_name, axis_names, drawn_verdict
from charts.theme import (
    HIDDEN,
    NOISE,
    TOKENS,
    UNDEFINED,
    Mode,
    as_spec,
    verdict_colour,
    verdict_fill,
)
from release import Cell

COLUMNS = 3
PANEL = 160
"""Height of a panel in pixels; three stand side by side, on a phone as well."""
LEFT, RIGHT = 0.08, 0.84
LOWEST, HIGHEST = 0.23, 0.64
"""Where in a panel, as a part of it, the first and last wave, and the ends of the scale, stand."""
AWAY = "datum.higher ? -14 : 15"
"""Pixels from a point to its number, which stands on the side where people themselves are not."""
STEPS = (0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
NUMBERS, BAND = ("estimate", "low", "high", "expected"), ("chance_low", "chance_high")
SIGN_OF = SIGNS | {NOISE: "●"}
BESIDE_WORDS, PIXELS_A_LETTER = 28, 3.5
"""Half a number and a gap, and half a letter: what words at a tick take from the step beside it."""
NO_CHANGE, NO_DIFFERENCE = "no change", "no difference"


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One skill: its change, its level wave by wave, and the same as people see themselves."""

    name: str
    change: Cell
    levels: Sequence[Cell]
    beside: Sequence[Cell]
    scale: tuple[float, float]


def slope_rows(panels: Sequence[Panel]) -> list[Row]:
    """Return a row per name and per wave and rater, placed in a grid; equal scales lie equal."""
    low, high = _ends(panels)
    rows: list[Row] = []
    for number, panel in enumerate(panels):
        column, line = number % COLUMNS, number // COLUMNS
        verdict = drawn_verdict(panel.change)
        sign = SIGN_OF.get(verdict, "")
        rows.append(
            _blank()
            | {
                "kind": "name",
                "x": column + 0.04,
                "y": line + 0.06,
                "words": axis_name(panel.name),
                "printed": f"{sign} {_short(panel.change.printed)}".strip(),
                "verdict": verdict,
                "sentence": panel.change.sentence,
            }
        )
        others = {cell.period: cell.estimate for cell in panel.beside if cell.is_drawn}
        for who, cells in (("first", panel.levels), ("beside", panel.beside)):
            points = [
                _point(cell, panel, (low, high), column, line, place, len(cells))
                | {"higher": others.get(cell.period, cell.estimate) < cell.estimate}
                for place, cell in enumerate(cells)
                if cell.is_drawn
            ]
            rows += [
                point
                | {
                    "who": f"{who} {number}",
                    "kind": who,
                    "verdict": verdict,
                    "end": who == "first" and place in (0, len(points) - 1),
                }
                for place, point in enumerate(points)
            ]
    return rows


def _short(printed: str) -> str:
    return printed.removesuffix("points").rstrip()


def _blank() -> Row:
    words = {"who": "", "words": "", "printed": ""}
    return words | {"low": None, "high": None, "end": False, "left": False, "higher": False}


def _part(value: float, scale: tuple[float, float]) -> float:
    return (value - scale[0]) / (scale[1] - scale[0])


def _ends(panels: Sequence[Panel]) -> tuple[float, float]:
    """Return the lowest and highest part of the scale that is drawn, in tenths of it."""
    parts = [
        _part(bound, panel.scale)
        for panel in panels
        for cell in (*panel.levels, *panel.beside)
        if cell.is_drawn
        for bound in (cell.low, cell.high)
    ]
    low = floor(10 * min(parts, default=0.0) + FLOATING_POINT) / 10
    return low, max(ceil(10 * max(parts, default=1.0) - FLOATING_POINT) / 10, low + 0.1)


def _point(
    cell: Cell,
    panel: Panel,
    ends: tuple[float, float],
    column: int,
    line: int,
    place: int,
    waves: int,
) -> Row:
    def at(value: float) -> float:
        within = (_part(value, panel.scale) - ends[0]) / (ends[1] - ends[0])
        return line + 1 - LOWEST - within * (HIGHEST - LOWEST)

    across = place / (waves - 1) if waves > 1 else 0.5
    return _blank() | {
        "x": column + LEFT + across * (RIGHT - LEFT),
        "y": at(cell.estimate),
        "low": at(cell.low),
        "high": at(cell.high),
        "printed": cell.printed,
        "sentence": cell.sentence,
        "left": place == 0 and waves > 1,
    }


@lru_cache(maxsize=32)
def slopes(panels: int, mode: Mode) -> dict:
    """Return the panels: the first rater solid and filled, people themselves dashed and hollow.

    Rows: those of `slope_rows`.
    """
    token = TOKENS[mode]
    lines = max(1, ceil(panels / COLUMNS))
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, COLUMNS], nice=False))
    down = alt.Scale(domain=[0, lines], nice=False, reverse=True)
    y = alt.Y("y:Q", axis=None, scale=down)
    base = alt.Chart(height=lines * PANEL).encode(x=x, y=y)
    name = base.transform_filter("datum.kind == 'name'")
    first = base.transform_filter("datum.kind == 'first'")
    beside = base.transform_filter("datum.kind == 'beside'")
    line = {"detail": alt.Detail("who:N"), "order": alt.Order("x:Q")}
    ends = first.transform_filter("datum.end")
    # a ground of their own, so that no line runs through numbers
    paper = {"stroke": token["paper"], "strokeWidth": 4, "strokeJoin": "round"}
    layers = [
        beside.mark_line(strokeWidth=1.5, strokeDash=[4, 3], color=token["muted"]).encode(**line),
        beside.mark_point(
            size=45, opacity=1, fill=token["paper"], color=token["muted"], tooltip=SAID
        ),
        first.mark_line(strokeWidth=2.5).encode(color=verdict_colour(token), **line),
        first.mark_rule(strokeWidth=1.5).encode(
            y=alt.Y("low:Q", axis=None, scale=down), y2="high:Q", color=verdict_colour(token)
        ),
        first.mark_point(size=55, opacity=1, tooltip=SAID, shape="circle").encode(
            color=verdict_colour(token), fill=verdict_fill(token)
        ),
        # under or over the line, since beside it two panels of a phone would write over each other
        *(
            ends.transform_filter("datum.left" if left else "!datum.left")
            .mark_text(
                align="left" if left else "right",
                dx=-5 if left else 5,
                dy={"expr": AWAY},
                fontSize=12,
                **ground,
            )
            .encode(text="printed:N")
            for left, side in ((True, "left"), (False, "right"))
            for ground in (paper, {})
        ),
        name.mark_text(
            align="left", baseline="bottom", fontWeight=600, lineBreak="\n", lineHeight=15
        ).encode(text="words:N"),
        name.mark_text(align="left", baseline="top", dy=4, fontWeight=600, tooltip=SAID).encode(
            text="printed:N", color=verdict_colour(token)
        ),
    ]
    return as_spec(alt.layer(*layers), mode)


def point_rows(
    cells: Sequence[Cell],
    names: Mapping[str, str],
    by: str = "group",
    ticks: Mapping[str, Cell] | None = None,
    also: Mapping[str, str] | None = None,
    *,
    as_given: bool = False,
) -> list[Row]:
    """Return one row per cell: the highest first, those without a number last, or as given.

    ``by`` is the field that tells the cells apart, and the key of all mappings: ``ticks`` holds
    the cell whose value stands beside as an upright tick, ``also`` what hovering says further.
    """
    by_value = sorted(cells, key=lambda cell: (not cell.is_drawn, -(cell.estimate or 0.0)))
    short = axis_names({getattr(cell, by): names[getattr(cell, by)] for cell in cells})
    rows = []
    for number, cell in enumerate(cells if as_given else by_value):
        key = getattr(cell, by)
        tick, more = (ticks or {}).get(key), (also or {}).get(key, "")
        rows.append(_dot(cell, short[key], tick, more) | {"first": number == 0})
    return rows


def _dot(cell: Cell, name: str, tick: Cell | None, also: str) -> Row:
    return {
        "group": name,
        "estimate": cell.estimate,
        "low": cell.low,
        "high": cell.high,
        "chance_low": cell.lottery_low,
        "chance_high": cell.lottery_high,
        "expected": cell.expected if tick is None else tick.estimate,
        "ticked": tick is not None and tick.is_drawn,
        "verdict": drawn_verdict(cell),
        "printed": cell.printed,
        "sentence": f"{cell.sentence} {also}".strip(),
    }


def point_ticks(rows: Sequence[Row], *, band: bool = False) -> tuple[float, ...]:
    """Return even ticks around no change that hold every number drawn."""
    names = (*NUMBERS, *BAND) if band else NUMBERS
    values = [0.0, *(row[name] for row in rows for name in names if row[name] is not None)]
    for step in STEPS:
        first = floor(min(values) / step + FLOATING_POINT)
        last = max(ceil(max(values) / step - FLOATING_POINT), first + 1)
        if last - first < MOST_TICKS:
            break
    return tuple(round(step * number, 2) for number in range(first, last + 1))


def _points_label(at_zero: str, steps: int) -> str:
    """Return how the axis reads: words at zero where they fit between two ticks, else 0."""
    room = steps * (BESIDE_WORDS + PIXELS_A_LETTER * len(at_zero))
    return (
        f"abs(datum.value) < 0.001 ? (width < {room} ? '0' : '{at_zero}')"
        " : (datum.value > 0 ? '+' : '\u2212') + format(abs(datum.value), '~r')"
    )


@lru_cache(maxsize=64)
def change_dots(
    ticks: tuple[float, ...],
    rows: int,
    gaps: frozenset[str],
    mode: Mode,
    band: bool = False,
    at_zero: str = NO_CHANGE,
) -> dict:
    """Return changes in points as dots, with interval and verdict; ``at_zero`` names nothing.

    With ``band`` the range of what size alone allows lies behind; without, a grey bar reaches from
    no change to what a low start alone would give. Rows: those of `point_rows`.
    """
    token = TOKENS[mode]
    scale = alt.Scale(domain=[ticks[0], ticks[-1]], nice=False, clamp=True, zero=False)
    axis = alt.Axis(
        values=list(ticks),
        labelExpr=_points_label(at_zero, len(ticks) - 1),
        title=None,
        labelOverlap="greedy",
        labelSeparation=10,
    )

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    y = alt.Y(
        "group:N",
        sort=None,
        axis=alt.Axis(title=None, labelExpr=LINES, labelColor=token["ink"], labelOffset=CENTRED),
    )
    base = alt.Chart(height=max(rows, 1) * 40).encode(y=y)
    shown = base.transform_filter(DRAWN)
    behind = shown.mark_bar(height=18, color=token["band"])
    by_itself = behind.transform_filter("!datum.ticked && datum.expected != 0")
    first = alt.Chart().transform_filter("datum.first")
    layers = [
        behind.encode(x("chance_low"), x2="chance_high:Q")
        if band
        else by_itself.encode(x("expected"), x2=alt.X2Datum(0)),
        first.mark_rule(strokeDash=DASHES, color=token["edge"]).encode(
            x=alt.XDatum(0.0, scale=scale)
        ),
        shown.transform_filter("datum.ticked")
        .mark_tick(height=20, thickness=2, color=token["muted"])
        .encode(x("expected")),
        *interval_and_mark(shown, x, token),
        *linear_gaps(base, gaps & {HIDDEN, UNDEFINED}, (ticks[0] + ticks[-1]) / 2, scale, token),
    ]
    return as_spec(alt.layer(*layers), mode)
