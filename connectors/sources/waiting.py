"""How long to wait before asking again, and when to stop."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from connectors.contract import SourceError


@dataclass
class Patience:
    """The time that one run may take in all, and the longest single wait."""

    name: str
    seconds: float
    longest_wait: float
    pause: Callable[[float], object]
    clock: Callable[[], float]
    started: float = field(init=False)

    def __post_init__(self) -> None:
        self.started = self.clock()

    def left(self) -> float:
        """Return the seconds that are left."""
        return self.seconds - (self.clock() - self.started)

    def check(self) -> None:
        """Raise SourceError when the time is used up."""
        if self.left() <= 0:
            raise SourceError(
                f"{self.name}: not finished within {self.seconds:,.0f} seconds. Raise "
                "time_limit_seconds of this source, or ask for less. Nothing of this run was "
                "imported."
            )

    def wait(self, attempt: int, announced: float | None) -> bool:
        """Wait as announced, or longer with every attempt; False where that is too long."""
        # many clients must not ask again at the same moment
        backed_off = min(2.0 ** (attempt - 1) * random.uniform(0.75, 1.25), self.longest_wait)
        seconds = backed_off if announced is None else announced
        if seconds > min(self.longest_wait, self.left()):
            return False
        self.pause(max(seconds, 0.0))
        return True


def announced_wait(headers: Mapping[str, str] | None) -> float | None:
    """Return the seconds that Retry-After asks for, given as seconds or as a date, or None."""
    written = (headers or {}).get("Retry-After")
    if written is None:
        return None
    if written.strip().isdigit():
        return float(written)
    until, now = _moment(written), _moment((headers or {}).get("Date", ""))
    # the service's own clock, where it tells it: ours may be wrong
    return None if until is None else (until - (now or datetime.now(UTC))).total_seconds()


def _moment(written: str) -> datetime | None:
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            found = read(written)
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None
