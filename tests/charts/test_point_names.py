"""Names of points cover neither each other nor a point, between a phone and a desk."""

from __future__ import annotations

import random

import pytest

from charts.point_names import (
    AWAY,
    LETTER_WIDTH,
    LINE_HEIGHT,
    OVER,
    UNDER,
    WIDTHS,
    Point,
    Side,
    places_of_names,
)

HEIGHT = 340


def ground(point: Point, side: Side, width: float) -> tuple[float, float, float, float]:
    """Return the box of a name in pixels, worked out from how a chart draws it."""
    x, y = point.across * width, (1 - point.up) * HEIGHT + (OVER if side.above else UNDER)
    length = len(point.name) * LETTER_WIDTH
    left = x - AWAY - length if side.left else x + AWAY
    return left, left + length, y - LINE_HEIGHT / 2, y + LINE_HEIGHT / 2


def drawn(number: int, seed: int, name: str = "Melbourne") -> list[Point]:
    draw = random.Random(seed)
    return [Point(draw.random(), draw.uniform(0.3, 0.7), name) for _ in range(number)]


@pytest.mark.parametrize("seed", range(40))
def test_no_name_covers_another_or_a_point_on_any_screen(seed: int) -> None:
    points = drawn(5, seed)
    sides = places_of_names(points, HEIGHT)
    for width in range(WIDTHS[0], WIDTHS[-1], 40):
        named = [(point, ground(point, side, width))
                 for point, side in zip(points, sides, strict=True) if side]  # fmt: skip
        for number, (own, (left, right, top, foot)) in enumerate(named):
            assert left >= 0 and right <= width and top >= 0 and foot <= HEIGHT
            for other in points:
                x, y = other.across * width, (1 - other.up) * HEIGHT
                assert other is own or not (left < x < right and top < y < foot)
            for _, (start, end, upper, lower) in named[:number]:
                assert not (left < end and start < right and top < lower and upper < foot)


def test_where_there_is_room_every_point_has_its_name() -> None:
    found = [places_of_names(drawn(4, seed), HEIGHT) for seed in range(60)]
    assert sum(None in sides for sides in found) <= 6


def test_four_locations_of_the_invented_organisation_all_have_their_names() -> None:
    """As they lie by pairings and ratio: two of them close together, in the middle."""
    points = [Point(0.08, 0.43, "Melbourne"), Point(0.37, 0.47, "Toronto"),
              Point(0.48, 0.5, "Lisbon"), Point(0.8, 0.53, "Pune")]  # fmt: skip
    assert None not in places_of_names(points, HEIGHT)


def test_what_must_be_named_is_named_first_and_in_any_case() -> None:
    corner = [Point(0.5, 0.5, "Toronto") for _ in range(5)]
    last = [*corner, Point(0.5, 0.5, "Pune", must=True)]
    assert places_of_names(last, HEIGHT)[-1] is not None
    # wider than the chart on a phone: it stands where it usually would
    wide = [Point(0.6, 0.5, "a name of sixty letters that is too long for the small screen", True)]
    assert places_of_names(wide, HEIGHT) == [Side(left=True, above=True)]
    assert places_of_names([Point(0.6, 0.5, wide[0].name)], HEIGHT) == [None]


def test_of_very_many_those_that_must_be_named_are_looked_at_one_by_one() -> None:
    points = drawn(200, 3, "")
    points += [Point(0.1 * n, 0.9, f"▲ {n}", must=True) for n in range(1, 9)]
    sides = places_of_names(points, HEIGHT)
    assert sides[:200] == [None] * 200
    assert None not in sides[200:]
