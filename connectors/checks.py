"""A file's text checked against its table's declaration: columns, values, keys, rules of a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import available_timezones

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas import DataFrame, Series
from sqlalchemy import Column, Table

from connectors.contract import Batch, Rejected, message
from connectors.conversion import TEXT, Flaw, convert
from connectors.headers import check_header, declared_columns
from connectors.reading import TextTable

ROW_NUMBER = "row_number"
FUTURE_ALLOWED = timedelta(days=1)
EARLIEST_HIRE = "1950-01-01"

Mistake = tuple[Series, str, str, str]
"""Rows concerned (boolean), column, code, message."""


def check(table: Table, source: TextTable, now: datetime) -> Batch:
    """Return the rows that fit the table's declaration, and the reasons why others do not."""
    return without_repeats(table, check_rows(table, source, now))


def check_rows(table: Table, source: TextTable, now: datetime) -> Batch:
    """Do as `check` does, but for keys that stand in several rows."""
    wrong_columns = check_header(table, source.header)
    if wrong_columns:
        return Batch(table.name, empty_frame(table), tuple(wrong_columns), source.notes)
    frame, rejected = _convert_columns(table, source)
    frame, unruly = _set_aside(table, frame, _row_mistakes(table, frame, now))
    everything = (*source.rejected, *rejected, *unruly)
    return Batch(table.name, frame.reset_index(drop=True), everything, source.notes)


def without_repeats(table: Table, batch: Batch) -> Batch:
    """Count rows with the same content once, and set rows with one key and other content aside."""
    frame = batch.frame
    if not frame.duplicated([column.name for column in table.primary_key]).any():
        return batch
    frame, repeated = _each_once(frame, table)
    frame, doubled = _set_aside(table, frame, [_conflicting_keys(frame, table)])
    return replace(
        batch,
        frame=frame.reset_index(drop=True),
        rejected=(*batch.rejected, *doubled),
        notes=batch.notes + repeated,
    )


def empty_frame(table: Table) -> DataFrame:
    """Return a frame without rows in the form that a connector yields."""
    none = pa.array([], TEXT)
    arrays = {column.name: convert(column, none)[0] for column in declared_columns(table)}
    return _to_frame(arrays, pa.array([], pa.int64()))


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


def _each_once(frame: DataFrame, table: Table) -> tuple[DataFrame, tuple[str, ...]]:
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
def known_zones() -> frozenset[str]:
    """Return the IANA names of time zones."""
    return frozenset(available_timezones())


def _known_zone(frame: DataFrame, now: datetime) -> Mistake:
    remedy = "Write a name from the IANA list, such as Europe/Berlin, or leave the cell empty."
    words = message("a value is not a time zone", "an IANA name", remedy)
    given = frame["tz"].notna() & (frame["tz"] != "")
    return given & ~frame["tz"].isin(known_zones()), "tz", "unknown_zone", words


def _not_hired_early(frame: DataFrame, now: datetime) -> Mistake:
    words = message("hired before 1950", "the first day of the present spell", "Correct the day.")
    return frame["hired_on"] < pd.Timestamp(EARLIEST_HIRE), "hired_on", "placeholder_date", words


def _manages_another(frame: DataFrame, now: datetime) -> Mistake:
    words = message(
        "somebody is their own manager",
        "another person, or no row for whoever reports to nobody",
        "Correct manager_person_id, or leave the row out.",
    )
    own = frame["manager_person_id"] == frame["person_id"]
    return own, "manager_person_id", "own_manager", words


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


def _looks_back_at_another(frame: DataFrame, now: datetime) -> Mistake:
    rows = frame["about_wave_id"] == frame["wave_id"]
    words = message(
        "the rating looks back at its own wave",
        "an earlier wave, or an empty cell for a rating of the present",
        "Correct about_wave_id.",
    )
    return rows, "about_wave_id", "looks_back_at_itself", words


def _looks_back_oneself(frame: DataFrame, now: datetime) -> Mistake:
    looks_back = frame["about_wave_id"].notna() & (frame["about_wave_id"] != "")
    words = message(
        "somebody else than the person looks back",
        "rater_kind self wherever about_wave_id is filled in",
        "Correct one of them: only people themselves are asked how they were.",
    )
    return looks_back & (frame["rater_kind"] != "self"), "about_wave_id", "not_own_view", words


ROW_RULES: dict[str, tuple[Callable[[DataFrame, datetime], Mistake], ...]] = {
    "organisation": (_known_zone,),
    "employment_spell": (_not_hired_early,),
    "reporting_line": (_manages_another,),
    "attribute_value_def": (_known_zone,),
    "person_attribute": (_state_fits("value_code"),),
    "conversation": (_known_zone, _needs_start, _needs_evidence, _not_in_future),
    "skill_rating": (_state_fits("value_num"), _looks_back_at_another, _looks_back_oneself),
    "answer": (_answer_fits,),
}
"""What one row of a table must fulfil beyond its columns' declarations."""
