"""Pictures of inclusion, psychological safety, feedback after conversations, and allies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from charts.growth import NO_DIFFERENCE, Panel, slope_rows, slopes
from charts.rows import axis_name, gaps_in
from charts.surveys import line_rows, line_ticks, shares_over_time
from release import Cell, Release
from ui.answers import across
from ui.frame import Picture, mode
from ui.pictures.learning_source import AGAINST_FIRST, answered, moments
from ui.pictures.point_changes import points_picture
from ui.pictures.skills import spelt
from ui.pictures.spread import spread_pictures
from ui.words import AGAINST_NO_CHANGE, safe

SCALE, CHANGE, FEEDBACK, DIFFERENCE, ALLY = (
    "scale", "scale_change", "feedback", "feedback_difference", "ally_share",
)  # fmt: skip
LEVELS = ("psychological_safety", "inclusion_score", "scale_score")
AGAINST_OWN = {
    "above": "higher across groups",
    "below": "lower across groups",
    "noise": "within noise",
}
SAFETY = "psychological_safety"
MOST_PANELS = 12


def survey_pictures(release: Release, slice_: str, attribute: str | None) -> list[Picture]:
    """Return scales, how they spread, groups, and allies, where published."""
    groups = [] if attribute is None else _groups(release, slice_, attribute)
    return [
        *_scales(release, slice_),
        *spread_pictures(release, slice_, attribute),
        *groups,
        *_allies(release, slice_),
    ]


def _names(release: Release, breakdown: str) -> dict[str, str]:
    return {key: group.label for key, group in release.groups(breakdown).items()}


def levels(release: Release, slice_: str, breakdown: str, group: str) -> list[Cell]:
    """Return the levels of a scale, wave by wave."""
    return [
        cell
        for when in moments(release)
        for measure in LEVELS
        for cell in [release.cell(measure, slice_, breakdown, group, when)]
        if cell is not None
    ]


def _scales(release: Release, slice_: str) -> list[Picture]:
    changes = release.by_group(CHANGE, slice_, SCALE)
    if not changes:
        return []
    names = _names(release, SCALE)
    panels = [
        Panel(
            name=release.groups(SCALE)[cell.group].short,
            change=cell,
            levels=levels(release, slice_, SCALE, cell.group),
            beside=[],
            scale=_range(release, cell.group),
        )
        for cell in changes[:MOST_PANELS]
    ]
    rows = slope_rows(panels)
    drawn = any(row["kind"] != "name" for row in rows)
    last = next((panel.levels[-1] for panel in panels if panel.levels), None)
    return [
        Picture(
            key="scales",
            finding=scales_finding(changes, names, panels),
            how_to_read=(
                "Mean score of a scale, wave by wave, with 95 % interval, drawn alike for all. The "
                "number is the change of the people who answered first and last: ▲ up and ▼ down "
                "beyond noise, ● within noise."
            ),
            spec=slopes(len(panels), mode()) if drawn else {},
            rows=rows if drawn else [],
            cells=changes,
            names=names,
            by="group",
            against=AGAINST_NO_CHANGE,
            behind=answered(release, slice_, last.period) if last else "",
            note=" · ".join(filter(None, (_outside(release, slice_), *_reliable(release, names)))),
        )
    ]


def _range(release: Release, scale: str) -> tuple[float, float]:
    low, _, high = release.groups("scale_range")[scale].label.partition(" to ")
    return float(low), float(high)


def scales_finding(
    changes: Sequence[Cell], names: Mapping[str, str], panels: Sequence[Panel] = ()
) -> str:
    """Return which scale moves most beyond noise, in at most 14 words."""
    drawn = [cell for cell in changes if cell.is_drawn]
    if not drawn:
        if any(cell.is_drawn for panel in panels for cell in panel.levels):
            return "Levels only: too few answered twice to tell a change"
        if any(cell.status == "undefined" for cell in changes):
            return "Nobody answered enough of the questions"
        return "Too few answered to show a scale"
    beyond = [cell for cell in drawn if cell.verdict in ("above", "below")]
    if not beyond:
        only = f"{safe(names[drawn[0].group])} does not move" if len(drawn) == 1 else ""
        return only or "No scale moves beyond noise"
    most = max(beyond, key=lambda cell: abs(cell.estimate or 0.0))
    way = "rises" if most.verdict == "above" else "falls"
    size = safe(most.printed.lstrip("+\u2212±"))
    alone = len(beyond) == 1 and len(drawn) > 1
    rest = "; nothing else moves" if alone else ""
    return f"{safe(names[most.group])} {way} by {size}{rest}"


def _outside(release: Release, slice_: str) -> str:
    """Return the change of those who take part in nothing, for the scale that stands first."""
    cell = release.cell(CHANGE, slice_, f"{SCALE}.outside", f"{SAFETY}.outside")
    if cell is None or not cell.is_drawn:
        return ""
    return f"Psychological safety among people who take part in nothing: {safe(cell.printed)}"


def _reliable(release: Release, names: Mapping[str, str]) -> list[str]:
    """Return how reliable each scale is, or what is wrong with its data."""
    said = []
    for scale, name in names.items():
        alpha = release.cell("scale_alpha", "organisation", SCALE, scale)
        omega = release.cell("scale_omega", "organisation", SCALE, scale)
        if alpha is None:
            continue
        if alpha.is_drawn:
            also = f", omega {omega.printed}" if omega and omega.is_drawn else ""
            said.append(f"{safe(name)}: alpha {alpha.printed} ({safe(alpha.interval)}){also}")
        elif alpha.status == "undefined" and "data error" in alpha.reason:
            said.append(f"{safe(name)}: {safe(alpha.reason)}")
    return said


def _groups(release: Release, slice_: str, attribute: str) -> list[Picture]:
    cut = f"{SCALE}.{attribute}"
    scale = next(iter(release.groups(SCALE)), SAFETY)
    groups = _names(release, attribute)
    names = {f"{scale}.{key}": label for key, label in groups.items()}
    found = (release.cell(CHANGE, slice_, cut, key) for key in names)
    cells = [cell for cell in found if cell is not None]
    if not cells:
        return []
    title = safe(_names(release, SCALE).get(scale, scale))
    return [
        points_picture(
            cells,
            names,
            key="scale_groups",
            finding=scale_groups_finding(cells, names, title),
            how_to_read=(
                f"{title} by {across(release, attribute)}: change in points of the people who "
                "answered first and last, with 95 % interval. ▲ up and ▼ down beyond noise, ● "
                "within noise."
            ),
            note="Each group is held against no change, not against the other groups",
        )
    ]


def scale_groups_finding(cells: Sequence[Cell], names: Mapping[str, str], title: str) -> str:
    """Return in how many groups a scale moves."""
    drawn = [cell for cell in cells if cell.is_drawn]
    if not drawn:
        return f"{title} cannot be shown for any group here"
    up = [cell for cell in drawn if cell.verdict == "above"]
    down = [cell for cell in drawn if cell.verdict == "below"]
    if not up and not down:
        return f"{title} moves in no group beyond noise"
    moved, way = (up, "rises") if up else (down, "falls")
    if len(moved) == 1:
        return f"{title} {way} for {safe(names[moved[0].group])} only"
    if len(moved) == len(drawn):
        return f"{title} {way} in every group shown"
    return f"{title} {way} in {spelt(len(moved))} of {spelt(len(drawn))} groups"


def feedback_pictures(release: Release, slice_: str, attribute: str | None) -> list[Picture]:
    """Return what people say after conversations across groups, beside those within."""
    if attribute is None:
        return []
    cells = release.by_group(DIFFERENCE, slice_, f"{FEEDBACK}.{attribute}")
    if not cells:
        return []
    names, name = _names(release, FEEDBACK), across(release, attribute)
    behind = next((f"About {cell.behind} with both kinds" for cell in cells if cell.is_drawn), "")
    return [
        points_picture(
            cells,
            names,
            key="feedback",
            finding=feedback_finding(cells, names, name),
            how_to_read=(
                f"The same people after conversations outside their own {name}, against within it, "
                "in points, with 95 % interval. ▲ higher and ▼ lower across beyond noise, ● "
                "within noise."
            ),
            against=AGAINST_OWN,
            at_zero=NO_DIFFERENCE,
            behind=behind,
            note="Whom people met and about what may differ as well",
        )
    ]


def feedback_finding(cells: Sequence[Cell], names: Mapping[str, str], name: str) -> str:
    """Return which question is answered otherwise after conversations across groups."""
    drawn = [cell for cell in cells if cell.is_drawn]
    if not drawn:
        return f"Too few people met both within and across {name}"
    beyond = [cell for cell in drawn if cell.verdict in ("above", "below")]
    if not beyond:
        return f"Conversations across {name} are rated like those within"
    most = max(beyond, key=lambda cell: abs(cell.estimate or 0.0))
    way = "higher" if most.verdict == "above" else "lower"
    return f"\u201c{safe(names[most.group])}\u201d is rated {way} across {name}"


def _allies(release: Release, slice_: str) -> list[Picture]:
    whens = moments(release)
    found = (release.cell(ALLY, slice_, "none", period=when) for when in whens)
    cells = [cell for cell in found if cell is not None and cell.period != "all"]
    if not cells:
        return []
    rows = line_rows({"": cells}, whens, {})
    seen = {cell.period: whens[cell.period] for cell in cells}
    none = release.cell("ally_no_occasion_share", slice_, "none")
    apart = f"No occasion: {safe(none.printed)} of answers" if none and none.is_drawn else ""
    return [
        Picture(
            key="allies",
            finding=ally_finding(cells),
            how_to_read=(
                "Yes among yes and no to speaking up for others, with 95 % interval. ▲ more and ▼ "
                "less than in the first period beyond noise, ● within noise."
            ),
            spec=shares_over_time(
                line_ticks(rows), tuple(axis_name(name) for name in seen.values()),
                gaps_in(rows), mode(),
            ),
            rows=rows,
            cells=cells,
            names=seen,
            by="period",
            against=AGAINST_FIRST,
            note=apart,
        )
    ]  # fmt: skip


def ally_finding(cells: Sequence[Cell]) -> str:
    """Return the last share, and whether it moved since the first."""
    last = next((cell for cell in reversed(cells) if cell.is_drawn), None)
    if last is None:
        return "Too few answered to say who speaks up"
    moved = {"above": ", more than at first", "below": ", less than at first"}
    still = ", no change beyond noise" if last.verdict == "noise" else ""
    return f"{safe(last.printed)} say that they speak up{moved.get(last.verdict, still)}"
