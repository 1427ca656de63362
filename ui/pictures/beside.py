"""People who take part beside others of the same kind, and why that is no proof."""

from __future__ import annotations

from collections.abc import Sequence

from charts.equity import GapRow, gap_rows, gap_ticks, paired_gaps
from charts.rows import gaps_in
from release import Cell, Release
from ui.frame import Picture, mode
from ui.pictures.effects import beyond_noise
from ui.words import listed, safe

OUTCOME, ORGANISATION = "outcome", "organisation"
ALIKE, CRUDE = "outcome_gap_alike", "outcome_gap"
POINTS = 100
NOT_LOADED = "No outcomes beyond the programmes are loaded, so nobody can be compared"
NO_WORKFORCE = "The whole workforce is not loaded, so people who take part stand alone"
TO_LOAD = (
    "To compare, load the people of the organisation who never enrolled as well, and what became "
    "of all of them: who stayed, who moved, their engagement score."
)
SELF_SELECTION = (
    "People chose to take part, and those who stay anyway may be those who choose it: read this as "
    "who takes part, not as what taking part does"
)
AGAINST_OTHERS = {
    "above": "more than others",
    "below": "less than others",
    "noise": "no difference beyond noise",
}


def beside_pictures(release: Release, slice_: str, attribute: str | None = None) -> list[Picture]:
    """Return outcomes of people who take part beside others; for the whole organisation only."""
    alike, crude = (
        {cell.group: cell for cell in release.by_group(measure, ORGANISATION, OUTCOME)}
        for measure in (ALIKE, CRUDE)
    )
    if not crude and not alike:
        return [_nothing(NOT_LOADED, ())]
    drawn = [cell for cell in (*alike.values(), *crude.values()) if cell.is_drawn]
    if not drawn:
        return [_nothing(NO_WORKFORCE, [*(crude or alike).values()])]
    return [_picture(release, alike, crude, elsewhere=slice_ != ORGANISATION)]


def _nothing(finding: str, cells: Sequence[Cell]) -> Picture:
    return Picture(
        key="beside",
        finding=finding,
        how_to_read=TO_LOAD,
        spec={},
        rows=[],
        cells=cells,
        names={},
        by="group",
        against=AGAINST_OTHERS,
    )


def _picture(
    release: Release, alike: dict[str, Cell], crude: dict[str, Cell], *, elsewhere: bool
) -> Picture:
    names = {key: group.label for key, group in release.groups(OUTCOME).items()}
    keys = [key for key in names if key in alike or key in crude]
    shown = {key: _shown(alike.get(key), crude.get(key)) for key in keys}
    rows = gap_rows(
        [GapRow(name=names[key], crude=crude.get(key), alike=alike.get(key)) for key in keys],
        unit=POINTS,
    )
    return Picture(
        key="beside",
        finding=beside_finding([shown[key] for key in keys], names),
        how_to_read=(
            f"{'For the whole organisation: points' if elsewhere else 'Points'} "
            "that people who take part are above or below others, with 95 % intervals; a "
            "yes or no is counted in 100 people. Hollow: all others. Filled: others who are alike. "
            "▲ more and ▼ less beyond noise, ● within noise."
        ),
        spec=paired_gaps(gap_ticks(rows), len(rows), gaps_in(rows), False, mode()),
        rows=rows,
        cells=[shown[key] for key in keys],
        names=names,
        by="group",
        against=AGAINST_OTHERS,
        columns={"Against all others": [_printed(crude.get(key)) for key in keys]},
        note=SELF_SELECTION,
    )


def _shown(alike: Cell | None, crude: Cell | None) -> Cell:
    """Return the comparison with people alike where there is one."""
    candidates = [cell for cell in (alike, crude) if cell is not None]
    return next((cell for cell in candidates if cell.is_drawn), candidates[0])


def _printed(cell: Cell | None) -> str:
    return "not compared" if cell is None else cell.printed


def beside_finding(cells: Sequence[Cell], names: dict[str, str]) -> str:
    """Return where people who take part differ from others, as what it is."""
    found = beyond_noise(cells)
    if not found:
        return "People who take part fare like others alike, as far as can be told"
    higher = [f"“{safe(names[cell.group])}”" for cell in found if cell.verdict == "above"]
    lower = [f"“{safe(names[cell.group])}”" for cell in found if cell.verdict == "below"]
    way, chosen = ("higher", higher) if higher else ("lower", lower)
    verb = "is" if len(chosen) == 1 else "are"
    return f"{listed(chosen[:2])} {verb} {way} among people who chose to take part"
