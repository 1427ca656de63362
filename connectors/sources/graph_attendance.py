"""Teams attendance from Microsoft Graph. Written after the published API, not tried against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from connectors.contract import Batch, SourceError
from connectors.sources.answers import Page
from connectors.sources.attendance import Presence, held_meeting, listed, moment, whole_number
from connectors.sources.configuration import GraphSettings
from connectors.sources.delivery import Door, Memory, State
from connectors.sources.meetings import Meeting, Where, meeting_batches
from connectors.sources.signing import ClientCredentials
from connectors.sources.web import Limits, WebService

MOST_REPORTS = 50
SCOPE = "https://graph.microsoft.com/.default"


@dataclass
class GraphSource:
    """A connector for the attendance reports of organisers' online meetings."""

    name: str
    settings: GraphSettings
    state: State
    door: Door
    memory: Memory = field(default_factory=Memory)

    def batches(self) -> Iterator[Batch]:
        """Yield conversations and seats, one conversation a report."""
        meetings: list[Meeting] = []
        notes: list[str] = []
        with self._service() as service:
            for organiser, address in self._wanted():
                found = list(self._reports(service, organiser, address))
                meetings += [meeting for _, meeting in found if meeting is not None]
                if len(found) >= MOST_REPORTS:
                    notes.append(
                        f"a meeting has {MOST_REPORTS} reports, as many as Microsoft keeps; older "
                        "ones are not to be had. Run this source more often"
                    )
        where = Where(
            source=self.name,
            programme=self.settings.programme,
            cohort=self.settings.cohort,
            zone=self.settings.zone,
        )
        yield from meeting_batches(
            meetings, where, self.door.pseudonyms, self.door.now, notes=notes
        )

    def _wanted(self) -> list[tuple[str, str]]:
        organisers = _split(self.door.secret(self.settings.organisers_from))
        addresses = _split(self.door.secret(self.settings.meetings_from))
        if len(organisers) != len(addresses):
            raise SourceError(
                f"{self.name}: {len(organisers)} organisers and {len(addresses)} meetings; "
                "expected one organiser a meeting, in the same order. Correct the variables."
            )
        return list(zip(organisers, addresses, strict=True))

    def _service(self) -> WebService:
        set_, secret = self.settings, self.door.secret
        tenant = quote(secret(set_.tenant_from), safe="")
        signature = ClientCredentials(
            self.name,
            f"{set_.token_address.rstrip('/')}/{tenant}/oauth2/v2.0/token",
            {
                "grant_type": "client_credentials",
                "scope": SCOPE,
                "client_id": secret(set_.client_from),
                "client_secret": secret(set_.secret_from),
            },
        )
        limits = Limits(seconds=set_.time_limit_seconds)
        return WebService(self.name, set_.address, signature, limits, pause=self.door.pause)

    def _reports(
        self, service: WebService, organiser: str, address: str
    ) -> Iterator[tuple[str, Meeting | None]]:
        below = f"users/{quote(organiser, safe='')}/onlineMeetings"
        wanted = {"$filter": f"JoinWebUrl eq '{address.replace(chr(39), chr(39) * 2)}'"}
        for meeting in _all(service, below, **wanted):
            reports = f"{below}/{quote(str(meeting.get('id')), safe='')}/attendanceReports"
            for report in _all(service, reports):
                key = str(report.get("id"))
                records = _all(service, f"{reports}/{quote(key, safe='')}/attendanceRecords")
                there = [one for record in records for one in presences(record, report)]
                yield key, held_meeting(key, there, self.settings.shortest_seconds)


def presences(record: Mapping[str, object], report: Mapping[str, object]) -> Iterator[Presence]:
    """Yield the stretches of one attendance record; every field of it may be null."""
    identity = record.get("identity")
    name = identity.get("displayName") if isinstance(identity, Mapping) else None
    mail, guest = str(record.get("emailAddress") or ""), str(name or record.get("id") or "")
    intervals = listed(record, "attendanceIntervals") or []
    for interval in intervals:
        joined = moment(interval.get("joinDateTime"))
        if joined is not None:
            yield Presence(mail, guest, joined, whole_number(interval.get("durationInSeconds")))
    start = moment(report.get("meetingStartDateTime"))
    if not intervals and start is not None:
        yield Presence(mail, guest, start, whole_number(record.get("totalAttendanceInSeconds")))


def _all(service: WebService, where: str, **params: str) -> Iterator[Mapping[str, object]]:
    for page in service.pages(where, _next, **params):
        found = listed(page.content, "value")
        if found is None:
            raise SourceError(
                f"{service.name}: the answer has no list of values; expected the shape that "
                "Microsoft documents. It may have changed. Nothing was imported."
            )
        yield from found


def _next(page: Page) -> str | None:
    content = page.content if isinstance(page.content, Mapping) else {}
    return str(content.get("@odata.nextLink") or "") or None


def _split(written: str) -> list[str]:
    return [part.strip() for part in written.split(",") if part.strip()]
