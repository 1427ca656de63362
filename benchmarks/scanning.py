"""The mixing matrix of an attribute, beside a bare scan of the columns that it reads."""

from __future__ import annotations

import time
from pathlib import Path

from sqlalchemy import Connection, Select, func, select

from benchmarks.table import Row, show
from store import aggregates, reading
from store.aggregates import Grouping, Level, keys_of
from store.database import connected, open_store
from store.facts import Facts
from store.stamping import read_facts

REPEATS = 7


def bare_scan(facts: Facts, attribute: str) -> Select:
    """Read the columns of the matrix and add them up, nothing else."""
    pairing = facts.pairing.c
    names = ("programme_no", "quarter_no", "weight", "completed")
    columns = [
        *(facts.column_of(attribute, side) for side in "ab"),
        *(pairing[name] for name in names),
    ]
    return select(*(func.sum(column) for column in columns))


def matrix(facts: Facts, attribute: str, level: Level = "programme") -> Select:
    """Count pairings by programme, quarter and the groups of both sides."""
    grouping, pairing = Grouping(attribute), facts.pairing.c
    keys = [pairing[name] for name in keys_of(level, "quarter")]
    sides = [grouping.side(facts, side).label(f"group_{side}") for side in "ab"]
    counted = (func.count().label("pairings"), func.sum(pairing.weight).label("weight"))
    return (
        select(*keys, *sides, *counted)
        .where(aggregates.reached(facts, "completed"))
        .group_by(*keys, *sides)
    )


def least_milliseconds(connection: Connection, statement: Select) -> tuple[float, int]:
    """Return the least milliseconds of some runs, and how many rows came home."""
    found, seconds = reading.read(connection, statement), []
    for _ in range(REPEATS):
        started = time.perf_counter()
        found = reading.read(connection, statement)
        seconds.append(time.perf_counter() - started)
    return min(seconds) * 1000, len(found)


def run(home: Path, people: int) -> None:
    """Print both on the store of a home."""
    engine = open_store(f"duckdb:///{home / 'store.duckdb'}")
    with connected(engine) as connection:
        facts = read_facts(connection)
        attribute = facts.attributes[0]
        statements = {
            "bare scan of the columns": bare_scan(facts, attribute),
            "mixing matrix by programme and quarter": matrix(facts, attribute),
            "mixing matrix by lottery": aggregates.mixing(facts, Grouping(attribute)),
        }
        rows = []
        for name, statement in statements.items():
            milliseconds, count = least_milliseconds(connection, statement)
            rows.append(Row(name, (milliseconds,), f"{count:,} rows"))
    engine.dispose()
    show(f"mixing against a scan, {people:,} people", ("ms",), rows)
