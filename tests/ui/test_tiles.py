"""The tiles of the first page: what stands in them, and that names stay words."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from release import Cell
from tests.small_release import cell, hidden, opened
from ui.tiles import Tile, _all
from ui.words import AGAINST_LOTTERY

MARKUP = """<script>alert(1)</script>"x' onerror='alert(1)"""


class Reader(HTMLParser):
    """Collects the elements and attributes of a text."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember an element."""
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        """Remember words."""
        self.words += data + "\n"


def read(*cells: Cell, name: str = "Connection", note: str = "against a lottery") -> Reader:
    tile = Tile(
        sign="cross_group_ratio.function",
        kind="ratio",
        name=name,
        cells=cells,
        periods=tuple(opened().periods.values()),
        against=tuple(AGAINST_LOTTERY.items()),
        note=note,
    )
    reader = Reader()
    reader.feed(_all((tile,), "light"))
    return reader


@pytest.mark.parametrize("cells", [(cell(1.18, "above"),), (hidden(),), ()])
def test_markup_in_a_name_stays_words(cells: tuple[Cell, ...]) -> None:
    found = read(*cells, name=MARKUP, note=MARKUP)
    assert found.elements <= {"div", "p", "img"}
    assert found.attributes <= {"class", "style", "src", "alt"}
    assert found.words.count(MARKUP) == 2


def test_a_tile_says_value_interval_and_verdict() -> None:
    shown = cell(1.18, "above")
    words = read(shown).words
    assert shown.printed in words
    assert shown.interval in words
    assert "▲ above a lottery" in words


def test_a_hidden_tile_draws_no_number() -> None:
    found = read(hidden())
    assert hidden().printed in found.words
    assert "%" not in found.words
