"""The rows below a header as columns of text, piece by piece, so that few stand in memory twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import pyarrow as pa

from connectors.contract import SET_ASIDE, Rejected, message
from connectors.conversion import TEXT
from connectors.files.limits import check_shape, refuse
from connectors.files.records import Record

CHUNK = 20_000


TOTAL = re.compile(
    r"^((grand )?totals?|summe|gesamt(summe)?|insgesamt|total g[eé]n[eé]ral) ?:?$", re.I
)


SECTION = re.compile(r"^\d+\. \S")


def until_section_ends(rows: Iterable[Record]) -> Iterator[Record]:
    """Yield rows up to a blank line or the next numbered section."""
    for record in rows:
        if not any(cell.strip() for cell in record.cells):
            return
        if SECTION.match(record.cells[0]) and not any(record.cells[1:]):
            return
        yield record


@dataclass(frozen=True)
class Body:
    """Columns of text, the number of each row, rows that do not fit, notes."""

    columns: tuple[pa.Array, ...]
    numbers: pa.Array
    rejected: tuple[Rejected, ...]
    notes: tuple[str, ...]


def columns_of(
    rows: Iterable[Record], width: int, places: Sequence[int], cut_off_last: bool
) -> Body:
    """Return the columns at the places asked for; rows that do not fit the width are set aside."""
    chunks: list[list[pa.Array]] = []
    numbers: list[int] = []
    rejected: list[Rejected] = []
    last: Record | None = None
    filled = (record for record in rows if any(record.cells))
    while chunk := list(islice(filled, CHUNK)):
        # its cells as they stand in the file, before missing ones are filled up
        last = Record(chunk[-1].number, list(chunk[-1].cells))
        fitting = []
        for record in chunk:
            if len(record.cells) > width and any(c.strip() for c in record.cells[width:]):
                rejected.append(_too_wide(record.number))
            elif TOTAL.match(record.cells[0].strip()):
                rejected.append(_total(record.number))
            else:
                fitting.append(record)
        numbers += [record.number for record in fitting]
        check_shape(len(numbers), width)
        chunks.append(_arrays(fitting, width, places))
    if last is not None and cut_off_last and 1 < len(last.cells) < width:
        raise refuse(
            "cut_off",
            f"the last line (row {last.number}) ends in the middle",
            "a whole file",
            "Wait until it is written, or export it again.",
        )
    columns = tuple(
        pa.concat_arrays([chunk[n] for chunk in chunks]) if chunks else pa.array([], TEXT)
        for n in range(len(places))
    )
    notes = () if numbers else ("the file has a header and no rows",)
    return Body(columns, pa.array(numbers, pa.int64()), tuple(rejected), notes)


def _arrays(records: list[Record], width: int, places: Sequence[int]) -> list[pa.Array]:
    for record in records:
        if len(record.cells) < width:
            record.cells.extend([""] * (width - len(record.cells)))
    return [pa.array([record.cells[n] for record in records], TEXT) for n in places]


def _too_wide(number: int) -> Rejected:
    words = message(
        "the row has more cells than the header",
        "one cell a column",
        "Put cells that contain the delimiter in quotation marks.",
        SET_ASIDE,
    )
    return Rejected("", number, "", "too_many_cells", words)


def _total(number: int) -> Rejected:
    words = message("a row of totals", "one row a case", "Leave it out, or let it be.", SET_ASIDE)
    return Rejected("", number, "", "total_row", words)
