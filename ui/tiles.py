"""The tiles of the first page: name, value, interval, trend, verdict in words; never more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

import streamlit as st

from charts.export import as_image
from charts.rows import drawn_verdict, series_rows, share_domain
from charts.sparks import hidden_strip, spark
from charts.theme import TOKENS, Mode
from release import Cell, Period
from ui.frame import mode
from ui.words import verdict_words

FIRST = "no earlier quarter to compare with"
FIRST_TO_LAST = "first to last"


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One sign of whether it works, with its series over quarters or waves."""

    sign: str
    """Its key, by which a target names it."""
    kind: str
    """The kind of its value; see `ui.target_words`."""
    name: str
    cells: tuple[Cell, ...]
    periods: tuple[Period, ...]
    against: tuple[tuple[str, str], ...]
    """Words of each verdict."""
    note: str
    change: Cell | None = None
    """What is judged, where that is not the last of the series: a change of the same people."""
    is_change: bool = False
    """Whether the change itself is the number of the tile, and not the last of the series."""
    target: str = ""
    """What is to be reached, in words."""

    @property
    def last(self) -> Cell | None:
        """Return the latest value that may be drawn."""
        return next((cell for cell in reversed(self.cells) if cell.is_drawn), None)

    @property
    def shown(self) -> Cell | None:
        """Return the value that the tile prints."""
        return self.change if self.is_change else self.last


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
    if last is None or (tile.is_change and not _is_drawn(tile.change)):
        return _nothing(tile, mode)
    judged = tile.change or last
    shown = tile.shown or last
    when = FIRST_TO_LAST if tile.is_change else periods[last.period].label
    words = verdict_words(judged, dict(tile.against)) or FIRST
    rows = series_rows(tile.cells, periods)
    if tile.change is not None:
        rows = [row | ({"verdict": drawn_verdict(judged)} if row["last"] else {}) for row in rows]
    low, high = share_domain(rows)
    picture = as_image(spark(low, high, len(rows), mode), rows)
    return (
        _head(tile.name, shown.printed, f"{when} · 95 %: {shown.interval}")
        + _image(picture, f"{tile.name}: {shown.printed}, {when}, {words}")
        + f"<p class='verdict' style='color:{_colour(judged, mode)}'>{escape(words)}</p>"
        + _note(tile)
    )


def _is_drawn(cell: Cell | None) -> bool:
    return cell is not None and cell.is_drawn


def _colour(cell: Cell, mode: Mode) -> str:
    """Return the colour of a verdict; only what is beyond noise has one."""
    return TOKENS[mode][{"above": "more", "below": "less"}.get(cell.verdict, "muted")]


def _nothing(tile: Tile, mode: Mode) -> str:
    """Return a tile without a number: why, and a hatched strip where there is one to hide."""
    without = tile.change if tile.is_change else next(reversed(tile.cells), None)
    if without is None:
        return f"{_head(tile.name, 'not asked', 'not in this release')}{_note(tile)}"
    drawn = ""
    if without.is_hidden:
        picture = as_image(hidden_strip(mode), [{"verdict": "hidden"}])
        drawn = _image(picture, f"{tile.name}: hidden, {without.reason}")
    return f"{_head(tile.name, without.printed, without.reason)}{drawn}{_note(tile)}"


def _note(tile: Tile) -> str:
    target = f"<p class='note'>{escape(tile.target)}</p>" if tile.target else ""
    return f"<p class='note'>{escape(tile.note)}</p>{target}"


def _head(name: str, value: str, below: str) -> str:
    return (
        f"<p class='name'>{escape(name)}</p><p class='value'>{escape(value)}</p>"
        f"<p class='note'>{escape(below)}</p>"
    )


def _image(address: str, words: str) -> str:
    return f"<img src='{address}' alt='{escape(words, quote=True)}'>"
