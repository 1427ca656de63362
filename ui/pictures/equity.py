"""Pictures of fairness: gaps of groups to everybody else, and those that turn round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from charts.equity import GapRow, gap_rows, gap_ticks, paired_gaps
from charts.rows import gaps_in
from release import Cell, Release
from release.wording import inside_sentence
from ui.answers import NUMBERS
from ui.frame import Picture, mode
from ui.words import capital, counted, listed, safe

EQUITY = "equity"
GAP, ALIKE, RATIO = "equity_gap", "equity_gap_adjusted", "equity_ratio"
STANDARDISED = "equity_gap_standardised"
BEYOND_NOISE = ("above", "below")
JUDGED = (*BEYOND_NOISE, "noise")
AGAINST_REST = {
    "above": "more than everybody else",
    "below": "less than everybody else",
    "noise": "no gap beyond noise",
}
SIGNS = "▲ more and ▼ less beyond noise, ● within noise."
OF_THE_SAME = "of the same programme and place"
OF_THE_SAME_PLACE = "of the same place"
TWO = 2
MOST_FRAMES, MOST_ROWS = 2, 14
SPREAD = "The groups are spread differently over programmes and places"
ORGANISATION = "organisation"
EQUALLY_SPREAD = "At everybody's spread"


@dataclass(frozen=True)
class Gap:
    """One outcome of one group: as it is, between people alike, and beside the best group."""

    outcome: str
    group: str
    outcome_name: str
    group_name: str
    crude: Cell
    alike: Cell | None
    ratio: Cell | None
    standardised: Cell | None = None

    @property
    def shown(self) -> Cell:
        """Return the gap between people alike where there is one."""
        return self.alike if self.alike is not None and self.alike.is_drawn else self.crude

    @property
    def turn(self) -> str:
        """Return whether the gap turns round or fades between people alike."""
        return self.alike.phrase if self.alike is not None else ""

    @property
    def disagrees(self) -> bool:
        """Tell whether the two ways to compare people alike come to different verdicts."""
        both = (self.alike, self.standardised)
        drawn = [cell.verdict for cell in both if cell is not None and cell.is_drawn]
        return len(drawn) == TWO and drawn[0] != drawn[1]

    @property
    def tells(self) -> bool:
        """Tell whether there is anything beyond noise."""
        return any(
            cell is not None and cell.verdict in BEYOND_NOISE for cell in (self.crude, self.alike)
        )

    @property
    def size(self) -> float:
        """Return how large the gap is."""
        return abs(self.shown.estimate or 0.0)


def equity_pictures(release: Release, slice_: str, attribute: str | None) -> list[Picture]:
    """Return the gaps by the groups of an attribute, what tells something first."""
    gaps = equity_gaps(release, slice_, attribute) if attribute else []
    if not gaps:
        return []
    outcomes = list(dict.fromkeys(gap.outcome for gap in gaps))
    by_outcome = {key: [gap for gap in gaps if gap.outcome == key] for key in outcomes}
    if all(len(own) <= TWO for own in by_outcome.values()):
        # of two groups one is the mirror of the other
        pictures = [_picture(release, slice_, attribute, [own[0] for own in by_outcome.values()])]
    else:
        telling = sorted(
            (key for key in outcomes if any(gap.tells for gap in by_outcome[key])),
            key=lambda key: -max(gap.size for gap in by_outcome[key] if gap.tells),
        )[:MOST_FRAMES]
        others = [gap for gap in gaps if gap.outcome not in telling]
        pictures = [_picture(release, slice_, attribute, by_outcome[key]) for key in telling]
        pictures += [_picture(release, slice_, attribute, others)] if others else []
    turned = sorted((gap for gap in gaps if gap.turn), key=lambda gap: -gap.size)
    if turned and slice_ == ORGANISATION:
        first = next(gap for gap in gaps if gap.outcome == turned[0].outcome and gap.turn)
        pictures.insert(1, _strata(release, attribute, first))
    return pictures


def equity_gaps(release: Release, slice_: str, attribute: str) -> list[Gap]:
    """Return every gap of a slice by the groups of an attribute, in the order on screen."""
    cut = f"{EQUITY}.{attribute}"
    found = []
    for outcome, named in release.groups(EQUITY).items():
        for group, own in release.groups(attribute).items():
            key = f"{outcome}.{group}"
            crude, *others = (
                release.cell(measure, slice_, cut, key)
                for measure in (GAP, ALIKE, RATIO, STANDARDISED)
            )
            if crude is not None:
                found.append(Gap(outcome, group, named.label, own.label, crude, *others))
    return found


def comparisons(release: Release, slice_: str, attribute: str) -> int:
    """Return how many gaps of a screen were judged together."""
    return sum(
        cell is not None and cell.verdict in JUDGED
        for gap in equity_gaps(release, slice_, attribute)
        for cell in (gap.crude, gap.alike)
    )


def _picture(release: Release, slice_: str, attribute: str, gaps: Sequence[Gap]) -> Picture:
    outcomes = list(dict.fromkeys(gap.outcome for gap in gaps))
    chosen = _furthest(gaps)
    rows = gap_rows(_entries(chosen, headed=len(outcomes) > 1))
    headings = any(row["heading"] for row in rows)
    return Picture(
        key=f"equity_{'_'.join(outcomes)}",
        finding=equity_finding(gaps, safe(release.breakdowns[attribute].label)),
        how_to_read=_how_to_read(gaps, slice_),
        spec=paired_gaps(gap_ticks(rows), len(rows), gaps_in(rows), headings, mode()),
        rows=rows,
        cells=[gap.shown for gap in gaps],
        names={gap.shown.group: f"{gap.outcome_name}: {gap.group_name}" for gap in gaps},
        by="group",
        against=AGAINST_REST,
        columns=_columns(gaps),
        note=_note(release, slice_, attribute, gaps, drawn=len(chosen)),
    )


def _columns(gaps: Sequence[Gap]) -> dict[str, list[str]]:
    """Return what stands in the table beside the gap between people alike."""
    found = {"As it is": [gap.crude.printed for gap in gaps]}
    if any(gap.standardised is not None and gap.standardised.is_drawn for gap in gaps):
        cells = [gap.standardised for gap in gaps]
        found[EQUALLY_SPREAD] = ["" if cell is None else cell.printed for cell in cells]
    return found


def _how_to_read(gaps: Sequence[Gap], slice_: str) -> str:
    """Return what is drawn, and what the two marks of a row are."""
    names = {gap.group_name for gap in gaps}
    who = safe(*names) if len(names) == 1 else "a group"
    same = OF_THE_SAME if slice_ == ORGANISATION else OF_THE_SAME_PLACE
    alike = any(gap.alike is not None and gap.alike.is_drawn for gap in gaps)
    marks = f" Hollow: as it is. Filled: between people {same}." if alike else ""
    return (
        f"Points of a hundred that {who} is above or below everybody else, with 95 % intervals."
        f"{marks} {SIGNS}"
    )


def _furthest(gaps: Sequence[Gap]) -> list[Gap]:
    """Return the gaps that are drawn: of very many those furthest from nothing, in their order."""
    kept = sorted(gaps, key=lambda gap: (not gap.tells, -gap.size))[:MOST_ROWS]
    return [gap for gap in gaps if gap in kept]


def _entries(gaps: Sequence[Gap], *, headed: bool) -> list[GapRow]:
    """Return the rows of a chart; several outcomes have a heading each, unless one row each."""
    outcomes = list(dict.fromkeys(gap.outcome for gap in gaps))
    alone = len(outcomes) == len(gaps) > 1
    entries = []
    for outcome in outcomes:
        own = [gap for gap in gaps if gap.outcome == outcome]
        if headed and not alone:
            entries.append(GapRow(name=own[0].outcome_name))
        entries += [
            GapRow(
                name=gap.outcome_name if alone else gap.group_name,
                crude=gap.crude,
                alike=gap.alike,
            )
            for gap in own
        ]
    return entries


def _note(release: Release, slice_: str, attribute: str, gaps: Sequence[Gap], *, drawn: int) -> str:
    number = comparisons(release, slice_, attribute)
    parts = [f"{number} comparisons judged together" if number else ""]
    noted = [
        gap for gap in gaps if gap.ratio is not None and gap.ratio.phrase and gap.ratio.is_drawn
    ]
    if noted:
        names = listed(
            [safe(f"{gap.group_name} in {inside_sentence(gap.outcome_name)}") for gap in noted]
        )
        parts.append(f"Below four fifths of the best rate: {names}; a screen, no legal finding")
    if drawn < len(gaps):
        parts.append(f"Drawn: the {drawn} furthest from nothing; all are in the table")
    if any(gap.turn for gap in gaps):
        parts.append(SPREAD)
    parts += [_disagreement(gap) for gap in gaps if gap.disagrees][:MOST_FRAMES]
    return " · ".join(filter(None, parts))


def _disagreement(gap: Gap) -> str:
    """Return what the other way to compare people alike says where it says something else."""
    one, other = gap.alike, gap.standardised
    if one is None or other is None:
        return ""
    says = "within noise" if other.verdict == "noise" else "beyond noise"
    return safe(
        f"{gap.outcome_name} for {gap.group_name}: {one.printed} between people alike, "
        f"{other.printed} if all were spread as everybody is, {says}: the gap is not the same "
        "everywhere"
    )


def equity_finding(gaps: Sequence[Gap], attribute: str) -> str:
    """Return what the gaps say: one that turns round, the largest one, or that there is none."""
    drawn = [gap for gap in gaps if gap.shown.is_drawn]
    if not drawn:
        return f"Gaps by {attribute} cannot be told here"
    turned = [gap for gap in drawn if gap.turn]
    if turned:
        return _turned(max(turned, key=lambda gap: (gap.turn == "reverses", gap.size)))
    telling = [gap for gap in drawn if gap.tells]
    if not telling:
        outcomes = list(dict.fromkeys(inside_sentence(gap.outcome_name) for gap in drawn))
        several = len(outcomes) > TWO + 1
        what = f"any of {_number(len(outcomes))} outcomes" if several else safe(listed(outcomes))
        return f"No group by {attribute} differs beyond noise in {what}"
    first = max(telling, key=lambda gap: gap.size)
    number = len({gap.group for gap in telling})
    others = f", and {counted(number - 1, 'other differs', 'others differ')}" if number > 1 else ""
    if first.shown.verdict not in BEYOND_NOISE:
        return (
            f"{_subject(first)} is {_way(first.crude)}, no longer beyond noise among people alike"
        )
    return f"{_subject(first)} is {_size(first.shown)} {_way(first.shown)} than elsewhere{others}"


def _number(number: int) -> str:
    return NUMBERS[number].lower() if number < len(NUMBERS) else str(number)


def _turned(gap: Gap) -> str:
    if gap.turn == "shrinks":
        return f"{_subject(gap)} is {_way(gap.crude)}, but hardly among people alike"
    return f"{_subject(gap)} is {_way(gap.crude)} overall, yet {_way(gap.shown)} among people alike"


def _subject(gap: Gap) -> str:
    return safe(f"{capital(gap.outcome_name)} for {gap.group_name}")


def _way(cell: Cell) -> str:
    return "higher" if (cell.estimate or 0.0) > 0 else "lower"


def _size(cell: Cell) -> str:
    return safe(cell.printed.lstrip("+\u2212±"))


def _strata(release: Release, attribute: str, gap: Gap) -> Picture:
    """Return one gap as it is, between people alike, and within each programme."""
    cut = f"{EQUITY}.{attribute}"
    within = {
        key: release.cell(GAP, key, cut, gap.crude.group)
        for key in release.slices
        if key.startswith("programme=")
    }
    cells = {key: cell for key, cell in within.items() if cell is not None}
    entries = [GapRow(name="All together", crude=gap.crude, alike=gap.alike)]
    entries += [GapRow(name=release.slices[key].label, alike=cell) for key, cell in cells.items()]
    rows = gap_rows(entries)
    names = {ORGANISATION: "All together"} | {key: release.slices[key].label for key in cells}
    return Picture(
        key="equity_within",
        finding=within_finding(gap, list(cells.values())),
        how_to_read=(
            f"{safe(gap.outcome_name)} for {safe(gap.group_name)} less everybody else, in points, "
            "with 95 % intervals. First row, hollow: as it is; filled: between people of the same "
            "programme and place. Below: within each programme. "
            f"{SIGNS}"
        ),
        spec=paired_gaps(gap_ticks(rows), len(rows), gaps_in(rows), False, mode()),
        rows=rows,
        cells=[gap.crude, *cells.values()],
        names=names,
        by="slice",
        against=AGAINST_REST,
        note=f"{SPREAD}, so the gap over all compares programmes rather than groups",
    )


def within_finding(gap: Gap, cells: Sequence[Cell]) -> str:
    """Return how the gap looks inside the programmes."""
    drawn = [cell for cell in cells if cell.is_drawn]
    crude = gap.crude.estimate or 0.0
    against = [cell for cell in drawn if (cell.estimate or 0.0) * crude < 0]
    along = [cell for cell in drawn if (cell.estimate or 0.0) * crude > 0]
    if drawn and len(against) == len(drawn) > 1:
        return f"Within every programme the gap is the other way round: {_way(drawn[0])}"
    if against and not along:
        return (
            f"It is {_way(gap.crude)} within no programme, {_way(against[0])} in {len(against)} of "
            f"{len(drawn)}"
        )
    if against:
        return f"In {len(against)} of {len(drawn)} programmes the gap is the other way round"
    return "Within programmes little is left of the gap"
