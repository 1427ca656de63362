"""From published cells to the rows that the charts of cohorts draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from charts.cohorts import FUNNEL_HEIGHT, Kind, ticks_of
from charts.point_names import Point, Side, places_of_names
from charts.rows import SIGNS, Row, axis_names, drawn_verdict
from charts.theme import LESS, MORE, NOISE, UNDEFINED
from release import Cell

MOST_NAMED = 6
"""Up to so many points of a funnel carry their name; else those beyond noise alone."""


def overview_rows(cells: Sequence[tuple[str, str, Cell | None]]) -> list[Row]:
    """Return one row per cohort and quantity: name, column, and the cell, None where there is none.

    Only what is beyond noise has a colour and a sign.
    """
    short = axis_names({name: name for name, _, _ in cells})
    return [
        {
            "row": short[name],
            "column": column,
            "verdict": UNDEFINED if cell is None else drawn_verdict(cell),
            "tone": _tone(cell),
            "words": "" if cell is None else _words(cell),
            "sentence": "" if cell is None else cell.sentence,
        }
        for name, column, cell in cells
    ]


def _tone(cell: Cell | None) -> str:
    verdict = UNDEFINED if cell is None else drawn_verdict(cell)
    return f"{verdict}_2" if verdict in (MORE, LESS) else "none"


def _words(cell: Cell) -> str:
    if not cell.is_drawn:
        return ""
    printed = cell.printed.removesuffix("points").rstrip()
    return f"{SIGNS.get(drawn_verdict(cell), '')} {printed}".strip()


def funnel_rows(
    limits: Mapping[str, Sequence[Cell]],
    cells: Sequence[Cell],
    names: Mapping[str, str],
    kind: Kind = "share",
) -> list[Row]:
    """Return one row per size with both limits, then one per cohort.

    Parameters
    ----------
    limits : mapping of str to sequence of Cell
        The cells of the ``inner`` and of the ``outer`` limits, by the same sizes.
    cells : sequence of Cell
        One per cohort.
    names : mapping of str to str
        What each cohort is called, by slice.
    kind : Kind
        On which scale the values lie.
    """
    curve = [_limit_row(*pair) for pair in zip(limits["inner"], limits["outer"], strict=True)]
    drawn = sorted((cell for cell in cells if cell.is_drawn), key=_size_and_value)
    named = _points(drawn, curve, names, kind, len(cells) <= MOST_NAMED)
    sides = places_of_names(named, FUNNEL_HEIGHT)
    points = [
        _point_row(cell, _name(cell, names), side) for cell, side in zip(drawn, sides, strict=True)
    ]
    rest = [_hidden_row(cell, names) for cell in cells if not cell.is_drawn]
    return [*curve, *points, *rest]


def _size_and_value(cell: Cell) -> tuple[int, float]:
    return size_of(cell), cell.estimate or 0.0


def _points(
    drawn: Sequence[Cell], curve: Sequence[Row], names: Mapping[str, str], kind: Kind, named: bool
) -> list[Point]:
    """Return where the cohorts lie in the funnel, and which of them are to be named."""
    sizes = [row["order"] for row in curve]
    first, last = min(sizes, default=0), max(sizes, default=1)
    ticks = ticks_of([*curve, *({"estimate": cell.estimate} for cell in drawn)], kind)
    return [
        Point(
            across=(size_of(cell) - first) / max(last - first, 1),
            up=(min(max(cell.estimate, ticks[0]), ticks[-1]) - ticks[0]) / (ticks[-1] - ticks[0]),
            name=_name(cell, names) if named or _is_beyond(cell) else "",
            must=_is_beyond(cell),
        )
        for cell in drawn
    ]


def _is_beyond(cell: Cell) -> bool:
    return drawn_verdict(cell) in (MORE, LESS)


def _name(cell: Cell, names: Mapping[str, str]) -> str:
    """Return the name of a cohort, with its value where it is beyond noise."""
    sign = SIGNS.get(drawn_verdict(cell), "")
    return f"{sign} {names[cell.slice]} {cell.printed}".strip() if sign else names[cell.slice]


def size_of(cell: Cell) -> int:
    """Return what a funnel is drawn against: pairings where they are counted, else people."""
    return cell.pairs if cell.pairs is not None else cell.people or 0


def _limit_row(inner: Cell, outer: Cell) -> Row:
    return _empty("limit") | {
        "order": int(inner.period),
        "estimate": inner.estimate,
        "low": inner.low,
        "high": inner.high,
        "chance_low": outer.low,
        "chance_high": outer.high,
    }


def _point_row(cell: Cell, name: str, side: Side | None) -> Row:
    return _empty("cohort") | {
        "order": size_of(cell),
        "estimate": cell.estimate,
        "verdict": drawn_verdict(cell),
        "words": name if side else "",
        "last": side.left if side else False,
        "first": side.above if side else False,
        "printed": cell.printed,
        "sentence": cell.sentence,
    }


def _hidden_row(cell: Cell, names: Mapping[str, str]) -> Row:
    facts = {"verdict": drawn_verdict(cell), "words": names[cell.slice]}
    return _empty("cohort") | facts | {"sentence": cell.sentence}


def _empty(tone: str) -> Row:
    numbers = dict.fromkeys(("order", "estimate", "low", "high", "chance_low", "chance_high"))
    words = {"verdict": NOISE, "words": "", "printed": "", "sentence": ""}
    return {"tone": tone, "last": False, "first": False, **numbers, **words}


def drawn_in_rows(
    cells: Sequence[Cell], drawn: Mapping[str, Cell], names: Mapping[str, str]
) -> list[Row]:
    """Return one row per cohort, in the order given: its value drawn in, and by itself as a tick.

    ``drawn`` holds the value drawn in by slice; without one the cohort's own value stands there.
    """
    short = axis_names({cell.slice: names[cell.slice] for cell in cells})
    return [
        {
            "group": short[cell.slice],
            "estimate": _shown(cell, drawn).estimate,
            "low": _shown(cell, drawn).low,
            "high": _shown(cell, drawn).high,
            "chance_low": cell.lottery_low,
            "chance_high": cell.lottery_high,
            "expected": cell.estimate if cell.slice in drawn else None,
            "verdict": drawn_verdict(cell),
            "printed": _shown(cell, drawn).printed,
            "sentence": f"{_shown(cell, drawn).sentence} {_by_itself(cell, drawn)}".strip(),
        }
        for cell in cells
    ]


def _shown(cell: Cell, drawn: Mapping[str, Cell]) -> Cell:
    return drawn.get(cell.slice, cell) if cell.is_drawn else cell


def _by_itself(cell: Cell, drawn: Mapping[str, Cell]) -> str:
    return f"By itself: {cell.printed}." if cell.slice in drawn and cell.is_drawn else ""
