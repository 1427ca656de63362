"""What moved since a plan began, in words, from published changes alone."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from plans import Plan, State
from release import Cell, Release
from ui.moved_values import KIND, NO_PROOF, kind_moved, value_moved
from ui.words import safe, written_date

ENGAGEMENT, COHORTS = "engagement", "cohorts"
SINCE = "cohort_change_since"
OTHERWISE_MEASURED = ("step_share=gave_feedback", "step_share=met_again")
"""Steps that participation in a cycle says nothing about."""
BY_CYCLE = ("cohort_alarm", "participation_rate", "completion_rate")
"""Findings that participation in each cycle of a cohort says most about."""
TWO_CYCLES = timedelta(days=56)
"""Where the length of a cycle is not known."""

ALL_ALIKE = "It is for all cohorts here, so there are no others to compare them with."
NOT_MEASURED = "This step is not followed over time, so nothing is compared."
NO_CYCLES = "This release shows no cycles of this cohort to compare."
TOO_EARLY = "Too early: no cycle that began since then has ended."
NOT_YET = "It is not time to look again yet."


@lru_cache(maxsize=256)
def changes_of(release: Release, cohort: str) -> dict[str, Cell]:
    """Return the changes of a cohort since the days on which its cycles began, in that order."""
    cells = (cell for cell in release.contents.cells if cell.measure == SINCE)
    found = {cell.period: cell for cell in cells if cell.slice == cohort}
    return dict(sorted(found.items()))


def two_cycles(release: Release, cohort: str) -> timedelta:
    """Return how long two cycles of a cohort usually take."""
    days = [date.fromisoformat(day) for day in changes_of(release, cohort)]
    lengths = sorted(later - day for day, later in pairwise(days))
    return 2 * lengths[len(lengths) // 2] if lengths else TWO_CYCLES


def moved(release: Release, plan: Plan, today: date) -> str:
    """Return what moved since a plan began, or why nothing can be said yet, as Markdown."""
    if plan.page == ENGAGEMENT and not plan.slice.startswith("cohort="):
        return ALL_ALIKE
    if plan.finding in OTHERWISE_MEASURED:
        return NOT_MEASURED
    if release.about["as_of"] < plan.look_again.isoformat():
        return _later(release, plan, today)
    if plan.finding.startswith(KIND):
        return kind_moved(release, plan)
    if plan.page == COHORTS and not _is_by_cycle(plan):
        return value_moved(release, plan)
    changes = changes_of(release, plan.slice)
    if not changes:
        return NO_CYCLES
    since = [cell for day, cell in changes.items() if day >= plan.since.isoformat()]
    return _said(since[0]) if since else TOO_EARLY


def _is_by_cycle(plan: Plan) -> bool:
    return plan.finding in BY_CYCLE and plan.slice.startswith("cohort=")


def _later(release: Release, plan: Plan, today: date) -> str:
    """Return that the day has not come, or what is missing where it has."""
    if today < plan.look_again or plan.state is not State.OPEN:
        return NOT_YET
    known = written_date(release.about["as_of"])
    return f"It is time to look again, but the data go up to {known} only: bring newer data."


def _said(cell: Cell) -> str:
    if not cell.is_drawn:
        return safe(cell.sentence)
    if cell.verdict not in ("above", "below"):
        return (
            "Nothing moved beyond what chance and the other cohorts explain: "
            f"{safe(cell.printed)} against them ({safe(cell.interval)}), {safe(cell.phrase)}."
        )
    sign = {"above": "▲", "below": "▼"}[cell.verdict]
    return f"{sign} {safe(cell.sentence)} It went {safe(cell.phrase)}. {NO_PROOF}"
