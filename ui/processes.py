"""Start the rooms that bring data in and build releases, as processes of their own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from threading import Timer
from typing import Any

from settings import ROOT

SECONDS = 1_800
PROGRESS = re.compile(r"progress (\d{1,3}) (.*)")
LONGEST_REASON = 2_000
NOT_UNDERSTOOD = "Weft did not get an answer that it understands. Nothing was changed."
TOO_LONG = "This took more than half an hour and was stopped. Nothing was changed."

Told = Callable[[float, str], object]
"""Called with the share that is done, 0 to 1, and what is being done."""


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
    return follow(lambda share, doing: None, room, *words)


def follow(told: Told, room: str, *words: str) -> Outcome:
    """Run a room's command to its end, tell how far it is, and return what it answered.

    It goes on to its end also where the page that waits for it is run anew.
    """
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    # -P: a folder of the caller's that is named like a room is not taken for it
    command = [sys.executable, "-P", "-m", room, *words]
    with TemporaryFile("w+", encoding="utf-8") as answer:
        process = subprocess.Popen(  # noqa: S603 (the program is this Python, no shell's)
            command, env=environ, stdout=answer, stderr=subprocess.PIPE, encoding="utf-8"
        )
        began, limit = time.monotonic(), Timer(SECONDS, process.kill)
        limit.start()
        try:
            spoken = _listened(process, told)
        finally:
            limit.cancel()
        if time.monotonic() - began >= SECONDS:
            return Outcome(ok=False, words=TOO_LONG)
        answer.seek(0)
        return _outcome(process.returncode, answer.read(), spoken)


def _listened(process: subprocess.Popen[str], told: Told) -> str:
    """Return what a process says beside its progress, once it has ended."""
    spoken: list[str] = []
    try:
        for line in process.stderr:
            found = PROGRESS.match(line)
            if found:
                told(int(found[1]) / 100, found[2])
            else:
                spoken.append(line)
    finally:
        # never left in the middle: what it says is read until it falls silent
        process.communicate()
    return "".join(spoken)


def _outcome(code: int, printed: str, spoken: str) -> Outcome:
    said = _answer(printed)
    return Outcome(ok=code == 0, said=said, words=_reason(code, printed, spoken, said))


def _reason(code: int, printed: str, spoken: str, said: dict[str, Any]) -> str:
    """Return why a process failed; what no one has put into words may hold a person's value."""
    if code == 0:
        return ""
    if "Traceback" in spoken:
        return NOT_UNDERSTOOD
    words = spoken if said else spoken + printed
    return " ".join(line for line in words.splitlines() if line)[:LONGEST_REASON]


def _answer(printed: str) -> dict[str, Any]:
    try:
        found = json.loads(printed)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
