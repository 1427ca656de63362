"""Run an aggregate and bring its result home as a frame."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, func, select

from schema import CANONICAL, UtcTimestamp
from store.facts import Facts

DATED = (
    ("match", "offered_at"),
    ("match_round", "run_at"),
    ("response", "submitted_at"),
    ("skill_rating", "rated_on"),
    ("learning_activity", "started_at"),
    ("outcome", "as_of_on"),
    ("enrolment", "enrolled_on"),
    ("cohort", "starts_on"),
    ("person_attribute", "valid_from"),
)
"""What says up to when data go that tell of no conversation."""


def read(connection: Connection, aggregate: Select) -> pd.DataFrame:
    """Return the rows of an aggregate; column names are those of the select."""
    result = connection.execute(aggregate)
    names, rows = list(result.keys()), result.all()
    if not rows:
        return pd.DataFrame(columns=names)
    # by column, since a frame looks at every row for what it might be
    return pd.DataFrame(dict(zip(names, zip(*rows, strict=True), strict=True)))


def rows(connection: Connection, aggregate: Select) -> list[dict[str, float]]:
    """Return the rows of an aggregate one by one: of a few, a frame costs more than the query."""
    result = connection.execute(aggregate)
    names = list(result.keys())
    return [dict(zip(names, row, strict=True)) for row in result.all()]


def read_numbers(connection: Connection, aggregate: Select) -> pd.DataFrame:
    """Return the rows of an aggregate of numbers, none missing, that has very many rows."""
    result = connection.execute(aggregate)
    by_column = getattr(result.cursor, "fetchnumpy", None)
    if by_column is None:
        return pd.DataFrame(result.all(), columns=list(result.keys()))
    # a row as a Python object costs a hundred times as much, which millions of rows make felt, and
    # a second copy of the columns is memory for nothing
    return pd.DataFrame(by_column(), copy=False)


def host(connection: Connection) -> str:
    """Return the name of the organisation that runs Weft: the first that is not external."""
    source = CANONICAL["organisation"].c
    return connection.scalar(select(source.label).order_by(source.is_external, source.org_id)) or ""


def programmes(connection: Connection) -> list[tuple[str, str]]:
    """Return code and label of each programme, in the order of the codes."""
    source = CANONICAL["programme"].c
    wanted = select(source.programme_id, source.label).order_by(source.programme_id)
    return [tuple(row) for row in connection.execute(wanted)]


def cohorts(connection: Connection) -> list[tuple[str, str, str]]:
    """Return code, label and programme of each cohort, the earliest first."""
    source = CANONICAL["cohort"].c
    wanted = select(source.cohort_id, source.label, source.programme_id).order_by(
        source.starts_on, source.cohort_id
    )
    return [tuple(row) for row in connection.execute(wanted)]


def quarters(connection: Connection, facts: Facts) -> list[int]:
    """Return the numbers of the quarters in which people met, in order of time."""
    number = facts.cell.c.quarter_no
    return list(connection.scalars(select(number).distinct().order_by(number)))


def groups(connection: Connection, facts: Facts) -> pd.DataFrame:
    """Return every group of every attribute: attribute_code, group_no, value_code, label."""
    return read(connection, select(facts.group).order_by(facts.group.c.group_no))


def attributes(connection: Connection) -> pd.DataFrame:
    """Return the attributes: attribute_code, label, sensitivity."""
    source = CANONICAL["attribute_def"].c
    chosen = select(source.attribute_code, source.label, source.sensitivity)
    return read(connection, chosen.order_by(source.sort, source.attribute_code))


def unit_attributes(connection: Connection) -> list[str]:
    """Return the attributes whose groups are units that people work in: plain, without an order."""
    source = CANONICAL["attribute_def"].c
    chosen = select(source.attribute_code).where(
        source.sensitivity == "plain", source.kind == "category"
    )
    return list(connection.scalars(chosen.order_by(source.sort, source.attribute_code)))


def cells(connection: Connection, facts: Facts) -> pd.DataFrame:
    """Return the cells: cell_no, programme_no, cohort_no, quarter_no, programme_id, cohort_id."""
    cell = facts.cell.c
    wanted = (
        cell.cell_no,
        cell.programme_no,
        cell.cohort_no,
        cell.quarter_no,
        cell.programme_id,
        cell.cohort_id,
    )
    return read(connection, select(*wanted).order_by(cell.cell_no))


def holds_nobody(connection: Connection) -> bool:
    """Tell whether there are no people."""
    return connection.scalar(select(CANONICAL["person"].c.person_id).limit(1)) is None


def somebody_met(connection: Connection) -> bool:
    """Tell whether any conversation has been held."""
    talk = CANONICAL["conversation"].c
    held = select(talk.conversation_id).where(talk.status == "completed").limit(1)
    return connection.scalar(held) is not None


def as_of(connection: Connection) -> datetime:
    """Return the time up to which the data go; now, where nothing in them has a day.

    It is when the last completed conversation began. Where there is none it is the last of what has
    a day otherwise: an offer, an answer, a rating, an activity, an enrolment, a property; what is
    planned does not count.
    """
    talk = CANONICAL["conversation"].c
    started = func.coalesce(talk.actual_start_at, talk.scheduled_start_at)
    latest = connection.scalar(select(func.max(started)).where(talk.status == "completed"))
    return _latest_otherwise(connection) if latest is None else _instant(latest)


def _latest_otherwise(connection: Connection) -> datetime:
    now = datetime.now(UTC)
    found = [
        _instant(moment)
        for table, column in DATED
        if (moment := connection.scalar(_last_before(CANONICAL[table].c[column], now))) is not None
    ]
    return max(found, default=now)


def _last_before(column: ColumnElement, now: datetime) -> Select:
    until = now if isinstance(column.type, UtcTimestamp) else now.date()
    return select(func.max(column)).where(column <= until)


def _instant(moment: date | str) -> datetime:
    # an engine without instants gives text back, and a day is taken to begin at midnight
    read = datetime.fromisoformat(str(moment))
    return read if read.tzinfo else read.replace(tzinfo=UTC)
