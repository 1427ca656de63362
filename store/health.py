"""How fresh and how complete the store is; counts and shares, never a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, Connection, Engine, Row, and_, case, func, or_, select

from schema import CANONICAL
from store.database import connected, prepare
from store.doubtful import Doubtful, count_doubtful
from store.operations import IMPORT_REJECT, IMPORT_RUN
from store.previous import undoable_run


@dataclass(frozen=True, kw_only=True)
class SourceHealth:
    """The last import of a source.

    Attributes
    ----------
    source : str
        What the account calls it.
    status : str
        One of `store.operations.RUN_STATES`.
    started_at : datetime
        When it began, aware, UTC.
    rows : dict of str to int
        By "read", "new", "changed", "same", "rejected".
    refused : tuple of Refusal
        Why rows were refused, the most frequent reason first.
    """

    source: str
    status: str
    started_at: datetime
    rows: dict[str, int]
    refused: tuple[Refusal, ...]


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A reason and how many rows it concerns; a refused file counts as one."""

    table: str
    column: str
    message: str
    rows: int


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How many people have said, or are recorded with, a value of an attribute today.

    Attributes
    ----------
    attribute, label, sensitivity : str
        As declared in the store.
    given, withheld : int
        People with a value, and people who prefer not to say; the others are unknown.
    """

    attribute: str
    label: str
    sensitivity: str
    given: int
    withheld: int


@dataclass(frozen=True, kw_only=True)
class Health:
    """What the store holds.

    Attributes
    ----------
    people, offers, conversations, seats, unmatched_seats : int
        Rows; an unmatched seat is one whose person is unknown.
    last_conversation : datetime or None
        Latest start of a conversation that took place, aware, UTC: what pages are "as of".
    planned_until : datetime or None
        Latest start beyond that of one that is not known to have taken place, nor was taken back.
    known_from : date or None
        First day of which any group of anybody is known.
    doubtful : Doubtful
        Conversations that may be none between peers.
    earlier : int
        Conversations that began before that day; offers, where there are no conversations.
    sources : tuple of SourceHealth
        Latest import first.
    coverage : tuple of Coverage
        In the order of the attributes on screen.
    undoable : str or None
        The import that can be undone.
    """

    people: int
    offers: int
    conversations: int
    seats: int
    unmatched_seats: int
    last_conversation: datetime | None
    planned_until: datetime | None
    known_from: date | None
    doubtful: Doubtful
    earlier: int
    sources: tuple[SourceHealth, ...]
    coverage: tuple[Coverage, ...]
    undoable: str | None


def read_health(engine: Engine, today: date) -> Health:
    """Return how fresh and how complete the store is on a day."""
    prepare(engine)
    with connected(engine) as connection:
        seats, unmatched = _seats(connection)
        known_from = _known_from(connection)
        held, planned = _last_starts(connection)
        return Health(
            people=_rows(connection, "person"),
            offers=_rows(connection, "match"),
            conversations=_rows(connection, "conversation"),
            seats=seats,
            unmatched_seats=unmatched,
            last_conversation=held,
            planned_until=planned,
            known_from=known_from,
            doubtful=count_doubtful(connection),
            earlier=_earlier(connection, known_from) if known_from else 0,
            sources=tuple(_source(connection, run) for run in _last_runs(connection)),
            coverage=_coverage(connection, today),
            undoable=undoable_run(connection),
        )


def _rows(connection: Connection, name: str) -> int:
    return connection.scalar(select(func.count()).select_from(CANONICAL[name])) or 0


def _seats(connection: Connection) -> tuple[int, int]:
    seat = CANONICAL["conversation_participant"].c
    counts = select(func.count(), func.count(case((seat.person_id.is_(None), 1))))
    all_seats, unmatched = connection.execute(
        counts.select_from(CANONICAL["conversation_participant"])
    ).one()
    return all_seats, unmatched


def _last_starts(connection: Connection) -> tuple[datetime | None, datetime | None]:
    """Return the latest start that was held, and the latest beyond it that was not taken back."""
    talk = CANONICAL["conversation"].c
    started = func.coalesce(talk.actual_start_at, talk.scheduled_start_at)
    held = _latest(connection, started, talk.status == "completed")
    planned = _latest(connection, started, talk.status.not_in(("completed", "cancelled")))
    later = planned is not None and (held is None or planned > held)
    return held, planned if later else None


def _latest(
    connection: Connection, moment: ColumnElement[datetime], which: ColumnElement[bool]
) -> datetime | None:
    # ordered, since not every driver knows the type of a maximum
    latest = select(moment).where(moment.is_not(None), which).order_by(moment.desc()).limit(1)
    return connection.scalar(latest)


def _known_from(connection: Connection) -> date | None:
    held = CANONICAL["person_attribute"].c
    return connection.scalar(select(func.min(held.valid_from)).where(held.state == "given"))


def _earlier(connection: Connection, day: date) -> int:
    talk, offer = CANONICAL["conversation"].c, CANONICAL["match"].c
    first = datetime(day.year, day.month, day.day, tzinfo=UTC)
    moments = (func.coalesce(talk.actual_start_at, talk.scheduled_start_at), offer.offered_at)
    found = (
        connection.execute(select(func.count(moment), func.count(case((moment < first, 1))))).one()
        for moment in moments
    )
    return next((earlier for whole, earlier in found if whole), 0)


def _last_runs(connection: Connection) -> list[Row]:
    place = func.row_number().over(
        partition_by=IMPORT_RUN.c.source, order_by=IMPORT_RUN.c.started_at.desc()
    )
    ranked = select(IMPORT_RUN, place.label("place")).subquery()
    last = select(ranked).where(ranked.c.place == 1).order_by(ranked.c.started_at.desc())
    return list(connection.execute(last))


def _source(connection: Connection, run: Row) -> SourceHealth:
    return SourceHealth(
        source=run.source,
        status=run.status,
        started_at=run.started_at,
        rows={
            word: getattr(run, f"n_{word}") or 0
            for word in ("read", "new", "changed", "same", "rejected")
        },
        refused=_refusals(connection, run.run_id),
    )


def _refusals(connection: Connection, run_id: str) -> tuple[Refusal, ...]:
    reject = IMPORT_REJECT.c
    reason = (reject.table_name, reject.column_name, reject.message)
    rows = func.count()
    found = connection.execute(
        select(*reason, rows.label("rows"))
        .where(reject.run_id == run_id)
        .group_by(*reason)
        .order_by(rows.desc(), *reason)
    )
    return tuple(
        Refusal(table=row.table_name, column=row.column_name, message=row.message, rows=row.rows)
        for row in found
    )


def _coverage(connection: Connection, today: date) -> tuple[Coverage, ...]:
    attribute, held = CANONICAL["attribute_def"].c, CANONICAL["person_attribute"].c
    in_force = and_(
        held.attribute_code == attribute.attribute_code,
        held.valid_from <= today,
        or_(held.valid_to.is_(None), held.valid_to > today),
    )
    described = (attribute.attribute_code, attribute.label, attribute.sensitivity)
    found = connection.execute(
        select(
            *described,
            _people(held.state == "given").label("given"),
            _people(held.state == "prefer_not_to_say").label("withheld"),
        )
        .select_from(CANONICAL["attribute_def"])
        .outerjoin(CANONICAL["person_attribute"], in_force)
        .group_by(*described, attribute.sort)
        .order_by(attribute.sort, attribute.attribute_code)
    )
    return tuple(
        Coverage(
            attribute=row.attribute_code,
            label=row.label,
            sensitivity=row.sensitivity,
            given=row.given,
            withheld=row.withheld,
        )
        for row in found
    )


def _people(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, CANONICAL["person_attribute"].c.person_id)).distinct())
