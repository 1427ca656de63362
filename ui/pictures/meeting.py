"""The pictures of who meets whom: the trend, the groups, and the pairs of groups."""

from __future__ import annotations

from charts.ratios import MOST_NUMBERS, ratio_by_group, ratio_matrix, ratio_over_time
from charts.rows import (
    axis_name,
    gaps_in,
    group_rows,
    matrix_rows,
    names_in_order,
    pair_rows,
    ratio_ticks,
    series_rows,
)
from release import Cell, Release
from release.contents import WHOLE
from ui.answers import (
    across,
    group_finding,
    is_between,
    pair_finding,
    ranking_finding,
    trend_finding,
    trend_note,
    whole,
)
from ui.frame import Picture, mode
from ui.words import AGAINST_LOTTERY

COLOURS = (
    "▲ above and ▼ below a lottery, ● within noise. The verdict allows for many looks at once; "
    "a bar may still touch the grey."
)
PAIR_HEIGHT = 36
WHOLE_TIME = "All quarters together, so that nobody is singled out"


def trend_picture(release: Release, attribute: str, slice_: str) -> list[Picture]:
    """Return the ratio quarter by quarter, where quarters are published."""
    picture = _trend(release, attribute, slice_, across(release, attribute))
    return [picture] if picture.cells else []


def trend_and_group_pictures(release: Release, attribute: str, slice_: str) -> list[Picture]:
    """Return the trend beside the ranked groups, each where it is published."""
    groups = release.by_group("cross_group_ratio", slice_, attribute)
    found = trend_picture(release, attribute, slice_)
    return found + ([_groups(release, attribute, slice_, groups)] if groups else [])


def pair_pictures(release: Release, attribute: str, slice_: str) -> list[Picture]:
    """Return the group by group table beside the ranked pairs of two groups."""
    cells = release.by_group("group_pair_ratio", slice_, attribute)
    pictures = [_table_of_pairs(release, attribute, slice_, cells)] if cells else []
    between = tuple(cell for cell in cells if is_between(cell))
    # one pair alone has no rank
    ranked = len(between) > 1
    return pictures + ([_ranked_pairs(release, attribute, slice_, between)] if ranked else [])


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


def _groups(release: Release, attribute: str, slice_: str, cells: tuple[Cell, ...]) -> Picture:
    groups = release.groups(attribute)
    rows = group_rows(cells, {key: group.short for key, group in groups.items()})
    return Picture(
        key="groups",
        finding=group_finding(cells, release, attribute),
        how_to_read=(
            f"How often each group meets outside its own {across(release, attribute)}. Grey: the "
            "range of 95 in 100 lotteries for that group; small groups have wide ranges. "
            f"{COLOURS}"
        ),
        spec=ratio_by_group(ratio_ticks(rows), len(rows), gaps_in(rows), mode()),
        rows=rows,
        cells=cells,
        names={key: group.label for key, group in groups.items()},
        by="group",
        against=AGAINST_LOTTERY,
        behind=_behind(release, slice_, attribute),
        note=WHOLE_TIME,
    )


def _names_of_pairs(release: Release, attribute: str, cells: tuple[Cell, ...]) -> dict[str, str]:
    groups = release.groups(attribute)
    return {
        cell.group: " with ".join(groups[key].label for key in cell.group.split("|"))
        for cell in cells
    }


def _table_of_pairs(
    release: Release, attribute: str, slice_: str, cells: tuple[Cell, ...]
) -> Picture:
    groups = release.groups(attribute)
    order = tuple(axis_name(group.short) for group in groups.values())
    numbers = " The numbers are in the table below." if len(order) > MOST_NUMBERS else ""
    return Picture(
        key="pairs",
        finding=pair_finding(cells),
        how_to_read=(
            f"Pairings of each two groups by {across(release, attribute)}, in per cent more or "
            "less than a lottery gives; the diagonal is within a group. Colour and arrow only "
            f"beyond noise, after allowing for the number of cells.{numbers}"
        ),
        spec=ratio_matrix(order, mode()),
        rows=matrix_rows(cells, groups),
        cells=cells,
        names=_names_of_pairs(release, attribute, cells),
        by="group",
        against=AGAINST_LOTTERY,
        behind=_behind(release, slice_, attribute),
        note=WHOLE_TIME,
    )


def _ranked_pairs(
    release: Release, attribute: str, slice_: str, cells: tuple[Cell, ...]
) -> Picture:
    rows = pair_rows(cells, release.groups(attribute))
    more = (
        f" The {len(rows)} that say most; all are in the table." if len(rows) < len(cells) else ""
    )
    return Picture(
        key="ranked_pairs",
        finding=ranking_finding(cells, release.groups(attribute)),
        how_to_read=(
            "The same pairs of two groups in order, with their 95 % interval. Grey: the range of "
            f"95 in 100 lotteries for that pair. {COLOURS}{more}"
        ),
        spec=ratio_by_group(ratio_ticks(rows), len(rows), gaps_in(rows), mode(), PAIR_HEIGHT),
        rows=rows,
        cells=cells,
        names=_names_of_pairs(release, attribute, cells),
        by="group",
        against=AGAINST_LOTTERY,
        behind=_behind(release, slice_, attribute),
        note=WHOLE_TIME,
    )
