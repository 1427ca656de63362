"""Bars of spread scores: centred on the middle, numbers beside or inside, gaps named."""

from __future__ import annotations

import altair as alt
import pytest

from charts.bands import band_ends, band_rows, spread_bars
from charts.rows import gaps_in
from tests.small_release import hidden
from tests.survey_release import share


def bar(low, middle, high):
    return [share(low), share(middle), share(high)]


def test_a_bar_is_centred_on_its_middle_part():
    name, low, middle, high = band_rows({"Safety": [("Spring", bar(0.1, 0.4, 0.5))]})
    assert name["words"] == "Safety" and name["start"] is None
    assert (low["start"], low["end"]) == pytest.approx((-0.3, -0.2))
    assert (middle["start"], middle["end"]) == pytest.approx((-0.2, 0.2))
    assert (high["start"], high["end"]) == pytest.approx((0.2, 0.7))
    assert (low["outside"], middle["inside"], high["inside"]) == ("10 %", "40 %", "50 %")


def test_a_number_that_does_not_fit_stands_in_the_table_alone():
    *_, middle, high = band_rows({"Safety": [("Spring", bar(0.3, 0.1, 0.6))]})
    assert (middle["inside"], high["inside"]) == ("", "60 %")


def test_a_hidden_wave_keeps_its_row():
    rows = band_rows({"Safety": [("Spring", [hidden()] * 3), ("Autumn", bar(0.1, 0.4, 0.5))]})
    assert [row["verdict"] for row in rows] == ["", "hidden", "", "", ""]
    assert len({row["row"] for row in rows}) == 3
    spec = spread_bars(
        band_ends(rows), tuple({row["row"]: 0 for row in rows}), gaps_in(rows), "light"
    )
    assert "hidden" in str(spec)
    assert alt.LayerChart.from_dict(spec | {"data": {"name": "rows"}}, validate=True)


def test_the_axis_holds_every_bar_with_room_for_numbers_at_the_left():
    rows = band_rows({"Safety": [("Spring", bar(0.2, 0.4, 0.4)), ("Autumn", bar(0.0, 0.2, 0.8))]})
    low, high = band_ends(rows)
    assert low <= -0.4 - 0.3 and high >= 0.9
    # hidden throughout: an axis of its own
    assert band_ends(band_rows({"Safety": [("Spring", [hidden()] * 3)]})) == (-0.8, 0.7)
