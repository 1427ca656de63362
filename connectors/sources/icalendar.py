"""A calendar, as a file or behind a private address: who planned to meet, never who came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from connectors.contract import SET_ASIDE, Batch, Rejected, SourceError, message
from connectors.sources.configuration import IcalendarSettings
from connectors.sources.delivery import Door, Memory, State
from connectors.sources.meetings import Meeting, Seat, Where, meeting_batches
from connectors.sources.recurrence import (
    NoMeetingError,
    Occurrence,
    length,
    occurrences,
)
from connectors.sources.rows import row_key
from connectors.sources.web import Limits, WebService

NOT_PEOPLE = ("ROOM", "RESOURCE", "GROUP")
LARGEST_FILE = 50_000_000
FEW, LARGEST_LOSS = 20, 0.2
NOT_SEATED = "fewer than two people are invited"


@dataclass
class CalendarSource:
    """A connector for one calendar.

    Attributes
    ----------
    memory : Memory
        In its state: ``etag``; ``passes``, when the next meeting will have passed; ``coming``, the
        meetings that were still to come.
    """

    name: str
    settings: IcalendarSettings
    state: State
    door: Door
    memory: Memory = field(default_factory=Memory)

    def batches(self) -> Iterator[Batch]:
        """Yield conversations and seats; nothing where the calendar says it has not changed."""
        content = self._content()
        if content is None:
            self.memory.unchanged = True
            self.memory.state = dict(self.state)
            return
        meetings, rejected, alone = self._meetings(_events(self.name, content))
        notes = (*self._note_lost(meetings), *_note_alone(alone))
        where = Where(
            source=self.name,
            programme=self.settings.programme,
            cohort=self.settings.cohort,
            zone=self.settings.zone,
        )
        yield from meeting_batches(
            meetings, where, self.door.pseudonyms, self.door.now, rejected, notes
        )

    def _content(self) -> bytes | None:
        if self.settings.file is not None:
            return _read_file(self.name, self.settings)
        address = self.door.secret(self.settings.address_from or "")
        limits = Limits(seconds=self.settings.time_limit_seconds, bytes=LARGEST_FILE)
        with WebService(self.name, address, limits=limits, pause=self.door.pause) as service:
            answer = service.fetch(headers=self._if_changed(), accept="text/calendar")
        if answer.status == 304:
            return None
        self.memory.state["etag"] = answer.headers.get("ETag", "")
        return answer.body

    def _if_changed(self) -> dict[str, str]:
        # an unchanged calendar still has news once one of its meetings has passed
        etag, passes = str(self.state.get("etag", "")), str(self.state.get("passes", ""))
        fresh = not passes or self.door.now < datetime.fromisoformat(passes)
        return {"If-None-Match": etag} if etag and fresh else {}

    def _meetings(self, events: Sequence[Event]) -> tuple[list[Meeting], list[Rejected], int]:
        meetings: dict[str, Meeting] = {}
        rejected: list[Rejected] = []
        series: dict[str, list[tuple[int, Event]]] = {}
        for number, event in enumerate(events, start=1):
            uid = str(event.get("UID", "")).strip()
            if not uid:
                rejected.append(_rejected(number, "no_uid", "the event has no UID", "one"))
            elif event.errors:
                words = "a field of the event cannot be read"
                rejected.append(_rejected(number, "unreadable", words, "a form that RFC 5545 has"))
            else:
                series.setdefault(uid, []).append((number, event))
        for uid, together in series.items():
            try:
                for found in self._of_series(uid, [event for _, event in together]):
                    meetings[found.key] = found
            except NoMeetingError as error:
                number = together[0][0]
                rejected.append(_rejected(number, error.code, error.found, error.expected))
        seated = [meeting for meeting in meetings.values() if len(meeting.seats) >= 2]
        return seated, rejected, len(meetings) - len(seated)

    def _of_series(self, uid: str, series: Sequence[Event]) -> Iterator[Meeting]:
        zone = ZoneInfo(self.settings.zone)
        begin = self.door.now - timedelta(days=self.settings.past_days)
        end = self.door.now + timedelta(days=self.settings.future_days)
        for occurrence in occurrences(series, begin, end, zone):
            if length(occurrence.event, zone) < timedelta():
                raise NoMeetingError("ends_early", "the event ends before it starts", "a later end")
            yield _meeting(uid, occurrence, self.door.now, self.settings.organiser_takes_part)

    def _note_lost(self, meetings: Sequence[Meeting]) -> tuple[str, ...]:
        now = self.door.now
        coming = {
            row_key(self.name, m.key): m.scheduled.astimezone(UTC).isoformat()
            for m in meetings
            if m.scheduled is not None and m.scheduled > now and m.status != "cancelled"
        }
        self.memory.state["coming"] = coming
        self.memory.state["passes"] = min(coming.values(), default="")
        known = {row_key(self.name, meeting.key) for meeting in meetings}
        before: dict[str, str] = self.state.get("coming", {})  # type: ignore[assignment]
        lost = {
            key
            for key, start in before.items()
            if key not in known and datetime.fromisoformat(start) > now
        }
        if len(lost) > max(FEW, LARGEST_LOSS * len(before)):
            # an empty or shortened calendar is no mass cancellation
            self.memory.state["coming"] = before | coming
            return (f"coming meetings gone at once, none of them cancelled: {len(lost):,}",)
        self.memory.withdrawn["conversation"] = lost
        return (f"coming meetings gone and therefore cancelled: {len(lost):,}",) if lost else ()


def _meeting(uid: str, occurrence: Occurrence, now: datetime, organiser: bool) -> Meeting:
    event = occurrence.event
    seats = tuple(_seats(event, organiser))
    invited = [seat.attended for seat in _seats(event, organiser=False)]
    refused = bool(invited) and all(answer == "no" for answer in invited)
    cancelled = occurrence.dropped or refused or str(event.get("STATUS")).upper() == "CANCELLED"
    # a meeting that has passed may have taken place or not: a calendar does not know
    status, evidence = ("unknown", "assumed_from_schedule")
    if cancelled:
        status, evidence = "cancelled", "none"
    elif occurrence.start > now:
        status, evidence = "scheduled", "none"
    return Meeting(
        key=f"{uid}\x1f{occurrence.mark}",
        status=status,
        evidence=evidence,
        scheduled=occurrence.start,
        seats=seats,
    )


def _seats(event: Event, organiser: bool) -> Iterator[Seat]:
    seen = set()
    for attendee in _listed(event, "ATTENDEE"):
        kind = str(attendee.params.get("CUTYPE", "INDIVIDUAL")).upper()
        mail = _mail(attendee)
        if kind not in NOT_PEOPLE and mail not in seen:
            seen.add(mail)
            declined = str(attendee.params.get("PARTSTAT", "")).upper() == "DECLINED"
            yield Seat(mail, "no" if declined else "unknown")
    if organiser:
        mails = (_mail(found) for found in _listed(event, "ORGANIZER"))
        yield from (Seat(mail) for mail in mails if mail and mail not in seen)


def _listed(event: Event, name: str) -> list:
    found = event.get(name, [])
    return found if isinstance(found, list) else [found]


def _mail(address: object) -> str:
    written = str(address).strip().casefold()
    return written.removeprefix("mailto:").strip()


def _events(name: str, content: bytes) -> list[Event]:
    text = content.strip()
    if not text.upper().startswith((b"BEGIN:VCALENDAR", b"\xef\xbb\xbfBEGIN:VCALENDAR")):
        raise SourceError(
            f"{name}: found no calendar; expected text that begins with BEGIN:VCALENDAR. Check "
            "the address or the file. Nothing was imported."
        )
    if not text.upper().endswith(b"END:VCALENDAR"):
        raise SourceError(
            f"{name}: the calendar breaks off; expected END:VCALENDAR at its end. Fetch it again. "
            "Nothing was imported."
        )
    try:
        calendars = Calendar.from_ical(text.removeprefix(b"\xef\xbb\xbf"), multiple=True)
    except (ValueError, IndexError, KeyError):
        raise SourceError(
            f"{name}: the calendar cannot be read; expected iCalendar (RFC 5545). Export it "
            "again. Nothing was imported."
        ) from None
    return [event for calendar in calendars for event in calendar.walk("VEVENT")]


def _read_file(name: str, settings: IcalendarSettings) -> bytes:
    file = settings.file
    try:
        if file is None or file.stat().st_size > LARGEST_FILE:
            raise SourceError(
                f"{name}: the calendar is larger than {LARGEST_FILE // 1_000_000} MB."
            )
        return file.read_bytes()
    except OSError as error:
        raise SourceError(f"{name}: {file} cannot be read: {error.strerror}.") from None


def _rejected(number: int, code: str, found: str, expected: str) -> Rejected:
    words = message(found, expected, "Correct the event in the calendar.", SET_ASIDE)
    return Rejected("conversation", number, "", code, words)


def _note_alone(count: int) -> tuple[str, ...]:
    return (f"events left out, since {NOT_SEATED}: {count:,}",) if count else ()
