"""A file's text checked against its table's declaration: columns, values, keys, rules of a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from difflib import get_close_matches
from functools import cache
from zoneinfo import available_timezones

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas import DataFrame, Series
from sqlalchemy import Column, Table

from connectors.contract import FILE_REFUSED, Batch, Rejected, message
from connectors.conversion import TEXT, Flaw, convert
from connectors.reading import TextTable
from schema import is_required

ROW_NUMBER = "row_number"
FUTURE_ALLOWED = timedelta(days=1)
EARLIEST_HIRE = "1950-01-01"

Mistake = tuple[Series, str, str, str]
"""Rows concerned (boolean), column, code, message."""


def check(table: Table, source: TextTable, now: datetime) -> Batch:
    """Return the rows that fit the table's declaration, and the reasons why others do not."""
    wrong_columns = check_header(table, source.header)
    if wrong_columns:
        return Batch(table.name, empty_frame(table), tuple(wrong_columns), source.notes)
    frame, rejected = _convert_columns(table, source)
    frame, unruly = _set_aside(table, frame, _row_mistakes(table, frame, now))
    repeated: tuple[str, ...] = ()
    doubled: list[Rejected] = []
    if frame.duplicated([column.name for column in table.primary_key]).any():
        frame, repeated = _without_repeats(frame, table)
        frame, doubled = _set_aside(table, frame, [_conflicting_keys(frame, table)])
    everything = (*source.rejected, *rejected, *unruly, *doubled)
    return Batch(table.name, frame.reset_index(drop=True), everything, source.notes + repeated)


def declared_columns(table: Table) -> list[Column]:
    """Return the columns that a file may bring: all but the lineage."""
    return [column for column in table.columns if not column.info.get("lineage")]


def must_be_given(column: Column) -> bool:
    """Tell whether a file must bring the column."""
    return is_required(column) and not column.info.get("blank")


def empty_frame(table: Table) -> DataFrame:
    """Return a frame without rows in the form that a connector yields."""
    none = pa.array([], TEXT)
    arrays = {column.name: convert(column, none)[0] for column in declared_columns(table)}
    return _to_frame(arrays, pa.array([], pa.int64()))


def check_header(table: Table, header: tuple[str, ...]) -> list[Rejected]:
    """Return what is wrong with the column names of a file."""
    known = [column.name for column in declared_columns(table)]
    if not set(header) & set(known):
        # a first line without any known name may be a person's row: it is not repeated here
        return [
            _refused_header(
                table,
                "",
                "no_header",
                "the first line has no known column name",
                f"column names out of {', '.join(known)}",
            )
        ]
    unknown = [name for name in dict.fromkeys(header) if name not in known]
    doubled = [name for name in known if header.count(name) > 1]
    missing = [
        column.name
        for column in declared_columns(table)
        if must_be_given(column) and column.name not in header
    ]
    return [
        *(_unknown_column(table, name, known) for name in unknown),
        *(
            _refused_header(table, name, "doubled_column", "the column stands twice", "it once")
            for name in doubled
        ),
        *(
            _refused_header(
                table, name, "missing_column", "the column is missing", "it in the file"
            )
            for name in missing
        ),
    ]


def _refused_header(table: Table, column: str, code: str, found: str, expected: str) -> Rejected:
    words = message(found, expected, "Correct the first line of the file.", FILE_REFUSED)
    return Rejected(table.name, None, column, code, words)


def _unknown_column(table: Table, name: str, known: list[str]) -> Rejected:
    near = get_close_matches(name.lower(), known, n=1, cutoff=0.6)
    hint = f"{near[0]} (did you mean this?)" if near else f"one of {', '.join(known)}"
    found = "the column is not known" if name else "a column has no name"
    return _refused_header(table, name, "unknown_column", found, hint)


def _convert_columns(table: Table, source: TextTable) -> tuple[DataFrame, list[Rejected]]:
    given = dict(zip(source.header, source.columns, strict=True))
    absent = pa.array([""], TEXT).take(pa.array(np.zeros(len(source.row_numbers), np.int64)))
    arrays: dict[str, pa.Array] = {}
    rejected: list[Rejected] = []
    flawed = np.zeros(len(source.row_numbers), bool)
    for column in declared_columns(table):
        arrays[column.name], flaws = convert(column, given.get(column.name, absent))
        for flaw in flaws:
            rows = flaw.rows.to_numpy(zero_copy_only=False)
            flawed |= rows
            rejected += _rejected(table, source.row_numbers.to_numpy()[rows], column.name, flaw)
    frame = _to_frame(arrays, source.row_numbers)
    return frame[~flawed] if flawed.any() else frame, rejected


def _rejected(table: Table, numbers: Iterable[int], column: str, flaw: Flaw) -> list[Rejected]:
    return [Rejected(table.name, int(n), column, flaw.code, flaw.message) for n in numbers]


def _to_frame(arrays: dict[str, pa.Array], row_numbers: pa.Array) -> DataFrame:
    nullable = {pa.int32(): pd.Int32Dtype(), pa.bool_(): pd.BooleanDtype()}
    content = pa.table({**arrays, ROW_NUMBER: row_numbers})
    return content.to_pandas(date_as_object=False, types_mapper=nullable.get)


def _set_aside(
    table: Table, frame: DataFrame, mistakes: Iterable[Mistake]
) -> tuple[DataFrame, list[Rejected]]:
    rejected: list[Rejected] = []
    aside = np.zeros(len(frame), bool)
    for mask, column, code, words in mistakes:
        rows = mask.fillna(False).to_numpy(bool)
        if not rows.any():
            continue
        aside |= rows
        numbers = frame[ROW_NUMBER].to_numpy()[rows]
        rejected += [Rejected(table.name, int(n), column, code, words) for n in numbers]
    return frame[~aside] if aside.any() else frame, rejected


def _without_repeats(frame: DataFrame, table: Table) -> tuple[DataFrame, tuple[str, ...]]:
    repeats = frame.duplicated([column.name for column in declared_columns(table)])
    count = int(repeats.sum())
    if not count:
        return frame, ()
    return frame[~repeats], (f"{count} repeated rows with the same content were counted once",)


def _conflicting_keys(frame: DataFrame, table: Table) -> Mistake:
    keys = [column.name for column in table.primary_key]
    words = message(
        "several rows have the same key and different content",
        f"one row for each {', '.join(keys)}",
        "Keep the right one.",
        "All of them set aside.",
    )
    return frame.duplicated(keys, keep=False), ", ".join(keys), "duplicate_key", words


def _row_mistakes(table: Table, frame: DataFrame, now: datetime) -> list[Mistake]:
    declared = [
        mistake
        for column in declared_columns(table)
        for rule in (_not_before, _after, _within)
        for mistake in rule(column, frame)
    ]
    return declared + [rule(frame, now) for rule in ROW_RULES.get(table.name, ())]


def _not_before(column: Column, frame: DataFrame) -> list[Mistake]:
    other = column.info.get("not_before")
    if other is None:
        return []
    words = message(
        "the end lies before the beginning", f"{other} or later", "Correct one of them."
    )
    return [(frame[column.name] < frame[other], column.name, "ends_before_start", words)]


def _after(column: Column, frame: DataFrame) -> list[Mistake]:
    other = column.info.get("after")
    if other is None:
        return []
    words = message("a value that is not above its start", f"more than {other}", "Correct one.")
    return [(frame[column.name] <= frame[other], column.name, "not_after", words)]


def _within(column: Column, frame: DataFrame) -> list[Mistake]:
    bounds = column.info.get("within")
    if bounds is None:
        return []
    low, high = (frame[name] for name in bounds)
    values = frame[column.name]
    remedy = "Correct the value, or the scale if all of them are given on another."
    words = message("a value is outside its scale", f"{bounds[0]} to {bounds[1]}", remedy)
    return [((values < low) | (values > high), column.name, "out_of_scale", words)]


def _needs_start(frame: DataFrame, now: datetime) -> Mistake:
    starts = frame[["scheduled_start_at", "actual_start_at"]]
    words = message("the conversation has no start", "a planned or a real one", "Fill one in.")
    return starts.isna().all(axis=1), "scheduled_start_at", "no_start", words


def _needs_evidence(frame: DataFrame, now: datetime) -> Mistake:
    rows = (frame["status"] == "completed") & (frame["evidence"] == "none")
    remedy = "Say how it is known, or set the status to unknown."
    words = message("completed without evidence", "evidence other than none", remedy)
    return rows, "evidence", "no_evidence", words


def _not_in_future(frame: DataFrame, now: datetime) -> Mistake:
    start = frame["actual_start_at"].fillna(frame["scheduled_start_at"])
    rows = (frame["status"] == "completed") & (start > pd.Timestamp(now + FUTURE_ALLOWED))
    words = message("completed in the future", "a start that has passed", "Correct the day.")
    return rows, "status", "completed_in_future", words


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _known_zone(frame: DataFrame, now: datetime) -> Mistake:
    remedy = "Write a name from the IANA list, such as Europe/Berlin, or leave the cell empty."
    words = message("a value is not a time zone", "an IANA name", remedy)
    return ~frame["tz"].isin(_zones()), "tz", "unknown_zone", words


def _not_hired_early(frame: DataFrame, now: datetime) -> Mistake:
    words = message("hired before 1950", "the first day of the present spell", "Correct the day.")
    return frame["hired_on"] < pd.Timestamp(EARLIEST_HIRE), "hired_on", "placeholder_date", words


def _state_fits(value: str) -> Callable[[DataFrame, datetime], Mistake]:
    def rule(frame: DataFrame, now: datetime) -> Mistake:
        present = frame[value].notna() & (frame[value] != "")
        words = message(
            "the state and the value contradict each other",
            "a value where the state is 'given', and none elsewhere",
            f"Correct the state, or {value}.",
        )
        return (frame["state"] == "given") != present, "state", "state_contradicts", words

    return rule


def _answer_fits(frame: DataFrame, now: datetime) -> Mistake:
    number, option = frame["value_num"].notna(), frame["option_code"] != ""
    given = frame["state"] == "given"
    words = message(
        "the state and the answer contradict each other",
        "an option or a number where the state is 'given', and no number elsewhere",
        "Correct the state or the answer.",
    )
    return (given & ~number & ~option) | (~given & number), "state", "state_contradicts", words


ROW_RULES: dict[str, tuple[Callable[[DataFrame, datetime], Mistake], ...]] = {
    "organisation": (_known_zone,),
    "employment_spell": (_not_hired_early,),
    "person_attribute": (_state_fits("value_code"),),
    "conversation": (_known_zone, _needs_start, _needs_evidence, _not_in_future),
    "skill_rating": (_state_fits("value_num"),),
    "answer": (_answer_fits,),
}
"""What one row of a table must fulfil beyond its columns' declarations."""
