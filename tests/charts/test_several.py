"""Charts over all attributes: their rows, and specs that hold no data."""

from __future__ import annotations

import json

import pytest

from charts.several import alone_beside_adjusted, attribute_rows, bounds_by_attribute
from charts.theme import HIDDEN, UNDEFINED
from tests.small_release import cell

GAPS = [frozenset(), frozenset({HIDDEN}), frozenset({HIDDEN, UNDEFINED})]


def test_a_row_holds_what_is_published_alone_only_beside_a_number():
    adjusted = [cell(1.1, breakdown="site"), cell(None, breakdown="grade", status="protects")]
    alone = {"site": cell(1.2), "grade": cell(1.3)}
    names = {"site": "Site", "grade": "Grade"}
    rows = attribute_rows(adjusted, names, alone)
    assert [(row["alone"], row["estimate"], row["verdict"]) for row in rows] == [
        (1.2, 1.1, "noise"),
        (None, None, "hidden"),
    ]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("gaps", GAPS)
def test_specs_hold_no_data_and_only_the_layers_they_need(gaps, mode):
    ratio = alone_beside_adjusted((0.9, 1.0, 1.1), 3, gaps, mode)
    share = bounds_by_attribute((0.4, 0.8), 3, gaps, mode)
    for spec in (ratio, share):
        written = json.dumps(spec)
        assert '"values": [{' not in written
        assert ("hidden" in written) == (HIDDEN in gaps)
        assert ("not defined" in written) == (UNDEFINED in gaps)
