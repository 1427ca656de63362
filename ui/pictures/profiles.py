"""Pictures of the kinds of participation: what each does, how common it is, and in which groups."""

from __future__ import annotations

from collections.abc import Sequence

from charts.leftout import dots_by_group, linear_ticks
from charts.profiles import kind_rows, kinds_grid
from charts.ratios import MOST_WORDS
from charts.rows import gaps_in, group_rows
from release import Cell, Release
from release.contents import WHOLE
from ui.answers import NUMBERS, across
from ui.frame import Picture, mode
from ui.words import capital, listed, safe

SHARE, HABIT, BY_GROUP, ASSOCIATION = (
    "profile_share", "profile_habit", "profile_share_by_group", "profile_association",
)  # fmt: skip
ORGANISATION, PROFILE, PROFILE_HABIT, NEW = "organisation", "profile", "profile.habit", "new"
LEVELS = {"above": "high", "below": "low", "noise": "typical"}
AGAINST_BEFORE = {
    "above": "up since last quarter",
    "below": "down since last quarter",
    "noise": "no change beyond noise",
}
AGAINST_EVERYBODY = {
    "above": "above everybody",
    "below": "below everybody",
    "noise": "within noise",
}
STRONG = 0.3
OF_WHAT = {
    "meeting": "cycles with a meeting",
    "dates": "dates that took place",
    "feedback": "conversations with feedback",
    "partners": "meetings with somebody new",
    "trend": "later cycles with a meeting",
    "silence": "people who met of late",
}
"""What the shares in each column are of, in the order on screen."""


def shares(release: Release) -> dict[str, Cell]:
    """Return how common each kind is, the most common first; empty where there are none."""
    found = release.by_group(SHARE, ORGANISATION, PROFILE)
    return {cell.group: cell for cell in found if cell.group not in (NEW, WHOLE) and cell.is_drawn}


def kind_name(cell: Cell) -> str:
    """Return what a kind is called, safe inside Markdown."""
    return safe(cell.phrase)


def spelt(number: int) -> str:
    """Return a small number in words, with its first letter large."""
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def habits_of(release: Release, kind: str) -> dict[str, Cell]:
    """Return the habits of one kind, in the order on screen."""
    cells = {cell.group: cell for cell in release.by_group(HABIT, ORGANISATION, PROFILE_HABIT)}
    named = release.groups(PROFILE_HABIT)
    return {key: cells[f"{kind}.{key}"] for key in named if f"{kind}.{key}" in cells}


def profile_pictures(release: Release) -> list[Picture]:
    """Return what each kind does, and how common it is; nothing where there are no kinds."""
    found = shares(release)
    if not found:
        return []
    own = {kind: habits_of(release, kind) for kind in found}
    pictures = [_grid(release, found, own)] if all(own.values()) else []
    return [*pictures, _sizes(release, found)]


def _grid(release: Release, found: dict[str, Cell], own: dict[str, dict[str, Cell]]) -> Picture:
    labels = release.groups(PROFILE_HABIT)
    shown = [key for key in labels if any(key in each for each in own.values())]
    gap = " " if len(shown) <= MOST_WORDS else "\n"
    columns = {key: labels[key].short.replace(" ", gap, 1) for key in shown}
    cells = [cell for each in own.values() for cell in each.values()]
    names = {kind: f"{capital(cell.phrase)}: {cell.printed}" for kind, cell in found.items()}
    rows = kind_rows(own, names, columns)
    hidden = any(cell.is_hidden for cell in cells)
    return Picture(
        key=HABIT,
        finding=grid_finding(found),
        how_to_read=(
            "Each kind with its share of people, and what they do together: the shares of "
            f"{listed([OF_WHAT[key] for key in shown if key in OF_WHAT])}. ▲ high and ▼ low: at "
            "least half a standard deviation from everybody; plain: typical."
        ),
        spec=kinds_grid(tuple(columns.values()), len(found), hidden, mode()),
        rows=rows,
        cells=cells,
        names={
            f"{kind}.{key}": f"{capital(found[kind].phrase)}: {labels[key].label}"
            for kind, each in own.items()
            for key in each
        },
        by="group",
        against=LEVELS,
        note=_left_out(release),
    )


def _left_out(release: Release) -> str:
    """Return which habits tell no kinds apart."""
    labels = release.groups(PROFILE_HABIT)
    found = [
        cell for cell in release.by_group(HABIT, ORGANISATION, PROFILE_HABIT)
        if cell.group in labels and cell.status == "undefined"
    ]  # fmt: skip
    if not found:
        return ""
    names = "”, “".join(safe(labels[cell.group].label) for cell in found)
    return f"Not used: “{names}”, since {safe(found[0].reason)}"


def grid_finding(found: dict[str, Cell]) -> str:
    """Return how many kinds there are."""
    number = spelt(len(found))
    return f"{number} kinds of participation come back in other samples of people"


def _sizes(release: Release, found: dict[str, Cell]) -> Picture:
    cells = list(found.values())
    names = {kind: capital(cell.phrase) for kind, cell in found.items()}
    rows = group_rows(cells, names)
    newcomers = release.cell(SHARE, ORGANISATION, PROFILE, NEW)
    notes = ["People who stopped are counted as long as they work here"]
    if newcomers is not None and newcomers.is_drawn:
        notes.append(f"not counted: {safe(newcomers.printed)} of people, too new for a kind")
    return Picture(
        key=SHARE,
        finding=size_finding(cells),
        how_to_read=(
            "Share of the people with three cycles or more. Tick: one quarter ago, among people "
            "who had been there as long; "
            "grey: what noise alone would give. ▲ more and ▼ less beyond noise."
        ),
        spec=dots_by_group(linear_ticks(rows, "share"), len(rows), gaps_in(rows), "share", mode()),
        rows=rows,
        cells=cells,
        names=names,
        by="group",
        against=AGAINST_BEFORE,
        behind=safe(cells[0].behind),
        note="; ".join(notes),
    )


def size_finding(cells: Sequence[Cell]) -> str:
    """Return which kind became more or less common."""
    grown = [cell for cell in cells if cell.verdict == "above"]
    fallen = [cell for cell in cells if cell.verdict == "below"]
    for found, words in ((grown, "more"), (fallen, "less")):
        if found:
            return f"“{capital(kind_name(found[0]))}” is {words} common than one quarter ago"
    if not any(cell.verdict for cell in cells):
        return f"“{capital(kind_name(cells[0]))}” is the most common kind"
    return "No kind became more or less common, beyond noise"


def kind_group_pictures(release: Release, attribute: str | None, kind: str | None) -> list[Picture]:
    """Return how common one kind is in the groups of an attribute."""
    found = shares(release)
    if attribute is None or kind not in found:
        return []
    cells, names = [], {}
    for code, group in release.groups(attribute).items():
        key = f"{kind}.{code}"
        own = [cell for cell in release.by_group(BY_GROUP, ORGANISATION, f"{PROFILE}.{attribute}")
               if cell.group == key]  # fmt: skip
        cells += own
        names[key] = group.label
    if not cells:
        return []
    rows = group_rows(cells, names)
    ticks = linear_ticks(rows, "share")
    return [
        Picture(
            key=BY_GROUP,
            finding=group_finding(cells, names, found[kind]),
            how_to_read=(
                f"Share of each group by {across(release, attribute)} that is of the kind "
                f"\u201c{kind_name(found[kind])}\u201d. Tick: everybody; grey: the range for as "
                "many people drawn at random. ▲ above and ▼ below beyond noise, ● within noise."
            ),
            spec=dots_by_group(ticks, len(rows), gaps_in(rows), "share", mode()),
            rows=rows,
            cells=cells,
            names=names,
            by="group",
            against=AGAINST_EVERYBODY,
            note=association_words(release, attribute),
        )
    ]


def group_finding(cells: Sequence[Cell], names: dict[str, str], kind: Cell) -> str:
    """Return which groups take part in this way more or less often than everybody."""
    name = capital(kind_name(kind))
    if not any(cell.is_drawn for cell in cells):
        return f"“{name}”: no group can be shown by itself"
    found = [cell for cell in cells if cell.verdict in ("above", "below")]
    if not found:
        return f"“{name}” is equally common in all groups, within noise"
    first = max(found, key=lambda cell: abs((cell.estimate or 0.0) - (cell.expected or 0.0)))
    way = "more" if first.verdict == "above" else "less"
    others = len(found) - 1
    further = f", {others} {'other differs' if others == 1 else 'others differ'}" if others else ""
    return f"“{name}” is {way} common in {safe(names[first.group])}{further}"


def association_words(release: Release, attribute: str) -> str:
    """Return whether the kinds follow the groups, over all kinds."""
    cell = release.cell(ASSOCIATION, ORGANISATION, f"{PROFILE}.{attribute}")
    return "" if cell is None or not cell.is_drawn else safe(cell.sentence.rstrip("."))


def tracked(release: Release) -> list[str]:
    """Return the attributes that the kinds track."""
    found = [
        (key, release.cell(ASSOCIATION, ORGANISATION, f"{PROFILE}.{key}"))
        for key in release.breakdowns
    ]
    return [key for key, cell in found if cell is not None and (cell.estimate or 0.0) > STRONG]
