"""The waterfall: bars that start where the last ended, and a spec that holds no data."""

from __future__ import annotations

import json
from math import log

import altair as alt
import pytest

from charts.waterfall import (
    is_hidden,
    shares_of_total,
    waterfall,
    waterfall_rows,
    waterfall_ticks,
)
from tests.small_release import cell, hidden, undefined

NAMES = {key: key.title() for key in ("opportunity", "matching", "uptake", "total")}


def steps(*estimates: float, total: float):
    keys = ("opportunity", "matching", "uptake")
    found = [cell(e, measure=key) for key, e in zip(keys, estimates, strict=False)]
    return [*found, cell(total, measure="total")]


def test_each_bar_starts_where_the_one_above_ended_and_the_total_at_one():
    rows = waterfall_rows(steps(0.8, 1.25, 0.5, total=0.5), NAMES)
    assert [row["start"] for row in rows] == pytest.approx([1.0, 0.8, 1.0, 1.0])
    assert [row["end"] for row in rows] == pytest.approx([0.8, 1.0, 0.5, 0.5])
    assert [row["place"] for row in rows] == [0, 1, 2, 3]
    # the interval of a step stands where the bar is
    assert rows[1]["low"] == pytest.approx(0.8 * (1.25 - 0.06))


def test_a_counted_step_has_a_bar_and_no_interval():
    counted, total = cell(0.8, measure="matching", interval=""), cell(0.8, measure="total")
    row = waterfall_rows([counted, total], NAMES)[0]
    assert row["end"] == 0.8
    assert row["low"] is None and row["high"] is None
    assert "(" not in row["printed"]


def test_value_sign_and_interval_stand_above_the_bar():
    row = waterfall_rows([cell(1.1, "above", measure="uptake"), cell(1.1, measure="total")], NAMES)
    assert row[0]["printed"] == "▲ +10 % (+4 to +16)"
    assert row[1]["printed"].startswith("●")


def test_an_undefined_step_is_left_out_and_a_hidden_one_keeps_its_row():
    cells = [hidden(measure="matching"), undefined(measure="uptake"), cell(0.9, measure="total")]
    rows = waterfall_rows(cells, NAMES)
    assert [(row["name"], row["end"]) for row in rows] == [("Matching", None), ("Total", 0.9)]
    assert is_hidden(rows)
    assert not is_hidden(rows[1:])


def test_parts_of_a_total_add_up_on_the_log_scale():
    parts = shares_of_total(steps(0.8, 1.0, 0.9, total=0.72))
    assert parts == pytest.approx(
        {"opportunity": log(0.8) / log(0.72), "matching": 0, "uptake": log(0.9) / log(0.72)}
    )
    assert sum(parts.values()) == pytest.approx(1)
    assert set(shares_of_total(steps(1.0, total=1.0)).values()) == {0.0}


def test_ticks_hold_every_bar_and_interval():
    ticks = waterfall_ticks(waterfall_rows(steps(0.8, 1.3, 0.9, total=0.94), NAMES))
    # the interval of the first step reaches down to 0.74, that of the second up to 0.8 * 1.36
    assert ticks[0] <= 0.74
    assert ticks[-1] >= 0.8 * 1.36


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("veiled", [True, False])
def test_the_spec_is_valid_holds_no_data_and_is_built_once(mode, veiled):
    spec = waterfall((0.8, 0.9, 1.0, 1.1), 5, veiled, mode)
    assert alt.LayerChart.from_dict(spec | {"data": {"name": "rows"}}, validate=True)
    written = json.dumps(spec)
    assert '"values": [{' not in written
    assert ("linear" in written) == veiled
    assert waterfall((0.8, 0.9, 1.0, 1.1), 5, veiled, mode) is spec
