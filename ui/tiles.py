"""The tiles of the first page: name, value, interval, trend, verdict in words; never more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from charts.rows import as_table, series_rows, share_domain
from charts.sparks import hidden_strip, spark
from release import Cell, Release
from ui.frame import mode
from ui.words import coloured, safe, verdict_words

FIRST = "no earlier quarter to compare with"


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One sign of whether it works, with its series over the quarters."""

    key: str
    name: str
    cells: Sequence[Cell]
    against: dict[str, str]
    note: str


def show_tiles(tiles: Sequence[Tile], release: Release) -> None:
    """Draw the tiles: four in a row, two by two on a phone."""
    with st.grid(len(tiles), min_column_width=150, gap="medium"):
        for tile in tiles:
            with st.container(key=f"tile_{tile.key}"):
                _show(tile, release)


def _show(tile: Tile, release: Release) -> None:
    last = next((cell for cell in reversed(tile.cells) if cell.is_drawn), None)
    st.markdown(f"**{tile.name}**")
    if last is None:
        _show_nothing(tile)
        return
    period = release.periods[last.period].label
    with st.container(key=f"value_{tile.key}"):
        st.markdown(last.printed)
    st.caption(f"{safe(period)} · 95 %: {last.interval}")
    rows = series_rows(tile.cells, release.periods)
    low, high = share_domain(rows)
    st.vega_lite_chart(
        as_table(rows),
        spark(low, high, len(rows), mode()),
        theme=None,
        key=f"spark_{tile.key}",
        alt=f"{tile.name}: {last.printed} in {period}, {verdict_words(last, tile.against)}",
    )
    words = verdict_words(last, tile.against) or FIRST
    st.markdown(coloured(words, last.verdict))
    st.caption(tile.note)


def _show_nothing(tile: Tile) -> None:
    reason = tile.cells[-1].reason if tile.cells else "not in this release"
    word = tile.cells[-1].printed if tile.cells else "not asked"
    with st.container(key=f"value_{tile.key}"):
        st.markdown(f":gray[{word}]")
    st.caption(reason)
    if tile.cells and tile.cells[-1].is_hidden:
        st.vega_lite_chart(
            as_table([{"verdict": "hidden"}]),
            hidden_strip(mode()),
            theme=None,
            key=f"spark_{tile.key}",
            alt=f"{tile.name}: hidden, {reason}",
        )
    st.caption(tile.note)
