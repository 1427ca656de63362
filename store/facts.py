"""The tables of facts that are derived from the canonical ones after each import.

A fact row carries small whole numbers only: who (a running number), which group both people
belonged to at the time, which programme, cohort and quarter. So every aggregate is one scan without
joins, and a promotion in May does not change what a conversation in March was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Double,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
)

UNKNOWN = 0
"""Group code of people whose attribute nobody recorded."""
NOT_SAID = 1
"""Group code of people who prefer not to say."""
FIRST_GROUP = 2
"""Lowest code of a real group; codes from here on enter comparisons."""
SEVERAL = "several"
"""Value code of people who gave more than one value."""

NO_COHORT = 0
PLACE_KINDS = ("mode", "topic", "distance")
"""What tells where a conversation happens: its mode, its topic, and how far apart the clocks of its
people are."""
NO_PLACE = 0
"""Mode, topic or distance of a conversation of which nobody recorded it."""


@dataclass(frozen=True)
class Facts:
    """The derived tables, laid out for the attributes of this organisation."""

    attributes: tuple[str, ...]
    metadata: MetaData
    person: Table
    group: Table
    place: Table
    profile: Table
    calendar: Table
    offset: Table
    cell: Table
    stratum: Table
    pairing: Table
    seat: Table
    eligible: Table
    available: Table
    event: Table
    meeting: Table

    def column_of(self, attribute: str, side: str) -> Column:
        """Return the column that holds the group of one side ("a" or "b") of a pairing."""
        return self.pairing.c[f"{side}{self.attributes.index(attribute)}"]


def facts_for(attributes: Sequence[str]) -> Facts:
    """Lay out the derived tables for these attribute codes."""
    metadata = MetaData()
    numbers = range(len(attributes))
    return Facts(
        attributes=tuple(attributes),
        metadata=metadata,
        person=_person(metadata),
        group=_group(metadata),
        place=_place(metadata),
        profile=_profile(metadata, numbers),
        calendar=_calendar(metadata),
        offset=_offset(metadata),
        cell=_cell(metadata),
        stratum=_stratum(metadata),
        pairing=_pairing(metadata, numbers),
        seat=_seat(metadata),
        eligible=_eligible(metadata),
        available=_available(metadata, numbers),
        event=_event(metadata),
        meeting=_meeting(metadata),
    )


def _number(name: str) -> Column:
    return Column(name, Integer, nullable=False)


def _small(name: str) -> Column:
    return Column(name, SmallInteger, nullable=False)


def _places() -> list[Column]:
    """Places of the first conversation that was held, and of the first one planned."""
    return [_small(f"{when}{kind}_no") for when in ("", "planned_") for kind in PLACE_KINDS]


def _person(metadata: MetaData) -> Table:
    return Table("fact_person", metadata, _number("person_no"), Column("person_id", String(80)))


def _group(metadata: MetaData) -> Table:
    return Table(
        "fact_group",
        metadata,
        Column("attribute_code", String(80), nullable=False),
        _small("group_no"),
        Column("value_code", String(80), nullable=False),
        Column("label", String(400), nullable=False),
    )


def _place(metadata: MetaData) -> Table:
    """Where people talk and what about: the places of conversations, numbered by kind."""
    return Table(
        "fact_place",
        metadata,
        Column("kind", String(80), nullable=False),
        _small("place_no"),
        Column("code", String(80), nullable=False),
    )


def _profile(metadata: MetaData, numbers: Sequence[int]) -> Table:
    return Table(
        "fact_profile",
        metadata,
        _number("person_no"),
        Column("holds_from", Date, nullable=False),
        Column("holds_to", Date, nullable=False),
        *(_small(f"g{number}") for number in numbers),
    )


def _calendar(metadata: MetaData) -> Table:
    """Months as instants per zone: a join, since no two engines share date arithmetic."""
    return Table(
        "fact_calendar",
        metadata,
        Column("tz", String(400), nullable=False),
        Column("starts_at", DateTime, nullable=False),
        Column("ends_at", DateTime, nullable=False),
        _number("month_no"),
        _number("quarter_no"),
    )


def _offset(metadata: MetaData) -> Table:
    """How far the clocks of a group are ahead of UTC, and when: zones differ between engines."""
    return Table(
        "fact_offset",
        metadata,
        _small("group_no"),
        Column("starts_at", DateTime, nullable=False),
        Column("ends_at", DateTime, nullable=False),
        _number("minutes"),
    )


def _cell(metadata: MetaData) -> Table:
    """Cohort x quarter, the finest grain of a release; marks tell sets of cells apart."""
    return Table(
        "fact_cell",
        metadata,
        _number("cell_no"),
        _number("programme_no"),
        _number("cohort_no"),
        _number("quarter_no"),
        Column("programme_id", String(80), nullable=False),
        Column("cohort_id", String(80)),
        Column("mark_1", BigInteger, nullable=False),
        Column("mark_2", BigInteger, nullable=False),
    )


def _stratum(metadata: MetaData) -> Table:
    return Table(
        "fact_stratum",
        metadata,
        _number("stratum_no"),
        _number("cell_no"),
        Column("programme_id", String(80), nullable=False),
        Column("cohort_id", String(80)),
        _number("cycle_no"),
        Column("pool_code", String(80), nullable=False),
    )


def _pairing(metadata: MetaData, numbers: Sequence[int]) -> Table:
    sides = [_small(f"{side}{number}") for number in numbers for side in "ab"]
    return Table(
        "fact_pairing",
        metadata,
        _number("stratum_no"),
        _number("cell_no"),
        _number("programme_no"),
        _number("cohort_no"),
        _number("quarter_no"),
        _number("person_a"),
        _number("person_b"),
        Column("weight", Double, nullable=False),
        _small("matched"),
        _small("scheduled"),
        _small("completed"),
        _small("continued"),
        _small("conversations"),
        *_places(),
        *sides,
    )


def _seat(metadata: MetaData) -> Table:
    return Table(
        "fact_seat",
        metadata,
        _number("person_no"),
        _number("programme_no"),
        _number("cohort_no"),
        _number("quarter_no"),
        _number("seats"),
        _number("feedbacks"),
    )


def _eligible(metadata: MetaData) -> Table:
    """Who could have taken part, by cohort and quarter."""
    return Table(
        "fact_eligible",
        metadata,
        _number("person_no"),
        _number("programme_no"),
        _number("cohort_no"),
        _number("quarter_no"),
    )


def _available(metadata: MetaData, numbers: Sequence[int]) -> Table:
    """Who could have been drawn in which lottery, with the groups they belonged to then."""
    return Table(
        "fact_available",
        metadata,
        _number("stratum_no"),
        _number("person_no"),
        *(_small(f"g{number}") for number in numbers),
    )


def _event(metadata: MetaData) -> Table:
    """One row per offer or conversation and pair of people; emptied once pairings are made."""
    return Table(
        "fact_event",
        metadata,
        Column("programme_id", String(80), nullable=False),
        Column("cohort_id", String(80), nullable=False),
        _number("cycle_no"),
        _number("person_a"),
        _number("person_b"),
        Column("happened_at", DateTime, nullable=False),
        _number("quarter_no"),
        Column("weight", Double, nullable=False),
        _small("matched"),
        _small("scheduled"),
        _small("completed"),
        *(_small(f"{kind}_no") for kind in PLACE_KINDS),
    )


def _meeting(metadata: MetaData) -> Table:
    """One row per pairing before it knows its stratum and its groups; emptied likewise."""
    return Table(
        "fact_meeting",
        metadata,
        Column("programme_id", String(80), nullable=False),
        Column("cohort_id", String(80), nullable=False),
        _number("cycle_no"),
        _number("person_a"),
        _number("person_b"),
        Column("happened_at", DateTime, nullable=False),
        _number("quarter_no"),
        Column("weight", Double, nullable=False),
        _small("matched"),
        _small("scheduled"),
        _number("completions"),
        *_places(),
        Column("pool_code", String(80), nullable=False),
    )
