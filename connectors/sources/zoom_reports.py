"""Zoom meeting reports: who was there. Written after the published API, not tried against Zoom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from connectors.contract import SET_ASIDE, Batch, Rejected, SourceError, message
from connectors.sources.answers import Page
from connectors.sources.attendance import Presence, held_meeting, listed, moment, whole_number
from connectors.sources.configuration import ZoomSettings
from connectors.sources.delivery import Door, Memory, State
from connectors.sources.meetings import Meeting, Where, meeting_batches
from connectors.sources.signing import ClientCredentials, Password
from connectors.sources.web import ExpiredPageError, Limits, ServiceFault, WebService

PAGE = "300"
RESTARTS = 2
ALL_TIME = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class ZoomSource:
    """A connector for the instances of recurring Zoom meetings.

    Attributes
    ----------
    memory : Memory
        ``latest`` in its state is the start of the latest instance read.
    """

    name: str
    settings: ZoomSettings
    state: State
    door: Door
    memory: Memory = field(default_factory=Memory)

    def batches(self) -> Iterator[Batch]:
        """Yield conversations and seats of the instances since the last run, and a few before."""
        meetings: list[Meeting] = []
        rejected: list[Rejected] = []
        notes: list[str] = []
        latest = datetime.fromisoformat(str(self.state.get("latest", ALL_TIME.isoformat())))
        since = ALL_TIME if latest == ALL_TIME else latest - timedelta(self.settings.lag_days)
        with self._service() as service:
            for start, uuid in sorted(self._instances(service)):
                if start < since:
                    continue
                try:
                    presences, unreadable = _participants(service, uuid)
                except ServiceFault:
                    # the daily limit: what was read is stored, and the next run goes on behind it
                    if not meetings:
                        raise
                    notes.append(f"Zoom stopped answering; read up to {latest:%Y-%m-%d %H:%M} UTC")
                    break
                latest = max(latest, start)
                rejected += [_rejected(len(meetings) + 1)] * bool(unreadable)
                held = held_meeting(uuid, presences, self.settings.shortest_seconds)
                meetings += [held] if held else []
        self.memory.state = {"latest": latest.isoformat()}
        where = Where(
            source=self.name,
            programme=self.settings.programme,
            cohort=self.settings.cohort,
            zone=self.settings.zone,
        )
        yield from meeting_batches(
            meetings, where, self.door.pseudonyms, self.door.now, rejected, notes
        )

    def _service(self) -> WebService:
        set_, secret = self.settings, self.door.secret
        signature = ClientCredentials(
            self.name,
            set_.token_address,
            {"grant_type": "account_credentials", "account_id": secret(set_.account_from)},
            Password(secret(set_.client_from), secret(set_.secret_from)),
        )
        limits = Limits(seconds=set_.time_limit_seconds)
        return WebService(self.name, set_.address, signature, limits, pause=self.door.pause)

    def _instances(self, service: WebService) -> Iterator[tuple[datetime, str]]:
        # all meetings of a series share one number: only the instance has a participants' list
        for number in self.settings.meetings:
            page = service.get(f"past_meetings/{quote(number, safe='')}/instances")
            found = listed(page.content, "meetings")
            if found is None:
                raise SourceError(_shape(self.name, "meetings"))
            for one in found:
                start = moment(one.get("start_time"))
                if start is not None and one.get("uuid"):
                    yield start, str(one["uuid"])


def _participants(service: WebService, uuid: str) -> tuple[list[Presence], int]:
    where = f"report/meetings/{path_of(uuid)}/participants"
    for restart in range(RESTARTS + 1):
        try:
            raw = [
                one
                for page in service.pages(where, _next, page_size=PAGE)
                for one in _listed(page, service.name)
            ]
            break
        except ExpiredPageError:
            # the mark of the next page holds for 15 minutes; this meeting begins anew
            if restart == RESTARTS:
                raise
    there = [one for one in raw if one.get("status", "in_meeting") == "in_meeting"]
    presences = [presence for one in there if (presence := _presence(one)) is not None]
    return presences, len(there) - len(presences)


def path_of(uuid: str) -> str:
    """Return an instance's uuid for a path; Zoom wants those with slashes encoded twice."""
    once = quote(uuid, safe="")
    return quote(once, safe="") if uuid.startswith("/") or "//" in uuid else once


def _presence(one: Mapping[str, object]) -> Presence | None:
    joined = moment(one.get("join_time"))
    if joined is None:
        return None
    mail = str(one.get("user_email") or "")
    guest = str(one.get("user_id") if not one.get("name") else one["name"])
    return Presence(mail, guest, joined, whole_number(one.get("duration")))


def _listed(page: Page, name: str) -> list[Mapping[str, object]]:
    found = listed(page.content, "participants")
    if found is None:
        raise SourceError(_shape(name, "participants"))
    return found


def _next(page: Page) -> dict[str, str] | None:
    mark = page.content.get("next_page_token") if isinstance(page.content, Mapping) else None
    return {"next_page_token": str(mark)} if mark else None


def _shape(name: str, part: str) -> str:
    return (
        f"{name}: the answer has no list of {part}; expected the shape that Zoom documents. Zoom "
        "may have changed it. Nothing was imported."
    )


def _rejected(number: int) -> Rejected:
    words = message(
        "an entry of the meeting's report has no time of joining",
        "one",
        "Look at the report in Zoom.",
        SET_ASIDE,
    )
    return Rejected("conversation_participant", number, "", "no_join_time", words)
