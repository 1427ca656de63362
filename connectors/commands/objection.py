"""``optout``: keep a person out of one purpose, or let them in again."""

from __future__ import annotations

import argparse

from connectors.commands.deriving import derive
from connectors.commands.people import NOBODY, add_person, keys_of, open_own_store
from store.objection import object_to, take_back
from store.withholding import PURPOSES

OK, REFUSED = 0, 1
DONE = (
    "Kept out. What was held for it is removed, and imports leave it out from now on. Releases "
    "stay as they are; the next one is built without it."
)
BACK = "Taken back. What was removed comes back with the next import of its files."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what may stand behind ``optout``."""
    add_person(parser, "person")
    parser.add_argument(
        "purpose", nargs="+", choices=tuple(PURPOSES), help="what it is kept out of"
    )
    parser.add_argument("--back", action="store_true", help="end it instead")


def run(given: argparse.Namespace) -> int:
    """Keep a person out, or let them in again."""
    engine = open_own_store()
    keys = keys_of(given.person)
    try:
        if given.back:
            found = take_back(engine, keys, given.purpose)
        else:
            found = object_to(engine, keys, given.purpose, after_objection=derive)
    finally:
        engine.dispose()
    if not found:
        print(NOBODY)
        return REFUSED
    print(BACK if given.back else DONE)
    return OK
