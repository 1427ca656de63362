"""From published cells to the rows that a chart draws, and the ticks that fit them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, log
from textwrap import wrap

import pyarrow as pa

from charts.theme import FEW, HIDDEN, LESS, MORE, NOISE, UNDEFINED
from release import Cell, Group, Period

SIGNS = {MORE: "▲", LESS: "▼"}
STEPS = (0.05, 0.1, 0.2, 0.25, 0.5, 1.0)
MOST_TICKS = 7
FLOATING_POINT = 1e-9
LOWEST, HIGHEST = 0.25, 4.0
"""Intervals beyond these ratios are cut at the edge of the picture."""

Row = dict[str, object]
LINE = 14
"""Letters of a name that fit beside a chart on a phone."""
ALONE = 2
"""So few letters, such as the number of a cohort, do not stand in a line of their own."""
LEFT_OUT = "…"
INVISIBLE = "\u200b"
"""A sign without width, by which two rows of one name stay two."""
PAIR_LINE = 18
MOST_PAIRS, MOST_GAPS = 14, 3
"""How many pairs of groups are drawn at once, and how many of them have no number."""


def as_table(rows: Sequence[Row]) -> pa.Table:
    """Return rows as Streamlit sends them on; from a list it would take a hundred times as long."""
    return pa.Table.from_pylist(list(rows))


def axis_name(label: str) -> str:
    """Return a name in at most two short lines; what does not fit is left out within."""
    lines = wrap(label, LINE)
    if len(lines) > 2 and (end := _end_of(label)):
        return f"{lines[0]}\n{end}"
    if len(lines) == 2 and len(lines[1]) <= ALONE and " " in lines[0]:
        first, _, with_it = lines[0].rpartition(" ")
        return f"{first}\n{with_it} {lines[1]}"
    return "\n".join(wrap(label, LINE, max_lines=2, placeholder=f" {LEFT_OUT}"))


def _end_of(label: str) -> str:
    """Return the last words that fit in a line: names that begin alike differ at their end."""
    end = ""
    for word in reversed(label.split()):
        longer = f"{word} {end}".strip()
        if len(f"{LEFT_OUT} {longer}") > LINE:
            break
        end = longer
    return f"{LEFT_OUT} {end}" if end else ""


def axis_names(labels: Mapping[str, str]) -> dict[str, str]:
    """Return every name as `axis_name`; two that look alike do not become one row."""
    short: dict[str, str] = {}
    for key, label in labels.items():
        name = axis_name(label)
        while name in short.values():
            name += INVISIBLE
        short[key] = name
    return short


def drawn_verdict(cell: Cell) -> str:
    """Return how a cell is drawn."""
    if cell.status == "undefined":
        return UNDEFINED
    if not cell.is_drawn:
        return HIDDEN
    if cell.status == "too_few":
        return FEW
    return {"above": MORE, "below": LESS}.get(cell.verdict, NOISE)


def series_rows(cells: Sequence[Cell], periods: dict[str, Period]) -> list[Row]:
    """Return one row per period; a hidden one keeps its place and interrupts the line."""
    drawn = [number for number, cell in enumerate(cells) if cell.is_drawn]
    last = drawn[-1] if drawn else None
    return [
        _numbers(cell)
        | {
            "period": periods[cell.period].label,
            "order": number,
            "first": number == 0,
            "last": number == last,
            "alone": number in drawn and not {number - 1, number + 1} & set(drawn),
        }
        for number, cell in enumerate(cells)
    ]


def gaps_in(rows: Sequence[Row]) -> frozenset[str]:
    """Return which of hidden and undefined occur, for a chart that carries nothing in vain."""
    return frozenset(str(row["verdict"]) for row in rows) & {HIDDEN, UNDEFINED}


def names_in_order(rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the periods on the axis."""
    return tuple(str(row["period"]) for row in rows)


def group_rows(cells: Sequence[Cell], names: dict[str, str], *, ranked: bool = True) -> list[Row]:
    """Return one row per group or pair: the highest first, hidden ones last, or as they come."""
    short = axis_names({cell.group: names[cell.group] for cell in cells})
    return [
        _numbers(cell) | {"group": short[cell.group], "first": number == 0}
        for number, cell in enumerate(_ranked(cells) if ranked else cells)
    ]


def _ranked(cells: Sequence[Cell]) -> list[Cell]:
    return sorted(cells, key=lambda cell: (not cell.is_drawn, -(cell.estimate or 0.0)))


def pair_rows(cells: Sequence[Cell], groups: dict[str, Group]) -> list[Row]:
    """Return one row per pair of two groups, as `group_rows`; of very many, those that say most.

    Kept are pairs beyond noise, then those furthest from the lottery, then some without a number.
    """
    drawn = sorted((cell for cell in cells if cell.is_drawn), key=_says_most)
    gaps = [cell for cell in cells if not cell.is_drawn]
    if len(cells) > MOST_PAIRS:
        drawn = drawn[: MOST_PAIRS - min(len(gaps), MOST_GAPS)]
        gaps = gaps[: MOST_PAIRS - len(drawn)]
    return [
        _numbers(cell) | {"group": _pair_name(cell, groups), "first": number == 0}
        for number, cell in enumerate(_ranked([*drawn, *gaps]))
    ]


def _says_most(cell: Cell) -> tuple[bool, float]:
    return cell.verdict not in ("above", "below"), -abs(log(max(cell.estimate or 0.0, LOWEST)))


def _pair_name(cell: Cell, groups: dict[str, Group]) -> str:
    """Return one line for each of two groups."""
    lines = (
        wrap(groups[key].short, PAIR_LINE, max_lines=1, placeholder=" …")
        for key in cell.group.split("|")
    )
    return "\n".join(line for each in lines for line in each)


def matrix_rows(cells: Sequence[Cell], groups: dict[str, Group]) -> list[Row]:
    """Return one row per pair of groups, in the lower triangle."""
    rows = []
    for cell in cells:
        one, other = sorted(cell.group.split("|"), key=lambda key: groups[key].sort)
        row = _numbers(cell)
        sign = SIGNS.get(row["verdict"], "")
        rows.append(
            row
            | {
                "column": axis_name(groups[one].short),
                "row": axis_name(groups[other].short),
                "tone": _tone(cell),
                "words": f"{sign} {cell.printed}".strip(),
                # a phone has no room for the unit in every cell; the caption names it
                "few_words": f"{sign}{cell.printed.removesuffix('%').rstrip()}",
                "sign": sign,
            }
        )
    return rows


def _tone(cell: Cell) -> str:
    verdict = drawn_verdict(cell)
    if verdict not in (MORE, LESS):
        return "none"
    far = abs((cell.estimate or 1.0) - 1.0) > 0.25
    return f"{verdict}_{2 if far else 1}"


def _numbers(cell: Cell) -> Row:
    return {
        "estimate": cell.estimate,
        "low": cell.low,
        "high": cell.high,
        "chance_low": cell.lottery_low,
        "chance_high": cell.lottery_high,
        "expected": cell.expected,
        "verdict": drawn_verdict(cell),
        "printed": cell.printed,
        "sentence": cell.sentence,
    }


def ratio_ticks(rows: Sequence[Row]) -> tuple[float, ...]:
    """Return evenly spaced ticks around 1 that hold every interval and chance band."""
    names = ("estimate", "low", "high", "chance_low", "chance_high")
    values = [row[name] for row in rows for name in names if row[name] is not None]
    lowest = min([max(value, LOWEST) for value in values], default=0.9)
    highest = max([min(value, HIGHEST) for value in values], default=1.1)
    return next(
        (ticks for step in STEPS if len(ticks := _ticks(lowest, highest, step)) <= MOST_TICKS),
        _ticks(lowest, highest, STEPS[-1]),
    )


def _ticks(lowest: float, highest: float, step: float) -> tuple[float, ...]:
    below = max(1, ceil((1 - lowest) / step - FLOATING_POINT))
    above = max(1, ceil((highest - 1) / step - FLOATING_POINT))
    ticks = (1 + step * number for number in range(-below, above + 1))
    return tuple(round(tick, 2) if tick > 0 else LOWEST for tick in ticks if tick > -step / 2)


def share_domain(rows: Sequence[Row]) -> tuple[float, float]:
    """Return the lowest and highest share drawn, with a little room."""
    names = ("estimate", "low", "high", "chance_low", "chance_high")
    values = [row[name] for row in rows for name in names if row[name] is not None]
    return (min(values, default=0.0) - 0.01, max(values, default=1.0) + 0.01)
