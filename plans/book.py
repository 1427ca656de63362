"""The book of plans: one file in the home, written line by line and never overwritten."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import BinaryIO

from plans.plan import Plan, PlanError, State, read_plan

FILE = "plans.jsonl"
WRITING = Lock()
"""Two tabs are two threads of one server."""


class BookDamaged(RuntimeError):
    """The file of plans holds a line that is no plan."""


class Book:
    """All plans of a home. The last line about a plan holds; the earlier ones are its history."""

    def __init__(self, home: Path) -> None:
        self.file = home / FILE

    def plans(self) -> tuple[Plan, ...]:
        """Return every plan as it stands now, the oldest first."""
        latest: dict[str, Plan] = {}
        for number, line in enumerate(self._lines(), 1):
            plan = self._read(line, number)
            latest[plan.id] = plan
        return tuple(latest.values())

    def keep(self, plan: Plan) -> None:
        """Write a plan down, so that it outlives a crash of the machine."""
        line = (json.dumps(plan.as_text(), ensure_ascii=False) + "\n").encode()
        with WRITING:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with self.file.open("ab+") as book:
                _forget_torn_end(book)
                book.write(line)
                book.flush()
                os.fsync(book.fileno())

    def settle(self, plan_id: str, state: State) -> None:
        """Say that a plan is done, dropped or open again."""
        found = [plan for plan in self.plans() if plan.id == plan_id]
        if not found:
            raise PlanError("This plan is no longer in the book; load the page again.")
        self.keep(replace(found[0], state=state))

    def _lines(self) -> list[str]:
        """Return the whole lines; what a crash left of the last one was never confirmed."""
        if not self.file.exists():
            return []
        # only a line feed ends a line: other breaks may stand inside a text
        return self.file.read_bytes().decode("utf-8", "replace").split("\n")[:-1]

    def _read(self, line: str, number: int) -> Plan:
        try:
            return read_plan(json.loads(line))
        except (json.JSONDecodeError, PlanError) as error:
            raise BookDamaged(
                f"Line {number} of {self.file.name} is no plan; take it out or put it right."
            ) from error


def _forget_torn_end(book: BinaryIO) -> None:
    """Cut off a last line that has no end, so that the next one begins a line of its own."""
    book.seek(0)
    book.truncate(book.read().rfind(b"\n") + 1)
