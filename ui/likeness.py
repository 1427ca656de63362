"""Pairs of people who look like one: shown by where they came from, merged once confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from ui.processes import ask
from ui.words import counted, safe

MOST_SHOWN = 20
KNOWN, CHOSEN = "data_alike", "data_pair"

Pair = Mapping[str, str]


def forget_alike() -> None:
    """Ask anew who looks like one person, since something has changed."""
    st.session_state.pop(KNOWN, None)


def show_alike() -> None:
    """Ask about pairs that look like one person; show nothing where there are none."""
    if KNOWN not in st.session_state:
        st.session_state[KNOWN] = ask("connectors", "merge", "--suggest", "--format", "json").said
    pairs = st.session_state[KNOWN].get("alike", [])
    if not pairs:
        return
    with st.container(key="frame_alike"):
        st.header(f"{counted(len(pairs), 'pair looks', 'pairs look')} like one person")
        st.markdown(
            "An identifier of the one is an identifier of the other too. Until you confirm it, "
            "each is counted as a person. Making one of two cannot be undone."
        )
        shown = pairs[:MOST_SHOWN]
        chosen = [pair for number, pair in enumerate(shown) if _ask_pair(number, pair)]
        if len(pairs) > MOST_SHOWN:
            st.caption(f"The first {MOST_SHOWN} are shown; the others follow.")
        words = counted(len(chosen), "pair", "pairs")
        st.button(
            f"Make one person of each: {words}",
            key="data_merge",
            disabled=not chosen,
            on_click=_merge,
            args=(chosen,),
        )


def _ask_pair(number: int, pair: Pair) -> bool:
    sources = f"one from “{safe(pair['kept_source'])}”, one from “{safe(pair['other_source'])}”"
    key = f"{CHOSEN}_{pair['kept']}_{pair['other']}"
    return st.checkbox(f"Pair {number + 1}: {sources}", key=key)


def _merge(pairs: Sequence[Pair]) -> None:
    done, words = 0, ""
    bar = st.progress(0.0, "Making one person of each pair ...")
    for number, pair in enumerate(pairs, start=1):
        outcome = ask("connectors", "merge", pair["kept"], pair["other"], "--yes")
        done += outcome.ok
        words = words or safe(outcome.words)
        bar.progress(number / len(pairs), f"{number} of {len(pairs)} pairs")
    bar.empty()
    made = f"Made one person of each of {counted(done, 'pair', 'pairs')}."
    st.session_state.data_last = f"{made} {words}".strip()
    st.session_state.pop("data_health", None)
    forget_alike()
