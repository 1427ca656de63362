"""Targets in words: how far the published value with its interval is from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from plans import Target
from release import Cell
from tests.small_release import QUARTERS, cell, hidden
from tests.ui.test_headlines import reach, released
from ui.signs import signs
from ui.target_words import as_kept, as_typed, target_words, written_value

AS_OF, BY = date(2026, 9, 23), date(2027, 3, 31)


def target(value: float, by: date = BY, sign: str = "participation_rate") -> Target:
    return Target(sign=sign, value=value, by=by, set_on=date(2026, 1, 1))


def rate() -> Cell:
    """Return 70 %, from 65 to 75 %."""
    return replace(cell(0.7), low=0.65, high=0.75)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.60, "target 60 % by 31 March 2027: reached"),
        (0.65, "target 65 % by 31 March 2027: reached"),
        (0.68, "target 68 % by 31 March 2027: reached, though within noise"),
        (0.72, "target 72 % by 31 March 2027: not yet, though within noise"),
        (0.80, "target 80 % by 31 March 2027: not yet"),
    ],
)
def test_the_interval_decides_whether_a_target_is_reached(value: float, words: str) -> None:
    said = target_words(rate(), target(value), "share", AS_OF)
    assert said.replace("\u202f", " ") == words


def test_after_its_day_a_target_is_reached_or_not() -> None:
    late, past = target(0.8, by=date(2026, 6, 30)), target(0.6, by=date(2026, 6, 30))
    assert target_words(rate(), late, "share", AS_OF).endswith(": not reached in time")
    assert target_words(rate(), past, "share", AS_OF).endswith(": reached")


def test_without_a_value_the_target_stands_alone() -> None:
    for nothing in (None, hidden()):
        said = target_words(nothing, target(0.8), "share", AS_OF)
        assert said.endswith("by 31 March 2027")


@pytest.mark.parametrize(
    ("kind", "value", "written", "typed"),
    [
        ("share", 0.65, "65 %", 65.0),
        ("ratio", 1.15, "+15 %", 15.0),
        ("ratio", 0.9, "−10 %", -10.0),
        ("change", 0.2, "+0.20 points", 0.2),
        ("level", 3.8, "3.80", 3.8),
    ],
)
def test_values_are_written_and_typed_as_a_reader_does(kind, value, written, typed) -> None:
    assert written_value(value, kind).replace("\u202f", " ") == written
    assert as_typed(value, kind) == typed
    assert as_kept(typed, kind) == pytest.approx(value)


def test_where_one_sign_has_a_target_the_others_say_that_they_have_none() -> None:
    release = released(*reach("noise", "noise", "noise"))
    assert QUARTERS[-1] == "2026-Q2"
    assert {tile.target for tile in signs(release, "function")} == {""}
    first, *others = signs(release, "function", {"participation_rate": target(0.8)})
    assert first.target.startswith("target 80")
    assert {tile.target for tile in others} == {"no target set"}
    elsewhere = signs(release, "function", {"cross_group_ratio.gender": target(1.2)})
    assert {tile.target for tile in elsewhere} == {""}
