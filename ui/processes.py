"""Start the rooms that bring data in and build releases, as processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any

from settings import ROOT

SECONDS = 1_800
PROGRESS = " ..."
LONGEST_REASON = 2_000
NOT_UNDERSTOOD = "Weft did not get an answer that it understands. Nothing was changed."
TOO_LONG = "This took more than half an hour and was stopped. Nothing was changed."


@dataclass(frozen=True)
class Outcome:
    """How a process ended.

    Attributes
    ----------
    ok : bool
        Whether it did what it was asked for.
    said : dict
        What it answered, where it answers in JSON.
    words : str
        What it said otherwise: the reason where it failed.
    """

    ok: bool
    said: dict[str, Any] = field(default_factory=dict)
    words: str = ""


def ask(room: str, *words: str) -> Outcome:
    """Run a room's command to its end and return what it answered."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    try:
        # -P: a folder of the caller's that is named like a room is not taken for it
        ended = subprocess.run(  # noqa: S603 (the program is this Python, the rest is no shell's)
            [sys.executable, "-P", "-m", room, *words],
            env=environ,
            capture_output=True,
            encoding="utf-8",
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Outcome(ok=False, words=TOO_LONG)
    said = _answer(ended.stdout)
    return Outcome(ok=ended.returncode == 0, said=said, words=_reason(ended, said))


def _reason(ended: subprocess.CompletedProcess[str], said: dict[str, Any]) -> str:
    """Return why a process failed; what no one has put into words may hold a person's value."""
    if ended.returncode == 0:
        return ""
    if "Traceback" in ended.stderr:
        return NOT_UNDERSTOOD
    spoken = ended.stderr if said else ended.stderr + ended.stdout
    lines = [line for line in spoken.splitlines() if line and not line.endswith(PROGRESS)]
    return " ".join(lines)[:LONGEST_REASON]


def _answer(printed: str) -> dict[str, Any]:
    try:
        found = json.loads(printed)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
