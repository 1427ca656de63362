"""Pairs, conversations and attendance, out of lists that name two people or one a row."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas import DataFrame, Series

from connectors.mapping.people import attributes
from connectors.mapping.preparing import Prepared
from connectors.mapping.rows import (
    Tables,
    cohort_of,
    cohorts_in_file,
    defined,
    key_of,
    table_of,
    together,
)
from connectors.once import TEXT, arrow_of, series_of

SAME_TALK = pd.Timedelta(minutes=45)
KEYED_TO = "15min"
STRONG = ("attendance", "both_reported", "one_reported")
MARKED = "platform_marked"
"""How we know of a conversation without a minute: somebody has marked it, and no more."""


def pairs(prepared: Prepared) -> Tables:
    """Return offers and their members."""
    m = prepared.mapping
    cohort, round_no = cohort_of(prepared), prepared.column("round", "1")
    offered = prepared.column("offered_at", "" if m.as_of is None else f"{m.as_of}T12:00:00Z")
    keys = prepared.column("match")
    made = key_of("match", cohort, round_no, _people_of_pair(prepared))
    keys = keys.mask(keys.eq(""), made)
    match = table_of(
        prepared,
        match_id=keys,
        cohort_id=cohort,
        round_no=round_no,
        offered_at=offered,
        status=prepared.column("status", "unknown"),
    )
    members = [
        {"match_member": _seats(prepared, keys, number, {"match_id": keys})}
        for number in range(1, len(prepared.seats) + 1)
    ]
    return together(
        [
            defined(prepared),
            cohorts_in_file(prepared),
            *attributes(prepared, _sides(prepared)),
            {"match": _one_a_key(match, prepared.column("match"))},
            *members,
        ]
    )


def conversations(prepared: Prepared) -> Tables:
    """Return conversations and their seats; what both of two people reported is one."""
    merged, evidence = _one_a_talk(prepared)
    programme = prepared.mapping.programme
    rows = table_of(
        prepared,
        conversation_id=merged,
        programme_id=prepared.column("programme", programme.code if programme else ""),
        cohort_id=cohort_of(prepared),
        match_id=prepared.column("match"),
        scheduled_start_at=prepared.column("scheduled_start_at"),
        actual_start_at=prepared.column("actual_start_at"),
        tz=prepared.mapping.timezone or "UTC",
        status=prepared.column("status", "completed"),
        evidence=_lowered(evidence, prepared.column("duration")),
        mode=prepared.column("mode", "unknown"),
        topic_code=prepared.column("topic"),
        duration_s=_without_nothing(prepared.column("duration")),
    )
    people = {n: prepared.rows[f"person {n}"] for n in range(1, len(prepared.seats) + 1)}
    seats = [
        _seats(prepared, merged, n, {"conversation_id": merged}).assign(
            unnamed=np.where(people[n].eq(""), str(n), "")
        )
        for n in people
    ]
    seated = pd.concat(seats, ignore_index=True)
    seated = seated.drop_duplicates(["conversation_id", "person_id", "unnamed"])
    # in the order of the pseudonyms, so that another order in the file numbers the seats alike
    seated = seated.iloc[_by_meeting(seated["conversation_id"], seated["person_id"])]
    seated["slot"] = _slots(seated["conversation_id"])
    came = rows.drop_duplicates("conversation_id").set_index("conversation_id")["status"]
    seated["attended"] = (
        seated["conversation_id"]
        .map(came.map({"completed": "yes", "no_show": "no"}).fillna("unknown"))
        .astype("str")
    )
    return together(
        [
            defined(prepared),
            cohorts_in_file(prepared),
            *attributes(prepared, _sides(prepared)),
            {"conversation": _one_a_key(rows, prepared.column("conversation"))},
            {"conversation_participant": seated.drop(columns="unnamed")},
        ]
    )


def attendance(prepared: Prepared) -> Tables:
    """Return meetings out of who was there from when to when; rejoining makes several rows."""
    joined = prepared.column("joined_at")
    start = prepared.column("actual_start_at")
    start = start.mask(start.eq(""), joined)
    meeting = key_of("meeting", prepared.column("meeting"))
    first = start.mask(start.eq("")).groupby(meeting).transform("min").fillna("").astype("str")
    keys = key_of("attendance", prepared.column("meeting"), first)
    person = prepared.rows["person 1"]
    guest = prepared.column("guest")
    who = person.mask(person.eq(""), "guest " + guest)
    seats = table_of(prepared, conversation_id=keys, who=who, person_id=person)
    seats = seats.drop_duplicates(["conversation_id", "who"])
    seats = seats.iloc[_by_meeting(seats["conversation_id"], seats["person_id"], seats["who"])]
    seats["slot"] = _slots(seats["conversation_id"])
    count = keys.map(seats["conversation_id"].value_counts())
    programme = prepared.mapping.programme
    lengths = _lengths(prepared, keys, first)
    evidence = Series("attendance", index=keys.index)
    talks = table_of(
        prepared,
        conversation_id=keys,
        programme_id=prepared.column("programme", programme.code if programme else ""),
        cohort_id=cohort_of(prepared),
        actual_start_at=first,
        tz=prepared.mapping.timezone or "UTC",
        status=Series(np.where(count >= 2, "completed", "no_show"), index=keys.index),
        evidence=_lowered(evidence, lengths),
        mode="online",
        duration_s=_without_nothing(lengths),
    )
    return together(
        [
            defined(prepared),
            cohorts_in_file(prepared),
            {"conversation": talks.drop_duplicates("conversation_id")},
            {"conversation_participant": seats.drop(columns="who").assign(attended="yes")},
        ]
    )


def _lowered(evidence: Series, seconds: Series) -> Series:
    """Return what is known of conversations; those without a minute were marked at the most."""
    return evidence.mask(seconds.eq("0") & evidence.isin(STRONG), MARKED)


def _without_nothing(seconds: Series) -> Series:
    return seconds.mask(seconds.eq("0"), "")


def _one_a_key(rows: DataFrame, given: Series) -> DataFrame:
    """Keep one row a key that was made here; where the file's own keys contradict, keep all."""
    return rows[given.ne("") | ~rows.duplicated(rows.columns[0])]


def _sides(prepared: Prepared) -> dict[int, Series]:
    return {n: prepared.rows[f"person {n}"] for n in range(1, min(2, len(prepared.seats)) + 1)}


def _sorted_people(prepared: Prepared) -> Series:
    people = [arrow_of(prepared.rows[f"person {n + 1}"]) for n in range(len(prepared.seats))]
    for last in range(len(people) - 1, 0, -1):
        for n in range(last):
            # the later one of two neighbours moves on, row by row
            low, high = people[n : n + 2]
            people[n : n + 2] = pc.min_element_wise(low, high), pc.max_element_wise(low, high)
    joined = pc.binary_join_element_wise(*people, pa.scalar("-", TEXT))
    return series_of(joined, prepared.rows["person 1"])


def _people_of_pair(prepared: Prepared) -> Series:
    if len({seat.role for seat in prepared.seats}) == 1:
        return _sorted_people(prepared)
    # two people who mentor each other are two pairs
    names = [f"person {n}" for n in range(1, len(prepared.seats) + 1)]
    return prepared.rows[names[0]].str.cat([prepared.rows[n] for n in names[1:]], sep="-")


def _seats(prepared: Prepared, keys: Series, number: int, key: dict[str, Series]) -> DataFrame:
    person = prepared.rows[f"person {number}"]
    role = prepared.seats[number - 1].role or "peer"
    # an empty name in a pair is nobody; in a conversation it is a seat without a name
    return table_of(prepared, person.ne("") | ("match_id" not in key), **key, person_id=person,
                    role=role)  # fmt: skip


def _one_a_talk(prepared: Prepared) -> tuple[Series, Series]:
    given = prepared.column("evidence", "one_reported")
    keys = prepared.column("conversation")
    start = prepared.column("actual_start_at")
    start = start.mask(start.eq(""), prepared.column("scheduled_start_at"))
    people = _sorted_people(prepared)
    table = DataFrame(
        {
            "people": _number_of(people),
            "first": _number_of(prepared.rows["person 1"]),
            "start": pd.to_datetime(start, errors="coerce", utc=True, format="ISO8601"),
            "programme": _number_of(prepared.column("programme")),
        }
    ).sort_values(["programme", "people", "start"], kind="stable")
    same_pair = table["people"].eq(table["people"].shift()) & table["programme"].eq(
        table["programme"].shift()
    )
    near = (table["start"] - table["start"].shift()) <= SAME_TALK
    # two entries by the same person are two talks, however near
    swapped = table["first"].ne(table["first"].shift())
    identical = table["start"].eq(table["start"].shift()) & ~swapped
    follows = same_pair & ((near & swapped) | identical)
    group = (~follows).cumsum()
    began = table.groupby(group)["start"].transform("min").dt.floor(KEYED_TO)
    both = swapped & follows
    both = both.groupby(group).transform("any").reindex(given.index)
    text = began.dt.strftime("%Y-%m-%dT%H:%MZ").fillna("").reindex(given.index).astype("str")
    programme = prepared.mapping.programme
    where = prepared.column("programme", programme.code if programme else "")
    made = key_of("conversation", where, people, text)
    merged = keys.mask(keys.eq(""), made)
    evidence = given.mask(both & given.eq("one_reported") & keys.eq(""), "both_reported")
    return merged, evidence


def _by_meeting(meeting: Series, *people: Series) -> np.ndarray:
    """Return the order of meetings together, and within each of people by their pseudonyms."""
    ranks = [pd.factorize(person, sort=True)[0] for person in people]
    return np.lexsort((*reversed(ranks), _number_of(meeting)))


def _slots(meeting: Series) -> Series:
    return (meeting.groupby(_number_of(meeting)).cumcount() + 1).astype("str")


def _number_of(cells: Series) -> Series:
    """Return a whole number for each different cell: faster to sort and compare than text."""
    return Series(pd.factorize(cells)[0], index=cells.index)


def _lengths(prepared: Prepared, keys: Series, first: Series) -> Series:
    left = prepared.column("left_at")
    if left.ne("").any():
        end = pd.to_datetime(left.mask(left.eq("")), utc=True).groupby(keys).transform("max")
        begin = pd.to_datetime(first.mask(first.eq("")), utc=True)
        seconds = (end - begin).dt.total_seconds()
    else:
        longest = pd.to_numeric(prepared.column("duration"), errors="coerce")
        seconds = longest.groupby(keys).transform("max")
    whole = seconds.round().astype("Int64").astype("str")
    return whole.mask(seconds.isna() | (seconds < 0), "").astype("str")
