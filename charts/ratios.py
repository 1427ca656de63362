"""Charts of ratios against a lottery: over time, by group, and group by group."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import altair as alt

from charts.theme import (
    HIDDEN,
    LESS,
    MORE,
    NOISE,
    NOT_DEFINED,
    RATIO_LABEL,
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

Ticks = tuple[float, ...]
Gaps = frozenset[str]
"""Which of hidden and undefined occur: a chart carries only the layers that it needs."""
DASHES = [2, 3]
LOTTERY = "what a lottery would give"
DRAWN = "isValid(datum.estimate)"
HIDDEN_ROW = "datum.verdict == 'hidden'"
UNDEFINED_ROW = "datum.verdict == 'undefined'"
LINES = "split(datum.label, '\\n')"
"""Long names stand in two lines; where they are turned, in one."""
ONE_LINE = "replace(datum.label, '\\n', ' ')"
# two lines begin half a line higher, else their first line would stand beside the mark
CENTRED = {"condition": {"test": "indexof(datum.label, '\\n') > 0", "value": -7}, "value": 0}
SAID = {"expr": "datum.sentence"}
"""What hovering says: the published sentence and nothing else."""
MOST_PLATES, MOST_WORDS, MOST_NUMBERS = 6, 4, 8
"""Up to so many groups or periods have room for a plate, a value with its unit, a number."""


def interval_and_mark(
    shown: alt.Chart, x: Callable[[str], alt.X], token: dict[str, str]
) -> list[alt.Chart]:
    """Return the interval of each value and its mark, in the colour and shape of its verdict."""
    return [
        shown.mark_rule(strokeWidth=2).encode(x("low"), x2="high:Q", color=verdict_colour(token)),
        shown.mark_point(size=110, opacity=1, tooltip=SAID).encode(
            x("estimate"),
            color=verdict_colour(token),
            fill=verdict_fill(token),
            shape=verdict_shape(),
        ),
    ]


def ratio_scale(ticks: Ticks) -> alt.Scale:
    """Return the scale of a ratio against a lottery."""
    # factors multiply, so equal lengths are equal factors
    return alt.Scale(type="log", domain=[ticks[0], ticks[-1]], nice=False, clamp=True)


def ratio_axis(ticks: Ticks, at_one: str = "lottery") -> alt.Axis:
    """Return the axis of a ratio that runs from left to right, with what 1 means."""
    return alt.Axis(
        values=list(ticks),
        labelExpr=RATIO_LABEL.replace("lottery", at_one),
        title=None,
        labelOverlap="greedy",
        labelSeparation=10,
    )


def _null_rule(base: alt.Chart, channel: str, scale: alt.Scale, token: dict[str, str]) -> alt.Chart:
    """Return the dotted line at the lottery."""
    null = base.transform_filter("datum.first").mark_rule(strokeDash=DASHES, color=token["edge"])
    if channel == "x":
        return null.encode(x=alt.XDatum(1.0, scale=scale))
    return null.encode(y=alt.YDatum(1.0, scale=scale))


def _name_of_band(last: alt.Chart, scale: alt.Scale, token: dict[str, str]) -> list[alt.Chart]:
    """Name the band at its end where the line has left it, on the side away from the line."""
    return [
        last.transform_filter(f"datum.estimate {beyond}")
        .mark_text(align="right", dx=-18, dy=dy, color=token["muted"], text=LOTTERY)
        .encode(y=alt.YDatum(1.0, scale=scale))
        for beyond, dy in (("> datum.chance_high", 10), ("< datum.chance_low", -10))
    ]


@lru_cache(maxsize=64)
def ratio_over_time(
    ticks: Ticks, periods: tuple[str, ...], gaps: Gaps, mode: Mode, height: int = 300
) -> dict:
    """Return the trend of a ratio: lottery band, interval and verdict per period, last value named.

    Rows: period, first, last, alone, estimate, low, high, chance_low, chance_high, verdict,
    printed, sentence.
    """
    token = TOKENS[mode]
    scale = ratio_scale(ticks)
    axis = alt.Axis(values=list(ticks), labelExpr=RATIO_LABEL, title=None, labelOverlap="greedy")

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=scale, axis=axis)

    x = alt.X(
        "period:O",
        sort=None,
        axis=alt.Axis(title=None, labelAngle=0, labelOverlap=True, labelSeparation=14),
        scale=alt.Scale(type="point", padding=0.35, domain=list(periods)),
    )
    base = alt.Chart(height=height).encode(x=x)
    drawn, last = base.transform_filter(DRAWN), base.transform_filter("datum.last")
    band = (y("chance_low"), alt.Y2("chance_high:Q"))
    layers = [
        # area and line see every period, so that one without a number interrupts them
        base.mark_area(color=token["band"]).encode(*band),
        base.transform_filter("datum.alone").mark_bar(width=28, color=token["band"]).encode(*band),
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
        *_name_of_band(last, scale, token),
    ]
    layers += _gaps_over_time(base, ticks, len(periods), gaps, token)
    return as_spec(alt.layer(*layers), mode)


def _gaps_over_time(
    base: alt.Chart, ticks: Ticks, periods: int, gaps: Gaps, token: dict[str, str]
) -> list[alt.Chart]:
    """Return hatching and words where a period's ratio is hidden or not defined."""
    scale, layers = ratio_scale(ticks), []
    middle = base.encode(y=alt.YDatum(1.0, scale=scale))
    if HIDDEN in gaps:
        veil = base.mark_bar(width=26, fill=hatch(token, aspect=0.1, stripes=40), tooltip=SAID)
        whole = (alt.YDatum(ticks[0], scale=scale), alt.Y2Datum(ticks[-1]))
        layers += [
            veil.transform_filter(HIDDEN_ROW).encode(*whole),
            plate(middle.transform_filter(HIDDEN_ROW), token, turned=periods > MOST_PLATES),
        ]
    if UNDEFINED in gaps:
        plain = middle.transform_filter(UNDEFINED_ROW)
        layers.append(plate(plain, token, NOT_DEFINED, turned=True))
    return layers


@lru_cache(maxsize=64)
def ratio_by_group(
    ticks: Ticks,
    rows: int,
    gaps: Gaps,
    mode: Mode,
    row_height: int = 40,
    at_one: str = "lottery",
) -> dict:
    """Return ranked dots: each row its own lottery band, interval, and a dot shaped by verdict.

    Small groups have wide bands, and one sees why they are not coloured.
    Rows: group, first, estimate, low, high, chance_low, chance_high, verdict, sentence.
    """
    token = TOKENS[mode]
    scale = ratio_scale(ticks)
    axis = ratio_axis(ticks, at_one)

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    y = alt.Y(
        "group:N",
        sort=None,
        axis=alt.Axis(title=None, labelExpr=LINES, labelColor=token["ink"], labelOffset=CENTRED),
    )
    base = alt.Chart(height=rows * row_height).encode(y=y)
    shown = base.transform_filter(DRAWN)
    layers = [
        shown.mark_bar(height=18, color=token["band"]).encode(x("chance_low"), x2="chance_high:Q"),
        _null_rule(alt.Chart(), "x", scale, token),
        *interval_and_mark(shown, x, token),
    ]
    middle = base.encode(x=alt.XDatum(1.0, scale=scale))
    if HIDDEN in gaps:
        veil = base.mark_rect(height=18, fill=hatch(token, aspect=18, stripes=44), tooltip=SAID)
        whole = {"x": alt.value(0), "x2": alt.value("width")}
        layers += [
            veil.transform_filter(HIDDEN_ROW).encode(**whole),
            plate(middle.transform_filter(HIDDEN_ROW), token),
        ]
    if UNDEFINED in gaps:
        layers.append(plate(middle.transform_filter(UNDEFINED_ROW), token, NOT_DEFINED))
    return as_spec(alt.layer(*layers), mode)


@lru_cache(maxsize=64)
def ratio_matrix(order: tuple[str, ...], mode: Mode, cell: int = 52) -> dict:
    """Return the group by group table: colour beyond noise only, words where they have room.

    Rows: row, column, tone, verdict, words, few_words, sign, sentence.
    """
    token = TOKENS[mode]
    words = "words" if len(order) <= MOST_WORDS else "few_words"
    if len(order) > MOST_NUMBERS:
        words, cell = "sign", 36
    base = alt.Chart(height=len(order) * cell).encode(*_matrix_axes(order))
    shown, hidden = base.transform_filter(DRAWN), base.transform_filter(HIDDEN_ROW)
    undefined = base.transform_filter(UNDEFINED_ROW)
    tones = ["more_2", "more_1", "none", "less_1", "less_2"]
    colours = [token["paper"] if tone == "none" else token[tone] for tone in tones]
    layers = [
        shown.mark_rect(stroke=token["line"], strokeWidth=1, tooltip=SAID).encode(
            color=alt.Color("tone:N", scale=alt.Scale(domain=tones, range=colours))
        ),
        hidden.mark_rect(stroke=token["edge"], strokeWidth=1, fill=hatch(token), tooltip=SAID),
        undefined.mark_rect(stroke=token["line"], strokeWidth=1, fillOpacity=0, tooltip=SAID),
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
    if len(order) <= MOST_PLATES:
        layers.append(plate(hidden, token))
    return as_spec(alt.layer(*layers), mode)


def _matrix_axes(order: tuple[str, ...]) -> tuple[alt.X, alt.Y]:
    names, scale = list(order), alt.Scale(domain=list(order))
    below = alt.Axis(
        orient="bottom",
        labelAngle=-38,
        title=None,
        labelExpr=ONE_LINE,
        labelLimit=124,
        labelPadding=4,
    )
    beside = alt.Axis(title=None, labelExpr=LINES, labelOffset=CENTRED)
    return (
        alt.X("column:N", sort=names, axis=below, scale=scale),
        alt.Y("row:N", sort=names, axis=beside, scale=scale),
    )
