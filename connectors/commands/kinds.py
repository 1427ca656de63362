"""``kinds``: what a file can hold, and what its columns can mean, for programs that ask people."""

from __future__ import annotations

import argparse
import json

from connectors.mapping.fields import KINDS, REPEATED
from schema import CANONICAL, Allowed, allowed_values

OK = 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the one form in which they are printed."""
    parser.add_argument("--format", choices=("json",), default="json")


def run(given: argparse.Namespace) -> int:
    """Print the kinds of files and their fields as JSON."""
    kinds = {
        name: {
            "words": kind.words,
            "fields": {field: each.words for field, each in kind.fields.items()},
            "words_of": {
                field: list(_allowed(kind.table, field))
                for field, each in kind.fields.items()
                if each.role == "word"
            },
            "needs": {need.part: list(need.fields) for need in kind.needs if need.part},
        }
        for name, kind in KINDS.items()
    }
    print(json.dumps({"kinds": kinds, "repeated": list(REPEATED)}))
    return OK


def _allowed(table: str, field: str) -> Allowed:
    """Return the canonical words of a field, of whichever table it ends in."""
    tables = (CANONICAL[table], *CANONICAL.values())
    columns = (each.c[field] for each in tables if field in each.c)
    return next((words for c in columns if (words := allowed_values(c)) is not None), ())
