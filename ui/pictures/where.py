"""Pictures of where connection happens: by mode, topic and distance, and by unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from charts.leftout import DRAWN_NUMBERS, dots_by_group, linear_ticks
from charts.ratios import ratio_by_group
from charts.rows import gaps_in, group_rows, ratio_ticks
from charts.where import unit_rows, units
from release import Cell, Release
from ui.answers import across
from ui.frame import Picture, mode
from ui.words import AGAINST_LOTTERY, capital, safe

ORGANISATION = "organisation"
UNIT_MEASURES = ("team_mix", "team_reach")
KINDS = {
    "mode": "in each mode",
    "topic": "in each topic",
    "distance": "at each distance between clocks",
}
UNIT = "unit"
KIND_NAMES = {"mode": "Mode", "topic": "Topic", "distance": "Hours apart"}
EVERYWHERE = {"mode": "In every mode", "topic": "On every topic", "distance": "At every distance"}
IN_PLACE = {
    "online": "Online", "in_person": "In person", "phone": "By phone", "hybrid": "Hybrid",
    "hours_0": "Without a time difference",
}  # fmt: skip
PLANS = {
    "online": "Online plans", "in_person": "In-person plans", "phone": "Plans to phone",
    "hybrid": "Hybrid plans", "hours_0": "Plans without a time difference",
}  # fmt: skip
AGAINST_ALL = {
    "above": "above all together",
    "below": "below all together",
    "noise": "within noise",
}
AGAINST_MIX = {
    "above": "more mixed than expected",
    "below": "less mixed than expected",
    "noise": "within noise",
}
HALF_A_SQUARE = 0.03
"""Half the side of a square, as a part of the width of a chart on a phone."""
NO_NUMBER = dict.fromkeys(DRAWN_NUMBERS)
COLOURS = "▲ above and ▼ below a lottery, ● within noise."
PLACES_DIFFER = (
    "Programmes differ both in distance and in how many meet: look at one programme to keep them "
    "apart"
)
CHOSEN = "People choose where and about what they talk; a difference does not say why"


def where_kinds(release: Release, attribute: str, slice_: str) -> dict[str, str]:
    """Return by what one can ask where people meet, with names as a choice shows them."""
    crossing = release.by_group("cross_group_ratio_by_place", slice_, attribute)
    found = {
        kind: name
        for kind, name in KIND_NAMES.items()
        if _of_kind(crossing, kind) or _planned(release, slice_, kind)
    }
    unit = _unit_kind(release, attribute, slice_)
    return found | ({UNIT: capital(release.breakdowns[unit].label)} if unit else {})


def where_pictures(
    release: Release, attribute: str, slice_: str, kind: str | None
) -> list[Picture]:
    """Return crossing and completion by one kind of place, or the units of the organisation."""
    if kind is None:
        return []
    if kind == UNIT:
        found = [_units(release, attribute, slice_)]
    else:
        found = [_places(release, attribute, slice_, kind), _completion(release, slice_, kind)]
    return [picture for picture in found if picture is not None]


def _of_kind(cells: Sequence[Cell], kind: str) -> tuple[Cell, ...]:
    return tuple(cell for cell in cells if cell.group.partition("=")[0] == kind)


def _code(cell: Cell) -> str:
    return cell.group.partition("=")[2] or cell.group


def _labels(release: Release, cells: Sequence[Cell], kind: str) -> dict[str, str]:
    """Return the names of places or units by the group of their cells."""
    groups = release.groups(kind)
    return {cell.group: groups[_code(cell)].label for cell in cells}


def _places(release: Release, attribute: str, slice_: str, kind: str) -> Picture | None:
    cells = _of_kind(release.by_group("cross_group_ratio_by_place", slice_, attribute), kind)
    if not cells:
        return None
    name, labels = across(release, attribute), _labels(release, cells, kind)
    rows = group_rows(cells, labels, ranked=kind != "distance")
    return Picture(
        key=f"where_{kind}",
        finding=place_finding(cells, labels, kind, name),
        how_to_read=(
            f"How often pairings cross {name} {KINDS[kind]}, against a lottery in the same "
            f"rounds. Grey: the range of 95 in 100 lotteries. {COLOURS}"
        ),
        spec=ratio_by_group(ratio_ticks(rows), len(rows), gaps_in(rows), mode()),
        rows=rows,
        cells=cells,
        names=labels,
        by="group",
        against=AGAINST_LOTTERY,
        note=_place_note(release, slice_, kind),
    )


def measured(release: Release) -> str:
    """Return how distance is measured, and in how many plans it is known; empty without any."""
    by, known = (release.about.get(name, "") for name in ("distance_by", "distance_known"))
    if not by:
        return ""
    told = f", known in {known} of planned pairings" if known else ""
    return (
        f"Hours between the two clocks furthest apart, by {across(release, by)}{told}. A group "
        "that lives in one place crosses more over a distance, whatever people choose"
    )


def distance_words(release: Release, attribute: str) -> str:
    """Return why crossing by distance is not shown, where it is not."""
    by = release.about.get("distance_by", "")
    if not by:
        return (
            "No location, or other property, has a time zone, so distance in hours cannot be "
            "shown. The column tz of attribute_value_def is the place for it."
        )
    if by == attribute:
        name = across(release, by)
        return f"Crossing by distance is not shown for {name}: {name} itself says how far apart."
    return ""


def place_finding(cells: Sequence[Cell], labels: dict[str, str], kind: str, name: str) -> str:
    """Return in which modes, or on which topics, pairings cross more or less than by lottery."""
    drawn = [cell for cell in cells if cell.is_drawn]
    if not drawn:
        hidden = any(cell.is_hidden for cell in cells)
        return f"Crossing by {kind} is {'hidden' if hidden else 'not defined'} here"
    more, less = (
        _place_phrase([cell for cell in drawn if cell.verdict == verdict], drawn, labels, kind)
        for verdict in ("above", "below")
    )
    if more and less:
        return f"{more}, pairings cross {name} more than by lottery; {_lower(less)}, less"
    if not more and not less:
        return f"No {kind} differs from a lottery beyond noise"
    return f"{more or less}, pairings cross {name} {'more' if more else 'less'} than by lottery"


def _place_phrase(
    chosen: Sequence[Cell], drawn: Sequence[Cell], labels: dict[str, str], kind: str
) -> str:
    """Return "Online", "On Skills", "On every topic" or "On Skills and 2 other topics"."""
    if not chosen:
        return ""
    if len(chosen) == len(drawn) > 1:
        return EVERYWHERE[kind]
    first = chosen[0]
    label = safe(labels[first.group])
    words = f"On {label}" if kind == "topic" else IN_PLACE.get(_code(first), label)
    if len(chosen) == 1:
        return words
    others = len(chosen) - 1
    return f"{words} and {others} other {kind}{'s' if others > 1 else ''}"


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _planned(release: Release, slice_: str, kind: str) -> tuple[Cell, ...]:
    """Return how many plans met by place; nothing where no place has a number."""
    cells = release.by_group("completion_by_place", slice_, kind)
    return cells if any(cell.is_drawn or cell.is_hidden for cell in cells) else ()


def _completion(release: Release, slice_: str, kind: str) -> Picture | None:
    cells = _planned(release, slice_, kind)
    if not cells:
        return None
    labels = _labels(release, cells, kind)
    rows = group_rows(cells, labels, ranked=kind != "distance")
    return Picture(
        key=f"completion_{kind}",
        finding=completion_finding(cells, labels, kind),
        how_to_read=(
            f"Pairings whose first conversation was planned {KINDS[kind]}: the share that "
            "met in the end. Tick: all together; grey: the range noise alone allows. "
            "▲ above and ▼ below, ● within noise."
        ),
        spec=dots_by_group(linear_ticks(rows, "share"), len(rows), gaps_in(rows), "share", mode()),
        rows=rows,
        cells=cells,
        names=labels,
        by="group",
        against=AGAINST_ALL,
        note=PLACES_DIFFER if kind == "distance" and slice_ == ORGANISATION else "",
    )


def _place_note(release: Release, slice_: str, kind: str) -> str:
    """Return how distance is measured; else what choosing means, and why no plans are told of."""
    if kind == "distance":
        return measured(release)
    cells = release.by_group("completion_by_place", slice_, kind)
    if not cells or any(cell.status != "undefined" for cell in cells):
        return CHOSEN
    return f"{CHOSEN} · Which plans take place is not defined: {safe(cells[0].reason)}"


def completion_finding(cells: Sequence[Cell], labels: dict[str, str], kind: str) -> str:
    """Return which plans take place more, or less, often than all together."""
    for verdict, how in (("above", "more"), ("below", "less")):
        found = [cell for cell in cells if cell.verdict == verdict]
        if found:
            first = max(found, key=lambda cell: abs((cell.estimate or 0) - (cell.expected or 0)))
            label = safe(labels[first.group])
            label = f"Plans on {label}" if kind == "topic" else f"Plans {_lower(label)}"
            plans = label if kind == "topic" else PLANS.get(_code(first), label)
            return f"{plans} take place {how} often, {safe(first.printed)} of the time"
    if not any(cell.is_drawn for cell in cells):
        return f"Which plans take place by {kind} cannot be shown here"
    return f"Plans take place about as often {_lower(EVERYWHERE[kind])}"


def _unit_kind(release: Release, attribute: str, slice_: str) -> str:
    """Return the unit attribute of which there is most to say; organisation only."""
    if slice_ != ORGANISATION:
        return ""
    mix, reach = (release.by_group(key, slice_, attribute) for key in UNIT_MEASURES)
    kinds = list(dict.fromkeys(cell.group.partition("=")[0] for cell in mix))
    most = [_most_said(_of_kind(mix, each), _of_kind(reach, each)) for each in kinds]
    return kinds[most.index(max(most))] if kinds else ""


def _units(release: Release, attribute: str, slice_: str) -> Picture | None:
    kind = _unit_kind(release, attribute, slice_)
    if not kind:
        return None
    mix, reach = (release.by_group(key, slice_, attribute) for key in UNIT_MEASURES)
    return _unit_picture(release, attribute, kind, _of_kind(mix, kind), _of_kind(reach, kind))


def _most_said(mix: Sequence[Cell], reach: Sequence[Cell]) -> tuple[int, int]:
    """Rank unit attributes: first by units beyond noise, then by units that can be shown."""
    cells = (*mix, *reach)
    beyond = sum(cell.verdict in ("above", "below") for cell in cells)
    return beyond, sum(cell.is_drawn for cell in cells)


def _unit_picture(
    release: Release, attribute: str, kind: str, mix: tuple[Cell, ...], reach: tuple[Cell, ...]
) -> Picture:
    name, unit = across(release, attribute), across(release, kind)
    labels = _labels(release, mix, kind)
    short = {cell.group: release.groups(kind)[_code(cell)].short for cell in mix}
    rows = unit_rows(mix, reach, short)
    both = [(cell, "people") for cell in mix] + [(cell, "conversations") for cell in reach]
    # a row of the table is named by its group; both numbers of a unit have the same one
    cells = [replace(cell, group=f"{what}|{cell.group}") for cell, what in both]
    return Picture(
        key="units",
        finding=unit_finding(mix, reach, labels, name, unit),
        how_to_read=(
            f"□ how likely two people of a unit differ in {name}; the dotted line is everybody "
            f"together. ▲ ▼ ● how much of its people's conversations cross {name}: above, below or "
            "within what a lottery gives (grey)."
        ),
        spec=units(_ticks(rows), len(rows), gaps_in(rows), mode()),
        rows=rows,
        cells=cells,
        names={f"{what}|{cell.group}": f"{labels[cell.group]}: {what}" for cell, what in both},
        by="group",
        against=AGAINST_MIX,
        note=f"Units by {unit}, of those who took part",
    )


def _ticks(rows: Sequence[dict[str, object]]) -> tuple[float, ...]:
    """Return ticks that hold the squares whole, the line of everybody and the conversations."""
    marks = [row[name] for row in rows for name in ("mix", "everybody") if row[name] is not None]
    drawn = [row[name] for row in rows for name in DRAWN_NUMBERS if row[name] is not None] + marks
    room = HALF_A_SQUARE * (max(drawn) - min(drawn)) if drawn else 0.0
    sides = [mark + side for mark in marks for side in (-room, room)]
    return linear_ticks([*rows, *(NO_NUMBER | {"estimate": side} for side in sides)], "share")


def unit_finding(
    mix: Sequence[Cell], reach: Sequence[Cell], labels: dict[str, str], name: str, unit: str
) -> str:
    """Return the one unit of which most can be said, the least mixed first."""
    talks = {cell.group: cell.verdict for cell in reach if cell.is_drawn}
    shown = sorted((cell for cell in mix if cell.is_drawn), key=lambda cell: cell.estimate or 0.0)
    if not shown or not talks:
        return f"How mixed each unit by {unit} is cannot be shown here"
    for own, talk, words in SAYINGS:
        for cell in shown:
            if cell.verdict in own and talks.get(cell.group) in talk:
                return words.format(safe(labels[cell.group]), name)
    return f"By {unit}, no unit's mix or conversations differ beyond noise"


NOT_LESS = ("above", "noise")
SAYINGS = (
    (("below",), ("below",), "{0} is little mixed by {1}, and its people keep to their own"),
    (("below",), ("above",), "{0} is little mixed by {1}, yet its people talk across"),
    (NOT_LESS, ("below",), "In {0}, people meet across {1} less than by lottery"),
    (("below",), ("noise",), "{0} is little mixed by {1}, but talks across as by lottery"),
    (NOT_LESS, ("above",), "In {0}, people meet across {1} more than by lottery"),
    (("above",), ("noise",), "{0} is more mixed by {1} than everybody together"),
)
"""Verdicts on a unit's mix and on its conversations, and what they say together; worst first."""
