"""Slopes and dots of skills: what is drawn stands in the cells, ticks hold it, no data inside."""

from __future__ import annotations

import json
from base64 import b64decode
from itertools import pairwise

import pytest

from charts.export import as_image, as_picture
from charts.growth import (
    COLUMNS,
    NO_DIFFERENCE,
    Panel,
    change_dots,
    point_rows,
    point_ticks,
    slope_rows,
    slopes,
)
from charts.rows import MOST_TICKS, gaps_in
from tests.small_release import cell, hidden, too_few, undefined

NAMES = {f"g{number}": f"Skill {number}" for number in range(4)}


def change(estimate, verdict="above", **facts):
    printed = f"{estimate:+.2f} points".replace("-", "\u2212")
    around = {"low": estimate - 0.1, "high": estimate + 0.1, "expected": 0.0}
    return cell(estimate, verdict, printed=printed, **(around | facts))


def level(value, **facts):
    return cell(value, "", low=value - 0.1, high=value + 0.1, printed=f"{value:.2f}", **facts)


def panel(first=3.0, last=3.4, scale=(1.0, 5.0), **facts):
    levels = [level(first), level((first + last) / 2), level(last)]
    return Panel(name="Empathy", change=change(last - first), levels=levels, beside=[level(3.1)],
                 scale=scale, **facts)  # fmt: skip


def points(rows, kind="first"):
    return [row for row in rows if row["kind"] == kind]


def test_a_panel_has_a_name_a_change_and_a_point_per_wave():
    rows = slope_rows([panel()])
    name = points(rows, "name")[0]
    assert (name["words"], name["printed"]) == ("Empathy", "▲ +0.40")
    assert len(points(rows)) == 3
    # rising on the scale is rising on the page: y runs downwards
    assert points(rows)[0]["y"] > points(rows)[-1]["y"]
    assert [row["printed"] for row in points(rows) if row["end"]] == ["3.00", "3.40"]


def test_a_number_stands_on_the_side_where_people_themselves_are_not():
    levels = [level(3.0, period="2020-Q1"), level(3.4, period="2020-Q2")]
    own = [level(3.2, period="2020-Q1"), level(3.1, period="2020-Q2")]
    both = Panel(name="Empathy", change=change(0.4), levels=levels, beside=own, scale=(1.0, 5.0))
    assert [row["higher"] for row in points(slope_rows([both]))] == [False, True]


def test_zero_is_said_in_words_where_there_is_room_and_never_lost():
    rows = point_rows([change(0.3, group="g0"), change(-0.2, group="g1")], NAMES)
    dots = change_dots(point_ticks(rows), 2, gaps_in(rows), "light", True, NO_DIFFERENCE)
    drawn = as_picture(dots, rows, "Finding", "Foot", "svg").decode()
    assert "no difference" in drawn and "no change" not in drawn
    narrow = b64decode(as_image(dots, rows, width=200).partition(",")[2]).decode()
    assert "no difference" not in narrow and ">0<" in narrow


def test_equal_steps_of_a_scale_are_equally_high_in_every_panel():
    rows = slope_rows([panel(2.0, 2.4), panel(3.0, 3.4)])
    first, second = (
        [row["y"] for row in points(rows) if row["who"] == f"first {n}"] for n in (0, 1)
    )
    assert first[0] - first[-1] == pytest.approx(second[0] - second[-1])


def test_the_fourth_panel_begins_a_line():
    rows = slope_rows([panel()] * (COLUMNS + 1))
    names = points(rows, "name")
    assert names[COLUMNS]["y"] > 1 > names[0]["y"]
    assert names[COLUMNS]["x"] == names[0]["x"]


def test_a_hidden_wave_leaves_a_gap_and_one_wave_stands_in_the_middle():
    one = Panel(name="Focus", change=hidden(), levels=[level(3.0)], beside=[], scale=(1.0, 5.0))
    gap = Panel(name="Focus", change=change(0.1), levels=[level(3.0), hidden(), level(3.1)],
                beside=[], scale=(1.0, 5.0))  # fmt: skip
    rows = slope_rows([one, gap])
    first, second = ([row for row in points(rows) if row["who"] == f"first {n}"] for n in (0, 1))
    assert len(first) == 1 and 0.3 < first[0]["x"] < 0.6
    assert len(second) == 2 and all(row["end"] for row in second)
    assert points(rows, "name")[0]["printed"] == "hidden"


def test_ticks_are_few_and_even_and_hold_every_number():
    rows = point_rows([change(-0.3, group="g0"), change(0.55, group="g1")], NAMES)
    ticks = point_ticks(rows)
    assert 0.0 in ticks and len(ticks) <= MOST_TICKS
    assert ticks[0] <= -0.4 and ticks[-1] >= 0.65
    assert len({round(b - a, 6) for a, b in pairwise(ticks)}) == 1


def test_rows_run_from_the_highest_to_those_without_a_number():
    cells = [hidden(group="g0"), change(0.1, group="g1"), change(0.4, group="g2")]
    assert [row["group"] for row in point_rows(cells, NAMES)] == ["Skill 2", "Skill 1", "Skill 0"]


def test_the_value_beside_and_what_is_said_further_come_from_cells():
    drawn = [change(0.3, group="g0")]
    rows = point_rows(drawn, NAMES, ticks={"g0": change(0.2)}, also={"g0": "More."})
    assert (rows[0]["expected"], rows[0]["ticked"]) == (0.2, True)
    assert rows[0]["sentence"] == "A published sentence. More."


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_specs_are_drawn_by_the_renderer_and_carry_no_data(mode):
    drawn = [change(0.3, group="g0"), hidden(group="g1"), undefined(group="g2"),
             too_few(group="g3")]  # fmt: skip
    rows = point_rows(drawn, NAMES)
    for band in (True, False):
        dots = change_dots(point_ticks(rows), 4, gaps_in(rows), mode, band)
        assert b"<svg" in as_picture(dots, rows, "Finding", "Foot", "svg")
        assert "Skill" not in json.dumps(dots)
    own = slope_rows([panel(), panel()])
    small = slopes(2, mode)
    picture = as_picture(small, own, "Finding", "Foot", "svg").decode()
    assert "Empathy" in picture and "+0.40" in picture
    assert "Empathy" not in json.dumps(small)
