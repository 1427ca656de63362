"""``python -m connectors``: bring data in, or look at what would come in."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import settings
from connectors.commands import (
    dictionary,
    health,
    kinds,
    people,
    recognise,
    run,
    taking_in,
    template,
    undo,
)
from connectors.contract import SourceError
from store.database import StoreError

OK, REFUSED, USAGE = 0, 1, 2


@dataclass(frozen=True)
class Verb:
    """One command: what it does in words, what may stand behind it, and what runs it."""

    words: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


VERBS: dict[str, Verb] = {
    "import": Verb(
        "import a file or a folder, all or nothing", taking_in.add_arguments, taking_in.run_import
    ),
    "check": Verb(
        "do everything that import does, and write nothing",
        taking_in.add_arguments,
        taking_in.run_check,
    ),
    "recognise": Verb(
        "say what a file is, and propose a mapping", recognise.add_arguments, recognise.run
    ),
    "template": Verb(
        "write an empty workbook with the right columns", template.add_arguments, template.run
    ),
    "run": Verb("fetch from the sources that are set up", run.add_arguments, run.run),
    "health": Verb("say how fresh and how complete the store is", health.add_arguments, health.run),
    "kinds": Verb("print what a file can hold, as JSON", kinds.add_arguments, kinds.run),
    "undo": Verb("take the last import back", undo.add_arguments, undo.run),
    "erase": Verb(
        "remove a person everywhere, for good", people.add_erase_arguments, people.run_erase
    ),
    "merge": Verb(
        "make one person of two who are the same", people.add_merge_arguments, people.run_merge
    ),
    "dictionary": Verb(
        "print every table and column as Markdown", dictionary.add_arguments, dictionary.run
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 = done, 1 = refused or failed, 2 = called wrongly."""
    given = _parser().parse_args(arguments)
    try:
        return VERBS[given.command].run(given)
    except (SourceError, StoreError, settings.SettingsError) as error:
        print(error, file=sys.stderr)
        return REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m connectors", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, verb in VERBS.items():
        verb.add_arguments(commands.add_parser(name, help=verb.words))
    return parser


if __name__ == "__main__":
    sys.exit(main())
