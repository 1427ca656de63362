"""The book of plans: one file in the home, written line by line and never overwritten."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from plans.lines import BookDamaged, append, numbered
from plans.plan import Plan, PlanError, State, read_plan

FILE = "plans.jsonl"


class Book:
    """All plans of a home. The last line about a plan holds; the earlier ones are its history."""

    def __init__(self, home: Path) -> None:
        self.file = home / FILE

    def plans(self) -> tuple[Plan, ...]:
        """Return every plan as it stands now, the oldest first."""
        latest: dict[str, Plan] = {}
        for number, line in numbered(self.file):
            plan = self._read(line, number)
            latest[plan.id] = plan
        return tuple(latest.values())

    def keep(self, plan: Plan) -> None:
        """Write a plan down."""
        append(self.file, plan.as_text())

    def settle(self, plan_id: str, state: State) -> None:
        """Say that a plan is done, dropped or open again."""
        found = [plan for plan in self.plans() if plan.id == plan_id]
        if not found:
            raise PlanError("This plan is no longer in the book; load the page again.")
        self.keep(replace(found[0], state=state))

    def _read(self, line: str, number: int) -> Plan:
        try:
            return read_plan(json.loads(line))
        except (json.JSONDecodeError, PlanError) as error:
            raise BookDamaged(
                f"Line {number} of {self.file.name} is no plan; take it out or put it right."
            ) from error
