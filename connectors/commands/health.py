"""``health``: how fresh and how complete the store is."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime

import settings
from connectors.commands.deriving import WORDS
from store.database import open_store, store_exists
from store.health import Health, read_health

OK = 0
IN_MEMORY = "duckdb:///:memory:"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what may stand behind ``health``."""
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(given: argparse.Namespace) -> int:
    """Print what came in, what was refused and why, and what is missing."""
    url = settings.load().database_url
    # looking at a store does not make one
    engine = open_store(url if store_exists(url) else IN_MEMORY)
    try:
        found = read_health(engine, datetime.now(UTC).date())
    finally:
        engine.dispose()
    if given.format == "json":
        told = {**asdict(found), "peers_only": settings.load().peers_only}
        print(json.dumps(told, default=_written))
    else:
        print(*_lines(found), sep="\n")
    return OK


def _written(value: date) -> str:
    return value.isoformat()


def _lines(found: Health) -> Iterator[str]:
    yield f"{found.people:,} people, {found.conversations:,} conversations"
    if found.last_conversation is not None:
        yield f"last conversation that took place: {found.last_conversation:%Y-%m-%d}"
    if found.planned_until is not None:
        yield f"planned until: {found.planned_until:%Y-%m-%d}"
    if found.earlier:
        yield (
            f"before {found.known_from:%Y-%m-%d}, the first day of which any group is known: "
            f"{found.earlier:,} conversations or offers"
        )
    for name, words in WORDS.items():
        count = getattr(found.doubtful, name)
        if count:
            yield f"{words}: {count:,}"
    yield f"seats whose person is unknown: {found.unmatched_seats:,} of {found.seats:,}"
    for source in found.sources:
        rows = ", ".join(f"{count:,} {word}" for word, count in source.rows.items())
        yield f"{source.source}: {source.status}, {source.started_at:%Y-%m-%d %H:%M} UTC, {rows}"
        for refusal in source.refused:
            place = f"{refusal.table}, {refusal.column}" if refusal.column else refusal.table
            yield f"  {refusal.rows:,} x {place}: {refusal.message}"
    for attribute in found.coverage:
        known = attribute.given + attribute.withheld
        yield f"{attribute.label}: known or withheld for {known:,} of {found.people:,} people"
