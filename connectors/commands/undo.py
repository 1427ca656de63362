"""``undo``: take the last import back."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

import settings
from connectors.commands.deriving import derive
from store.database import open_store
from store.undo import undo_import

OK, REFUSED = 0, 1
NOTHING = (
    "There is no import that can be undone: only the last one can, as long as nothing else has "
    "changed the store since. Import the earlier files again instead."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what may stand behind ``undo``."""
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(given: argparse.Namespace) -> int:
    """Undo the last import and say what that did."""
    engine = open_store(settings.load().database_url)
    try:
        undone = undo_import(engine, after_undo=derive)
    finally:
        engine.dispose()
    if given.format == "json":
        print(json.dumps({"undone": asdict(undone) if undone else None}))
    elif undone is None:
        print(NOTHING)
    else:
        print(
            f"Undone, run {undone.run_id}: {undone.removed:,} rows removed, "
            f"{undone.restored:,} earlier versions restored."
        )
    return OK if undone else REFUSED
