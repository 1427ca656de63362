"""A chart as a file for a slide: the same spec and rows, with the finding and the foot in it."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from textwrap import wrap
from typing import Literal

from charts.rows import Row
from charts.theme import TOKENS

Kind = Literal["png", "svg"]

WIDTH = 900
LETTERS = 104
"""Letters of small type that fit across the picture."""


def as_picture(spec: dict, rows: Sequence[Row], finding: str, foot: str, kind: Kind) -> bytes:
    """Return the chart as PNG (twice the resolution of a screen) or SVG, always on paper.

    The renderer draws the published strings that the page draws, and nothing else.
    """
    # the renderer starts a JavaScript engine: not at import, most visitors never export
    import vl_convert

    complete = json.dumps(_on_paper(spec, rows, finding, foot))
    if kind == "png":
        return vl_convert.vegalite_to_png(complete, scale=2)
    return vl_convert.vegalite_to_svg(complete).encode("utf-8")


def as_image(spec: dict, rows: Sequence[Row], width: int = 240) -> str:
    """Return a small chart as an image that stands in the page itself: a data address of SVG."""
    import vl_convert

    complete = {**spec, "data": {"values": list(rows)}, "width": width, "padding": 2}
    drawing = vl_convert.vegalite_to_svg(json.dumps(complete))
    return f"data:image/svg+xml;base64,{b64encode(drawing.encode('utf-8')).decode('ascii')}"


def _on_paper(spec: dict, rows: Sequence[Row], finding: str, foot: str) -> dict:
    token = TOKENS["light"]
    return {
        **spec,
        "data": {"values": list(rows)},
        "width": WIDTH,
        "background": token["paper"],
        "padding": 24,
        "title": {
            "text": wrap(finding, 60),
            "subtitle": wrap(foot, LETTERS),
            "anchor": "start",
            "fontSize": 20,
            "subtitleFontSize": 13,
            "color": token["ink"],
            "subtitleColor": token["muted"],
            "subtitlePadding": 8,
            "offset": 20,
        },
    }
