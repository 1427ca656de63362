"""The rows of a file that do not fit: where, why, and as a list to take away."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

import streamlit as st

from ui.frame import inert
from ui.words import grouped, safe

REASONS_SHOWN = 20
ROWS_SHOWN = 5

Told = Mapping[str, Any]


def show_rejected(rejected: list[Told]) -> None:
    """Show one line a reason, with the first rows; and offer all of them as a file."""
    if not rejected:
        st.caption("Every row fits.")
        return
    groups: dict[tuple[str, str], list[int]] = {}
    for row in rejected:
        rows = groups.setdefault((row["column"], row["message"]), [])
        if row["row_number"] is not None:
            rows.append(row["row_number"])
    shown = list(groups.items())[:REASONS_SHOWN]
    st.markdown("**Rows that do not fit**")
    st.table(
        {
            "Column": [safe(column) for (column, _), _ in shown],
            "Rows": [_numbers(rows) for _, rows in shown],
            "Reason": [safe(message) for (_, message), _ in shown],
        }
    )
    st.download_button(
        "Download the list of rejected rows",
        data=_rejected_csv(rejected),
        file_name="rejected-rows.csv",
        mime="text/csv",
        on_click="ignore",
        key="data_rejected",
    )


def _numbers(rows: list[int]) -> str:
    if not rows:
        return "the file"
    first = ", ".join(str(row) for row in rows[:ROWS_SHOWN])
    return (
        f"{first} and {grouped(len(rows) - ROWS_SHOWN)} more" if len(rows) > ROWS_SHOWN else first
    )


def _rejected_csv(rejected: list[Told]) -> str:
    """Return row numbers, columns and reasons; no cell of the file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("table", "row", "column", "reason"))
    for row in rejected:
        place = (row["table"], row["row_number"] or "", row["column"], row["message"])
        writer.writerow([inert(str(value)) for value in place])
    return text.getvalue()
