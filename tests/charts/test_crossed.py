"""The chart of crossed groups: specs that hold no data and only the layers that they need."""

from __future__ import annotations

import json

import pytest

from charts.crossed import ROW_HEIGHT, crossed_groups
from charts.theme import HIDDEN, UNDEFINED

TICKS = (0.8, 0.9, 1.0, 1.1, 1.2)
GAPS = [frozenset(), frozenset({HIDDEN}), frozenset({HIDDEN, UNDEFINED})]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("gaps", GAPS)
def test_a_spec_holds_no_data_and_is_made_once(gaps, mode):
    spec = crossed_groups(TICKS, 6, gaps, mode)
    assert "datasets" not in spec
    assert spec["height"] == 6 * ROW_HEIGHT
    assert crossed_groups(TICKS, 6, gaps, mode) is spec
    written = json.dumps(spec)
    assert ("'hidden'" in written) == (HIDDEN in gaps)
    assert ("'undefined'" in written) == (UNDEFINED in gaps)


def test_the_first_layer_sees_every_row_so_that_each_keeps_its_place():
    first = crossed_groups(TICKS, 6, GAPS[1], "light")["layer"][0]
    assert "transform" not in first
    assert first["encoding"]["y"]["field"] == "group"
