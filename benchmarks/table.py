"""Printing figures side by side, each with its ratio to the first row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One thing that was measured: its name, its figures, and a remark."""

    name: str
    figures: tuple[float, ...]
    remark: str = ""


def show(title: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Print a table in which ``x`` columns are multiples of the first row's figure."""
    head = [title, *(word for column in columns for word in (column, "x")), ""]
    body = [[row.name, *_cells(row, rows[0]), row.remark] for row in rows]
    widths = [max(len(line[i]) for line in (head, *body)) for i in range(len(head))]
    print()
    for line in (head, ["-" * width for width in widths], *body):
        first, *others = zip(line, widths, strict=True)
        cells = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others[:-1])]
        print("  ".join([*cells, line[-1]]).rstrip(), flush=True)


def _cells(row: Row, first: Row) -> list[str]:
    cells = []
    for figure, reference in zip(row.figures, first.figures, strict=True):
        ratio = "" if row is first or not reference else f"{figure / reference:.2f}"
        cells += [f"{figure:,.2f}", ratio]
    return cells
