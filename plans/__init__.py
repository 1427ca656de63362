"""What somebody has taken on or wants to reach: actions with an owner and a day, and targets."""

from __future__ import annotations

from plans.book import Book
from plans.lines import BookDamaged
from plans.plan import LONGEST_OWNER, Plan, PlanError, State, new_plan
from plans.targets import Target, Targets

__all__ = [
    "LONGEST_OWNER",
    "Book",
    "BookDamaged",
    "Plan",
    "PlanError",
    "State",
    "Target",
    "Targets",
    "new_plan",
]
