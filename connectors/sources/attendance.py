"""Who was in a video meeting and for how long, as a conversation that was held or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from connectors.sources.meetings import Meeting, Seat


@dataclass(frozen=True)
class Presence:
    """One stretch of one person in one meeting; rejoining makes several.

    Attributes
    ----------
    identifier : str
        Work mail; empty for a guest or a telephone.
    guest : str
        What tells one guest from another within this meeting; never stored.
    """

    identifier: str = field(repr=False)
    guest: str = field(repr=False)
    joined: datetime
    seconds: int


def held_meeting(key: str, presences: Sequence[Presence], shortest_seconds: int) -> Meeting | None:
    """Return the meeting; None where nobody was there."""
    if not presences:
        return None
    seats = tuple(_seats(presences, shortest_seconds))
    came = sum(seat.attended == "yes" for seat in seats)
    start = min(presence.joined for presence in presences)
    end = max(presence.joined + timedelta(seconds=presence.seconds) for presence in presences)
    return Meeting(
        key=key,
        status="completed" if came >= 2 else "no_show",
        evidence="attendance",
        started=start,
        mode="online",
        seconds=round((end - start).total_seconds()),
        seats=seats,
    )


def moment(found: object) -> datetime | None:
    """Return an instant out of a service's answer; None where it is missing or has no offset."""
    try:
        parsed = datetime.fromisoformat(str(found))
    except ValueError:
        return None
    return parsed if parsed.tzinfo else None


def whole_number(found: object) -> int:
    """Return seconds out of a service's answer; 0 where they are missing."""
    text = str(found).partition(".")[0]
    return int(text) if text.isdigit() else 0


def listed(content: object, name: str) -> list[Mapping[str, object]] | None:
    """Return the objects of a list in an answer; None where the answer has no such list."""
    found = content.get(name) if isinstance(content, Mapping) else None
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else None


def _seats(presences: Sequence[Presence], shortest_seconds: int) -> Iterator[Seat]:
    spans: dict[tuple[str, str], int] = {}
    for presence in presences:
        named = presence.identifier.strip().casefold()
        who = (named, "") if named else ("", presence.guest)
        spans[who] = spans.get(who, 0) + presence.seconds
    for (identifier, _), seconds in spans.items():
        yield Seat(identifier, "yes" if seconds >= shortest_seconds else "no")
