"""Rows and specs of shares: bars beside a landmark, and lines over time."""

from __future__ import annotations

import pytest

from charts.surveys import bar_rows, line_rows, line_ticks, share_bars, shares_over_time
from tests.small_release import cell, hidden

NAMES = {"peers": "More from peers", "managers": "More from managers"}
WHENS = {"wave-1": "Spring 2025", "wave-2": "Autumn 2025"}


def share(value, verdict="", **facts):
    around = {
        "low": value - 0.05, "high": value + 0.05, "printed": f"{100 * value:.0f} %",
        "expected": None, "lottery_low": None, "lottery_high": None,
    }  # fmt: skip
    return cell(value, verdict, **(around | facts))


def lines():
    return {
        code: [share(value, group=code, period="wave-1"), share(later, group=code, period="wave-2")]
        for code, value, later in (("peers", 0.4, 0.31), ("managers", 0.3, 0.30))
    }


def test_a_bar_carries_its_landmark_in_words_and_as_a_number():
    row, other = bar_rows(
        [share(0.54, "above", group="peers"), share(0.2, group="managers")],
        NAMES, {"peers": 0.53}, "index",
    )  # fmt: skip
    assert row["printed"] == "▲ 54 % · index 53\u202f%"
    assert row["landmark"] == 0.53
    assert (other["printed"], other["landmark"]) == ("20 %", None)


def test_a_hidden_bar_keeps_its_place_and_has_no_number():
    (row,) = bar_rows([hidden(group="peers")], NAMES, {})
    assert (row["estimate"], row["verdict"]) == (None, "hidden")


def test_only_the_last_point_of_a_line_carries_its_name():
    rows = line_rows(lines(), WHENS, NAMES)
    assert [row["words"] for row in rows] == [
        "", "More from peers 31 %", "", "More from managers 30 %"
    ]  # fmt: skip


def test_names_at_the_ends_of_lines_do_not_lie_on_each_other():
    rows = [row for row in line_rows(lines(), WHENS, NAMES) if row["words"]]
    ticks = line_ticks(line_rows(lines(), WHENS, NAMES))
    apart = abs(rows[0]["name_at"] - rows[1]["name_at"])
    assert apart >= 0.079 * (ticks[-1] - ticks[0])


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("gaps", [frozenset(), frozenset({"hidden", "undefined"})])
def test_specs_are_made_in_both_modes(mode, gaps):
    assert share_bars(3, gaps, mode)["layer"]
    assert shares_over_time((0.0, 0.5), tuple(WHENS.values()), gaps, mode)["layer"]
