"""What a file seems to be: its layout, what it holds, and a mapping to be looked through."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd
from pandas import Series

from connectors.contract import Rejected, SourceError
from connectors.files.layout import folded, place_by_names
from connectors.files.table import FileTable, FirstRows, Reading, first_rows, read_file
from connectors.mapping.describing import measure, shape, times_in
from connectors.mapping.fields import FIELDS, KINDS
from connectors.mapping.guessing import (
    ACCEPTED,
    ColumnGuess,
    dropped,
    guess_column,
    is_personal,
    samples_of,
    words_of,
)
from connectors.mapping.model import Layout, Mapping, Target, mapping_of
from connectors.mapping.numbers import code_of
from connectors.presets.catalogue import Preset, presets
from connectors.reading import UnreadableFileError

ZONE = re.compile(r'"timeZone"\s*:\s*"([A-Za-z_]+(?:/[A-Za-z_+-]+)*)"')
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Recognition:
    """What a file seems to be.

    Attributes
    ----------
    layout : str
        Key of the preset, or ``unknown``.
    words : str
        One sentence for the user.
    header_row : int or None
        Line or row with the names.
    delimiter, encoding : str
        Empty where the format has none.
    rows : int
        Rows of data.
    columns : tuple of ColumnGuess
        Every column in the order of the file.
    mapping : Mapping
        The proposal: what is known for certain; suggestions are not in it.
    lacking : tuple of str
        What must be filled in before the mapping can be used.
    date_order : {"DMY", "MDY"} or None
        The order that dates prove; None where there are none, or where nothing proves one.
    date_words : str
        The proof, or that the order must be chosen.
    naive_times : bool
        True where times have no offset, so that a time zone must be chosen.
    notes : tuple of str
        What was unusual about the file.
    rejected : tuple of Rejected
        Rows that do not fit the header.
    """

    layout: str
    words: str
    header_row: int | None
    delimiter: str
    encoding: str
    rows: int
    columns: tuple[ColumnGuess, ...]
    mapping: Mapping
    lacking: tuple[str, ...] = ()
    date_order: str | None = None
    date_words: str = ""
    naive_times: bool = False
    notes: tuple[str, ...] = ()
    rejected: tuple[Rejected, ...] = field(default=(), repr=False)


def recognise(path: Path, holds: str | None = None) -> Recognition:
    """Look at a file, and propose what it is.

    Parameters
    ----------
    path : Path
        A CSV, TSV, XLSX or Parquet file.
    holds : str, optional
        What the user says that it holds; otherwise that is guessed too.

    Raises
    ------
    SourceError
        The file is no table, in words for the user.
    """
    try:
        first = first_rows(path)
        for preset in presets() if holds is None else ():
            table = _as_preset(path, first, preset)
            if table is not None:
                return _recognised(path, table, preset)
        table = read_file(path, Reading())
    except UnreadableFileError as error:
        raise SourceError(f"{path.name}: {error}") from None
    except OSError as error:
        raise SourceError(f"{path.name}: the file cannot be opened: {error.strerror}.") from None
    return _guessed(path, table, holds)


def _as_preset(path: Path, first: FirstRows, preset: Preset) -> FileTable | None:
    layout = Layout.model_validate(preset.mapping.get("layout", {}))
    for signature in preset.signatures:
        if place_by_names(first, signature) is not None:
            return read_file(path, Reading(wanted=signature, **layout.model_dump()))
    return None


def _recognised(path: Path, table: FileTable, preset: Preset) -> Recognition:
    cells = _cells(table)
    holds = preset.mapping["holds"]
    listed = {folded(n): Target.model_validate(t) for n, t in preset.mapping["columns"].items()}
    kept = _one_person(listed, cells, holds)
    gone = {folded(name) for name in preset.mapping.get("drop", ())}
    columns = tuple(_preset_column(name, cells[name], kept, listed, gone, preset) for name in cells)
    base = {**preset.mapping, "name": path.stem[:80] or "mapped"}
    zone = next((m[1] for cell in table.skipped_cells if (m := ZONE.search(cell))), None)
    if zone:
        base["timezone"] = zone
    title = f"This looks like {preset.words}: {measure(table, holds, columns, cells)}."
    return _complete(preset.key, title, table, cells, columns, base)


def _one_person(listed: dict[str, Target], cells: dict[str, Series], holds: str) -> set[str]:
    """Return the listed columns to keep: of several that name one person, the first with cells."""
    kept: set[str] = set()
    seated = False
    several = holds in ("pairs", "conversations")
    for name in listed:
        actual = next((n for n in cells if folded(n) == name), None)
        if actual is None:
            continue
        if listed[name].to == "person" and not several:
            if seated or not cells[actual].ne("").any():
                continue
            seated = True
        kept.add(name)
    return kept


def _preset_column(
    name: str,
    cells: Series,
    kept: set[str],
    listed: dict[str, Target],
    gone: set[str],
    preset: Preset,
) -> ColumnGuess:
    plain = folded(name)
    if plain in kept:
        target = listed[plain]
        shown = samples_of(target, cells[cells.ne("")])
        return ColumnGuess(name, target, "preset", f"so it is in {preset.words}", shown)
    if plain in gone or plain in listed or is_personal(name):
        return dropped(name, "not needed; forgotten while the file is read")
    if name.startswith("above: ") or not preset.rest:
        return ColumnGuess(name, None, "nothing", "not needed; it is not read")
    return guess_column(name, cells, preset.mapping["holds"])


def _guessed(path: Path, table: FileTable, holds: str | None) -> Recognition:
    cells = _cells(table)
    kind = holds or max(KINDS, key=lambda k: _fit(k, cells))
    columns = _without_rivals(tuple(guess_column(name, cells[name], kind) for name in cells), kind)
    base: dict[str, Any] = {"name": path.stem[:80] or "mapped", "holds": kind}
    if table.header_row is None and table.format != "parquet":
        base["layout"] = {"header": False}
    said = "" if holds else f" It may be {KINDS[kind].words}."
    title = f"Unknown layout: {shape(table)}.{said}"
    return _complete(UNKNOWN, title, table, cells, columns, base)


def _fit(kind: str, cells: dict[str, Series]) -> tuple[int, int, int]:
    guesses = [guess_column(name, column.head(500), kind) for name, column in cells.items()]
    certain = [g for g in guesses if g.certainty in ACCEPTED and g.target]
    found = {g.target.to for g in certain if g.target}
    likely = found | {g.target.to for g in guesses if g.target}
    seats = sum(g.target.to == "person" for g in certain if g.target)
    two = kind in ("pairs", "conversations")
    if two != (seats > 1):
        return 0, 0, 0
    wanted = REQUIRED[kind]
    met = sum(any(name in likely for name in group) for group in wanted)
    # what is known as well of two kinds is the narrower one: who takes part, not who people are
    return int(met == len(wanted)), len(found) + len(certain), -len(FIELDS[kind])


REQUIRED: dict[str, tuple[tuple[str, ...], ...]] = {
    "people": (("person",),),
    "enrolments": (("person",), ("cohort",)),
    "pairs": (("person",),),
    "conversations": (("person",), ("actual_start_at", "scheduled_start_at")),
    "attendance": (("person",), ("joined_at",)),
    "survey": (("submitted_at",), ("answer", "option")),
    "skills": (("person",), ("rating",), ("rated_on", "rater_kind", "rater")),
    "learning": (("person",), ("started_at",), ("modality",)),
    "outcomes": (("person",), ("as_of_on",), ("outcome",)),
}
"""What must be recognisable for a file to be taken for one of a kind."""


def _without_rivals(columns: tuple[ColumnGuess, ...], kind: str) -> tuple[ColumnGuess, ...]:
    """Keep the first of several columns with one meaning, where only one can have it."""
    limits = {"person": 8 if kind in ("pairs", "conversations") else 1}
    seen: dict[tuple[str, str | None], int] = {}
    result = []
    for guess in columns:
        if guess.target is not None and guess.certainty in ACCEPTED:
            key = (guess.target.to, guess.target.code)
            seen[key] = seen.get(key, 0) + 1
            if seen[key] > limits.get(guess.target.to, 1):
                reason = "another column has this meaning already"
                guess = replace(guess, certainty="suggestion", reason=reason)
                if kind == "people" and guess.target.to == "person":
                    guess = replace(guess, target=Target(to="other_identifier"))
                elif guess.target.to == "attribute":
                    guess = replace(guess, target=_of_its_own(guess), reason=OF_ITS_OWN)
        result.append(guess)
    return tuple(result)


OF_ITS_OWN = "like another column; kept apart from it as a property of its own"


def _of_its_own(guess: ColumnGuess) -> Target:
    """Return the property that a column is where another one has its usual name."""
    own = {"code": code_of(guess.name)[:60], "label": words_of(guess.name)}
    return guess.target.model_copy(update=own)


def _complete(
    key: str,
    title: str,
    table: FileTable,
    cells: dict[str, Series],
    columns: tuple[ColumnGuess, ...],
    base: dict[str, Any],
) -> Recognition:
    holds = base["holds"]
    order, words, naive = times_in(columns, cells, holds)
    accepted = {
        g.name: g.target
        for g in columns
        if g.target is not None and g.certainty in ACCEPTED and g.target.sensitivity != "special"
    }
    base["columns"] = {n: t.model_dump(exclude_defaults=True) for n, t in accepted.items()}
    base["drop"] = [g.name for g in columns if g.certainty == "drop"]
    if order:
        base["date_order"] = order
    mapping = mapping_of(base, "proposal")
    lacking = [*mapping.lacking()]
    if naive and not mapping.timezone:
        lacking.append("timezone: times in the file have no offset, so choose their zone")
    if words and order is None:
        lacking.append("date_order: DMY for day first or MDY for month first")
    return Recognition(
        layout=key,
        words=title,
        header_row=table.header_row,
        delimiter=table.delimiter,
        encoding=table.encoding,
        rows=len(table.cells.row_numbers),
        columns=columns,
        mapping=mapping,
        lacking=tuple(lacking),
        date_order=order,
        date_words=words,
        naive_times=naive,
        notes=table.cells.notes,
        rejected=table.cells.rejected,
    )


def _cells(table: FileTable) -> dict[str, Series]:
    return {
        name: pd.Series(column.to_pandas(), dtype="str").str.strip()
        for name, column in zip(table.cells.header, table.cells.columns, strict=True)
    }
