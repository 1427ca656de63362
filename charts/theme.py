"""The one theme of all charts: colours with a meaning each, type, and how a hidden value looks."""

from __future__ import annotations

from typing import Literal

import altair as alt

Mode = Literal["light", "dark"]

TOKENS: dict[Mode, dict[str, str]] = {
    "light": {
        "paper": "#fdfcfa", "ink": "#0e1420", "muted": "#4f5868", "line": "#e6e3dc",
        "band": "#e6e3dc", "edge": "#8b8f96", "noise": "#5f6876", "more": "#0b5cb8",
        "less": "#ad3f08", "more_1": "#cfe1f6", "more_2": "#8dbbec", "less_1": "#f8dcc8",
        "less_2": "#eda97c", "noise_2": "#cbc8c0",
    },
    "dark": {
        "paper": "#12161d", "ink": "#f3f5f8", "muted": "#a9b2bf", "line": "#2b323d",
        "band": "#2b323d", "edge": "#6b7686", "noise": "#98a2b1", "more": "#70b5ff",
        "less": "#ff9f61", "more_1": "#1d3a5c", "more_2": "#2d639f", "less_1": "#553017",
        "less_2": "#96501f", "noise_2": "#465162",
    },
}  # fmt: skip
"""Blue and orange: beyond noise, above and below. Contrast on paper: ink 16.6 or more, muted 7,
more and less 5.9, noise 5.5; more and less stay apart in all three colour deficiencies, and a shape
always says the same as the colour."""

# one invalid name and the browser measures labels in another face and cuts them off: quote them
FONT = '"Source Sans", "Segoe UI", sans-serif'

MORE, LESS, NOISE, FEW = "more", "less", "noise", "few"
HIDDEN, UNDEFINED = "hidden", "undefined"
NOT_DEFINED = "not defined"
VERDICTS = [MORE, LESS, NOISE, FEW]
SHAPES = ["triangle-up", "triangle-down", "circle", "circle"]

# the axis of a ratio against a lottery reads in per cent more or less
RATIO_LABEL = (
    "abs(datum.value - 1) < 0.001 ? 'lottery' : (datum.value > 1 ? '+' : '\u2212')"
    " + format(abs(datum.value - 1) * 100, '.0f') + '\u202f%'"
)


def as_spec(chart: alt.TopLevelMixin, mode: Mode) -> dict:
    """Return the Vega-Lite spec with the theme in it, ready to be drawn beside any rows."""
    spec = _without_data(chart.to_dict(validate=False))
    spec["config"] = _config(TOKENS[mode])
    spec["autosize"] = {"type": "fit-x"}
    return spec


def _without_data(spec: dict) -> dict:
    """Drop the empty data sets that Altair names in every layer; the rows come beside the spec."""
    kept = {key: value for key, value in spec.items() if key not in ("data", "datasets")}
    if "layer" in kept:
        kept["layer"] = [_without_data(layer) for layer in kept["layer"]]
    return kept


def _config(token: dict[str, str]) -> dict:
    words = {"labelFont": FONT, "titleFont": FONT, "labelFontSize": 13, "titleFontSize": 13}
    axis = {
        **words, "titleFontWeight": "normal", "labelColor": token["muted"],
        "titleColor": token["muted"], "domain": False, "ticks": False, "grid": False,
        "labelPadding": 6, "titlePadding": 8,
    }  # fmt: skip
    return {
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None},
        "padding": 4,
        # one alternative text and a real table instead of a hundred unnamed marks
        "mark": {"aria": False},
        "axis": axis,
        "axisQuantitative": {"grid": True, "gridColor": token["line"]},
        "text": {"color": token["ink"], "fontSize": 13, "font": FONT},
        "legend": {"disable": True},
    }


def hatch(token: dict[str, str], aspect: float = 1.0, stripes: int = 11) -> dict:
    """Return stripes at 45 degrees as a gradient; ``aspect`` is width over height of the mark."""
    stops = [
        {"offset": (number + share) / stripes, "color": colour}
        for number in range(stripes)
        for share, colour in (
            (0, token["paper"]),
            (0.7, token["paper"]),
            (0.7, token["edge"]),
            (1, token["edge"]),
        )
    ]
    slant = 1 / aspect
    # the vector must reach the far corner, else the last stripe becomes a solid wedge
    reach = (1 + slant) / (1 + slant * slant)
    return {
        "gradient": "linear", "x1": 0, "y1": 0, "x2": reach, "y2": reach * slant, "stops": stops,
    }  # fmt: skip


def verdict_colour(token: dict[str, str]) -> alt.Color:
    """Colour only what is beyond noise."""
    colours = [token["more"], token["less"], token["noise"], token["noise"]]
    return alt.Color("verdict:N", scale=alt.Scale(domain=VERDICTS, range=colours))


def verdict_fill(token: dict[str, str]) -> alt.Fill:
    """Fill like the colour; a dot of which too little is known stays hollow."""
    colours = [token["more"], token["less"], token["noise"], token["paper"]]
    return alt.Fill("verdict:N", scale=alt.Scale(domain=VERDICTS, range=colours))


def verdict_shape() -> alt.Shape:
    """Say by shape what colour says."""
    return alt.Shape("verdict:N", scale=alt.Scale(domain=VERDICTS, range=SHAPES))


def plate(
    base: alt.Chart, token: dict[str, str], words: str = HIDDEN, *, turned: bool = False
) -> alt.LayerChart:
    """Return the word "hidden" on a small plate; the same in every chart, turned where narrow."""
    length = 8 * len(words) - 2
    width, height = (17, length) if turned else (length, 17)
    ground = base.mark_rect(width=width, height=height, fill=token["paper"], cornerRadius=3)
    word = base.mark_text(fontSize=12, color=token["muted"], text=words, angle=270 if turned else 0)
    return alt.layer(ground, word)
