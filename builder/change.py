"""Cells of change: what a change of the share is made of, and whether the ratio really changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from builder.attribute import AttributeRun
from builder.catalogue import CHANGE_LEVELS
from builder.cells import CellKey, Draft, judged
from builder.places import ALL_TIME, Slice, When
from disclosure.change_words import with_change_words
from disclosure.changes import BOUNDED, is_bounded
from disclosure.gate import Verdict
from metrics import measure
from metrics.connection.change import NOBODY_THEN, PARTS, ChangeSums
from metrics.connection.ratio_change import TwoPeriods
from metrics.definition import Result, Status, undefined
from release.contents import Cell
from store import reading
from store.aggregates import Level
from store.change import changes

WHO = (
    "people there in both quarters",
    "who is more or less active",
    "people who joined",
    "people who left",
)
"""Names of the parts of a change, in the order of `PARTS`."""
HIDDEN = (Verdict.SMALL, Verdict.PROTECTS)


@dataclass(frozen=True)
class Comparison:
    """Two quarters of a slice, and the period under whose key the comparison is published."""

    slice: Slice
    earlier: When
    later: When
    key: str

    @property
    def when(self) -> When:
        """Return the period of its cells."""
        return When(self.later.number, self.key, f"{self.earlier.label} to {self.later.label}")


def change_cells(run: AttributeRun) -> Iterator[Cell]:
    """Yield the split and the verdicts of changes between quarters."""
    for level in CHANGE_LEVELS:
        steps = {slice_: consecutive(run, slice_) for slice_ in run.places.of_level(level)}
        spans = {slice_: first_to_last(run, slice_) for slice_ in steps}
        asked = [*spans.values(), *steps.values()]
        sums = _read(run, level, [each for group in asked for each in group])
        for slice_ in steps:
            for comparison in (*spans[slice_], *steps[slice_]):
                yield from _split(run, comparison, sums[comparison])
            last = steps[slice_][-1:]
            drafts = [_ratio_change(run, each) for each in (*spans[slice_], *last)]
            yield from judged(drafts, lambda cell: with_change_words(cell, run.smallest_difference))


def consecutive(run: AttributeRun, slice_: Slice) -> list[Comparison]:
    """Return the comparison of every quarter of the slice with the one before."""
    quarters = _quarters(run, slice_)
    return [Comparison(slice_, earlier, later, later.key) for earlier, later in pairwise(quarters)]


def first_to_last(run: AttributeRun, slice_: Slice) -> list[Comparison]:
    """Return the comparison of the last quarter shown with the first, if there are two."""
    shown = [
        when
        for when in _quarters(run, slice_)
        if run.gate.verdicts[slice_, when, ()] is Verdict.SHOWN
        and run.data.counts(slice_, when, "quarter").groups_present > 1
    ]
    if len(shown) < 2:
        return []
    return [Comparison(slice_, shown[0], shown[-1], ALL_TIME.key)]


def _quarters(run: AttributeRun, slice_: Slice) -> list[When]:
    """Return the quarters in which anybody of the slice met: its first one may be years later."""
    return [when for when in run.places.quarters if run.gate.people(slice_, when)]


def _read(
    run: AttributeRun, level: Level, comparisons: Sequence[Comparison]
) -> dict[Comparison, ChangeSums | None]:
    """Return the sums of every comparison, in as few queries as one quarter's roles allow."""
    asked = {(each.earlier.number, each.later.number) for each in comparisons}
    found: dict[tuple[int, int, int], pd.Series] = {}
    for batch in batches(asked):
        query = changes(*run.view, level, tuple(batch))
        later = dict(batch)
        for row in reading.read(run.connection, query).itertuples():
            found[row.slice_no, row.earlier_no, later[row.earlier_no]] = row
    places = {each: (each.slice.number, each.earlier.number, each.later.number)
              for each in comparisons}  # fmt: skip
    return {each: change_sums(found[place]) if place in found else None
            for each, place in places.items()}  # fmt: skip


def batches(comparisons: set[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Return the comparisons in lists in which no quarter is twice the earlier or the later one."""
    found: list[list[tuple[int, int]]] = []
    for earlier, later in sorted(comparisons):
        free = (
            batch
            for batch in found
            if all(earlier != first and later != last for first, last in batch)
        )
        batch = next(free, None)
        if batch is None:
            found.append([(earlier, later)])
        else:
            batch.append((earlier, later))
    return found


def change_sums(row: object) -> ChangeSums:
    """Lay out one row of the aggregate as the measure reads it."""
    return ChangeSums(
        stayers=round(row.stayers),
        joiners=round(row.joiners),
        leavers=round(row.leavers),
        stay_weight=(row.stay_weight_0, row.stay_weight_1),
        stay_share=(row.stay_share_0, row.stay_share_1),
        join_weight=row.join_weight,
        join_share=row.join_share,
        leave_weight=row.leave_weight,
        leave_share=row.leave_share,
        moved=row.moved,
        moved_squared=row.moved_squared,
        moved_weight=row.moved_weight,
        weight_squared=row.weight_squared,
        noise=(row.noise_0, row.noise_1),
    )


def _split(run: AttributeRun, comparison: Comparison, sums: ChangeSums | None) -> Iterator[Cell]:
    verdict = _verdict(run, comparison, _ask(run, comparison))
    drafts = []
    for number, (part, who) in enumerate(zip(PARTS, WHO, strict=True)):
        if sums is None:
            result = undefined(NOBODY_THEN)
        else:
            result = _told(measure("change_split").compute(sums, (number,)))
        drafts.append(_draft("change_split", run, comparison, result, verdict, part, who))
    yield from judged(drafts)


def _ask(run: AttributeRun, comparison: Comparison) -> list[Verdict]:
    """Ask the gate for those who stay, join and leave: each is a difference of two cells."""
    before, after = (
        run.gate.members(comparison.slice, when) for when in (comparison.earlier, comparison.later)
    )
    return [
        run.gate.offer_set(members)
        for members in (before & after, after & ~before, before & ~after)
    ]


def _verdict(run: AttributeRun, comparison: Comparison, more: Sequence[Verdict] = ()) -> Verdict:
    """Return why a comparison is hidden; it is shown where both quarters and all sets are."""
    said = [
        run.gate.verdicts[comparison.slice, when, ()]
        for when in (comparison.earlier, comparison.later)
    ]
    return next((verdict for verdict in HIDDEN if verdict in (*said, *more)), Verdict.SHOWN)


def _told(result: Result) -> Result:
    """Return no number where a share is published as a bound only."""
    if result.status is Status.UNDEFINED or not is_bounded(result.periods or ()):
        return result
    return undefined(BOUNDED, people=result.people, pairs=result.pairs)


def _ratio_change(run: AttributeRun, comparison: Comparison) -> Draft:
    whens = (comparison.earlier, comparison.later)
    counts = [run.data.counts(comparison.slice, when, "quarter") for when in whens]
    people = tuple(run.gate.people(comparison.slice, when) for when in whens)
    periods = TwoPeriods(earlier=counts[0], later=counts[1], people=people)
    result = _told(measure("ratio_change").compute(periods, ()))
    return _draft("ratio_change", run, comparison, result, _verdict(run, comparison))


def _draft(
    key: str,
    run: AttributeRun,
    comparison: Comparison,
    result: Result,
    verdict: Verdict,
    group: str = "",
    who: str = "",
) -> Draft:
    breakdown = run.breakdown
    return Draft(
        key=CellKey(
            measure=key,
            slice=comparison.slice,
            when=comparison.when,
            breakdown=breakdown.attribute,
            breakdown_label=breakdown.label,
            group=group,
            group_labels=(who,) if who else (),
        ),
        result=result,
        verdict=verdict,
        sensitivity=breakdown.sensitivity,
        thresholds=run.gate.thresholds,
    )
