"""When an event of a calendar takes place: its rule, its exceptions, its moved instances."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import Event
from icalendar.prop import vRecur

TOO_FREQUENT = ("SECONDLY", "MINUTELY", "HOURLY")
MOST_OCCURRENCES = 20_000


class NoMeetingError(ValueError):
    """An event that cannot be a meeting; carries a code and what was found."""

    def __init__(self, code: str, found: str, expected: str) -> None:
        super().__init__(found)
        self.code, self.found, self.expected = code, found, expected


@dataclass(frozen=True)
class Occurrence:
    """One time at which an event takes place.

    Attributes
    ----------
    event : Event
        Whose attendees and status hold.
    mark : str
        Tells this occurrence from the others of the series, also after it has been moved; empty
        where the event does not recur.
    start : datetime
        Aware.
    dropped : bool
        True where the series leaves this date out.
    """

    event: Event
    mark: str
    start: datetime
    dropped: bool = False


def occurrences(
    series: Sequence[Event], begin: datetime, end: datetime, zone: ZoneInfo
) -> Iterator[Occurrence]:
    """Yield the occurrences of the events with one UID that start from begin to end."""
    newest: dict[datetime | None, Event] = {}
    for event in sorted(series, key=lambda event: int(event.get("SEQUENCE", 0))):
        newest[_original(event, zone)] = event
    master = newest.pop(None, None)
    dropped = set() if master is None else _left_out(master, zone)
    for original, event in newest.items():
        start = starts_at(event, zone)
        if begin <= start <= end:
            mark = original.isoformat() if original else ""
            yield Occurrence(event, mark, start, original in dropped)
    if master is not None:
        for occurrence in _of_master(master, begin, end, zone):
            if occurrence.start.astimezone(UTC) not in newest or not occurrence.mark:
                yield occurrence


def starts_at(event: Event, zone: ZoneInfo) -> datetime:
    """Return the start of an event, in the zone given where the event names none."""
    start = _value(event, "DTSTART")
    if isinstance(start, datetime):
        return _aware(start, zone)
    if isinstance(start, date):
        raise NoMeetingError("all_day", "the event lasts all day", "a start with an hour")
    raise NoMeetingError("no_start", "the event has no readable start", "a DTSTART")


def length(event: Event, zone: ZoneInfo) -> timedelta:
    """Return how long an event is planned to last; zero where it does not say."""
    end = _value(event, "DTEND")
    if isinstance(end, datetime):
        return _aware(end, zone) - starts_at(event, zone)
    span = _value(event, "DURATION")
    return span if isinstance(span, timedelta) else timedelta()


def _of_master(
    master: Event, begin: datetime, end: datetime, zone: ZoneInfo
) -> Iterator[Occurrence]:
    start = starts_at(master, zone)
    dropped = _left_out(master, zone)
    # the start is the first occurrence even where the rule by itself would leave it out
    ruled = _by_rule(master, start, begin, end)
    moments = sorted({start, *ruled, *_dates(master, "RDATE", zone)})
    recurs = "RRULE" in master or "RDATE" in master
    for moment in moments:
        if begin <= moment <= end:
            same = moment.astimezone(UTC)
            yield Occurrence(master, same.isoformat() if recurs else "", moment, same in dropped)


def _by_rule(master: Event, start: datetime, begin: datetime, end: datetime) -> list[datetime]:
    rules = master.get("RRULE", [])
    found: list[datetime] = []
    for rule in rules if isinstance(rules, list) else [rules]:
        if str((rule.get("FREQ") or [""])[0]).upper() in TOO_FREQUENT:
            raise NoMeetingError("too_frequent", "the event recurs within a day", "daily or rarer")
        # expanded on the wall clock of the event, so that 9:00 stays 9:00 when the clocks change
        wall = start.replace(tzinfo=None)
        local = (begin.astimezone(start.tzinfo), end.astimezone(start.tzinfo))
        moments = rrulestr(_on_wall_clock(rule, start), dtstart=wall).xafter(
            local[0].replace(tzinfo=None), inc=True
        )
        for moment in moments:
            if moment > local[1].replace(tzinfo=None) or len(found) >= MOST_OCCURRENCES:
                break
            found.append(moment.replace(tzinfo=start.tzinfo))
    return found


def _on_wall_clock(rule: vRecur, start: datetime) -> str:
    copy = vRecur(rule)
    untils = copy.get("UNTIL")
    if untils:
        until = untils[0] if isinstance(untils, list) else untils
        if isinstance(until, datetime) and until.tzinfo is not None:
            copy["UNTIL"] = [until.astimezone(start.tzinfo).replace(tzinfo=None)]
        elif not isinstance(until, datetime):
            copy["UNTIL"] = [datetime(until.year, until.month, until.day, 23, 59, 59)]
    return copy.to_ical().decode()


def _dates(event: Event, name: str, zone: ZoneInfo) -> list[datetime]:
    lists = event.get(name, [])
    return [
        _aware(one.dt, zone)
        for dates in (lists if isinstance(lists, list) else [lists])
        for one in dates.dts
        if isinstance(one.dt, datetime)
    ]


def _left_out(master: Event, zone: ZoneInfo) -> set[datetime]:
    return {moment.astimezone(UTC) for moment in _dates(master, "EXDATE", zone)}


def _original(event: Event, zone: ZoneInfo) -> datetime | None:
    moment = _value(event, "RECURRENCE-ID")
    return _aware(moment, zone).astimezone(UTC) if isinstance(moment, datetime) else None


def _value(event: Event, name: str) -> object:
    found = event.get(name)
    return getattr(found, "dt", None)


def _aware(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
