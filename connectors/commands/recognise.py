"""``recognise``: say what a file seems to be, and write a mapping to be looked through."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import settings
from connectors.contract import SourceError
from connectors.files.layout import folded
from connectors.mapping.fields import KINDS
from connectors.mapping.finding import SAVED, fitting_mappings
from connectors.mapping.guessing import ColumnGuess
from connectors.mapping.recognition import Recognition, recognise
from connectors.mapping.writing import proposal

NAME_WIDTH = 40
CERTAINTIES = {
    "preset": "certain",
    "same name": "certain",
    "known synonym": "known",
    "suggestion": "similar",
    "drop": "certain",
    "nothing": "none",
}
"""How sure a guess is, for programs that ask people."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what may stand behind ``recognise``."""
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--holds", choices=list(KINDS), help="say what it is instead of a guess")
    parser.add_argument(
        "--write", type=Path, metavar="MAPPING.yaml", help="write the proposed mapping"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(given: argparse.Namespace) -> int:
    """Print what the file is; write the mapping where one is asked for and none is there yet."""
    found = recognise(given.file, given.holds)
    if given.format == "json":
        print(json.dumps(_as_data(found) | {"saved": _saved(given.file, found)}))
    else:
        print(*_lines(found), sep="\n")
    if given.write is None:
        return 0
    if given.write.exists():
        raise SourceError(f"{given.write} is there already and was left as it is. Name another.")
    given.write.write_text(proposal(found), encoding="utf-8")
    words = f"The proposed mapping is in {given.write}. Look it through, then run: check, import."
    print(words, file=sys.stderr)
    return 0


def _lines(found: Recognition) -> Iterator[str]:
    yield found.words
    yield from (f"note: {note}" for note in found.notes)
    if found.date_words:
        yield f"dates: {found.date_words}"
    yield from (_column(guess) for guess in found.columns)
    yield from (f"still needed: {need}" for need in found.lacking)


def _column(guess: ColumnGuess) -> str:
    if guess.certainty == "drop":
        return f"  {guess.name[:NAME_WIDTH]:<{NAME_WIDTH}}  dropped ({guess.reason})"
    if guess.target is None:
        return f"  {guess.name[:NAME_WIDTH]:<{NAME_WIDTH}}  not read ({guess.reason})"
    code = f" {guess.target.code}" if guess.target.code else ""
    certainty = "suggestion: " if guess.certainty == "suggestion" else ""
    return (
        f"  {guess.name[:NAME_WIDTH]:<{NAME_WIDTH}}  "
        f"{certainty}{guess.target.to}{code} ({guess.reason})"
    )


def _as_data(found: Recognition) -> dict[str, object]:
    """Return what a program needs to ask a person; samples are hidden where they name anybody."""
    return {
        "layout": found.layout,
        "words": found.words,
        "header_row": found.header_row,
        "delimiter": found.delimiter,
        "encoding": found.encoding,
        "rows": found.rows,
        "dates": found.date_words,
        "naive_times": found.naive_times,
        "notes": list(found.notes),
        "lacking": list(found.lacking),
        "mapping": found.mapping.model_dump(mode="json", exclude_defaults=True),
        "columns": [_column_as_data(guess) for guess in found.columns],
    }


def _saved(file: Path, found: Recognition) -> dict[str, object] | None:
    """Return the mapping that was kept for files like this one, the latest of several."""
    fitting = fitting_mappings(file, settings.load().home / SAVED)
    if not fitting:
        return None
    path, mapping = max(fitting, key=lambda pair: pair[0].stat().st_mtime)
    known = {folded(name) for name in (*mapping.columns, *mapping.drop)}
    return {
        "name": mapping.name,
        "kept_on": f"{datetime.fromtimestamp(path.stat().st_mtime, UTC):%Y-%m-%d}",
        "mapping": mapping.model_dump(mode="json", exclude_defaults=True),
        "new_columns": [guess.name for guess in found.columns if folded(guess.name) not in known],
    }


def _column_as_data(guess: ColumnGuess) -> dict[str, object]:
    target = guess.target
    return {
        "name": guess.name,
        "to": target.to if target else None,
        "certainty": CERTAINTIES[guess.certainty],
        "reason": guess.reason,
        "samples": list(guess.samples),
        "values": [list(pair) for pair in guess.values],
        "target": target.model_dump(mode="json", exclude_defaults=True) if target else None,
    }
