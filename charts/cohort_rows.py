"""From published cells to the rows that the charts of cohorts draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from charts.rows import SIGNS, Row, axis_name, axis_names, drawn_verdict
from charts.theme import LESS, MORE, NOISE, UNDEFINED
from release import Cell

CLEARLY = 0.05
NEAR = (0.2, 0.08)
"""Parts of the width and the height of a funnel within which two names would run together."""
MOST_NAMED = 6
"""Up to so many points of a funnel carry their name; else those beyond noise alone."""


def overview_rows(cells: Sequence[tuple[str, str, Cell | None]]) -> list[Row]:
    """Return one row per cohort and quantity: name, column, and the cell, None where there is none.

    Only what is beyond noise has a colour and a sign.
    """
    return [
        {
            "row": axis_name(name),
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
    limits: Mapping[str, Sequence[Cell]], cells: Sequence[Cell], names: Mapping[str, str]
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
    """
    curve = [_limit_row(*pair) for pair in zip(limits["inner"], limits["outer"], strict=True)]
    drawn = sorted((cell for cell in cells if cell.is_drawn), key=_size_and_value)
    ends = [int(cell.period) for cell in limits["inner"]]
    middle = (min(ends, default=0) + max(ends, default=0)) / 2
    named = _with_room(drawn, limits["outer"]) if len(cells) <= MOST_NAMED else set()
    above = _names_above([cell.estimate or 0.0 for cell in drawn])
    points = [
        _point_row(cell, names, cell.slice in named)
        | {"first": over, "last": _is_left(cell, drawn, limits["outer"], middle)}
        for cell, over in zip(drawn, above, strict=True)
    ]
    rest = [_hidden_row(cell, names) for cell in cells if not cell.is_drawn]
    return [*curve, *points, *rest]


def _size_and_value(cell: Cell) -> tuple[int, float]:
    return size_of(cell), cell.estimate or 0.0


def _room(outer: Sequence[Cell]) -> tuple[float, float]:
    """Return within what distance of size and of value two names would run together."""
    sizes = [int(cell.period) for cell in outer]
    width = max(sizes, default=1) - min(sizes, default=0)
    height = max((cell.high for cell in outer), default=1) - min(
        (cell.low for cell in outer), default=0
    )
    return NEAR[0] * width, NEAR[1] * height


def _is_left(cell: Cell, drawn: Sequence[Cell], outer: Sequence[Cell], middle: float) -> bool:
    """Tell whether a name stands left of its point: away from the next one, or from the edge."""
    wide, high = _room(outer)
    beside = [
        size_of(other) - size_of(cell)
        for other in drawn
        if other is not cell
        and abs(size_of(other) - size_of(cell)) < wide
        and abs(other.estimate - cell.estimate) < high
    ]
    first = min((int(one.period) for one in outer), default=0)
    has_room = size_of(cell) - first > wide
    if beside and has_room and all(distance >= 0 for distance in beside):
        return True
    return size_of(cell) > middle


def _with_room(drawn: Sequence[Cell], outer: Sequence[Cell]) -> set[str]:
    """Return the cohorts whose name fits: none stands close by whose name is there already."""
    wide, high = _room(outer)
    first = min((int(one.period) for one in outer), default=0)
    kept: list[Cell] = []

    def turn(cell: Cell) -> tuple[bool, int]:
        # what is beyond noise comes first, since its name stands there in any case; at the left
        # edge a name stands right of its point, where the next one to the right has more room
        size = size_of(cell)
        is_plain = drawn_verdict(cell) not in (MORE, LESS)
        return is_plain, -size if size - first <= wide else size

    for cell in sorted(drawn, key=turn):
        near = (
            abs(size_of(cell) - size_of(other)) < wide
            and abs(cell.estimate - other.estimate) < high
            for other in kept
        )
        if not any(near):
            kept.append(cell)
    return {cell.slice for cell in kept}


def _names_above(values: Sequence[float]) -> list[bool]:
    """Return whose name stands above its point: who lies clearly above the one before."""
    room = CLEARLY * (max(values, default=0.0) - min(values, default=0.0))
    return [number == 0 or value - values[number - 1] > room for number, value in enumerate(values)]


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


def _point_row(cell: Cell, names: Mapping[str, str], named: bool) -> Row:
    verdict = drawn_verdict(cell)
    sign = SIGNS.get(verdict, "")
    name = f"{sign} {names[cell.slice]} {cell.printed}".strip() if sign else names[cell.slice]
    return _empty("cohort") | {
        "order": size_of(cell),
        "estimate": cell.estimate,
        "verdict": verdict,
        "words": name if named or sign else "",
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
