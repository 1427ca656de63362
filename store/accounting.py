"""What an import did, counted and put into words, and written down in the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import numpy as np
from sqlalchemy import Connection, insert, update

from schema import CANONICAL, IMPORT_ORDER
from schema.rejected import Rejected
from store.operations import IMPORT_REJECT, IMPORT_RUN

REJECTS_KEPT = 1_000


@dataclass(frozen=True, kw_only=True)
class TableCount:
    """What an import did to one table, in rows."""

    table: str
    read: int
    new: int = 0
    changed: int = 0
    same: int = 0
    rejected: int = 0


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """What an import did.

    Attributes
    ----------
    run_id : str
        Key of the run in ``import_run``; empty for a rehearsal.
    status : {"ok", "refused"}
        Refused: at least one row or file was rejected, and nothing was imported.
    tables : tuple of TableCount
        In import order; in a refused import only ``read`` and ``rejected`` are above zero.
    rejected : tuple of Rejected
        Every reason, by table and row.
    """

    run_id: str
    status: str
    tables: tuple[TableCount, ...]
    rejected: tuple[Rejected, ...] = ()


@dataclass(frozen=True)
class Merged:
    """What the merging of all tables came to, before it is reported."""

    counts: tuple[TableCount, ...]
    rejected: tuple[Rejected, ...]
    content_hash: str
    left_out: Mapping[str, int] = field(default_factory=dict)
    withheld: Mapping[str, int] = field(default_factory=dict)


def report_of(
    run_id: str, merged: Merged, numbers: Mapping[str, Sequence[np.ndarray]]
) -> ImportReport:
    """Return what came of a merge; ``numbers`` are the row numbers that came in, by table.

    They come as stretches: arrays of the first and the last number of each.
    """
    if not merged.rejected:
        return _with_left_out(
            ImportReport(run_id=run_id, status="ok", tables=merged.counts), merged
        )
    found: dict[str, set[int]] = {name: set() for name in numbers}
    for row in merged.rejected:
        wrong = found.setdefault(row.table, set())
        if row.row_number is not None:
            wrong.add(row.row_number)
    counts = (
        _refused_count(name, numbers.get(name, ()), found[name])
        for name in IMPORT_ORDER
        if name in found
    )
    reasons = tuple(sorted(merged.rejected, key=_place))
    return ImportReport(run_id=run_id, status="refused", tables=tuple(counts), rejected=reasons)


def with_set_aside(report: ImportReport, set_aside: Sequence[Rejected]) -> ImportReport:
    """Add the rows that a connector left out of its frames."""
    if not set_aside:
        return report
    rows: dict[str, set[int | None]] = {}
    for row in set_aside:
        rows.setdefault(row.table, set()).add(row.row_number)
    counts = tuple(
        replace(
            count,
            read=count.read + len(rows.get(count.table, ())),
            rejected=count.rejected + len(rows.get(count.table, ())),
        )
        for count in report.tables
    )
    reasons = tuple(sorted((*report.rejected, *set_aside), key=_place))
    return replace(report, tables=counts, rejected=reasons)


def _with_left_out(report: ImportReport, merged: Merged) -> ImportReport:
    gone, withheld = merged.left_out, merged.withheld
    both = {name: gone.get(name, 0) + withheld.get(name, 0) for name in (*gone, *withheld)}
    counts = tuple(
        replace(
            count,
            read=count.read + both.get(count.table, 0),
            rejected=count.rejected + both.get(count.table, 0),
        )
        for count in report.tables
    )
    reasons = tuple(Rejected(name, None, "", "erased", _erased(gone[name])) for name in gone)
    reasons += tuple(
        Rejected(name, None, "", "opted_out", _opted_out(withheld[name])) for name in withheld
    )
    return replace(report, tables=counts, rejected=reasons)


def _erased(rows: int) -> str:
    return (
        f"{rows:,} row{'s' if rows != 1 else ''} of people whose data were erased; expected none. "
        "Take them out of the export. Left out, the other rows were kept."
    )


def _opted_out(rows: int) -> str:
    return (
        f"{rows:,} row{'s' if rows != 1 else ''} that people object to; expected none. Nothing "
        "needs to be done. Left out, the other rows were kept."
    )


def _place(row: Rejected) -> tuple[int, str, int]:
    known = row.table in CANONICAL
    position = IMPORT_ORDER.index(row.table) if known else len(IMPORT_ORDER)
    return position, row.table, row.row_number or 0


def _refused_count(name: str, accepted: Sequence[np.ndarray], rejected: set[int]) -> TableCount:
    given = [np.arange(first, last + 1) for part in accepted for first, last in part]
    read = np.unique(np.concatenate([np.array(sorted(rejected), int), *given]))
    return TableCount(table=name, read=len(read), rejected=len(rejected))


def write_down(connection: Connection, report: ImportReport, content_hash: str) -> None:
    """Close the account of a run."""
    fields = ("read", "new", "changed", "same", "rejected")
    counts = {f"n_{f}": sum(getattr(table, f) for table in report.tables) for f in fields}
    ended = {
        "status": report.status,
        "ended_at": datetime.now(UTC),
        "content_hash": content_hash or None,
    }
    run = update(IMPORT_RUN).where(IMPORT_RUN.c.run_id == report.run_id)
    connection.execute(run.values(**counts, **ended))
    rejects = [_reject_row(report.run_id, row) for row in report.rejected[:REJECTS_KEPT]]
    if rejects:
        connection.execute(insert(IMPORT_REJECT), rejects)


def _reject_row(run_id: str, row: Rejected) -> dict[str, object]:
    return {
        "run_id": run_id,
        "table_name": row.table,
        "row_number": row.row_number,
        "column_name": row.column,
        "code": row.code,
        "message": row.message,
    }
