"""What the store holds: what came in, what was refused and why, how complete it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from ui.words import capital, grouped, listed, safe, written_date

Told = Mapping[str, Any]
"""The answer of ``connectors health --format json``."""

EXAMPLE = "ready"
"""What the account calls the import of the invented organisation."""
FEWEST = 10
FEW = f"fewer than {FEWEST}"
STATES = {
    "ok": "imported",
    "refused": "refused, nothing was imported",
    "running": "running",
    "abandoned": "broken off, nothing was imported",
    "undone": "undone",
}
REASONS_SHOWN = 20
DOUBTFUL = {
    "before_joining": "came before somebody in them had joined the cohort",
    "after_leaving": "came after somebody in them had left",
    "with_manager": "were between somebody and their own manager",
}
COUNTED = (
    "They count like all others. A day may be wrong at its source; where they are no conversations "
    "between peers, the setting `peers_only` keeps them out of who meets whom."
)
LEFT_OUT = "They are kept out of who meets whom, since the setting `peers_only` is on."


def holds_example(told: Told) -> bool:
    """Tell whether the store holds the invented organisation alone, and can let go of it."""
    names = [source["source"] for source in told.get("sources") or []]
    return names == [EXAMPLE] and bool(told.get("undoable"))


def health_answer(told: Told) -> str:
    """Return in one sentence what the store holds."""
    if not told.get("people"):
        return "Nothing has come in yet."
    if not told["conversations"]:
        offers = f" and {grouped(told['offers'])} offers" if told.get("offers") else ""
        return f"Weft holds {grouped(told['people'])} people{offers}, and no conversation yet."
    talks = f"{grouped(told['conversations'])} conversations of {grouped(told['people'])} people"
    return f"Weft holds {talks}{_until(told)}."


def _until(told: Told) -> str:
    """Return the day that pages are "as of", and how far beyond it plans go."""
    last, planned = told.get("last_conversation"), told.get("planned_until")
    until = f"planned until {written_date(planned[:10])}" if planned else ""
    if last:
        held = f"; the last to take place was on {written_date(last[:10])}"
        return f"{held}, and others are {until}" if until else held
    none = "; none of them is known to have taken place"
    return f"{none}, and they are {until}" if until else none


def show_health(told: Told) -> None:
    """Show the tables; nothing where nothing has come in."""
    sources = told.get("sources") or []
    if not sources:
        return
    with st.container(key="frame_sources"):
        st.header("What came in")
        st.caption("The last import of each source. The same file again changes nothing.")
        st.table(_sources(sources))
        _show_refusals(sources)
    if told.get("people"):
        with st.container(key="frame_coverage"):
            st.header(_coverage_finding(told))
            st.caption(
                "For how many people a group is known today. Who is unknown counts in totals, and "
                "in no comparison between groups."
            )
            if told["coverage"]:
                st.table(_coverage(told))
            if told["seats"]:
                st.caption(_seats(told))


def _sources(sources: Sequence[Told]) -> dict[str, list[str]]:
    """Return three columns, so that they fit on a phone."""
    return {
        "Source": [safe(source["source"]) for source in sources],
        "When": [_moment(source["started_at"]) for source in sources],
        "What became of it": [_outcome(source) for source in sources],
    }


def _outcome(source: Told) -> str:
    rows = source["rows"]
    counts = (("read", "read"), ("new", "new"), ("changed", "changed"), ("refused", "rejected"))
    words = ", ".join(f"{grouped(rows[name])} {word}" for word, name in counts if rows[name])
    state = STATES.get(source["status"], source["status"])
    return f"{capital(state)}: {words}" if words else capital(state)


def _moment(iso: str) -> str:
    moment = datetime.fromisoformat(iso)
    return f"{written_date(iso[:10])}, {moment:%H:%M} UTC"


def _show_refusals(sources: Sequence[Told]) -> None:
    found = [(source["source"], each) for source in sources for each in source["refused"]]
    if not found:
        return
    st.markdown("**Why rows were refused**")
    st.table(
        {
            "Where": [safe(f"{source}: {_place(each)}") for source, each in found[:REASONS_SHOWN]],
            "Rows": [grouped(each["rows"]) for _, each in found[:REASONS_SHOWN]],
            "Reason": [safe(each["message"]) for _, each in found[:REASONS_SHOWN]],
        }
    )
    if len(found) > REASONS_SHOWN:
        st.caption(f"And {len(found) - REASONS_SHOWN} more reasons.")


def _place(refusal: Told) -> str:
    return ", ".join(part for part in (refusal["table"], refusal["column"]) if part)


def too_early(told: Told) -> str:
    """Return what to do where people met before any group of anybody is known; empty elsewhere."""
    earlier = told.get("earlier") or 0
    if not earlier:
        return ""
    talks = told["conversations"] or told["offers"]
    what = "conversations" if told["conversations"] else "offers"
    how_many = (
        f"All {grouped(talks)}" if earlier == talks else f"{grouped(earlier)} of {grouped(talks)}"
    )
    return (
        f"**{how_many} {what} are older than {written_date(told['known_from'])}, the first day of "
        "which any group is known.** They count in totals and in no comparison between groups. If "
        "nothing has changed since, bring in the list of people again with an earlier day."
    )


def doubtful_talks(told: Told) -> str:
    """Return which conversations may be none between peers, and what becomes of them; or nothing.

    A few are never counted.
    """
    found = told.get("doubtful") or {}
    kinds = [(found[name], words) for name, words in DOUBTFUL.items() if found.get(name)]
    if not kinds:
        return ""
    parts = [f"{FEW if number < FEWEST else grouped(number)} {words}" for number, words in kinds]
    became = LEFT_OUT if told.get("peers_only") else COUNTED
    return f"**Of the conversations that took place, {listed(parts)}.** {became}"


def _coverage_finding(told: Told) -> str:
    if not told["coverage"]:
        return "No groups of people are known yet"
    if all(each["given"] == told["people"] for each in told["coverage"]):
        return "Every group is known for everybody"
    least = min(told["coverage"], key=lambda each: each["given"])
    return f"{capital(safe(least['label']))} is known least often"


def _coverage(told: Told) -> dict[str, list[str]]:
    people, attributes = told["people"], told["coverage"]
    unknown = [people - each["given"] - each["withheld"] for each in attributes]
    return {
        "Group": [safe(capital(each["label"])) for each in attributes],
        "Known": [_part(each["given"], people) for each in attributes],
        "Prefer not to say": [_part(each["withheld"], people) for each in attributes],
        "Unknown": [_part(number, people) for number in unknown],
    }


def _part(number: int, people: int) -> str:
    """Return a share; a few people are never counted."""
    if number == 0:
        return "nobody"
    if number < FEWEST:
        return FEW
    if people - number == 0:
        return "everybody"
    if people - number < FEWEST:
        return "nearly everybody"
    return f"{100 * number / people:.0f}\u202f%"


def _seats(told: Told) -> str:
    unmatched, seats = told["unmatched_seats"], told["seats"]
    if not unmatched:
        return "Every seat in a conversation belongs to a known person."
    number = FEW if unmatched < FEWEST else grouped(unmatched)
    return (
        f"{capital(number)} of {grouped(seats)} seats belong to nobody whom Weft knows: "
        "guests, telephones, or people missing from the list of people."
    )
