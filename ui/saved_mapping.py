"""A mapping that was kept: applied to the next file of its kind, or opened to be changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ui.words import safe, written_date

Told = Mapping[str, Any]


def ask_saved(saved: Told) -> dict[str, Any] | None:
    """Say which mapping is applied, and ask what changes from file to file; None until said."""
    name, kept = safe(saved["name"]), written_date(saved["kept_on"])
    st.markdown(f"**Recognised: your mapping “{name}” of {kept}.** Nothing needs to be matched.")
    if saved["new_columns"]:
        columns = ", ".join(safe(column) for column in saved["new_columns"])
        st.caption(f"New in this file, and not read: {columns}.")
    st.button("Change the mapping", key="data_change", on_click=_change)
    mapping = dict(saved["mapping"])
    if "as_of" not in mapping:
        return mapping
    # the day of the last file would date what changed since back to it
    words = f"Day on which this file was true, as 2026-09-30 (the last one: {mapping['as_of']})"
    mapping["as_of"] = st.text_input(words, key="data_as_of").strip()
    return mapping if mapping["as_of"] else None


def _change() -> None:
    st.session_state.data_changing = True


def as_saved(recognised: Told) -> dict[str, Any]:
    """Return what was recognised, with the meanings that the kept mapping gives the columns."""
    saved = recognised["saved"]
    mapping, new = saved["mapping"], set(saved["new_columns"])
    columns = [
        column if column["name"] in new else _as_kept(column, mapping)
        for column in recognised["columns"]
    ]
    return {**recognised, "mapping": mapping, "columns": columns}


def _as_kept(column: Told, mapping: Told) -> dict[str, Any]:
    target = mapping["columns"].get(column["name"])
    first = target[0] if isinstance(target, list) else target
    return {
        **column,
        "to": first["to"] if first else None,
        "target": first,
        "certainty": "certain",
        "reason": "as in your mapping",
    }
