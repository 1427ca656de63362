"""Pictures of change: whether people changed, and whether the ratio really did."""

from __future__ import annotations

from collections.abc import Sequence

from charts.change import change_parts, change_rows, change_ticks
from release import Cell, Release
from release.contents import WHOLE
from ui.answers import across
from ui.frame import Picture, mode
from ui.words import safe

SPLIT, CHANGE, SHARE = "change_split", "ratio_change", "cross_group_share"
NAMES = {
    "within": "Same people, changed",
    "mix": "Same people, busier or not",
    "joiners": "People who joined",
    "leavers": "People who left",
}
MOST = 0.6
PORTIONS = ((0.85, "Nearly all"), (MOST, "Most"), (0.4, "About half"))
"""Words for a part of the change, from the largest down."""
BY_PART = {
    "within": "is people changing, not new people",
    "mix": "is who is active, not people changing",
    "joiners": "is new people, not people changing",
    "leavers": "is people leaving, not people changing",
}
AGAINST_BEFORE = {
    "above": "more than before",
    "below": "less than before",
    "noise": "within noise",
}
JUDGED = ("above", "below", "noise")


def change_pictures(release: Release, attribute: str, slice_: str) -> list[Picture]:
    """Return the parts of the change over all quarters and the verdicts, where published."""
    parts = release.by_group(SPLIT, slice_, attribute)
    verdicts = _verdicts(release, attribute, slice_)
    pictures = [_split(release, attribute, slice_, parts)] if parts else []
    return pictures + ([_changes(release, attribute, slice_, verdicts)] if verdicts else [])


def comparisons(release: Release, attribute: str, slice_: str) -> int:
    """Return how many values of a slice and attribute were held against noise.

    Of those called beyond noise in one picture, at most 5 % are expected to be chance.
    """
    return sum(
        cell.verdict in JUDGED
        for cell in release.contents.cells
        if cell.slice == slice_ and cell.breakdown == attribute
    )


def _split(release: Release, attribute: str, slice_: str, parts: Sequence[Cell]) -> Picture:
    ends = _ends(release, attribute, slice_)
    drawn = len(ends) == 2 and all(cell.is_drawn for cell in parts)
    rows = []
    if drawn:
        names = NAMES | {
            key: release.periods[cell.period].label
            for key, cell in zip(("earlier", "later"), ends, strict=True)
        }
        rows = change_rows(ends[0], parts, ends[1], names)
    name = across(release, attribute)
    return Picture(
        key=SPLIT,
        finding=split_finding(parts),
        how_to_read=(
            f"The share of pairings outside people's own {name}, from the first quarter shown to "
            "the last, in percentage points; each bar starts where the one above ended. ▲ more and "
            "▼ less beyond noise, ● within noise; parts without a sign are counted, not judged."
        ),
        spec=change_parts(change_ticks(rows), len(rows), mode()) if drawn else {},
        rows=rows,
        cells=parts,
        names=NAMES,
        by="group",
        against=AGAINST_BEFORE,
        note="Rounded so that the parts sum to the change" if drawn else "",
    )


def _ends(release: Release, attribute: str, slice_: str) -> list[Cell]:
    """Return the share of the first and of the last quarter that is shown."""
    drawn = [cell for cell in release.series(SHARE, slice_, attribute) if cell.is_drawn]
    return [drawn[0], drawn[-1]] if len(drawn) > 1 else []


def split_finding(parts: Sequence[Cell]) -> str:
    """Return which part makes up most of the change, from published parts alone."""
    if not all(cell.is_drawn for cell in parts):
        undefined = any(cell.status == "undefined" for cell in parts)
        shown = "is not defined" if undefined else "cannot be shown"
        return f"Whether the same people changed or others came {shown} here"
    points = {cell.group: round(100 * (cell.estimate or 0.0)) for cell in parts}
    change = sum(points.values())
    within = next(cell for cell in parts if cell.group == "within")
    if change == 0:
        return "The cross-group share is where it was at the start"
    moved = "rise" if change > 0 else "fall"
    largest = max(points, key=lambda part: points[part] / change)
    portion = points[largest] / change
    words = next((words for least, words in PORTIONS if portion >= least), "")
    if not words:
        return f"The {moved} of the share has several sources, none above half"
    if largest == "within" and within.verdict not in ("above", "below"):
        return f"{words} of the {moved} is people changing, though within noise"
    said = BY_PART[largest]
    # of a half the other half may well be what the second clause denies
    return f"{words} of the {moved} {said if portion > MOST else said.partition(',')[0]}"


def _verdicts(release: Release, attribute: str, slice_: str) -> list[Cell]:
    """Return the change of the last quarter, then that since the first."""
    last = release.series(CHANGE, slice_, attribute)
    whole = release.cell(CHANGE, slice_, attribute)
    return [*last, *([whole] if whole else [])]


def _changes(release: Release, attribute: str, slice_: str, cells: Sequence[Cell]) -> Picture:
    names = {key: f"{period.label} against before" for key, period in release.periods.items()}
    number = comparisons(release, attribute, slice_)
    return Picture(
        key=CHANGE,
        finding=change_finding(cells[0], across(release, attribute)),
        how_to_read=" ".join(safe(cell.sentence) for cell in cells),
        spec={},
        rows=[],
        cells=cells,
        names=names | {WHOLE: "Last against first quarter"},
        by="period",
        against=AGAINST_BEFORE,
        note=(
            f"{number} comparisons on this attribute here; of those called beyond noise together, "
            "at most 5 in 100 are expected to be chance · Two quarters tell less than a trend over "
            "all of them"
        ),
    )


def change_finding(cell: Cell, name: str) -> str:
    """Return the verdict on the last change as a finding."""
    since = "since the first quarter" if cell.period == WHOLE else "in the last quarter"
    if cell.is_hidden:
        return "Whether crossing changed cannot be shown here"
    if cell.status == "undefined":
        return "Whether crossing changed is not defined here"
    if cell.verdict in ("above", "below"):
        way = "up" if cell.verdict == "above" else "down"
        return f"Meeting across {name} is really {way} by {_size(cell)} {since}"
    if cell.phrase.startswith("no change"):
        return f"Meeting across {name}: {safe(cell.phrase)} {since}"
    return f"Too early to say whether meeting across {name} changed {since}"


def _size(cell: Cell) -> str:
    return safe(cell.printed.lstrip("+\u2212"))
