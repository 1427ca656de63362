"""Where the table stands in a file: its delimiter, its header, what is above and below it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from connectors.files.records import Record

HEADER_WITHIN = 40
SEPARATOR_LINE = re.compile(r"^\ufeff?sep=(.?)$", re.I)
VALUE_LIKE = re.compile(
    r"^[-+\u2212]?[\d.,\s]+%?$|^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|^[^@\s]+@[^@\s]+\.[^@\s]+$|^\d{4,}"
)

Above = Literal["none", "row", "pairs"]


@dataclass(frozen=True)
class Place:
    """Where the header was found.

    Attributes
    ----------
    delimiter : str
        Empty for a workbook.
    header : int or None
        Position of the header among the records, from 0; None where there is none.
    names : tuple of str
        Column names, each once; "column 3" where a name is missing.
    notes : tuple of str
        What was unusual about the names.
    """

    delimiter: str
    header: int | None
    names: tuple[str, ...]
    notes: tuple[str, ...] = ()
    above: dict[str, str] = field(default_factory=dict, repr=False)


def folded(name: str) -> str:
    """Return a column name as it is compared: no blanks around, single ones within, no capitals."""
    return " ".join(name.replace("\u00a0", " ").split()).casefold()


def place_by_names(
    samples: dict[str, list[Record]], wanted: Collection[str]
) -> tuple[str, int] | None:
    """Return the delimiter and position of the first row that has all the names wanted."""
    needed = {folded(name) for name in wanted}
    for delimiter, records in samples.items():
        for position, record in enumerate(records[:HEADER_WITHIN]):
            if needed and needed <= {folded(cell) for cell in record.cells}:
                return delimiter, position
    return None


def guess_place(samples: dict[str, list[Record]]) -> tuple[str, int | None]:
    """Return the delimiter that makes the most regular table, and where its header seems to be."""
    announced = _announced(samples)
    delimiter = announced or max(samples, key=lambda d: _regularity(samples[d]))
    return delimiter, _guess_header(samples[delimiter])


def unique_names(cells: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return each name once, and notes on names that were missing or doubled."""
    names: list[str] = []
    blank = doubled = 0
    for position, cell in enumerate(cells, start=1):
        name = " ".join(cell.replace("\ufeff", "").split())
        blank += not name
        base = name or f"column {position}"
        doubled += base in names
        count = 2
        unique = base
        while unique in names:
            unique, count = f"{base} ({count})", count + 1
        names.append(unique)
    found = (
        (blank, f"columns without a name, called by their position: {blank}"),
        (doubled, f"column names that stand several times, the later ones numbered: {doubled}"),
    )
    return tuple(names), tuple(words for count, words in found if count)


def values_above(records: Sequence[Record], above: Above) -> dict[str, str]:
    """Return what stands over the table by name: a small table of one row, or pairs in lines."""
    filled = [record.cells for record in records if any(cell.strip() for cell in record.cells)]
    if above == "row" and len(filled) >= 2:
        names, values = filled[-2], filled[-1]
        pairs = zip(names, values, strict=False)
    elif above == "pairs":
        pairs = ((cells[0], cells[1]) for cells in filled if len(cells) >= 2)
    else:
        return {}
    return {f"above: {' '.join(name.split())}": value.strip() for name, value in pairs if name}


def _announced(samples: dict[str, list[Record]]) -> str:
    for delimiter, records in samples.items():
        found = records and SEPARATOR_LINE.match(delimiter.join(records[0].cells).strip())
        if found and (found[1] or delimiter) == delimiter:
            return delimiter
    return ""


def _regularity(records: list[Record]) -> tuple[float, int]:
    widths = [len(record.cells) for record in records if record.cells]
    if not widths:
        return 0.0, 0
    width, count = max(Counter(widths).items(), key=lambda item: (item[0] > 1, item[1]))
    return (count / len(widths) if width > 1 else 0.0), width


def _guess_header(records: list[Record]) -> int | None:
    first = _first_filled(records)
    widths = Counter(len(record.cells) for record in records if _filled(record) > 1)
    if not widths:
        return first if first is not None and not _has_values(records[first]) else None
    width = max(widths, key=lambda w: (widths[w], w))
    for position, record in enumerate(records[:HEADER_WITHIN]):
        if len(record.cells) >= width and _filled(record) * 2 > width:
            return None if _has_values(record) else position
    return None


def _first_filled(records: list[Record]) -> int | None:
    return next(
        (
            n
            for n, record in enumerate(records[:HEADER_WITHIN])
            if _filled(record) and not SEPARATOR_LINE.match("".join(record.cells).strip())
        ),
        None,
    )


def _filled(record: Record) -> int:
    return sum(bool(cell.strip()) for cell in record.cells)


def _has_values(record: Record) -> bool:
    return any(VALUE_LIKE.match(cell.strip()) for cell in record.cells if cell.strip())


def combined_names(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return names out of two lines, the upper one reaching to the right until the next name."""
    upper, lower = (list(rows[0]), list(rows[1]) if len(rows) > 1 else [])
    lower += [""] * (len(upper) - len(lower))
    return list(_combined(upper, lower))


def _combined(upper: list[str], lower: list[str]) -> Iterator[str]:
    group = ""
    for name, part in zip(upper, lower, strict=False):
        group = name.strip() or group
        single = part.strip() in ("", "Response", "Open-Ended Response")
        yield group if single else f"{group}: {part.strip()}"
