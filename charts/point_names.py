"""Where the names of points stand, so that none covers another one or a point, on any screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

AWAY, OVER, UNDER = 10, -13, 14
"""Pixels between a point and its name: beside it, and above or below it, so far that a name may
reach over a point of the same height."""
LETTERS = 12
WIDTHS = (300, 430, 640, 900, 1140)
"""Pixels that a chart is wide, from a phone to a desk. Two names on the inner sides of two points
may pass each other on the narrow one and meet on the wide one, so all of them are looked at."""
LETTER_WIDTH, LINE_HEIGHT, POINT = 6.6, 15, 7
"""Pixels that a letter takes on average, that a line is high, and half of those a point takes."""
MOST_SEARCHED = 6
"""Up to so many names the best of all arrangements is looked for; of more, one after the other."""


@dataclass(frozen=True)
class Point:
    """A point, in parts of the chart from its left and its lower edge.

    ``name`` is empty where none is wanted; ``must`` says that it stands there in any case.
    """

    across: float
    up: float
    name: str
    must: bool = False


@dataclass(frozen=True)
class Side:
    """On which side of its point a name stands."""

    left: bool
    above: bool


@dataclass(frozen=True)
class _Choice:
    """A side of one point, with the ground that the name would take on each screen."""

    point: int
    side: Side
    ground: tuple[tuple[float, float, float, float], ...]


def places_of_names(points: Sequence[Point], height: int) -> list[Side | None]:
    """Return where the name of each point stands; None where it has no room, or none is wanted.

    As few names as possible are left out. What must be named stands on its usual side where there
    is no room, since without a name nobody would know what it is.

    Parameters
    ----------
    points : sequence of Point
        Every point of the chart, named or not: a name covers none of them.
    height : int
        Height of the chart in pixels, which no screen changes.
    """
    wanted = [number for number, point in enumerate(points) if point.name]
    choices = {number: _choices(points, number, height) for number in wanted}
    found = _best(points, choices) if len(wanted) <= MOST_SEARCHED else _in_turn(points, choices)
    return [
        found[number].side
        if number in found
        else _sides(point)[0] if point.name and point.must else None
        for number, point in enumerate(points)
    ]  # fmt: skip


def _sides(point: Point) -> list[Side]:
    """Return the sides of a point, the usual one first: towards the middle of the chart."""
    usual = point.across > 0.5
    return [Side(left, above) for left, above in product((usual, not usual), (True, False))]


def _choices(points: Sequence[Point], number: int, height: int) -> list[_Choice]:
    """Return the sides on which a name stays inside the chart and covers no point."""
    point = points[number]
    found = []
    for side in _sides(point):
        choice = _Choice(number, side, tuple(_grounds(point, side, height)))
        if _is_inside(choice, height) and not any(
            _covers(choice, other, height) for other in points if other is not point
        ):
            found.append(choice)
    return found


def _grounds(point: Point, side: Side, height: int) -> Iterator[tuple[float, float, float, float]]:
    """Yield left, right, upper and lower end of a name, in pixels, for each width."""
    middle = (1 - point.up) * height + (OVER if side.above else UNDER)
    length = LETTER_WIDTH * len(point.name)
    for width in WIDTHS:
        at = point.across * width
        start = at - AWAY - length if side.left else at + AWAY
        yield start, start + length, middle - LINE_HEIGHT / 2, middle + LINE_HEIGHT / 2


def _is_inside(choice: _Choice, height: int) -> bool:
    return all(
        start >= 0 and end <= width and upper >= 0 and lower <= height
        for width, (start, end, upper, lower) in zip(WIDTHS, choice.ground, strict=True)
    )


def _covers(choice: _Choice, other: Point, height: int) -> bool:
    y = (1 - other.up) * height
    return any(
        start - POINT < other.across * width < end + POINT
        and upper - POINT < y < lower + POINT
        for width, (start, end, upper, lower) in zip(WIDTHS, choice.ground, strict=True)
    )  # fmt: skip


def _meet(one: _Choice, other: _Choice) -> bool:
    """Tell whether two names run together on any screen."""
    return any(
        a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]
        for a, b in zip(one.ground, other.ground, strict=True)
    )


def _best(points: Sequence[Point], choices: dict[int, list[_Choice]]) -> dict[int, _Choice]:
    """Return the first arrangement that leaves out the fewest names, those that must be last."""
    order = sorted(choices, key=lambda number: not points[number].must)
    for left_out in range(len(order) + 1):
        found = _arranged(order, choices, (), left_out)
        if found is not None:
            return {choice.point: choice for choice in found}
    return {}


def _arranged(
    order: Sequence[int],
    choices: dict[int, list[_Choice]],
    placed: tuple[_Choice, ...],
    left_out: int,
) -> tuple[_Choice, ...] | None:
    """Return an arrangement of all names but so many, None without one."""
    if not order:
        return placed
    number, *rest = order
    for choice in choices[number]:
        if not any(_meet(choice, other) for other in placed):
            found = _arranged(rest, choices, (*placed, choice), left_out)
            if found is not None:
                return found
    return _arranged(rest, choices, placed, left_out - 1) if left_out else None


def _in_turn(points: Sequence[Point], choices: dict[int, list[_Choice]]) -> dict[int, _Choice]:
    """Return names placed one after the other, those that must be first."""
    placed: dict[int, _Choice] = {}
    for number in sorted(choices, key=lambda number: not points[number].must):
        for choice in choices[number]:
            if not any(_meet(choice, other) for other in placed.values()):
                placed[number] = choice
                break
    return placed
