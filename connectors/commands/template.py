"""``template``: write an empty workbook with the right columns."""

from __future__ import annotations

import argparse
from pathlib import Path

from connectors.template import TEMPLATES, kind_named, write_template


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what may stand behind ``template``."""
    parser.add_argument(
        "file", type=Path, metavar="FILE.xlsx", help=f"named after one of {', '.join(TEMPLATES)}"
    )


def run(given: argparse.Namespace) -> int:
    """Write the workbook, and the mapping that reads it, beside each other."""
    mapping = write_template(given.file, kind_named(given.file))
    print(f"Fill in {given.file}, and {mapping} where it says so. Then run: check, import.")
    return 0
