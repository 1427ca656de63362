"""All batches of one or several files as one set of tables, to be imported together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd
from pandas import DataFrame

from connectors.canonical_folder import CanonicalFolder
from connectors.checks import ROW_NUMBER
from connectors.contract import IDENTIFIERS, VARIANTS, Batch, Connector, Rejected, message
from connectors.headers import declared_columns
from connectors.mapping.mapped_file import MappedFile
from connectors.mapping.model import Mapping
from connectors.progress import Steps
from connectors.sources.settling import Gathered
from schema import CANONICAL

MOST_BAD = 0.5


@dataclass(frozen=True)
class Source:
    """One file: its name in reports, its connector, its mapping where it has one, and its size."""

    name: str
    connector: Connector
    mapping: Mapping | None
    bytes: int = 1


def gather(sources: Sequence[Source], progress: Callable[[int, float, str], None]) -> Gathered:
    """Read every file; the same row out of two files is one row.

    ``progress`` is told the number of the source that is being read, from 0, what share of it is
    done, and what it gave.
    """
    gathered = Gathered()
    parts: dict[str, list[DataFrame]] = {}
    for number, source in enumerate(sources):
        progress(number, 0.0, f"reading {source.name}".rstrip())
        for batch in _telling(source.connector, partial(progress, number)).batches():
            _add(gathered, parts, batch, source.name if len(sources) > 1 else "")
    # taken out one by one, so that no table stands there twice for long
    for name in list(parts):
        gathered.tables[name] = in_one(parts.pop(name))
    for name in gathered.tables if len(sources) > 1 else ():
        _reconcile(gathered, name)
    return gathered


def _telling(connector: Connector, told: Callable[[float, str], object]) -> Connector:
    """Return the connector, told on its way where it is one that tells."""
    if isinstance(connector, CanonicalFolder):
        steps = Steps(told, connector.sizes())
        return replace(
            connector,
            on_table=lambda table, share: steps.within(table, share, f"reading {spaced(table)}"),
        )
    return replace(connector, told=told) if isinstance(connector, MappedFile) else connector


def spaced(table: str) -> str:
    """Return a table's name in words."""
    return table.replace("_", " ")


def mostly_bad(gathered: Gathered) -> bool:
    """Tell whether so much is wrong that it must be the wrong file, or the wrong mapping."""
    if any(row.row_number is None for row in gathered.rejected):
        return True
    bad = len({(row.table, row.row_number) for row in gathered.rejected})
    good = max((len(frame) for frame in gathered.tables.values()), default=0)
    return bad > MOST_BAD * (good + bad)


def _add(gathered: Gathered, parts: dict[str, list[DataFrame]], batch: Batch, name: str) -> None:
    if batch.table == IDENTIFIERS:
        gathered.identifiers = pd.concat([gathered.identifiers, batch.frame], ignore_index=True)
        return
    if batch.table == VARIANTS:
        gathered.variants = pd.concat([gathered.variants, batch.frame], ignore_index=True)
        return
    place = f"{name}: {batch.table}" if name else batch.table
    rejected = batch.rejected
    if name:
        # rows of several files have the same numbers, so the file is named
        rejected = tuple(
            replace(row, column=f"{name}: {row.column}".rstrip(": ")) for row in rejected
        )
    gathered.rejected += rejected
    gathered.notes[place] = (*gathered.notes.get(place, ()), *batch.notes)
    if batch.table in CANONICAL:
        parts.setdefault(batch.table, []).append(batch.frame)


def in_one(frames: list[DataFrame]) -> DataFrame:
    """Return the parts of a table as one frame."""
    return frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)


def _reconcile(gathered: Gathered, name: str) -> None:
    frame = gathered.tables[name]
    content = [column.name for column in declared_columns(CANONICAL[name])]
    frame = frame.drop_duplicates(content)
    keys = [column.name for column in CANONICAL[name].primary_key]
    doubled = frame.duplicated(keys, keep=False)
    gathered.rejected += _disagreeing(name, keys, frame[doubled])
    gathered.tables[name] = frame[~doubled].reset_index(drop=True)


def _disagreeing(name: str, keys: list[str], rows: DataFrame) -> list[Rejected]:
    words = message(
        "two files say different things about the same key",
        "one answer",
        "Correct one of them.",
    )
    return [
        Rejected(name, int(n), ", ".join(keys), "duplicate_key", words) for n in rows[ROW_NUMBER]
    ]
