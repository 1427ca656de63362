"""Days, instants and lengths of time as people and programs write them, in the canonical form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from pandas import DataFrame, Series

from connectors.contract import message
from connectors.once import each_once

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MOMENT = (
    r"^(?:(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})"
    r"|(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<c>\d{4}|\d{2})"
    r"|(?P<d2>\d{1,2})[ .-]+(?P<n2>[A-Za-z]{3,9})\.?[ ,-]+(?P<y2>\d{4})"
    r"|(?P<n3>[A-Za-z]{3,9})\.? (?P<d3>\d{1,2}),? (?P<y3>\d{4}))"
    r"(?:[T, ]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r" ?(?P<half>[AaPp]\.?[Mm]\.?)?)?"
    r" ?(?P<zone>Z|z|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?|UTC|GMT)?$"
)
SERIAL = r"^\d{5}(?:\.\d+)?$"
SERIAL_START = pd.Timestamp("1899-12-30")
NUMERIC = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})\b")
NOON = 12
DAY_MINUTES = 1440
DURATION = re.compile(
    r"^(?:(\d+) ?d(?:ays?)?)? ?(?:(\d+) ?h(?:\w*)?)? ?(?:(\d+) ?m(?:\w*)?)? ?(?:(\d+) ?s(?:\w*)?)?$"
)
CLOCK = re.compile(r"^(\d+):(\d{2})(?::(\d{2}))?$")
ISO_DURATION = re.compile(r"^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?$")
UNITS = {"seconds": 1, "minutes": 60, "hours": 3600}


@dataclass(frozen=True)
class Mistake:
    """Rows (boolean) whose cell cannot be read, and why."""

    rows: Series
    code: str
    words: str


@dataclass(frozen=True)
class Read:
    """Cells in canonical form, the mistakes found, and notes."""

    cells: Series
    mistakes: tuple[Mistake, ...] = ()
    notes: tuple[str, ...] = ()


def orders_proved(cells: Series) -> tuple[int, int, int]:
    """Return how many dates prove day first, how many month first, and how many neither."""
    found = [NUMERIC.match(cell) for cell in cells.unique()]
    pairs = [(int(m[1]), int(m[2])) for m in found if m]
    day_first = sum(first > 12 >= second for first, second in pairs)
    month_first = sum(second > 12 >= first for first, second in pairs)
    return day_first, month_first, len(pairs) - day_first - month_first


def days(cells: Series, order: str | None) -> Read:
    """Return days as ``2026-04-03``; an empty cell stays empty."""
    parts, mistakes = _parts(cells, order)
    wrong = cells.ne("") & parts["moment"].isna() & ~_among(mistakes, cells)
    text = parts["moment"].dt.strftime("%Y-%m-%d").fillna("")
    ends = cells.str.startswith("9999-12-31")
    text = text.mask(ends, "9999-12-31")
    words = message("a value is not a date", "a date such as 2026-04-03", "Correct it.")
    return Read(text, (*mistakes, Mistake(wrong & ~ends, "not_a_date", words)))


def instants(cells: Series, order: str | None, zone: str | None) -> Read:
    """Return instants in UTC; a time without offset is of the zone, or a mistake."""
    parts, mistakes = _parts(cells, order)
    local = parts["moment"]
    aware = parts["offset"].notna() & local.notna()
    naive = local.notna() & ~aware
    utc = (local - pd.to_timedelta(parts["offset"].where(aware, 0).fillna(0), unit="m")).where(
        aware
    )
    wrong = cells.ne("") & local.isna() & ~_among(mistakes, cells)
    words = message("a value is not a time", "a form such as 2026-04-03 14:30", "Correct it.")
    mistakes += (Mistake(wrong, "not_an_instant", words),)
    notes: tuple[str, ...] = ()
    if naive.any() and zone is None:
        remedy = "Set timezone in the mapping, such as Europe/Berlin."
        words = message("a time without time zone, and none chosen", "a time zone", remedy)
        mistakes += (Mistake(naive, "no_time_zone", words),)
    elif naive.any() and zone is not None:
        placed, gap, notes = _localised(local[naive], zone)
        utc = utc.where(~naive, placed.reindex(utc.index))
        mistakes += (_gap(gap.reindex(cells.index, fill_value=False), zone),)
    dateless = int((naive & parts["noon"]).sum())
    if dateless:
        notes += (f"times without an hour, taken as noon: {dateless:,}",)
    return Read(utc.dt.strftime("%Y-%m-%dT%H:%M:%SZ").fillna(""), mistakes, notes)


def durations(cells: Series, unit: str) -> Read:
    """Return whole seconds; numbers without a unit are of the unit given."""
    seconds = each_once(cells, lambda cell: _seconds(cell, unit))
    words = message("a value is not a length of time", "such as 45 min or 00:45:00", "Correct it.")
    wrong = seconds.isna() & cells.ne("")
    return Read(seconds.fillna(""), (Mistake(wrong, "not_a_duration", words),))


def _parts(cells: Series, order: str | None) -> tuple[DataFrame, tuple[Mistake, ...]]:
    known = Series(cells.unique(), dtype="str")
    found = known.str.extract(MOMENT)
    numeric = found["a"].notna()
    year, month, day = _calendar(found, order)
    moment = pd.to_datetime(
        DataFrame({"year": year, "month": month, "day": day}), errors="coerce"
    ).astype("datetime64[s]")
    hour = _hour(found)
    moment = moment + pd.to_timedelta(
        hour * 3600 + _number(found["minute"], 0) * 60 + _number(found["second"], 0), unit="s"
    )
    serial = known.str.match(SERIAL)
    if serial.any():
        amount = pd.to_numeric(known.where(serial), errors="coerce")
        moment = moment.where(~serial, (SERIAL_START + pd.to_timedelta(amount * 86_400, unit="s")))
    unclear = numeric if order is None else numeric & False
    crossed = numeric & (month > 12) & (day <= 12) if order else numeric & False
    table = DataFrame(
        {
            "moment": moment.mask(unclear | crossed | (hour > 23)),
            "offset": found["zone"].map(_offset, na_action="ignore").astype("float64"),
            "noon": found["hour"].isna() & ~serial,
            "unclear": unclear,
            "crossed": crossed,
        }
    )
    spread = table.set_index(known).loc[cells].set_axis(cells.index, axis=0)
    return spread, tuple(_order_mistakes(spread, order))


def _calendar(found: DataFrame, order: str | None) -> tuple[Series, Series, Series]:
    day_name, month_name = ("b", "a") if order == "MDY" else ("a", "b")
    named = found["n2"].fillna(found["n3"]).str[:3].str.lower()
    month_of = {name: number for number, name in enumerate(MONTHS, start=1)}
    year = _number(found["y"].fillna(found["c"]).fillna(found["y2"]).fillna(found["y3"]))
    year = year.where(~(year < 100), year + 2000)
    month = _number(found["m"].fillna(found[month_name])).fillna(named.map(month_of))
    day = _number(found["d"].fillna(found[day_name]).fillna(found["d2"]).fillna(found["d3"]))
    return year, month.astype("float64"), day


def _hour(found: DataFrame) -> Series:
    hour = _number(found["hour"], NOON)
    half = found["half"].str[:1].str.lower()
    hour = hour.where(~(half.eq("p") & (hour < 12)), hour + 12)
    return hour.where(~(half.eq("a") & (hour == 12)), 0)


def _number(text: Series, otherwise: float = np.nan) -> Series:
    return pd.to_numeric(text, errors="coerce").astype("float64").fillna(otherwise)


def _offset(zone: str) -> float:
    digits = re.sub(r"^(UTC|GMT|Z|z)", "", zone)
    if not digits:
        return 0.0
    hours, minutes = re.match(r"[+-](\d{1,2}):?(\d{2})?$", digits).groups()  # type: ignore[union-attr]
    total = int(hours) * 60 + int(minutes or 0)
    return float(-total if digits[0] == "-" else total)


def _order_mistakes(parts: DataFrame, order: str | None) -> list[Mistake]:
    remedy = "Set date_order in the mapping: DMY for day first, MDY for month first."
    unclear = message("a date such as 03/04/2026, and no order chosen", "an order", remedy)
    remedy = "Correct the date at the source, or date_order in the mapping."
    crossed = message("a date in another order", f"dates in the order {order}", remedy)
    return [
        Mistake(parts["unclear"].astype(bool), "no_date_order", unclear),
        Mistake(parts["crossed"].astype(bool), "other_date_order", crossed),
    ]


def _among(mistakes: tuple[Mistake, ...], cells: Series) -> Series:
    rows = Series(False, index=cells.index)
    for mistake in mistakes:
        rows |= mistake.rows
    return rows


def _localised(local: Series, zone: str) -> tuple[Series, Series, tuple[str, ...]]:
    first = np.ones(len(local), bool)
    place = ZoneInfo(zone)
    placed = local.dt.tz_localize(place, ambiguous=first, nonexistent="NaT").dt.tz_convert("UTC")
    second = local.dt.tz_localize(place, ambiguous=~first, nonexistent="NaT").dt.tz_convert("UTC")
    twice = int((placed.notna() & (placed != second)).sum())
    words = f"times that happened twice, as clocks were put back; the first is taken: {twice:,}"
    return placed.dt.tz_localize(None), placed.isna(), (words,) if twice else ()


def _gap(rows: Series, zone: str) -> Mistake:
    words = message(
        f"a time that {zone} never had, since clocks were put forward",
        "a time that was",
        "Correct it, or the time zone.",
    )
    return Mistake(rows.astype(bool), "no_such_time", words)


def _seconds(cell: str, unit: str) -> str | None:
    text = cell.strip().lower()
    number = text.replace(",", ".")
    if re.fullmatch(r"\d+(\.\d+)?", number):
        return str(round(float(number) * UNITS[unit])) if unit in UNITS else None
    if found := CLOCK.match(text):
        hours, minutes, seconds = int(found[1]), int(found[2]), int(found[3] or 0)
        return str(hours * 3600 + minutes * 60 + seconds)
    if found := ISO_DURATION.match(text.upper()):
        return str(_total(found.groups(), (3600, 60, 1))) if any(found.groups()) else None
    found = DURATION.match(text) if text else None
    return str(_total(found.groups(), (86_400, 3600, 60, 1))) if found else None


def _total(groups: tuple[str | None, ...], weights: tuple[int, ...]) -> int:
    return sum(int(g or 0) * w for g, w in zip(groups, weights, strict=True))
