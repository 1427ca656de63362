"""What is wrong or odd about pairs, conversations and attendance, before rows are made of them."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame, Series

from connectors.contract import Rejected, message
from connectors.mapping.preparing import ROW, Prepared
from connectors.mapping.rows import Tables

LARGEST_CIRCLE = 12
LONG_TALK = 4 * 3600
"""Seconds; a conversation that is longer may be a day of work that somebody forgot to end."""


def self_pairs(prepared: Prepared) -> tuple[Series, list[Rejected]]:
    """Return the rows that name one person twice, and the reasons."""
    rows = Series(False, index=prepared.rows.index)
    people = [prepared.rows[f"person {n}"] for n in range(1, len(prepared.seats) + 1)]
    for number, one in enumerate(people):
        for other in people[number + 1 :]:
            rows |= one.ne("") & one.eq(other)
    words = message(
        "one person stands twice in the row",
        "different people",
        "A conversation needs two; correct the row.",
    )
    table = "match" if prepared.mapping.holds == "pairs" else "conversation"
    numbers = prepared.rows.loc[rows, ROW]
    return rows, [Rejected(table, int(n), "", "self_pair", words) for n in numbers]


def odd_lengths(prepared: Prepared) -> tuple[str, ...]:
    """Return notes on conversations of no length, and of very much."""
    seconds = pd.to_numeric(prepared.column("duration"), errors="coerce")
    nothing = "conversations without a minute, kept without a length and with weaker evidence"
    found = (
        (nothing, int((seconds == 0).sum())),
        ("conversations of more than 4 hours (were they ended?)", int((seconds > LONG_TALK).sum())),
    )
    return tuple(f"{words}: {count:,}" for words, count in found if count)


def backward_stays(prepared: Prepared) -> tuple[Series, list[Rejected]]:
    """Return the rows in which somebody went before coming, and the reasons."""
    joined, left = (
        pd.to_datetime(cells.mask(cells.eq("")), utc=True)
        for cells in (prepared.column("joined_at"), prepared.column("left_at"))
    )
    rows = left < joined
    words = message(
        "the person went before coming", "joined_at or later", "Correct one of the two times."
    )
    numbers = prepared.rows.loc[rows, ROW]
    table = "conversation_participant"
    return rows, [Rejected(table, int(n), "", "ends_before_start", words) for n in numbers]


def large_circles(tables: Tables) -> tuple[str, ...]:
    """Return a note where many people sat in one conversation."""
    seats = tables.get("conversation_participant", DataFrame({"conversation_id": []}))
    large = int((seats["conversation_id"].value_counts() > LARGEST_CIRCLE).sum())
    words = f"conversations of more than {LARGEST_CIRCLE} people (are they classes?): {large:,}"
    return (words,) if large else ()
