"""Columns of canonical tables made from whole numbers: keys, words, days and instants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionArray
from sqlalchemy import Boolean, Date, Double, Integer, String

from schema import CANONICAL

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

NO_DAY = np.iinfo(np.int64).min
"""The whole number that stands for "no day" and "no instant"; numpy reads it as NaT."""
DAY_SECONDS = 86_400


def day_number(iso: str) -> int:
    """Return the days since 1970-01-01."""
    return int(np.datetime64(iso, "D").astype(np.int64))


START = day_number("2025-04-01")
END = day_number("2026-10-01")
"""Day after the last one that the data know."""


def keys(prefix: str, numbers: Whole, width: int) -> ExtensionArray:
    """Write numbers as keys of equal length, built as bytes because there may be millions."""
    head = np.frombuffer(prefix.encode(), np.uint8)
    length = len(head) + width
    letters = np.empty((len(numbers), length), np.uint8)
    letters[:, : len(head)] = head
    rest = numbers.astype(np.uint32)
    for place in range(length - 1, len(head) - 1, -1):
        shorter = rest // 10
        letters[:, place] = rest - shorter * 10 + ord("0")
        rest = shorter
    offsets = np.arange(len(numbers) + 1, dtype=np.int64) * length
    buffers = pa.py_buffer(offsets), pa.py_buffer(letters.tobytes())
    return pd.array(pa.LargeStringArray.from_buffers(len(numbers), *buffers), dtype="str")


def pick(values: ExtensionArray | Sequence[str], index: Whole) -> ExtensionArray:
    """Return the value at each index; -1 is missing."""
    array = values if isinstance(values, ExtensionArray) else pd.array(list(values), dtype="str")
    return array.take(index, allow_fill=True)


def same(word: str, rows: int) -> ExtensionArray:
    """Repeat one word."""
    return pick([word], np.zeros(rows, np.int64))


def missing(rows: int) -> ExtensionArray:
    """Return a column of words that is empty throughout."""
    return pick([""], np.full(rows, -1))


def days(numbers: Whole) -> pd.Series:
    """Turn day numbers into dates."""
    return pd.Series(numbers.astype(np.int64).view("datetime64[D]").astype("datetime64[s]"))


def instants(seconds: Whole) -> pd.Series:
    """Turn seconds since 1970 in UTC into aware instants."""
    return pd.Series(seconds.astype(np.int64).view("datetime64[s]")).dt.tz_localize("UTC")


def utc_seconds(local_seconds: Whole, zone: Whole, zones: Sequence[str]) -> Whole:
    """Turn seconds of the local clock into seconds in UTC, each in its own time zone."""
    result = np.empty_like(local_seconds)
    for number, name in enumerate(zones):
        here = zone == number
        local = pd.DatetimeIndex(local_seconds[here].view("datetime64[s]"))
        result[here] = local.tz_localize(name).tz_convert("UTC").as_unit("s").asi8
    return result


def canonical(table: str, columns: Mapping[str, object]) -> pd.DataFrame:
    """Lay out a canonical table: exactly its columns, in their order, in their types."""
    declared = [c for c in CANONICAL[table].columns if not c.info.get("lineage")]
    names = [column.name for column in declared]
    if set(names) != set(columns):
        raise ValueError(f"{table}: columns differ by {sorted(set(names) ^ set(columns))}")
    frame = pd.DataFrame({name: columns[name] for name in names})
    return frame.astype({column.name: _type(column, frame[column.name]) for column in declared})


def rows(table: str, names: Sequence[str], content: Sequence[Sequence[object]]) -> pd.DataFrame:
    """Lay out a small canonical table that is written row by row."""
    columns = zip(*content, strict=True)
    return canonical(table, dict(zip(names, map(list, columns), strict=True)))


def _type(column: object, values: pd.Series) -> object:
    kind = column.type
    if isinstance(kind, String):
        return "str"
    if isinstance(kind, Boolean):
        return bool
    if isinstance(kind, Integer):
        return "float64" if values.isna().any() else "int64"
    if isinstance(kind, Double):
        return "float64"
    return "datetime64[s]" if isinstance(kind, Date) else "datetime64[s, UTC]"
