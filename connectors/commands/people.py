"""``erase`` and ``merge``: what concerns one person, named on the command line and nowhere else."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Literal

from pandas import Series
from sqlalchemy import Engine

import settings
from connectors.commands.deriving import derive
from connectors.identity import load_pseudonyms
from store.database import connected, open_store, store_exists
from store.erasure import Erasure, erase, foresee, people_behind
from store.likeness import Alike, people_alike
from store.merging import merge_people
from store.rewriting import rewrite

OK, REFUSED, USAGE = 0, 1, 2
IN_MEMORY = "duckdb:///:memory:"
FROM_INPUT = "-"
NOBODY = "Nobody in the store is known under this. Check the spelling. Nothing was changed."
STAYS = (
    "Imports leave this person out from now on.",
    "Releases are not computed again: the difference would show who has gone. The next one is "
    "built without this person.",
    "Files that you imported, and copies of the store, still hold the person: delete them too.",
)
VACUUM = "Ask the database's administrator to vacuum it: deleted rows stay in its files until then."


def add_erase_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what may stand behind ``erase``."""
    add_person(parser, "person")
    _add_yes(parser)


def add_merge_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what may stand behind ``merge``."""
    add_person(parser, "kept", nargs="?")
    add_person(parser, "other", nargs="?")
    parser.add_argument(
        "--suggest", action="store_true", help="list the pairs that look like one person, and end"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    _add_yes(parser)


def run_erase(given: argparse.Namespace) -> int:
    """Say what would go, ask, and erase."""
    keys = keys_of(given.person)
    engine = open_own_store()
    try:
        foreseen = foresee(engine, keys)
        if not foreseen.people:
            print(NOBODY)
            return REFUSED
        print(*_lines(foreseen), sep="\n")
        if not (given.yes or _agreed("Erase?")):
            print("Nothing was changed.")
            return REFUSED
        erase(engine, keys, after_erasure=derive)
    finally:
        engine.dispose()
    rewritten = rewrite(settings.load().database_url)
    print("Erased.", *STAYS, *(() if rewritten else (VACUUM,)), sep="\n")
    return OK


def run_merge(given: argparse.Namespace) -> int:
    """Ask, and make one person of two; or say who looks like one."""
    if given.suggest:
        return _suggest(given)
    if given.other is None:
        print("Name two people, or add --suggest to see who looks like one.", file=sys.stderr)
        return USAGE
    engine = open_own_store()
    try:
        people = [_one_person(engine, text) for text in (given.kept, given.other)]
        kept, other = people
        if kept is None or other is None or kept == other:
            print("They are one person already." if kept and kept == other else NOBODY)
            return REFUSED
        if not (given.yes or _agreed("Make one person of these two? This cannot be undone.")):
            print("Nothing was changed.")
            return REFUSED
        merge_people(engine, kept, other, after_merge=derive)
    finally:
        engine.dispose()
    print("They are one person now, also in later files. Build a release to see the difference.")
    return OK


def _suggest(given: argparse.Namespace) -> int:
    url = settings.load().database_url
    # looking at a store does not make one
    engine = open_store(url if store_exists(url) else IN_MEMORY)
    try:
        found = people_alike(engine)
    finally:
        engine.dispose()
    if given.format == "json":
        print(json.dumps({"alike": [asdict(pair) for pair in found]}))
    else:
        print(*_pair_lines(found), sep="\n")
    return OK


def _pair_lines(found: Sequence[Alike]) -> Iterator[str]:
    if not found:
        yield "No two people share an identifier."
        return
    pairs = "1 pair looks" if len(found) == 1 else f"{len(found):,} pairs look"
    yield f"{pairs} like one person: an identifier of the one is an identifier of the other too."
    for pair in found:
        yield f"  {pair.kept} ({pair.kept_source})  {pair.other} ({pair.other_source})"
    yield "Nothing was changed. To make one person of a pair: python -m connectors merge KEY KEY"


def add_person(
    parser: argparse.ArgumentParser, name: str, nargs: Literal["?"] | None = None
) -> None:
    """Declare that a person is named here."""
    words = (
        "work mail, employee number (with its organisation, as acme:1001, where a mapping says "
        "own_numbers) or key of a person; - asks for it, unseen by the shell"
    )
    parser.add_argument(name, help=words, nargs=nargs)


def _add_yes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="do not ask")


def open_own_store() -> Engine:
    """Open the store of this deployment."""
    return open_store(settings.load().database_url)


def keys_of(text: str) -> list[str]:
    """Return the keys under which somebody named so may be in the store."""
    named = sys.stdin.readline().strip() if text == FROM_INPUT else text.strip()
    pseudonym = load_pseudonyms(settings.load()).of(Series([named], dtype="str"))
    return [named, *pseudonym.dropna()]


def _one_person(engine: Engine, text: str) -> str | None:
    keys = keys_of(text)
    with connected(engine) as connection:
        found = people_behind(connection, keys)
    return found[0] if len(found) == 1 else None


def _lines(found: Erasure) -> list[str]:
    gone = [f"  {rows:>6,}  rows of {table}" for table, rows in found.deleted.items()]
    kept = [f"  {rows:>6,}  rows of {table}" for table, rows in found.emptied.items()]
    heads = ("This removes:", "These stay, with the person unknown:")
    return [heads[0], *gone, *([heads[1], *kept] if kept else [])]


def _agreed(question: str) -> bool:
    if not sys.stdin.isatty():
        print("Add --yes to do it without being asked.")
        return False
    return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
