"""Meetings from calendars, video services and learning records as conversations with seats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from connectors.contract import Batch, Rejected
from connectors.identity import Pseudonyms
from connectors.sources.rows import Record, checked, pseudonyms_of, row_key, written

LARGEST_CIRCLE = 12
ATTENDED = ("yes", "unknown", "no")
"""What counts where one person is told about twice: whoever came once has come."""


@dataclass(frozen=True, kw_only=True)
class Where:
    """Where all meetings of a source belong.

    Attributes
    ----------
    source : str
        Name of the source; part of every key.
    programme, cohort : str
        Canonical codes; the cohort may be empty.
    zone : str
        IANA zone that decides day and month.
    """

    source: str
    programme: str
    cohort: str = ""
    zone: str = "UTC"


@dataclass(frozen=True)
class Seat:
    """A place in a meeting.

    Attributes
    ----------
    identifier : str
        Work mail or another identifier of the person; empty for a guest whom nobody can name.
    attended : {"yes", "no", "unknown"}
        Whether the person came.
    """

    identifier: str = field(repr=False)
    attended: str = "unknown"


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """A meeting as a source tells of it."""

    key: str
    status: str
    evidence: str
    scheduled: datetime | None = None
    started: datetime | None = None
    mode: str = "unknown"
    seconds: int | None = None
    seats: tuple[Seat, ...] = ()


def meeting_batches(
    meetings: Sequence[Meeting],
    where: Where,
    pseudonyms: Pseudonyms,
    now: datetime,
    rejected: Sequence[Rejected] = (),
    notes: Sequence[str] = (),
) -> Iterator[Batch]:
    """Yield the conversations, then the seats of those that were accepted."""
    conversations = [_conversation(meeting, where) for meeting in meetings]
    talks = checked("conversation", conversations, now, rejected, (*notes, *_classes(meetings)))
    yield talks
    accepted = set(talks.frame["conversation_id"])
    known = _pseudonyms(meetings, pseudonyms)
    seats = [
        seat
        for meeting, talk in zip(meetings, conversations, strict=True)
        if talk["conversation_id"] in accepted
        for seat in _seats(meeting.seats, talk["conversation_id"], known)
    ]
    yield checked("conversation_participant", seats, now)


def _conversation(meeting: Meeting, where: Where) -> Record:
    return {
        "conversation_id": row_key(where.source, meeting.key),
        "programme_id": where.programme,
        "cohort_id": where.cohort,
        "scheduled_start_at": written(meeting.scheduled),
        "actual_start_at": written(meeting.started),
        "tz": where.zone,
        "status": meeting.status,
        "evidence": meeting.evidence,
        "mode": meeting.mode,
        "duration_s": "" if meeting.seconds is None else str(meeting.seconds),
    }


def _pseudonyms(meetings: Sequence[Meeting], pseudonyms: Pseudonyms) -> dict[str, str]:
    given = list({seat.identifier for meeting in meetings for seat in meeting.seats})
    return dict(zip(given, pseudonyms_of(pseudonyms, given), strict=True))


def _seats(seats: Sequence[Seat], conversation: str, known: Mapping[str, str]) -> Iterator[Record]:
    together = [(known[seat.identifier], seat.attended) for seat in seats]
    people = [person for person, _ in together]
    named = {
        person: min((a for p, a in together if p == person), key=ATTENDED.index)
        for person in sorted(set(people) - {""})
    }
    # in the order of the pseudonyms, so that the next run numbers the seats alike
    guests = [("", attended) for person, attended in together if not person]
    for slot, (person, attended) in enumerate([*named.items(), *guests], start=1):
        yield {
            "conversation_id": conversation,
            "slot": str(slot),
            "person_id": person,
            "attended": attended,
        }


def _classes(meetings: Sequence[Meeting]) -> tuple[str, ...]:
    large = sum(len(meeting.seats) > LARGEST_CIRCLE for meeting in meetings)
    words = f"meetings with more than {LARGEST_CIRCLE} seats (are they classes?): {large:,}"
    return (words,) if large else ()
