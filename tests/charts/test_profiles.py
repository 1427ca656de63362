"""The grid of kinds and habits: what is drawn, and nothing of what is hidden."""

from __future__ import annotations

from charts.profiles import kind_rows, kinds_grid
from charts.rows import as_table
from tests.charts.test_rows import ALLOWED
from tests.small_release import cell, hidden

HABITS = {"feedback": "Feedback", "silence": "Met lately"}


def rows() -> list[dict]:
    high = cell(0.8, "above", printed="80 %", phrase="high")
    bound = cell(0.97, "noise", printed="over 95 %", phrase="typical")
    kinds = {
        "kind-1": {"feedback": high, "silence": bound},
        "kind-2": {"feedback": hidden(), "silence": cell(0.3, "below", printed="30 %")},
    }
    return kind_rows(kinds, {"kind-1": "One: 60 %", "kind-2": "Two: 40 %"}, HABITS)


def test_each_kind_has_one_row_per_habit_and_its_name_once() -> None:
    found = rows()
    assert [(row["order"], row["column"], row["first"]) for row in found] == [
        (0, "Feedback", True), (0, "Met lately", False),
        (1, "Feedback", True), (1, "Met lately", False),
    ]  # fmt: skip


def test_a_level_is_said_by_sign_and_a_bound_by_its_number() -> None:
    words = [row["words"] for row in rows()]
    assert words == ["▲ 80 %", ">\u202f95 %", "hidden", "▼ 30 %"]
    assert next(row["few_words"] for row in rows()) == "▲ 80"


def test_what_is_hidden_has_no_number() -> None:
    veiled = [row for row in rows() if row["verdict"] == "hidden"]
    assert [row["estimate"] for row in veiled] == [None]


def test_the_browser_receives_published_columns_only() -> None:
    assert set(as_table(rows()).column_names) <= ALLOWED


def test_many_habits_are_written_without_their_unit() -> None:
    few = str(kinds_grid(("a", "b"), 2, False, "light"))
    many = str(kinds_grid(tuple("abcdef"), 2, True, "dark"))
    assert "few_words" not in few
    assert "few_words" in many
    assert "hidden" in many
