"""Connection: do people meet across groups more than a lottery would give, and which groups."""

from __future__ import annotations

import streamlit as st

from access import Viewer
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
from ui.answers import (
    NOTHING_PUBLISHED,
    across,
    connection_sentence,
    exceptions,
    group_finding,
    is_finding,
    pair_finding,
    people_of,
    trend_finding,
    trend_note,
    whole,
)
from ui.controls import choose_attribute, choose_period, choose_slice
from ui.frame import Picture, answer, mode, page, show, span, standing
from ui.words import AGAINST_LOTTERY, badge, capital, safe, verdict_words

QUESTION = "Do people meet across groups more than a lottery would give?"
COLOURS = (
    "▲ above and ▼ below a lottery, ● within noise. The verdict allows for many looks at once; "
    "a bar may still touch the grey."
)
WHOLE_TIME = "All quarters together, so that nobody is singled out"
ONLY_TOTAL = (
    "Quarters and groups are published for the whole organisation and its programmes; of a cohort, "
    "its value over all quarters only."
)


def render(release: Release, viewer: Viewer) -> None:
    """Show the page."""
    with page(QUESTION, release):
        said = st.container()
        with st.container(key="controls"), st.grid(3, min_column_width=200):
            attribute = choose_attribute(release)
            slice_ = choose_slice(release)
            period = choose_period(release)
        with said:
            _answer(release, attribute, slice_, period)
        if attribute is None:
            return
        name = across(release, attribute)
        trend = _trend(release, attribute, slice_, name)
        pictures = _by_group(release, attribute, slice_, name)
        if trend.cells:
            show(trend, release)
        with st.grid(2, min_column_width=340, gap="large"):
            for picture in pictures:
                show(picture, release)
        if not trend.cells and not pictures:
            st.caption(ONLY_TOTAL)
        _switched_off(release)


def _answer(release: Release, attribute: str | None, slice_: str, period: str) -> None:
    if attribute is None:
        answer(NOTHING_PUBLISHED, standing(release))
        return
    ratio = whole(release, "cross_group_ratio", slice_, attribute, period)
    share = whole(release, "cross_group_share", slice_, attribute, period)
    sentence = connection_sentence(ratio, release, people_of(release, slice_, period))
    if is_finding(ratio):
        # the pairs of groups are known for all quarters together only
        pairs = release.by_group("group_pair_ratio", slice_, attribute, period)
        sentence = f"{sentence}.{exceptions(pairs, release.groups(attribute))}"
    covers_all = period == WHOLE and not slice_.startswith("cohort=")
    when = [badge(span(release))] if covers_all and span(release) else []
    answer(sentence, [*_badges(ratio), *when, *standing(release)])
    if share is not None and ratio is not None:
        _detail(share, ratio, release)


def _badges(ratio: Cell | None) -> list[str]:
    if ratio is None:
        return [badge("not in the catalogue")]
    words = verdict_words(ratio, AGAINST_LOTTERY)
    badges = [badge(words, ratio.verdict)] if words else []
    return [*badges, badge(ratio.behind)] if ratio.behind else badges


def _detail(share: Cell, ratio: Cell, release: Release) -> None:
    """Say the share and what a lottery gives in full, and how much of it is known."""
    with st.container(key="prose_share"):
        st.markdown(" ".join([safe(share.sentence), *_left_out(share.breakdown, release)]))


def _left_out(attribute: str, release: Release) -> list[str]:
    """Say whom the numbers on an attribute do not cover."""
    scope, name = release.breakdowns[attribute], across(release, attribute)
    words = []
    if scope.coverage:
        words.append(
            f"In {scope.coverage} of all pairings the {name} of both people is known; "
            "the others are left out."
        )
    if scope.left_out:
        least = release.about["minimum_people"]
        words.append(f"Also left out: {safe(scope.left_out)}, fewer than {least} people.")
    return words


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


def _switched_off(release: Release) -> None:
    """Say which attributes are known but not shown, and why."""
    for scope in release.breakdowns.values():
        if scope.note:
            st.caption(f"**{safe(capital(scope.label))}** is not shown. {safe(scope.note)}")
