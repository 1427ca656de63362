"""The chart of units: its rows, and specs that hold no data."""

from __future__ import annotations

import json

import pytest

from charts.theme import HIDDEN, UNDEFINED
from charts.where import unit_rows, units
from tests.small_release import cell, hidden

GAPS = [frozenset(), frozenset({HIDDEN}), frozenset({HIDDEN, UNDEFINED})]


def test_a_row_holds_the_mix_of_a_unit_beside_its_conversations():
    mix = [
        cell(0.2, group="function=a", expected=0.61, people=50),
        cell(0.7, group="function=b", expected=0.6, people=200),
        hidden(group="function=c"),
    ]
    reach = [
        cell(0.5, "above", group="function=a"),
        cell(0.4, "noise", group="function=b"),
        hidden(group="function=c"),
    ]
    names = {"function=a": "A", "function=b": "B", "function=c": "C"}
    rows = unit_rows(mix, reach, names)
    kept = [
        (row["group"], row["first"], row["mix"], row["estimate"], row["verdict"]) for row in rows
    ]
    # the most mixed first, hidden ones last; everybody's mix as the largest unit was rounded
    assert kept == [
        ("B", True, 0.7, 0.4, "noise"),
        ("A", False, 0.2, 0.5, "more"),
        ("C", False, None, None, "hidden"),
    ]
    assert {row["everybody"] for row in rows} == {0.6}


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("gaps", GAPS)
def test_specs_hold_no_data_and_only_the_layers_they_need(gaps, mode):
    written = json.dumps(units((0.0, 0.5, 1.0), 3, gaps, mode))
    assert '"values": [{' not in written
    assert ("hidden" in written) == (HIDDEN in gaps)
    assert ("not defined" in written) == (UNDEFINED in gaps)
