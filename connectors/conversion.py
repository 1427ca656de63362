"""One column of text turned into typed values as its declaration says, with the flaws found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Boolean, Column, Date, Double, Integer, String

from connectors.contract import message
from schema import UtcTimestamp, allowed_values, column_default, is_required

TEXT = pa.large_string()
INSTANT = pa.timestamp("us", "UTC")
LARGEST_INTEGER = 2**31 - 1
OPEN_END = "9999-12-31"
EARLIEST_DAY = "1900-01-02"

INVISIBLE = "[\u200b\u200c\u200d\u2060\ufeff]"
CONTROL = r"[\x00-\x08\x0b-\x1f\x7f]"
SHORTENED = r"^\d([.,]\d+)?[eE]\+\d+$"
WHOLE = r"^[+-]?\d{1,15}(\.0+)?$"
NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
DECIMAL_COMMA = r"^[+-]?\d+,\d+$"
DAY = r"^\d{4}-\d{2}-\d{2}([T ]00:00(:00(\.0+)?)?)?$"
CLOCK = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?"
NAIVE_INSTANT = CLOCK + "$"
AWARE_INSTANT = CLOCK + r" ?(Z|z|[+-]\d{2}(:?\d{2})?)$"


@dataclass(frozen=True)
class Flaw:
    """One kind of mistake and the rows that have it (a boolean array as long as the column)."""

    rows: pa.BooleanArray
    code: str
    message: str


Parsed = tuple[pa.Array, list[Flaw]]


def convert(column: Column, cells: pa.Array) -> Parsed:
    """Return the typed values of a column and its flaws; a flawed cell's value is null.

    An empty cell takes the column's default, the empty text where ``blank`` is declared, or null.
    """
    cells = _clean(cells)
    filled = pc.not_equal(cells, "")
    values, flaws = PARSERS[_kind(column)](column, pc.if_else(filled, cells, None))
    default = "" if column.info.get("blank") else column_default(column)
    if default is not None:
        values = pc.if_else(filled, values, pa.scalar(default, values.type))
    elif is_required(column):
        flaws = [*flaws, _empty(column, pc.invert(filled))]
    return values, [flaw for flaw in flaws if pc.any(flaw.rows).as_py()]


def value_type(column: Column) -> pa.DataType:
    """Return the Arrow type that a column's values have after conversion."""
    return TYPES[_kind(column)]


def _kind(column: Column) -> type:
    return next(kind for kind in PARSERS if isinstance(column.type, kind))


def _clean(cells: pa.Array) -> pa.Array:
    return pc.utf8_trim_whitespace(visible(cells))


def visible(cells: pa.Array) -> pa.Array:
    """Return the cells in one Unicode form, without characters that nobody sees."""
    if pc.all(pc.string_is_ascii(cells), min_count=0).as_py():
        # nothing of either is ASCII, and most columns are
        return cells
    return pc.replace_substring_regex(pc.utf8_normalize(cells, "NFC"), INVISIBLE, "")


def _matches(cells: pa.Array, pattern: str) -> pa.Array:
    return pc.fill_null(pc.match_substring_regex(cells, pattern), False)


def _missed(cells: pa.Array, accepted: pa.Array) -> pa.Array:
    return pc.and_(pc.is_valid(cells), pc.invert(accepted))


def _empty(column: Column, rows: pa.Array) -> Flaw:
    words = message("the cell is empty", "a value in every row", f"Fill in {column.name}.")
    return Flaw(rows, "empty", words)


def _text(column: Column, cells: pa.Array) -> Parsed:
    allowed = allowed_values(column)
    if allowed is not None:
        return _choice(allowed, cells)
    long = pc.fill_null(pc.greater(pc.utf8_length(cells), column.type.length), False)
    control = _matches(cells, CONTROL)
    flaws = [
        Flaw(long, "too_long", _fault("a value is too long", f"{column.type.length} characters")),
        Flaw(control, "control_character", _fault("a value holds a control character", "text")),
        Flaw(
            _matches(cells, SHORTENED),
            "shortened_number",
            message(
                "a spreadsheet has shortened this number",
                "the whole key",
                "Format the column as text at the source and export again.",
            ),
        ),
    ]
    return cells, flaws


def _choice(allowed: tuple[str, ...], cells: pa.Array) -> Parsed:
    known = pc.is_in(cells, pa.array(allowed, TEXT))
    words = _fault("a value is not on the list", f"one of {', '.join(allowed)}")
    return cells, [Flaw(_missed(cells, known), "not_allowed", words)]


def _flag(column: Column, cells: pa.Array) -> Parsed:
    lower = pc.utf8_lower(cells)
    yes = pc.is_in(lower, pa.array(["true", "1", "yes"], TEXT))
    no = pc.is_in(lower, pa.array(["false", "0", "no"], TEXT))
    words = _fault("a value is not a yes or no", "true, false, 1, 0, yes or no")
    values = pc.if_else(pc.is_valid(cells), yes, None)
    return values, [Flaw(_missed(cells, pc.or_(yes, no)), "not_a_flag", words)]


def _integer(column: Column, cells: pa.Array) -> Parsed:
    digits = _ascii_minus(cells)
    whole = _matches(digits, WHOLE)
    number = pc.cast(pc.if_else(whole, digits, None), pa.float64())
    fits = pc.fill_null(pc.less_equal(pc.abs(number), LARGEST_INTEGER), False)
    values = pc.cast(pc.if_else(fits, number, None), pa.int32())
    words = _fault("a value is not a whole number", "digits only")
    large = Flaw(
        pc.and_(whole, pc.invert(fits)),
        "out_of_range",
        _fault("a value is too large", f"{LARGEST_INTEGER} at most"),
    )
    return values, [
        Flaw(_missed(cells, whole), "not_whole", words),
        large,
        *_bounds(column, values),
    ]


def _number(column: Column, cells: pa.Array) -> Parsed:
    digits = _ascii_minus(cells)
    parsed = pc.cast(pc.if_else(_matches(digits, NUMBER), digits, None), pa.float64())
    finite = pc.fill_null(pc.is_finite(parsed), False)
    # -0.0 and 0.0 are the same number and must have the same hash
    values = pc.add(pc.if_else(finite, parsed, None), 0.0)
    comma = _matches(digits, DECIMAL_COMMA)
    other = pc.and_(_missed(cells, finite), pc.invert(comma))
    remedy = "Write 4.5 instead of 4,5."
    flaws = [
        Flaw(comma, "decimal_comma", message("a decimal comma", "a decimal point", remedy)),
        Flaw(other, "not_a_number", _fault("a value is not a number", "a number such as 4.5")),
    ]
    return values, [*flaws, *_bounds(column, values)]


def _ascii_minus(cells: pa.Array) -> pa.Array:
    return pc.replace_substring(cells, "\u2212", "-")


def _bounds(column: Column, values: pa.Array) -> list[Flaw]:
    low, high = column.info.get("low"), column.info.get("high")
    flaws = []
    if low is not None:
        rows = pc.fill_null(pc.less(values, low), False)
        flaws.append(Flaw(rows, "out_of_range", _fault("a value is too low", f"{low} or more")))
    if high is not None:
        rows = pc.fill_null(pc.greater(values, high), False)
        flaws.append(Flaw(rows, "out_of_range", _fault("a value is too high", f"{high} or less")))
    return flaws


def _day(column: Column, cells: pa.Array) -> Parsed:
    shaped = _matches(cells, DAY)
    days = pc.utf8_slice_codeunits(pc.if_else(shaped, cells, None), 0, 10)
    if _is_end(column):
        days = pc.if_else(pc.equal(days, OPEN_END), None, days)
    values = _timestamps(days, zone=None).cast(pa.date32())
    invalid = pc.or_(_missed(cells, shaped), _missed(days, pc.is_valid(values)))
    early = pc.fill_null(pc.less(days, EARLIEST_DAY), False)
    remedy = "Write the date with year, month and day, as in 2026-04-03."
    dates = message("a value is not a date in ISO form", "year-month-day", remedy)
    remedy = "Give the real day, or leave the cell empty where that is allowed."
    placeholder = message("a day that stands for 'unknown'", "a real day", remedy)
    return values, [
        Flaw(invalid, "not_a_date", dates),
        Flaw(early, "placeholder_date", placeholder),
    ]


def _is_end(column: Column) -> bool:
    return "after" in column.info or "not_before" in column.info


def _instant(column: Column, cells: pa.Array) -> Parsed:
    aware = _matches(cells, AWARE_INSTANT)
    naive = _matches(cells, NAIVE_INSTANT)
    micro = pc.replace_substring_regex(cells, r"[.,](\d{1,6})\d*", r".\1")
    values = _timestamps(pc.if_else(aware, micro, None), zone="UTC")
    invalid = pc.and_(_missed(cells, pc.is_valid(values)), pc.invert(naive))
    remedy = "Add the offset, as in 2026-04-03T14:30:00+02:00, or Z for UTC."
    zone = message("a time without time zone, which could mean any", "an offset", remedy)
    words = _fault("a value is not an instant", "a form such as 2026-04-03T14:30:00+02:00")
    return values, [Flaw(naive, "no_time_zone", zone), Flaw(invalid, "not_an_instant", words)]


def _timestamps(cells: pa.Array, zone: str | None) -> pa.Array:
    texts = pd.Series(cells.to_pandas(), dtype="str")
    moments = pd.to_datetime(texts, format="ISO8601", errors="coerce", utc=zone is not None)
    return pa.array(moments.astype(f"datetime64[us{', UTC' if zone else ''}]"), from_pandas=True)


def _fault(found: str, expected: str) -> str:
    return message(found, expected, "Correct it at the source.")


# the order matters: an instant is tried before what it derives from
PARSERS: dict[type, Callable[[Column, pa.Array], Parsed]] = {
    UtcTimestamp: _instant,
    Boolean: _flag,
    Date: _day,
    Integer: _integer,
    Double: _number,
    String: _text,
}
TYPES: dict[type, pa.DataType] = {
    UtcTimestamp: INSTANT,
    Boolean: pa.bool_(),
    Date: pa.date32(),
    Integer: pa.int32(),
    Double: pa.float64(),
    String: TEXT,
}
