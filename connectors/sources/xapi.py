"""A learning record store (xAPI): what people learned and, where it says so, who met."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from connectors.contract import SET_ASIDE, Batch, Rejected, SourceError, message
from connectors.sources.answers import Page
from connectors.sources.configuration import XapiSettings
from connectors.sources.delivery import Door, Memory, State
from connectors.sources.meetings import Meeting, Where, meeting_batches
from connectors.sources.rows import Record, checked, pseudonyms_of, row_key, written
from connectors.sources.signing import Password
from connectors.sources.web import Limits, ServiceFault, WebService
from connectors.sources.wholly import is_due, last_whole
from connectors.sources.xapi_statements import (
    VOIDED,
    PoisonError,
    Statement,
    contact_of,
    meetings_of,
    read_statement,
    title_code,
)

VERSION = {"X-Experience-API-Version": "1.0.3"}
CONSISTENT = "X-Experience-API-Consistent-Through"
PAGE = "500"
SHORTEST_WINDOW = timedelta(minutes=1)
MOST_FAULTS = 40
REMEMBERED = 10_000
EDGE = timedelta(days=1)


@dataclass
class XapiSource:
    """A connector for one LRS.

    Attributes
    ----------
    memory : Memory
        In its state: ``stored``, the latest arrival seen; ``refused``, fingerprints of statements
        that could not be read and are not reported again.
    """

    name: str
    settings: XapiSettings
    state: State
    door: Door
    memory: Memory = field(default_factory=Memory)

    def batches(self) -> Iterator[Batch]:
        """Yield learning activities, conversations and seats."""
        since = self._since()
        raw, consistent, gaps = self._fetch(since)
        reading = read_all(self.name, raw, set(self.state.get("refused", ())))  # type: ignore[call-overload]
        self._remember(reading, consistent)
        yield from rows(self.name, self.settings, reading, self.door, since, gaps)

    def _since(self) -> datetime:
        stored = self.state.get("stored")
        if stored is None or is_due(self.state, self.settings.whole_every_days, self.door.now):
            return self.settings.since
        # servers filter by event time or by arrival, and events arrive late
        return datetime.fromisoformat(str(stored)) - timedelta(days=self.settings.lag_days)

    def _fetch(self, since: datetime) -> tuple[list[object], str, list[str]]:
        signature = Password(
            self.door.secret(self.settings.user_from), self.door.secret(self.settings.password_from)
        )
        limits = Limits(seconds=self.settings.time_limit_seconds, attempts=4)
        address = self.settings.address.rstrip("/") + "/"
        with WebService(
            self.name, address, signature, limits, headers=VERSION, pause=self.door.pause
        ) as service:
            walk = Walk(service)
            walk.window(since, None, self.door.now)
        return walk.statements, walk.consistent, walk.gaps

    def _remember(self, reading: Reading, consistent: str) -> None:
        arrivals = [s.stored for s in reading.statements if s.stored is not None]
        before = self.state.get("stored")
        latest = max(
            [*arrivals, *([datetime.fromisoformat(str(before))] if before else [])], default=None
        )
        if latest is not None and consistent:
            latest = min(latest, datetime.fromisoformat(consistent))
        if latest is not None:
            self.memory.state["stored"] = latest.astimezone(UTC).isoformat()
        self.memory.state |= last_whole(self.state, self.settings.whole_every_days, self.door.now)
        self.memory.state["refused"] = sorted(reading.refused)[:REMEMBERED]
        self.memory.withdrawn = {
            "learning_activity": set(reading.voided),
            "conversation": {row_key(self.name, key) for key in reading.voided},
        }


@dataclass
class Walk:
    """Statements fetched window by window, around a place on which the LRS fails."""

    service: WebService
    statements: list[object] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    consistent: str = ""
    faults: int = 0

    def window(self, since: datetime, until: datetime | None, now: datetime) -> None:
        """Fetch a window of time; where the LRS fails, fetch its two halves."""
        asked = {"since": since.isoformat(), "limit": PAGE, "ascending": "true"}
        if until is not None:
            asked["until"] = until.isoformat()
        found: list[object] = []
        try:
            for page in self.service.pages("statements", _more, **asked):
                content = page.content if isinstance(page.content, Mapping) else {}
                if not isinstance(content.get("statements"), list):
                    raise SourceError(_no_statements(self.service.name))
                found += content["statements"]
                self.consistent = page.headers.get(CONSISTENT, self.consistent)
        except ServiceFault as fault:
            self.faults += 1
            if not fault.answered or self.faults > MOST_FAULTS:
                raise
            self._halves(since, until or now + EDGE, now)
            return
        self.statements += found

    def _halves(self, since: datetime, until: datetime, now: datetime) -> None:
        if until - since <= SHORTEST_WINDOW:
            self.gaps.append(
                f"the service fails on statements from {since:%Y-%m-%d %H:%M} to "
                f"{until:%H:%M} UTC; they were left out. Ask its administrator to look there"
            )
            return
        middle = since + (until - since) / 2
        self.window(since, middle, now)
        self.window(middle, until, now)


@dataclass(frozen=True)
class Reading:
    """Statements read, and those that could not be."""

    statements: tuple[Statement, ...]
    rejected: tuple[Rejected, ...]
    refused: frozenset[str]
    voided: frozenset[str]
    known: int


def read_all(source: str, raw: Sequence[object], refused: set[str]) -> Reading:
    """Read every statement once; what could not be read on an earlier run is not told again."""
    found: dict[str, Statement] = {}
    rejected: list[Rejected] = []
    poison: set[str] = set()
    known = 0
    for number, one in enumerate(raw, start=1):
        try:
            statement = read_statement(one, number)
            found[statement.key] = statement
        except PoisonError as error:
            mark = row_key(source, json.dumps(one, sort_keys=True))
            poison.add(mark)
            known += mark in refused
            if mark not in refused:
                rejected.append(_rejected(number, error))
    voided = {
        _reference(s.object_id) for s in found.values() if s.verb_id == VOIDED and s.object_id
    }
    kept = tuple(s for s in found.values() if s.key not in voided and s.verb_id != VOIDED)
    return Reading(kept, tuple(rejected), frozenset(poison), frozenset(voided), known)


def rows(
    source: str,
    settings: XapiSettings,
    reading: Reading,
    door: Door,
    since: datetime,
    gaps: Sequence[str] = (),
) -> Iterator[Batch]:
    """Yield what statements say as canonical rows, and a note of how many say nothing for Weft."""
    meeting = [s for s in reading.statements if s.kind in settings.meeting_types]
    contact = [s for s in reading.statements if s.addressed and s.verb in settings.contact_verbs]
    learning = [
        s
        for s in reading.statements
        if s.verb in settings.activity_verbs
        and s.kind not in settings.meeting_types
        and not s.addressed
    ]
    left = len(reading.statements) - len(meeting) - len(contact) - len(learning)
    notes = [*gaps, *_notes(left, reading.known)]
    meetings = [*_whole(meetings_of(meeting), meeting, since), *map(contact_of, contact)]
    where = Where(
        source=source, programme=settings.programme, cohort=settings.cohort, zone=settings.zone
    )
    yield from meeting_batches(
        [one for one in meetings if len(one.seats) >= 2], where, door.pseudonyms, door.now
    )
    yield checked(
        "learning_activity",
        list(_activities(learning, settings, door)),
        door.now,
        reading.rejected,
        notes,
        [statement.number for statement in learning],
    )


def _activities(
    statements: Sequence[Statement], settings: XapiSettings, door: Door
) -> Iterator[Record]:
    people = pseudonyms_of(door.pseudonyms, [(*s.actors, "")[0] for s in statements])
    for statement, person in zip(statements, people, strict=True):
        yield {
            "activity_id": statement.key,
            "person_id": person,
            "modality": settings.modalities.get(statement.kind, "unknown"),
            "started_at": written(statement.moment),
            "duration_s": "" if statement.seconds is None else str(statement.seconds),
            "status": settings.activity_verbs[statement.verb],
            "title_code": title_code(statement),
        }


def _whole(
    meetings: Sequence[Meeting], statements: Sequence[Statement], since: datetime
) -> Iterator[Meeting]:
    """Yield the meetings of which no statement can lie before the window."""
    first: dict[str, datetime] = {}
    for one in statements:
        key = f"{one.object_id}\x1f{one.registration}"
        arrived = one.stored or one.moment
        first[key] = min(arrived, first.get(key, arrived))
    yield from (one for one in meetings if first[one.key] >= since + EDGE)


def _more(page: Page) -> str | None:
    content = page.content
    return str(content.get("more") or "") or None if isinstance(content, Mapping) else None


def _reference(found: str) -> str:
    return found.strip().casefold()


def _rejected(number: int, error: PoisonError) -> Rejected:
    words = message(error.found, error.expected, "Correct it where it is written.", SET_ASIDE)
    return Rejected("learning_activity", number, "", f"statement_{error.code}", words)


def _notes(left: int, known: int) -> Iterator[str]:
    if left:
        yield f"statements that say nothing to Weft (activity_verbs names those that do): {left:,}"
    if known:
        yield f"statements that cannot be read, as on an earlier run: {known:,}"


def _no_statements(name: str) -> str:
    return (
        f"{name}: the answer holds no list of statements; expected xAPI 1.0. Check the address: it "
        "ends before /statements. Nothing was imported."
    )
