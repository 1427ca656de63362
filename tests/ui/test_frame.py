"""What stands round a picture: alternative text, foot, table and download."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from release import Cell, Release
from tests.small_release import cell, hidden, opened, periods, too_few, undefined
from ui.frame import Picture, _alternative, _csv, _foot, _table, span, standing
from ui.words import AGAINST_LOTTERY, safe

NAMES = {f"g{number}": name for number, name in enumerate(("Design", "Sales", "Support", "Law"))}
CELLS = (
    cell(1.18, "above", group="g0"),
    hidden(group="g1"),
    undefined(group="g2"),
    too_few(group="g3"),
)


def picture(cells: tuple[Cell, ...] = CELLS, **facts: object) -> Picture:
    base = {
        "key": "groups", "finding": "Mixing is above a lottery for R\\&D", "how_to_read": "So.",
        "spec": {}, "rows": [], "cells": cells, "names": NAMES, "by": "group",
        "against": AGAINST_LOTTERY, "behind": "120 people",
    }  # fmt: skip
    return Picture(**(base | facts))


def downloaded(shown: Picture, release: Release | None = None) -> list[list[str]]:
    text = _csv(shown, release or opened())()
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_a_screen_reader_hears_the_finding_and_two_values_without_markdown() -> None:
    assert _alternative(picture()) == (
        "Mixing is above a lottery for R&D. Design +18 %; Law +20 %. "
        "All values are in the table below."
    )


def test_a_picture_without_any_value_says_so() -> None:
    assert "No value is shown" in _alternative(picture((hidden(group="g1"),)))


def test_the_foot_tells_hidden_undefined_and_weak_apart() -> None:
    assert _foot(picture(rows=[{"group": "Design"}])) == (
        "120 people · Hatched: 1 value hidden (fewer than 10 people)"
        " · Empty: 1 value not defined (nobody could meet) · Hollow: 1 value too weak to judge"
    )


def test_what_shows_no_value_has_no_chart_and_no_word_on_its_marks() -> None:
    gone = picture((hidden(group="g1"), undefined(group="g2")), rows=[{"group": "Sales"}])
    assert not gone.has_chart
    assert _foot(gone).startswith("120 people · 1 value hidden (")
    assert "Empty" not in _foot(gone)


def test_the_foot_says_where_nothing_is_hidden() -> None:
    assert _foot(picture(CELLS[:1])) == "120 people · Nothing is hidden here"


def test_a_remark_that_is_a_sentence_ends_without_its_full_stop() -> None:
    for note in ("A lottery gives all.", safe("A lottery gives all.")):
        assert _foot(picture(CELLS[:1], note=note)) == (
            "120 people · A lottery gives all · Nothing is hidden here"
        )


def test_the_table_holds_the_published_strings_and_a_word_for_each_gap() -> None:
    table = _table(picture())
    assert table["Group"] == ["Design", "Sales", "Support", "Law"]
    assert table["Value"] == ["+18 %", "hidden", "not defined", "+20 %"]
    assert table["Verdict"] == ["▲ above a lottery", "hidden", "not defined", "○ too few to say"]


def test_a_download_names_release_date_and_thresholds() -> None:
    release = opened()
    first, second, heading, *rows = downloaded(picture(), release)
    assert first == [f"# Weft, release {release.contents.identity()}, as of 2026-09-23"]
    assert second == ["# values rest on at least 10 people, each hidden among at least 5"]
    assert heading == list(_table(picture()))
    assert len(rows) == len(CELLS)


def test_a_download_holds_what_the_table_shows_and_hidden_in_words() -> None:
    _, _, heading, *rows = downloaded(picture())
    table = _table(picture())
    assert rows == [list(row) for row in zip(*table.values(), strict=True)]
    assert rows[1][heading.index("Value")] == "hidden"


@pytest.mark.parametrize(
    "name",
    [
        "=cmd|' /C calc'!A0", "+1+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)",
        "\t=1", "\r=1", "\n=1", " =1+1", "＝1+1", "-5 years", "+1",
    ],
)  # fmt: skip
def test_a_name_that_a_spreadsheet_would_run_is_made_inert(name: str) -> None:
    # the beginnings that OWASP lists under "CSV injection"
    rows = downloaded(picture(CELLS[:1], names={"g0": name}))
    written = rows[3][0]
    if name == "+1":
        assert written == name  # a plain number is one whoever reads it
    else:
        assert written == f"'{name}"


def test_a_printed_number_is_not_changed() -> None:
    for words in ("+18 %", "+12 to +24 %", "+4 to −1 %", "−3 %", "+1 204 %", "+3 % per quarter"):
        rows = downloaded(picture((replace(CELLS[0], interval=words),)))
        assert rows[3][2] == words


def test_every_page_says_as_of_when_and_for_whom() -> None:
    badges = " ".join(standing(opened()))
    assert "as of 23 September 2026" in badges
    assert "Example \\& Sons" in badges


def test_lowered_protection_is_said_on_every_page() -> None:
    badges = " ".join(standing(opened(lowered="yes", minimum_people="5", minimum_effective="3")))
    assert "protection lowered: 5 people, hidden among 3" in badges
    assert "lowered" not in " ".join(standing(opened()))


def test_an_older_release_in_place_of_a_damaged_one_is_said() -> None:
    release = Release(opened().contents, instead_of=("abc",))
    assert "damaged" in " ".join(standing(release))


def test_the_time_covered_names_its_first_and_last_quarter() -> None:
    assert span(opened()) == "Q4 2025 to Q2 2026"
    assert span(opened(quarters=("2026-Q1",))) == "Q1 2026"
    assert span(opened(quarters=())) == ""
    assert periods(())[0].label == "All quarters"
