"""xAPI statements (ADL xAPI 1.0.3) read as learning, meetings, contacts and withdrawals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from connectors.sources.meetings import Meeting, Seat

VOIDED = "http://adlnet.gov/expapi/verbs/voided"
DURATION = re.compile(
    r"^P(?:0+Y)?(?:0+M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?$"
)
UNITS = {"weeks": 604_800, "days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}
MEETING_STATES = {
    "attended": "completed",
    "completed": "completed",
    "cancelled": "cancelled",
    "scheduled": "scheduled",
}
STRONGEST = ("completed", "cancelled", "scheduled")
TITLE_LENGTH = 80

Json = Mapping[str, object]


class PoisonError(ValueError):
    """A statement that cannot be read; carries a code and what was found, never a value."""

    def __init__(self, code: str, found: str, expected: str) -> None:
        super().__init__(found)
        self.code, self.found, self.expected = code, found, expected


@dataclass(frozen=True)
class Statement:
    """The parts of a statement that Weft reads; ``number`` is its place among those fetched."""

    number: int
    key: str
    verb: str
    verb_id: str
    kind: str
    object_id: str
    registration: str
    moment: datetime
    stored: datetime | None
    seconds: int | None
    actors: tuple[str, ...] = field(repr=False)
    others: tuple[str, ...] = field(repr=False)
    addressed: tuple[str, ...] = field(repr=False)


def read_statement(raw: object, number: int = 1) -> Statement:
    """Return what a statement says; raise PoisonError where the LRS should have refused it."""
    if not isinstance(raw, Mapping):
        raise PoisonError("no_statement", "this is no statement", "a JSON object")
    verb_id = _word(_part(raw, "verb"), "id")
    if not urlsplit(verb_id).scheme:
        raise PoisonError("verb", "the verb is no IRI", f"an IRI such as {VOIDED}")
    target, context = _part(raw, "object"), _optional(raw, "context")
    return Statement(
        number=number,
        key=_uuid(raw.get("id")),
        verb=_last(verb_id),
        verb_id=verb_id,
        kind=str(_optional(target, "definition").get("type", "")),
        object_id=_word(target, "id") if "id" in target else "",
        registration=str(context.get("registration", "")),
        moment=_instant(raw.get("timestamp"), "timestamp"),
        stored=_instant(raw["stored"], "stored") if raw.get("stored") else None,
        seconds=_seconds(_optional(raw, "result").get("duration")),
        actors=tuple(_people(_part(raw, "actor"))),
        others=tuple(
            person
            for role in ("instructor", "team")
            for person in _people(_optional(context, role))
        ),
        addressed=tuple(_people(target)) if _is_actor(target) else (),
    )


def meetings_of(statements: Sequence[Statement]) -> list[Meeting]:
    """Return one meeting for all statements about the same activity and registration."""
    together: dict[str, list[Statement]] = {}
    for statement in statements:
        if statement.verb in MEETING_STATES:
            key = f"{statement.object_id}\x1f{statement.registration}"
            together.setdefault(key, []).append(statement)
    return [_meeting(key, parts) for key, parts in together.items()]


def contact_of(statement: Statement) -> Meeting:
    """Return the conversation that one statement between people tells of."""
    came = (Seat(person, "yes") for person in statement.actors)
    addressed = (Seat(person, "unknown") for person in statement.addressed)
    return Meeting(
        key=statement.key,
        status="completed",
        evidence="platform_marked",
        started=statement.moment,
        mode="online",
        seconds=statement.seconds,
        seats=(*came, *addressed),
    )


def title_code(statement: Statement) -> str:
    """Return a short code for the activity, from the end of its IRI."""
    return _last(statement.object_id)[:TITLE_LENGTH]


def _meeting(key: str, parts: Sequence[Statement]) -> Meeting:
    states = {MEETING_STATES[part.verb] for part in parts}
    status = next(state for state in STRONGEST if state in states)
    told = [part for part in parts if MEETING_STATES[part.verb] == status]
    start = min(part.moment for part in told)
    lengths = [part.seconds for part in told if part.seconds is not None]
    came = [part for part in parts if MEETING_STATES[part.verb] == "completed"]
    return Meeting(
        key=key,
        status=status,
        evidence="platform_marked" if status == "completed" else "none",
        scheduled=None if status == "completed" else start,
        started=start if status == "completed" else None,
        seconds=max(lengths, default=None),
        seats=tuple(_seats(parts, came)),
    )


def _seats(parts: Sequence[Statement], came: Sequence[Statement]) -> Iterator[Seat]:
    for part in parts:
        yield from (Seat(person, "yes" if part in came else "unknown") for person in part.actors)
        yield from (Seat(person, "unknown") for person in part.others)


def _people(actor: Mapping[str, object]) -> Iterator[str]:
    """Yield an identifier a person: the mail where there is one, else account, openid or hash."""
    members = actor.get("member")
    if isinstance(members, Sequence) and not isinstance(members, str):
        for member in members:
            if isinstance(member, Mapping):
                yield from _people(member)
        return
    found = _identifier(actor)
    if found:
        yield found


def _identifier(actor: Mapping[str, object]) -> str:
    mail = str(actor.get("mbox", "")).strip()
    if mail:
        return mail[7:] if mail.casefold().startswith("mailto:") else mail
    account = actor.get("account")
    if isinstance(account, Mapping) and account.get("name"):
        name = str(account["name"]).strip()
        # the same person has an mbox in one system and an account named by mail in another
        return name if "@" in name else f"{account.get('homePage', '')}\x1f{name}"
    return str(actor.get("openid") or actor.get("mbox_sha1sum") or "")


def _is_actor(target: Mapping[str, object]) -> bool:
    return target.get("objectType") in ("Agent", "Group")


def _part(raw: Json, name: str) -> Json:
    found = raw.get(name)
    if not isinstance(found, Mapping):
        raise PoisonError(name, f"the {name} is missing", "an actor, a verb and an object")
    return found


def _optional(raw: Json, name: str) -> Json:
    found = raw.get(name)
    return found if isinstance(found, Mapping) else {}


def _word(part: Json, name: str) -> str:
    found = part.get(name)
    if not isinstance(found, str) or not found.strip():
        raise PoisonError(name, f"an {name} is missing", "text")
    return found.strip()


def _uuid(found: object) -> str:
    try:
        return str(UUID(str(found)))
    except ValueError:
        raise PoisonError("id", "the statement's id is no UUID", "a UUID") from None


def _instant(found: object, name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(str(found))
    except ValueError:
        raise PoisonError(name, f"the {name} is no instant", "ISO 8601 with an offset") from None
    if moment.tzinfo is None:
        raise PoisonError(name, f"the {name} has no time zone and could mean any", "an offset")
    return moment


def _seconds(found: object) -> int | None:
    if found is None:
        return None
    matched = DURATION.match(str(found))
    if matched is None:
        raise PoisonError("duration", "the duration cannot be read", "ISO 8601 such as PT45M")
    parts = ((unit, value) for unit, value in matched.groupdict().items() if value)
    return round(sum(float(value) * UNITS[unit] for unit, value in parts))


def _last(iri: str) -> str:
    return re.split(r"[/#:]", iri.rstrip("/"))[-1].casefold()
