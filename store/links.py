"""Which columns name a person, and what becomes of their rows when that person is erased."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sqlalchemy import Table

from schema import CANONICAL, reference

KEPT_WITHOUT_PERSON = frozenset(
    {("conversation_participant", "person_id"), ("skill_rating", "rater_person_id")}
)
"""A seat whose person is unknown stays a seat, and a rating stays its receiver's."""

PERSON = ("person", "person_id")
RESPONSE = ("response", "response_id")


@dataclass(frozen=True)
class Link:
    """A column that names a person.

    Attributes
    ----------
    table : Table
        Its table.
    column : str
        Its name.
    kept : bool
        True where the row outlives the person, with the column empty.
    """

    table: Table
    column: str
    kept: bool


@cache
def person_links() -> tuple[Link, ...]:
    """Return every column that names a person, the person's own row last."""
    pointing = tuple(
        Link(table, column.name, (table.name, column.name) in KEPT_WITHOUT_PERSON)
        for table in CANONICAL.values()
        for column in table.columns
        if reference(column) == PERSON
    )
    return (*pointing, Link(CANONICAL[PERSON[0]], PERSON[1], False))


@cache
def parts_of_responses() -> tuple[Link, ...]:
    """Return the columns that name a response: what they belong to goes with it."""
    return tuple(
        Link(table, column.name, False)
        for table in CANONICAL.values()
        for column in table.columns
        if reference(column) == RESPONSE
    )
