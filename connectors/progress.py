"""How far a command is, in numbers: a bar on a terminal, lines for a program that started it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

WAYS = ("auto", "lines", "none")
LINE = "progress"
"""Begins every line that is meant for a program: the word, a percentage, and words."""
WIDTH, BAR = 78, 24

Tell = Callable[[float, str], None]
"""Called with the share that is done, 0 to 1, and what is being done."""


def add_progress(parser: argparse.ArgumentParser) -> None:
    """Declare how progress is told."""
    parser.add_argument(
        "--progress",
        choices=WAYS,
        default="auto",
        help="a bar on a terminal (auto), lines for a program, or none",
    )


def teller(way: str) -> Tell:
    """Return what tells how far a command is; always on the error output."""
    if way == "lines":
        return _line
    return _bar if way == "auto" and sys.stderr.isatty() else _nothing


def _line(share: float, words: str) -> None:
    print(LINE, f"{share:.0%}"[:-1], words, file=sys.stderr, flush=True)


def _bar(share: float, words: str) -> None:
    filled = round(BAR * share)
    line = f"[{'#' * filled}{'.' * (BAR - filled)}] {share:4.0%} {words}"
    # the bar goes once everything is done, and the report takes its place
    shown = "" if share >= 1 else line[:WIDTH]
    print(f"\r\x1b[K{shown}", end="", file=sys.stderr, flush=True)


def _nothing(share: float, words: str) -> None:
    return None


@dataclass
class Steps:
    """Tells one share of several steps of different size.

    Attributes
    ----------
    tell : callable
        Told the share and what is being done.
    sizes : dict of str to int
        Size of each step, such as the bytes of a file or the rows of a table.
    low, high : float
        Shares between which these steps lie.
    """

    tell: Tell
    sizes: Mapping[str, int]
    low: float = 0.0
    high: float = 1.0
    _ended: int = 0
    _present: str = ""

    def within(self, name: str, part: float, words: str) -> None:
        """Tell that a part of a step, 0 to 1, is done; the step before has ended."""
        if name != self._present:
            self._ended += self.sizes.get(self._present, 0)
            self._present = name
        done = self._ended + part * self.sizes.get(name, 0)
        share = done / (sum(self.sizes.values()) or 1)
        self.tell(self.low + (self.high - self.low) * share, words)
