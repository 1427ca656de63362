"""Which columns a file may bring and must bring, and what is wrong with its first line."""

from __future__ import annotations

from difflib import get_close_matches

from sqlalchemy import Column, Table

from connectors.contract import FILE_REFUSED, Rejected, message
from schema import is_required


def declared_columns(table: Table) -> list[Column]:
    """Return the columns that a file may bring: all but the lineage."""
    return [column for column in table.columns if not column.info.get("lineage")]


def must_be_given(column: Column) -> bool:
    """Tell whether a file must bring the column."""
    return is_required(column) and not column.info.get("blank")


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
