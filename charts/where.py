"""Units on one axis: how mixed each is, and how mixed the conversations of its people are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import altair as alt

from charts.leftout import LABELS, linear_gaps
from charts.ratios import CENTRED, DASHES, DRAWN, LINES, interval_and_mark
from charts.rows import Row, axis_names, group_rows
from charts.theme import TOKENS, Mode, as_spec
from release import Cell

MIX_SAID = {"expr": "datum.mix_sentence"}


def unit_rows(mix: Sequence[Cell], reach: Sequence[Cell], names: Mapping[str, str]) -> list[Row]:
    """Return one row per unit, the most mixed first; the widest unit says what everybody's mix is.

    Numbers are those of the conversations; mix, mix_sentence and everybody are the unit's own.
    """
    own = {cell.group: cell for cell in mix}
    ranked = sorted(reach, key=lambda cell: _least_mixed_last(own[cell.group]))
    drawn = [cell for cell in mix if cell.is_drawn]
    widest = max(drawn, key=lambda cell: cell.people or 0, default=None)
    everybody = widest.expected if widest else None
    short = axis_names({cell.group: names[cell.group] for cell in ranked})
    return [
        row
        | {
            "group": short[cell.group],
            "first": number == 0,
            "mix": own[cell.group].estimate,
            "mix_sentence": own[cell.group].sentence,
            "everybody": everybody,
        }
        for number, cell in enumerate(ranked)
        for row in group_rows([cell], dict(names))
    ]


def _least_mixed_last(cell: Cell) -> tuple[bool, float]:
    return not cell.is_drawn, -(cell.estimate or 0.0)


@lru_cache(maxsize=64)
def units(
    ticks: tuple[float, ...],
    rows: int,
    gaps: frozenset[str],
    mode: Mode,
    row_height: int = 44,
) -> dict:
    """Return one row per unit: a square for its mix, a signed dot for its conversations.

    Rows: group, first, everybody, mix, mix_sentence, estimate, low, high, chance_low, chance_high,
    verdict, sentence.
    """
    token = TOKENS[mode]
    linear = alt.Scale(domain=[ticks[0], ticks[-1]], nice=False, clamp=True, zero=False)
    axis = alt.Axis(
        values=list(ticks),
        labelExpr=LABELS["share"],
        title=None,
        labelOverlap="greedy",
        labelSeparation=10,
    )

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=linear, axis=axis)

    y = alt.Y(
        "group:N",
        sort=None,
        axis=alt.Axis(title=None, labelExpr=LINES, labelColor=token["ink"], labelOffset=CENTRED),
    )
    base = alt.Chart(height=rows * row_height).encode(y=y)
    shown = base.transform_filter(DRAWN)
    mixed = base.transform_filter("isValid(datum.mix)")
    layers = [
        shown.mark_bar(height=18, color=token["band"]).encode(x("chance_low"), x2="chance_high:Q"),
        alt.Chart()
        .transform_filter("datum.first && isValid(datum.everybody)")
        .mark_rule(strokeDash=DASHES, color=token["edge"])
        .encode(x("everybody")),
        shown.mark_rule(strokeWidth=1, color=token["edge"]).encode(x("mix"), x2="estimate:Q"),
        mixed.mark_point(
            shape="square",
            size=120,
            strokeWidth=1.5,
            opacity=1,
            color=token["ink"],
            fill=token["paper"],
            tooltip=MIX_SAID,
        ).encode(x("mix")),
        *interval_and_mark(shown, x, token),
        *linear_gaps(base, gaps, (ticks[0] + ticks[-1]) / 2, linear, token),
    ]
    return as_spec(alt.layer(*layers), mode)
