"""What became of a value since a plan began, from its published quarters or its last comparison."""

from __future__ import annotations

from datetime import date

from plans import Plan
from release import Cell, Release
from ui.compared import ORGANISATION, RATE, SCALE, SKILL, Compared, compared_in
from ui.pictures.profiles import SHARE, shares
from ui.words import safe

KIND = "profile="
SOURCES = {SKILL: "skill_gain", SCALE: "scale_change"}
GONE = "This kind of participation is not among those that this release tells apart."
OVER_ALL_TIME = "It is published over all time together, so what changed since cannot be told apart"
TOO_EARLY = "Too early: no whole quarter that began since then is published."
NO_BEFORE = "Nothing is published of the quarters before it began, so there is nothing to compare."
NO_PROOF = "This goes along with the action; it does not prove that the action did it."
APART = f"the intervals do not overlap. {NO_PROOF}"
OVERLAP = "the intervals overlap, so nothing moved beyond noise."
MOVES = {
    "above": ("▲ ", f"up beyond noise. {NO_PROOF}"),
    "below": ("▼ ", f"down beyond noise. {NO_PROOF}"),
}
"""By the verdict on a kind of participation beside one quarter ago."""


def kind_moved(release: Release, plan: Plan) -> str:
    """Return how common a kind of participation is beside one quarter ago."""
    name = plan.finding.removeprefix(KIND)
    cell = next((one for one in shares(release).values() if one.phrase == name), None)
    if cell is None:
        return GONE
    now = f"{safe(cell.printed)} ({safe(cell.interval)})"
    quarters = [key for key in release.periods if "-Q" in key]
    before = [release.cell(SHARE, ORGANISATION, "profile", cell.group, key) for key in quarters]
    drawn = [one for one in before if one is not None and one.is_drawn]
    if not drawn or not cell.verdict:
        return f"Now {now}; nothing is published of a quarter ago to compare with."
    sign, words = MOVES.get(cell.verdict, ("", "no change beyond noise."))
    return f"{sign}Now {now}, one quarter ago {safe(drawn[-1].printed)}: {words}"


def value_moved(release: Release, plan: Plan) -> str:
    """Return a compared value in the quarter before a plan began and in the last one since."""
    one = compared_in(release).get(plan.finding)
    if one is None:
        return f"{OVER_ALL_TIME}."
    cells = _quarters(release, one, plan.slice)
    if not cells:
        now = _cell(release, one, plan.slice, "all")
        said = f"; now: {_said(now)}" if now is not None and now.is_drawn else ""
        return f"{OVER_ALL_TIME}{said}."
    began = quarter_of(plan.since)
    before = [key for key in cells if key < began]
    since = [key for key in cells if began < key < quarter_of_text(release.about["as_of"])]
    if not since:
        return TOO_EARLY
    if not before:
        return NO_BEFORE
    return _beside(release, cells, before[-1], since[-1])


def _beside(release: Release, cells: dict[str, Cell], before: str, since: str) -> str:
    first, last = cells[before], cells[since]
    names = [safe(release.periods[key].label) for key in (before, since)]
    both = f"{_said(first)} in {names[0]}, {_said(last)} in {names[1]}"
    if None in (first.low, first.high, last.low, last.high):
        return f"{both}."
    apart = last.low > first.high or last.high < first.low
    if not apart:
        return f"{both}: {OVERLAP}"
    return f"{'▲' if last.low > first.high else '▼'} {both}: {APART}"


def _quarters(release: Release, one: Compared, slice_: str) -> dict[str, Cell]:
    """Return the published quarters with a number, oldest first."""
    keys = sorted(key for key in release.periods if "-Q" in key)
    found = {key: _cell(release, one, slice_, key) for key in keys}
    return {key: cell for key, cell in found.items() if cell is not None and cell.is_drawn}


def _cell(release: Release, one: Compared, slice_: str, period: str) -> Cell | None:
    """Return the published value that is compared, over one period."""
    if one.breakdown == RATE:
        return release.cell(one.group, slice_, "none", "all", period)
    measure = SOURCES.get(one.breakdown, "cross_group_ratio")
    return release.cell(measure, slice_, one.breakdown, one.group, period)


def _said(cell: Cell) -> str:
    interval = f" ({safe(cell.interval)})" if cell.interval else ""
    return f"{safe(cell.printed)}{interval}"


def quarter_of(day: date) -> str:
    """Return the quarter of a day, as periods are called.

    Examples
    --------
    >>> quarter_of(date(2026, 5, 4))
    '2026-Q2'
    """
    return f"{day.year}-Q{(day.month + 2) // 3}"


def quarter_of_text(iso: str) -> str:
    """Return the quarter of a day written down."""
    return quarter_of(date.fromisoformat(iso[:10]))
