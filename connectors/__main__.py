"""``python -m connectors``: bring data in, or look at what would come in."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

import settings
from connectors.contract import SourceError
from store.database import StoreError

OK, REFUSED, USAGE = 0, 1, 2


@dataclass(frozen=True)
class Verb:
    """One command: what it does in words, its module, and the functions there.

    Attributes
    ----------
    words : str
        What it does.
    module : str
        Module of `connectors.commands`; loaded when the verb is used, since some are slow to load.
    run, arguments : str
        Names of the function that runs it and of the one that declares its arguments.
    """

    words: str
    module: str
    run: str = "run"
    arguments: str = "add_arguments"


VERBS: dict[str, Verb] = {
    "import": Verb("import a file or a folder, all or nothing", "taking_in", "run_import"),
    "check": Verb("do everything that import does, and write nothing", "taking_in", "run_check"),
    "recognise": Verb("say what a file is, and propose a mapping", "recognise"),
    "template": Verb("write an empty workbook with the right columns", "template"),
    "run": Verb("fetch from the sources that are set up", "run"),
    "health": Verb("say how fresh and how complete the store is", "health"),
    "kinds": Verb("print what a file can hold, as JSON", "kinds"),
    "undo": Verb("take the last import back", "undo"),
    "erase": Verb(
        "remove a person everywhere, for good", "people", "run_erase", "add_erase_arguments"
    ),
    "merge": Verb(
        "make one person of two who are the same", "people", "run_merge", "add_merge_arguments"
    ),
    "optout": Verb("keep a person out of one purpose, such as skills", "objection"),
    "dictionary": Verb("print every table and column as Markdown", "dictionary"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 = done, 1 = refused or failed, 2 = called wrongly."""
    # memory that Arrow lets go is the system's again at once, not kept for later; read as it loads
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    words = list(sys.argv[1:] if arguments is None else arguments)
    given = _parser(words[0] if words else "").parse_args(words)
    verb = VERBS[given.command]
    try:
        return getattr(_module(verb), verb.run)(given)
    except (SourceError, StoreError, settings.SettingsError) as error:
        print(error, file=sys.stderr)
        return REFUSED


def _parser(wanted: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m connectors", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, verb in VERBS.items():
        command = commands.add_parser(name, help=verb.words)
        if name == wanted:
            getattr(_module(verb), verb.arguments)(command)
    return parser


def _module(verb: Verb) -> ModuleType:
    return import_module(f"connectors.commands.{verb.module}")


if __name__ == "__main__":
    sys.exit(main())
