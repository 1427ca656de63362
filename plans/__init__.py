"""What somebody has taken on: actions with an owner and a day to look again."""

from __future__ import annotations

from plans.book import Book, BookDamaged
from plans.plan import LONGEST_OWNER, Plan, PlanError, State, new_plan

__all__ = ["LONGEST_OWNER", "Book", "BookDamaged", "Plan", "PlanError", "State", "new_plan"]
