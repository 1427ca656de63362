"""Ask for what stands in no column of a file: its day, its time zone, whose it is."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any
from zoneinfo import available_timezones

import streamlit as st

from ui.words import capital, safe

Told = Mapping[str, Any]
NOT_A_CODE = re.compile(r"[^a-z0-9]+")
ORDERS = {"DMY": "day first: 03/04 is 3 April", "MDY": "month first: 03/04 is March 4"}
PARTS = {
    "organisation": "Name of the organisation",
    "programme": "Name of the programme",
    "cohort": "Name of the cohort",
    "instrument": "Name of the questionnaire",
    "wave": "Name of the moment at which people were asked",
}
NEEDED = {
    **{part: f"the {words[:1].lower()}{words[1:]}" for part, words in PARTS.items()},
    "as_of": "the day on which the file was true",
    "timezone": "the time zone of times without one",
    "date_order": "the order of dates",
}
ALWAYS = ("organisation", "programme", "cohort")
PARTS_OF = {"instrument": ("survey",), "wave": ("survey", "skills")}
DAY_HINTS = {
    "people": "What people were before that day counts as unknown. For conversations of the past, "
    "give a day before the first of them if hardly anything has changed since.",
    "pairs": "For pairs, the day on which they were put together.",
    "skills": "For ratings, the day on which they were given.",
}
"""What the day decides, by what a file holds."""
LOOKS_MISSING = frozenset(
    {"na", "n/a", "#n/a", "nan", "null", "none", "nil", "unknown", "-", "?", ".", "missing"}
)


def code_of(name: str) -> str:
    """Return a short code made of a name: small letters and figures, joined by _."""
    return NOT_A_CODE.sub("_", name.lower()).strip("_")[:60] or "column"


def still_needed(
    kind: Told, recognised: Told, targets: Collection[dict[str, Any] | None], details: Told
) -> list[str]:
    """Return in words what nobody has said yet, without which no row could be read."""
    given = {target["to"] for target in targets if target}
    parts = [
        part
        for part, fields in kind.get("needs", {}).items()
        if not details.get(part) and not given & set(fields)
    ]
    if "cohort" in given and "programme" not in given | set(details) | set(parts):
        # a cohort that nobody knows yet belongs to some programme
        parts.append("programme")
    if details.get("own_numbers") and "organisation" not in given | set(details) | set(parts):
        parts.append("organisation")
    if recognised.get("naive_times") and any(field.endswith("_at") for field in given):
        parts += [] if details.get("timezone") else ["timezone"]
    if recognised.get("dates") and not details.get("date_order"):
        parts.append("date_order")
    return [NEEDED[part] for part in parts]


def ask_details(proposed: Told, recognised: Told, special: bool) -> dict[str, Any]:
    """Ask for what stands in no column."""
    st.markdown("**What the file itself does not say.** Leave empty what does not apply.")
    found: dict[str, Any] = {}
    with st.grid(2, min_column_width=300):
        found["timezone"] = _ask_zone(proposed, bool(recognised.get("naive_times")))
        found["date_order"] = _ask_order(proposed, recognised.get("dates") or "")
        found["as_of"] = _ask_day(proposed)
        for part, words in PARTS.items():
            if part in ALWAYS or proposed["holds"] in PARTS_OF.get(part, ()):
                found[part] = _ask_part(part, words, proposed)
        found["own_numbers"] = st.checkbox(
            "Employee numbers are this organisation's own",
            value=bool(proposed.get("own_numbers")),
            key="data_own_numbers",
            help="Where two organisations may both have a number 1001. Say so in every file of "
            "theirs; mail addresses are the same person anywhere.",
        )
        found["missing"] = _ask_missing(recognised, proposed)
        if special:
            found["legal_basis"] = _ask_text(
                "legal_basis", "Why special categories may be processed, in one sentence", proposed
            )
    return {name: value for name, value in found.items() if value}


def _ask_missing(recognised: Told, proposed: Told) -> list[str]:
    """Ask which cells stand for nothing, where some look like it: they would become a group."""
    found = {cell for column in recognised["columns"] for cell, _ in column.get("values", ())}
    alike = sorted(cell for cell in found if cell.strip().casefold() in LOOKS_MISSING)
    if not alike:
        return list(proposed.get("missing") or ())
    return st.multiselect(
        "Cells that mean: nobody knows",
        alike,
        default=[cell for cell in proposed.get("missing") or () if cell in alike],
        placeholder="Choose; what is not chosen is a value like any other",
        key="data_missing",
    )


def _ask_zone(proposed: Told, needed: bool) -> str | None:
    zones, zone = sorted(available_timezones()), proposed.get("timezone")
    return st.selectbox(
        "Time zone of times without one",
        zones,
        index=zones.index(zone) if zone in zones else None,
        placeholder="Choose: times in the file have none" if needed else "Not needed here",
        key="data_zone",
    )


def _ask_order(proposed: Told, proof: str) -> str | None:
    orders, order = list(ORDERS), proposed.get("date_order")
    with st.container():
        chosen = st.selectbox(
            "Order of dates such as 03/04/2026",
            orders,
            index=orders.index(order) if order in orders else None,
            placeholder="Choose" if proof else "Not needed here",
            format_func=lambda each: ORDERS[each],
            key="data_order",
        )
        if proof:
            st.caption(safe(capital(proof)))
    return chosen


def _ask_day(proposed: Told) -> str:
    with st.container():
        day = _ask_text("as_of", "Day on which the file was true, as 2026-09-30", proposed)
        if proposed["holds"] in DAY_HINTS:
            st.caption(DAY_HINTS[proposed["holds"]])
    return day


def _ask_text(name: str, words: str, proposed: Told) -> str:
    return st.text_input(words, value=str(proposed.get(name) or ""), key=f"data_{name}").strip()


def _ask_part(part: str, words: str, proposed: Told) -> dict[str, Any] | None:
    was = proposed.get(part) or {}
    label = st.text_input(words, value=was.get("label") or "", key=f"data_{part}").strip()
    if not label:
        return dict(was) or None
    return {**was, "code": was.get("code") or code_of(label), "label": label}
