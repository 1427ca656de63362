"""The chart of the kinds of participation: what each does, habit by habit, in three levels."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import altair as alt

from charts.ratios import DRAWN, HIDDEN_ROW, LINES, MOST_WORDS, SAID
from charts.rows import SIGNS, Row, drawn_verdict
from charts.theme import LESS, MORE, NOISE, TOKENS, Mode, as_spec, hatch
from release import Cell

ROW_HEIGHT, CELL_HEIGHT = 78, 34
NAME_OVER_CELLS, CELLS_UNDER_NAME = -24, 11
LEVELS = {MORE: "more_1", LESS: "less_1", NOISE: "paper"}


def kind_rows(
    cells: Mapping[str, Mapping[str, Cell]], names: Mapping[str, str], habits: Mapping[str, str]
) -> list[Row]:
    """Return one row per kind and habit.

    ``cells`` holds the cell of each kind and habit, ``names`` the kinds as they are written above
    their row, and ``habits`` the columns; a line break in one is kept.
    """
    return [
        {
            "order": number,
            "row": names[kind],
            "column": habits[habit],
            "first": position == 0,
            "estimate": cell.estimate,
            "verdict": drawn_verdict(cell),
            "words": _words(cell),
            "few_words": _words(cell).removesuffix("%").rstrip(),
            "printed": cell.printed,
            "sentence": cell.sentence,
        }
        for number, (kind, own) in enumerate(cells.items())
        for position, (habit, cell) in enumerate(own.items())
    ]


def _words(cell: Cell) -> str:
    """Return sign and value; a bound is cut to its number, since a cell is narrow."""
    short = cell.printed.replace("under ", "<\u202f").replace("over ", ">\u202f")
    return f"{SIGNS.get(drawn_verdict(cell), '')} {short}".strip()


@lru_cache(maxsize=32)
def kinds_grid(columns: tuple[str, ...], rows: int, hidden: bool, mode: Mode) -> dict:
    """Return the habits of each kind side by side: ▲ high, ▼ low, plain typical.

    Rows: those of `kind_rows`.
    """
    token = TOKENS[mode]
    words = "words" if len(columns) <= MOST_WORDS else "few_words"
    x = alt.X(
        "column:N",
        sort=list(columns),
        scale=alt.Scale(domain=list(columns), paddingInner=0.05, paddingOuter=0),
        axis=alt.Axis(
            orient="top", title=None, labelAngle=0, labelExpr=LINES, labelColor=token["muted"],
            labelLimit=120, offset=6, labelBaseline="bottom",
        ),
    )  # fmt: skip
    y = alt.Y("order:O", axis=None, sort=None, scale=alt.Scale(domain=list(range(rows)), padding=0))
    base = alt.Chart(height=max(rows, 1) * ROW_HEIGHT).encode(y=y)
    place = {"height": CELL_HEIGHT, "yOffset": CELLS_UNDER_NAME, "cornerRadius": 2}
    drawn = base.transform_filter(DRAWN)
    colours = alt.Scale(domain=list(LEVELS), range=[token[tone] for tone in LEVELS.values()])
    layers: list[alt.TopLevelMixin] = [
        drawn.mark_rect(stroke=token["line"], strokeWidth=1, tooltip=SAID, **place).encode(
            x=x, color=alt.Color("verdict:N", scale=colours)
        ),
        base.transform_filter("datum.first")
        .mark_text(align="left", fontWeight=600, dy=NAME_OVER_CELLS, limit=1100)
        .encode(x=alt.value(0), text="row:N"),
    ]
    for verdict, weight in ((MORE, 600), (LESS, 600), (NOISE, 400)):
        own = drawn.transform_filter(f"datum.verdict == '{verdict}'")
        layers.append(
            own.mark_text(dy=CELLS_UNDER_NAME, fontWeight=weight, color=token["ink"]).encode(
                x=x, text=f"{words}:N"
            )
        )
    if hidden:
        veil = base.transform_filter(HIDDEN_ROW)
        layers.append(veil.mark_rect(fill=hatch(token), tooltip=SAID, **place).encode(x=x))
    return as_spec(alt.layer(*layers), mode)
