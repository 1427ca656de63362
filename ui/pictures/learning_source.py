"""Pictures of where people learn: now, over time, and by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from charts.leftout import dots_by_group, linear_ticks
from charts.rows import axis_name, gaps_in, group_rows
from charts.surveys import bar_rows, line_rows, line_ticks, share_bars, shares_over_time
from release import Cell, Release
from ui.answers import across
from ui.frame import Picture, mode
from ui.words import safe

SHARE, PART, REFERENCE, ABOUT = (
    "learning_source_share", "learning_source", "learning_source_reference", "about",
)  # fmt: skip
PEERS = "peers"
AGAINST_FIRST = {
    "above": "more than at first",
    "below": "less than at first",
    "noise": "within noise",
}


def learning_source_pictures(release: Release, slice_: str, attribute: str | None) -> list[Picture]:
    """Return where people learn at the last wave, wave by wave, and by group, where published."""
    lines = answers_by_wave(release, slice_)
    if not lines:
        return []
    pictures = [_now(release, slice_, lines)]
    if max(len(cells) for cells in lines.values()) > 1:
        pictures.append(_over_time(release, lines))
    return pictures + (_by_group(release, slice_, attribute) if attribute else [])


def answers_by_wave(release: Release, slice_: str) -> dict[str, list[Cell]]:
    """Return the cells of each answer, in order of time."""
    found = {
        code: [
            cell
            for when in moments(release)
            for cell in [release.cell(SHARE, slice_, PART, code, when)]
            if cell is not None
        ]
        for code in release.groups(PART)
    }
    return {code: cells for code, cells in found.items() if cells}


def moments(release: Release) -> dict[str, str]:
    """Return the names of waves and quarters by key, in order of time."""
    waves = {key: group.label for key, group in release.groups("wave").items()}
    return waves | {key: period.label for key, period in release.periods.items()}


def _names(release: Release) -> dict[str, str]:
    return {code: group.label for code, group in release.groups(PART).items()}


def _now(release: Release, slice_: str, lines: Mapping[str, Sequence[Cell]]) -> Picture:
    cells = [shown[-1] for shown in lines.values()]
    other = release.groups(REFERENCE)
    landmarks = {code: float(group.short) for code, group in other.items() if code != ABOUT}
    title = other[ABOUT].short if other else ""
    rows = bar_rows(cells, _names(release), landmarks, "index")
    when = moments(release)[cells[0].period]
    tick = f" Upright tick: {safe(title)}, a landmark, not a target." if other else ""
    return Picture(
        key="learning_source",
        finding=source_finding(release, lines),
        how_to_read=(
            f"What people answered, {safe(when)}, with 95 % interval. ▲ more and ▼ less than at "
            f"the first wave beyond noise, ● within noise.{tick}"
        ),
        spec=share_bars(len(rows), gaps_in(rows), mode()),
        rows=rows,
        cells=cells,
        names=_names(release),
        by="group",
        against=AGAINST_FIRST,
        behind=_behind(release, slice_, cells),
        note=safe(other[ABOUT].label) if other else "",
    )


def _behind(release: Release, slice_: str, cells: Sequence[Cell]) -> str:
    """Return the people behind the answers, and how many of those who take part they are."""
    behind = next((cell.behind for cell in cells if cell.is_drawn), "")
    return "; ".join(filter(None, (behind, answered(release, slice_, cells[0].period))))


def answered(release: Release, slice_: str, period: str) -> str:
    """Return how many of those who take part answered at a wave."""
    rate = release.cell("survey_response_rate", slice_, "none", period=period)
    return f"{safe(rate.printed)} of those who take part answered" if rate and rate.is_drawn else ""


def source_finding(release: Release, lines: Mapping[str, Sequence[Cell]]) -> str:
    """Return how "more from peers" moved, or else the most frequent answer."""
    last = {code: cells[-1] for code, cells in lines.items() if cells[-1].is_drawn}
    if not last:
        return "Too few answered to say where people learn"
    peers, first = last.get(PEERS), lines.get(PEERS, [None])[0]
    if peers is None or first is None:
        code = max(last, key=lambda key: last[key].estimate or 0.0)
        return f"Most frequent answer: {_answer(release, code)}, {safe(last[code].printed)}"
    if peers.verdict in ("above", "below") and first.is_drawn:
        way = "rises" if peers.verdict == "above" else "falls"
        span = f"from {safe(first.printed)} to {safe(peers.printed)}"
        return f"{_answer(release, PEERS)} {way} {span}"
    still = ", no change beyond noise" if peers.verdict == "noise" else ""
    return f"{safe(peers.printed)} learn more from peers{still}"


def _answer(release: Release, code: str) -> str:
    return f"\u201c{safe(_names(release)[code])}\u201d"


def _over_time(release: Release, lines: Mapping[str, Sequence[Cell]]) -> Picture:
    # a table tells its rows apart by period, so it can hold one answer only
    told = PEERS if PEERS in lines else next(iter(lines))
    cells = lines[told]
    whens = moments(release)
    seen = [key for key in whens if any(cell.period == key for cell in cells)]
    rows = line_rows(
        lines, whens, {code: _last_words(name) for code, name in _names(release).items()}
    )
    periods = tuple(axis_name(whens[key]) for key in seen)
    names = {key: whens[key] for key in seen}
    return Picture(
        key="learning_source_trend",
        finding=trend_of_answers(release, lines),
        how_to_read=(
            "Share of each answer, wave by wave, with 95 % interval. ▲ more and ▼ less than at the "
            "first wave beyond noise, ● within noise. "
            f"The table is that of {_answer(release, told)}."
        ),
        spec=shares_over_time(line_ticks(rows), periods, gaps_in(rows), mode()),
        rows=rows,
        cells=cells,
        names=names,
        by="period",
        against=AGAINST_FIRST,
        note="Mostly the same people answer again; the comparison is on the careful side",
    )


def _last_words(name: str) -> str:
    """Return an answer without what all of them begin with: "From peers" of "More from peers"."""
    return name.removeprefix("More ").removeprefix("From ").removeprefix("from ").capitalize()


def trend_of_answers(release: Release, lines: Mapping[str, Sequence[Cell]]) -> str:
    """Return which answers gave way to which, in at most 14 words."""
    last = {code: cells[-1] for code, cells in lines.items() if cells[-1].is_drawn}
    if not last:
        return "No wave can be shown here"
    moved = {way: [code for code in last if last[code].verdict == way] for way in AGAINST_FIRST}
    if not moved["above"] and not moved["below"]:
        return "Where people learn does not move beyond noise"
    if moved["above"] and moved["below"]:
        up, down = moved["above"][0], moved["below"][0]
        return f"{_answer(release, up)} gains, {_answer(release, down)} loses"
    way, verb = ("above", "gains") if moved["above"] else ("below", "loses")
    return f"{_answer(release, moved[way][0])} {verb} since the first wave"


def _by_group(release: Release, slice_: str, attribute: str) -> list[Picture]:
    cut = f"{PART}.{attribute}"
    names = {f"{PEERS}.{key}": group.label for key, group in release.groups(attribute).items()}
    shown = (
        [
            cell
            for key in names
            for cell in [release.cell(SHARE, slice_, cut, key, when)]
            if cell is not None
        ]
        for when in reversed(moments(release))
    )
    cells = next((found for found in shown if found), [])
    if not cells:
        return []
    rows = group_rows(cells, names)
    drawn = [cell for cell in cells if cell.is_drawn]
    return [
        Picture(
            key="learning_source_groups",
            finding=groups_finding(drawn, names, across(release, attribute)),
            how_to_read=(
                f"People who learn more from peers, by {across(release, attribute)}, "
                f"{safe(moments(release)[cells[0].period])}, with 95 % interval."
            ),
            spec=dots_by_group(
                linear_ticks(rows, "share"), len(rows), gaps_in(rows), "share", mode()
            ),
            rows=rows,
            cells=cells,
            names=names,
            by="group",
            against=AGAINST_FIRST,
            note="Intervals of groups that lie apart tell a difference; others do not",
        )
    ]


def groups_finding(drawn: Sequence[Cell], names: Mapping[str, str], name: str) -> str:
    """Return whether any two groups lie apart by their intervals."""
    if not drawn:
        return f"No {name} can be shown by itself here"
    top = max(drawn, key=lambda cell: cell.estimate or 0.0)
    least = min(drawn, key=lambda cell: cell.estimate or 0.0)
    if (top.low or 0.0) > (least.high or 0.0):
        return f"More from peers in {safe(names[top.group])} than in {safe(names[least.group])}"
    return f"No {name} learns from peers more than another beyond noise"
