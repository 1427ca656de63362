"""``dictionary``: print every table and column."""

from __future__ import annotations

import argparse

from connectors.dictionary import dictionary


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare that nothing stands behind ``dictionary``."""


def run(given: argparse.Namespace) -> int:
    """Print the dictionary as Markdown."""
    print(dictionary(), end="")
    return 0
