"""Pictures of cohorts over their cycles: the strip with its alarms, and what went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from charts.engagement import is_hidden, strip, strip_rows
from charts.leftout import dots_by_group, linear_ticks
from charts.rows import gaps_in, group_rows
from release import Cell, Release
from release.contents import WHOLE
from ui.frame import Picture, mode
from ui.pictures.alarm_record import record_names, records_in, track_record_words
from ui.place_names import place_names
from ui.words import counted, listed, safe

ALARM, CYCLE, OUTCOME = "cohort_alarm", "cycle_participation", "cycle_outcome"
LATELY = "programme_lately"
FALL = 0.2
"""A fall by a fifth is one that matters, as in the record of alarms."""
OWN_RHYTHM = {
    "above": "above its own rhythm",
    "below": "below its own rhythm",
    "noise": "within noise",
}
BEFORE = {"above": "more than before", "below": "less than before", "noise": "within noise"}
ORGANISATION, PROGRAMME = "organisation", "programme="
MOST_NAMED = 2


def cohorts_in(release: Release, slice_: str) -> list[str]:
    """Return the cohorts of a slice: itself, those of a programme, or all."""
    if slice_.startswith("cohort="):
        return [slice_]
    return [
        key
        for key, scope in release.slices.items()
        if key.startswith("cohort=") and slice_ in (ORGANISATION, scope.part_of)
    ]


def standings(release: Release, slice_: str) -> dict[str, Cell]:
    """Return how each cohort of a slice stands, then the small ones that are watched together."""
    places = [*cohorts_in(release, slice_), *_programmes_in(release, slice_)]
    found = {key: release.cell(ALARM, key, "none") for key in places}
    return {key: cell for key, cell in found.items() if cell is not None}


def _programmes_in(release: Release, slice_: str) -> list[str]:
    """Return the programmes of a slice: their small cohorts stand under their name."""
    return [
        key for key in release.slices if key.startswith(PROGRAMME) and slice_ in (ORGANISATION, key)
    ]


def quiet(release: Release, slice_: str) -> dict[str, Cell]:
    """Return the cohorts of a slice with an alarm that lasts, first those that go on."""
    found = sorted(standings(release, slice_).items(), key=lambda one: has_ended(one[1]))
    return {key: cell for key, cell in found if cell.phrase and cell.verdict == "below"}


def fallen_together(release: Release, slice_: str) -> dict[str, Cell]:
    """Return the programmes of a slice all cohorts of which meet far less than before.

    A cohort stands for its programme here: what all share shows in none of them.
    """
    places = [slice_] if slice_ == ORGANISATION else [release.slices[slice_].part_of, slice_]
    found = {
        key: release.cell(LATELY, key, "none")
        for key in release.slices
        if key.startswith(PROGRAMME) and (ORGANISATION in places[:1] or key in places)
    }
    return {
        key: cell
        for key, cell in found.items()
        if cell is not None and cell.verdict == "below" and _is_far_below(cell)
    }


def _is_far_below(cell: Cell) -> bool:
    # with so many people a fall beyond noise may be too small to speak of
    return cell.is_drawn and cell.estimate <= (1 - FALL) * (cell.expected or 0.0)


def programme_names(release: Release, keys: Iterable[str]) -> list[str]:
    """Return the names of programmes, safe inside Markdown."""
    return [safe(release.slices[key].label) for key in keys]


def has_ended(cell: Cell) -> bool:
    """Tell whether a cohort that went quiet is over: then its cell says when."""
    return cell.verdict == "below" and bool(cell.reason)


def name_of(release: Release, cohort: str) -> str:
    """Return the name of a cohort, or of the small ones of a programme, safe inside Markdown."""
    together = " (small cohorts)" if cohort.startswith(PROGRAMME) else ""
    return safe(f"{place_names(release)[cohort]}{together}")


def engagement_pictures(release: Release, slice_: str) -> list[Picture]:
    """Return the strip of cohorts by cycle, and what went wrong in the first quiet one."""
    cycles = tuple(release.groups("cycle"))
    cells = [
        cell
        for cohort in cohorts_in(release, slice_)
        for cycle in cycles
        if (cell := release.cell(CYCLE, cohort, "none", WHOLE, cycle)) is not None
    ]
    pictures = [_strip(release, slice_, cells, cycles)] if cells else []
    for cohort in list(quiet(release, slice_))[:1] or cohorts_in(release, slice_)[:1]:
        outcomes = release.by_group(OUTCOME, cohort, "outcome")
        if outcomes and (cohort in quiet(release, slice_) or slice_ == cohort):
            pictures.append(_outcomes(release, cohort, outcomes))
    return pictures


def _strip(release: Release, slice_: str, cells: Sequence[Cell], cycles: Sequence[str]) -> Picture:
    cohorts = list(dict.fromkeys(cell.slice for cell in cells))
    names = {key: place_names(release)[key] for key in cohorts}
    used = tuple(cycle for cycle in cycles if any(cell.period == cycle for cell in cells))
    alarms = frozenset(
        (cohort, cycle)
        for cohort in cohorts
        for cycle in used
        if release.cell(ALARM, cohort, "none", WHOLE, cycle) is not None
    )
    rows = strip_rows(cells, names, alarms)
    records = records_in(release)
    labels = {key: group.label for key, group in release.groups("cycle").items()}
    return Picture(
        key=CYCLE,
        finding=strip_finding(release, slice_),
        how_to_read=(
            "Who met in each cycle, of those who could, against the cohort's own rhythm; falls "
            "that other cohorts share are taken off. Plain: ordinary. ▼ below, ▼▼ far below, "
            "▲ above, each beyond noise. Outlined: the alarm."
        ),
        spec=strip(len(cohorts), used, is_hidden(rows), mode()),
        rows=rows,
        cells=[*(replace(cell, group=place_of(cell)) for cell in cells), *records],
        names={place_of(cell): f"{names[cell.slice]}, {labels[cell.period]}" for cell in cells}
        | record_names(release),
        by="group",
        against=OWN_RHYTHM,
        note=" · ".join(
            [
                *(safe(cell.sentence) for cell in fallen_together(release, slice_).values()),
                *filter(None, (track_record_words(release), _not_judged(release, slice_))),
            ]
        ),
    )


def not_judged(release: Release, slice_: str) -> list[Cell]:
    """Return how cohorts stand that cannot be judged, not even with other small ones."""
    stand = standings(release, slice_)
    return [
        cell
        for key, cell in stand.items()
        if cell.status == "undefined" and release.slices[key].part_of not in stand
    ]


def _not_judged(release: Release, slice_: str) -> str:
    """Return how many cohorts are not watched by themselves, and why."""
    why = Counter(cell.reason for cell in not_judged(release, slice_))
    return safe("; ".join(
        f"{counted(number, 'cohort is', 'cohorts are')} not judged: {reason}"
        for reason, number in why.items()
    ))  # fmt: skip


def place_of(cell: Cell) -> str:
    """Return what tells the rows of a table over several slices and cycles apart."""
    return f"{cell.slice} {cell.period}"


def strip_finding(release: Release, slice_: str) -> str:
    """Return which cohorts fell below their own rhythm, and since when."""
    fallen = quiet(release, slice_)
    stand = standings(release, slice_)
    if not any(cell.is_drawn for cell in stand.values()):
        return "No cohort has enough cycles yet to know what is usual"
    together = fallen_together(release, slice_)
    if together and not fallen:
        return f"All cohorts of {listed(programme_names(release, together))} fell together"
    if not fallen:
        alone = len(stand) == 1
        who = name_of(release, next(iter(stand))) if alone else "No cohort"
        return f"{who} keeps its own rhythm" if alone else "No cohort is going quiet, beyond noise"
    if len(fallen) > MOST_NAMED:
        return f"{len(fallen)} of {len(stand)} cohorts fall below their own rhythm"
    named = [name_of(release, key) for key in fallen]
    if len(named) > 1:
        return f"{' and '.join(named)} fall below their own rhythm, beyond noise"
    (cell,) = fallen.values()
    verb = "had been" if has_ended(cell) else "has been"
    return f"{named[0]} {verb} below its own rhythm {safe(cell.phrase)}"


def telling_outcomes(release: Release, cohort: str) -> list[Cell]:
    """Return the outcomes that became more frequent beyond noise, the largest change first."""
    cells = release.by_group(OUTCOME, cohort, "outcome")
    grown = [cell for cell in cells if cell.verdict == "above"]
    return sorted(grown, key=lambda cell: (cell.expected or 0.0) - (cell.estimate or 0.0))


def _outcomes(release: Release, cohort: str, cells: Sequence[Cell]) -> Picture:
    groups = release.groups("outcome")
    names = {key: group.label for key, group in groups.items()}
    rows = group_rows(cells, names)
    ticks = linear_ticks(rows, "share")
    return Picture(
        key=OUTCOME,
        finding=outcome_finding(release, cohort),
        how_to_read=(
            "People who met nobody, by how far they came, in the cycles since then. Tick: the "
            "cycles before; grey: what noise alone would give. ▲ more and ▼ less beyond noise."
        ),
        spec=dots_by_group(ticks, len(rows), gaps_in(rows), "share", mode()),
        rows=rows,
        cells=cells,
        names=names,
        by="group",
        against=BEFORE,
        note=_unexplained(cells),
    )


def _unexplained(cells: Sequence[Cell]) -> str:
    """Return the part of the fall of which nothing is known."""
    unknown = next((cell for cell in cells if cell.group == "unknown" and cell.is_drawn), None)
    share = f": {safe(unknown.printed)} of people" if unknown else ""
    return f"What was not recorded stays unexplained{share}"


def outcome_finding(release: Release, cohort: str) -> str:
    """Return what became more frequent."""
    grown = telling_outcomes(release, cohort)
    name = name_of(release, cohort)
    if not grown:
        return f"{name}: nothing became more frequent beyond noise"
    labels = release.groups("outcome")
    words = [safe(labels[cell.group].label) for cell in grown[:MOST_NAMED]]
    lower = [f"{word[:1].lower()}{word[1:]}" for word in words]
    share = f"“{'” and “'.join(lower)}”"
    return f"In {name}, {share} became more frequent than before"
