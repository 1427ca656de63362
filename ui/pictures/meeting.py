"""The pictures of who meets whom: the trend, the groups, and the pairs of groups."""

from __future__ import annotations

from charts.ratios import MOST_NUMBERS, ratio_by_group, ratio_matrix, ratio_over_time
from charts.rows import (
    axis_name,
    gaps_in,
    group_rows,
    matrix_rows,
    names_in_order,
    ratio_ticks,
    series_rows,
)
from release import Cell, Release
from release.contents import WHOLE
from ui.answers import across, group_finding, pair_finding, trend_finding, trend_note, whole
from ui.frame import Picture, mode
from ui.words import AGAINST_LOTTERY

COLOURS = (
    "▲ above and ▼ below a lottery, ● within noise. The verdict allows for many looks at once; "
    "a bar may still touch the grey."
)
WHOLE_TIME = "All quarters together, so that nobody is singled out"


def trend_picture(release: Release, attribute: str, slice_: str) -> list[Picture]:
    """Return the ratio quarter by quarter, where quarters are published."""
    picture = _trend(release, attribute, slice_, across(release, attribute))
    return [picture] if picture.cells else []


def group_pictures(release: Release, attribute: str, slice_: str) -> list[Picture]:
    """Return the group by group table and the ranked groups, where groups are published."""
    return _by_group(release, attribute, slice_, across(release, attribute))


def _by_group(release: Release, attribute: str, slice_: str, name: str) -> list[Picture]:
    """Return the pictures of the groups; only all quarters together have them."""
    groups = release.by_group("cross_group_ratio", slice_, attribute)
    pairs = release.by_group("group_pair_ratio", slice_, attribute)
    behind = _behind(release, slice_, attribute)
    pictures = [_pairs(release, attribute, pairs, name, behind)] if pairs else []
    return pictures + ([_groups(release, attribute, groups, name, behind)] if groups else [])


def _behind(release: Release, slice_: str, attribute: str) -> str:
    cell = whole(release, "cross_group_ratio", slice_, attribute, WHOLE)
    return cell.behind if cell else ""


def _trend(release: Release, attribute: str, slice_: str, name: str) -> Picture:
    series = release.series("cross_group_ratio", slice_, attribute)
    trend = release.cell("cross_group_trend", slice_, attribute)
    rows = series_rows(series, release.periods)
    return Picture(
        key="trend",
        finding=trend_finding(series, trend, name),
        how_to_read=(
            f"How often people meet outside their own {name}, quarter by quarter. Grey: the range "
            f"of 95 in 100 lotteries among the people available. Bars: 95 % interval. {COLOURS}"
        ),
        spec=ratio_over_time(ratio_ticks(rows), names_in_order(rows), gaps_in(rows), mode()),
        rows=rows,
        cells=series,
        names={key: period.label for key, period in release.periods.items()},
        by="period",
        against=AGAINST_LOTTERY,
        behind=_behind(release, slice_, attribute),
        note=trend_note(trend),
    )


def _groups(
    release: Release, attribute: str, cells: tuple[Cell, ...], name: str, behind: str
) -> Picture:
    groups = release.groups(attribute)
    names = {key: group.label for key, group in groups.items()}
    rows = group_rows(cells, {key: group.short for key, group in groups.items()})
    return Picture(
        key="groups",
        finding=group_finding(cells, release, attribute),
        how_to_read=(
            f"How often each group meets outside its own {name}. Grey: the range of 95 in 100 "
            f"lotteries for that group; small groups have wide ranges. {COLOURS}"
        ),
        spec=ratio_by_group(ratio_ticks(rows), len(rows), gaps_in(rows), mode()),
        rows=rows,
        cells=cells,
        names=names,
        by="group",
        against=AGAINST_LOTTERY,
        behind=behind,
        note=WHOLE_TIME,
    )


def _pairs(
    release: Release, attribute: str, cells: tuple[Cell, ...], name: str, behind: str
) -> Picture:
    groups = release.groups(attribute)
    names = {
        cell.group: " with ".join(groups[key].label for key in cell.group.split("|"))
        for cell in cells
    }
    order = tuple(axis_name(group.short) for group in groups.values())
    numbers = " The numbers are in the table below." if len(order) > MOST_NUMBERS else ""
    return Picture(
        key="pairs",
        finding=pair_finding(cells),
        how_to_read=(
            f"Pairings of each two groups by {name}, in per cent more or less than a lottery "
            "gives; the diagonal is within a group. Colour and arrow only beyond noise, after "
            f"allowing for the number of cells.{numbers}"
        ),
        spec=ratio_matrix(order, mode()),
        rows=matrix_rows(cells, groups),
        cells=cells,
        names=names,
        by="group",
        against=AGAINST_LOTTERY,
        behind=behind,
        note=WHOLE_TIME,
    )
