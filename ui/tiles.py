"""The tiles of the first page: name, value, interval, trend, verdict in words; never more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

import streamlit as st

from charts.export import as_image
from charts.rows import series_rows, share_domain
from charts.sparks import hidden_strip, spark
from charts.theme import TOKENS, Mode
from release import Cell, Period
from ui.frame import mode
from ui.words import verdict_words

FIRST = "no earlier quarter to compare with"


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One sign of whether it works, with its series over the quarters."""

    name: str
    cells: tuple[Cell, ...]
    periods: tuple[Period, ...]
    against: tuple[tuple[str, str], ...]
    """Words of each verdict."""
    note: str

    @property
    def last(self) -> Cell | None:
        """Return the latest value that may be drawn."""
        return next((cell for cell in reversed(self.cells) if cell.is_drawn), None)


def show_tiles(tiles: Sequence[Tile]) -> None:
    """Draw the tiles: four in a row, two by two on a phone.

    They are one element with four small images: as elements of their own they made up most of what
    the first page cost.
    """
    st.html(_all(tuple(tiles), mode()))


@lru_cache(maxsize=16)
def _all(tiles: tuple[Tile, ...], mode: Mode) -> str:
    written = "".join(f"<div class='tile'>{_tile(tile, mode)}</div>" for tile in tiles)
    return f"<div class='tiles'>{written}</div>"


def _tile(tile: Tile, mode: Mode) -> str:
    periods = {period.key: period for period in tile.periods}
    last = tile.last
    if last is None:
        return _nothing(tile, mode)
    period = periods[last.period].label
    words = verdict_words(last, dict(tile.against))
    rows = series_rows(tile.cells, periods)
    low, high = share_domain(rows)
    picture = as_image(spark(low, high, len(rows), mode), rows)
    return (
        _head(tile.name, last.printed, f"{period} · 95 %: {last.interval}")
        + _image(picture, f"{tile.name}: {last.printed} in {period}, {words or FIRST}")
        + f"<p class='verdict' style='color:{_colour(last, mode)}'>{escape(words or FIRST)}</p>"
        + f"<p class='note'>{escape(tile.note)}</p>"
    )


def _colour(cell: Cell, mode: Mode) -> str:
    """Return the colour of a verdict; only what is beyond noise has one."""
    return TOKENS[mode][{"above": "more", "below": "less"}.get(cell.verdict, "muted")]


def _nothing(tile: Tile, mode: Mode) -> str:
    word = tile.cells[-1].printed if tile.cells else "not asked"
    reason = tile.cells[-1].reason if tile.cells else "not in this release"
    drawn = ""
    if tile.cells and tile.cells[-1].is_hidden:
        picture = as_image(hidden_strip(mode), [{"verdict": "hidden"}])
        drawn = _image(picture, f"{tile.name}: hidden, {reason}")
    return f"{_head(tile.name, word, reason)}{drawn}<p class='note'>{escape(tile.note)}</p>"


def _head(name: str, value: str, below: str) -> str:
    return (
        f"<p class='name'>{escape(name)}</p><p class='value'>{escape(value)}</p>"
        f"<p class='note'>{escape(below)}</p>"
    )


def _image(address: str, words: str) -> str:
    return f"<img src='{address}' alt='{escape(words, quote=True)}'>"
