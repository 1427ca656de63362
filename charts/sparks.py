"""The small trend in a tile: band, line, and the last point alone."""

from __future__ import annotations

from functools import lru_cache

import altair as alt

from charts.theme import (
    TOKENS,
    Mode,
    as_spec,
    hatch,
    plate,
    verdict_colour,
    verdict_fill,
    verdict_shape,
)


@lru_cache(maxsize=64)
def spark(low: float, high: float, periods: int, mode: Mode, height: int = 56) -> dict:
    """Return the trend of a tile; the words beside it carry the scale.

    Rows: order, last, estimate, chance_low, chance_high, verdict.
    """
    token = TOKENS[mode]
    x = alt.X(
        "order:Q",
        axis=None,
        scale=alt.Scale(nice=False, zero=False, domain=[-0.1, periods - 1 + 0.35]),
    )
    scale = alt.Scale(domain=[low, high], nice=False, zero=False)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", axis=None, scale=scale)

    # area and line see every period, so that one without a number interrupts them
    every = alt.Chart(height=height).encode(x=x)
    last = every.transform_filter("datum.last")
    chart = alt.layer(
        every.mark_area(color=token["band"], clip=True).encode(y("chance_low"), y2="chance_high:Q"),
        every.mark_line(strokeWidth=1.75, color=token["ink"]).encode(y("estimate")),
        last.mark_point(size=80, opacity=1).encode(
            y("estimate"),
            color=verdict_colour(token),
            fill=verdict_fill(token),
            shape=verdict_shape(),
        ),
    )
    return as_spec(chart, mode)


@lru_cache(maxsize=8)
def hidden_strip(mode: Mode, height: int = 56) -> dict:
    """Return the hatched strip that stands in a tile whose values are all hidden.

    Rows: one, with the verdict.
    """
    token = TOKENS[mode]
    base = alt.Chart(height=height).encode(y=alt.value(height / 2))
    strip = base.mark_rect(height=18, fill=hatch(token, aspect=10, stripes=30))
    middle = base.encode(x=alt.value(60))
    chart = alt.layer(strip.encode(x=alt.value(0), x2=alt.value("width")), plate(middle, token))
    return as_spec(chart, mode)
