"""Charts of ratios against a lottery: over time, by group, and group by group."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import altair as alt

from charts.theme import (
    LESS,
    MORE,
    NOISE,
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

Ticks = tuple[float, ...]
DASHES = [2, 3]
LOTTERY = "what a lottery would give"
NO_NUMBER = "datum.verdict == 'hidden'"
LINES = "split(datum.label, '\\n')"
"""Long names stand in two lines; where they are turned, in one."""
ONE_LINE = "replace(datum.label, '\\n', ' ')"
SAID = {"expr": "datum.sentence"}
"""What hovering says: the published sentence and nothing else."""


def _ratio_scale(ticks: Ticks) -> alt.Scale:
    # factors multiply, so equal lengths are equal factors
    return alt.Scale(type="log", domain=[ticks[0], ticks[-1]], nice=False, clamp=True)


def _null_rule(base: alt.Chart, channel: str, scale: alt.Scale, token: dict[str, str]) -> alt.Chart:
    """Return the dotted line at the lottery."""
    null = base.transform_filter("datum.first").mark_rule(strokeDash=DASHES, color=token["edge"])
    if channel == "x":
        return null.encode(x=alt.XDatum(1.0, scale=scale))
    return null.encode(y=alt.YDatum(1.0, scale=scale))


@lru_cache(maxsize=64)
def ratio_over_time(
    ticks: Ticks, periods: tuple[str, ...], any_hidden: bool, mode: Mode, height: int = 300
) -> dict:
    """Return the trend of a ratio: lottery band, interval and verdict per period, last value named.

    Rows: period, order, last, estimate, low, high, chance_low, chance_high, verdict, printed.
    """
    token = TOKENS[mode]
    scale = _ratio_scale(ticks)
    axis = alt.Axis(values=list(ticks), labelExpr=RATIO_LABEL, title=None)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=scale, axis=axis)

    x = alt.X(
        "period:O",
        sort=None,
        axis=alt.Axis(title=None, labelAngle=0, labelOverlap=True, labelSeparation=14),
        scale=alt.Scale(type="point", padding=0.35, domain=list(periods)),
    )
    base = alt.Chart(height=height).encode(x=x)
    drawn = base.transform_filter(f"!({NO_NUMBER})")
    last = base.transform_filter("datum.last")
    hidden = base.transform_filter(NO_NUMBER)
    layers = [
        # lines and areas break where a quarter is hidden
        base.mark_area(color=token["band"]).encode(y("chance_low"), y2="chance_high:Q"),
        _null_rule(alt.Chart(), "y", scale, token),
        drawn.mark_rule(strokeWidth=1.25).encode(
            y("low"), y2="high:Q", color=verdict_colour(token)
        ),
        base.mark_line(strokeWidth=2, color=token["ink"]).encode(y("estimate")),
        drawn.mark_point(size=90, opacity=1, tooltip=SAID).encode(
            y("estimate"),
            color=verdict_colour(token),
            fill=verdict_fill(token),
            shape=verdict_shape(),
        ),
        last.mark_text(
            align="right", baseline="bottom", dx=12, dy=-6, fontSize=15, fontWeight=600
        ).encode(y("high"), text="printed:N"),
        last.mark_text(align="right", dx=-8, color=token["muted"], text=LOTTERY).encode(
            alt.YDatum(0.992, scale=scale)
        ),
    ]
    if any_hidden:
        veil = hidden.mark_bar(width=26, fill=hatch(token, aspect=0.1, stripes=40))
        layers += [
            veil.encode(alt.YDatum(ticks[0], scale=scale), y2=alt.Y2Datum(ticks[-1])),
            plate(hidden.encode(y=alt.YDatum(1.0, scale=scale)), token),
        ]
    return as_spec(alt.layer(*layers), mode)


@lru_cache(maxsize=64)
def ratio_by_group(ticks: Ticks, any_hidden: bool, mode: Mode, row_height: int = 40) -> dict:
    """Return ranked dots: each row its own lottery band, interval, and a dot shaped by verdict.

    Small groups have wide bands, and one sees why they are not coloured.
    Rows: group, estimate, low, high, chance_low, chance_high, verdict, sentence.
    """
    token = TOKENS[mode]
    scale = _ratio_scale(ticks)
    axis = alt.Axis(values=list(ticks), labelExpr=RATIO_LABEL, title=None, labelOverlap=True)

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    y = alt.Y(
        "group:N",
        sort=None,
        axis=alt.Axis(title=None, labelExpr=LINES, labelColor=token["ink"]),
    )
    base = alt.Chart(height=alt.Step(row_height)).encode(y=y)
    shown = base.transform_filter(f"!({NO_NUMBER})")
    hidden = base.transform_filter(NO_NUMBER)
    layers = [
        shown.mark_bar(height=18, color=token["band"]).encode(x("chance_low"), x2="chance_high:Q"),
        _null_rule(alt.Chart(), "x", scale, token),
        shown.mark_rule(strokeWidth=2).encode(x("low"), x2="high:Q", color=verdict_colour(token)),
        shown.mark_point(size=110, opacity=1, tooltip=SAID).encode(
            x("estimate"),
            color=verdict_colour(token),
            fill=verdict_fill(token),
            shape=verdict_shape(),
        ),
    ]
    if any_hidden:
        veil = hidden.mark_rect(height=18, fill=hatch(token, aspect=18, stripes=44), tooltip=SAID)
        layers += [
            veil.encode(x=alt.value(0), x2=alt.value("width")),
            plate(hidden.encode(x=alt.XDatum(1.0, scale=scale)), token),
        ]
    return as_spec(alt.layer(*layers), mode)


@lru_cache(maxsize=64)
def ratio_matrix(order: Sequence[str], mode: Mode, cell: int = 52) -> dict:
    """Return the group by group table: colour beyond noise only, words in every cell.

    Rows: row, column, tone, verdict, undefined, words, few_words, sentence.
    """
    token = TOKENS[mode]
    words = "words" if len(order) <= 4 else "few_words"
    x = alt.X(
        "column:N",
        sort=list(order),
        axis=alt.Axis(
            orient="bottom",
            labelAngle=-38,
            title=None,
            labelExpr=ONE_LINE,
            labelLimit=92,
            labelPadding=4,
        ),
        scale=alt.Scale(domain=list(order)),
    )
    y = alt.Y(
        "row:N",
        sort=list(order),
        axis=alt.Axis(title=None, labelExpr=LINES),
        scale=alt.Scale(domain=list(order)),
    )
    base = alt.Chart(height=alt.Step(cell)).encode(x=x, y=y)
    shown = base.transform_filter(f"!({NO_NUMBER})")
    hidden = base.transform_filter(f"{NO_NUMBER} && !datum.undefined")
    impossible = base.transform_filter("datum.undefined")
    tones = ["more_2", "more_1", "none", "less_1", "less_2"]
    colours = [token["paper"] if tone == "none" else token[tone] for tone in tones]
    layers = [
        shown.mark_rect(stroke=token["line"], strokeWidth=1, tooltip=SAID).encode(
            color=alt.Color("tone:N", scale=alt.Scale(domain=tones, range=colours))
        ),
        hidden.mark_rect(stroke=token["edge"], strokeWidth=1, fill=hatch(token), tooltip=SAID),
        impossible.mark_rect(stroke=token["line"], strokeWidth=1, fillOpacity=0, tooltip=SAID),
    ]
    for verdict, weight, colour in (
        (MORE, 600, token["ink"]),
        (LESS, 600, token["ink"]),
        (NOISE, 400, token["muted"]),
        ("few", 400, token["muted"]),
    ):
        said = shown.transform_filter(f"datum.verdict == '{verdict}'")
        layers.append(
            said.mark_text(fontSize=12, fontWeight=weight, color=colour).encode(text=f"{words}:N")
        )
    word = plate(hidden, token) if len(order) <= 6 else hidden.mark_text(fontSize=1, text="")
    return as_spec(alt.layer(*layers, word), mode)
