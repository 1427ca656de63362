"""A home with programmes and people in it, and sources that are run against it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import yaml
from pandas import Series
from sqlalchemy import Engine, insert, select

from connectors.commands import run
from connectors.contract import Batch
from connectors.identity import Pseudonyms
from connectors.sources.delivery import Door
from schema import CANONICAL
from store.database import open_store, prepare

KEY = "0123456789abcdef0123456789abcdefx"
NOW = datetime(2026, 11, 6, 12, tzinfo=UTC)
PSEUDONYMS = Pseudonyms(KEY.encode())
PROGRAMME = {
    "programme_id": "pairs",
    "label": "Pairs",
    "kind": "peer_learning",
    "cross_company": False,
    "run_id": "r",
    "row_hash": "h",
}


def pseudonym(identifier: str) -> str:
    """Return what stands in the store for an identifier."""
    return str(PSEUDONYMS.of(Series([identifier]))[0])


def door(secrets: Mapping[str, str] | None = None, pause: Callable = lambda seconds: None) -> Door:
    """Return what a source gets beside its settings; nothing really waits."""
    return Door(PSEUDONYMS, (secrets or {}).__getitem__, pause, NOW)


def by_table(batches: list[Batch]) -> dict[str, pd.DataFrame]:
    """Return the accepted rows of each table."""
    return {batch.table: batch.frame for batch in batches}


def reasons(batches: list[Batch]) -> list[tuple[int | None, str]]:
    """Return row number and code of everything rejected."""
    return [(row.row_number, row.code) for batch in batches for row in batch.rejected]


class Home:
    """A home with a store, sources, and the command that runs them."""

    def __init__(self, folder: Path, url: str = "") -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.url = url or f"duckdb:///{folder / 'store.duckdb'}"

    def engine(self) -> Engine:
        """Return an engine for the store; the caller disposes of it."""
        return open_store(self.url)

    def prepare(self, *people: str) -> None:
        """Put a programme and people, by identifier, into the store."""
        engine = self.engine()
        prepare(engine)
        rows = [
            {"person_id": pseudonym(one), "kind": "employee", "run_id": "r", "row_hash": "h"}
            for one in people
        ]
        with engine.begin() as connection:
            connection.execute(insert(CANONICAL["programme"]), [PROGRAMME])
            if rows:
                connection.execute(insert(CANONICAL["person"]), rows)
        engine.dispose()

    def settings(self, **sources: Mapping[str, object]) -> None:
        """Write the settings of the sources."""
        text = yaml.safe_dump({name: dict(one) for name, one in sources.items()})
        (self.folder / "sources.yaml").write_text(text, encoding="utf-8")

    def run(self, *names: str) -> int:
        """Run the sources once."""
        given = Namespace(names=list(names), once=True, every=60, sources=None)
        return run.run(given)

    def rows(self, table: str, *columns: str) -> list[tuple]:
        """Return what the store holds, in order."""
        chosen = [CANONICAL[table].c[name] for name in columns]
        engine = self.engine()
        prepare(engine)
        with engine.connect() as connection:
            found = [tuple(row) for row in connection.execute(select(*chosen).order_by(*chosen))]
        engine.dispose()
        return found
