"""Canonical rows as text, made out of fields: what all kinds of files share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

import pandas as pd
from pandas import DataFrame, Series

from connectors.mapping.numbers import code_of, words_for
from connectors.mapping.preparing import ROW, Prepared, Repeated
from connectors.once import each_once
from schema import CANONICAL

Tables = dict[str, DataFrame]
"""Canonical columns as text, and ``row_number``, by table."""

KEY_DIGITS = 32
SEPARATOR = "\x1f"


def key_of(kind: str, *parts: Series) -> Series:
    """Return a short key that is the same for the same parts in every file."""
    joined = parts[0].str.cat(list(parts[1:]), sep=SEPARATOR) if len(parts) > 1 else parts[0]
    start = f"{kind}{SEPARATOR}"
    return each_once(joined, lambda text: sha256((start + text).encode()).hexdigest()[:KEY_DIGITS])


def table_of(prepared: Prepared, rows: Series | None = None, **columns: Series | str) -> DataFrame:
    """Return one canonical row a row of the file, of those rows that are asked for."""
    frame = DataFrame(columns, index=prepared.rows.index).astype("str")
    frame[ROW] = prepared.rows[ROW]
    return frame if rows is None else frame[rows]


def together(tables: Iterable[Tables]) -> Tables:
    """Return the rows of several results by table; the same row twice is one."""
    found: dict[str, list[DataFrame]] = {}
    for one in tables:
        for name, frame in one.items():
            found.setdefault(name, []).append(frame)
    return {name: _once(name, _joined(frames)) for name, frames in found.items()}


def _joined(frames: Sequence[DataFrame]) -> DataFrame:
    if len(frames) == 1:
        return frames[0].reset_index(drop=True)
    return pd.concat(frames, ignore_index=True)


def _once(name: str, frame: DataFrame) -> DataFrame:
    keys = [key.name for key in CANONICAL[name].primary_key]
    # rows that differ in their key, nearly always all of them, need no further look
    if set(keys) <= set(frame) and not frame.duplicated(keys).any():
        return frame
    return frame.drop_duplicates([column for column in frame.columns if column != ROW])


def single(**columns: str | int | None) -> DataFrame:
    """Return one row that the mapping itself defines."""
    given = {name: "" if value is None else str(value) for name, value in columns.items()}
    return DataFrame([{**given, ROW: 1}]).astype(dict.fromkeys(given, "str"))


def defined(prepared: Prepared) -> Tables:
    """Return the organisation, programme, cohort and wave that the mapping writes."""
    m = prepared.mapping
    organisation = m.organisation.code if m.organisation else None
    programme = m.programme.code if m.programme else None
    cohort = m.cohort.code if m.cohort else None
    tables: Tables = {}
    if m.organisation and m.organisation.label:
        o = m.organisation
        tables["organisation"] = single(org_id=o.code, label=o.label, tz=o.timezone)
    if m.programme and m.programme.label:
        p = m.programme
        tables["programme"] = single(
            programme_id=p.code, label=p.label, kind=p.kind, lead_org_id=organisation
        )
    if m.cohort and m.cohort.label:
        c = m.cohort
        tables["cohort"] = single(
            cohort_id=c.code,
            programme_id=programme,
            label=c.label,
            starts_on=_text(c.starts_on),
            ends_on=_text(c.ends_on),
        )
    if m.wave and m.wave.label:
        w = m.wave
        opens = _text(w.opens_on or m.as_of)
        tables["wave"] = single(
            wave_id=w.code, wave_no=w.number, label=w.label, opens_on=opens, programme_id=programme,
            cohort_id=cohort,
        )  # fmt: skip
    return tables


def _text(found: object) -> str:
    return "" if found is None else str(found)


def cohorts_in_file(prepared: Prepared) -> Tables:
    """Return the cohorts that a column names, where the programme is known."""
    m = prepared.mapping
    if "cohort" not in prepared.rows or m.programme is None:
        return {}
    codes = prepared.rows["cohort"]
    frame = table_of(
        prepared, codes.ne(""), cohort_id=codes, programme_id=m.programme.code, label=codes
    )
    return {"cohort": frame.drop_duplicates("cohort_id")}


def cohort_of(prepared: Prepared) -> Series:
    """Return each row's cohort: its column's, or the mapping's."""
    cohort = prepared.mapping.cohort
    return prepared.column("cohort", cohort.code if cohort else "")


def day_of(prepared: Prepared, name: str) -> Series:
    """Return each row's day: its column's, or that on which the file was true."""
    return prepared.column(name, _text(prepared.mapping.as_of))


def options_of(prepared: Prepared, one: Repeated) -> DataFrame:
    """Return one row a value: its code, label and row; several where a cell holds several."""
    cells = one.cells[one.cells.ne("")]
    if one.target.separator:
        parts = _split(cells, one.target.separator, tuple(one.target.means))
        cells = parts[parts.ne("")]
        if one.target.means:
            cells = words_for(cells, one.target.means).fillna(cells)
    codes = cells if one.target.means else cells.map({c: code_of(c) for c in cells.unique()})
    named = cells.str.replace("_", " ", regex=False) if one.target.means else cells
    frame = DataFrame({"code": codes.astype("str"), "label": named.astype("str")})
    return frame.assign(**{ROW: prepared.rows.loc[frame.index, ROW]})


def _split(cells: Series, separator: str, listed: Sequence[str]) -> Series:
    """Return the parts of each cell; options that hold the separator themselves stay whole."""
    whole = sorted((word for word in listed if separator in word), key=len, reverse=True)
    if whole:
        for number, word in enumerate(whole):
            cells = cells.str.replace(word, f"\x02{number}\x03", regex=False)
    parts = cells.str.split(separator).explode().str.strip().fillna("")
    for number, word in enumerate(whole):
        parts = parts.str.replace(f"\x02{number}\x03", word, regex=False)
    return parts.astype("str")
