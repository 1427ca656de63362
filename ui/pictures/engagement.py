"""Pictures of cohorts over their cycles: the strip with its alarms, and what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from charts.engagement import is_hidden, strip, strip_rows
from charts.leftout import dots_by_group, linear_ticks
from charts.rows import gaps_in, group_rows
from release import Cell, Release
from release.contents import WHOLE
from ui.frame import Picture, mode
from ui.words import safe

ALARM, CYCLE, OUTCOME, RECORD = (
    "cohort_alarm", "cycle_participation", "cycle_outcome", "alarm_record",
)  # fmt: skip
OWN_RHYTHM = {
    "above": "above its own rhythm",
    "below": "below its own rhythm",
    "noise": "within noise",
}
BEFORE = {"above": "more than before", "below": "less than before", "noise": "within noise"}
ORGANISATION, PROGRAMME = "organisation", "programme="
MOST_NAMED = 2
NO_HISTORY = (
    "How often such alarms were right: no history yet; the limit keeps false alarms below one in "
    "two cycles"
)


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
    """Return the cohorts of a slice with an alarm that lasts."""
    found = standings(release, slice_).items()
    return {key: cell for key, cell in found if cell.phrase and cell.verdict == "below"}


def name_of(release: Release, cohort: str) -> str:
    """Return the name of a cohort, or of the small ones of a programme, safe inside Markdown."""
    together = " (small cohorts)" if cohort.startswith(PROGRAMME) else ""
    return safe(f"{release.slices[cohort].label}{together}")


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
    names = {key: release.slices[key].label for key in cohorts}
    used = tuple(cycle for cycle in cycles if any(cell.period == cycle for cell in cells))
    alarms = frozenset(
        (cohort, cycle)
        for cohort in cohorts
        for cycle in used
        if release.cell(ALARM, cohort, "none", WHOLE, cycle) is not None
    )
    rows = strip_rows(cells, names, alarms)
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
        cells=[replace(cell, group=place_of(cell)) for cell in cells],
        names={place_of(cell): f"{names[cell.slice]}, {labels[cell.period]}" for cell in cells},
        by="group",
        against=OWN_RHYTHM,
        note=track_record_words(release),
    )


def place_of(cell: Cell) -> str:
    """Return what tells the rows of a table over several slices and cycles apart."""
    return f"{cell.slice} {cell.period}"


def strip_finding(release: Release, slice_: str) -> str:
    """Return which cohorts fell below their own rhythm, and since when."""
    fallen = quiet(release, slice_)
    stand = standings(release, slice_)
    if not any(cell.is_drawn for cell in stand.values()):
        return "No cohort has enough cycles yet to know what is usual"
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
    return f"{named[0]} is below its own rhythm, beyond noise, {cell.phrase}"


def track_record_words(release: Release) -> str:
    """Return how often alarms were right, beside two simple rules; it always stands there."""
    records = {cell.group: cell for cell in release.by_group(RECORD, ORGANISATION, "alarm_rule")}
    own = records.get("cusum")
    if own is None or not own.is_drawn:
        return NO_HISTORY
    lead = f"; {own.reason}" if own.reason else ""
    words = f"How often such alarms were right: {own.printed} ({own.interval}){lead}"
    beside = {
        "last_fell": "an alarm at every lower cycle",
        "random": "an alarm in any cycle",
    }
    said = [f"{name}: {records[rule].printed}" for rule, name in beside.items()
            if rule in records and records[rule].is_drawn]  # fmt: skip
    return safe("; ".join([words, *said]))


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
        note="What was not recorded stays unexplained",
    )


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
