"""Chart of crossed groups: each as counted beside its steadied value, under its first group."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from textwrap import shorten

import altair as alt

from charts.ratios import (
    DASHES,
    DRAWN,
    HIDDEN_ROW,
    SAID,
    UNDEFINED_ROW,
    Gaps,
    Ticks,
    ratio_axis,
    ratio_scale,
)
from charts.rows import Row, drawn_verdict
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

ROW_HEIGHT = 26
LETTERS = 18
"""Letters of a name that fit beside the chart on a phone."""
HEADING = "heading"
SHORT_NAME = "split(datum.label, '\\n')[1]"
"""The key of a row stands before its name, since two rows may have the same name."""
IS_HEADING = f"split(datum.label, '\\n')[0] == '{HEADING}'"


def crossed_rows(
    cells: Sequence[Cell], alone: dict[str, Cell], names: dict[str, tuple[str, str]]
) -> list[Row]:
    """Return a heading row for each first group, and a row for each crossed group under it.

    ``names`` holds both names of a crossed group by the group of its cell; ``alone`` holds what is
    counted. Never ranked: a small group would lead such a list by chance. A first group of which
    all is hidden has one hidden row in place of its heading.
    """
    rows: list[Row] = []
    for first, members in groupby(cells, key=lambda cell: names[cell.group][0]):
        inside = list(members)
        key = f"{HEADING}\n{_short(first)}\n{first}"
        if all(cell.is_hidden for cell in inside):
            rows.append(_row(inside[0], None, key))
            continue
        rows.append(_row(None, None, key))
        for cell in inside:
            name = _short(names[cell.group][1])
            rows.append(_row(cell, alone.get(cell.group), f"{cell.group}\n{name}"))
    return [row | {"first": number == 0} for number, row in enumerate(rows)]


def _row(cell: Cell | None, alone: Cell | None, key: str) -> Row:
    """Return a row; a heading has no cell and nothing to draw."""
    beside = alone.estimate if cell and cell.is_drawn and alone and alone.is_drawn else None
    return {
        "group": key,
        "estimate": cell.estimate if cell else None,
        "low": cell.low if cell else None,
        "high": cell.high if cell else None,
        "alone": beside,
        # the axis makes room for the ring
        "chance_low": beside,
        "chance_high": beside,
        "verdict": drawn_verdict(cell) if cell else HEADING,
        "sentence": cell.sentence if cell else "",
    }


def _short(name: str) -> str:
    if len(name) <= LETTERS:
        return name
    return shorten(name, LETTERS, placeholder=" …") if " " in name[:LETTERS] else f"{name[:16]} …"


@lru_cache(maxsize=64)
def crossed_groups(ticks: Ticks, rows: int, gaps: Gaps, mode: Mode) -> dict:
    """Return a ring as counted and a filled shape steadied per crossed group, under headings.

    Rows: group, first, alone, estimate, low, high, verdict, sentence.
    """
    token = TOKENS[mode]
    scale, axis = ratio_scale(ticks), ratio_axis(ticks)

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    base = alt.Chart(height=rows * ROW_HEIGHT).encode(y=_names(token))
    shown, both = base.transform_filter(DRAWN), base.transform_filter("isValid(datum.alone)")
    layers = [
        # sees every row, so that headings and hidden rows keep their place
        base.mark_point(opacity=0).encode(x=alt.XDatum(1.0, scale=scale)),
        alt.Chart()
        .transform_filter("datum.first")
        .mark_rule(strokeDash=DASHES, color=token["edge"])
        .encode(x=alt.XDatum(1.0, scale=scale)),
        shown.mark_rule(strokeWidth=1.5).encode(x("low"), x2="high:Q", color=verdict_colour(token)),
        both.mark_rule(strokeWidth=5, color=token["band"]).encode(x("alone"), x2="estimate:Q"),
        both.mark_point(
            size=80, opacity=1, fill=token["paper"], stroke=token["muted"], strokeWidth=1.75
        ).encode(x("alone")),
        shown.mark_point(size=90, opacity=1, tooltip=SAID).encode(
            x("estimate"),
            color=verdict_colour(token),
            fill=verdict_fill(token),
            shape=verdict_shape(),
        ),
    ]
    middle = base.encode(x=alt.XDatum(1.0, scale=scale))
    if HIDDEN in gaps:
        veil = base.mark_rect(height=15, fill=hatch(token, aspect=18, stripes=44), tooltip=SAID)
        layers += [
            veil.transform_filter(HIDDEN_ROW).encode(x=alt.value(0), x2=alt.value("width")),
            plate(middle.transform_filter(HIDDEN_ROW), token),
        ]
    if UNDEFINED in gaps:
        layers.append(plate(middle.transform_filter(UNDEFINED_ROW), token, NOT_DEFINED))
    return as_spec(alt.layer(*layers), mode)


def _names(token: dict[str, str]) -> alt.Y:
    colour = {"condition": {"test": IS_HEADING, "value": token["ink"]}, "value": token["muted"]}
    weight = {"condition": {"test": IS_HEADING, "value": 600}, "value": 400}
    axis = alt.Axis(
        title=None, labelExpr=SHORT_NAME, labelColor=colour, labelFontWeight=weight, ticks=False
    )
    return alt.Y("group:N", sort=None, axis=axis)
