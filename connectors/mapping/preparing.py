"""A file's columns turned into the fields that a mapping names, mistakes set aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd
from pandas import DataFrame, Series

from connectors.contract import FILE_REFUSED, Rejected, message
from connectors.conversion import SHORTENED
from connectors.files.layout import folded
from connectors.files.table import FileTable
from connectors.identity import Pseudonyms
from connectors.mapping.cells import cleaned
from connectors.mapping.fields import KINDS, REPEATED
from connectors.mapping.model import Mapping, Target
from connectors.mapping.moments import Mistake, Read, days, durations, instants
from connectors.mapping.numbers import numbers, states_of, words_for
from connectors.mapping.own_numbers import own_numbers, owner_of_numbers
from connectors.mapping.zeros import nothing, variants, within

ROW = "row_number"
OTHER = "other_identifier"
EXAMPLE = r"@example\.(?:com|org|net)$"
SUSPICIOUS = 0.2


@dataclass(frozen=True)
class Repeated:
    """A column of which a file may have several: its meaning, its cells, and their states."""

    target: Target
    cells: Series = field(repr=False)
    states: Series = field(repr=False)


@dataclass(frozen=True)
class Prepared:
    """A file's rows by field.

    Attributes
    ----------
    rows : DataFrame
        ``row_number`` and one text column a field; what is missing is the empty text. People
        stand in ``person 1``, ``person 2``, ... as pseudonyms.
    seats : tuple of Target
        The meaning of each person column, in order.
    repeated : tuple of Repeated
        Attributes, answers, ratings and outcomes; same index as `rows`.
    variants : DataFrame
        ``person_id`` and ``alias``: what numbers would be with other leading zeros.
    """

    mapping: Mapping
    rows: DataFrame = field(repr=False)
    seats: tuple[Target, ...] = ()
    repeated: tuple[Repeated, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    notes: tuple[str, ...] = ()
    variants: DataFrame = field(default_factory=nothing, repr=False)

    def column(self, name: str, otherwise: str = "") -> Series:
        """Return a field's cells, or the same text in every row where no column has it."""
        if name in self.rows:
            cells = self.rows[name]
            return cells.mask(cells.eq(""), otherwise) if otherwise else cells
        constant = self.mapping.constants.get(name, otherwise)
        return Series(constant, index=self.rows.index, dtype="str")


@dataclass
class _Found:
    """What has been read so far."""

    columns: dict[str, Series] = field(default_factory=dict)
    seats: list[Target] = field(default_factory=list)
    repeated: list[Repeated] = field(default_factory=list)
    mistakes: list[tuple[str, Mistake]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    variants: list[DataFrame] = field(default_factory=list)


def prepare(
    file: FileTable, mapping: Mapping, pseudonyms: Pseudonyms, zone: str | None
) -> Prepared:
    """Read every column as the mapping says; rows with a mistake are set aside."""
    home, table = KINDS[mapping.holds].table, file.cells
    position = {folded(name): number for number, name in enumerate(table.header)}
    missing = _missing_columns(mapping, position, home)
    if missing:
        return Prepared(mapping, DataFrame({ROW: []}), rejected=tuple(missing))
    found = _Found()
    reader = _Reader(
        mapping, pseudonyms, mapping.timezone or zone, owner_of_numbers(mapping, table)
    )
    for name, target in mapping.targets():
        cells = cleaned(table.columns[position[folded(name)]], mapping.missing)
        reader.read(name, target, cells, found)
    found.notes += _unmapped(file.names, mapping)
    return _without_mistakes(found, table.row_numbers.to_numpy(), mapping, home)


def _missing_columns(mapping: Mapping, known: dict[str, int], home: str) -> list[Rejected]:
    words = message(
        "the column is not in the file",
        "every column that the mapping names",
        "Correct the name in the mapping if it was renamed; otherwise export the file again.",
        FILE_REFUSED,
    )
    return [
        Rejected(home, None, name, "missing_column", words)
        for name in mapping.columns
        if folded(name) not in known
    ]


def _unmapped(header: Sequence[str], mapping: Mapping) -> list[str]:
    named = {folded(name) for name in (*mapping.columns, *mapping.drop)}
    extra = [n for n in header if folded(n) not in named and not n.startswith("above: ")]
    return [f"columns that are not in the mapping and were not read: {len(extra)}"] if extra else []


class _Reader:
    """Reads one column after the other into what has been found."""

    def __init__(
        self,
        mapping: Mapping,
        pseudonyms: Pseudonyms,
        zone: str | None,
        whose: Series | str | None = None,
    ) -> None:
        self._mapping = mapping
        self._pseudonyms = pseudonyms
        self._zone = zone
        self._whose = whose

    def read(self, name: str, target: Target, cells: Series, found: _Found) -> None:
        """Read one column's cells."""
        role = KINDS[self._mapping.holds].fields[target.to].role
        if role in ("person", "guest"):
            self._person(name, target, cells, found)
        elif target.to in REPEATED:
            self._repeated(name, target, cells, found)
        else:
            read = self._converted(role, target, cells)
            found.mistakes += [(name, mistake) for mistake in read.mistakes]
            found.notes += [f"{name}: {note}" for note in read.notes]
            before = found.columns.get(target.to)
            joined = read.cells if before is None else before.str.cat(read.cells, sep="-")
            found.columns[target.to] = joined

    def _person(self, name: str, target: Target, cells: Series, found: _Found) -> None:
        remedy = "Format the column as text at the source, and export again."
        words = message("a spreadsheet has shortened this number", "the whole key", remedy)
        shortened = cells.str.match(SHORTENED).astype(bool)
        found.mistakes.append((name, Mistake(shortened, "shortened_number", words)))
        examples = int(cells.str.contains(EXAMPLE, case=False, regex=True).sum())
        if examples:
            found.notes.append(
                f"{name}: addresses at example.com (is the vendor's example row still in the "
                f"file?): {examples:,}"
            )
        if self._whose is None:
            found.variants.append(variants(cells, self._pseudonyms))
        twofold = within(cells)
        if twofold:
            found.notes.append(
                f"{name}: numbers with leading zeros that stand there without them too, taken for "
                f"different people (has a spreadsheet cut zeros off?): {twofold:,}"
            )
        place = target.to
        if place == "person":
            found.seats.append(target)
            place = f"person {len(found.seats)}"
        elif place == OTHER:
            place = f"{OTHER} {sum(name.startswith(OTHER) for name in found.columns) + 1}"
        named = cells.where(~cells.str.lower().isin(["anonymous", "guest", "-"]), "")
        named = named if self._whose is None else own_numbers(named, self._whose)
        found.columns[place] = _pseudonyms_of(self._pseudonyms, named)

    def _repeated(self, name: str, target: Target, cells: Series, found: _Found) -> None:
        states = states_of(cells)
        if target.means:
            listed = {folded(word): value for word, value in target.means.items()}
            states = states.mask(
                cells.map(lambda cell: listed.get(folded(cell), "") in STATE_WORDS),
                cells.map(lambda cell: listed.get(folded(cell), "")),
            )
        plain = cells.mask(states.ne(""), "")
        role = KINDS[self._mapping.holds].fields[target.to].role
        if role in ("answer", "rating", "outcome"):
            read = self._scored(target, plain, states)
        elif target.separator:
            # each part of the cell is looked up where the rows are built
            read = Read(plain)
        else:
            read = self._listed(target, plain)
        found.mistakes += [(name, mistake) for mistake in read.mistakes]
        found.notes += [f"{name}: {note}" for note in read.notes]
        found.repeated.append(Repeated(target, read.cells, states))

    def _scored(self, target: Target, cells: Series, states: Series) -> Read:
        replaced = words_for(cells, target.means) if target.means else cells
        replaced = replaced.fillna(cells).mask(states.ne(""), "")
        read = numbers(replaced, self._mapping.decimal)
        if target.scale is None:
            return read
        low, high = target.scale
        value = pd.to_numeric(read.cells, errors="coerce")
        outside = (value < low) | (value > high)
        remedy = "Change the value, or the scale in the mapping."
        words = message(f"a value outside {low:g} to {high:g}", "a value on the scale", remedy)
        wrong = Mistake(outside, "out_of_scale", words)
        many = outside.sum() > SUSPICIOUS * max(1, value.notna().sum())
        note = ("more than a fifth is outside the scale; is it the wrong one?",) if many else ()
        return Read(read.cells, (*read.mistakes, wrong), note)

    def _listed(self, target: Target, cells: Series) -> Read:
        if not target.means:
            return Read(cells)
        words = words_for(cells, target.means)
        new = words.isna()
        if self._mapping.on_unknown_value == "add":
            return Read(words.fillna(cells))
        return Read(words.fillna(""), (_new_value(new),))

    def _converted(self, role: str, target: Target, cells: Series) -> Read:
        if target.means:
            words = words_for(cells, target.means)
            new = words.isna()
            return Read(words.fillna(""), (_new_value(new),))
        if role == "day":
            return days(cells, self._mapping.date_order)
        if role == "instant":
            return instants(cells, self._mapping.date_order, self._zone)
        if role == "duration":
            return durations(cells, target.unit)
        if role == "word":
            return Read(cells.str.lower().str.replace(r"[\s-]+", "_", regex=True))
        return Read(cells)


STATE_WORDS = ("prefer_not_to_say", "not_asked", "skipped", "unknown")


def _new_value(rows: Series) -> Mistake:
    words = message(
        "a value that the mapping does not list",
        "one of its values",
        "Add it to means in the mapping, or set on_unknown_value to add.",
    )
    return Mistake(rows, "new_value", words)


def _pseudonyms_of(pseudonyms: Pseudonyms, cells: Series) -> Series:
    return pseudonyms.of(cells.mask(cells.eq(""))).fillna("").astype("str")


def _without_mistakes(
    found: _Found, row_numbers: Sequence[int], mapping: Mapping, home: str
) -> Prepared:
    rows = DataFrame(found.columns)
    rows[ROW] = row_numbers
    flawed = Series(False, index=rows.index)
    rejected: list[Rejected] = []
    for name, mistake in found.mistakes:
        wrong = mistake.rows.fillna(False).astype(bool)
        flawed |= wrong
        rejected += [
            Rejected(home, int(number), name, mistake.code, mistake.words)
            for number in rows.loc[wrong, ROW]
        ]
    good = ~flawed
    repeated = tuple(
        Repeated(one.target, one.cells[good], one.states[good]) for one in found.repeated
    )
    alike = pd.concat([nothing(), *found.variants], ignore_index=True).drop_duplicates()
    return Prepared(
        mapping,
        rows[good],
        tuple(found.seats),
        repeated,
        tuple(rejected),
        tuple(found.notes),
        alike,
    )
