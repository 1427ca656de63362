"""Setting a target for a sign of the first page, by those who bring data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import streamlit as st

from access import Viewer
from plans import BookDamaged, PlanError, Target, Targets
from settings import load
from ui.target_words import LEVEL, RATIO, SHARE, as_kept, as_typed, written_value
from ui.tiles import Tile
from ui.words import safe, written_date

HEADING = "Set a target"
WHY = (
    "A target stands under its sign, with what the published value and its interval say of it. "
    "Targets stay on this computer, apart from the data."
)
UNITS = {SHARE: "per cent", RATIO: "per cent more than by lottery", LEVEL: "points of the scale"}
POINTS = "points gained"
A_YEAR = timedelta(days=365)
DATES = "YYYY-MM-DD"
SAID = "targets_said"


def read_targets() -> dict[str, Target]:
    """Return the target of each sign; says where the file is damaged."""
    try:
        return Targets(load().home).by_sign()
    except BookDamaged as error:
        st.caption(safe(str(error)))
        return {}


def show_targets(tiles: Sequence[Tile], viewer: Viewer, targets: dict[str, Target]) -> None:
    """Offer to set, change or drop a target, to those who may."""
    if not viewer.may_open("data"):
        return
    panel = st.expander(HEADING, key="targets", on_change="rerun")
    if not panel.open:
        return
    with panel:
        st.caption(WHY)
        names = {tile.sign: tile.name for tile in tiles}
        sign = st.selectbox("Sign", list(names), format_func=names.__getitem__, key="target_sign")
        tile = next(tile for tile in tiles if tile.sign == sign)
        _ask(tile, targets.get(sign))
        _list(tiles, targets)
    if SAID in st.session_state:
        st.error(st.session_state.pop(SAID))


def _ask(tile: Tile, known: Target | None) -> None:
    shown = tile.shown
    start = known.value if known else shown.estimate if shown is not None else None
    unit, is_share = UNITS.get(tile.kind, POINTS), tile.kind in (SHARE, RATIO)
    with st.form(f"target_{tile.sign}", border=False):
        with st.container(horizontal=True):
            typed = st.number_input(
                f"Target, in {unit}",
                value=None if start is None else as_typed(start, tile.kind),
                step=1.0 if is_share else 0.05,
                format="%.0f" if is_share else "%.2f",
            )
            by = st.date_input("By", known.by if known else date.today() + A_YEAR, format=DATES)
        if st.form_submit_button("Set this target"):
            _keep(tile, typed, by)


def _keep(tile: Tile, typed: float | None, by: date | None) -> None:
    try:
        if typed is None or by is None:
            raise PlanError("A target needs a number and a day.")
        value = as_kept(typed, tile.kind)
        Targets(load().home).keep(Target(sign=tile.sign, value=value, by=by, set_on=date.today()))
    except (PlanError, OSError) as error:
        st.error(_words(error))
        return
    st.rerun()


def _list(tiles: Sequence[Tile], targets: dict[str, Target]) -> None:
    """List the targets of these signs, each with a way to drop it."""
    for tile in tiles:
        target = targets.get(tile.sign)
        if target is None:
            continue
        with st.container(horizontal=True, vertical_alignment="center"):
            value, by = written_value(target.value, tile.kind), written_date(target.by.isoformat())
            st.markdown(f"{safe(tile.name)}: {safe(value)} by {by}")
            st.button("Drop", key=f"drop_{tile.sign}", on_click=_drop, args=(target,))


def _drop(target: Target) -> None:
    try:
        Targets(load().home).keep(replace(target, dropped=True))
    except (PlanError, OSError) as error:
        st.session_state[SAID] = _words(error)


def _words(error: PlanError | OSError) -> str:
    if isinstance(error, PlanError):
        return safe(str(error))
    return safe(f"The target could not be written down: {error.strerror or 'the disk says no'}.")
