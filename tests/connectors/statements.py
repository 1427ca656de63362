"""xAPI statements for tests, and a small LRS that pages, fails and voids as it is told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tests.connectors.fake_service import Asked, FakeService, Reply

MEETING = "http://adlnet.gov/expapi/activities/meeting"
VOIDED = "http://adlnet.gov/expapi/verbs/voided"
BO, AL, CY = "bo@x.org", "al@x.org", "cy@x.org"


def agent(mail: str) -> dict:
    """Return an actor who is known by a mail."""
    return {"objectType": "Agent", "mbox": f"mailto:{mail}"}


def statement(number: int, did: str = "completed", who: str = BO, **changed: object) -> dict:
    """Return a statement about a course; it is stored a minute after it happened."""
    day = f"2026-10-{1 + number % 28:02d}"
    return {
        "id": str(UUID(int=number)),
        "actor": agent(who),
        "verb": {"id": f"http://adlnet.gov/expapi/verbs/{did}"},
        "object": {"id": f"http://x.org/courses/c{number}"},
        "timestamp": f"{day}T09:00:00Z",
        "stored": f"{day}T09:01:00Z",
        "version": "1.0.0",
    } | changed


def voiding(number: int, voided: int) -> dict:
    """Return a statement that takes another one back."""
    target = {"objectType": "StatementRef", "id": str(UUID(int=voided))}
    return statement(number, object=target, verb={"id": VOIDED})


class FakeLrs:
    """An LRS that filters by ``stored`` and pages by a relative ``more``, as the standard says."""

    def __init__(self, service: FakeService, statements: list[dict], page: int = 2) -> None:
        self.statements, self.page = statements, page
        self.service = service
        self.poison: set[str] = set()
        self.headers: dict[str, str] = {}
        service.at("/xapi/statements", self._first)
        service.at("/xapi/more", self._next)
        self.rest: dict[str, list[dict]] = {}

    def _first(self, asked: Asked) -> Reply:
        since = datetime.fromisoformat(asked.query["since"])
        until = asked.query.get("until")
        found = [
            one
            for one in self.statements
            if datetime.fromisoformat(one["stored"]) > since
            and (until is None or datetime.fromisoformat(one["stored"]) <= _parsed(until))
        ]
        if self.poison & {one["id"] for one in found}:
            return Reply({"detail": "cannot compare"}, 500)
        return self._page(found)

    def _next(self, asked: Asked) -> Reply:
        return self._page(self.rest.pop(asked.query["cursor"]))

    def _page(self, found: list[dict]) -> Reply:
        now, later = found[: self.page], found[self.page :]
        content: dict = {"statements": now, "more": ""}
        if later:
            mark = str(len(self.service.asked))
            self.rest[mark] = later
            content["more"] = f"/xapi/more?cursor={mark}"
        return Reply(content, headers=self.headers)


def _parsed(moment: str) -> datetime:
    return datetime.fromisoformat(moment)
